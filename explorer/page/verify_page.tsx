import { useState } from "preact/hooks";
import type { Check, Verdict } from "../verifier/index.ts";
import { checkWords } from "./check_words.ts";
import type { Desk, Trust } from "./desk.ts";
import { formatCount } from "./format.ts";
import { useSpeech } from "./language.tsx";
import { Badge, Card, Facts, PageHead } from "./parts.tsx";
import { ProvenFacts } from "./proven_facts.tsx";

export function VerifyPage({ desk }: { desk: Desk }) {
  const { say } = useSpeech();
  const { verdict, problem, trust } = desk;
  return (
    <>
      <PageHead title={say("verify_title")} lead={say("verify_lead")} />
      {problem && (
        <div class="notice bad" role="alert">
          <p>
            <strong>{say("verdict_unreadable")}</strong>
          </p>
          <p class="quiet">{problem}</p>
        </div>
      )}
      {verdict ? <VerdictView verdict={verdict} desk={desk} /> : <DropCard desk={desk} />}
      <Card title={say("trust_title")}>
        <TrustView trust={trust} desk={desk} />
      </Card>
    </>
  );
}

interface FileButtonProps {
  label: string;
  onFiles: (files: Iterable<File>) => Promise<void>;
}

export function FileButton({ label, onFiles }: FileButtonProps) {
  const take = async (event: { currentTarget: HTMLInputElement }) => {
    const input = event.currentTarget;
    await onFiles(Array.from(input.files ?? []));
    input.value = ""; // so that the same file can be chosen again
  };
  return (
    <label class="button file">
      {label}
      <input
        type="file"
        class="visually-hidden"
        multiple
        accept=".treecert,.json,.txt"
        onChange={take}
      />
    </label>
  );
}

function DropCard({ desk }: { desk: Desk }) {
  const { say } = useSpeech();
  const [text, setText] = useState("");
  const submit = (event: Event) => {
    event.preventDefault();
    desk.takeText(text);
  };
  return (
    <section class="card drop">
      <p class="drop-here">
        <strong>{say("verify_drop")}</strong>
      </p>
      <p>
        <FileButton label={say("verify_choose")} onFiles={desk.takeFiles} />
      </p>
      <form onSubmit={submit}>
        <label for="paste">{say("verify_paste")}</label>
        <textarea
          id="paste"
          rows={4}
          placeholder="TP1:…"
          spellcheck={false}
          autocomplete="off"
          required
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <p class="quiet">{say("verify_paste_hint")}</p>
        <button type="submit" class="primary">
          {say("verify_button")}
        </button>
      </form>
    </section>
  );
}

function VerdictView({ verdict, desk }: { verdict: Verdict; desk: Desk }) {
  const { say, language } = useSpeech();
  return (
    <>
      <section class={`verdict ${verdict.valid ? "good" : "bad"}`} role="status" aria-live="polite">
        <Mark ok={verdict.valid} />
        <div>
          <h2>{say(verdict.valid ? "verdict_valid" : "verdict_invalid")}</h2>
          {verdict.facts ? (
            <p>
              {say("verdict_as_of")} {formatCount(verdict.facts.height, language)}
            </p>
          ) : (
            <p>{say("verdict_invalid_hint")}</p>
          )}
        </div>
        <button type="button" onClick={desk.clear}>
          {say("verify_again")}
        </button>
      </section>
      <Card>
        <ol class="checks">
          {verdict.checks.map((check) => (
            <CheckItem key={check.name} check={check} />
          ))}
        </ol>
      </Card>
      {verdict.facts && <ProvenFacts facts={verdict.facts} />}
    </>
  );
}

function CheckItem({ check }: { check: Check }) {
  const { say, pick } = useSpeech();
  const { title, meaning } = checkWords[check.name];
  const tone = check.ok === null ? "open" : check.ok ? "good" : "bad";
  const result = say(check.ok === null ? "check_not_made" : check.ok ? "check_ok" : "check_failed");
  return (
    <li class={tone}>
      <Mark ok={check.ok} />
      <div>
        <p>
          <strong>{pick(title)}</strong> <span class="visually-hidden">({result})</span>
        </p>
        <p class="quiet">{pick(meaning)}</p>
        <p class="detail" lang="en">
          {check.detail}
        </p>
      </div>
    </li>
  );
}

function Mark({ ok }: { ok: boolean | null }) {
  const shape =
    ok === null ? "M7 12h10" : ok ? "M6.500 12.500l3.500 3.500 7.500-8" : "M8 8l8 8M16 8l-8 8";
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <circle cx="12" cy="12" r="11" />
      <path d={shape} />
    </svg>
  );
}

function TrustView({ trust, desk }: { trust: Trust | null; desk: Desk }) {
  const { say } = useSpeech();
  if (!trust) {
    return (
      <>
        <p>{say("trust_missing")}</p>
        <FileButton label={say("trust_choose")} onFiles={desk.takeFiles} />
      </>
    );
  }
  const { chain, fromHeight, toHeight, validators } = trust.file;
  const heights =
    toHeight === null ? `${fromHeight} ${say("trust_onwards")}` : `${fromHeight} – ${toHeight}`;
  return (
    <>
      <p>
        <Badge tone={trust.isOwn ? "good" : "plain"}>
          {say(trust.isOwn ? "trust_own" : "trust_node")}
        </Badge>
      </p>
      {!trust.isOwn && <p class="quiet">{say("trust_node_hint")}</p>}
      <Facts
        rows={[
          [say("trust_chain"), <span class="name">{chain}</span>],
          [say("trust_validators"), validators.map((v) => v.org).join(", ")],
          [say("trust_heights"), heights],
        ]}
      />
      <p class="actions">
        <FileButton label={say("trust_choose")} onFiles={desk.takeFiles} />
        {trust.isOwn && (
          <button type="button" onClick={desk.trustNodeAgain}>
            {say("trust_reset")}
          </button>
        )}
      </p>
    </>
  );
}
