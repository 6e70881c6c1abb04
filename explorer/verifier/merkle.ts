// Inclusion in an RFC 9162 Merkle tree, with exact path lengths. Sizes are bigints: a log size may
// be anything below 2^63. Source: RFC 9162 section 2.1.3; docs/protocol.md section 4.
import { sha256 } from "./bytes.ts";

export function leafHash(leaf: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(0), leaf);
}

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(Uint8Array.of(1), left, right);
}

/** The exact number of hashes in an inclusion path. Requires: index < size. */
export function inclusionPathLength(index: bigint, size: bigint): number {
  let length = 0;
  let last = size - 1n;
  for (let at = index; last > 0n; at >>= 1n, last >>= 1n) {
    if ((at & 1n) === 1n || at < last) ++length;
  }
  return length;
}

/** The root a path leads to, or null where index >= size or the length is not exact. */
export function rootFromInclusion(
  leaf: Uint8Array,
  index: bigint,
  size: bigint,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (index >= size || path.length !== inclusionPathLength(index, size)) return null;
  let hash = leaf;
  let at = index;
  let last = size - 1n;
  for (const sibling of path) {
    // A right edge without a sibling at this level moves up unhashed.
    while ((at & 1n) === 0n && at === last) {
      at >>= 1n;
      last >>= 1n;
    }
    hash = (at & 1n) === 1n ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
    at >>= 1n;
    last >>= 1n;
  }
  return hash;
}
