// COSE_Sign1 signatures in the one form of the protocol: ES256K, low-S, empty external_aad,
// protected headers rebuilt or exact. Source: RFC 9052 section 4.4, RFC 8812, RFC 9942;
// docs/protocol.md sections 2, 3 and 7.
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { equalBytes, sha256 } from "./bytes.ts";
import { encodeCbor } from "./cbor.ts";

export const kAlgEs256k = -47;
export const kVdsRfc9162Sha256 = 1;
const kLabelVds = 395;
const kLabelBind = -70001;
const kTypReceipt = "application/treeproof-receipt+cose";

/** What a precommit for a block binds beside the log root. */
export interface Bind {
  height: bigint;
  round: bigint;
  logSize: bigint;
  headerHash: Uint8Array;
}

export interface Receipt {
  org: string;
  kid: Uint8Array;
  signature: Uint8Array;
}

export function sigStructure(protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return encodeCbor(["Signature1", protectedHeader, new Uint8Array(0), payload]);
}

/** The protected header that a validator signed for this bind; certificates do not carry it. */
export function receiptProtected(chain: string, receipt: Receipt, bind: Bind): Uint8Array {
  const claims = new Map<number, unknown>([
    [1, receipt.org],
    [3, chain],
  ]);
  const bound = [bind.height, bind.round, bind.logSize, bind.headerHash];
  return encodeCbor(
    new Map<number, unknown>([
      [1, kAlgEs256k],
      [4, receipt.kid],
      [15, claims],
      [16, kTypReceipt],
      [kLabelVds, kVdsRfc9162Sha256],
      [kLabelBind, bound],
    ]),
  );
}

/** First 8 bytes of SHA-256(public key): a hint, never a reason to trust. */
export function kidOf(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).subarray(0, 8);
}

export function isPublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== 33) return false;
  try {
    secp256k1.Point.fromBytes(bytes).assertValidity();
    return true;
  } catch {
    return false;
  }
}

/** True for 64 bytes r || s with both in range and s in the lower half. */
export function isLowSignature(signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  try {
    return !secp256k1.Signature.fromBytes(signature, "compact").hasHighS();
  } catch {
    return false;
  }
}

/** True for a valid low-S signature over SHA-256(message); false for anything else. */
export function verifyEs256k(
  signature: Uint8Array,
  message: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (!isLowSignature(signature) || !isPublicKey(publicKey)) return false;
  return secp256k1.verify(signature, message, publicKey, {
    format: "compact",
    lowS: true,
    prehash: true,
  });
}

/** Does the receipt carry the kid of this key? */
export function bearsKid(receipt: Receipt, publicKey: Uint8Array): boolean {
  return equalBytes(receipt.kid, kidOf(publicKey));
}
