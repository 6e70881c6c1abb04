import { findCommitment, redemption } from "./api.ts";
import { formatGrams, formatTime } from "./format.ts";
import { useSpeech } from "./language.tsx";
import type { Redemption } from "./model.ts";
import {
  Badge,
  BlockLink,
  CampaignLink,
  Card,
  Facts,
  Hex,
  PageHead,
  Shown,
  TreeLink,
} from "./parts.tsx";
import { hrefTo } from "./route.ts";
import { useAnswer } from "./use_answer.ts";

export function RedemptionPage({ id }: { id: string }) {
  const { say } = useSpeech();
  const { answer, again } = useAnswer(id, () => redemption(id));
  return (
    <>
      <PageHead
        title={
          <>
            <span class="kicker">{say("redemption_title")}</span> <span class="name">{id}</span>
          </>
        }
      />
      <Shown answer={answer} again={again}>
        {(found) => <RedemptionFacts redemption={found} />}
      </Shown>
    </>
  );
}

export function CommitmentPage({ hex }: { hex: string }) {
  const { say } = useSpeech();
  const { answer, again } = useAnswer(hex, () => findCommitment(hex));
  return (
    <>
      <PageHead
        title={
          <>
            <span class="kicker">{say("commitment")}</span> <Hex value={hex} />
          </>
        }
      />
      <Shown answer={answer} again={again}>
        {(found) => <RedemptionFacts redemption={found} />}
      </Shown>
    </>
  );
}

function RedemptionFacts({ redemption }: { redemption: Redemption }) {
  const { say, term, language } = useSpeech();
  const { recorded, tree } = redemption;
  return (
    <div class="columns">
      <Card title={say("tree_facts")}>
        <Facts
          rows={[
            [
              say("status"),
              <Badge tone={redemption.state === "allocated" ? "good" : "plain"}>
                {term("unit", redemption.state)}
              </Badge>,
            ],
            [say("redemption"), redemption.id],
            [say("campaign"), <CampaignLink id={redemption.campaign} />],
            redemption.species ? [say("species"), redemption.species] : null,
            [say("grams"), formatGrams(redemption.grams, language)],
            recorded && [say("chain_time"), formatTime(recorded.timeMs, language)],
            recorded && [say("chain_block"), <BlockLink height={recorded.height} />],
            [
              say("commitments"),
              redemption.commitments.map((hex) => <Hex key={hex} value={hex} />),
            ],
          ]}
        />
      </Card>
      <Card title={say("tree")}>
        {tree ? (
          <>
            <p class="name">
              <TreeLink id={tree} />
            </p>
            <p>
              <a class="button primary" href={hrefTo("tree", tree)}>
                {say("redemption_to_tree")}
              </a>
            </p>
          </>
        ) : (
          <p class="quiet">{say("redemption_waiting")}</p>
        )}
      </Card>
    </div>
  );
}
