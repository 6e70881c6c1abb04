// Traps of proofs: places in the log, links, what an opening opens, what a status proves.
import { sha256 } from "@noble/hashes/sha2.js";
import * as build from "./builder.ts";
import { leafHash, merklePath, StateMap } from "./merkle_map.ts";
import {
  bent,
  fullBent,
  kElsewhere,
  link,
  linkHashes,
  linkIndex,
  logHashes,
  logIndex,
  made,
  rows,
  whole,
  type Row,
  type Trap,
} from "./trap.ts";

function paths(): Trap[] {
  const [first] = logHashes;
  const inexact = "the log path is not of its exact length";
  const linkInexact = "the link path is not of its exact length";
  const longer = /longer or shorter/;
  const fields = (index: unknown, hashes: unknown) => bent([3, [index, hashes]]);
  const links = (index: unknown, hashes: unknown) => bent([6, [link, index, hashes]]);
  return rows("path_lengths", [
    ["a log path shorter by one", fields(logIndex, logHashes.slice(1)), inexact, longer],
    ["a log path longer by one", fields(logIndex, [...logHashes, first]), inexact, longer],
    ["an empty log path", fields(logIndex, []), inexact, longer],
    [
      "a log index that is the log size",
      fields(37, logHashes),
      "the log index is not in the log",
      /below the log size/,
    ],
    ["a link path shorter by one", links(linkIndex, linkHashes.slice(1)), linkInexact, longer],
    [
      "a link path longer by one",
      links(linkIndex, [...linkHashes, linkHashes[0]]),
      linkInexact,
      longer,
    ],
    [
      "a link index that is the count",
      links(build.kLinkCount, linkHashes),
      "the link index is not among the links",
      /no link number/,
    ],
  ]);
}

/** The very same path leads to the same root in each of these sizes: only signatures tell. */
function relocations(): Trap[] {
  const moved = (index: number, size: number) =>
    bent([3, [index, logHashes]], [4, build.bindField({ ...made.bind, logSize: size })]);
  const refused = "the signature of alpha-platform does not hold for this log root";
  const places: [number, number][] = [
    [21, 33],
    [21, 36],
    [21, 38],
    [21, 64],
    [20, 37],
    [22, 37],
    [5, 37],
  ];
  return rows(
    "receipts",
    places.map(([index, size]) => [
      `the proof moved to index ${index} of ${size}`,
      moved(index, size),
      refused,
      /alpha-platform/,
    ]),
  );
}

function hugeLogs(): Trap[] {
  const path = Array.from({ length: 63 }, () => new Uint8Array(32));
  const of = (size: bigint, index: bigint) =>
    bent([3, [index, path]], [4, build.bindField({ ...made.bind, logSize: size })]);
  const top = 2n ** 63n;
  return [
    ...rows("path_lengths", [
      [
        "the last entry of a log of 2^63 - 1",
        of(top - 1n, top - 2n),
        "the log path is not of its exact length",
        /longer or shorter/,
      ],
    ]),
    ...rows("receipts", [
      [
        "entry 5 of a log of 2^63 - 1",
        of(top - 1n, 5n),
        "the signature of alpha-platform does not hold for this log root",
        /alpha-platform/,
      ],
    ]),
    ...rows("encoding", [
      ["a log of 2^63", of(top, 5n), "certificate: cbor_out_of_range", /out of range/],
      [
        "a log of 2^64 - 1",
        of(2n * top - 1n, 2n * top - 2n),
        "certificate: cbor_out_of_range",
        /out of range/,
      ],
    ]),
  ];
}

/** A statement that was recorded elsewhere, long ago. */
function replays(): Trap[] {
  const old = build.statement(build.links(), { payload: { ref: "alloc-0" } });
  const entries = build.log(old, 30).map(leafHash);
  const place = [build.kStatementIndex, merklePath(build.kStatementIndex, entries)];
  const refused = "the signature of alpha-platform does not hold for this log root";
  return [
    ...rows("receipts", [
      ["an old statement in this one's place", bent([2, old]), refused, /alpha-platform/],
    ]),
    ...rows("path_lengths", [
      [
        "an old statement with its old path",
        bent([2, old], [3, place]),
        "the log path is not of its exact length",
        /longer or shorter/,
      ],
    ]),
  ];
}

function otherTrees(): Trap[] {
  const better = build.cbor(build.linkLeaf(linkIndex, sha256(build.ascii("mine"))));
  const refused = "the link is not one of the statement's links";
  return rows("link_path", [
    [
      "a link with a commitment of one's own",
      bent([6, [better, linkIndex, linkHashes]]),
      refused,
      /not one of/,
    ],
    [
      "another link with this one's path",
      bent([6, [build.links()[0], linkIndex, linkHashes]]),
      refused,
      /not one of/,
    ],
    [
      "the link at its neighbour's index",
      bent([6, [link, linkIndex ^ 1, linkHashes]]),
      refused,
      /not one of/,
    ],
  ]);
}

function openings(): Trap[] {
  const refused = "the salt and reference open no commitment of this tree";
  const other = build.salt.with(0, build.salt[0]! ^ 1);
  return rows("opening", [
    [
      "the reference of somebody else",
      fullBent([7, [build.salt, "somebody else"]]),
      refused,
      /open no commitment/,
    ],
    ["another salt", fullBent([7, [other, build.reference]]), refused, /open no commitment/],
  ]);
}

function statuses(): Trap[] {
  const map = build.stateMap();
  const [present, absent] = build.statusEntries(map) as [unknown[], unknown[]];
  const own = build.header(whole.form);
  const forged = new StateMap([{ ...build.presentObject, value: build.cbor({ area: 9 }) }]);
  const under = (changes: Partial<build.BlockForm>) =>
    fullBent([8, [build.header({ ...whole.form, ...changes }), [present, absent]]]);
  const showing = (entry: unknown[]) => fullBent([8, [own, [entry]]]);
  const another = "the header is not the one that was signed";
  const unproven = (id: string) => `no proof of ${id}`;
  return rows("status", [
    [
      "a status under another state root",
      under({ stateRoot: forged.root() }),
      another,
      /not the one that was signed/,
    ],
    [
      "a status under a header of another height",
      under({ height: 151 }),
      another,
      /not the one that was signed/,
    ],
    [
      "a status under a header of another log",
      under({ logSize: 38 }),
      another,
      /not the one that was signed/,
    ],
    [
      "a proof shown for another object",
      showing(present.with(1, "bravo-ngo/278")),
      unproven("plot bravo-ngo/278"),
      /another key/,
    ],
    [
      "a proof shown for another value",
      showing(present.with(2, build.cbor({ area: 1 }))),
      unproven("plot bravo-ngo/277"),
      /another value/,
    ],
    [
      "existence shown for absence",
      showing(present.with(2, null)),
      unproven("plot bravo-ngo/277"),
      /not of absence/,
    ],
    [
      "absence shown for existence",
      showing(absent.with(2, build.cbor(true))),
      unproven("frozen bravo-ngo/plant-1"),
      /not of existence/,
    ],
    [
      "an empty proof",
      showing(present.with(3, new Uint8Array(0))),
      unproven("plot bravo-ngo/277"),
      /./,
    ],
    ...contradictions([present, absent]),
  ]);
}

/** Headers that the validators signed although they do not say what the receipts bind. */
function contradictions(entries: unknown[]): Row[] {
  const differs = "the header is of another height, log size or log root";
  const rowOf = (
    name: string,
    changes: Partial<build.BlockForm>,
    reason: string,
    because: RegExp,
  ): Row => {
    const bytes = build.header({ ...made.form, ...changes });
    const bind = { ...made.bind, headerHash: build.domainHash("treeproof/header/v1", bytes) };
    const signed = build.firstSet.map((signer) => build.receipt(signer, bind, made.logRoot));
    const fields = bent([4, build.bindField(bind)], [5, signed], [8, [bytes, entries]]);
    return [name, fields, reason, because];
  };
  return [
    rowOf("a signed header of another height", { height: 91 }, differs, /another height/),
    rowOf("a signed header of another log size", { logSize: 38 }, differs, /another log size/),
    rowOf(
      "a signed header of another log root",
      { logRoot: new Uint8Array(32) },
      differs,
      /another log root/,
    ),
    rowOf(
      "a signed header of another chain",
      { chain: kElsewhere },
      "the header is of another chain",
      /another chain/,
    ),
  ];
}

export const proofTraps: Trap[] = [
  ...paths(),
  ...relocations(),
  ...hugeLogs(),
  ...replays(),
  ...otherTrees(),
  ...openings(),
  ...statuses(),
];
