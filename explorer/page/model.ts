// What the pages show, in forms of their own: api.ts makes them from the node's answers, so that
// only it knows the JSON of docs/api.md. Counts and heights are bigints, positions 1e-7 degrees.

export interface Stamp {
  statementId: string;
  height: bigint;
  timeMs: number;
}

export interface ChainStatus {
  chain: string;
  org: string;
  height: bigint;
  timeMs: number;
  validators: number;
  peers: string[];
  version: string;
  hasTestClock: boolean;
}

export interface BlockRow {
  height: bigint;
  timeMs: number;
  proposer: string;
  statements: number;
  headerHash: string;
}

export interface BlockRecord {
  statementId: string;
  type: string;
  name: string; // org/ref
  issuer: string;
}

export interface Block extends BlockRow {
  isLatest: boolean; // when it was asked for
  previous: string;
  logSize: bigint;
  logRoot: string;
  stateRoot: string;
  signers: string[];
  records: BlockRecord[];
  offences: Offence[];
}

/** What a block convicts a validator of. */
export interface Offence {
  id: string;
  org: string;
  kind: string;
  height: bigint;
  round: number;
}

/** [latitude, longitude] in degrees. */
export type Ring = [number, number][];

export interface Plot {
  id: string;
  country: string;
  layer: string;
  areaM2: bigint;
  rings: Ring[]; // the outer first
  recorded: Stamp | null;
}

export interface StoryEvent {
  kind:
    | "plot"
    | "pledge"
    | "redeem"
    | "plant"
    | "plant_recorded"
    | "inventory"
    | "verify"
    | "allocate"
    | "death"
    | "voided"
    | "replaced"
    | "replaces";
  timeMs: number | null;
  day: number | null; // days since 1970-01-01, where the event has a day and no block
  org: string;
  object: string;
  height: bigint | null;
  otherTree?: string; // that took its place, or whose place it took
}

export interface Tree {
  id: string;
  batch: string;
  species: string;
  speciesName: string | null;
  state: string;
  plot: Plot | null;
  lat: number | null;
  lon: number | null;
  plantedDay: number | null;
  positions: string;
  planter: string;
  campaign: string | null;
  unit: string | null; // the redemption unit that it belongs to
  commitments: string[];
  allocation: string | null;
  isVisited: boolean | null;
  story: StoryEvent[];
}

export interface Redemption {
  id: string;
  batch: string;
  campaign: string;
  programme: string;
  species: string | null;
  state: string;
  grams: bigint;
  commitments: string[];
  tree: string | null;
  recorded: Stamp | null;
}

export interface Tally {
  species: string | null; // null: redemptions that name none
  pledged: bigint;
  redeemed: bigint;
  refunded: bigint;
  allocated: bigint;
  trees: [state: string, count: bigint][]; // every state, in the order of the ledger
}

export interface Points {
  programme: string;
  issued: bigint;
  outstanding: bigint;
  expired: bigint;
  redeemed: bigint; // less refunds
}

export interface CampaignRow {
  id: string;
  platform: string;
  planters: string[];
  target: bigint;
  all: Tally;
}

export interface Campaign extends CampaignRow {
  sponsor: string | null;
  mode: string;
  unit: string;
  prices: { species: string; grams: bigint }[];
  redeemWindow: [number, number];
  plantWindow: [number, number];
  bySpecies: Tally[];
  points: Points[];
}

export interface Organisation {
  id: string;
  name: string;
  roles: string[];
  conflictGroup: string;
  isValidator: boolean;
  isSuspended: boolean;
  keys: { publicKey: string; roles: string[]; revokedHeight: bigint | null }[];
}

export function netRedeemed(tally: Tally): bigint {
  return tally.redeemed - tally.refunded;
}

export function planted(tally: Tally): bigint {
  return tally.trees.reduce((sum, [, count]) => sum + count, 0n);
}

export function treesIn(tally: Tally, state: string): bigint {
  return tally.trees.find(([name]) => name === state)?.[1] ?? 0n;
}

/** I4 of docs/ledger.md. */
export function balanceHolds(campaign: { mode: string }, tally: Tally): boolean {
  const net = netRedeemed(tally);
  if (net < 0n || tally.allocated > net) return false;
  return campaign.mode === "pledge_first"
    ? tally.pledged >= net
    : net - tally.allocated <= treesIn(tally, "available");
}
