// The page's verifier against the traps of traps.ts, and the file by which the node's verifier gets
// the same ones.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { bytesToHex } from "@noble/hashes/utils.js";
import { kCheckNames } from "../../explorer/verifier/index.ts";
import * as build from "./builder.ts";
import { expectRefused, expectValid, verdictOf } from "./expectations.ts";
import { sound, traps } from "./traps.ts";

declare const INTEROP_ROOT: string;
const file = join(INTEROP_ROOT, "..", "vectors", "traps.json");
const bases = { minimal: sound[0]!.certificate, full: sound[1]!.certificate };

interface Splice {
  base: keyof typeof bases;
  at: number; // the first byte of the base that is replaced
  drop: number; // how many are
  put: string; // by these, in hex
}

/** What was done to the base to which the certificate is closest. */
function spliceOf(certificate: Uint8Array): Splice {
  const from = (name: keyof typeof bases): Splice => {
    const base = bases[name];
    const shorter = Math.min(base.length, certificate.length);
    let at = 0;
    while (at < shorter && base[at] === certificate[at]) ++at;
    let same = 0;
    while (same < shorter - at && base.at(-1 - same) === certificate.at(-1 - same)) ++same;
    const put = bytesToHex(certificate.slice(at, certificate.length - same));
    return { base: name, at, drop: base.length - same - at, put };
  };
  const [minimal, full] = [from("minimal"), from("full")];
  return full.put.length < minimal.put.length ? full : minimal;
}

function fileText(): string {
  const hexOf = ([name, bytes]: [string, Uint8Array]) => [name, bytesToHex(bytes)];
  const all = {
    trust: JSON.parse(build.trustJson()) as unknown,
    bases: Object.fromEntries(Object.entries(bases).map(hexOf)) as unknown,
    sound: sound.map(({ name, certificate }) => ({ name, ...spliceOf(certificate) })),
    traps: traps.map(({ name, certificate, failed, reason }) => ({
      name,
      ...spliceOf(certificate),
      failed,
      reason,
    })),
  };
  return `${JSON.stringify(all, null, 1)}\n`;
}

test("tests/vectors/traps.json holds these very traps", () => {
  if (process.env["TREEPROOF_WRITE_GOLDEN"]) writeFileSync(file, fileText());
  assert.equal(readFileSync(file, "utf8"), fileText());
});

test("every check refuses some trap, and no two traps have one name", () => {
  assert.deepEqual(new Set(traps.map((trap) => trap.failed)), new Set(kCheckNames));
  assert.equal(new Set(traps.map((trap) => trap.name)).size, traps.length);
});

for (const { name, certificate } of sound) {
  test(`holds: ${name}`, () => void expectValid(certificate));
}

for (const { name, certificate, failed, because } of traps) {
  test(`refused: ${name}`, () => expectRefused(certificate, failed, because));
}

test("a proof moved to any other index and size is refused", () => {
  const { fields } = build.minimal();
  const [, hashes] = fields.get(3) as [number, Uint8Array[]];
  const bind = fields.get(4) as unknown[];
  for (let size = 22; size <= 40; ++size) {
    for (let index = 0; index < size; ++index) {
      if (index === build.kStatementIndex && size === 37) continue;
      const moved: [number, unknown][] = [
        [3, [index, hashes]],
        [4, bind.with(2, size)],
      ];
      const verdict = verdictOf(new Map([...fields, ...moved]));
      assert.equal(verdict.valid, false, `index ${index} of ${size}`);
    }
  }
});
