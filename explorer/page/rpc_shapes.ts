// The JSON of the node's answers, as far as the pages read it. Source: docs/api.md.
// Decimal texts stand for 64-bit numbers, lower-case hex for bytes.

export type Decimal = string;
export type Hex = string;

/** Where a record stands in the chain. */
export interface RecordInfo {
  statement: Hex;
  height: Decimal;
  time_s: Decimal;
}

/** An object of the state: what a record made, with where that record stands. */
export interface ObjectOf<Fields> {
  id: string;
  object: { record: RecordInfo } & Fields;
}

export interface Status {
  chain: string;
  org: string;
  height: Decimal;
  time: Decimal;
  validators: number;
  peers: string[];
  version: string;
  clock: object | null; // null on a chain that tells true time
}

export interface HeaderFields {
  height: Decimal;
  time: Decimal;
  previous: Hex;
  proposer: string;
  log_size: Decimal;
  log_root: Hex;
  state_root: Hex;
}

export interface HeaderAnswer {
  header: HeaderFields;
  header_hash: Hex;
}

export interface BlockAnswer extends HeaderAnswer {
  statements: { id: Hex; type: string; issuer: string; ref: string }[];
  offences: { offence: Hex; org: string; kind: string; height: Decimal; round: number }[];
}

export interface CommitAnswer {
  receipts: { org: string }[];
}

export interface ValidatorsAnswer {
  validators: { org: string }[];
}

export interface RecordAnswer {
  id: string;
  issuer: string;
  record: RecordInfo;
}

export interface TreeAnswer {
  tree: string;
  batch: string;
  species: string;
  state: string;
  lat: number | null;
  lon: number | null;
  day: number | null;
  plot: string | null;
  campaign: string | null;
  positions: string;
  visited: boolean | null;
  unit: string | null;
  commitments: Hex[];
  allocation: string | null;
}

/** The oldest first; `replacement` is the record by which the next took its place. */
export interface LineageAnswer {
  lineage: { tree: string; state: string; losses: string[]; replacement: string | null }[];
}

export interface BatchFields {
  source: "plant" | "inventory";
  pledge: string | null;
  verification: string | null;
  species: { species: string; trees: Record<string, Decimal> }[];
}

export interface LeavesAnswer {
  leaves: { index: Decimal; state: string }[];
}

export interface PlotFields {
  area_m2: Decimal;
  payload: { country: string; layer: string };
}

export interface UnitAnswer {
  unit: string;
  batch: string;
  campaign: string;
  programme: string;
  species: string | null;
  state: string;
  shares: { commitment: Hex; grams: Decimal }[];
  tree: string | null;
}

export interface CampaignPayload {
  planters: string[];
  sponsor: string | null;
  unit: string;
  mode: string;
}

/** As they are now; a payload says how a campaign was opened. */
export interface CampaignTerms {
  target: Decimal;
  species: { species: string; grams: Decimal }[];
  redeem_window: { from_day: number; to_day: number };
  plant_window: { from_day: number; to_day: number };
}

export interface TallyFields {
  pledged: Decimal;
  redeemed: Decimal;
  refunded: Decimal;
  allocated: Decimal;
  trees: Record<string, Decimal>;
}

export interface ProgressAnswer {
  all: TallyFields;
  species: ({ species: string | null } & TallyFields)[];
  programmes: string[];
}

export interface BalanceAnswer {
  programme: string;
  issued: Decimal;
  outstanding: Decimal;
  expired: Decimal;
  net_redeemed: Decimal;
}

export interface OrgAnswer {
  id: string;
  name: string;
  roles: string[];
  conflict_group: string;
  suspended: boolean;
  keys: { public_key: Hex; roles: string[]; revoked_height: Decimal | null }[];
}
