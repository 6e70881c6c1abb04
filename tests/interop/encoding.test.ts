// Every byte from outside is hostile: other encodings, truncation, flipped bits, other shapes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { hexToBytes } from "@noble/hashes/utils.js";
import { cdeDecodeOptions, decode, Tag } from "cbor2";
import * as build from "./builder.ts";
import { expectRefused, expectValid, verdictOf } from "./expectations.ts";

const whole = build.cbor(build.full().fields);

/**
 * The certificate with its version, the bytes 01 01 after the map's head, replaced by other bytes.
 */
function withVersion(hex: string): Uint8Array {
  assert.deepEqual([...whole.subarray(0, 3)], [0xa9, 1, 1]);
  return Uint8Array.from([0xa9, 1, ...hexToBytes(hex), ...whole.subarray(3)]);
}

test("every other encoding of a value is refused", () => {
  const refusals: [string, RegExp][] = [
    ["1801", /shortest/],
    ["190001", /shortest/],
    ["1a00000001", /shortest/],
    ["1b0000000000000001", /shortest/],
    ["3800", /shortest/],
    ["5800", /shortest/],
    ["f93c00", /float/],
    ["fa3f800000", /float/],
    ["fb3ff0000000000000", /float/],
    ["f97e00", /float/],
    ["f7", /undefined/],
    ["f0", /simple/],
    ["f820", /simple/],
    ["ff", /simple/],
    ["c101", /tag/],
    ["c24101", /tag/],
    ["d9d9f701", /tag/],
    ["5f4101ff", /indefinite/],
    ["7f6101ff", /indefinite/],
    ["9f01ff", /indefinite/],
    ["bf0101ff", /indefinite/],
    ["1c", /reserved/],
    ["62c328", /UTF-8/],
    ["63eda080", /UTF-8/],
    ["a202010101", /sorted/],
    ["a201010102", /twice/],
    ["a2626161016162" + "02", /sorted/],
    ["81".repeat(17) + "01", /too deep/],
    ["a101".repeat(17) + "01", /too deep/],
  ];
  for (const [hex, because] of refusals) expectRefused(withVersion(hex), "encoding", because);
});

test("huge declared lengths are refused before anything is allocated", () => {
  const heads = ["5b", "7b", "9b", "bb"].flatMap((major) =>
    ["ffffffffffffffff", "7fffffffffffffff", "0000000100000000", "000000ffffffffff"].map(
      (size) => major + size,
    ),
  );
  for (const head of [...heads, "5a7fffffff", "9a00ffffff", "ba7fffffff"]) {
    expectRefused(hexToBytes(head), "encoding", /beyond the end|ends inside/);
    expectRefused(withVersion(head), "encoding", /beyond the end/);
  }
});

test("a certificate above its size is refused unread", () => {
  expectRefused(new Uint8Array((1 << 20) + 1), "encoding", /too long/);
});

test("bytes before or after the certificate are refused", () => {
  expectRefused(Uint8Array.from([...whole, 0]), "encoding", /after the end/);
  expectRefused(Uint8Array.from([0, ...whole]), "encoding");
  expectRefused(Uint8Array.from([0xd9, 0xd9, 0xf7, ...whole]), "encoding", /tag/);
});

test("a certificate cut at any byte is refused", () => {
  for (let size = 0; size < whole.length; ++size) expectRefused(whole.slice(0, size), "encoding");
});

test("one flipped bit in any part of a full certificate is refused", () => {
  for (let at = 0; at < whole.length; at += 5) {
    const flipped = whole.with(at, whole[at]! ^ (1 << (at % 8)));
    const verdict = verdictOf(flipped);
    assert.equal(verdict.valid, false, `byte ${at}`);
    assert.equal(verdict.facts, undefined);
    assert.equal(verdict.checks.filter((c) => c.ok === false).length, 1, `byte ${at}`);
  }
});

test("every flipped bit of a sample of bytes is refused", () => {
  const bytes = build.cbor(build.minimal().fields);
  for (let at = 0; at < bytes.length; at += 11) {
    for (let bit = 0; bit < 8; ++bit) {
      const verdict = verdictOf(bytes.with(at, bytes[at]! ^ (1 << bit)));
      assert.equal(verdict.valid, false, `bit ${bit} of byte ${at}`);
    }
  }
});

test("a missing field, an unknown field and a field of another type are refused", () => {
  const { fields } = build.full();
  for (const key of [1, 2, 3, 4, 5, 6]) {
    expectRefused(
      new Map([...fields].filter(([k]) => k !== key)),
      "encoding",
      new RegExp(`field ${key} is missing`),
    );
  }
  for (const key of [0, 10, -1, 255, "1", "x"]) {
    const more = build.cbor(new Map<unknown, unknown>([...fields, [key, 1]]));
    expectRefused(more, "encoding", /unknown field/);
  }
  for (const key of fields.keys()) {
    for (const odd of [null, true, 7, -7, "x", new Uint8Array(3), [], [[]], new Map()]) {
      expectRefused(new Map([...fields, [key, odd]]), "encoding");
    }
  }
});

test("optional fields may be missing, one by one", () => {
  const { fields } = build.full();
  const without = (key: number) => new Map([...fields].filter(([k]) => k !== key));
  for (const key of [7, 8]) expectValid(without(key));
  expectRefused(without(9), "receipts", /echo-auditor/);
});

test("an array with one item more or less is refused, wherever it stands", () => {
  const { fields } = build.full();
  let arrays = 0;
  for (const [key, value] of fields) {
    for (const [path, array] of arraysIn(value)) {
      ++arrays;
      for (const odd of [array.slice(0, -1), [...array, array.at(-1) ?? 0]]) {
        const isStillThree = key === 5 && path.length === 0 && odd.length === 3; // a quorum
        const isFewerProofs = key === 8 && path.length === 1 && odd.length !== 0; // any length
        const isThreeOfFour = key === 9 && path.join() === "0,2" && odd.length === 3;
        if (isStillThree || isFewerProofs || isThreeOfFour) continue;
        assert.equal(
          verdictOf(new Map([...fields, [key, replaced(value, path, odd)]])).valid,
          false,
          `${key} ${path}`,
        );
      }
    }
  }
  assert.ok(arrays > 15);
});

test("unknown, missing and doubled fields inside statement, header and leaf are refused", () => {
  const statementWith = (form: build.StatementForm) =>
    build.minimal({ statement: build.statement(build.links(), form) }).fields;
  expectRefused(statementWith({ header: new Map([[5, 1]]) }), "encoding", /unknown field 5/);
  expectRefused(statementWith({ header: new Map([[2, []]]) }), "encoding", /unknown field 2/);
  expectRefused(statementWith({ claims: new Map([[4, 1]]) }), "encoding", /unknown field 4/);
  expectRefused(statementWith({ payload: { note: "x" } }), "encoding", /unknown field note/);
  expectRefused(
    statementWith({ payload: { links: { root: new Uint8Array(32) } } }),
    "encoding",
    /missing/,
  );
  expectRefused(statementWith({ payload: { campaign: null } }), "encoding");
  const form = build.full().form;
  const header = build.header(form);
  const extended = Uint8Array.from([0xad, ...header.subarray(1), 13, 0]);
  const { fields } = build.full();
  const entries = build.statusEntries(build.stateMap());
  expectRefused(new Map([...fields, [8, [extended, entries]]]), "encoding", /unknown field 13/);
});

test("a statement outside the one COSE form is refused", () => {
  const at = (statement: Uint8Array) => build.minimal({ statement }).fields;
  const good = build.statement();
  expectRefused(at(good.slice(1)), "encoding", /tagged COSE_Sign1/);
  expectRefused(at(Uint8Array.from([0xd1, ...good.subarray(1)])), "encoding", /tagged COSE_Sign1/);
  expectRefused(at(Uint8Array.from([0xd2, ...good])), "encoding", /tag/);
  expectRefused(at(Uint8Array.from([...good, 0])), "encoding", /after the end/);
  const [head, , body, signature] = parts(good);
  const sign1 = (...items: unknown[]) => build.cbor(new Tag(18, items));
  expectRefused(
    at(sign1(head, new Map([[394, []]]), body, signature)),
    "encoding",
    /unknown field 394/,
  );
  expectRefused(at(sign1(head, new Map(), null, signature)), "encoding");
  expectRefused(at(sign1(head, new Map(), body)), "encoding");
  expectRefused(at(sign1(head, new Map(), body, (signature as Uint8Array).slice(1))), "encoding");
  expectRefused(at(sign1(new Uint8Array(0), new Map(), body, signature)), "encoding");
});

/** All arrays inside a value with the way to each. */
function arraysIn(value: unknown, path: number[] = []): [number[], unknown[]][] {
  if (!Array.isArray(value)) return [];
  return [[path, value], ...value.flatMap((item, i) => arraysIn(item, [...path, i]))];
}

function replaced(value: unknown, path: number[], by: unknown): unknown {
  const [head, ...rest] = path;
  return head === undefined
    ? by
    : (value as unknown[]).with(head, replaced((value as unknown[])[head], rest, by));
}

/** The four items of a statement made by the builder. */
function parts(statement: Uint8Array): unknown[] {
  const options = { ...cdeDecodeOptions, preferMap: true };
  return (decode(statement, options) as Tag).contents as unknown[];
}
