// The traps: certificates that are each wrong in one way, as docs/protocol.md section 8 and the
// standards behind it let one be wrong. The set is written to tests/vectors/traps.json and is for
// every verifier: traps.test.ts gives it to the page's, tests/unit/consensus/proofs to the node's.
// Made by builder.ts, which shares nothing with either.
import * as build from "./builder.ts";
import { encodingTraps } from "./encoding_traps.ts";
import { proofTraps } from "./proof_traps.ts";
import { signatureTraps } from "./signature_traps.ts";
import { at, bent, made, receipts, whole, type Sound, type Trap } from "./trap.ts";

/** What every trap bends: certificates that hold. */
export const sound: Sound[] = [
  { name: "the fields that every certificate has", certificate: build.cbor(made.fields) },
  { name: "every field there is", certificate: build.cbor(whole.fields) },
  { name: "three receipts of four", certificate: build.cbor(bent([5, receipts.slice(1)])) },
  { name: "the last height of the trust file", certificate: at(100) },
  { name: "the first height of the trust file", certificate: at(1) },
];

export const traps: Trap[] = [...encodingTraps, ...proofTraps, ...signatureTraps];
