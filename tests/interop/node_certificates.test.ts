// Certificates that a node made, from $TREEPROOF_INTEROP_DIR (or fixtures/ beside this file): every
// *.treecert, judged with trust.json, must come out as expect.json says. See README.md.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parseTrustFile, verifyCertificate, type Verdict } from "../../explorer/verifier/index.ts";

declare const INTEROP_ROOT: string;
const folder = process.env["TREEPROOF_INTEROP_DIR"] ?? join(INTEROP_ROOT, "fixtures");
const names = existsSync(folder)
  ? readdirSync(folder).filter((name) => name.endsWith(".treecert"))
  : [];
const skip =
  names.length > 0
    ? false
    : `no *.treecert in ${folder}: set TREEPROOF_INTEROP_DIR to a node's export`;

interface Expectation {
  valid: boolean;
  failed?: string; // the check that refuses it
  facts?: Record<string, unknown>; // facts it must show, compared deeply; others may be there too
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
}

test("every certificate of a node is judged as expected", { skip }, async (t) => {
  const trust = parseTrustFile(readFileSync(join(folder, "trust.json"), "utf8"));
  const expected = read<Record<string, Expectation>>("expect.json");
  assert.deepEqual(
    Object.keys(expected).sort(),
    names.sort(),
    "expect.json names exactly the certificates",
  );
  for (const name of names) {
    await t.test(name, () => {
      const verdict = verifyCertificate(Uint8Array.from(readFileSync(join(folder, name))), trust);
      compare(verdict, expected[name]!);
    });
  }
});

test("a node's certificate with any flipped bit is refused", { skip }, () => {
  const trust = parseTrustFile(readFileSync(join(folder, "trust.json"), "utf8"));
  const expected = read<Record<string, Expectation>>("expect.json");
  const good = names.find((name) => expected[name]?.valid);
  assert.ok(good, "expect.json has a valid certificate");
  const bytes = Uint8Array.from(readFileSync(join(folder, good)));
  const step = Math.max(1, Math.floor(bytes.length / 400));
  for (let at = 0; at < bytes.length; at += step) {
    const flipped = bytes.with(at, bytes[at]! ^ (1 << (at % 8)));
    assert.equal(verifyCertificate(flipped, trust).valid, false, `byte ${at}`);
    assert.equal(verifyCertificate(bytes.slice(0, at), trust).valid, false, `cut at ${at}`);
  }
});

function compare(verdict: Verdict, expectation: Expectation): void {
  const failed = verdict.checks.filter((c) => c.ok === false);
  const says = failed.map((c) => `${c.name}: ${c.detail}`).join("; ");
  assert.equal(verdict.valid, expectation.valid, says);
  if (expectation.failed) assert.equal(failed[0]?.name, expectation.failed, says);
  for (const [fact, value] of Object.entries(expectation.facts ?? {})) {
    assert.deepEqual(verdict.facts?.[fact as keyof typeof verdict.facts], value, fact);
  }
}
