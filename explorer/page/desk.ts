// What lies on the desk: the certificate to verify and the trust file to verify it with. Files
// dropped anywhere on the page land here; nothing of them is ever sent anywhere.
import { useEffect, useState } from "preact/hooks";
import {
  decodeTreecertText,
  kCertificateBytesMax,
  parseTrustFile,
  verifyCertificate,
  type TrustFile,
  type Verdict,
} from "../verifier/index.ts";
import { trustFileOfNode } from "./api.ts";
import { hrefTo } from "./route.ts";

export interface Trust {
  file: TrustFile;
  isOwn: boolean;
}

export interface Desk {
  certificate: Uint8Array | null;
  trust: Trust | null;
  verdict: Verdict | null;
  problem: string | null; // why the last file or text was not taken
  isDragging: boolean;
  takeFiles: (files: Iterable<File>) => Promise<void>;
  takeText: (text: string) => void;
  takeCertificate: (bytes: Uint8Array) => void;
  trustNodeAgain: () => void;
  clear: () => void;
  dropHandlers: Record<string, (event: DragEvent) => void>;
}

export function useDesk(): Desk {
  const [certificate, setCertificate] = useState<Uint8Array | null>(null);
  const [own, setOwn] = useState<TrustFile | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isDragging, setIsDragging] = useState(false);
  const supplied = useNodeTrust();
  const trust = own ? { file: own, isOwn: true } : supplied && { file: supplied, isOwn: false };

  const takeCertificate = (bytes: Uint8Array) => {
    setCertificate(bytes);
    setProblem(null);
    location.hash = hrefTo("verify");
  };
  const attempt = (take: () => void) => {
    try {
      take();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      location.hash = hrefTo("verify");
    }
  };
  const takeText = (text: string) =>
    attempt(() => {
      if (!text.trimStart().startsWith("{")) return takeCertificate(decodeTreecertText(text));
      setOwn(parseTrustFile(text));
      setProblem(null);
    });
  const takeFiles = async (files: Iterable<File>) => {
    for (const file of files) {
      if (file.size > 2 * kCertificateBytesMax) {
        attempt(() => {
          throw new Error(`${file.name}: ${file.size} bytes`);
        });
        continue;
      }
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (isText(bytes)) takeText(new TextDecoder().decode(bytes));
      else takeCertificate(bytes);
    }
  };
  const drag = (isOver: boolean) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setIsDragging(isOver);
  };
  return {
    certificate,
    trust,
    verdict: certificate && trust && verifyCertificate(certificate, trust.file),
    problem,
    isDragging,
    takeFiles,
    takeText,
    takeCertificate,
    trustNodeAgain: () => setOwn(null),
    clear: () => {
      setCertificate(null);
      setProblem(null);
    },
    dropHandlers: {
      onDragOver: drag(true),
      onDragLeave: (event) => {
        if (event.relatedTarget === null) setIsDragging(false);
      },
      onDrop: (event) => {
        drag(false)(event);
        void takeFiles(Array.from(event.dataTransfer?.files ?? []));
      },
    },
  };
}

/**
 * A trust file begins with "{", a certificate's text with "TP1:"; a raw certificate with neither.
 */
function isText(bytes: Uint8Array): boolean {
  const start = new TextDecoder("utf-8").decode(bytes.subarray(0, 64)).trimStart();
  return start.startsWith("{") || start.startsWith("TP1:");
}

function useNodeTrust(): TrustFile | null {
  const [trust, setTrust] = useState<TrustFile | null>(null);
  useEffect(() => {
    let isCurrent = true;
    trustFileOfNode()
      .then((text) => isCurrent && setTrust(parseTrustFile(text)))
      .catch(() => undefined); // the page then asks for a trust file of one's own
    return () => {
      isCurrent = false;
    };
  }, []);
  return trust;
}
