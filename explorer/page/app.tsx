// The frame around every page: menu, language switch, the place where certificates may be dropped.
import { chainStatus } from "./api.ts";
import { CampaignPage, CampaignsPage } from "./campaigns_page.tsx";
import { BlockPage, ChainPage } from "./chain_page.tsx";
import { useDesk } from "./desk.ts";
import { FindPage } from "./find_page.tsx";
import { useSpeech } from "./language.tsx";
import { OrganisationsPage } from "./organisations_page.tsx";
import { Fence } from "./parts.tsx";
import { CommitmentPage, RedemptionPage } from "./redemption_page.tsx";
import { hrefTo, useRoute, type Route } from "./route.ts";
import { TreePage } from "./tree_page.tsx";
import { useAnswer } from "./use_answer.ts";
import { VerifyPage } from "./verify_page.tsx";
import type { WordKey } from "./words.ts";

const kMenu: [Route["page"], WordKey, Route["page"][]][] = [
  ["find", "nav_find", ["find", "tree", "redemption", "commitment"]],
  ["verify", "nav_verify", ["verify"]],
  ["campaigns", "nav_campaigns", ["campaigns", "campaign"]],
  ["chain", "nav_chain", ["chain", "block"]],
  ["organisations", "nav_organisations", ["organisations"]],
];

export function App() {
  const { say, language, switchLanguage } = useSpeech();
  const route = useRoute();
  const desk = useDesk();
  return (
    <div class={desk.isDragging ? "frame dragging" : "frame"} {...desk.dropHandlers}>
      <a class="skip" href="#main" onClick={focusMain}>
        {say("skip")}
      </a>
      <header class="top">
        <a class="brand" href={hrefTo("find")}>
          <Leaf />
          <span>{say("title")}</span>
        </a>
        <nav aria-label={say("menu")}>
          {kMenu.map(([page, word, under]) => (
            <a
              key={page}
              href={hrefTo(page)}
              aria-current={under.includes(route.page) ? "page" : undefined}
            >
              {say(word)}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class="language"
          lang={language === "en" ? "zh-CN" : "en"}
          onClick={switchLanguage}
        >
          {say("language")}
        </button>
      </header>
      <TestChainNotice />
      <main id="main" tabIndex={-1}>
        <Fence key={JSON.stringify(route)}>{pageOf(route, desk)}</Fence>
      </main>
      <footer class="bottom">{say("footer")}</footer>
      {desk.isDragging && (
        <div class="drop-veil" aria-hidden="true">
          {say("verify_drop")}
        </div>
      )}
    </div>
  );
}

function TestChainNotice() {
  const { say } = useSpeech();
  const { answer } = useAnswer("status", chainStatus);
  if (answer.state !== "ready" || !answer.value.hasTestClock) return null;
  return (
    <aside class="test-chain">
      {say("test_chain")}
    </aside>
  );
}

function pageOf(route: Route, desk: ReturnType<typeof useDesk>) {
  switch (route.page) {
    case "find":
      return <FindPage desk={desk} />;
    case "tree":
      return <TreePage id={route.id} desk={desk} />;
    case "redemption":
      return <RedemptionPage id={route.id} />;
    case "commitment":
      return <CommitmentPage hex={route.hex} />;
    case "verify":
      return <VerifyPage desk={desk} />;
    case "campaigns":
      return <CampaignsPage />;
    case "campaign":
      return <CampaignPage id={route.id} />;
    case "chain":
      return <ChainPage />;
    case "block":
      return <BlockPage height={route.height} />;
    case "organisations":
      return <OrganisationsPage />;
  }
}

function focusMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Leaf() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="7" class="leaf-ground" />
      <path
        class="leaf"
        d="M16 5c5 4 7.5 7.6 7.5 11a7.5 7.5 0 0 1-6.2 7.4V27h-2.6v-3.6A7.5 7.5 0 0 1 8.5 16c0-3.4 2.5-7 7.5-11z"
      />
      <path class="leaf-check" d="M12.3 15.8l2.9 2.9 5-5.4" />
    </svg>
  );
}
