import { useState } from "preact/hooks";
import { block, chainStatus, latestBlocks } from "./api.ts";
import { formatCount, formatTime } from "./format.ts";
import { useSpeech } from "./language.tsx";
import type { Block, BlockRow, ChainStatus } from "./model.ts";
import { Badge, BlockLink, Card, Facts, Hex, PageHead, Shown } from "./parts.tsx";
import { hrefTo } from "./route.ts";
import { useAnswer } from "./use_answer.ts";

const kRefresh_ms = 3_000;
const kRowsPerPage = 20;

export function ChainPage() {
  const { say } = useSpeech();
  const [wanted, setWanted] = useState(kRowsPerPage);
  const status = useAnswer("status", chainStatus, kRefresh_ms);
  const blocks = useAnswer(`blocks ${wanted}`, () => latestBlocks(wanted), kRefresh_ms);
  return (
    <>
      <PageHead title={say("chain_title")} lead={say("chain_lead")} />
      <Shown answer={status.answer} again={status.again}>
        {(found) => <StatusCard status={found} />}
      </Shown>
      <Card>
        <Shown answer={blocks.answer} again={blocks.again}>
          {(rows) => (
            <>
              <BlockTable rows={rows} />
              {rows.length >= wanted && (
                <button type="button" onClick={() => setWanted(wanted + kRowsPerPage)}>
                  {say("more")}
                </button>
              )}
            </>
          )}
        </Shown>
      </Card>
    </>
  );
}

function StatusCard({ status }: { status: ChainStatus }) {
  const { say, language } = useSpeech();
  return (
    <Card>
      <Facts
        rows={[
          [say("chain_id"), <span class="name">{status.chain}</span>],
          [say("chain_height"), formatCount(status.height, language)],
          [
            say("chain_time"),
            <>
              {formatTime(status.timeMs, language)}{" "}
              {status.hasTestClock && <Badge tone="plain">{say("chain_clock")}</Badge>}
            </>,
          ],
          [say("trust_validators"), formatCount(status.validators, language)],
          [say("chain_node"), `${status.org} · ${status.version}`],
        ]}
      />
    </Card>
  );
}

export function BlockTable({ rows }: { rows: BlockRow[] }) {
  const { say, language } = useSpeech();
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{say("chain_height")}</th>
            <th scope="col">{say("chain_time")}</th>
            <th scope="col" class="number">
              {say("chain_records")}
            </th>
            <th scope="col">{say("chain_proposer")}</th>
            <th scope="col" class="wide">
              {say("chain_hash")}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.height.toString()}>
              <td>
                <BlockLink height={row.height} />
              </td>
              <td>{formatTime(row.timeMs, language)}</td>
              <td class="number">{formatCount(row.statements, language)}</td>
              <td>{row.proposer}</td>
              <td class="wide">
                <Hex value={row.headerHash} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function BlockPage({ height }: { height: string }) {
  const { say } = useSpeech();
  const { answer, again } = useAnswer(height, () => block(height));
  return (
    <>
      <PageHead
        title={
          <>
            <span class="kicker">{say("chain_block")}</span> {height}
          </>
        }
      />
      <Shown answer={answer} again={again}>
        {(found) => <BlockFacts block={found} />}
      </Shown>
    </>
  );
}

function BlockFacts({ block }: { block: Block }) {
  const { say, language } = useSpeech();
  return (
    <>
      <Card>
        <Facts
          rows={[
            [say("chain_time"), formatTime(block.timeMs, language)],
            [say("chain_proposer"), block.proposer],
            [say("chain_signers"), block.signers.join(", ")],
            [say("chain_hash"), <Hex value={block.headerHash} />],
            [say("chain_previous"), <Hex value={block.previous} />],
            [say("chain_log_size"), formatCount(block.logSize, language)],
            [say("chain_log_root"), <Hex value={block.logRoot} />],
            [say("chain_state_root"), <Hex value={block.stateRoot} />],
          ]}
        />
        <p class="quiet">{say("chain_roots")}</p>
      </Card>
      <Card title={say("chain_records")}>
        {block.records.length === 0 ? (
          <p class="quiet">{say("chain_empty_block")}</p>
        ) : (
          <RecordTable block={block} />
        )}
      </Card>
      {block.offences.length > 0 && (
        <Card title={say("chain_convictions")}>
          <OffenceTable block={block} />
        </Card>
      )}
      <p class="actions">
        {block.height > 1n && (
          <a class="button" href={hrefTo("block", (block.height - 1n).toString())}>
            ← {(block.height - 1n).toString()}
          </a>
        )}
        {!block.isLatest && (
          <a class="button" href={hrefTo("block", (block.height + 1n).toString())}>
            {(block.height + 1n).toString()} →
          </a>
        )}
      </p>
    </>
  );
}

function RecordTable({ block }: { block: Block }) {
  const { say } = useSpeech();
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{say("chain_type")}</th>
            <th scope="col">{say("chain_name")}</th>
            <th scope="col" class="wide">
              {say("verdict_statement")}
            </th>
          </tr>
        </thead>
        <tbody>
          {block.records.map((record) => (
            <tr key={record.statementId}>
              <td>{record.type}</td>
              <td class="name">{record.name}</td>
              <td class="wide">
                <Hex value={record.statementId} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function OffenceTable({ block }: { block: Block }) {
  const { say, language } = useSpeech();
  return (
    <div class="scroll">
      <table class="list">
        <thead>
          <tr>
            <th scope="col">{say("chain_convicted")}</th>
            <th scope="col">{say("chain_offence")}</th>
            <th scope="col">{say("chain_height")}</th>
            <th scope="col" class="number">
              {say("chain_round")}
            </th>
          </tr>
        </thead>
        <tbody>
          {block.offences.map((offence) => (
            <tr key={offence.id}>
              <td>{offence.org}</td>
              <td class="name">{offence.kind}</td>
              <td>
                <BlockLink height={offence.height} />
              </td>
              <td class="number">{formatCount(offence.round, language)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
