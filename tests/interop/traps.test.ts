// The traps of docs/protocol.md section 13, as far as a certificate can hold them.
import { test } from "node:test";
import { Tag } from "cbor2";
import { sha256 } from "@noble/hashes/sha2.js";
import * as build from "./builder.ts";
import { expectRefused, expectValid, verdictOf } from "./expectations.ts";
import { leafHash, merklePath, merkleRoot } from "./merkle_map.ts";
import assert from "node:assert/strict";

/** A valid minimal certificate with some fields replaced. */
function bent(...replaced: [number, unknown][]): build.Fields {
  return new Map([...build.minimal().fields, ...replaced]);
}

function receiptsWith(
  form: build.ReceiptForm,
  bind?: Partial<build.Bind>,
  root?: Uint8Array,
): unknown[] {
  const made = build.minimal();
  const own = { ...made.bind, ...bind };
  const odd = build.receipt(build.alpha, own, root ?? made.logRoot, form);
  return [odd, ...(made.fields.get(5) as unknown[]).slice(1)];
}

test("precommits of different rounds do not add up", () => {
  const { bind, logRoot, fields } = build.minimal();
  const late = { ...bind, round: 1 };
  const [a, b, c, d] = build.firstSet.map((s, i) => build.receipt(s, i < 2 ? bind : late, logRoot));
  expectRefused(new Map([...fields, [5, [a, b, c, d]]]), "receipts", /charlie-ngo/);
  expectRefused(new Map([...fields, [5, [a, b]]]), "quorum");
});

test("a proof moved to any other index and size is refused", () => {
  const { fields } = build.minimal();
  const [, hashes] = fields.get(3) as [number, Uint8Array[]];
  const bind = fields.get(4) as unknown[];
  for (let size = 22; size <= 40; ++size) {
    for (let index = 0; index < size; ++index) {
      if (index === build.kStatementIndex && size === 37) continue;
      const moved = new Map([...fields, [3, [index, hashes]], [4, bind.with(2, size)]] as [
        number,
        unknown,
      ][]);
      assert.equal(verdictOf(moved).valid, false, `index ${index} of ${size}`);
    }
  }
});

test("a precommit that names another root is refused", () => {
  expectRefused(
    bent([5, receiptsWith({}, {}, sha256(build.ascii("another root")))]),
    "receipts",
    /alpha-platform/,
  );
});

test("a high-S signature is refused, in receipts and in the statement", () => {
  expectRefused(bent([5, receiptsWith({ lowS: false })]), "receipts", /alpha-platform/);
  const statement = build.statement(build.links(), { lowS: false });
  expectRefused(build.minimal({ statement }).fields, "encoding", /high-S/);
});

test("signatures with r or s of zero or of the group order are refused", () => {
  const order = Buffer.from(
    "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    "hex",
  );
  const [org, kid, signature] = (build.minimal().fields.get(5) as unknown[][])[0] as [
    string,
    Uint8Array,
    Uint8Array,
  ];
  for (const half of [new Uint8Array(32), Uint8Array.from(order)]) {
    for (const at of [0, 32]) {
      const odd = Uint8Array.from(signature);
      odd.set(half, at);
      const receipts = (build.minimal().fields.get(5) as unknown[]).with(0, [org, kid, odd]);
      expectRefused(bent([5, receipts]), "receipts", /alpha-platform/);
    }
  }
});

test("a log size near 2^63 costs nothing and proves nothing", () => {
  const { bind, fields } = build.minimal();
  const path = (length: number) => Array.from({ length }, () => new Uint8Array(32));
  const at = (size: bigint, index: bigint, length: number) => {
    const large = { ...bind, logSize: size };
    return new Map<number, unknown>([
      ...fields,
      [3, [index, path(length)]],
      [4, build.bindField(large)],
    ]);
  };
  expectRefused(at(2n ** 63n - 1n, 2n ** 63n - 2n, 63), "path_lengths");
  expectRefused(at(2n ** 63n - 1n, 5n, 63), "receipts");
  expectRefused(at(2n ** 63n, 5n, 63), "encoding", /out of range/);
  expectRefused(at(2n ** 64n - 1n, 2n ** 64n - 2n, 63), "encoding", /out of range/);
});

test("a receipt for another chain, height, round, size, header or typ is refused", () => {
  const other = sha256(build.ascii("another header"));
  const odd: unknown[][] = [
    receiptsWith({ chain: "elsewhere-00000000000000000000000000000000" }),
    receiptsWith({}, { height: 91 }),
    receiptsWith({}, { round: 1 }),
    receiptsWith({}, { logSize: 38 }),
    receiptsWith({}, { headerHash: other }),
    receiptsWith({ typ: "application/treeproof-statement+cose" }),
  ];
  for (const receipts of odd) expectRefused(bent([5, receipts]), "receipts", /alpha-platform/);
});

test("a prevote offered as a receipt is refused", () => {
  const { bind, fields } = build.minimal();
  const claims = new Map([
    [1, build.alpha.org],
    [3, build.chain],
  ]);
  const typ = "application/treeproof-prevote+cose";
  const header = build.cbor(
    new Map<number, unknown>([
      [1, -47],
      [4, build.alpha.kid],
      [15, claims],
      [16, typ],
    ]),
  );
  const payload = build.cbor([bind.height, bind.round, bind.headerHash, -1]);
  const prevote = [build.alpha.org, build.alpha.kid, build.alpha.sign(header, payload)];
  expectRefused(
    bent([5, (fields.get(5) as unknown[]).with(0, prevote)]),
    "receipts",
    /alpha-platform/,
  );
});

test("a signer that stands there twice is refused, even beside a quorum", () => {
  const [a, b, c, d] = build.minimal().fields.get(5) as unknown[];
  expectRefused(bent([5, [a, a, b]]), "receipts", /ascend/);
  expectRefused(bent([5, [a, a, b, c, d]]), "receipts", /ascend/);
  expectRefused(bent([5, [b, a, c, d]]), "receipts", /ascend/);
});

test("a signer outside the set, or one with another key, is refused", () => {
  const { bind, logRoot, fields } = build.minimal();
  const receipts = fields.get(5) as unknown[];
  const stranger = build.receipt(build.echo, bind, logRoot);
  expectRefused(bent([5, [...receipts, stranger]]), "receipts", /echo-auditor is not a validator/);
  const impostor = build.receipt(new build.Signer("alpha-platform", "a thief"), bind, logRoot);
  expectRefused(bent([5, receipts.with(0, impostor)]), "receipts", /names another key/);
  const [org, , signature] = impostor;
  expectRefused(
    bent([5, receipts.with(0, [org, build.alpha.kid, signature])]),
    "receipts",
    /does not hold/,
  );
});

test("paths longer or shorter than exact are refused", () => {
  const { fields } = build.minimal();
  const [index, hashes] = fields.get(3) as [number, Uint8Array[]];
  const [leaf, linkIndex, linkHashes] = fields.get(6) as [Uint8Array, number, Uint8Array[]];
  expectRefused(bent([3, [index, hashes.slice(1)]]), "path_lengths");
  expectRefused(bent([3, [index, [...hashes, hashes[0]]]]), "path_lengths");
  expectRefused(bent([3, [index, []]]), "path_lengths");
  expectRefused(bent([3, [37, hashes]]), "path_lengths", /below the log size/);
  expectRefused(bent([6, [leaf, linkIndex, linkHashes.slice(1)]]), "path_lengths");
  expectRefused(bent([6, [leaf, linkIndex, [...linkHashes, linkHashes[0]]]]), "path_lengths");
  expectRefused(bent([6, [leaf, build.kLinkCount, linkHashes]]), "path_lengths");
});

test("a leaf hash is no entry, nor is a node of the tree", () => {
  const statement = build.statement();
  const entries = build.log(statement, 37).map(leafHash);
  expectRefused(bent([2, leafHash(statement)]), "encoding");
  const node = Buffer.concat([entries[20]!, entries[21]!]);
  expectRefused(bent([2, new Uint8Array(node)]), "encoding");
  expectRefused(bent([2, build.log(statement, 37)[20]]), "encoding");
});

test("another link, or a node of the links tree, is refused", () => {
  const [, index, hashes] = build.minimal().fields.get(6) as [Uint8Array, number, Uint8Array[]];
  const better = build.cbor(build.linkLeaf(index, sha256(build.ascii("mine"))));
  expectRefused(bent([6, [better, index, hashes]]), "link_path");
  expectRefused(bent([6, [build.links()[0], index, hashes]]), "link_path");
  expectRefused(bent([6, [build.links()[build.kLinkIndex], index ^ 1, hashes]]), "link_path");
});

test("a statement of another chain, typ, type, algorithm or subject is refused", () => {
  const at = (form: build.StatementForm) =>
    build.minimal({ statement: build.statement(build.links(), form) }).fields;
  expectRefused(
    at({ claims: new Map([[3, "elsewhere-00000000000000000000000000000000"]]) }),
    "statement",
    /chain/,
  );
  expectRefused(at({ claims: new Map([[2, "alpha-platform/another"]]) }), "statement", /subject/);
  expectRefused(at({ claims: new Map([[2, "bravo-ngo/alloc-1"]]) }), "statement", /subject/);
  expectRefused(
    at({ header: new Map([[16, "application/treeproof-receipt+cose"]]) }),
    "statement",
    /typ/,
  );
  expectRefused(at({ header: new Map([[3, "application/cbor"]]) }), "statement", /content type/);
  expectRefused(at({ header: new Map([[1, -7]]) }), "statement", /ES256K/);
  expectRefused(at({ payload: { type: "pledge" } }), "statement", /links no trees/);
});

test("an old statement cannot be passed off at another place of the log", () => {
  const old = build.statement(build.links(), { payload: { ref: "alloc-0" } });
  const entries = build.log(old, 30);
  const root = merkleRoot(entries.map(leafHash));
  const path = merklePath(build.kStatementIndex, entries.map(leafHash));
  expectRefused(bent([2, old]), "receipts");
  expectRefused(bent([2, old], [3, [build.kStatementIndex, path]]), "path_lengths");
  const [a, ...rest] = build.minimal().fields.get(5) as unknown[];
  const { bind } = build.minimal({ statement: old, logSize: 30, height: 60 });
  const replayed = build.receipt(build.alpha, bind, root);
  expectRefused(bent([5, [replayed, ...rest]]), "receipts", /alpha-platform/);
  assert.notDeepEqual(a, replayed);
});

test("a height outside the trust file's interval is refused", () => {
  expectValid(build.minimal({ height: 1 }).fields);
  expectValid(build.minimal({ height: 100 }).fields);
  expectRefused(build.minimal({ height: 101 }).fields, "height", /after the trust file's last/);
  expectRefused(build.minimal({ height: 0 }).fields, "height", /before the trust file's first/);
});

test("a certificate with nothing to check is not valid", () => {
  expectRefused(bent([5, []]), "encoding");
  expectRefused(new Map(), "encoding", /missing/);
  expectRefused(new Uint8Array(0), "encoding");
  expectRefused(build.cbor(null), "encoding");
  expectRefused(
    build.cbor(new Tag(18, [new Uint8Array(0), new Map(), null, new Uint8Array(64)])),
    "encoding",
  );
});

test("a certificate of another version is refused", () => {
  for (const version of [0, 2, -1, "1", null]) expectRefused(bent([1, version]), "encoding");
});
