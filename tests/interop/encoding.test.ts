// Every byte from outside is hostile: truncation, flipped bits, other shapes. What each trap of
// encoding_traps.ts holds is not said again here.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cdeDecodeOptions, decode, Tag } from "cbor2";
import * as build from "./builder.ts";
import { expectRefused, expectValid, verdictOf } from "./expectations.ts";

const whole = build.cbor(build.full().fields);

test("a certificate above its size is refused unread", () => {
  expectRefused(new Uint8Array((1 << 20) + 1), "encoding", /too long/);
});

test("a tag that says CBOR before the certificate is refused", () => {
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

test("a field of another type is refused", () => {
  const { fields } = build.full();
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

test("a statement outside the one COSE form is refused", () => {
  const at = (statement: Uint8Array) => build.minimal({ statement }).fields;
  const good = build.statement();
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
