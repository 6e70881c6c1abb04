import { useState } from "preact/hooks";
import { certificateHref, fetchCertificate } from "./api.ts";
import type { Desk } from "./desk.ts";
import { formatDay, formatHectares, formatPosition, formatTime } from "./format.ts";
import { useSpeech } from "./language.tsx";
import type { StoryEvent, Tree } from "./model.ts";
import { Badge, BlockLink, CampaignLink, Card, Facts, Hex, PageHead, Shown } from "./parts.tsx";
import { PlotMap } from "./plot_map.tsx";
import { hrefTo } from "./route.ts";
import { tree } from "./tree_story.ts";
import { useAnswer } from "./use_answer.ts";

export function TreePage({ id, desk }: { id: string; desk: Desk }) {
  const { say } = useSpeech();
  const { answer, again } = useAnswer(id, () => tree(id));
  return (
    <>
      <PageHead
        title={
          <>
            <span class="kicker">{say("tree")}</span> <span class="name">{id}</span>
          </>
        }
      />
      <Shown answer={answer} again={again}>
        {(found) => <TreeStory tree={found} desk={desk} />}
      </Shown>
    </>
  );
}

function TreeStory({ tree, desk }: { tree: Tree; desk: Desk }) {
  const { say, term } = useSpeech();
  const isLive = ["unverified", "available", "allocated"].includes(tree.state);
  return (
    <>
      <p class="under-title">
        <Badge tone={isLive ? "good" : "bad"}>{term("tree", tree.state)}</Badge>{" "}
        <em>{tree.speciesName ?? tree.species}</em>
      </p>
      <div class="columns">
        <div>
          <Card title={say("tree_where")}>
            <Place tree={tree} />
          </Card>
          <Card title={say("tree_certificate")}>
            <Certificate tree={tree} desk={desk} />
          </Card>
        </div>
        <div>
          <Card title={say("tree_story")}>
            <Timeline tree={tree} />
          </Card>
          <Card title={say("tree_facts")}>
            <TreeFacts tree={tree} />
          </Card>
        </div>
      </div>
    </>
  );
}

function Place({ tree }: { tree: Tree }) {
  const { say, term, language } = useSpeech();
  const { plot, lat, lon } = tree;
  if (!plot && lat === null) return <p class="quiet">{say("position_none")}</p>;
  return (
    <>
      <PlotMap rings={plot?.rings ?? []} lat={lat} lon={lon} />
      <Facts
        rows={[
          [
            say("position"),
            lat !== null && lon !== null ? formatPosition(lat, lon) : say("position_plot"),
          ],
          [say("positions"), term("positions", tree.positions)],
          plot && [say("plot"), plot.id],
          plot && [say("plot_area"), formatHectares(plot.areaM2, language)],
          plot && [say("plot_country"), countryName(plot.country, language)],
        ]}
      />
    </>
  );
}

function countryName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

function TreeFacts({ tree }: { tree: Tree }) {
  const { say, language } = useSpeech();
  return (
    <Facts
      rows={[
        [
          say("species"),
          tree.speciesName ? (
            <>
              <em>{tree.speciesName}</em> ({tree.species})
            </>
          ) : (
            tree.species
          ),
        ],
        [
          say("planted"),
          tree.plantedDay === null ? say("undated") : formatDay(tree.plantedDay, language),
        ],
        [say("planter"), tree.planter],
        [say("batch"), tree.batch],
        tree.campaign ? [say("campaign"), <CampaignLink id={tree.campaign} />] : null,
        tree.unit
          ? [say("redemption"), <a href={hrefTo("redemption", tree.unit)}>{tree.unit}</a>]
          : null,
        tree.isVisited === null
          ? null
          : [say("origin"), say(tree.isVisited ? "origin_visited" : "origin_inferred")],
        tree.commitments.length > 0
          ? [say("commitments"), tree.commitments.map((hex) => <Hex key={hex} value={hex} />)]
          : null,
      ]}
    />
  );
}

function Timeline({ tree }: { tree: Tree }) {
  const { say } = useSpeech();
  return (
    <ol class="timeline">
      {tree.story.map((event) => (
        <TimelineItem key={event.kind + event.object} event={event} />
      ))}
      {tree.allocation && (
        <li class="last">
          <strong>{say("story_certificate")}</strong>
        </li>
      )}
    </ol>
  );
}

function TimelineItem({ event }: { event: StoryEvent }) {
  const { say, term, language } = useSpeech();
  const when =
    event.day !== null
      ? formatDay(event.day, language)
      : event.timeMs !== null
        ? formatTime(event.timeMs, language)
        : "";
  return (
    <li>
      <time>{when}</time>
      <strong>{term("story", event.kind)}</strong>
      <span class="quiet">
        {say("story_by")} {event.org}
        {event.height !== null && (
          <>
            {" "}
            · {say("story_block")} <BlockLink height={event.height} />
          </>
        )}
      </span>
      <span class="quiet name">{event.object}</span>
      {event.otherTree && (
        <a class="name" href={hrefTo("tree", event.otherTree)}>
          {event.otherTree}
        </a>
      )}
    </li>
  );
}

function Certificate({ tree, desk }: { tree: Tree; desk: Desk }) {
  const { say } = useSpeech();
  const [problem, setProblem] = useState<string | null>(null);
  if (!tree.allocation) return <p class="quiet">{say("tree_no_certificate")}</p>;
  const verify = async () => {
    try {
      desk.takeCertificate(await fetchCertificate(tree.id));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <p>{say("tree_node_says")}</p>
      <p class="actions">
        <button type="button" class="primary" onClick={verify}>
          {say("tree_verify")}
        </button>
        <a
          class="button"
          href={certificateHref(tree.id)}
          download={`${tree.id.replace(/[/#]/g, "_")}.treecert`}
        >
          {say("tree_download")}
        </a>
      </p>
      {problem && (
        <p class="notice bad" role="alert">
          {say("failed")}: {problem}
        </p>
      )}
    </>
  );
}
