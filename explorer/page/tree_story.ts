// A tree and how it came to be: one answer for the tree, one for each object that it rests on.
import { stampOf } from "./api.ts";
import type * as model from "./model.ts";
import { call, callList, callOrNull } from "./rpc.ts";
import type * as shape from "./rpc_shapes.ts";

const kDegree = 1e7;
const kMsPerDay = 86_400_000;

export async function tree(id: string): Promise<model.Tree> {
  const found = await call<shape.TreeAnswer>("tree_get", { tree: id });
  const [plotAnswer, batch, speciesName, { lineage }] = await Promise.all([
    found.plot ? callOrNull<PlotAnswer>("plot_get", { plot: found.plot }) : null,
    call<BatchAnswer>("batch_get", { batch: found.batch }),
    nameOfSpecies(found.species),
    call<shape.LineageAnswer>("tree_lineage", { tree: id }),
  ]);
  const plot = plotAnswer && plotOf(plotAnswer);
  return {
    id: found.tree,
    batch: found.batch,
    species: found.species,
    speciesName,
    state: found.state,
    plot,
    lat: found.lat,
    lon: found.lon,
    plantedDay: found.day,
    positions: found.positions,
    planter: orgOf(found.batch),
    campaign: found.campaign,
    unit: found.unit,
    commitments: found.commitments,
    allocation: found.allocation,
    isVisited: found.visited,
    story: await storyOf(found, batch, plot, lineage),
  };
}

type PlotAnswer = shape.ObjectOf<shape.PlotFields> & {
  rings: [number, number][][] | null; // null where the node no longer holds the outline
};
type BatchAnswer = shape.ObjectOf<shape.BatchFields>;

function plotOf({ id, object, rings }: PlotAnswer): model.Plot {
  return {
    id,
    country: object.payload.country,
    layer: object.payload.layer,
    areaM2: BigInt(object.area_m2),
    rings: (rings ?? []).map((ring) => ring.map(([lat, lon]) => [lat / kDegree, lon / kDegree])),
    recorded: stampOf(object.record),
  };
}

async function nameOfSpecies(code: string): Promise<string | null> {
  const [species] = await callList<{ name: string }>("species_list", { codes: [code] });
  return species?.name ?? null;
}

function orgOf(object: string): string {
  return object.split("/")[0]!;
}

async function storyOf(
  found: shape.TreeAnswer,
  batch: BatchAnswer,
  plot: model.Plot | null,
  lineage: shape.LineageAnswer["lineage"],
): Promise<model.StoryEvent[]> {
  const { source, pledge, verification, record } = batch.object;
  const asked: Asked[] = [
    { kind: "pledge", id: pledge },
    { kind: "redeem", id: found.unit && found.unit.split("#")[0]! },
    { kind: "verify", id: verification },
    { kind: "allocate", id: allocatedBy(found, lineage) },
    ...lossesOf(found, lineage),
  ];
  const recorded = await Promise.all(asked.map(recordedEvent));
  const events = [
    plot?.recorded ? eventOf("plot", plot.id, plot.recorded) : null,
    source === "plant" ? plantedEvent(found) : null,
    eventOf(source === "plant" ? "plant_recorded" : "inventory", found.batch, stampOf(record)),
    ...recorded,
  ];
  return events.filter((event) => event !== null).sort((a, b) => whenOf(a) - whenOf(b));
}

/** A record that tells a part of the story, and the other tree that it names. */
interface Asked {
  kind: model.StoryEvent["kind"];
  id: string | null;
  otherTree?: string;
}

/** A unit reaches a successor by the record that replaced the tree before it. */
function allocatedBy(
  { tree, allocation }: shape.TreeAnswer,
  lineage: shape.LineageAnswer["lineage"],
): string | null {
  const at = lineage.findIndex((each) => each.tree === tree);
  return lineage[at - 1]?.replacement === allocation ? null : allocation;
}

function lossesOf({ tree }: shape.TreeAnswer, lineage: shape.LineageAnswer["lineage"]): Asked[] {
  const at = lineage.findIndex((each) => each.tree === tree);
  const [before, own, after] = [lineage[at - 1], lineage[at]!, lineage[at + 1]];
  const losses: Asked[] = own.losses.map((id, i) => ({
    kind: own.state.startsWith("voided") && i === own.losses.length - 1 ? "voided" : "death",
    id,
  }));
  if (before) losses.push({ kind: "replaces", id: before.replacement, otherTree: before.tree });
  if (after) losses.push({ kind: "replaced", id: own.replacement, otherTree: after.tree });
  return losses;
}

async function recordedEvent({ kind, id, otherTree }: Asked): Promise<model.StoryEvent | null> {
  const record = id && (await callOrNull<shape.RecordAnswer>("record_get", { id }));
  if (!id || !record) return null;
  const event = eventOf(kind, id, stampOf(record.record));
  return otherTree ? { ...event, otherTree } : event;
}

function eventOf(
  kind: model.StoryEvent["kind"],
  object: string,
  { height, timeMs }: model.Stamp,
): model.StoryEvent {
  return { kind, timeMs, day: null, org: orgOf(object), object, height };
}

function plantedEvent({ day, batch }: shape.TreeAnswer): model.StoryEvent | null {
  return day === null
    ? null
    : { kind: "plant", timeMs: null, day, org: orgOf(batch), object: batch, height: null };
}

/** A day counts from its beginning, so that what was recorded on it comes after. */
function whenOf(event: model.StoryEvent): number {
  return event.timeMs ?? (event.day ?? 0) * kMsPerDay;
}
