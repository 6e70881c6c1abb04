// Proofs of points, made and checked again by a program that shares nothing with the node: the sum
// tree, its paths, the files. Source: docs/protocol.md section 9; tests/vectors/points.json.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { cbor } from "./builder.ts";

declare const INTEROP_ROOT: string;
const file = join(INTEROP_ROOT, "..", "vectors", "points.json");
const golden: any = JSON.parse(readFileSync(file, "utf8"));

interface Node {
  hash: Uint8Array;
  sum: bigint;
}

function u64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

const leaf = (commitment: Uint8Array, grams: bigint): Node => ({
  hash: sha256(concatBytes(Uint8Array.of(4), commitment, u64(grams))),
  sum: grams,
});
const above = (left: Node, right: Node): Node => ({
  hash: sha256(concatBytes(Uint8Array.of(5), left.hash, u64(left.sum), right.hash, u64(right.sum))),
  sum: left.sum + right.sum,
});

/** The largest power of two below a count of at least 2: RFC 9162 section 2.1.1. */
function split(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}
function root(nodes: Node[]): Node {
  if (nodes.length === 1) return nodes[0]!;
  const half = split(nodes.length);
  return above(root(nodes.slice(0, half)), root(nodes.slice(half)));
}
/** Siblings of a leaf, the lowest first: RFC 9162 section 2.1.3.1. */
function path(index: number, nodes: Node[]): Node[] {
  if (nodes.length === 1) return [];
  const half = split(nodes.length);
  return index < half
    ? [...path(index, nodes.slice(0, half)), root(nodes.slice(half))]
    : [...path(index - half, nodes.slice(half)), root(nodes.slice(0, half))];
}

const bytesOf = (text: string): Uint8Array => hexToBytes(/^h'(.*)'$/.exec(text)![1]!);
const leaves: Node[] = golden.accounts.map((account: any) =>
  leaf(hexToBytes(account.commitment), BigInt(account.proof_file.grams)),
);

test("the root and the total follow from the accounts", () => {
  const top = root(leaves);
  assert.equal(leaves.length, golden.count);
  assert.equal(bytesToHex(top.hash), golden.root);
  assert.equal(top.sum, BigInt(golden.grams));
});

test("accounts stand in the order of their commitments, each once", () => {
  const commitments = golden.accounts.map((account: any) => account.commitment);
  assert.deepEqual([...new Set(commitments)].sort(), commitments);
});

for (const [index, account] of golden.accounts.entries()) {
  test(`the proof file of place ${index} is made again to the byte`, () => {
    const said = account.proof_file;
    const opening = cbor([bytesOf(said.salt), said.reference]);
    assert.equal(bytesToHex(sha256(opening)), account.commitment);
    assert.equal(bytesToHex(leaves[index]!.hash), account.leaf_hash);
    const steps = path(index, leaves).map((node) => [node.hash, Number(node.sum)]);
    const made = new Map<string, unknown>([
      ["path", steps],
      ["salt", bytesOf(said.salt)],
      ["type", "points_proof"],
      ["grams", said.grams],
      ["index", index],
      ["issue", golden.issue],
      ["accounts", golden.count],
      ["reference", said.reference],
    ]);
    assert.equal(bytesToHex(cbor(made)), account.proof_bytes);
  });
}
