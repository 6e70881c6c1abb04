// Strict deterministic CBOR. Every input passes two readers: the scan below, which bounds and
// refuses whatever the protocol does not allow before anything is built, then cbor2 under its CDE
// options, which builds the values. Source: RFC 8949 section 4.2.1; docs/protocol.md section 1.
import { cdeDecodeOptions, cdeEncodeOptions, decode, encode, Tag } from "cbor2";
import { compareBytes, toHex, utf8 } from "./bytes.ts";
import { Refusal, demand } from "./refusal.ts";

const kDepthMax = 16;
const kTagSign1 = 18;
const kUintMax = (1n << 64n) - 1n;

const kMajor = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 };

/** The shortest head at `at`: major type, argument, and where the head ends. */
function readHead(input: Uint8Array, at: number): { major: number; argument: bigint; end: number } {
  demand(at < input.length, "the CBOR ends inside an item");
  const initial = input[at]!;
  const major = initial >> 5;
  const short = initial & 0x1f;
  if (short < 24) return { major, argument: BigInt(short), end: at + 1 };
  demand(short !== 31, "an indefinite length in the CBOR");
  demand(short <= 27, "a reserved CBOR head");
  const size = 1 << (short - 24);
  demand(at + 1 + size <= input.length, "the CBOR ends inside an item");
  let argument = 0n;
  for (let i = 1; i <= size; ++i) argument = (argument << 8n) | BigInt(input[at + i]!);
  const smallest = size === 1 ? 24n : 1n << BigInt(4 * size);
  demand(argument >= smallest, "a CBOR integer or length that is not in its shortest form");
  return { major, argument, end: at + 1 + size };
}

/** Scans one item and returns where it ends. Nothing is allocated by what the input declares. */
function scanItem(input: Uint8Array, at: number, depth: number): number {
  demand(depth <= kDepthMax, "CBOR nested too deep");
  if (at < input.length && input[at]! >> 5 === kMajor.simple) {
    demand(
      [0xf4, 0xf5, 0xf6].includes(input[at]!),
      "a float, undefined or other simple value in the CBOR",
    );
    return at + 1;
  }
  const head = readHead(input, at);
  if (head.major === kMajor.unsigned || head.major === kMajor.negative) return head.end;
  demand(head.major !== kMajor.tag, "a CBOR tag where none is allowed");
  const left = BigInt(input.length - head.end);
  // Every item of an array or map takes at least one byte, so a count above `left` cannot be true.
  const atLeast = head.major === kMajor.map ? 2n * head.argument : head.argument;
  demand(atLeast <= left, "a declared CBOR length beyond the end of the input");
  const count = Number(head.argument);
  if (head.major === kMajor.bytes) return head.end + count;
  if (head.major === kMajor.text) return scanText(input, head.end, count);
  return head.major === kMajor.map
    ? scanMap(input, head.end, count, depth)
    : scanArray(input, head.end, count, depth);
}

function scanText(input: Uint8Array, start: number, size: number): number {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(input.subarray(start, start + size));
  } catch {
    throw new Refusal("CBOR text that is not UTF-8");
  }
  return start + size;
}

function scanArray(input: Uint8Array, start: number, items: number, depth: number): number {
  let at = start;
  for (let i = 0; i < items; ++i) at = scanItem(input, at, depth + 1);
  return at;
}

function scanMap(input: Uint8Array, start: number, pairs: number, depth: number): number {
  let at = start;
  let previous: Uint8Array | undefined;
  for (let i = 0; i < pairs; ++i) {
    const keyEnd = scanItem(input, at, depth + 1);
    const key = input.subarray(at, keyEnd);
    if (previous) {
      const order = compareBytes(previous, key);
      demand(order !== 0, "a CBOR map with the same key twice");
      demand(order < 0, "a CBOR map whose keys are not sorted");
    }
    previous = key;
    at = scanItem(input, keyEnd, depth + 1);
  }
  return at;
}

const kDecodeOptions = {
  ...cdeDecodeOptions,
  preferMap: true,
  preferBigInt: true,
  rejectFloats: true,
  rejectSimple: true,
  rejectUndefined: true,
  rejectDuplicateKeys: true,
  ignoreGlobalTags: true,
  maxDepth: kDepthMax + 2,
};

function build(input: Uint8Array): unknown {
  try {
    return decode(input, kDecodeOptions);
  } catch (error) {
    throw new Refusal(`CBOR refused: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One canonical item and nothing else. `name` is what messages call it. */
export function decodeCbor(input: Uint8Array, name: string): Item {
  try {
    demand(scanItem(input, 0, 0) === input.length, "bytes after the end of the CBOR");
    return new Item(build(input), name);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${name}: ${error.message}`) : error;
  }
}

/** As decodeCbor, for an item under tag 18 (COSE_Sign1, RFC 9052 section 4.2). */
export function decodeTaggedSign1(input: Uint8Array, name: string): Item {
  demand(input[0] === ((kMajor.tag << 5) | kTagSign1), `${name}: not a tagged COSE_Sign1`);
  try {
    demand(scanItem(input, 1, 0) === input.length, "bytes after the end of the CBOR");
    const tagged = build(input);
    demand(tagged instanceof Tag && Number(tagged.tag) === kTagSign1, "not a tagged COSE_Sign1");
    return new Item(tagged.contents, name);
  } catch (error) {
    throw error instanceof Refusal ? new Refusal(`${name}: ${error.message}`) : error;
  }
}

/** The deterministic encoding of arrays, Maps, texts, byte strings, integers, booleans and null. */
export function encodeCbor(value: unknown): Uint8Array {
  return encode(value, cdeEncodeOptions);
}

/** A decoded item that is read against a schema; each reader refuses any other type or range. */
export class Item {
  readonly #value: unknown;
  readonly #name: string;

  constructor(value: unknown, name: string) {
    this.#value = value;
    this.#name = name;
  }

  #refuse(what: string): never {
    throw new Refusal(`${this.#name}: ${what}`);
  }

  uint(max: bigint = kUintMax): bigint {
    const value = this.#value;
    if (typeof value !== "bigint" || value < 0n) return this.#refuse("not an unsigned integer");
    return value <= max ? value : this.#refuse("an integer out of range");
  }

  /** An integer that fits a JavaScript number exactly. */
  integer(min: number, max: number): number {
    const value = this.#value;
    if (typeof value !== "bigint") return this.#refuse("not an integer");
    if (value < BigInt(min) || value > BigInt(max)) return this.#refuse("an integer out of range");
    return Number(value);
  }

  bytes(max: number, min = 0): Uint8Array {
    const value = this.#value;
    if (!(value instanceof Uint8Array)) return this.#refuse("not a byte string");
    return value.length >= min && value.length <= max
      ? value
      : this.#refuse(`a byte string of ${value.length} bytes`);
  }

  bytesExact(length: number): Uint8Array {
    return this.bytes(length, length);
  }

  /** At most `max` bytes of UTF-8. */
  text(max: number, pattern?: RegExp): string {
    const value = this.#value;
    if (typeof value !== "string") return this.#refuse("not a text");
    if (utf8(value).length > max) return this.#refuse("a text that is too long");
    return !pattern || pattern.test(value)
      ? value
      : this.#refuse("a text with characters it must not have");
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const value = this.text(256);
    return (
      choices.find((choice) => choice === value) ??
      this.#refuse("a word that the protocol does not know")
    );
  }

  boolean(): boolean {
    return typeof this.#value === "boolean" ? this.#value : this.#refuse("neither true nor false");
  }

  get isNull(): boolean {
    return this.#value === null;
  }

  nullOr<T>(read: (item: Item) => T): T | null {
    return this.isNull ? null : read(this);
  }

  array(max: number, min = 0): Item[] {
    const value = this.#value;
    if (!Array.isArray(value)) return this.#refuse("not an array");
    if (value.length < min || value.length > max)
      return this.#refuse(`an array of ${value.length} items`);
    return value.map((item, index) => new Item(item, `${this.#name}[${index}]`));
  }

  tuple(length: number): Item[] {
    return this.array(length, length);
  }

  /** A map with exactly these fields; the optional ones may be missing, no other may be there. */
  fields<Required extends string | number, Optional extends string | number = never>(
    required: readonly Required[],
    optional: readonly Optional[] = [],
  ): Record<Required, Item> & Partial<Record<Optional, Item>> {
    const value = this.#value;
    if (!(value instanceof Map)) return this.#refuse("not a map");
    const found: Record<string, Item> = {};
    const known = new Map<unknown, string | number>();
    for (const key of [...required, ...optional])
      known.set(typeof key === "number" ? BigInt(key) : key, key);
    for (const [key, item] of value) {
      const name = known.get(key);
      if (name === undefined) return this.#refuse(`unknown field ${String(key)}`);
      found[name] = new Item(item, `${this.#name}.${name}`);
    }
    for (const key of required) {
      if (!(key in found)) return this.#refuse(`field ${key} is missing`);
    }
    return found as Record<Required, Item> & Partial<Record<Optional, Item>>;
  }

  /** The text under one key of a map whose other fields that text decides. */
  textField(key: string): string {
    const value = this.#value instanceof Map ? this.#value.get(key) : undefined;
    return typeof value === "string" ? value : this.#refuse(`no text under "${key}"`);
  }

  /**
   * A form for display: integers beyond 2^53 as decimal text, byte strings as hex, maps as objects.
   */
  plain(): Plain {
    return toPlain(this.#value);
  }
}

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

function toPlain(value: unknown): Plain {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "bigint") {
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  }
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), toPlain(item)]));
  }
  throw new Refusal("a value of a type that the protocol does not know");
}
