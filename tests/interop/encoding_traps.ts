// Traps of encoding: other forms, huge lengths, fields too few and too many, whatever carries them.
import { sha256 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { Tag } from "cbor2";
import * as build from "./builder.ts";
import { leafHash } from "./merkle_map.ts";
import {
  bent,
  fullBent,
  link,
  linkHashes,
  linkIndex,
  made,
  rows,
  stating,
  whole,
  withVersion,
  type Row,
  type Trap,
} from "./trap.ts";

function otherForms(): Trap[] {
  const forms: [string, string, string, RegExp][] = [
    ["an integer in 2 bytes", "1801", "cbor_not_shortest", /shortest/],
    ["an integer in 3 bytes", "190001", "cbor_not_shortest", /shortest/],
    ["an integer in 5 bytes", "1a00000001", "cbor_not_shortest", /shortest/],
    ["an integer in 9 bytes", "1b0000000000000001", "cbor_not_shortest", /shortest/],
    ["a negative integer in 2 bytes", "3800", "cbor_wrong_type", /shortest/],
    ["a length in 2 bytes", "5800", "cbor_wrong_type", /shortest/],
    ["a float of 16 bits", "f93c00", "cbor_unsupported_item", /float/],
    ["a float of 32 bits", "fa3f800000", "cbor_unsupported_item", /float/],
    ["a float of 64 bits", "fb3ff0000000000000", "cbor_unsupported_item", /float/],
    ["not a number", "f97e00", "cbor_unsupported_item", /float/],
    ["undefined", "f7", "cbor_unsupported_item", /undefined/],
    ["a simple value", "f0", "cbor_unsupported_item", /simple/],
    ["a simple value in 2 bytes", "f820", "cbor_unsupported_item", /simple/],
    ["a break without a beginning", "ff", "cbor_unsupported_item", /simple/],
    ["a tag around the integer", "c101", "cbor_unsupported_item", /tag/],
    ["a big number", "c24101", "cbor_unsupported_item", /tag/],
    ["the tag that says CBOR", "d9d9f701", "cbor_unsupported_item", /tag/],
    ["a byte string in pieces", "5f4101ff", "cbor_wrong_type", /indefinite/],
    ["a text in pieces", "7f6101ff", "cbor_wrong_type", /indefinite/],
    ["an array without a length", "9f01ff", "cbor_wrong_type", /indefinite/],
    ["a map without a length", "bf0101ff", "cbor_wrong_type", /indefinite/],
    ["a reserved head", "1c", "cbor_unsupported_item", /reserved/],
    ["a text that is not UTF-8", "62c328", "cbor_wrong_type", /UTF-8/],
    ["a text with half of a pair", "63eda080", "cbor_wrong_type", /UTF-8/],
    ["keys out of order", "a202010101", "cbor_wrong_type", /sorted/],
    ["a key that stands twice", "a201010102", "cbor_wrong_type", /twice/],
    ["arrays nested too deep", "81".repeat(17) + "01", "cbor_wrong_type", /too deep/],
    ["maps nested too deep", "a101".repeat(17) + "01", "cbor_wrong_type", /too deep/],
  ];
  return rows(
    "encoding",
    forms.map(([name, hex, reason, because]) => [
      `${name}, for the version`,
      withVersion(hex),
      `certificate: ${reason}`,
      because,
    ]),
  );
}

/** The same values, each in a form of its own type that is not the one form. */
function formsInPlace(): Trap[] {
  const statement = build.cbor(made.fields.get(2)); // its head has 3 bytes
  const signed = build.cbor(made.fields.get(5)); // its head has 1
  const head = Uint8Array.of(0xa6);
  const assembled = (
    changed: Map<number, number[]>,
    first: Uint8Array = head,
    end: number[] = [],
  ) => {
    const parts = [...made.fields].map(([key, value]) => [
      key,
      ...(changed.get(key) ?? build.cbor(value)),
    ]);
    return Uint8Array.from([...first, ...parts.flat(), ...end]);
  };
  const longer = [0x5a, 0, 0, ...statement.subarray(1)];
  const indefinite = "certificate: cbor_indefinite_length";
  return rows("encoding", [
    [
      "the statement's length in 5 bytes",
      assembled(new Map([[2, longer]])),
      "certificate: cbor_not_shortest",
      /shortest/,
    ],
    [
      "the statement in pieces",
      assembled(new Map([[2, [0x5f, ...statement, 0xff]]])),
      indefinite,
      /indefinite/,
    ],
    [
      "receipts without a length",
      assembled(new Map([[5, [0x9f, ...signed.subarray(1), 0xff]]])),
      indefinite,
      /indefinite/,
    ],
    [
      "fields without their number",
      assembled(new Map(), Uint8Array.of(0xbf), [0xff]),
      indefinite,
      /indefinite/,
    ],
    [
      "the number of fields in 2 bytes",
      assembled(new Map(), Uint8Array.of(0xb8, 6)),
      "certificate: cbor_not_shortest",
      /shortest/,
    ],
    ["fields out of order", swapped(), "certificate: cbor_unknown_field", /sorted/],
    ["a field that stands twice", twice(), "certificate: cbor_duplicate_key", /twice/],
  ]);
  function swapped(): Uint8Array {
    const [a, b, ...rest] = [...made.fields].map(([key, value]) => [key, ...build.cbor(value)]);
    return Uint8Array.from([...head, ...b!, ...a!, ...rest.flat()]);
  }
  function twice(): Uint8Array {
    const parts = [...made.fields].map(([key, value]) => [key, ...build.cbor(value)]);
    return Uint8Array.from([0xa7, ...parts[0]!, ...parts.flat()]);
  }
}

function hugeLengths(): Trap[] {
  const heads: [string, string, string][] = [
    ["a byte string of 2^64 - 1 bytes", "5bffffffffffffffff", "cbor_wrong_type"],
    ["a byte string of 2^63 - 1 bytes", "5b7fffffffffffffff", "cbor_wrong_type"],
    ["a text of 2^32 bytes", "7b0000000100000000", "cbor_wrong_type"],
    ["an array of 2^64 - 1 items", "9bffffffffffffffff", "cbor_wrong_type"],
    ["an array of 2^24 items", "9a00ffffff", "cbor_wrong_type"],
    ["a map of 2^40 pairs", "bb000000ffffffffff", "cbor_wrong_type"],
  ];
  const first: Row[] = heads.map(([name, head]) => [
    `${name}, and no more`,
    hexToBytes(head),
    head.startsWith("b") ? "certificate: cbor_too_long" : "certificate: cbor_wrong_type",
    /beyond the end|ends inside/,
  ]);
  const inside: Row[] = heads.map(([name, head, reason]) => [
    `${name}, for the version`,
    withVersion(head),
    `certificate: ${reason}`,
    /beyond the end/,
  ]);
  const bytes = build.cbor(made.fields);
  const statementAt = 4; // the map's head, 01 01, 02: then the statement's length in 3 bytes
  const huge = (head: string) =>
    Uint8Array.from([
      ...bytes.subarray(0, statementAt),
      ...hexToBytes(head),
      ...bytes.subarray(statementAt + 3),
    ]);
  const statement: Row[] = [
    [
      "a statement of 2^64 - 1 bytes",
      huge("5bffffffffffffffff"),
      "certificate: cbor_too_long",
      /beyond the end/,
    ],
    [
      "a statement longer than the certificate",
      huge("59ffff"),
      "certificate: cbor_truncated",
      /beyond the end/,
    ],
  ];
  return rows("encoding", [...first, ...inside, ...statement]);
}

function otherFields(): Trap[] {
  const without = (key: number) => new Map([...made.fields].filter(([k]) => k !== key));
  const more = (key: unknown) => build.cbor(new Map<unknown, unknown>([...made.fields, [key, 1]]));
  const good = build.cbor(made.fields);
  const unknown = "certificate: cbor_unknown_field";
  const missing: Row[] = [1, 2, 3, 4, 5, 6].map((key) => [
    `without field ${key}`,
    without(key),
    unknown,
    new RegExp(`field ${key} is missing`),
  ]);
  return rows("encoding", [
    ...missing,
    ["a field 0", more(0), unknown, /unknown field/],
    ["a field 10", more(10), unknown, /unknown field/],
    ["a field -1", more(-1), "certificate: cbor_wrong_type", /unknown field/],
    ["a field named by a text", more("x"), "certificate: cbor_wrong_type", /unknown field/],
    ["version 0", bent([1, 0]), "certificate: cbor_out_of_range", /version/],
    ["version 2", bent([1, 2]), "certificate: cbor_out_of_range", /version/],
    [
      "a byte after the end",
      Uint8Array.from([...good, 0]),
      "certificate: cbor_trailing_bytes",
      /after the end/,
    ],
    ["a byte before it", Uint8Array.from([0, ...good]), "certificate: cbor_wrong_type", /./],
    ["without its last byte", good.slice(0, -1), "certificate: cbor_truncated", /./],
    ["nothing at all", new Uint8Array(0), "certificate: cbor_truncated", /./],
    ["a map without fields", new Map(), unknown, /missing/],
    ["without a receipt", bent([5, []]), "certificate: cbor_out_of_range", /./],
    ["an empty list of set changes", bent([9, []]), "certificate: cbor_out_of_range", /./],
    [
      "a salt of 15 bytes",
      bent([7, [build.salt.slice(1), "x"]]),
      "certificate: cbor_out_of_range",
      /./,
    ],
  ]);
}

/** A COSE_Sign1 where a certificate is asked for, and the like. */
function strangeThings(): Trap[] {
  const sign1 = build.cbor(new Tag(18, [new Uint8Array(0), new Map(), null, new Uint8Array(64)]));
  return rows("encoding", [
    ["a COSE_Sign1 for the certificate", sign1, "certificate: cbor_unsupported_item", /./],
    ["null for the certificate", build.cbor(null), "certificate: cbor_wrong_type", /./],
  ]);
}

function otherStatements(): Trap[] {
  const good = build.statement();
  const other = (statement: Uint8Array) => build.minimal({ statement }).fields;
  const header = (label: number, value: unknown) => stating({ header: new Map([[label, value]]) });
  const leaves = build.log(good, 37).map(leafHash);
  const node = Uint8Array.from([...leaves[20]!, ...leaves[21]!]);
  const part = (name: string, part: string) => `statement: ${name}: part=${part}`;
  const envelope = "COSE_Sign1";
  return rows("encoding", [
    [
      "a leaf hash for the statement",
      bent([2, leafHash(good)]),
      part("cbor_wrong_type", envelope),
      /./,
    ],
    [
      "a node of the log for the statement",
      bent([2, node]),
      part("cbor_wrong_type", envelope),
      /./,
    ],
    [
      "another entry of the log for it",
      bent([2, build.log(good, 37)[20]]),
      part("cbor_wrong_type", envelope),
      /./,
    ],
    [
      "a statement without its tag",
      other(good.slice(1)),
      part("cbor_wrong_type", envelope),
      /tagged COSE_Sign1/,
    ],
    [
      "a statement with tag 17",
      other(good.with(0, 0xd1)),
      part("cbor_unsupported_item", envelope),
      /tagged COSE_Sign1/,
    ],
    [
      "a statement tagged twice",
      other(Uint8Array.from([0xd2, ...good])),
      part("cbor_unsupported_item", envelope),
      /tag/,
    ],
    [
      "a byte after the statement",
      other(Uint8Array.from([...good, 0])),
      part("cbor_trailing_bytes", envelope),
      /after the end/,
    ],
    [
      "a statement with a high-S signature",
      stating({ lowS: false }),
      "statement: signature_invalid",
      /high-S/,
    ],
    [
      "a statement signed by another algorithm",
      header(1, -7),
      part("cbor_out_of_range", "protected header"),
      /ES256K/,
    ],
    [
      "a protected header with a field 5",
      header(5, 1),
      part("cbor_unknown_field", "protected header"),
      /unknown field 5/,
    ],
    [
      "claims with a field 4",
      stating({ claims: new Map([[4, 1]]) }),
      part("cbor_too_long", "protected header"),
      /unknown field 4/,
    ],
    [
      "a payload with an unknown field",
      stating({ payload: { note: "x" } }),
      part("cbor_unknown_field", "payload"),
      /unknown field note/,
    ],
    [
      "a payload without its links",
      stating({ payload: { links: null } }),
      part("cbor_wrong_type", "payload"),
      /./,
    ],
  ]);
}

function otherLinks(): Trap[] {
  const leaf = build.linkLeaf(build.kLinkIndex, sha256(build.ascii("c")));
  const withLeaf = (bytes: Uint8Array) =>
    build.minimal({ linkLeaves: build.links().with(build.kLinkIndex, bytes) }).fields;
  const good = build.cbor(leaf);
  return rows("encoding", [
    [
      "a link leaf with a tenth item",
      withLeaf(build.cbor([...leaf, null])),
      "link leaf: cbor_out_of_range",
      /./,
    ],
    [
      "a byte after the link leaf",
      withLeaf(Uint8Array.from([...good, 0])),
      "link leaf: cbor_trailing_bytes",
      /after the end/,
    ],
    [
      "a position that does not exist",
      withLeaf(build.cbor(leaf.with(7, "somewhere"))),
      "link leaf: cbor_out_of_range",
      /./,
    ],
    [
      "a link without a commitment",
      withLeaf(build.cbor(leaf.with(1, []))),
      "link leaf: cbor_out_of_range",
      /./,
    ],
    [
      "a leaf hash for the link",
      bent([6, [leafHash(link), linkIndex, linkHashes]]),
      "link leaf: cbor_wrong_type",
      /./,
    ],
  ]);
}

function otherParts(): Trap[] {
  const header = build.header(whole.form);
  const longer = Uint8Array.from([0xad, ...header.subarray(1), 13, 0]);
  const entries = build.statusEntries(build.stateMap());
  const [head, bind, signed] = build.setChange(60, build.firstSet, build.secondSet);
  const set = (bytes: Uint8Array) => fullBent([9, [[head, bind, signed, bytes]]]);
  const { alpha, bravo } = build;
  return rows("encoding", [
    [
      "a header with a field 13",
      fullBent([8, [longer, entries]]),
      "header: cbor_too_long",
      /unknown field 13/,
    ],
    [
      "validators out of order",
      set(build.validatorsCbor([bravo, alpha])),
      "validator set: cbor_out_of_range",
      /ascend/,
    ],
    [
      "a validator that stands twice",
      set(build.validatorsCbor([alpha, alpha])),
      "validator set: cbor_out_of_range",
      /./,
    ],
    ["no validators", set(build.cbor([])), "validator set: cbor_out_of_range", /./],
    [
      "a validator without power",
      set(build.cbor([[alpha.org, 0, alpha.publicKey]])),
      "validator set: cbor_out_of_range",
      /power/,
    ],
    [
      "a validator's key that is no point",
      set(build.cbor([[alpha.org, 1, new Uint8Array(33)]])),
      "validator set: cbor_out_of_range",
      /point/,
    ],
  ]);
}

export const encodingTraps: Trap[] = [
  ...otherForms(),
  ...formsInPlace(),
  ...hugeLengths(),
  ...otherFields(),
  ...strangeThings(),
  ...otherStatements(),
  ...otherLinks(),
  ...otherParts(),
];
