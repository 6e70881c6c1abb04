// Where a verifier may find the issuer's key: the validator set, when the issuer signed with its
// node key, or the issuer's organisation object, when the certificate's status proves it. Source:
// docs/protocol.md sections 2, 5 and 8.
import { equalBytes } from "./bytes.ts";
import { decodeCbor } from "./cbor.ts";
import type { Certificate } from "./certificate.ts";
import { kidOf } from "./cose.ts";
import type { Validator } from "./trust.ts";

const kOrgNamespace = "org";

/**
 * Requires: the status, if there is one, was proven. Null where no trusted source holds the key.
 */
export function issuerKey(certificate: Certificate, set: readonly Validator[]): Uint8Array | null {
  const { issuer, kid } = certificate.statement;
  const bearsKid = (key: Uint8Array) => equalBytes(kidOf(key), kid);
  const validator = set.find((v) => v.org === issuer && bearsKid(v.publicKey));
  if (validator) return validator.publicKey;
  const org = certificate.status?.entries.find(
    (e) => e.namespace === kOrgNamespace && e.id === issuer,
  );
  return org?.value ? (keysOfOrg(org.value).find(bearsKid) ?? null) : null;
}

/**
 * The organisation object's "keys": [[kid, public key, roles, from height, revoked height], ...].
 */
function keysOfOrg(value: Uint8Array): Uint8Array[] {
  const keys = decodeCbor(value, "organisation").fields(
    ["keys"],
    ["name", "roles", "suspended", "conflict_group"],
  ).keys;
  return keys.array(1_024).map((key) => key.tuple(5)[1]!.bytesExact(33));
}
