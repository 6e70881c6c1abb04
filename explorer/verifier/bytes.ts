// Bytes and their text forms. Source: RFC 4648 (base16), RFC 9285 (Base45); docs/protocol.md
// section 1.
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { Refusal } from "./refusal.ts";

const kBase45Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export function sha256(...parts: Uint8Array[]): Uint8Array {
  return nobleSha256(concatBytes(...parts));
}

export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function toHex(bytes: Uint8Array): string {
  return bytesToHex(bytes);
}

/** Lower-case hex only; anything else is refused. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw new Refusal("not lower-case hex");
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; ++i)
    bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

/** Bytewise order: negative, zero or positive, as sort functions want it. */
export function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const shared = Math.min(left.length, right.length);
  for (let i = 0; i < shared; ++i) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

export function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  return compareBytes(left, right) === 0;
}

/** Refuses characters outside the alphabet, stray lengths and groups above their range. */
export function fromBase45(text: string): Uint8Array {
  if (text.length % 3 === 1) throw new Refusal("Base45 text of a length that cannot be");
  const out: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    let value = 0;
    for (let i = group.length - 1; i >= 0; --i) {
      const digit = kBase45Alphabet.indexOf(group[i]!);
      if (digit < 0) throw new Refusal("a character that is not of the Base45 alphabet");
      value = value * 45 + digit;
    }
    if (value > (group.length === 3 ? 0xffff : 0xff))
      throw new Refusal("a Base45 group above its range");
    if (group.length === 3) out.push(value >> 8);
    out.push(value & 0xff);
  }
  return Uint8Array.from(out);
}
