// What a valid certificate proves, and nothing else: no word of the node is mixed in.
import type { Facts as Proven } from "../verifier/index.ts";
import { formatCount, formatDay, formatPosition, formatTime } from "./format.ts";
import { useSpeech } from "./language.tsx";
import { CampaignLink, Card, Facts, Hex, TreeLink } from "./parts.tsx";
import { PlotMap } from "./plot_map.tsx";

export function ProvenFacts({ facts }: { facts: Proven }) {
  const { say, term, language } = useSpeech();
  const { lat, lon } = facts;
  const count = (value: string) => formatCount(value, language);
  return (
    <div class="columns">
      <Card title={say("verdict_proven")}>
        {facts.userReference !== undefined && (
          <p class="yours">
            <strong>{say("verdict_yours")}</strong>
            <br />
            {say("verdict_reference")} <bdi class="name">{facts.userReference}</bdi>
          </p>
        )}
        <Facts
          rows={[
            [say("tree"), <TreeLink id={facts.treeId} />],
            [say("species"), facts.species],
            [
              say("planted"),
              facts.plantedDay === null ? say("undated") : formatDay(facts.plantedDay, language),
            ],
            facts.plot ? [say("plot"), facts.plot] : null,
            [
              say("position"),
              lat !== null && lon !== null ? formatPosition(lat, lon) : say("position_plot"),
            ],
            [say("positions"), term("positions", facts.positions)],
            [say("origin"), say(facts.origin === "visited" ? "origin_visited" : "origin_inferred")],
            facts.campaign ? [say("campaign"), <CampaignLink id={facts.campaign} />] : null,
            [say("commitments"), facts.commitments.map((hex) => <Hex key={hex} value={hex} />)],
          ]}
        />
      </Card>
      <div>
        {lat !== null && lon !== null && (
          <Card title={say("tree_where")}>
            <PlotMap rings={[]} lat={lat} lon={lon} />
          </Card>
        )}
        <Card title={say("verdict_signers")}>
          <Facts
            rows={[
              [say("verdict_signers"), facts.signers.join(", ")],
              [say("chain_issuer"), facts.issuer],
              [say("verdict_statement"), <Hex value={facts.statementId} />],
              [
                say("verdict_log"),
                `${count(facts.logIndex)} (${say("verdict_of")} ${count(facts.logSize)})`,
              ],
              [say("chain_height"), count(facts.height)],
              facts.timeMs ? [say("chain_time"), formatTime(Number(facts.timeMs), language)] : null,
            ]}
          />
        </Card>
        {facts.status && <StatusCard status={facts.status} />}
      </div>
    </div>
  );
}

function StatusCard({ status }: { status: NonNullable<Proven["status"]> }) {
  const { say } = useSpeech();
  return (
    <Card title={say("verdict_state")}>
      <ul class="proofs">
        {status.map((entry) => (
          <li key={entry.namespace + entry.id}>
            {entry.present ? (
              <details>
                <summary class="name">{entry.id}</summary>
                <pre>{JSON.stringify(entry.value, null, 1)}</pre>
              </details>
            ) : (
              <p class="name">
                {entry.namespace} / {entry.id}: <span class="quiet">{say("verdict_absent")}</span>
              </p>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}
