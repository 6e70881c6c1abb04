// The golden bytes of tests/vectors, made again from their readable values by a program that shares
// nothing with the node: hashes, deterministic signatures, trees and proofs come out the same.
// Source: docs/protocol.md; tests/vectors/README.md has the notation.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { Tag } from "cbor2";
import {
  decodeTreecertText,
  parseTrustFile,
  verifyCertificate,
} from "../../explorer/verifier/index.ts";
import { ascii, cbor, domainHash } from "./builder.ts";
import { leafHash, merklePath, merkleRoot, StateMap, stateKey } from "./merkle_map.ts";

declare const INTEROP_ROOT: string;
const folder = join(INTEROP_ROOT, "..", "vectors");
const fileBytes = (name: string) => Uint8Array.from(readFileSync(join(folder, name)));
const golden = (name: string): any => JSON.parse(readFileSync(join(folder, name), "utf8"));

const chain = golden("chain.json");
const { statements } = golden("statements.json");
const attachments = golden("attachments.json");
const state = golden("state.json");
const agreement = golden("agreement.json");
const certificates = golden("certificates.json");
const peers = golden("peers.json");

/** The value that the notation of tests/vectors/README.md stands for. */
function value(json: unknown): unknown {
  if (typeof json === "string") {
    const special = /^([hn])'(.*)'$/.exec(json);
    if (!special) return json;
    return special[1] === "h" ? hexToBytes(special[2]!) : BigInt(special[2]!);
  }
  if (Array.isArray(json)) return json.map(value);
  if (json === null || typeof json !== "object") return json;
  if ("tag 18" in json) return new Tag(18, value(json["tag 18"]));
  const key = (text: string) => (/^-?\d+$/.test(text) ? Number(text) : text);
  return new Map(Object.entries(json).map(([k, v]) => [key(k), value(v)]));
}

const encoded = (json: unknown): string => bytesToHex(cbor(value(json)));
const hashed = (hex: string): string => bytesToHex(sha256(hexToBytes(hex)));
const validatorsHash = (json: unknown): string =>
  bytesToHex(domainHash("treeproof/validators/v1", cbor(value(json))));
const secretOf = (name: string) => sha256(ascii(`treeproof golden key ${name}`));

interface Signed {
  signed_by: string;
  protected: unknown;
  payload?: unknown;
  detached_payload?: string;
  [name: string]: unknown;
}

/** Protected header, Sig_structure, its hash, the RFC 6979 signature and the whole COSE_Sign1. */
function expectSigned(item: Signed): void {
  const head = cbor(value(item.protected));
  assert.equal(bytesToHex(head), item.protected_bytes);
  const isDetached = item.detached_payload !== undefined;
  const payload = isDetached ? hexToBytes(item.detached_payload!) : cbor(value(item.payload));
  if (!isDetached) assert.equal(bytesToHex(payload), item.payload_bytes);
  const structure = cbor(["Signature1", head, new Uint8Array(0), payload]);
  assert.equal(bytesToHex(structure), item.sig_structure);
  assert.equal(bytesToHex(sha256(structure)), item.sig_structure_hash);
  const signature = secp256k1.sign(structure, secretOf(item.signed_by), {
    format: "compact",
    lowS: true,
  });
  assert.equal(bytesToHex(signature), item.signature);
  const whole = new Tag(18, [head, new Map(), isDetached ? null : payload, signature]);
  assert.equal(bytesToHex(cbor(whole)), item.bytes);
}

const logEntries = (size: number): Uint8Array[] =>
  [...chain.log_entries, ...statements]
    .slice(0, size)
    .map((entry: { bytes: string }) => hexToBytes(entry.bytes));

test("genesis, chain id, keys and validators", () => {
  const genesis = bytesToHex(sha256(fileBytes("genesis.json")));
  assert.equal(genesis, chain.genesis_hash);
  const name = golden("genesis.json").chain_name;
  assert.equal(`${name}-${genesis.slice(0, 32)}`, chain.chain_id);
  for (const [key, parts] of Object.entries<Record<string, string>>(chain.keys)) {
    assert.equal(bytesToHex(secretOf(key)), parts["secret"]);
    const publicKey = secp256k1.getPublicKey(secretOf(key), true);
    assert.equal(bytesToHex(publicKey), parts["public_key"]);
    assert.equal(bytesToHex(sha256(publicKey).slice(0, 8)), parts["kid"]);
  }
  assert.equal(encoded(chain.validators), chain.validators_bytes);
  assert.equal(validatorsHash(chain.validators), chain.validators_hash);
  assert.deepEqual(chain.log_entries[0].value, ["genesis", `h'${genesis}'`]);
  assert.deepEqual(chain.log_entries[1].value, chain.validators);
  for (const entry of chain.log_entries) {
    assert.equal(encoded(entry.value), entry.bytes);
    assert.equal(bytesToHex(leafHash(hexToBytes(entry.bytes))), entry.leaf_hash);
  }
});

test("statements of every type, their ids and signatures", () => {
  const types = new Set<string>();
  for (const statement of statements) {
    expectSigned(statement);
    types.add(statement.payload.type);
    assert.equal(statement.statement_id, statement.sig_structure_hash);
    assert.equal(bytesToHex(leafHash(hexToBytes(statement.bytes))), statement.leaf_hash);
    const claims = statement.protected["15"];
    assert.equal(claims["2"], `${claims["1"]}/${statement.payload.ref}`);
    assert.equal(claims["3"], chain.chain_id);
  }
  assert.equal(types.size, 31);
});

test("attachments: leaves, bytes, roots, and the statements that announce them", () => {
  for (const attachment of [...attachments.attachments, attachments.links]) {
    const hashes = [];
    for (const leaf of attachment.leaves) {
      assert.equal(encoded(leaf.value), leaf.bytes);
      assert.equal(bytesToHex(leafHash(hexToBytes(leaf.bytes))), leaf.leaf_hash);
      hashes.push(hexToBytes(leaf.leaf_hash));
    }
    assert.equal(bytesToHex(merkleRoot(hashes)), attachment.root);
    const announcing = statements.find((s: Signed) => s["object"] === attachment.statement);
    const { geometry, leaves, runs, links } = announcing.payload;
    const said = attachment === attachments.links ? links : (geometry ?? leaves ?? runs);
    assert.equal(said.root, `h'${attachment.root}'`);
    assert.equal(said.count, attachment.leaves.length);
    if (attachment === attachments.links) {
      const path = merklePath(hashes.length - 1, hashes).map(bytesToHex);
      assert.deepEqual(path, attachment.path_of_last);
    } else {
      const all = encoded(attachment.leaves.map((leaf: { value: unknown }) => leaf.value));
      assert.equal(all, attachment.bytes);
      assert.equal(said.bytes, attachment.bytes.length / 2);
    }
  }
});

test("commitments open, and pages hold four bits a member", () => {
  const opened = attachments.openings.map((opening: Record<string, string>) => {
    const hash = sha256(cbor([hexToBytes(opening["salt"]!), opening["reference"]]));
    assert.equal(bytesToHex(hash), opening["commitment"]);
    return `h'${opening["commitment"]}'`;
  });
  const units = attachments.attachments.find((a: { kind: string }) => a.kind === "redeem-leaf");
  const shares = units.leaves.flatMap((leaf: { value: unknown[] }) => leaf.value);
  assert.deepEqual(
    shares.map((share: unknown[]) => share[0]),
    opened,
  );
  for (const pages of attachments.pages) {
    const page = new Uint8Array(pages.page_bytes);
    for (const run of pages.runs) {
      for (let i = run.from; i < run.from + run.count; ++i) {
        page[i >> 1]! |= run.code << (4 * (i & 1));
      }
    }
    const used = bytesToHex(page.slice(0, Math.ceil(pages.members / 2)));
    assert.equal(used, pages.first_bytes);
    assert.equal(bytesToHex(leafHash(page)), pages.root);
  }
});

test("the state map: keys, root and both kinds of ICS-23 proof", () => {
  const objects = state.entries.map((entry: Record<string, string>) => {
    const { namespace, id } = entry as { namespace: string; id: string };
    assert.equal(bytesToHex(stateKey(namespace, id)), entry["key"]);
    return { namespace, id, value: hexToBytes(entry["value"]!) };
  });
  const map = new StateMap(objects);
  assert.equal(bytesToHex(map.root()), state.root);
  const { existence, absence } = state;
  assert.equal(encoded(existence.value), existence.value_bytes);
  const present = map.proveExistence(stateKey(existence.namespace, existence.id));
  assert.equal(bytesToHex(present), existence.proof);
  const absent = map.proveAbsence(stateKey(absence.namespace, absence.id));
  assert.equal(bytesToHex(absent), absence.proof);
});

test("headers, header hashes, log roots and blocks", () => {
  let from = 2;
  let previous = chain.genesis_hash;
  for (const block of agreement.blocks) {
    assert.equal(encoded(block.header), block.header_bytes);
    const hash = bytesToHex(domainHash("treeproof/header/v1", hexToBytes(block.header_bytes)));
    assert.equal(hash, block.header_hash);
    assert.equal(block.header["4"], `h'${previous}'`);
    assert.equal(block.header["6"], from + block.statements);
    const entries = logEntries(block.header["6"]);
    assert.equal(block.header["7"], `h'${bytesToHex(merkleRoot(entries.map(leafHash)))}'`);
    assert.equal(block.header["9"], `h'${validatorsHash(block.validators)}'`);
    const next = agreement.blocks[block.header["2"]] ?? block;
    assert.equal(block.header["10"], `h'${validatorsHash(next.validators)}'`);
    const rest = block.evidence + block.previous_commit;
    assert.equal(block.header["12"], `h'${hashed(`82${rest}`)}'`);
    const head = bytesToHex(cbor(hexToBytes(block.header_bytes)));
    const whole = `84${head}${bytesToHex(cbor(entries.slice(from)))}${rest}`;
    assert.equal(whole, block.block_bytes);
    assert.equal(hashed(whole), block.block_sha256);
    assert.equal(encoded(block.commit), block.commit_bytes);
    from = block.header["6"];
    previous = hash;
  }
  const [first, second, third] = agreement.blocks;
  assert.equal(second.previous_commit, first.commit_bytes);
  assert.equal(third.previous_commit, second.commit_bytes);
  assert.deepEqual(first.validators, chain.validators);
  assert.equal(agreement.blocks.at(-1).header["8"], `h'${state.root}'`);
});

test("proposals, votes and receipts with their signatures", () => {
  const names = ["proposal", "prevote", "prevote_of_valid_round", "prevote_nil", "precommit_nil"];
  for (const name of [...names, "precommit"]) expectSigned(agreement[name]);
  const { precommit } = agreement;
  const root = hexToBytes(precommit.detached_payload);
  const message = `82${precommit.bytes}${bytesToHex(cbor(root))}`;
  assert.equal(message, precommit.message_bytes);
});

/** What the key of the head's kid signs over a payload. */
function signatureOf(head: Map<number, unknown>, payload: Uint8Array): Uint8Array {
  const kid = bytesToHex(head.get(4) as Uint8Array);
  const [name] = Object.entries<any>(chain.keys).find(([, key]) => key.kid === kid)!;
  const structure = cbor(["Signature1", cbor(head), new Uint8Array(0), payload]);
  return secp256k1.sign(structure, secretOf(name), { format: "compact", lowS: true });
}

type Entries = [number, unknown][];

function voteHead(org: string, kid: Uint8Array, typ: string, more: Entries = []) {
  const claims = new Map<number, unknown>([
    [1, org],
    [3, chain.chain_id],
  ]);
  const typed = `application/treeproof-${typ}+cose`;
  const entries: Entries = [[1, -47], [4, kid], [15, claims], [16, typed], ...more];
  return new Map(entries);
}

const bindEntries = (bind: unknown[]): Entries => [
  [395, 1],
  [-70001, bind],
];

test("commits hold the receipts of all who signed, a polka their prevotes", () => {
  for (const { commit } of agreement.blocks) {
    const [height, round, headerHash, logSize, logRoot, signatures] = value(commit) as [
      number,
      number,
      Uint8Array,
      number,
      Uint8Array,
      [string, Uint8Array, Uint8Array][],
    ];
    const bind = bindEntries([height, round, logSize, headerHash]);
    assert.ok(signatures.length >= 3);
    for (const [org, kid, signature] of signatures) {
      const head = voteHead(org, kid, "receipt", bind);
      assert.deepEqual(signature, signatureOf(head, logRoot));
    }
  }
  const polka = agreement.polka_certificate;
  assert.equal(encoded(polka.value), polka.bytes);
  const [height, round, headerHash, validRound, signatures] = value(polka.value) as unknown[];
  const payload = cbor([height, round, headerHash, validRound]);
  for (const [org, kid, signature] of signatures as [string, Uint8Array, Uint8Array][]) {
    assert.deepEqual(signature, signatureOf(voteHead(org, kid, "prevote"), payload));
  }
});

test("a round certificate holds whole votes", () => {
  const { height, round, bytes } = agreement.round_certificate;
  const payload = cbor([height, round - 1, null, -1]);
  const votes = ["coast-ngo", "desert-ngo", "platform"].map((org) => {
    const head = voteHead(org, hexToBytes(chain.keys[`${org}/node`].kid), "nil");
    return new Tag(18, [cbor(head), new Map(), payload, signatureOf(head, payload)]);
  });
  assert.equal(bytesToHex(cbor([height, round, votes])), bytes);
});

test("certificates are judged as the node judged them", () => {
  const trust = parseTrustFile(readFileSync(join(folder, certificates.trust_file), "utf8"));
  for (const made of [certificates.public, certificates.private]) {
    assert.equal(encoded(made.value), made.bytes);
    const bytes = decodeTreecertText(made.text);
    assert.equal(bytesToHex(bytes), made.bytes);
    const verdict = verifyCertificate(bytes, trust);
    assert.equal(verdict.valid, made.valid);
    const checks = Object.fromEntries(verdict.checks.map((c) => [c.name, c.ok === true]));
    assert.deepEqual(checks, made.checks_made);
  }
});

test("a Transparent Statement is the statement with its receipts", () => {
  const fields = value(certificates.public.value) as Map<number, any>;
  const [index, path] = fields.get(3);
  const bind = fields.get(4);
  const inclusion = new Map([[396, new Map([[-1, [cbor([bind[2], index, path])]]])]]);
  const receipts = fields.get(5).map(([org, kid, signature]: [string, Uint8Array, Uint8Array]) => {
    const head = cbor(voteHead(org, kid, "receipt", bindEntries(bind)));
    return cbor(new Tag(18, [head, inclusion, null, signature]));
  });
  const allocate = statements[index - 2];
  assert.equal(allocate.type, "allocate");
  const [head, payload, signature] = [
    allocate.protected_bytes,
    allocate.payload_bytes,
    allocate.signature,
  ].map(hexToBytes);
  const whole = new Tag(18, [head, new Map([[394, receipts]]), payload, signature]);
  assert.equal(bytesToHex(cbor(whole)), certificates.transparent_statement);
});

test("a checkpoint is a signed note over the last block", () => {
  const last = agreement.blocks.at(-1);
  const [height, round, headerHash, logSize, logRoot, signatures] = value(last.commit) as any[];
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  let note = `${chain.chain_id}\n${logSize}\n${base64(logRoot)}\n\n`;
  const keys = new Map((value(last.validators) as any[]).map(([org, , key]: any[]) => [org, key]));
  for (const [org, , signature] of signatures) {
    const name = `${chain.chain_id}/${org}`;
    const key = keys.get(org) as Uint8Array;
    const type = concatBytes(Uint8Array.of(0x0a, 0xff), ascii("treeproof.org/secp256k1"));
    const keyId = sha256(concatBytes(ascii(name), type, key)).slice(0, 4);
    const blob = concatBytes(keyId, cbor([height, round, headerHash]), signature);
    note += `— ${name} ${base64(blob)}\n`;
  }
  assert.equal(note, certificates.checkpoint);
});

test("the hello and the frames between peers", () => {
  const frame = (kind: number, payload: Uint8Array) => {
    const head = new DataView(new ArrayBuffer(5));
    head.setUint32(0, payload.length);
    head.setUint8(4, kind);
    return bytesToHex(concatBytes(new Uint8Array(head.buffer), payload));
  };
  expectSigned(peers.hello);
  assert.equal(frame(0, hexToBytes(peers.hello.bytes)), peers.hello.frame);
  for (const message of peers.frames) {
    assert.equal(frame(message.kind, cbor(value(message.payload))), message.frame, message.name);
  }
});
