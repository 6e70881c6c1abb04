// An answer of the node as a component sees it: on the way, there, or failed.
import { useCallback, useEffect, useState } from "preact/hooks";

export type Answer<T> =
  { state: "loading" } | { state: "ready"; value: T } | { state: "failed"; error: Error };

/**
 * Asks again whenever `key` changes, and every `every_ms` where given; keeps the old value
 * meanwhile.
 */
export function useAnswer<T>(
  key: string,
  ask: () => Promise<T>,
  every_ms?: number,
): { answer: Answer<T>; again: () => void } {
  const [answer, setAnswer] = useState<Answer<T>>({ state: "loading" });
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((n) => n + 1), []);

  useEffect(() => setAnswer({ state: "loading" }), [key]);
  useEffect(() => {
    let isCurrent = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = async () => {
      try {
        const value = await ask();
        if (isCurrent) setAnswer({ state: "ready", value });
      } catch (error) {
        const failure = error instanceof Error ? error : new Error(String(error));
        if (isCurrent)
          setAnswer((old) => (old.state === "ready" ? old : { state: "failed", error: failure }));
      }
      if (isCurrent && every_ms) timer = setTimeout(load, every_ms);
    };
    void load();
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key, turn]);

  return { answer, again };
}
