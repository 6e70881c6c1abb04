// JSON-RPC 2.0 over POST /rpc of the page's own origin. Calls made in one turn travel as one batch,
// so that they see one snapshot of the chain. Source: docs/api.md "Conventions".

const kNotFound = -32001;
const kTimeout_ms = 15_000;
const kPagesMax = 20;

/** The node knows no such object. */
export class NotFound extends Error {}
/** Nobody answers at the page's own address, or not in time. */
export class Unreachable extends Error {}

interface Call {
  method: string;
  params: Record<string, unknown>;
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

interface Reply {
  id: number;
  result?: unknown;
  error?: { code: number; message: string };
}

let waiting: Call[] = [];

export function call<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (waiting.length === 0) queueMicrotask(sendWaiting);
    waiting.push({ method, params, resolve: resolve as (result: unknown) => void, reject });
  });
}

/** As call, with null where the node knows no such object. */
export async function callOrNull<T>(
  method: string,
  params: Record<string, unknown>,
): Promise<T | null> {
  try {
    return await call<T>(method, params);
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}

/** Every item of a list, page by page. */
export async function callList<T>(
  method: string,
  params: Record<string, unknown> = {},
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < kPagesMax; ++page) {
    const asked: Record<string, unknown> = cursor === null ? params : { ...params, cursor };
    const answer: { items: T[]; cursor: string | null } = await call(method, asked);
    items.push(...answer.items);
    cursor = answer.cursor;
    if (cursor === null) break;
  }
  return items;
}

async function sendWaiting(): Promise<void> {
  const calls = waiting;
  waiting = [];
  try {
    const replies = await post(
      calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params })),
    );
    for (const { id, result, error } of replies) {
      if (!error) calls[id]?.resolve(result);
      else calls[id]?.reject(error.code === kNotFound ? new NotFound() : new Error(error.message));
    }
    for (const { reject } of calls) reject(new Error("the node left a call unanswered"));
  } catch (error) {
    for (const { reject } of calls) {
      reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

async function post(batch: unknown[]): Promise<Reply[]> {
  const response = await fetch("rpc", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(batch),
    signal: AbortSignal.timeout(kTimeout_ms),
  }).catch((error: unknown) => {
    throw new Unreachable(String(error));
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const replies: unknown = await response.json();
  if (!Array.isArray(replies)) throw new Error("the node answered a batch with something else");
  return replies as Reply[];
}
