// ICS-23 commitment proofs of the state map, existence and absence, under its one ProofSpec: key
// and value as they are, value prehashed by SHA-256, leaf prefix 0x02, inner prefix 0x03, child
// size 32, at most 256 levels. Source: ICS-23 (cosmos/ics23 proofs.proto); docs/protocol.md section
// 5.
import { compareBytes, equalBytes, sha256, utf8 } from "./bytes.ts";
import { Refusal, demand } from "./refusal.ts";

const kProofBytesMax = 65_536;
const kValueBytesMax = 65_536;
const kLevelsMax = 256;
const kChildBytes = 32;
const kLeafPrefix = 2;
const kInnerPrefix = 3;
const kHashSha256 = 1;

/** SHA-256(namespace || 0x00 || id). */
export function stateKey(namespace: string, id: string): Uint8Array {
  return sha256(utf8(namespace), Uint8Array.of(0), utf8(id));
}

/** Throws a Refusal unless the proof shows that `key` holds `value` under `root`. */
export function demandExistence(
  proof: Uint8Array,
  root: Uint8Array,
  key: Uint8Array,
  value: Uint8Array,
): void {
  const exist = onlyField(
    proof,
    kCommitmentProof.exist,
    "a commitment proof that is not of existence",
  );
  const found = readExistence(exist);
  demand(equalBytes(found.key, key), "the proof is of another key");
  demand(equalBytes(found.value, value), "the proof is of another value");
  demand(equalBytes(rootOf(found), root), "the proof does not lead to the state root");
}

/** Throws a Refusal unless the proof shows that nothing is stored under `key`. */
export function demandAbsence(proof: Uint8Array, root: Uint8Array, key: Uint8Array): void {
  const absent = onlyField(
    proof,
    kCommitmentProof.nonexist,
    "a commitment proof that is not of absence",
  );
  const message = new Message(absent);
  demand(equalBytes(message.bytes(1, kChildBytes), key), "the proof is of another key");
  const left = message.optionalBytes(2, kProofBytesMax);
  const right = message.optionalBytes(3, kProofBytesMax);
  message.end();
  const before = left && readExistence(left);
  const after = right && readExistence(right);
  for (const neighbour of [before, after]) {
    if (neighbour)
      demand(
        equalBytes(rootOf(neighbour), root),
        "a neighbour's proof does not lead to the state root",
      );
  }
  demand(!before || compareBytes(before.key, key) < 0, "the left neighbour is not left of the key");
  demand(!after || compareBytes(key, after.key) < 0, "the right neighbour is not right of the key");
  if (before && after) demandAdjacent(before.path, after.path);
  else if (before)
    demand(
      before.path.every((step) => step.side === "right"),
      "the left neighbour is not the last key",
    );
  else if (after)
    demand(
      after.path.every((step) => step.side === "left"),
      "the right neighbour is not the first key",
    );
  else throw new Refusal("a proof of absence without a neighbour");
}

// CommitmentProof is a oneof; batch (3) and compressed (4) are not used.
const kCommitmentProof = { exist: 1, nonexist: 2 };

type Step = { side: "left" | "right"; sibling: Uint8Array }; // our side at this level, leaf first
type Existence = { key: Uint8Array; value: Uint8Array; path: Step[] };

function onlyField(bytes: Uint8Array, field: number, otherwise: string): Uint8Array {
  demand(bytes.length <= kProofBytesMax, "a commitment proof that is too long");
  const message = new Message(bytes);
  const inner = message.optionalBytes(field, kProofBytesMax);
  if (!inner) throw new Refusal(otherwise);
  message.end();
  return inner;
}

function readExistence(bytes: Uint8Array): Existence {
  const message = new Message(bytes);
  const key = message.bytes(1, kChildBytes);
  demand(key.length === kChildBytes, "a state key that is not of 32 bytes");
  const value = message.bytes(2, kValueBytesMax);
  demandLeafOp(message.bytes(3, 16));
  const path: Step[] = [];
  for (let step = message.optionalBytes(4, 80); step; step = message.optionalBytes(4, 80)) {
    demand(path.length < kLevelsMax, "a state proof deeper than 256 levels");
    path.push(readInnerOp(step));
  }
  message.end();
  return { key, value, path };
}

/**
 * LeafOp {hash: SHA256, prehash_key: NO_HASH, prehash_value: SHA256, length: NO_PREFIX, prefix:
 * 0x02}.
 */
function demandLeafOp(bytes: Uint8Array): void {
  const message = new Message(bytes);
  const isOurs = message.varint(1) === kHashSha256 && message.varint(3) === kHashSha256;
  demand(isOurs, "a leaf operation of another proof specification");
  demand(
    equalBytes(message.bytes(5, 1), Uint8Array.of(kLeafPrefix)),
    "a leaf prefix other than 0x02",
  );
  message.end();
}

/**
 * InnerOp {hash: SHA256, prefix: 0x03 || left?, suffix: right?}: the sibling stands on one side.
 */
function readInnerOp(bytes: Uint8Array): Step {
  const message = new Message(bytes);
  demand(message.varint(1) === kHashSha256, "an inner operation of another proof specification");
  const prefix = message.bytes(2, 1 + kChildBytes);
  const suffix = message.optionalBytes(3, kChildBytes);
  message.end();
  demand(prefix[0] === kInnerPrefix, "an inner prefix other than 0x03");
  if (suffix) {
    demand(
      prefix.length === 1 && suffix.length === kChildBytes,
      "an inner operation of another size",
    );
    return { side: "left", sibling: suffix };
  }
  demand(prefix.length === 1 + kChildBytes, "an inner operation of another size");
  return { side: "right", sibling: prefix.subarray(1) };
}

function rootOf(existence: Existence): Uint8Array {
  const inner = Uint8Array.of(kInnerPrefix);
  let hash = sha256(Uint8Array.of(kLeafPrefix), existence.key, sha256(existence.value));
  for (const { side, sibling } of existence.path) {
    hash = side === "left" ? sha256(inner, hash, sibling) : sha256(inner, sibling, hash);
  }
  return hash;
}

/**
 * The two keys are neighbours: above a common part they part left and right, then hug that line.
 */
function demandAdjacent(left: readonly Step[], right: readonly Step[]): void {
  const l = [...left].reverse(); // root first
  const r = [...right].reverse();
  let at = 0;
  while (at < l.length && at < r.length && l[at]!.side === r[at]!.side) {
    demand(
      equalBytes(l[at]!.sibling, r[at]!.sibling),
      "the neighbours' proofs contradict each other",
    );
    ++at;
  }
  demand(
    l[at]?.side === "left" && r[at]?.side === "right",
    "the neighbours are not next to each other",
  );
  const hug =
    l.slice(at + 1).every((s) => s.side === "right") &&
    r.slice(at + 1).every((s) => s.side === "left");
  demand(hug, "the neighbours are not next to each other");
}

/**
 * A protobuf message read in ascending field order: shortest varints, no default, nothing unknown.
 */
class Message {
  readonly #input: Uint8Array;
  #at = 0;

  constructor(input: Uint8Array) {
    this.#input = input;
  }

  #readVarint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.#input[this.#at++];
      if (byte === undefined) throw new Refusal("the proof ends inside a field");
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        demand(byte !== 0 || shift === 0, "a number in the proof that is not in its shortest form");
        return value;
      }
    }
    throw new Refusal("a number in the proof that is out of range");
  }

  /** True, and past the tag, when the next field is this one. */
  #take(field: number, wireType: number): boolean {
    if (this.#input[this.#at] !== ((field << 3) | wireType)) return false;
    ++this.#at;
    return true;
  }

  varint(field: number): number {
    demand(this.#take(field, 0), "a field of the proof is missing or unknown");
    const value = this.#readVarint();
    demand(value !== 0, "a field of the proof that spells out its default");
    return value;
  }

  optionalBytes(field: number, max: number): Uint8Array | null {
    if (!this.#take(field, 2)) return null;
    const size = this.#readVarint();
    demand(size > 0, "a field of the proof that spells out its default");
    demand(
      size <= max && size <= this.#input.length - this.#at,
      "a length in the proof that is out of range",
    );
    this.#at += size;
    return this.#input.subarray(this.#at - size, this.#at);
  }

  bytes(field: number, max: number): Uint8Array {
    const value = this.optionalBytes(field, max);
    if (!value) throw new Refusal("a field of the proof is missing or unknown");
    return value;
  }

  end(): void {
    demand(this.#at === this.#input.length, "an unknown field in the proof");
  }
}
