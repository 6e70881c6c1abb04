// Turns a built page into C++: node embed.mjs DIST OUT writes OUT/*.gz, OUT/assets.S, which holds
// them by .incbin, and OUT/assets.cpp, the table behind explorer/assets.h. The same page gives the
// same bytes.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";

const kContentTypes = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

const [dist, out] = process.argv.slice(2);
if (!dist || !out) throw new Error("usage: node embed.mjs DIST OUT");

const files = readdirSync(dist, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(dist.length + 1));
const assets = files
  .map((file) => {
    const contentType = kContentTypes[extname(file)];
    if (!contentType) throw new Error(`${file}: embed.mjs knows no content type for it`);
    return { file, path: file === "index.html" ? "/" : `/${file}`, contentType };
  })
  .sort((a, b) => (a.path < b.path ? -1 : 1));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const assembly = assets.map(({ file }, i) => {
  writeFileSync(join(out, `${i}.gz`), gzipSync(readFileSync(join(dist, file)), { level: 9 }));
  const name = `treeproof_asset_${i}`;
  return `.global ${name}\n${name}:\n.incbin "${i}.gz"\n.global ${name}_end\n${name}_end:\n`;
});
const kNoExecutableStack = '.section .note.GNU-stack,"",%progbits\n';
writeFileSync(join(out, "assets.S"), `.section .rodata\n${assembly.join("")}${kNoExecutableStack}`);

const symbols = assets.map(
  (_, i) => `extern const std::uint8_t treeproof_asset_${i}[];
extern const std::uint8_t treeproof_asset_${i}_end[];`,
);
const rows = assets.map(
  ({ path, contentType }, i) => `      Asset{"${path}", "${contentType}",
            {treeproof_asset_${i}, treeproof_asset_${i}_end}},`,
);
writeFileSync(
  join(out, "assets.cpp"),
  `#include "explorer/assets.h"

#include <array>

extern "C" {
${symbols.join("\n")}
}

namespace treeproof::explorer {

std::span<const Asset> assets() {
  static const std::array kAssets = {
${rows.join("\n")}
  };
  return kAssets;
}

}  // namespace treeproof::explorer
`,
);
