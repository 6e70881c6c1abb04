import { campaign, campaigns } from "./api.ts";
import { BalanceBars, PointsBars, TreeStates, balanceRows } from "./balance.tsx";
import { formatCount, formatDay, formatGrams } from "./format.ts";
import { useSpeech } from "./language.tsx";
import { balanceHolds, netRedeemed, type Campaign, type CampaignRow } from "./model.ts";
import { Badge, Card, Facts, PageHead, Shown } from "./parts.tsx";
import { hrefTo } from "./route.ts";
import { useAnswer } from "./use_answer.ts";

const kRefresh_ms = 5_000;

export function CampaignsPage() {
  const { say } = useSpeech();
  const { answer, again } = useAnswer("campaigns", campaigns, kRefresh_ms);
  return (
    <>
      <PageHead title={say("campaigns_title")} lead={say("campaigns_lead")} />
      <Shown answer={answer} again={again}>
        {(rows) => <CampaignCards rows={rows} />}
      </Shown>
    </>
  );
}

export function CampaignCards({ rows }: { rows: CampaignRow[] }) {
  const { say, language } = useSpeech();
  if (rows.length === 0) return <p class="quiet">{say("campaigns_empty")}</p>;
  return (
    <ul class="cards">
      {rows.map((row) => (
        <li key={row.id} class="card">
          <h2>
            <a class="name" href={hrefTo("campaign", row.id)}>
              {row.id}
            </a>
          </h2>
          <p class="quiet">{row.planters.join(", ")}</p>
          <p class="progress-line">
            <strong>{formatCount(row.all.allocated, language)}</strong>
            <span class="quiet">
              {" "}
              / {formatCount(row.target, language)} {say("balance_allocated")}
            </span>
          </p>
          <Meter part={row.all.allocated} of={row.target} label={say("balance_allocated")} />
          <Meter part={netRedeemed(row.all)} of={row.target} label={say("balance_net")} />
        </li>
      ))}
    </ul>
  );
}

function Meter({ part, of, label }: { part: bigint; of: bigint; label: string }) {
  const share = of > 0n ? Math.min(100, Number((part * 1_000n) / of) / 10) : 0;
  return (
    <div
      class="meter"
      role="meter"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share}
      aria-label={label}
    >
      <span style={{ width: `${share}%` }} />
    </div>
  );
}

export function CampaignPage({ id }: { id: string }) {
  const { say } = useSpeech();
  const { answer, again } = useAnswer(id, () => campaign(id), kRefresh_ms);
  return (
    <>
      <PageHead
        title={
          <>
            <span class="kicker">{say("campaign")}</span> <span class="name">{id}</span>
          </>
        }
      />
      <Shown answer={answer} again={again}>
        {(found) => <CampaignBalance campaign={found} />}
      </Shown>
    </>
  );
}

function CampaignBalance({ campaign }: { campaign: Campaign }) {
  const { say } = useSpeech();
  const holds = balanceHolds(campaign, campaign.all);
  return (
    <div class="columns">
      <div>
        <Card title={say("balance_title")}>
          <p>
            <Badge tone={holds ? "good" : "bad"}>
              {say(holds ? "balance_holds" : "balance_broken")}
            </Badge>{" "}
            <span class="quiet">
              {say(campaign.mode === "pledge_first" ? "rule_pledge" : "rule_plant")}
            </span>
          </p>
          <BalanceBars
            rows={balanceRows(campaign.all, campaign.target)}
            caption={say("balance_units")}
          />
        </Card>
        <Card title={say("balance_trees")}>
          <TreeStates tally={campaign.all} />
        </Card>
        {campaign.points.map((points) => (
          <Card key={points.programme} title={`${say("balance_points")}: ${points.programme}`}>
            <PointsBars points={points} />
          </Card>
        ))}
      </div>
      <div>
        <Card title={say("tree_facts")}>
          <CampaignFacts campaign={campaign} />
        </Card>
        {campaign.bySpecies.map((tally) => (
          <Card key={tally.species ?? ""} title={tally.species ?? say("all_species")}>
            <BalanceBars
              rows={balanceRows(tally, null)}
              caption={tally.species ?? say("all_species")}
            />
          </Card>
        ))}
      </div>
    </div>
  );
}

function CampaignFacts({ campaign }: { campaign: Campaign }) {
  const { say, term, language } = useSpeech();
  const days = ([from, to]: [number, number]) =>
    `${formatDay(from, language)} – ${formatDay(to, language)}`;
  return (
    <Facts
      rows={[
        [say("platform"), campaign.platform],
        [say("planters"), campaign.planters.join(", ")],
        campaign.sponsor ? [say("sponsor"), campaign.sponsor] : null,
        [say("redeem_window"), days(campaign.redeemWindow)],
        [say("plant_window"), days(campaign.plantWindow)],
        [say("mode"), term("mode", campaign.mode)],
        [
          say("price"),
          campaign.prices.map(({ species, grams }) => (
            <div key={species}>
              {species}: {formatGrams(grams, language)}
            </div>
          )),
        ],
      ]}
    />
  );
}
