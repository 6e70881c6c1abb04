// What a trap is, and how one is made: a sound certificate bent in one place.
import { hexToBytes } from "@noble/hashes/utils.js";
import type { CheckName } from "../../explorer/verifier/index.ts";
import * as build from "./builder.ts";

export interface Trap {
  name: string;
  certificate: Uint8Array;
  failed: CheckName; // the check that must refuse it, in every verifier
  reason: string; // what the node's verifier says, to the letter
  because: RegExp; // what the page's says
}

/** A certificate that holds. */
export interface Sound {
  name: string;
  certificate: Uint8Array;
}

export type Row = [
  name: string,
  certificate: build.Fields | Uint8Array,
  reason: string,
  because: RegExp,
];

export const kElsewhere = "elsewhere-00000000000000000000000000000000";

// What is bent, and its parts.
export const made = build.minimal();
export const whole = build.full();
export const receipts = made.fields.get(5) as unknown[][];
export const [logIndex, logHashes] = made.fields.get(3) as [number, Uint8Array[]];
export const [link, linkIndex, linkHashes] = made.fields.get(6) as [
  Uint8Array,
  number,
  Uint8Array[],
];

export function at(height: number): Uint8Array {
  return build.cbor(build.minimal({ height }).fields);
}

export function bent(...replaced: [number, unknown][]): build.Fields {
  return new Map([...made.fields, ...replaced]);
}

export function fullBent(...replaced: [number, unknown][]): build.Fields {
  return new Map([...whole.fields, ...replaced]);
}

/** A whole certificate of a statement that the signer bent, in the log all the same. */
export function stating(form: build.StatementForm): build.Fields {
  return build.minimal({ statement: build.statement(build.links(), form) }).fields;
}

/** The certificate with its version, the bytes 01 01 after the map's head, replaced by other bytes. */
export function withVersion(hex: string): Uint8Array {
  const bytes = build.cbor(made.fields);
  return Uint8Array.from([bytes[0]!, 1, ...hexToBytes(hex), ...bytes.subarray(3)]);
}

export function rows(failed: CheckName, list: Row[]): Trap[] {
  return list.map(([name, bytes, reason, because]) => {
    const certificate = bytes instanceof Map ? build.cbor(bytes) : bytes;
    return { name, certificate, failed, reason, because };
  });
}
