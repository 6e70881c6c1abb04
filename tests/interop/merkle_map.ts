// A second, naive implementation of the two trees for the tests: RFC 9162 trees over lists, and the
// crit-bit state map with ICS-23 proofs. Written from docs/protocol.md sections 4 and 5.
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";

const hash = (...parts: Uint8Array[]): Uint8Array => sha256(concatBytes(...parts));
const byte = (value: number): Uint8Array => Uint8Array.of(value);

export function leafHash(leaf: Uint8Array): Uint8Array {
  return hash(byte(0), leaf);
}

function split(size: number): number {
  let half = 1;
  while (half * 2 < size) half *= 2;
  return half;
}

export function merkleRoot(leaves: Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0]!;
  const half = split(leaves.length);
  return hash(byte(1), merkleRoot(leaves.slice(0, half)), merkleRoot(leaves.slice(half)));
}

export function merklePath(index: number, leaves: Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const half = split(leaves.length);
  return index < half
    ? [...merklePath(index, leaves.slice(0, half)), merkleRoot(leaves.slice(half))]
    : [...merklePath(index - half, leaves.slice(half)), merkleRoot(leaves.slice(0, half))];
}

type Entry = { key: Uint8Array; value: Uint8Array };
type Step = { left: Uint8Array | null; right: Uint8Array | null }; // the sibling on its side

/** Requires: at least one entry; entries are sorted by key. */
export class StateMap {
  readonly entries: Entry[];

  constructor(objects: { namespace: string; id: string; value: Uint8Array }[]) {
    this.entries = objects
      .map(({ namespace, id, value }) => ({ key: stateKey(namespace, id), value }))
      .sort((a, b) => Buffer.compare(a.key, b.key));
  }

  root(): Uint8Array {
    return nodeRoot(this.entries, 0);
  }

  proveExistence(key: Uint8Array): Uint8Array {
    const entry = this.entries.find((e) => Buffer.compare(e.key, key) === 0)!;
    return field(1, existence(entry, pathTo(this.entries, key, 0)));
  }

  /** With the neighbours on both sides of the key, or `skip` entries further out. */
  proveAbsence(key: Uint8Array, skip = 0): Uint8Array {
    const after = this.entries.findIndex((e) => Buffer.compare(e.key, key) >= 0);
    const right = after < 0 ? undefined : this.entries[after + skip];
    const left = this.entries[(after < 0 ? this.entries.length : after) - 1 - skip];
    const proofOf = (entry: Entry) => existence(entry, pathTo(this.entries, entry.key, 0));
    return field(
      2,
      concatBytes(
        field(1, key),
        left ? field(2, proofOf(left)) : new Uint8Array(),
        right ? field(3, proofOf(right)) : new Uint8Array(),
      ),
    );
  }
}

export function stateKey(namespace: string, id: string): Uint8Array {
  return hash(Buffer.from(namespace), byte(0), Buffer.from(id));
}

function bit(key: Uint8Array, index: number): number {
  return (key[index >> 3]! >> (7 - (index & 7))) & 1;
}

/** Where the entries part at their first differing bit, skipping bits that all share. */
function part(entries: Entry[], from: number): { left: Entry[]; right: Entry[]; next: number } {
  let at = from;
  while (entries.every((e) => bit(e.key, at) === bit(entries[0]!.key, at))) ++at;
  return {
    left: entries.filter((e) => bit(e.key, at) === 0),
    right: entries.filter((e) => bit(e.key, at) === 1),
    next: at + 1,
  };
}

function nodeRoot(entries: Entry[], from: number): Uint8Array {
  if (entries.length === 1) return hash(byte(2), entries[0]!.key, hash(entries[0]!.value));
  const { left, right, next } = part(entries, from);
  return hash(byte(3), nodeRoot(left, next), nodeRoot(right, next));
}

function pathTo(entries: Entry[], key: Uint8Array, from: number): Step[] {
  if (entries.length === 1) return [];
  const { left, right, next } = part(entries, from);
  return left.some((e) => Buffer.compare(e.key, key) === 0)
    ? [...pathTo(left, key, next), { left: null, right: nodeRoot(right, next) }]
    : [...pathTo(right, key, next), { left: nodeRoot(left, next), right: null }];
}

// Protobuf by hand: the few fields of CommitmentProof that the state map uses.

export function field(number: number, bytes: Uint8Array): Uint8Array {
  const size = [];
  for (let left = bytes.length; ; left >>= 7) {
    size.push(left < 128 ? left : (left & 127) | 128);
    if (left < 128) break;
  }
  return concatBytes(byte((number << 3) | 2), Uint8Array.from(size), bytes);
}

const kSha256 = 1;
const kLeafOp = concatBytes(Uint8Array.of(8, kSha256, 24, kSha256), field(5, byte(2)));

function existence(entry: Entry, path: Step[]): Uint8Array {
  const steps = path.map(({ left, right }) => {
    const prefix = left ? concatBytes(byte(3), left) : byte(3);
    const suffix = right ? field(3, right) : new Uint8Array();
    return field(4, concatBytes(Uint8Array.of(8, kSha256), field(2, prefix), suffix));
  });
  return concatBytes(field(1, entry.key), field(2, entry.value), field(3, kLeafOp), ...steps);
}
