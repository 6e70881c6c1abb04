// What every test asks of a verdict.
import assert from "node:assert/strict";
import {
  parseTrustFile,
  verifyCertificate,
  type CheckName,
  type Verdict,
} from "../../explorer/verifier/index.ts";
import { cbor, trustJson, type Fields } from "./builder.ts";

const trust = parseTrustFile(trustJson());

export function verdictOf(certificate: Fields | Uint8Array): Verdict {
  return verifyCertificate(certificate instanceof Map ? cbor(certificate) : certificate, trust);
}

export function expectValid(certificate: Fields | Uint8Array): Verdict {
  const verdict = verdictOf(certificate);
  assert.deepEqual(
    verdict.checks.filter((c) => c.ok === false),
    [],
  );
  assert.equal(verdict.valid, true);
  return verdict;
}

/** Refused by exactly this check; everything after it is not made, and nothing is shown as fact. */
export function expectRefused(
  certificate: Fields | Uint8Array,
  by: CheckName,
  because?: RegExp,
): void {
  const verdict = verdictOf(certificate);
  assert.equal(verdict.valid, false);
  const failed = verdict.checks.filter((c) => c.ok === false);
  assert.deepEqual(
    failed.map((c) => c.name),
    [by],
    failed.map((c) => c.detail).join("; "),
  );
  if (because) assert.match(failed[0]!.detail, because);
  assert.equal(verdict.facts, undefined);
}
