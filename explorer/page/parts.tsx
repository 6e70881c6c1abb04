// The small pieces that several pages share.
import { Component, type ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { NotFound, Unreachable } from "./rpc.ts";
import { shorten } from "./format.ts";
import { useSpeech } from "./language.tsx";
import { hrefTo } from "./route.ts";
import type { Answer } from "./use_answer.ts";

interface ShownProps<T> {
  answer: Answer<T>;
  again?: () => void;
  children: (value: T) => ComponentChildren;
}

/** The value of an answer, or that it is on the way, or what went wrong. */
export function Shown<T>({ answer, again, children }: ShownProps<T>) {
  const { say } = useSpeech();
  if (answer.state === "loading")
    return (
      <p class="quiet" role="status">
        {say("loading")}
      </p>
    );
  if (answer.state === "ready") return <>{children(answer.value)}</>;
  if (answer.error instanceof NotFound) {
    return (
      <div class="notice" role="status">
        <p>
          <strong>{say("not_found")}</strong>
        </p>
        <p class="quiet">{say("not_found_hint")}</p>
      </div>
    );
  }
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{say("failed")}</strong>
      </p>
      <p class="quiet">
        {answer.error instanceof Unreachable ? say("offline") : answer.error.message}
      </p>
      {again && (
        <button type="button" onClick={again}>
          {say("retry")}
        </button>
      )}
    </div>
  );
}

export function PageHead({ title, lead }: { title: ComponentChildren; lead?: string }) {
  return (
    <header class="page-head">
      <h1>{title}</h1>
      {lead && <p class="lead">{lead}</p>}
    </header>
  );
}

export function Card({ title, children }: { title?: string; children: ComponentChildren }) {
  return (
    <section class="card">
      {title && <h2>{title}</h2>}
      {children}
    </section>
  );
}

type Fact = [label: string, value: ComponentChildren];

/** Pairs of label and value; null and undefined values are left out. */
export function Facts({ rows }: { rows: (Fact | null)[] }) {
  return (
    <dl class="facts">
      {rows.map(
        (row) =>
          row && (
            <div key={row[0]}>
              <dt>{row[0]}</dt>
              <dd>{row[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** A long hexadecimal text, shortened, with its whole on the clipboard at a press. */
export function Hex({ value }: { value: string }) {
  const { say } = useSpeech();
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(value);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1_500);
  };
  return (
    <button type="button" class="hex" title={value} onClick={copy}>
      <code>{shorten(value)}</code>
      <span class="visually-hidden">{say("copy")}</span>
      <span class="hex-hint" aria-live="polite">
        {isCopied ? say("copied") : ""}
      </span>
    </button>
  );
}

export function TreeLink({ id }: { id: string }) {
  return <a href={hrefTo("tree", id)}>{id}</a>;
}

export function CampaignLink({ id }: { id: string }) {
  return <a href={hrefTo("campaign", id)}>{id}</a>;
}

export function BlockLink({ height }: { height: bigint }) {
  return <a href={hrefTo("block", height.toString())}>{height.toString()}</a>;
}

export function Badge({
  tone,
  children,
}: {
  tone: "good" | "bad" | "plain";
  children: ComponentChildren;
}) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** Shows what broke instead of an empty page. */
export class Fence extends Component<{ children: ComponentChildren }, { error: Error | null }> {
  override state = { error: null };

  static override getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const error: Error | null = this.state.error;
    return error ? (
      <p class="notice bad" role="alert">
        {(error as Error).message}
      </p>
    ) : (
      this.props.children
    );
  }
}
