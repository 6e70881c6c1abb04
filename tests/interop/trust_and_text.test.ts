// The trust file and the text form of a certificate.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesToHex } from "@noble/hashes/utils.js";
import {
  decodeTreecertText,
  parseTrustFile,
  Refusal,
  verifyCertificate,
} from "../../explorer/verifier/index.ts";
import * as build from "./builder.ts";

const asText = (text: string): string =>
  new TextDecoder().decode(decodeTreecertText(`TP1:${text}`));

test("the examples of RFC 9285 decode", () => {
  assert.equal(asText("BB8"), "AB");
  assert.equal(asText("%69 VD92EX0"), "Hello!!");
  assert.equal(asText("UJCLQE7W581"), "base-45");
  assert.equal(asText("QED8WEX0"), "ietf!");
  assert.equal(asText(""), "");
});

test("Base45 outside its alphabet, length or range is refused", () => {
  for (const odd of ["B", "BB8B", "bb8", "GGW", ":::", "::", "B=8", "BB\u00e9", "BB8\nBB8"]) {
    assert.throws(() => decodeTreecertText(`TP1:${odd}`), Refusal, odd);
  }
  for (const odd of ["", "BB8", "tp1:BB8", "TP2:BB8", "TP1 :BB8"]) {
    assert.throws(() => decodeTreecertText(odd), Refusal, odd);
  }
});

test("white space around the text is dropped, as nothing ends in one", () => {
  assert.deepEqual(decodeTreecertText(" \r\nTP1:BB8 \r\n"), Uint8Array.of(0x41, 0x42));
});

test("a certificate that went through its text is the same certificate", () => {
  const bytes = build.cbor(build.full().fields);
  const back = decodeTreecertText(`TP1:${base45(bytes)}`);
  assert.deepEqual(back, bytes);
  assert.equal(verifyCertificate(back, parseTrustFile(build.trustJson())).valid, true);
});

test("a trust file is read to the letter", () => {
  const trust = parseTrustFile(
    build.trustJson({ to_height: null, from_height: "9007199254740993" }),
  );
  assert.equal(trust.fromHeight, 9_007_199_254_740_993n);
  assert.equal(trust.toHeight, null);
  assert.deepEqual(
    trust.validators.map((v) => v.org),
    build.firstSet.map((s) => s.org),
  );
  const policy = { required_orgs: ["bravo-ngo"], minimum_signers: 4 };
  assert.deepEqual(parseTrustFile(build.trustJson({ policy })).policy, {
    requiredOrgs: ["bravo-ngo"],
    minimumSigners: 4,
  });
});

test("a trust file with anything doubled, missing, unknown or out of range is refused", () => {
  const good = build.trustJson();
  const validator = (s: build.Signer, changes = {}) => ({
    org: s.org,
    public_key: bytesToHex(s.publicKey),
    power: 1,
    ...changes,
  });
  const others: unknown[] = [
    { chain: "interop-00000000000000000000000000000000" },
    { chain: "interop" },
    { genesis: bytesToHex(build.genesis).toUpperCase() },
    { genesis: bytesToHex(build.genesis).slice(2) },
    { from_height: -1 },
    { from_height: 1.5 },
    { from_height: "01" },
    { from_height: "9223372036854775808" },
    { from_height: 200 },
    { from_height: null },
    { note: "x" },
    { validators: [] },
    { validators: {} },
    { validators: [validator(build.alpha), validator(build.alpha)] },
    { validators: [validator(build.alpha), validator(build.alpha, { org: "bravo-ngo" })] },
    { validators: [validator(build.alpha, { power: 0 })] },
    { validators: [validator(build.alpha, { power: "9223372036854775807" })] },
    { validators: [validator(build.alpha, { org: "Alpha" })] },
    { validators: [validator(build.alpha, { role: "x" })] },
    { validators: [validator(build.alpha, { public_key: `05${"11".repeat(32)}` })] },
    { validators: [validator(build.alpha, { public_key: `02${"ff".repeat(32)}` })] },
    { policy: {} },
    { policy: { required_orgs: [], minimum_signers: 1, weight: 1 } },
  ];
  for (const changes of others) {
    const text = build.trustJson(changes as Record<string, unknown>);
    assert.throws(() => parseTrustFile(text), Refusal, text);
  }
  for (const key of Object.keys(JSON.parse(good) as object)) {
    const file = JSON.parse(good) as Record<string, unknown>;
    delete file[key];
    assert.throws(() => parseTrustFile(JSON.stringify(file)), /missing/);
  }
  const doubled = good.replace('"policy":null', '"policy":null,"policy":null');
  assert.throws(() => parseTrustFile(doubled), /twice/);
  for (const odd of [
    "",
    "null",
    "[]",
    "{",
    `${good}x`,
    `[${good}]`,
    "[".repeat(60_000),
    " ".repeat(70_000),
    '{"chain":1e2}',
  ]) {
    assert.throws(() => parseTrustFile(odd), Refusal);
  }
});

test("a policy can only add to the quorum", () => {
  const bytes = build.cbor(build.minimal().fields);
  const three = build.minimal().fields;
  three.set(5, (three.get(5) as unknown[]).slice(0, 3));
  const verdict = (policy: unknown, certificate: Uint8Array) =>
    verifyCertificate(certificate, parseTrustFile(build.trustJson({ policy })));
  assert.equal(
    verdict({ required_orgs: ["delta-verifier"], minimum_signers: 4 }, bytes).valid,
    true,
  );
  assert.equal(
    verdict({ required_orgs: ["delta-verifier"], minimum_signers: 1 }, build.cbor(three)).valid,
    false,
  );
  assert.equal(verdict({ required_orgs: [], minimum_signers: 4 }, build.cbor(three)).valid, false);
  const two = build.minimal().fields;
  two.set(5, (two.get(5) as unknown[]).slice(0, 2));
  assert.equal(verdict({ required_orgs: [], minimum_signers: 1 }, build.cbor(two)).valid, false);
});

test("another chain's trust file refuses the certificate", () => {
  const genesis = new Uint8Array(32);
  const chain = `interop-${bytesToHex(genesis).slice(0, 32)}`;
  const trust = parseTrustFile(build.trustJson({ genesis: bytesToHex(genesis), chain }));
  const verdict = verifyCertificate(build.cbor(build.minimal().fields), trust);
  assert.equal(verdict.checks.find((c) => c.name === "statement")!.ok, false);
});

function base45(bytes: Uint8Array): string {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? bytes[at]! * 256 + bytes[at + 1]! : bytes[at]!;
    for (let i = 0; i < (isPair ? 3 : 2); ++i, value = Math.floor(value / 45))
      text += alphabet[value % 45];
  }
  return text;
}
