// What a person does with the explorer, in headless Chromium against a running node
// ($TREEPROOF_URL, default http://127.0.0.1:8640). Skipped, visibly, where there is no node or browser.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";
import {
  allocatedTree,
  certificateOf,
  isThere,
  origin,
  replacedTree,
  rpc,
  trustFile,
} from "./node_under_test.mjs";

const executablePath = process.env.TREEPROOF_CHROMIUM ?? "/usr/bin/chromium";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const skip = !existsSync(executablePath)
  ? `no browser at ${executablePath}`
  : !(await isThere()) && `no node at ${origin}`;
const kFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const kDesk = { width: 1200, height: 900 };
const kPhone = { width: 360, height: 740 };

let browser;
let tree;
let certificate;

before(async () => {
  if (skip) return;
  browser = await chromium.launch({ executablePath, args: kFlags });
  tree = await allocatedTree();
  certificate = await certificateOf(tree.tree);
});
after(() => browser?.close());

/** Runs `act` on a fresh page; the page must ask nobody else and report no error. */
async function onPage(hash, options, act) {
  const context = await browser.newContext({ viewport: kDesk, locale: "en-GB", ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) complaints.push(`off-site request: ${request.url()}`);
  });
  try {
    await page.goto(`${origin}/${hash}`);
    await page.waitForSelector("h1");
    await act(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

const hashOf = (page, argument) => `#/${page}/${encodeURIComponent(argument)}`;
const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });

async function verify(page, ...files) {
  await page.setInputFiles(".drop input[type=file]", files);
  await page.waitForSelector(".verdict");
}

test("a tree is found by its name and its story is told", { skip }, () =>
  onPage("", {}, async (page) => {
    await page.fill("#search", tree.tree);
    await page.keyboard.press("Enter");
    await page.waitForSelector(".timeline li");
    assert.match(await page.textContent("h1"), new RegExp(tree.tree.replace(/[.]/g, "\\.")));
    assert.ok((await page.locator(".timeline li").count()) >= 4);
    if (tree.lat !== null) await page.waitForSelector(".map .tree-place");
    if (tree.plot) await page.waitForSelector(".map .plot-outline");
  }),
);

test("a lost tree leads to the one that took its place, and back", { skip }, async () => {
  const found = await replacedTree();
  assert.ok(found, "the demo replaces trees");
  const at = found.lineage.findIndex(({ tree }) => tree === found.tree);
  const next = found.lineage[at + 1].tree;
  await onPage(hashOf("tree", found.tree), {}, async (page) => {
    await page.waitForSelector(`.timeline li:has-text("It was found dead")`);
    await page.click(`.timeline a:text-is("${next}")`);
    await page.waitForSelector(`h1:has-text("${next}")`);
    await page.click(`.timeline a:text-is("${found.tree}")`);
    await page.waitForSelector(`h1:has-text("${found.tree}")`);
  });
});

test("a tree is found by its redemption and by its commitment", { skip }, async () => {
  for (const name of [tree.unit, tree.commitments[0]]) {
    await onPage("", {}, async (page) => {
      await page.fill("#search", name);
      await page.keyboard.press("Enter");
      await page.click(`main a:text-is("${tree.tree}")`);
      await page.waitForSelector(".timeline li");
    });
  }
});

test("who has no tree at hand is shown one that has its certificate", { skip }, () =>
  onPage("", {}, async (page) => {
    await page.click(".example a");
    await page.waitForSelector("button.primary:has-text('Verify')");
  }),
);

test("a test chain says so on every page", { skip }, async () => {
  const { clock } = await rpc("chain_status");
  for (const hash of kPages()) {
    await onPage(hash, {}, async (page) => {
      await page.waitForLoadState("networkidle").catch(() => undefined);
      assert.equal(await page.locator(".test-chain").count(), clock === null ? 0 : 1, hash);
    });
  }
});

test("the latest block leads to no later one, others do", { skip }, async () => {
  for (const [height, later] of [
    ["1", 1],
    ["2", 0],
  ]) {
    await onPage("#/verify", {}, async (page) => {
      await page.route("**/rpc", async (route) => {
        const response = await route.fetch();
        const replies = await response.json();
        const status = replies.find(({ result }) => result?.peers);
        if (status) status.result.height = "2"; // as if the chain stood there
        await route.fulfill({ response, json: replies });
      });
      await page.evaluate((hash) => (location.hash = hash), hashOf("block", height));
      await page.waitForSelector(".facts + .quiet");
      assert.equal(await page.locator(".actions a:has-text('→')").count(), later, height);
    });
  }
});

test("a search for nothing says so", { skip }, () =>
  onPage("", {}, async (page) => {
    await page.fill("#search", "no such thing");
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelector(".search-answer")?.textContent?.length);
  }),
);

test("the certificate of a tree is verified in the page, check by check", { skip }, () =>
  onPage(hashOf("tree", tree.tree), {}, async (page) => {
    await page.click("button.primary:has-text('Verify')");
    await page.waitForSelector(".verdict.good");
    assert.equal(await page.locator(".checks li.bad").count(), 0);
    assert.ok((await page.locator(".checks li.good").count()) >= 7);
    assert.match(await page.textContent("main"), new RegExp(tree.species));
  }),
);

test(
  "a certificate with one flipped bit is refused by a named check and shows no fact",
  { skip },
  async () => {
    const tampered = Buffer.from(certificate);
    tampered[Math.floor(tampered.length / 2)] ^= 1;
    await onPage("#/verify", {}, async (page) => {
      await verify(page, file("tampered.treecert", tampered));
      assert.equal(await page.locator(".verdict.bad").count(), 1);
      assert.equal(await page.locator(".checks li.bad").count(), 1);
      assert.ok(!(await page.textContent("main")).includes(tree.tree));
    });
  },
);

test("a trust file of one's own replaces the one that the node supplied", { skip }, async () => {
  const own = await trustFile();
  await onPage("#/verify", {}, async (page) => {
    await page.getByText("Trust file supplied by this node").waitFor();
    await verify(page, file("trust.json", own), file("mine.treecert", certificate));
    await page.getByText("Trust file of your own").waitFor();
    assert.equal(await page.locator(".verdict.good").count(), 1);
  });
});

test("the text of a QR code can be pasted", { skip }, () =>
  onPage("#/verify", {}, async (page) => {
    await page.fill("#paste", `TP1:${base45(certificate)}`);
    await page.click(".drop button[type=submit]");
    await page.waitForSelector(".verdict.good");
    await page.click(".verdict button");
    await page.fill("#paste", "TP1:not one");
    await page.click(".drop button[type=submit]");
    await page.waitForSelector(".notice.bad");
  }),
);

test("a campaign's balance shows the node's numbers", { skip }, () =>
  onPage(hashOf("campaign", tree.campaign), {}, async (page) => {
    await page.waitForSelector(".bars");
    const { all } = await rpc("campaign_progress", { campaign: tree.campaign });
    const numbers = await page.locator(".bars td.number").allTextContents();
    assert.ok(numbers.includes(BigInt(all.allocated).toLocaleString("en-GB")), numbers.join(" "));
  }),
);

test("blocks and organisations are listed", { skip }, async () => {
  await onPage("#/chain", {}, async (page) => {
    await page.click(".list tbody tr:first-child a");
    await page.waitForSelector("h1:has-text('Block')");
    await page.waitForSelector(".facts");
  });
  await onPage("#/organisations", {}, async (page) => {
    await page.waitForSelector(".cards .card");
    assert.ok((await page.locator(".cards .card").count()) >= 4);
  });
});

test("one switch turns the page into Chinese, and it stays so", { skip }, () =>
  onPage("", {}, async (page) => {
    await page.click("button.language");
    assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
    assert.equal(await page.textContent("h1"), "找到我的树");
    await page.reload();
    await page.waitForSelector("h1");
    assert.equal(await page.textContent("h1"), "找到我的树");
  }),
);

const kPages = () => [
  "",
  "#/verify",
  "#/campaigns",
  "#/chain",
  "#/organisations",
  hashOf("tree", tree.tree),
  hashOf("campaign", tree.campaign),
  hashOf("redemption", tree.unit),
];

test("no page scrolls sideways on a phone", { skip }, async () => {
  for (const hash of kPages()) {
    await onPage(hash, { viewport: kPhone }, async (page) => {
      await page.waitForLoadState("networkidle").catch(() => undefined);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${hash}: ${wide} px too wide`);
    });
  }
});

test("every page is accessible by axe's rules, in light and dark", { skip }, async () => {
  for (const colorScheme of ["light", "dark"]) {
    for (const hash of kPages()) {
      await onPage(hash, { colorScheme }, async (page) => {
        await page.waitForSelector(".card, .notice");
        await page.evaluate(axe);
        const { violations } = await page.evaluate(() => globalThis.axe.run());
        const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(" ")}`);
        assert.deepEqual(found, [], `${hash} (${colorScheme})`);
      });
    }
  }
});

function base45(bytes) {
  const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const isPair = at + 1 < bytes.length;
    let value = isPair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    for (let i = 0; i < (isPair ? 3 : 2); ++i, value = Math.floor(value / 45))
      text += alphabet[value % 45];
  }
  return text;
}
