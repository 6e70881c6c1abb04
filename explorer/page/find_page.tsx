import { useState } from "preact/hooks";
import { campaigns, exampleTree, latestBlocks, resolve } from "./api.ts";
import { BlockTable } from "./chain_page.tsx";
import { CampaignCards } from "./campaigns_page.tsx";
import type { Desk } from "./desk.ts";
import { useSpeech } from "./language.tsx";
import { Card, Shown, TreeLink } from "./parts.tsx";
import { hrefTo } from "./route.ts";
import { useAnswer } from "./use_answer.ts";
import { FileButton } from "./verify_page.tsx";

const kRefresh_ms = 4_000;

export function FindPage({ desk }: { desk: Desk }) {
  const { say } = useSpeech();
  const blocks = useAnswer("blocks", () => latestBlocks(5), kRefresh_ms);
  const list = useAnswer("campaigns", campaigns);
  return (
    <>
      <section class="hero">
        <h1>{say("find_title")}</h1>
        <p class="lead">{say("find_lead")}</p>
        <SearchForm />
        <Example />
        <p class="hero-certificate">
          {say("find_certificate")} <FileButton label={say("find_open")} onFiles={desk.takeFiles} />
        </p>
        <p class="quiet about">{say("find_about")}</p>
      </section>
      <section class="band">
        <div class="band-head">
          <h2>{say("campaigns_title")}</h2>
        </div>
        <Shown answer={list.answer} again={list.again}>
          {(rows) => <CampaignCards rows={rows} />}
        </Shown>
      </section>
      <section class="band">
        <div class="band-head">
          <h2>{say("chain_title")}</h2>
          <a href={hrefTo("chain")}>{say("more")}</a>
        </div>
        <Card>
          <Shown answer={blocks.answer} again={blocks.again}>
            {(rows) => <BlockTable rows={rows} />}
          </Shown>
        </Card>
      </section>
    </>
  );
}

function Example() {
  const { say } = useSpeech();
  const { answer } = useAnswer("example", exampleTree);
  if (answer.state !== "ready" || answer.value === null) return null;
  return (
    <p class="example">
      {say("find_example")} <TreeLink id={answer.value} />
    </p>
  );
}

type Search = "idle" | "busy" | "nothing" | { error: string };

function SearchForm() {
  const { say } = useSpeech();
  const [typed, setTyped] = useState("");
  const [search, setSearch] = useState<Search>("idle");
  const submit = async (event: Event) => {
    event.preventDefault();
    setSearch("busy");
    try {
      const href = await resolve(typed.trim());
      if (href) location.hash = href;
      setSearch(href ? "idle" : "nothing");
    } catch (error) {
      setSearch({ error: error instanceof Error ? error.message : String(error) });
    }
  };
  return (
    <form class="search" role="search" onSubmit={submit}>
      <label class="visually-hidden" for="search">
        {say("find_label")}
      </label>
      <input
        id="search"
        type="search"
        value={typed}
        placeholder="desert-ngo/plant-1#123"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        required
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <button type="submit" class="primary" disabled={search === "busy"}>
        {say("find_button")}
      </button>
      <div class="search-answer" role="status">
        {search === "nothing" && (
          <>
            <strong>{say("not_found")}.</strong> {say("not_found_hint")}
          </>
        )}
        {typeof search === "object" && (
          <>
            {say("failed")}: {search.error}
          </>
        )}
      </div>
    </form>
  );
}
