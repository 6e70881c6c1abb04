// The signed statement inside a certificate: a COSE_Sign1 with an embedded payload of type allocate
// or replace, and its identity. Source: RFC 9943, RFC 9052; docs/protocol.md section 3.
import { sha256 } from "./bytes.ts";
import { decodeCbor, decodeTaggedSign1, type Item } from "./cbor.ts";
import { isLowSignature, kAlgEs256k, sigStructure } from "./cose.ts";
import { demand } from "./refusal.ts";
import { kOrgPattern } from "./trust.ts";

export const kStatementBytesMax = 65_535;
export const kLinksMax = 262_144;
const kRunsMax = 64n;
const kReplaceRunsMax = 4_096n;
export const kRefPattern = /^[a-z0-9._-]{1,48}$/;
export const kObjectIdPattern = /^[a-z0-9-]{1,16}\/[a-z0-9._-]{1,48}$/;
const kTypStatement = "application/treeproof-statement+cose";
const kContentType = "application/treeproof+cbor";

export interface Links {
  root: Uint8Array;
  count: bigint;
}

export interface Statement {
  bytes: Uint8Array;
  id: Uint8Array; // SHA-256(Sig_structure), independent of the signature
  kid: Uint8Array;
  contentType: string;
  typ: string;
  issuer: string;
  subject: string;
  chain: string;
  issuedAt: bigint; // seconds
  signed: Uint8Array; // the Sig_structure
  signature: Uint8Array;
  type: string;
  ref: string;
  campaign: string | null;
  links: Links | null; // null where the type carries none
}

/**
 * Shape only: whether it is the statement that a certificate needs is demandStatement's question.
 */
export function decodeStatement(bytes: Uint8Array): Statement {
  const [protectedItem, unprotected, payloadItem, signatureItem] = decodeTaggedSign1(
    bytes,
    "statement",
  ).tuple(4);
  unprotected!.fields([]);
  const protectedBytes = protectedItem!.bytes(1_024);
  const payloadBytes = payloadItem!.bytes(kStatementBytesMax);
  const signature = signatureItem!.bytesExact(64);
  demand(isLowSignature(signature), "statement: a signature out of range or high-S");
  const signed = sigStructure(protectedBytes, payloadBytes);
  const header = decodeCbor(protectedBytes, "statement header").fields([1, 3, 4, 15, 16]);
  const claims = header[15].fields([1, 2, 3, 6]);
  const algorithm = header[1].integer(-65_536, 65_535);
  demand(algorithm === kAlgEs256k, "statement header: an algorithm that is not ES256K");
  return {
    bytes,
    id: sha256(signed),
    kid: header[4].bytesExact(8),
    contentType: header[3].text(128),
    typ: header[16].text(128),
    issuer: claims[1].text(16, kOrgPattern),
    subject: claims[2].text(65, kObjectIdPattern),
    chain: claims[3].text(96),
    issuedAt: claims[6].uint(),
    signed,
    signature,
    ...decodePayload(decodeCbor(payloadBytes, "statement payload")),
  };
}

type Payload = Pick<Statement, "type" | "ref" | "campaign" | "links">;

function decodePayload(payload: Item): Payload {
  const type = payload.textField("type");
  if (type === "allocate") {
    const fields = payload.fields(["type", "ref", "campaign", "runs", "links"]);
    const common = decodeLinked(type, fields.ref, fields.runs, kRunsMax);
    const campaign = fields.campaign.text(65, kObjectIdPattern);
    return { ...common, campaign, links: decodeLinks(fields.links) };
  }
  if (type === "replace") {
    const fields = payload.fields(["type", "ref", "runs", "links", "campaign", "verifier"]);
    fields.verifier.text(16, kOrgPattern);
    const common = decodeLinked(type, fields.ref, fields.runs, kReplaceRunsMax);
    const campaign = fields.campaign.nullOr((item) => item.text(65, kObjectIdPattern));
    return { ...common, campaign, links: fields.links.nullOr(decodeLinks) };
  }
  return { type, ref: "", campaign: null, links: null };
}

function decodeLinked(type: string, ref: Item, runs: Item, runsMax: bigint): Payload {
  const attachment = runs.fields(["root", "count", "bytes"]);
  attachment.root.bytesExact(32);
  attachment.count.uint(runsMax);
  attachment.bytes.uint(16n << 20n);
  return { type, ref: ref.text(48, kRefPattern), campaign: null, links: null };
}

function decodeLinks(links: Item): Links {
  const { root, count } = links.fields(["root", "count"]);
  return { root: root.bytesExact(32), count: count.uint(BigInt(kLinksMax)) };
}

/**
 * Throws a Refusal unless it is an allocate or replace statement of this chain, named as it says.
 */
export function demandStatement(statement: Statement, chain: string): Links {
  demand(statement.contentType === kContentType, "the statement's content type is another");
  demand(statement.typ === kTypStatement, `its typ is "${statement.typ}", not a statement's`);
  demand(statement.chain === chain, `it belongs to the chain ${statement.chain}`);
  demand(statement.links !== null, `a statement of type "${statement.type}" links no trees`);
  demand(
    statement.subject === `${statement.issuer}/${statement.ref}`,
    "its subject is not issuer/ref",
  );
  return statement.links;
}
