// The bars of a mass balance. The numbers are the content; the bars only show their proportion.
import { formatCount, formatGrams } from "./format.ts";
import { useSpeech } from "./language.tsx";
import { netRedeemed, planted, treesIn, type Points, type Tally } from "./model.ts";
import type { WordKey } from "./words.ts";

type Tone = "goal" | "claim" | "tree" | "warn";

export interface BalanceRow {
  word: WordKey;
  count: bigint;
  tone: Tone;
}

export function balanceRows(tally: Tally, target: bigint | null): BalanceRow[] {
  const net = netRedeemed(tally);
  const rows: (BalanceRow | null)[] = [
    target === null ? null : { word: "balance_target", count: target, tone: "goal" },
    { word: "balance_pledged", count: tally.pledged, tone: "claim" },
    { word: "balance_redeemed", count: tally.redeemed, tone: "claim" },
    tally.refunded > 0n ? { word: "balance_refunded", count: tally.refunded, tone: "warn" } : null,
    tally.refunded > 0n ? { word: "balance_net", count: net, tone: "claim" } : null,
    { word: "balance_planted", count: planted(tally), tone: "tree" },
    { word: "balance_available", count: treesIn(tally, "available"), tone: "tree" },
    { word: "balance_allocated", count: tally.allocated, tone: "tree" },
    { word: "balance_waiting", count: net - tally.allocated, tone: "warn" },
  ];
  return rows.filter((row) => row !== null);
}

export function BalanceBars({ rows, caption }: { rows: BalanceRow[]; caption: string }) {
  const { say, language } = useSpeech();
  const most = rows.reduce((max, row) => (row.count > max ? row.count : max), 1n);
  return (
    <table class="bars">
      <caption class="visually-hidden">{caption}</caption>
      <tbody>
        {rows.map((row) => (
          <tr key={row.word}>
            <th scope="row">{say(row.word)}</th>
            <td class="bar">
              <Bar count={row.count} most={most} tone={row.tone} />
            </td>
            <td class="number">{formatCount(row.count, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Every state that a planted tree can be in; those without a tree are left out. */
export function TreeStates({ tally }: { tally: Tally }) {
  const { term, language, say } = useSpeech();
  const all = planted(tally);
  const rows = tally.trees.filter(([, count]) => count > 0n);
  if (rows.length === 0) return <p class="quiet">{say("none")}</p>;
  return (
    <table class="bars">
      <caption class="visually-hidden">{say("balance_trees")}</caption>
      <tbody>
        {rows.map(([state, count]) => (
          <tr key={state}>
            <th scope="row">{term("tree", state)}</th>
            <td class="bar">
              <Bar
                count={count}
                most={all}
                tone={/^(dead|voided|rejected)/.test(state) ? "warn" : "tree"}
              />
            </td>
            <td class="number">{formatCount(count, language)}</td>
          </tr>
        ))}
        <tr class="sum">
          <th scope="row">{say("balance_planted")}</th>
          <td />
          <td class="number">{formatCount(all, language)}</td>
        </tr>
      </tbody>
    </table>
  );
}

export function PointsBars({ points }: { points: Points }) {
  const { say, language } = useSpeech();
  const holds = points.issued === points.outstanding + points.expired + points.redeemed;
  const rows: [WordKey, bigint, Tone][] = [
    ["points_issued", points.issued, "goal"],
    ["points_outstanding", points.outstanding, "claim"],
    ["points_expired", points.expired, "warn"],
    ["points_redeemed", points.redeemed, "tree"],
  ];
  return (
    <>
      <table class="bars">
        <caption class="visually-hidden">{say("balance_points")}</caption>
        <tbody>
          {rows.map(([word, grams, tone]) => (
            <tr key={word}>
              <th scope="row">{say(word)}</th>
              <td class="bar">
                <Bar count={grams} most={points.issued} tone={tone} />
              </td>
              <td class="number" title={`${formatCount(grams, language)} g`}>
                {formatGrams(grams, language)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="quiet">
        {say(holds ? "balance_holds" : "balance_broken")}: {say("rule_points")}
      </p>
    </>
  );
}

function Bar({ count, most, tone }: { count: bigint; most: bigint; tone: Tone }) {
  const share = most > 0n ? Number((count * 10_000n) / most) / 100 : 0;
  return (
    <span
      class={`fill ${tone}`}
      style={{ width: `${Math.max(share, count > 0n ? 0.5 : 0)}%` }}
      aria-hidden="true"
    />
  );
}
