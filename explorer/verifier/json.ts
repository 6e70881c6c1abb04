// Strict JSON: what JSON.parse takes, less what it silently bends. Doubled keys, nesting below 16
// levels and numbers that are not safe integers are refused. Source: RFC 8259; RFC 7493 section 2.
import { Refusal, demand } from "./refusal.ts";

const kDepthMax = 16;

export type Json = null | boolean | number | string | Json[] | Map<string, Json>;

export function parseJson(text: string): Json {
  try {
    JSON.parse(text); // the grammar itself: the reader below takes well-formed tokens for granted
  } catch {
    throw new Refusal("not JSON");
  }
  return new JsonReader(text).read(0);
}

class JsonReader {
  // Requires of the text: JSON.parse accepts it. A string token, a punctuation mark, or any other
  // scalar.
  readonly #tokens: string[];
  #at = 0;

  constructor(text: string) {
    this.#tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g) ?? [];
  }

  #next(): string {
    return this.#tokens[this.#at++] ?? "";
  }

  read(depth: number): Json {
    demand(depth <= kDepthMax, "JSON nested too deep");
    const token = this.#next();
    if (token === "{") return this.#readObject(depth);
    if (token === "[") return this.#readArray(depth);
    const value: unknown = JSON.parse(token);
    if (typeof value === "number") {
      demand(
        /^(0|-?[1-9][0-9]*)$/.test(token) && Number.isSafeInteger(value),
        "a number that is not a plain integer",
      );
    }
    return value as null | boolean | number | string;
  }

  #readObject(depth: number): Map<string, Json> {
    const object = new Map<string, Json>();
    if (this.#tokens[this.#at] === "}") return (++this.#at, object);
    do {
      const key = JSON.parse(this.#next()) as string;
      demand(!object.has(key), `the key "${key}" twice`);
      ++this.#at; // the colon
      object.set(key, this.read(depth + 1));
    } while (this.#next() === ",");
    return object;
  }

  #readArray(depth: number): Json[] {
    const array: Json[] = [];
    if (this.#tokens[this.#at] === "]") return (++this.#at, array);
    do array.push(this.read(depth + 1));
    while (this.#next() === ",");
    return array;
  }
}
