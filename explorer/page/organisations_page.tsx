import { organisations } from "./api.ts";
import { useSpeech } from "./language.tsx";
import type { Organisation } from "./model.ts";
import { Badge, Facts, Hex, PageHead, Shown } from "./parts.tsx";
import { useAnswer } from "./use_answer.ts";

export function OrganisationsPage() {
  const { say } = useSpeech();
  const { answer, again } = useAnswer("organisations", organisations);
  return (
    <>
      <PageHead title={say("organisations_title")} lead={say("organisations_lead")} />
      <Shown answer={answer} again={again}>
        {(rows) => (
          <ul class="cards">
            {rows.map((row) => (
              <li key={row.id} class="card">
                <OrganisationCard organisation={row} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </>
  );
}

function OrganisationCard({ organisation }: { organisation: Organisation }) {
  const { say, term } = useSpeech();
  return (
    <>
      <h2>{organisation.name}</h2>
      <p class="badges">
        {organisation.roles.map((role) => (
          <Badge key={role} tone="plain">
            {term("role", role)}
          </Badge>
        ))}
        {organisation.isValidator && <Badge tone="good">{say("validator")}</Badge>}
        {organisation.isSuspended && <Badge tone="bad">{say("suspended")}</Badge>}
      </p>
      <Facts
        rows={[
          [say("organisation_id"), organisation.id],
          [say("conflict_group"), organisation.conflictGroup],
        ]}
      />
      <details>
        <summary>
          {say("keys")} ({organisation.keys.length})
        </summary>
        <ul class="keys">
          {organisation.keys.map((key) => (
            <li key={key.publicKey}>
              <Hex value={key.publicKey} /> <span class="quiet">{key.roles.join(", ")}</span>
              {key.revokedHeight !== null && (
                <Badge tone="bad">
                  {say("key_revoked")} {key.revokedHeight.toString()}
                </Badge>
              )}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
