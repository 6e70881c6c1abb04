// Why something from outside was not accepted. Every decoder of the verifier throws this and
// nothing else; verify.ts turns it into a failed check, parseTrustFile's callers show it as it is.
export class Refusal extends Error {
  override readonly name = "Refusal";
}

export function demand(condition: boolean, reason: string): asserts condition {
  if (!condition) throw new Refusal(reason);
}
