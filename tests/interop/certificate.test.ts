// Good certificates, and what the verdict says of them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesToHex } from "@noble/hashes/utils.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { kCheckNames } from "../../explorer/verifier/index.ts";
import * as build from "./builder.ts";
import { expectRefused, expectValid, verdictOf } from "./expectations.ts";
import { stateKey } from "./merkle_map.ts";

test("a certificate with every field is valid and shows what its proofs show", () => {
  const { facts } = expectValid(build.full().fields);
  assert.deepEqual(facts, {
    treeId: "bravo-ngo/plant-1#6",
    species: "haloxylon-ammodendron",
    plot: "bravo-ngo/277",
    lat: 412_345_678,
    lon: 951_234_567,
    plantedDay: 19_800,
    positions: "grid",
    origin: "visited",
    commitments: [bytesToHex(sha256(build.cbor([build.salt, build.reference])))],
    userReference: build.reference,
    chain: build.chain,
    issuer: "alpha-platform",
    statementId: facts!.statementId,
    statementType: "allocate",
    statementRef: "alloc-1",
    issuedAt: "1711000000",
    campaign: "alpha-platform/saxaul-2024",
    logIndex: "21",
    height: "150",
    round: 0,
    logSize: "37",
    signers: ["bravo-ngo", "charlie-ngo", "delta-verifier", "echo-auditor"],
    timeMs: "1711000300000",
    status: [
      {
        namespace: "plot",
        id: "bravo-ngo/277",
        present: true,
        value: { area: 2_222_700, capacity: 148_180 },
      },
      { namespace: "frozen", id: "bravo-ngo/plant-1", present: false, value: null },
    ],
  });
  assert.match(facts!.statementId, /^[0-9a-f]{64}$/);
});

test("a certificate without its optional fields is valid, and says what it did not check", () => {
  const verdict = expectValid(build.minimal().fields);
  const notMade = verdict.checks.filter((c) => c.ok === null).map((c) => c.name);
  assert.deepEqual(notMade, ["opening", "status", "set_changes"]);
  assert.equal(verdict.facts!.userReference, undefined);
  assert.equal(verdict.facts!.status, undefined);
});

test("checks are listed in the order of the protocol, each exactly once", () => {
  for (const bytes of [build.cbor(build.full().fields), new Uint8Array(0)]) {
    assert.deepEqual(
      verdictOf(bytes).checks.map((c) => c.name),
      [...kCheckNames],
    );
  }
});

test("the issuer's signature is checked where a trusted source holds the key", () => {
  const checkOf = (fields: build.Fields) =>
    expectValid(fields).checks.find((c) => c.name === "issuer_signature")!;
  assert.equal(checkOf(build.minimal().fields).ok, true);
  const statement = build.statement(build.links(), { signer: build.echo });
  const { fields, form } = build.minimal({ statement });
  assert.equal(checkOf(fields).ok, null);
  const { namespace, id, value } = build.orgObject(build.echo);
  const proof = build.stateMap().proveExistence(stateKey(namespace, id));
  fields.set(8, [build.header(form), [[namespace, id, value, proof]]]);
  assert.equal(checkOf(fields).ok, true);
});

test("an issuer's signature that does not hold is refused even where the log took it", () => {
  const forged = build.statement(build.links(), {
    signer: new build.Signer("alpha-platform", "a thief"),
  });
  const theirs = new build.Signer("alpha-platform", "a thief").kid;
  const patched = Uint8Array.from(forged);
  patched.set(build.alpha.kid, Buffer.from(forged).indexOf(theirs));
  expectRefused(build.minimal({ statement: patched }).fields, "issuer_signature");
});

test("three receipts of four are a quorum, two are not", () => {
  const { fields } = build.minimal();
  const receipts = fields.get(5) as unknown[];
  expectValid(new Map([...fields, [5, receipts.slice(1)]]));
  expectRefused(new Map([...fields, [5, receipts.slice(2)]]), "quorum");
});

test("a tree whose position is its plot has no coordinates, and one without a plot is fine", () => {
  const leaves = build.links();
  const open = build.linkLeaf(build.kLinkIndex, sha256(build.ascii("c")));
  const withLeaf = (leaf: unknown[]) => {
    const changed = leaves.map((l, i) => (i === build.kLinkIndex ? build.cbor(leaf) : l));
    return build.minimal({ linkLeaves: changed }).fields;
  };
  const plotOnly = [...open.slice(0, 4), null, null, null, "plot", false];
  assert.equal(expectValid(withLeaf(plotOnly)).facts!.origin, "inferred");
  expectRefused(withLeaf(plotOnly.with(7, "somewhere")), "encoding");
  expectRefused(withLeaf(open.with(4, 2 ** 31)), "encoding");
  assert.equal(expectValid(withLeaf(open.with(3, null))).facts!.plot, null);
});

test("a reference that begins with a byte order mark still opens its commitment", () => {
  const reference = "\uFEFFmine";
  const commitment = sha256(build.cbor([build.salt, reference]));
  const leaves = build
    .links()
    .with(build.kLinkIndex, build.cbor(build.linkLeaf(build.kLinkIndex, commitment)));
  const { fields } = build.minimal({ linkLeaves: leaves });
  fields.set(7, [build.salt, reference]);
  assert.equal(expectValid(fields).facts!.userReference, reference);
});
