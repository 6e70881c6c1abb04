// A tree and how it came to be: one answer for the tree, one for each object that it rests on.
import { stampOf } from "./api.ts";
import type * as model from "./model.ts";
import { call, callList, callOrNull } from "./rpc.ts";
import type * as shape from "./rpc_shapes.ts";

const kDegree = 1e7;
const kMsPerDay = 86_400_000;

export async function tree(id: string): Promise<model.Tree> {
  const found = await call<shape.TreeAnswer>("tree_get", { tree: id });
  const [plotAnswer, batch, speciesName] = await Promise.all([
    found.plot ? callOrNull<PlotAnswer>("plot_get", { plot: found.plot }) : null,
    call<BatchAnswer>("batch_get", { batch: found.batch }),
    nameOfSpecies(found.species),
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
    story: await storyOf(found, batch, plot),
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
): Promise<model.StoryEvent[]> {
  const { source, pledge, verification, record } = batch.object;
  const asked: [model.StoryEvent["kind"], string | null][] = [
    ["pledge", pledge],
    ["redeem", found.unit && found.unit.split("#")[0]!],
    ["verify", verification],
    ["allocate", found.allocation],
  ];
  const recorded = await Promise.all(
    asked.map(([kind, id]) => (id ? recordedEvent(kind, id) : null)),
  );
  const events = [
    plot?.recorded ? eventOf("plot", plot.id, plot.recorded) : null,
    source === "plant" ? plantedEvent(found) : null,
    eventOf(source === "plant" ? "plant_recorded" : "inventory", found.batch, stampOf(record)),
    ...recorded,
  ];
  return events.filter((event) => event !== null).sort((a, b) => whenOf(a) - whenOf(b));
}

async function recordedEvent(
  kind: model.StoryEvent["kind"],
  id: string,
): Promise<model.StoryEvent | null> {
  const record = await callOrNull<shape.RecordAnswer>("record_get", { id });
  return record && eventOf(kind, id, stampOf(record.record));
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
