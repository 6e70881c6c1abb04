// What the pages ask, and how the node's answers become their model. Source: docs/api.md.
import type * as model from "./model.ts";
import { hrefTo, routeOfSearch } from "./route.ts";
import { call, callList, callOrNull, NotFound } from "./rpc.ts";
import type * as shape from "./rpc_shapes.ts";

export async function chainStatus(): Promise<model.ChainStatus> {
  const { height, time, clock, ...rest } = await call<shape.Status>("chain_status");
  return { ...rest, height: BigInt(height), timeMs: Number(time), hasTestClock: clock !== null };
}

/** The newest blocks, the newest first. */
export async function latestBlocks(wanted: number): Promise<model.BlockRow[]> {
  const { height } = await chainStatus();
  const first = height >= BigInt(wanted) ? height - BigInt(wanted) + 1n : 1n;
  const heights = Array.from({ length: Number(height - first) + 1 }, (_, i) => height - BigInt(i));
  return Promise.all(heights.map(blockRow));
}

async function blockRow(height: bigint): Promise<model.BlockRow> {
  return rowOf(await call<shape.BlockAnswer>("chain_getBlock", { height: height.toString() }));
}

function rowOf({ header, header_hash, statements }: shape.BlockAnswer): model.BlockRow {
  return {
    height: BigInt(header.height),
    timeMs: Number(header.time),
    proposer: header.proposer,
    statements: statements.length,
    headerHash: header_hash,
  };
}

export async function block(height: string): Promise<model.Block> {
  const [found, commit, status] = await Promise.all([
    call<shape.BlockAnswer>("chain_getBlock", { height }),
    call<shape.CommitAnswer>("chain_getCommit", { height }),
    chainStatus(),
  ]);
  return {
    ...rowOf(found),
    isLatest: BigInt(found.header.height) >= status.height,
    previous: found.header.previous,
    logSize: BigInt(found.header.log_size),
    logRoot: found.header.log_root,
    stateRoot: found.header.state_root,
    signers: commit.receipts.map((receipt) => receipt.org),
    records: found.statements.map(({ id, type, issuer, ref }) => ({
      statementId: id,
      type,
      issuer,
      name: `${issuer}/${ref}`,
    })),
    offences: found.offences.map(({ offence, org, kind, height, round }) => ({
      id: offence,
      org,
      kind,
      height: BigInt(height),
      round,
    })),
  };
}

/** A member of a redemption batch, "org/ref#index". */
export async function redemption(id: string): Promise<model.Redemption> {
  return redemptionOf(await call<shape.UnitAnswer>("redemption_get", { id }));
}

export async function findCommitment(commitment: string): Promise<model.Redemption> {
  return redemptionOf(await call<shape.UnitAnswer>("redemption_find", { commitment }));
}

async function redemptionOf(unit: shape.UnitAnswer): Promise<model.Redemption> {
  const record = await callOrNull<shape.RecordAnswer>("record_get", { id: unit.batch });
  return {
    id: unit.unit,
    batch: unit.batch,
    campaign: unit.campaign,
    programme: unit.programme,
    species: unit.species,
    state: unit.state,
    grams: unit.shares.reduce((sum, share) => sum + BigInt(share.grams), 0n),
    commitments: unit.shares.map((share) => share.commitment),
    tree: unit.tree,
    recorded: record && stampOf(record.record),
  };
}

export function stampOf(record: shape.RecordInfo): model.Stamp {
  return {
    statementId: record.statement,
    height: BigInt(record.height),
    timeMs: Number(record.time_s) * 1_000,
  };
}

type CampaignObject = shape.ObjectOf<{
  payload: shape.CampaignPayload;
  terms: shape.CampaignTerms;
}>;

export async function campaigns(): Promise<model.CampaignRow[]> {
  const items = await callList<CampaignObject>("campaign_list");
  return Promise.all(items.map(async (item) => campaignRow(item, await progressOf(item.id))));
}

function progressOf(campaign: string): Promise<shape.ProgressAnswer> {
  return call<shape.ProgressAnswer>("campaign_progress", { campaign });
}

function campaignRow(
  { id, object }: CampaignObject,
  progress: shape.ProgressAnswer,
): model.CampaignRow {
  const { planters } = object.payload;
  const { target } = object.terms;
  const platform = id.split("/")[0]!;
  return { id, platform, planters, target: BigInt(target), all: tallyOf(null, progress.all) };
}

export async function campaign(id: string): Promise<model.Campaign> {
  const [found, progress] = await Promise.all([
    call<CampaignObject>("campaign_get", { campaign: id }),
    progressOf(id),
  ]);
  const { payload, terms } = found.object;
  const days = (window: { from_day: number; to_day: number }): [number, number] => [
    window.from_day,
    window.to_day,
  ];
  return {
    ...campaignRow(found, progress),
    sponsor: payload.sponsor,
    mode: payload.mode,
    unit: payload.unit,
    prices: terms.species.map(({ species, grams }) => ({ species, grams: BigInt(grams) })),
    redeemWindow: days(terms.redeem_window),
    plantWindow: days(terms.plant_window),
    bySpecies: progress.species.map((tally) => tallyOf(tally.species, tally)),
    points: await Promise.all(progress.programmes.map(points)),
  };
}

function tallyOf(species: string | null, tally: shape.TallyFields): model.Tally {
  return {
    species,
    pledged: BigInt(tally.pledged),
    redeemed: BigInt(tally.redeemed),
    refunded: BigInt(tally.refunded),
    allocated: BigInt(tally.allocated),
    trees: Object.entries(tally.trees).map(([state, count]) => [state, BigInt(count)]),
  };
}

async function points(programme: string): Promise<model.Points> {
  const balance = await call<shape.BalanceAnswer>("points_balance", { programme });
  return {
    programme,
    issued: BigInt(balance.issued),
    outstanding: BigInt(balance.outstanding),
    expired: BigInt(balance.expired),
    redeemed: BigInt(balance.net_redeemed),
  };
}

export async function organisations(): Promise<model.Organisation[]> {
  const [items, { validators }] = await Promise.all([
    callList<shape.OrgAnswer>("org_list"),
    call<shape.ValidatorsAnswer>("chain_getValidators", {}),
  ]);
  const voting = new Set(validators.map((v) => v.org));
  return items.map((org) => ({
    id: org.id,
    name: org.name,
    roles: org.roles,
    conflictGroup: org.conflict_group,
    isValidator: voting.has(org.id),
    isSuspended: org.suspended,
    keys: org.keys.map((key) => ({
      publicKey: key.public_key,
      roles: key.roles,
      revokedHeight: key.revoked_height === null ? null : BigInt(key.revoked_height),
    })),
  }));
}

/** A tree that has its certificate, for who has none at hand; null where there is none yet. */
export async function exampleTree(): Promise<string | null> {
  const { items } = await call<{ items: shape.ObjectOf<shape.BatchFields>[] }>("batch_list");
  const batch = items.find(({ object }) =>
    object.species.some(({ trees }) => BigInt(trees["allocated"] ?? "0") > 0n),
  );
  if (!batch) return null;
  const { leaves } = await call<shape.LeavesAnswer>("batch_leaves", { batch: batch.id });
  const leaf = leaves.find(({ state }) => state === "allocated");
  return leaf ? `${batch.id}#${leaf.index}` : null;
}

/** Where a search leads: null where nothing of that name is known. */
export async function resolve(text: string): Promise<string | null> {
  const route = routeOfSearch(text);
  if (!route) return null;
  if (!text.includes("#")) return route;
  const asTree = await callOrNull("tree_get", { tree: text });
  if (asTree) return hrefTo("tree", text);
  const asUnit = await callOrNull("redemption_get", { id: text });
  return asUnit ? hrefTo("redemption", text) : null;
}

export function certificateHref(tree: string): string {
  return `certificate/${encodeURIComponent(tree)}.treecert`;
}

/** With the proofs of its state, so that the issuer's signature can be checked as well. */
export async function fetchCertificate(tree: string): Promise<Uint8Array> {
  const response = await fetch(`${certificateHref(tree)}?status=1`);
  if (response.status === 404) throw new NotFound(tree);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** A convenience only: a verifier who trusts nobody here brings a trust file of its own. */
export async function trustFileOfNode(): Promise<string> {
  const response = await fetch("trust.json");
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.text();
}
