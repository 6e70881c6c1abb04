// The certificate verifier: what the page and tests/interop use.
export { decodeTreecertText, kCertificateBytesMax } from "./certificate.ts";
export { Refusal } from "./refusal.ts";
export { parseTrustFile, type TrustFile } from "./trust.ts";
export { kCheckNames, type Check, type CheckName, type Facts, type Verdict } from "./verdict.ts";
export { verifyCertificate } from "./verify.ts";
