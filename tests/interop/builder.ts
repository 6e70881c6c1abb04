// Makes whole, valid certificates with keys of its own, and lets each test bend one thing. Written
// from docs/protocol.md; shares nothing with explorer/verifier.
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { cdeEncodeOptions, encode, Tag } from "cbor2";
import { leafHash, merklePath, merkleRoot, StateMap, stateKey } from "./merkle_map.ts";

export type Fields = Map<number, unknown>;
export const cbor = (value: unknown): Uint8Array => encode(value, cdeEncodeOptions);
export const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

export class Signer {
  readonly publicKey: Uint8Array;
  readonly kid: Uint8Array;
  readonly #secret: Uint8Array;

  constructor(
    readonly org: string,
    seed = org,
  ) {
    this.#secret = sha256(ascii(`interop key of ${seed}`));
    this.publicKey = secp256k1.getPublicKey(this.#secret, true);
    this.kid = sha256(this.publicKey).slice(0, 8);
  }

  sign(protectedHeader: Uint8Array, payload: Uint8Array, lowS = true): Uint8Array {
    const structure = cbor(["Signature1", protectedHeader, new Uint8Array(0), payload]);
    const signature = secp256k1.sign(structure, this.#secret, { format: "compact", lowS: true });
    return lowS ? signature : highS(signature);
  }
}

/** The same signature with s replaced by n - s: valid mathematics, refused by the protocol. */
export function highS(signature: Uint8Array): Uint8Array {
  const { r, s } = secp256k1.Signature.fromBytes(signature, "compact");
  return new secp256k1.Signature(r, secp256k1.Point.Fn.ORDER - s).toBytes("compact");
}

export const genesis = sha256(ascii("interop genesis"));
export const chain = `interop-${bytesToHex(genesis).slice(0, 32)}`;
export const alpha = new Signer("alpha-platform");
export const bravo = new Signer("bravo-ngo");
export const charlie = new Signer("charlie-ngo");
export const delta = new Signer("delta-verifier");
export const echo = new Signer("echo-auditor");
export const firstSet = [alpha, bravo, charlie, delta];
export const secondSet = [bravo, charlie, delta, echo]; // alpha left, echo came

export function validatorsCbor(set: Signer[]): Uint8Array {
  return cbor(set.map((s) => [s.org, 1, s.publicKey]));
}

export function domainHash(domain: string, bytes: Uint8Array): Uint8Array {
  return sha256(concatBytes(ascii(domain), Uint8Array.of(0), bytes));
}

export function trustJson(changes: Record<string, unknown> = {}): string {
  const validators = firstSet.map((s) => ({
    org: s.org,
    public_key: bytesToHex(s.publicKey),
    power: 1,
  }));
  const file = {
    chain,
    genesis: bytesToHex(genesis),
    from_height: 1,
    to_height: 100,
    validators,
    policy: null,
  };
  return JSON.stringify({ ...file, ...changes });
}

export interface Bind {
  height: bigint | number;
  round: number;
  logSize: bigint | number;
  headerHash: Uint8Array;
}

export interface ReceiptForm {
  chain?: string;
  typ?: string;
  lowS?: boolean;
}

export function receipt(
  signer: Signer,
  bind: Bind,
  root: Uint8Array,
  form: ReceiptForm = {},
): unknown[] {
  const claims = new Map([
    [1, signer.org],
    [3, form.chain ?? chain],
  ]);
  const bound = [bind.height, bind.round, bind.logSize, bind.headerHash];
  const header = new Map<number, unknown>([
    [1, -47],
    [4, signer.kid],
    [15, claims],
    [16, form.typ ?? "application/treeproof-receipt+cose"],
    [395, 1],
    [-70001, bound],
  ]);
  return [signer.org, signer.kid, signer.sign(cbor(header), root, form.lowS ?? true)];
}

export interface StatementForm {
  header?: Fields; // entries that replace or join those of the protected header
  claims?: Fields;
  payload?: Record<string, unknown>; // fields that replace or join those of an allocate
  whole?: Record<string, unknown>; // a payload of another type
  lowS?: boolean;
  signer?: Signer;
}

export const kLinkCount = 11;
export const kLinkIndex = 6;
export const salt = sha256(ascii("interop salt")).slice(0, 16);
export const reference = "青青 2187, saxaul";

export function linkLeaf(index: number, commitment: Uint8Array): unknown[] {
  const tree = `bravo-ngo/plant-1#${index}`;
  return [
    tree,
    [commitment],
    "haloxylon-ammodendron",
    "bravo-ngo/277",
    412_345_678,
    951_234_567,
    19_800,
    "grid",
    true,
  ];
}

/** The links of the one allocation; number kLinkIndex is the certificate's tree. */
export function links(): Uint8Array[] {
  const opened = sha256(cbor([salt, reference]));
  return Array.from({ length: kLinkCount }, (_, i) =>
    cbor(linkLeaf(i, i === kLinkIndex ? opened : sha256(ascii(`other ${i}`)))),
  );
}

export function statement(
  linkLeaves: Uint8Array[] = links(),
  form: StatementForm = {},
): Uint8Array {
  const signer = form.signer ?? alpha;
  const payload = form.whole ?? {
    ref: "alloc-1",
    type: "allocate",
    campaign: `${signer.org}/saxaul-2024`,
    runs: { root: sha256(ascii("runs")), count: 1, bytes: 80 },
    links: { root: merkleRoot(linkLeaves.map(leafHash)), count: linkLeaves.length },
    ...form.payload,
  };
  const claims = new Map<number, unknown>([
    [1, signer.org],
    [2, `${signer.org}/${String(payload.ref)}`],
    [3, chain],
    [6, 1_711_000_000],
    ...(form.claims ?? []),
  ]);
  const header = cbor(
    new Map<number, unknown>([
      [1, -47],
      [3, "application/treeproof+cbor"],
      [4, signer.kid],
      [15, claims],
      [16, "application/treeproof-statement+cose"],
      ...(form.header ?? []),
    ]),
  );
  const body = cbor(payload);
  return cbor(new Tag(18, [header, new Map(), body, signer.sign(header, body, form.lowS ?? true)]));
}

export const kStatementIndex = 21;

/** Log entries with the statement among them. */
export function log(statementBytes: Uint8Array, size: number): Uint8Array[] {
  return Array.from({ length: size }, (_, i) =>
    i === kStatementIndex ? statementBytes : ascii(`entry ${i}`),
  );
}

export interface BlockForm {
  height: number;
  logSize: number;
  logRoot: Uint8Array;
  stateRoot: Uint8Array;
  set: Signer[];
  nextSet: Signer[];
  chain?: string;
}

export function header(form: BlockForm): Uint8Array {
  const filler = sha256(ascii("filler"));
  const hashOf = (set: Signer[]) => domainHash("treeproof/validators/v1", validatorsCbor(set));
  const fields: [number, unknown][] = [
    [1, form.chain ?? chain],
    [2, form.height],
    [3, 1_711_000_300_000],
    [4, filler],
    [5, form.set[0]!.org],
    [6, form.logSize],
    [7, form.logRoot],
    [8, form.stateRoot],
    [9, hashOf(form.set)],
    [10, hashOf(form.nextSet)],
    [11, 1],
    [12, filler],
  ];
  return cbor(new Map(fields));
}

export function bindOf(form: BlockForm, headerBytes: Uint8Array): Bind {
  const headerHash = domainHash("treeproof/header/v1", headerBytes);
  return { height: form.height, round: 0, logSize: form.logSize, headerHash };
}

export function bindField(bind: Bind): unknown[] {
  return [bind.height, bind.round, bind.logSize, bind.headerHash];
}

export const presentObject = {
  namespace: "plot",
  id: "bravo-ngo/277",
  value: cbor({ area: 2_222_700, capacity: 148_180 }),
};
export const absentObject = { namespace: "frozen", id: "bravo-ngo/plant-1" };

/** The object of an organisation with one key that issues allocations. */
export function orgObject(signer: Signer): { namespace: string; id: string; value: Uint8Array } {
  const keys = [[signer.kid, signer.publicKey, ["redeem"], 0, null]];
  const value = {
    keys,
    name: "An organisation",
    roles: ["platform"],
    suspended: false,
    conflict_group: "a",
  };
  return { namespace: "org", id: signer.org, value: cbor(value) };
}

export function stateMap(): StateMap {
  const others = Array.from({ length: 20 }, (_, i) => ({
    namespace: "batch",
    id: `bravo-ngo/b-${i}`,
    value: cbor(i),
  }));
  return new StateMap([presentObject, orgObject(echo), ...others]);
}

export function statusEntries(map: StateMap): unknown[] {
  const present = stateKey(presentObject.namespace, presentObject.id);
  const absent = stateKey(absentObject.namespace, absentObject.id);
  return [
    [presentObject.namespace, presentObject.id, presentObject.value, map.proveExistence(present)],
    [absentObject.namespace, absentObject.id, null, map.proveAbsence(absent)],
  ];
}

export interface CertificateForm {
  height?: number;
  logSize?: number;
  statement?: Uint8Array;
  linkLeaves?: Uint8Array[];
  set?: Signer[];
}

export interface Made {
  fields: Fields;
  bind: Bind;
  logRoot: Uint8Array;
  form: BlockForm;
}

/** Fields 1 to 6: what every certificate has. */
export function minimal(options: CertificateForm = {}): Made {
  const linkLeaves = options.linkLeaves ?? links();
  const statementBytes = options.statement ?? statement(linkLeaves);
  const entries = log(statementBytes, options.logSize ?? 37).map(leafHash);
  const set = options.set ?? firstSet;
  const logRoot = merkleRoot(entries);
  const form = {
    height: options.height ?? 90,
    logSize: entries.length,
    logRoot,
    stateRoot: stateMap().root(),
    set,
    nextSet: set,
  };
  const bind = bindOf(form, header(form));
  const linkHashes = linkLeaves.map(leafHash);
  const fields: Fields = new Map<number, unknown>([
    [1, 1],
    [2, statementBytes],
    [3, [kStatementIndex, merklePath(kStatementIndex, entries)]],
    [4, bindField(bind)],
    [5, set.map((signer) => receipt(signer, bind, logRoot))],
    [6, [linkLeaves[kLinkIndex], kLinkIndex, merklePath(kLinkIndex, linkHashes)]],
  ]);
  return { fields, bind, logRoot, form };
}

/** A block that announces another set, certified by the one before it. */
export function setChange(height: number, from: Signer[], to: Signer[]): unknown[] {
  const logRoot = sha256(ascii(`log root at ${height}`));
  const form = {
    height,
    logSize: 10 + height,
    logRoot,
    stateRoot: sha256(ascii("s")),
    set: from,
    nextSet: to,
  };
  const bytes = header(form);
  const bind = bindOf(form, bytes);
  return [bytes, bindField(bind), from.map((s) => receipt(s, bind, logRoot)), validatorsCbor(to)];
}

/** Every field there is: opening, status and one set change, signed by the second set. */
export function full(): Made {
  const made = minimal({ set: secondSet, height: 150 });
  made.fields.set(7, [salt, reference]);
  made.fields.set(8, [header(made.form), statusEntries(stateMap())]);
  made.fields.set(9, [setChange(60, firstSet, secondSet)]);
  return made;
}
