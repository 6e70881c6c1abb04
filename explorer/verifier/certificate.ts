// A tree certificate's bytes as a structure: strict decoding, no field more or less, every length
// bounded. Nothing here is trusted yet. Source: docs/protocol.md sections 6 and 8.
import { fromBase45 } from "./bytes.ts";
import { decodeCbor, type Item } from "./cbor.ts";
import type { Bind, Receipt } from "./cose.ts";
import { Refusal, demand } from "./refusal.ts";
import {
  decodeStatement,
  kLinksMax,
  kObjectIdPattern,
  kStatementBytesMax,
  type Statement,
} from "./statement.ts";
import { demandValidatorSet, kOrgPattern, kValidatorsMax, type Validator } from "./trust.ts";

export const kCertificateBytesMax = 1 << 20;
const kVersion = 1n;
const kHeightMax = (1n << 63n) - 1n;
const kRoundMax = 1_000_000n;
const kPathHashesMax = 63;
const kLeafBytesMax = 4_096;
const kHeaderBytesMax = 1_024;
const kStatusEntriesMax = 64;
const kSetChangesMax = 256;
const kCommitmentsMax = 16;
const kTreeIdPattern = /^[a-z0-9-]{1,16}\/[a-z0-9._-]{1,48}#(0|[1-9][0-9]{0,5})$/;
const kCodePattern = /^[a-z0-9._-]{1,48}$/;

export interface Path {
  index: bigint;
  hashes: Uint8Array[];
}

/** One tree and the unit that it stands for, as the chain derived it. */
export interface Link {
  bytes: Uint8Array;
  tree: string;
  commitments: Uint8Array[];
  species: string;
  plot: string | null;
  lat: number | null; // 1e-7 degrees, WGS84
  lon: number | null;
  plantedDay: number | null; // days since 1970-01-01
  positions: "measured" | "grid" | "plot";
  visited: boolean;
}

export interface Header {
  bytes: Uint8Array;
  chain: string;
  height: bigint;
  timeMs: bigint;
  logSize: bigint;
  logRoot: Uint8Array;
  stateRoot: Uint8Array;
  validatorsHash: Uint8Array;
  nextValidatorsHash: Uint8Array;
}

export interface StatusEntry {
  namespace: string;
  id: string;
  value: Uint8Array | null; // null: shown to be absent
  proof: Uint8Array;
}

export interface SetChange {
  header: Header;
  bind: Bind;
  receipts: Receipt[];
  set: Validator[];
}

export interface Certificate {
  statement: Statement;
  logPath: Path;
  bind: Bind;
  receipts: Receipt[];
  link: Link;
  linkPath: Path;
  opening: { salt: Uint8Array; reference: string } | null;
  status: { header: Header; entries: StatusEntry[] } | null;
  setChanges: SetChange[] | null;
}

export function decodeCertificate(bytes: Uint8Array): Certificate {
  demand(bytes.length <= kCertificateBytesMax, "a certificate that is too long");
  const fields = decodeCbor(bytes, "certificate").fields([1, 2, 3, 4, 5, 6], [7, 8, 9]);
  demand(fields[1].uint() === kVersion, "a certificate of another version");
  const [leaf, linkIndex, linkHashes] = fields[6].tuple(3);
  const [logIndex, logHashes] = fields[3].tuple(2);
  return {
    statement: decodeStatement(fields[2].bytes(kStatementBytesMax)),
    logPath: { index: logIndex!.uint(kHeightMax), hashes: decodeHashes(logHashes!) },
    bind: decodeBind(fields[4]),
    receipts: decodeReceipts(fields[5]),
    link: decodeLink(leaf!.bytes(kLeafBytesMax)),
    linkPath: { index: linkIndex!.uint(BigInt(kLinksMax)), hashes: decodeHashes(linkHashes!) },
    opening: fields[7] ? decodeOpening(fields[7]) : null,
    status: fields[8] ? decodeStatus(fields[8]) : null,
    setChanges: fields[9] ? fields[9].array(kSetChangesMax, 1).map(decodeSetChange) : null,
  };
}

/**
 * The bytes behind "TP1:" + Base45, as a QR code carries them. No such text begins or ends in white
 * space.
 */
export function decodeTreecertText(text: string): Uint8Array {
  const line = text.trim();
  demand(line.length <= 2 * kCertificateBytesMax, "a certificate that is too long");
  if (!line.startsWith("TP1:")) throw new Refusal("a certificate's text begins with TP1:");
  return fromBase45(line.slice(4));
}

function decodeHashes(item: Item): Uint8Array[] {
  return item.array(kPathHashesMax).map((hash) => hash.bytesExact(32));
}

function decodeBind(item: Item): Bind {
  const [height, round, logSize, headerHash] = item.tuple(4);
  return {
    height: height!.uint(kHeightMax),
    round: round!.uint(kRoundMax),
    logSize: logSize!.uint(kHeightMax),
    headerHash: headerHash!.bytesExact(32),
  };
}

function decodeReceipts(item: Item): Receipt[] {
  return item.array(kValidatorsMax, 1).map((receipt) => {
    const [org, kid, signature] = receipt.tuple(3);
    return {
      org: org!.text(16, kOrgPattern),
      kid: kid!.bytesExact(8),
      signature: signature!.bytesExact(64),
    };
  });
}

function decodeLink(bytes: Uint8Array): Link {
  const item = decodeCbor(bytes, "link leaf");
  const [tree, commitments, species, plot, lat, lon, day, positions, visited] = item.tuple(9);
  return {
    bytes,
    tree: tree!.text(72, kTreeIdPattern),
    commitments: commitments!.array(kCommitmentsMax, 1).map((c) => c.bytesExact(32)),
    species: species!.text(48, kCodePattern),
    plot: plot!.nullOr((p) => p.text(65, kObjectIdPattern)),
    lat: lat!.nullOr(int32),
    lon: lon!.nullOr(int32),
    plantedDay: day!.nullOr(int32),
    positions: positions!.oneOf(["measured", "grid", "plot"]),
    visited: visited!.boolean(),
  };
}

function int32(item: Item): number {
  return item.integer(-(2 ** 31), 2 ** 31 - 1);
}

function decodeOpening(item: Item): { salt: Uint8Array; reference: string } {
  const [salt, reference] = item.tuple(2);
  return { salt: salt!.bytes(64, 16), reference: reference!.text(256) };
}

/** What a certificate does not use (fields 4, 5, 11 and 12) is checked for shape only. */
export function decodeHeader(bytes: Uint8Array): Header {
  const fields = decodeCbor(bytes, "header").fields([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  for (const key of [4, 12] as const) fields[key].bytesExact(32);
  fields[5].text(16, kOrgPattern);
  fields[11].uint();
  return {
    bytes,
    chain: fields[1].text(96),
    height: fields[2].uint(kHeightMax),
    timeMs: fields[3].uint(),
    logSize: fields[6].uint(kHeightMax),
    logRoot: fields[7].bytesExact(32),
    stateRoot: fields[8].bytesExact(32),
    validatorsHash: fields[9].bytesExact(32),
    nextValidatorsHash: fields[10].bytesExact(32),
  };
}

function decodeStatus(item: Item): { header: Header; entries: StatusEntry[] } {
  const [header, entries] = item.tuple(2);
  return {
    header: decodeHeader(header!.bytes(kHeaderBytesMax)),
    entries: entries!.array(kStatusEntriesMax).map((entry) => {
      const [namespace, id, value, proof] = entry.tuple(4);
      const decoded = {
        namespace: namespace!.text(48),
        id: id!.text(256),
        value: value!.nullOr((v) => v.bytes(65_536)),
        proof: proof!.bytes(65_536),
      };
      if (decoded.value) decodeCbor(decoded.value, "status value");
      return decoded;
    }),
  };
}

function decodeSetChange(item: Item): SetChange {
  const [header, bind, receipts, set] = item.tuple(4);
  return {
    header: decodeHeader(header!.bytes(kHeaderBytesMax)),
    bind: decodeBind(bind!),
    receipts: decodeReceipts(receipts!),
    set: decodeValidators(set!.bytes(65_536)),
  };
}

/** CBOR [[org, power, key], ...], strictly ascending by organisation. */
function decodeValidators(bytes: Uint8Array): Validator[] {
  const validators = decodeCbor(bytes, "validator set")
    .array(kValidatorsMax, 1)
    .map((entry) => {
      const [org, power, key] = entry.tuple(3);
      return {
        org: org!.text(16, kOrgPattern),
        power: power!.uint(kHeightMax),
        publicKey: key!.bytesExact(33),
      };
    });
  const ascending = validators.every((v, i) => i === 0 || validators[i - 1]!.org < v.org);
  demand(ascending, "validator set: organisations that do not ascend");
  return demandValidatorSet(validators);
}
