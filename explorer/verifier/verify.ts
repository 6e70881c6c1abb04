// The offline verification of a tree certificate from its bytes and a trust file alone. Shares no
// code with the node. Source: docs/protocol.md section 8, "Valid requires".
import { equalBytes, sha256, toHex, utf8 } from "./bytes.ts";
import { decodeCbor, encodeCbor } from "./cbor.ts";
import { decodeCertificate, type Certificate, type Header, type SetChange } from "./certificate.ts";
import { verifyEs256k, type Bind } from "./cose.ts";
import { demandAbsence, demandExistence, stateKey } from "./ics23.ts";
import { issuerKey } from "./issuer.ts";
import { inclusionPathLength, leafHash, rootFromInclusion } from "./merkle.ts";
import { demandPolicy, demandQuorum, demandReceipts } from "./quorum.ts";
import { Refusal, demand } from "./refusal.ts";
import { demandStatement } from "./statement.ts";
import type { TrustFile, Validator } from "./trust.ts";
import { kCheckNames, type Check, type CheckName, type Facts, type Verdict } from "./verdict.ts";

/** Never throws: whatever the bytes are, the verdict says what was checked and what was not. */
export function verifyCertificate(bytes: Uint8Array, trust: TrustFile): Verdict {
  const checks = new Checks();
  const certificate = checks.make(
    "encoding",
    () => decodeCertificate(bytes),
    "canonical, every field known",
  );
  if (certificate) new Verification(certificate, trust, checks).run();
  const valid = checks.allRequiredPassed();
  const facts = valid && certificate ? { facts: factsOf(certificate) } : {};
  return { valid, checks: checks.list(), ...facts };
}

const kRequired: readonly CheckName[] = [
  "encoding",
  "path_lengths",
  "statement",
  "receipts",
  "quorum",
  "height",
  "link_path",
];
const kNotReached = "not made: an earlier check failed";

/** The checks made so far. After the first failure nothing more is made. */
class Checks {
  readonly #results = new Map<CheckName, Omit<Check, "name">>();
  #failed = false;

  /** Runs one check. Its result, or undefined when it failed or was not made. */
  make<T>(
    name: CheckName,
    check: () => T,
    detail: string | ((result: T) => string),
  ): T | undefined {
    if (this.#failed) return undefined;
    try {
      const result = check();
      this.#results.set(name, {
        ok: true,
        detail: typeof detail === "string" ? detail : detail(result),
      });
      return result;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.#failed = true;
      this.#results.set(name, { ok: false, detail: error.message });
      return undefined;
    }
  }

  skip(name: CheckName, why: string): void {
    if (!this.#failed) this.#results.set(name, { ok: null, detail: `not made: ${why}` });
  }

  get hasFailed(): boolean {
    return this.#failed;
  }

  allRequiredPassed(): boolean {
    return !this.#failed && kRequired.every((name) => this.#results.get(name)?.ok === true);
  }

  list(): Check[] {
    return kCheckNames.map((name) => ({
      name,
      ...(this.#results.get(name) ?? { ok: null, detail: kNotReached }),
    }));
  }
}

/**
 * The order of work differs from the listed one in one place: set changes come before the quorum.
 */
class Verification {
  #set: readonly Validator[];

  constructor(
    readonly certificate: Certificate,
    readonly trust: TrustFile,
    readonly checks: Checks,
  ) {
    this.#set = trust.validators;
  }

  run(): void {
    const { certificate, trust, checks } = this;
    const { statement, bind, receipts } = certificate;
    checks.make("path_lengths", () => demandPathLengths(certificate), "both paths are exact");
    checks.make(
      "statement",
      () => demandStatement(statement, trust.chain),
      `${statement.type} of ${statement.issuer}`,
    );
    this.#checkSetChanges();
    const root = checks.make(
      "receipts",
      () => this.#receiptsRoot(),
      () => `${receipts.length} receipts over one log root`,
    );
    checks.make(
      "quorum",
      () => this.#demandQuorum(),
      (says) => says,
    );
    checks.make(
      "height",
      () => this.#demandHeight(),
      () => `as of height ${bind.height}`,
    );
    checks.make(
      "link_path",
      () => demandLink(certificate),
      () => `tree ${certificate.link.tree}`,
    );
    this.#checkOpening();
    this.#checkStatus(root);
    this.#checkIssuer();
  }

  #receiptsRoot(): Uint8Array {
    const { statement, logPath, bind, receipts } = this.certificate;
    const root = rootFromInclusion(
      leafHash(statement.bytes),
      logPath.index,
      bind.logSize,
      logPath.hashes,
    );
    if (!root) throw new Refusal("the log path leads nowhere");
    demandReceipts(this.trust.chain, bind, root, receipts, this.#set);
    return root;
  }

  #demandQuorum(): string {
    const says = demandQuorum(this.certificate.receipts, this.#set);
    demandPolicy(this.trust.policy, this.certificate.receipts);
    return says;
  }

  #demandHeight(): void {
    const height = this.certificate.bind.height;
    const changes = this.certificate.setChanges ?? [];
    const last = changes.at(-1);
    if (last)
      demand(
        last.bind.height < height,
        "the last set change is not before the certificate's height",
      );
    else demandCovered(height, this.trust);
  }

  #checkSetChanges(): void {
    const { certificate, checks } = this;
    const changes = certificate.setChanges;
    if (!changes) return checks.skip("set_changes", "signed by the trust file's own validators");
    const says = `${changes.length} changes, each certified by the set before it`;
    checks.make("set_changes", () => this.#walk(changes), says);
  }

  #walk(changes: readonly SetChange[]): void {
    const { trust } = this;
    let previous: bigint | undefined;
    for (const { header, bind, receipts, set } of changes) {
      if (previous === undefined) demandCovered(bind.height, trust);
      else demand(previous < bind.height, "set changes whose heights do not ascend");
      demandHeader(header, bind, header.logRoot, trust.chain);
      const isInForce = equalBytes(header.validatorsHash, validatorsHash(this.#set));
      demand(isInForce, "a set change whose header was made under another validator set");
      demandReceipts(trust.chain, bind, header.logRoot, receipts, this.#set);
      demandQuorum(receipts, this.#set);
      const isAnnounced = equalBytes(header.nextValidatorsHash, validatorsHash(set));
      demand(isAnnounced, "the header announces another validator set");
      this.#set = set;
      previous = bind.height;
    }
  }

  #checkOpening(): void {
    const { opening, link } = this.certificate;
    if (!opening)
      return this.checks.skip("opening", "this copy does not carry the owner's opening");
    const open = () => {
      const commitment = sha256(encodeCbor([opening.salt, opening.reference]));
      const isOpened = link.commitments.some((c) => equalBytes(c, commitment));
      demand(isOpened, "the salt and reference open no commitment of this tree");
    };
    this.checks.make("opening", open, "the reference opens a commitment of this tree");
  }

  #checkStatus(root: Uint8Array | undefined): void {
    const { status, bind } = this.certificate;
    if (!status) return this.checks.skip("status", "this certificate carries no status");
    const prove = () => {
      if (!root) throw new Refusal("no log root to stand on");
      demandHeader(status.header, bind, root, this.trust.chain);
      for (const { namespace, id, value, proof } of status.entries) {
        const key = stateKey(namespace, id);
        if (value) demandExistence(proof, status.header.stateRoot, key, value);
        else demandAbsence(proof, status.header.stateRoot, key);
      }
    };
    this.checks.make(
      "status",
      prove,
      `${status.entries.length} state proofs as of height ${bind.height}`,
    );
  }

  #checkIssuer(): void {
    const { certificate, checks } = this;
    const { statement } = certificate;
    const key = checks.hasFailed ? null : issuerKey(certificate, this.#set);
    if (!key) return checks.skip("issuer_signature", "nothing trusted here holds the issuer's key");
    const verify = () => {
      const isSigned = verifyEs256k(statement.signature, statement.signed, key);
      demand(isSigned, "the issuer's signature does not hold");
    };
    checks.make("issuer_signature", verify, `signed by ${statement.issuer}`);
  }
}

function demandPathLengths({ statement, logPath, bind, link, linkPath }: Certificate): void {
  demand(logPath.index < bind.logSize, "the log index is not below the log size");
  const inLog = logPath.hashes.length === inclusionPathLength(logPath.index, bind.logSize);
  demand(inLog, "the log path is longer or shorter than index and size say");
  if (!statement.links) return; // the next check refuses such a statement
  demand(
    linkPath.index < statement.links.count,
    `no link number ${linkPath.index} for ${link.tree}`,
  );
  const inLinks =
    linkPath.hashes.length === inclusionPathLength(linkPath.index, statement.links.count);
  demand(inLinks, "the link path is longer or shorter than index and count say");
}

function demandLink({ statement, link, linkPath }: Certificate): void {
  if (!statement.links) throw new Refusal("the statement links no trees");
  const { root, count } = statement.links;
  const found = rootFromInclusion(leafHash(link.bytes), linkPath.index, count, linkPath.hashes);
  demand(found !== null && equalBytes(found, root), "the link is not one of the statement's links");
}

/** The header is the one that the receipts signed: hash, chain, height, log size and log root. */
function demandHeader(header: Header, bind: Bind, logRoot: Uint8Array, chain: string): void {
  const hash = domainHash("treeproof/header/v1", header.bytes);
  demand(equalBytes(hash, bind.headerHash), "the header is not the one that was signed");
  demand(header.chain === chain, "the header is of another chain");
  demand(header.height === bind.height, "the header is of another height");
  demand(header.logSize === bind.logSize, "the header is of another log size");
  demand(equalBytes(header.logRoot, logRoot), "the header is of another log root");
}

function demandCovered(height: bigint, trust: TrustFile): void {
  demand(
    height >= trust.fromHeight,
    `height ${height} is before the trust file's first, ${trust.fromHeight}`,
  );
  const isOver = trust.toHeight !== null && height > trust.toHeight;
  demand(!isOver, `height ${height} is after the trust file's last, ${trust.toHeight}`);
}

/** Field 9 of the headers that this set certifies. Requires: ascending by organisation. */
function validatorsHash(set: readonly Validator[]): Uint8Array {
  const encoded = encodeCbor(set.map((v) => [v.org, v.power, v.publicKey]));
  return domainHash("treeproof/validators/v1", encoded);
}

function domainHash(domain: string, bytes: Uint8Array): Uint8Array {
  return sha256(utf8(domain), Uint8Array.of(0), bytes);
}

/** Requires: the certificate was found valid. */
function factsOf(certificate: Certificate): Facts {
  const { statement, logPath, bind, receipts, link, opening, status } = certificate;
  const facts: Facts = {
    treeId: link.tree,
    species: link.species,
    plot: link.plot,
    lat: link.lat,
    lon: link.lon,
    plantedDay: link.plantedDay,
    positions: link.positions,
    origin: link.visited ? "visited" : "inferred",
    commitments: link.commitments.map(toHex),
    chain: statement.chain,
    issuer: statement.issuer,
    statementId: toHex(statement.id),
    statementType: statement.type,
    statementRef: statement.ref,
    issuedAt: statement.issuedAt.toString(),
    campaign: statement.campaign,
    logIndex: logPath.index.toString(),
    height: bind.height.toString(),
    round: Number(bind.round),
    logSize: bind.logSize.toString(),
    signers: receipts.map((r) => r.org),
  };
  if (opening) facts.userReference = opening.reference;
  if (!status) return facts;
  facts.timeMs = status.header.timeMs.toString();
  facts.status = status.entries.map(({ namespace, id, value }) => ({
    namespace,
    id,
    present: value !== null,
    value: value && decodeCbor(value, "status value").plain(),
  }));
  return facts;
}
