// The node that the page is tested against, asked in its own words: a tree that has a certificate,
// that certificate, a campaign. Nothing here is known beforehand but the address.

export const origin = (process.env.TREEPROOF_URL ?? "http://127.0.0.1:8640").replace(/\/$/, "");

export async function rpc(method, params = {}) {
  const response = await fetch(`${origin}/rpc`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  const { result, error } = await response.json();
  if (error) throw new Error(`${method}: ${error.message}`);
  return result;
}

export async function isThere() {
  try {
    return (await fetch(`${origin}/`)).ok;
  } catch {
    return false;
  }
}

/** An allocated tree, found by reading the chain from its beginning. */
export async function allocatedTree() {
  const { height } = await rpc("chain_status");
  const batches = [];
  for (let at = 1n; at <= BigInt(height); ++at) {
    const { statements } = await rpc("chain_getBlock", { height: at.toString() });
    for (const { type, issuer, ref } of statements) {
      if (type === "plant" || type === "inventory") batches.push(`${issuer}/${ref}`);
      if (type !== "allocate") continue;
      const tree = await firstAllocated(batches);
      if (tree) return tree;
    }
  }
  throw new Error("the chain holds no allocated tree");
}

async function firstAllocated(batches) {
  for (const batch of batches) {
    for (let index = 0; index < 20; ++index) {
      const tree = await rpc("tree_get", { tree: `${batch}#${index}` }).catch(() => null);
      if (tree?.state === "allocated") return tree;
    }
  }
  return null;
}

/** A tree that died and was replaced, as its lineage says; null where none was yet. */
export async function replacedTree() {
  const { items } = await rpc("batch_list", { limit: 100 });
  for (const { id, object } of items) {
    if (!object.species.some(({ trees }) => BigInt(trees.dead_replaced) > 0n)) continue;
    const { leaves } = await rpc("batch_leaves", { batch: id, limit: 5000 });
    const lost = leaves.find(({ state }) => state === "dead_replaced");
    if (lost) return rpc("tree_lineage", { tree: `${id}#${lost.index}` });
  }
  return null;
}

export async function certificateOf(tree) {
  const response = await fetch(`${origin}/certificate/${encodeURIComponent(tree)}.treecert`);
  if (!response.ok) throw new Error(`certificate of ${tree}: HTTP ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

export async function trustFile() {
  return Buffer.from(await (await fetch(`${origin}/trust.json`)).arrayBuffer());
}
