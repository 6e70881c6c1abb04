// Receipts against a validator set. They count together only because root and bind are given once
// for all of them; a set of receipts that is not wholly in order is refused, not thinned out.
// Source: docs/protocol.md section 7.
import {
  bearsKid,
  receiptProtected,
  sigStructure,
  verifyEs256k,
  type Bind,
  type Receipt,
} from "./cose.ts";
import { Refusal, demand } from "./refusal.ts";
import type { Policy, Validator } from "./trust.ts";

/**
 * Throws a Refusal unless every receipt is a distinct validator's signature over this root and
 * bind.
 */
export function demandReceipts(
  chain: string,
  bind: Bind,
  logRoot: Uint8Array,
  receipts: readonly Receipt[],
  set: readonly Validator[],
): void {
  for (const [i, receipt] of receipts.entries()) {
    const isNext = i === 0 || receipts[i - 1]!.org < receipt.org;
    demand(isNext, `receipts do not strictly ascend by organisation at ${receipt.org}`);
    const validator = set.find((v) => v.org === receipt.org);
    if (!validator) throw new Refusal(`${receipt.org} is not a validator of this set`);
    demand(
      bearsKid(receipt, validator.publicKey),
      `the receipt of ${receipt.org} names another key`,
    );
    const signed = sigStructure(receiptProtected(chain, receipt, bind), logRoot);
    const isSigned = verifyEs256k(receipt.signature, signed, validator.publicKey);
    demand(isSigned, `the signature of ${receipt.org} does not hold for this log root and block`);
  }
}

/** Throws a Refusal unless 3 * power > 2 * total. Requires: demandReceipts passed. */
export function demandQuorum(receipts: readonly Receipt[], set: readonly Validator[]): string {
  const total = set.reduce((sum, v) => sum + v.power, 0n);
  const signed = new Set(receipts.map((r) => r.org));
  const power = set.filter((v) => signed.has(v.org)).reduce((sum, v) => sum + v.power, 0n);
  const says = `${power} of ${total} in power signed`;
  demand(3n * power > 2n * total, `${says}, not more than two thirds`);
  return `${says}, more than two thirds`;
}

/** The holder's own wishes on top of the quorum. */
export function demandPolicy(policy: Policy | null, receipts: readonly Receipt[]): void {
  if (!policy) return;
  const few = `the policy asks for ${policy.minimumSigners} signers`;
  demand(receipts.length >= policy.minimumSigners, few);
  for (const org of policy.requiredOrgs) {
    demand(
      receipts.some((r) => r.org === org),
      `the policy asks for the receipt of ${org}`,
    );
  }
}
