// Traps of signatures: who signed what, for which chain, block, height and set.
import { sha256 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import * as build from "./builder.ts";
import {
  at,
  bent,
  fullBent,
  kElsewhere,
  made,
  receipts,
  rows,
  stating,
  whole,
  type Trap,
} from "./trap.ts";

/** Another receipt in alpha's place. */
function alphas(form: build.ReceiptForm, bind: Partial<build.Bind> = {}, root = made.logRoot) {
  const odd = build.receipt(build.alpha, { ...made.bind, ...bind }, root, form);
  return bent([5, receipts.with(0, odd)]);
}

function statements(): Trap[] {
  const claims = (label: number, text: string) => stating({ claims: new Map([[label, text]]) });
  const header = (label: number, text: string) => stating({ header: new Map([[label, text]]) });
  const consent = { type: "consent", ref: "alloc-1", statement: new Uint8Array(32) };
  return rows("statement", [
    [
      "a statement of another chain",
      claims(3, kElsewhere),
      `wrong_chain: chain=${kElsewhere}, expected=${build.chain}`,
      /chain/,
    ],
    [
      "a subject that is not its ref",
      claims(2, "alpha-platform/another"),
      "header_subject_mismatch: subject=alpha-platform/another, expected=alpha-platform/alloc-1",
      /subject/,
    ],
    [
      "a subject of another organisation",
      claims(2, "bravo-ngo/alloc-1"),
      "header_subject_mismatch: subject=bravo-ngo/alloc-1, expected=alpha-platform/alloc-1",
      /subject/,
    ],
    [
      "a statement that says it is a receipt",
      header(16, "application/treeproof-receipt+cose"),
      "header_typ_wrong: typ=application/treeproof-receipt+cose",
      /typ/,
    ],
    [
      "a statement of another content type",
      header(3, "application/cbor"),
      "header_content_type_wrong: content_type=application/cbor",
      /content type/,
    ],
    [
      "a statement that links no trees",
      stating({ whole: consent }),
      "a statement that links no trees",
      /links no trees/,
    ],
  ]);
}

function receiptTraps(): Trap[] {
  const { alpha, echo } = build;
  const refused = "the signature of alpha-platform does not hold for this log root";
  const late = build.receipt(build.charlie, { ...made.bind, round: 1 }, made.logRoot);
  const halves = (r: Uint8Array | null, s: Uint8Array | null) => {
    const [org, kid, signature] = receipts[0] as [string, Uint8Array, Uint8Array];
    const odd = Uint8Array.from(signature);
    if (r) odd.set(r, 0);
    if (s) odd.set(s, 32);
    return bent([5, receipts.with(0, [org, kid, odd])]);
  };
  const zero = new Uint8Array(32);
  const order = hexToBytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");
  const impostor = build.receipt(
    new build.Signer("alpha-platform", "a thief"),
    made.bind,
    made.logRoot,
  );
  const [a, b, c, d] = receipts;
  const theirs = [alpha.org, alpha.kid, impostor[2]];
  const another = sha256(build.ascii("another"));
  const does = /alpha-platform/;
  return rows("receipts", [
    [
      "precommits of two rounds added up",
      bent([5, receipts.with(2, late)]),
      "the signature of charlie-ngo does not hold for this log root",
      /charlie-ngo/,
    ],
    ["a precommit that names another root", alphas({}, {}, another), refused, does],
    ["a receipt with a high-S signature", alphas({ lowS: false }), refused, does],
    ["a signature whose r is zero", halves(zero, null), refused, does],
    ["a signature whose s is zero", halves(null, zero), refused, does],
    ["a signature whose r is the order", halves(order, null), refused, does],
    ["a signature whose s is the order", halves(null, order), refused, does],
    ["a receipt for another chain", alphas({ chain: kElsewhere }), refused, does],
    ["a receipt for another height", alphas({}, { height: 91 }), refused, does],
    ["a receipt for another round", alphas({}, { round: 1 }), refused, does],
    ["a receipt for another log size", alphas({}, { logSize: 38 }), refused, does],
    ["a receipt for another header", alphas({}, { headerHash: another }), refused, does],
    [
      "a receipt of another typ",
      alphas({ typ: "application/treeproof-statement+cose" }),
      refused,
      does,
    ],
    ["a prevote for a receipt", bent([5, receipts.with(0, vote("prevote"))]), refused, does],
    ["a nil precommit for a receipt", bent([5, receipts.with(0, vote("nil"))]), refused, does],
    ["a proposal for a receipt", bent([5, receipts.with(0, vote("proposal"))]), refused, does],
    [
      "one signer twice, without a quorum",
      bent([5, [a, a, b]]),
      "receipts do not ascend by organisation",
      /ascend/,
    ],
    [
      "one signer twice, beside a quorum",
      bent([5, [a, a, b, c, d]]),
      "receipts do not ascend by organisation",
      /ascend/,
    ],
    [
      "receipts out of order",
      bent([5, [b, a, c, d]]),
      "receipts do not ascend by organisation",
      /ascend/,
    ],
    [
      "a signer outside of the set",
      bent([5, [...receipts, build.receipt(echo, made.bind, made.logRoot)]]),
      "echo-auditor is not a validator of this set",
      /echo-auditor is not a validator/,
    ],
    [
      "a signer with a key of its own",
      bent([5, receipts.with(0, impostor)]),
      "the receipt of alpha-platform names another key",
      /names another key/,
    ],
    [
      "a thief's signature under the right key",
      bent([5, receipts.with(0, theirs)]),
      refused,
      /does not hold/,
    ],
    [
      "a signature of bravo in alpha's name",
      bent([5, receipts.with(0, [alpha.org, alpha.kid, b![2]])]),
      refused,
      /does not hold/,
    ],
    [
      "a validator of the next set, whose change is left out",
      new Map([...whole.fields].filter(([key]) => key !== 9)),
      "echo-auditor is not a validator of this set",
      /echo-auditor is not a validator/,
    ],
  ]);
  /** alpha's vote of another kind for the very block. */
  function vote(kind: string): unknown[] {
    const claims = new Map([
      [1, alpha.org],
      [3, build.chain],
    ]);
    const head = new Map<number, unknown>([
      [1, -47],
      [4, alpha.kid],
      [15, claims],
      [16, `application/treeproof-${kind}+cose`],
    ]);
    const value = kind === "nil" ? null : made.bind.headerHash;
    const payload = build.cbor([made.bind.height, made.bind.round, value, -1]);
    return [alpha.org, alpha.kid, alpha.sign(build.cbor(head), payload)];
  }
}

function quorums(): Trap[] {
  const few = "2 of 4 in power signed, not more than two thirds";
  return rows("quorum", [
    ["two receipts of four", bent([5, receipts.slice(2)]), few, /not more than two thirds/],
  ]);
}

function heights(): Trap[] {
  const [header, bind, signed, set] = build.setChange(60, build.firstSet, build.secondSet);
  const change = [header, bind, signed, set];
  const changed = (height: number) =>
    new Map([...build.minimal({ set: build.secondSet, height }).fields, [9, [change]]] as [
      number,
      unknown,
    ][]);
  return rows("height", [
    [
      "a height after the trust file's last",
      at(101),
      "the trust file does not cover height 101",
      /after the trust file's last/,
    ],
    [
      "a height before the trust file's first",
      at(0),
      "the trust file does not cover height 0",
      /before the trust file's first/,
    ],
    [
      "the height of the set change itself",
      changed(60),
      "the trust file does not cover height 60",
      /set change/,
    ],
    [
      "a height before the set change",
      changed(59),
      "the trust file does not cover height 59",
      /set change/,
    ],
  ]);
}

function setChanges(): Trap[] {
  const [header, bind, signed, set] = build.setChange(60, build.firstSet, build.secondSet) as [
    Uint8Array,
    unknown[],
    unknown[],
    Uint8Array,
  ];
  const with9 = (...changes: unknown[][]) => fullBent([9, changes]);
  const { alpha, bravo, charlie, echo } = build;
  const thieves = build.validatorsCbor([alpha, bravo, charlie, echo]);
  const again = build.setChange(60, build.secondSet, build.secondSet);
  const late = build.setChange(101, build.firstSet, build.secondSet);
  const strangers = build.setChange(60, build.secondSet, build.secondSet);
  const unreached = "set changes that the trust file does not reach";
  return rows("set_changes", [
    [
      "a set that its header does not announce",
      with9([header, bind, signed, thieves]),
      "a set change does not hold: a header announces another validator set",
      /announces another/,
    ],
    [
      "a set change without a quorum",
      with9([header, bind, signed.slice(2), set]),
      "a set change does not hold: the header of height 60 is not certified: bft_no_quorum",
      /not more than two thirds/,
    ],
    [
      "a set change bound to another height",
      with9([header, bind.with(0, 61), signed, set]),
      "a set change does not hold: the header of height 60 is not the one that was signed",
      /another height/,
    ],
    [
      "a set change bound to another header",
      with9([header, bind.with(3, new Uint8Array(32)), signed, set]),
      "a set change does not hold: the header of height 60 is not the one that was signed",
      /not the one that was signed/,
    ],
    [
      "a set change after the trust file's last height",
      with9(late),
      unreached,
      /after the trust file's last/,
    ],
    [
      "two set changes at one height",
      with9([header, bind, signed, set], again),
      "a set change does not hold: changes of validators do not ascend",
      /ascend/,
    ],
    [
      "a set change certified by the set that it announces",
      with9(strangers),
      "a set change does not hold: the header of height 60 names another validator set",
      /under another validator set/,
    ],
  ]);
}

function issuers(): Trap[] {
  const thief = new build.Signer("alpha-platform", "a thief");
  const forged = build.statement(build.links(), { signer: thief });
  const patched = Uint8Array.from(forged);
  patched.set(build.alpha.kid, Buffer.from(forged).indexOf(thief.kid));
  return rows("issuer_signature", [
    [
      "a statement that the issuer did not sign, in the log all the same",
      build.minimal({ statement: patched }).fields,
      "the issuer's signature does not hold",
      /does not hold/,
    ],
  ]);
}

export const signatureTraps: Trap[] = [
  ...statements(),
  ...receiptTraps(),
  ...quorums(),
  ...heights(),
  ...setChanges(),
  ...issuers(),
];
