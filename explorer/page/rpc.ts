// JSON-RPC 2.0 over POST /rpc of the page's own origin. Source: docs/api.md.

const kNotFound = -32001;
const kTimeout_ms = 15_000;

/** The node knows no such object. */
export class NotFound extends Error {}

/** The node answered with an error. */
export class RpcError extends Error {
  constructor(message: string, readonly code: number) {
    super(message);
  }
}

interface Response_ {
  result?: unknown;
  error?: { code: number; message: string };
}

let lastId = 0;

export async function call<T>(method: string, params: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch("rpc", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: ++lastId, method, params }),
    signal: AbortSignal.timeout(kTimeout_ms),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const { result, error } = (await response.json()) as Response_;
  if (!error) return result as T;
  throw error.code === kNotFound ? new NotFound(error.message) : new RpcError(error.message, error.code);
}

/** As call, with null where the node knows no such object. */
export async function callOrNull<T>(method: string, params: Record<string, unknown>): Promise<T | null> {
  try {
    return await call<T>(method, params);
  } catch (error) {
    if (error instanceof NotFound) return null;
    throw error;
  }
}
