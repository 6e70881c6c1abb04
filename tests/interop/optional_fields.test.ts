// The status and the set changes: what holds, and ways in which they do not that are no trap of
// proof_traps.ts or signature_traps.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { concatBytes } from "@noble/hashes/utils.js";
import * as build from "./builder.ts";
import { expectRefused, expectValid } from "./expectations.ts";
import { field, StateMap, stateKey } from "./merkle_map.ts";

/** The full certificate with some fields replaced. */
function bent(...replaced: [number, unknown][]): build.Fields {
  return new Map([...build.full().fields, ...replaced]);
}

const map = build.stateMap();
const own = build.header(build.full().form);

test("a state proof of another object, value or root is refused", () => {
  const [present, absent] = build.statusEntries(map) as [unknown[], unknown[]];
  const refused = (entry: unknown[], because?: RegExp) =>
    expectRefused(bent([8, [own, [entry]]]), "status", because);
  refused(present.with(0, "plo"), /another key/);
  refused(absent.with(1, "bravo-ngo/plant-2"), /another key/);
  const forged = new StateMap([{ ...build.presentObject, value: build.cbor(1) }]);
  const proof = forged.proveExistence(stateKey("plot", "bravo-ngo/277"));
  refused([present[0], present[1], build.cbor(1), proof], /state root/);
  expectRefused(bent([8, [own, [[...present, null]]]]), "encoding");
});

test("absence is shown by adjacent neighbours, and beyond the first and last key", () => {
  const keys = map.entries.map((e) => e.key);
  const before = (key: Uint8Array) => keys.filter((other) => Buffer.compare(other, key) < 0).length;
  for (const place of [0, 7, keys.length]) {
    const ids = Array.from({ length: 4_000 }, (_, i) => `x${i}`);
    const id = ids.find((candidate) => before(stateKey("frozen", candidate)) === place)!;
    const proof = map.proveAbsence(stateKey("frozen", id));
    expectValid(bent([8, [own, [["frozen", id, null, proof]]]]));
  }
  const id = build.absentObject.id;
  const further = map.proveAbsence(stateKey("frozen", id), 1);
  expectRefused(bent([8, [own, [["frozen", id, null, further]]]]), "status", /next to each other/);
});

test("one-sided absence holds only beyond the first or last key", () => {
  const key = stateKey(build.absentObject.namespace, build.absentObject.id);
  const id = build.absentObject.id;
  const proof = map.proveAbsence(key);
  const parts = fieldsOf(proof.subarray(fieldStart(proof)));
  assert.equal(parts.length, 3);
  const entry = (bytes: Uint8Array) => ["frozen", id, null, bytes];
  const wrap = (...kept: Uint8Array[]) => field(2, concatBytes(...kept));
  const refused = (bytes: Uint8Array, because: RegExp) =>
    expectRefused(bent([8, [own, [entry(bytes)]]]), "status", because);
  refused(wrap(parts[0]!, parts[1]!), /not the last key/);
  refused(wrap(parts[0]!, parts[2]!), /not the first key/);
  refused(wrap(parts[0]!), /without a neighbour/);
  refused(wrap(parts[1]!, parts[2]!), /missing or unknown/);
});

test("a state proof in any other protobuf form is refused", () => {
  const [present] = build.statusEntries(map) as [unknown[]];
  const proof = present[3] as Uint8Array;
  const refused = (bytes: Uint8Array) =>
    expectRefused(bent([8, [own, [present.with(3, bytes)]]]), "status");
  refused(concatBytes(proof, Uint8Array.of(0x18, 0x01))); // an unknown field after it
  refused(concatBytes(proof, proof)); // the last one would win in a lenient decoder
  refused(new Uint8Array(0));
  refused(proof.slice(0, -1));
  refused(concatBytes(Uint8Array.of(0x1a, 0x00), proof)); // an empty batch before it
  const inner = proof.subarray(fieldStart(proof));
  const size = inner.length;
  const long = Uint8Array.of(0x0a, (size & 127) | 128, ((size >> 7) & 127) | 128, 0);
  refused(concatBytes(long, inner));
  refused(
    concatBytes(Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f), inner),
  );
  const spelled = Buffer.from(inner).indexOf(Buffer.from([0x1a, 0x07, 0x08, 0x01, 0x18, 0x01]));
  const withDefault = Uint8Array.of(
    0x1a,
    0x09,
    0x08,
    0x01,
    0x10,
    0x00,
    0x18,
    0x01,
    0x2a,
    0x01,
    0x02,
  );
  refused(
    field(1, concatBytes(inner.subarray(0, spelled), withDefault, inner.subarray(spelled + 9))),
  );
});

test("set changes lead from the trust file's set to the one that signed", () => {
  const third = [build.alpha, build.charlie, build.delta, build.echo];
  const steps = [
    build.setChange(60, build.firstSet, build.secondSet),
    build.setChange(70, build.secondSet, third),
  ];
  const { fields } = build.minimal({ set: third, height: 90 });
  expectValid(new Map([...fields, [9, steps]]));
  expectRefused(new Map([...fields, [9, steps.toReversed()]]), "set_changes");
  expectRefused(
    new Map([...fields, [9, [steps[1]]]]),
    "set_changes",
    /under another validator set/,
  );
  expectRefused(
    new Map([...fields, [9, [steps[0]]]]),
    "receipts",
    /alpha-platform is not a validator/,
  );
});

test("a set change counts from the height after it, within the trust file's interval", () => {
  const at = (change: number, height: number) => {
    const { fields } = build.minimal({ set: build.secondSet, height });
    return new Map([...fields, [9, [build.setChange(change, build.firstSet, build.secondSet)]]]);
  };
  expectValid(at(100, 101));
  expectValid(at(60, 5_000));
});

test("a set change whose header is of another block is refused", () => {
  const [, bind, receipts, set] = build.setChange(60, build.firstSet, build.secondSet);
  const other = build.header({ ...build.full().form, height: 60, nextSet: build.secondSet });
  const change = [other, bind, receipts, set];
  expectRefused(bent([9, [change]]), "set_changes", /not the one that was signed/);
});

test("two validators of one key are no set", () => {
  const [header, bind, receipts] = build.setChange(60, build.firstSet, build.secondSet);
  const { alpha, bravo } = build;
  const set = build.cbor([alpha.org, bravo.org].map((org) => [org, 1, alpha.publicKey]));
  expectRefused(bent([9, [[header, bind, receipts, set]]]), "encoding", /key twice/);
});

/** Length of the tag and length bytes at the start. */
function fieldStart(bytes: Uint8Array): number {
  let at = 1;
  while (bytes[at]! & 0x80) ++at;
  return at + 1;
}

/** Splits a protobuf message of length-delimited fields. */
function fieldsOf(bytes: Uint8Array): Uint8Array[] {
  const fields = [];
  for (let at = 0; at < bytes.length;) {
    const head = fieldStart(bytes.subarray(at));
    let size = 0;
    for (let i = 1; i < head; ++i) size |= (bytes[at + i]! & 127) << (7 * (i - 1));
    fields.push(bytes.slice(at, at + head + size));
    at += head + size;
  }
  return fields;
}
