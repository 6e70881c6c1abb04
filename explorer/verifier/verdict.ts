// What the verifier answers: every check by name, and facts that the checks prove.
// Source: docs/protocol.md section 8.
import type { Plain } from "./cbor.ts";

/** In the order in which docs/protocol.md section 8 lists what a valid certificate requires. */
export const kCheckNames = [
  "encoding", // strict decoding, no unknown field
  "path_lengths", // both Merkle paths are exactly as long as index and size say
  "statement", // typ, chain and type of the statement
  "receipts", // every receipt is a distinct validator's signature over the log root
  "quorum", // they are more than two thirds of the power, and what the policy adds
  "height", // the trust file covers the height, or set changes reach it
  "link_path", // the link is one of the statement's links
  "opening", // the owner's reference opens a commitment of the link
  "status", // the state proofs stand under the very header that was signed
  "set_changes", // every change of validators was certified by the set before it
  "issuer_signature", // the issuer's own signature, where the trust file holds its key
] as const;
export type CheckName = (typeof kCheckNames)[number];

export interface Check {
  name: CheckName;
  ok: boolean | null; // null: not made
  detail: string;
}

export interface StatusFact {
  namespace: string;
  id: string;
  present: boolean;
  value: Plain; // null where absent
}

/** 64-bit numbers are decimal texts, bytes lower-case hex, positions 1e-7 degrees. */
export interface Facts {
  treeId: string;
  species: string;
  plot: string | null;
  lat: number | null;
  lon: number | null;
  plantedDay: number | null; // days since 1970-01-01
  positions: "measured" | "grid" | "plot";
  origin: "visited" | "inferred";
  commitments: string[];
  userReference?: string;
  chain: string;
  issuer: string;
  statementId: string;
  statementType: string;
  statementRef: string;
  issuedAt: string; // seconds
  campaign: string | null;
  logIndex: string;
  height: string;
  round: number;
  logSize: string;
  signers: string[];
  timeMs?: string; // block time, where the header is in the certificate
  status?: StatusFact[]; // as of that height
}

export interface Verdict {
  valid: boolean;
  checks: Check[];
  facts?: Facts; // only of a valid certificate
}
