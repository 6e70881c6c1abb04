// Public vectors, where they are: $TREEPROOF_VECTORS or ../shared/vectors beside the checkout.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { verifyEs256k } from "../../explorer/verifier/cose.ts";
import { rootFromInclusion } from "../../explorer/verifier/merkle.ts";

declare const INTEROP_ROOT: string;
const vectors = process.env["TREEPROOF_VECTORS"] ?? join(INTEROP_ROOT, "../../../shared/vectors");
const skip = existsSync(vectors) ? false : `no vectors at ${vectors}`;

interface Inclusion {
  leafIdx: number | string;
  treeSize: number | string;
  root: string;
  leafHash: string;
  proof: string[] | null;
  wantErr: boolean;
}

test(
  "RFC 9162 inclusion proofs are accepted and refused as the public probes say",
  { skip },
  () => {
    const bytes = (text: string | null) => Uint8Array.from(Buffer.from(text ?? "", "base64"));
    const folder = join(vectors, "rfc9162-merkle/inclusion");
    let probes = 0;
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
      if (!name.endsWith(".json")) continue;
      const probe = JSON.parse(readFileSync(join(folder, name), "utf8")) as Inclusion;
      const path = (probe.proof ?? []).map(bytes);
      const root = rootFromInclusion(
        bytes(probe.leafHash),
        BigInt(probe.leafIdx),
        BigInt(probe.treeSize),
        path,
      );
      const holds = root !== null && Buffer.compare(root, bytes(probe.root)) === 0;
      assert.equal(holds, !probe.wantErr, name);
      ++probes;
    }
    assert.ok(probes > 30);
  },
);

interface Wycheproof {
  testGroups: {
    publicKey: { uncompressed: string };
    tests: { tcId: number; msg: string; sig: string; result: string }[];
  }[];
}

test(
  "Wycheproof's low-S ECDSA signatures hold where they are valid, in their r || s form",
  { skip },
  () => {
    const file = join(vectors, "wycheproof/ecdsa_secp256k1_sha256_bitcoin_test.json");
    let converted = 0;
    for (const group of (JSON.parse(readFileSync(file, "utf8")) as Wycheproof).testGroups) {
      const point = Buffer.from(group.publicKey.uncompressed, "hex");
      const key = Uint8Array.from([2 + (point[64]! & 1), ...point.subarray(1, 33)]);
      for (const { tcId, msg, sig, result } of group.tests) {
        const signature = fromDer(sig);
        if (!signature) {
          assert.equal(result, "invalid", `case ${tcId}`);
          continue;
        }
        ++converted;
        const holds = verifyEs256k(signature, Uint8Array.from(Buffer.from(msg, "hex")), key);
        assert.equal(holds, result === "valid", `case ${tcId}`);
      }
    }
    assert.ok(converted > 160);
  },
);

/** r || s of a strict DER signature; null where the encoding itself is at fault. */
function fromDer(hex: string): Uint8Array | null {
  try {
    const der = Uint8Array.from(Buffer.from(hex, "hex"));
    return secp256k1.Signature.fromBytes(der, "der").toBytes("compact");
  } catch {
    return null;
  }
}
