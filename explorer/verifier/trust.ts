// The trust file: all that a verifier needs beside the certificate. It comes from somewhere else
// than the certificate does. Source: docs/protocol.md section 8.
import { fromHex, toHex } from "./bytes.ts";
import { isPublicKey } from "./cose.ts";
import { parseJson, type Json } from "./json.ts";
import { Refusal, demand } from "./refusal.ts";

export interface Validator {
  org: string;
  publicKey: Uint8Array; // compressed point, 33 bytes
  power: bigint;
}

/** What the holder asks for on top of the quorum. It can only add to it. */
export interface Policy {
  requiredOrgs: string[]; // organisations whose receipts must be there
  minimumSigners: number;
}

export interface TrustFile {
  chain: string;
  genesis: Uint8Array; // SHA-256 of the genesis file
  fromHeight: bigint;
  toHeight: bigint | null;
  validators: Validator[]; // ascending by org
  policy: Policy | null;
}

export const kOrgPattern = /^[a-z0-9-]{1,16}$/;
export const kValidatorsMax = 100;
const kTrustCharsMax = 65_536;
const kChainPattern = /^[a-z0-9-]{1,63}-[0-9a-f]{32}$/;
const kHeightMax = (1n << 63n) - 1n;

/** Throws a Refusal that says what is wrong with the file. */
export function parseTrustFile(text: string): TrustFile {
  demand(text.length <= kTrustCharsMax, "a trust file that is too long");
  const file = fields(parseJson(text), [
    "chain",
    "genesis",
    "from_height",
    "to_height",
    "validators",
    "policy",
  ]);
  const chain = textOf(file, "chain", kChainPattern);
  const genesis = fromHex(textOf(file, "genesis", /^[0-9a-f]{64}$/));
  demand(
    chain.endsWith(`-${toHex(genesis.subarray(0, 16))}`),
    "the chain id does not bear the genesis hash",
  );
  const toHeight = file.get("to_height") === null ? null : integerOf(file, "to_height");
  const fromHeight = integerOf(file, "from_height");
  demand(toHeight === null || fromHeight <= toHeight, "from_height is above to_height");
  return {
    chain,
    genesis,
    fromHeight,
    toHeight,
    validators: readValidators(file.get("validators")),
    policy: readPolicy(file.get("policy")),
  };
}

/** Organisations and keys are distinct, powers positive; returned ascending by organisation. */
export function demandValidatorSet(validators: Validator[]): Validator[] {
  demand(validators.length > 0, "a validator set without a validator");
  demand(validators.length <= kValidatorsMax, "a validator set with too many validators");
  const keys = new Set(validators.map((v) => toHex(v.publicKey)));
  demand(keys.size === validators.length, "a validator key twice");
  demand(
    new Set(validators.map((v) => v.org)).size === validators.length,
    "a validator organisation twice",
  );
  for (const validator of validators) {
    demand(
      isPublicKey(validator.publicKey),
      `the key of ${validator.org} is not a point of the curve`,
    );
    demand(validator.power > 0n, `${validator.org} has no power`);
  }
  const total = validators.reduce((sum, v) => sum + v.power, 0n);
  demand(3n * total < 1n << 64n, "a total power out of range");
  return [...validators].sort((a, b) => (a.org < b.org ? -1 : 1));
}

function readValidators(value: Json | undefined): Validator[] {
  if (!Array.isArray(value)) throw new Refusal("validators: not a list");
  const validators = value.map((entry) => {
    const validator = fields(entry, ["org", "public_key", "power"]);
    const publicKey = fromHex(textOf(validator, "public_key", /^[0-9a-f]{66}$/));
    return {
      org: textOf(validator, "org", kOrgPattern),
      publicKey,
      power: integerOf(validator, "power"),
    };
  });
  return demandValidatorSet(validators);
}

function readPolicy(value: Json | undefined): Policy | null {
  if (value === null) return null;
  const policy = fields(value, ["required_orgs", "minimum_signers"]);
  const orgs = policy.get("required_orgs");
  if (!Array.isArray(orgs)) throw new Refusal("required_orgs: not a list");
  const requiredOrgs = orgs.map((org) => {
    if (typeof org !== "string" || !kOrgPattern.test(org))
      throw new Refusal("required_orgs: not an organisation");
    return org;
  });
  return { requiredOrgs, minimumSigners: Number(integerOf(policy, "minimum_signers")) };
}

/** An object with exactly these keys. */
function fields(value: Json | undefined, keys: string[]): Map<string, Json> {
  if (!(value instanceof Map)) throw new Refusal("not an object where one is expected");
  for (const key of value.keys()) demand(keys.includes(key), `unknown field "${key}"`);
  for (const key of keys) demand(value.has(key), `field "${key}" is missing`);
  return value;
}

function textOf(object: Map<string, Json>, key: string, pattern: RegExp): string {
  const value = object.get(key);
  if (typeof value !== "string" || !pattern.test(value))
    throw new Refusal(`${key}: not as it must be`);
  return value;
}

/** A non-negative integer below 2^63, as a JSON number or as the API's decimal text. */
function integerOf(object: Map<string, Json>, key: string): bigint {
  const value = object.get(key);
  const isNumber = typeof value === "number" && value >= 0;
  const isText = typeof value === "string" && /^(0|[1-9][0-9]{0,18})$/.test(value);
  if (!isNumber && !isText) throw new Refusal(`${key}: not a non-negative integer`);
  const integer = BigInt(value as number | string);
  demand(integer <= kHeightMax, `${key}: out of range`);
  return integer;
}
