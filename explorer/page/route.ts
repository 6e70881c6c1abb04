// Where the page is: a hash route, so that any web server can serve it as one file.
import { useEffect, useState } from "preact/hooks";

export type Route =
  | { page: "find" }
  | { page: "tree"; id: string }
  | { page: "redemption"; id: string }
  | { page: "commitment"; hex: string }
  | { page: "verify" }
  | { page: "campaigns" }
  | { page: "campaign"; id: string }
  | { page: "chain" }
  | { page: "block"; height: string }
  | { page: "organisations" };

export function hrefTo(page: Route["page"], argument?: string): string {
  return argument === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(argument)}`;
}

export function parseRoute(hash: string): Route {
  const [page = "", ...rest] = hash.replace(/^#\/?/, "").split("/");
  const argument = decode(rest.join("/"));
  if ((page === "tree" || page === "redemption" || page === "campaign") && argument) {
    return { page, id: argument };
  }
  if (page === "commitment" && argument) return { page, hex: argument };
  if (page === "block" && argument) return { page, height: argument };
  if (page === "verify" || page === "campaigns" || page === "chain" || page === "organisations") {
    return { page };
  }
  return { page: "find" };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const follow = () => {
      setHash(location.hash);
      window.scrollTo(0, 0);
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  return parseRoute(hash);
}

/** Where a search leads, by the form of what was typed. */
export function routeOfSearch(typed: string): string | null {
  const text = typed.trim();
  if (/^[0-9a-fA-F]{64}$/.test(text)) return hrefTo("commitment", text.toLowerCase());
  if (/^[a-z0-9-]{1,16}\/[a-z0-9._-]{1,48}#[0-9]{1,7}$/.test(text)) return hrefTo("tree", text);
  if (/^[a-z0-9-]{1,16}\/[a-z0-9._-]{1,48}$/.test(text)) return hrefTo("redemption", text);
  return null;
}
