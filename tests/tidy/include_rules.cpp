// Which folder may include which, and where a third-party header may stand.
#include <algorithm>
#include <array>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>

#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

using Names = std::vector<std::string_view>;

struct Layer {
  std::string_view folder;
  std::string_view name_space;
  Names below;  // folders whose headers it may include, besides its own
};

// The plan of docs/architecture.md. A file belongs to the layer with the longest matching folder.
const std::vector<Layer>& layers() {
  static const Names kDomain = {"crypto",           "consensus/types", "consensus/ledger/geometry",
                                "consensus/ledger", "consensus/bft",   "consensus/proofs",
                                "consensus/replica"};
  static const auto above_domain = [](std::initializer_list<std::string_view> more) {
    Names names = kDomain;
    names.insert(names.end(), more);
    return names;
  };
  static const std::vector<Layer> kLayers = {
      {"crypto", "treeproof::crypto", {}},
      {"consensus/types", "treeproof", {"crypto"}},
      {"consensus/ledger/geometry", "treeproof::geometry", {"crypto", "consensus/types"}},
      {"consensus/ledger",
       "treeproof::ledger",
       {"crypto", "consensus/types", "consensus/ledger/geometry"}},
      {"consensus/bft", "treeproof::bft", {"crypto", "consensus/types"}},
      {"consensus/proofs",
       "treeproof::proofs",
       {"crypto", "consensus/types", "consensus/ledger/geometry", "consensus/ledger",
        "consensus/bft"}},
      {"consensus/replica", "treeproof::replica", kDomain},
      {"rpc", "treeproof::rpc", kDomain},
      {"explorer", "treeproof::explorer", {}},
      {"node/store", "treeproof::store", above_domain({"rpc"})},
      {"node/network", "treeproof::network", above_domain({"rpc"})},
      {"node/host", "treeproof::", above_domain({"rpc", "node/store", "node/network"})},
      {"node/cli", "treeproof::cli",
       above_domain({"rpc", "explorer", "node/store", "node/network", "node/host", "node"})},
      {"node/import", "treeproof::import", above_domain({"rpc", "node", "node/cli"})},
      {"node/demo", "treeproof::demo", above_domain({"rpc", "node", "node/cli", "node/store"})},
      {"node", "treeproof::",
       above_domain({"rpc", "explorer", "node/store", "node/network", "node/host", "node/cli",
                     "node/import", "node/demo"})},
  };
  return kLayers;
}

bool is_below(std::string_view path, std::string_view folder) {
  return path.size() > folder.size() && path.starts_with(folder) && path[folder.size()] == '/';
}

const Layer* layer_of(std::string_view path) {
  const Layer* best = nullptr;
  for (const Layer& layer : layers()) {
    if (is_below(path, layer.folder) && (!best || layer.folder.size() > best->folder.size())) {
      best = &layer;
    }
  }
  return best;
}

bool includes_name(const Names& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

struct Include {
  std::string_view target;
  std::size_t line;
  bool quoted;
};

std::vector<Include> includes_of(const SourceFile& file) {
  std::vector<Include> found;
  const auto raw = lines_of(file.text);
  const auto code = lines_of(file.code);
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (!trimmed(code[i]).starts_with("#")) continue;
    const auto words = words_of(code[i]);
    if (words.empty() || words.front().text != "include") continue;
    const std::size_t open = raw[i].find_first_of("\"<");
    if (open == std::string_view::npos) continue;
    const bool quoted = raw[i][open] == '"';
    const std::size_t close = raw[i].find(quoted ? '"' : '>', open + 1);
    if (close == std::string_view::npos) continue;
    found.push_back({raw[i].substr(open + 1, close - open - 1), i + 1, quoted});
  }
  return found;
}

// A place ending in "/" is a folder with all below it, "/*" its own files only; anything else is
// the beginning of a file's path.
bool stands_in(std::string_view path, std::string_view place) {
  if (!place.ends_with("/*")) return path.starts_with(place);
  const std::string_view folder = place.substr(0, place.size() - 1);
  return path.starts_with(folder) && !path.substr(folder.size()).contains('/');
}

struct Wall {
  std::string_view header;  // how an include of the library begins
  Names places;             // where its .cpp files may stand
  bool in_headers = false;  // forward declarations made for headers
};

// The first match counts, so a longer prefix stands before a shorter one. tests/ sees all.
const std::vector<Wall>& walls() {
  static const std::vector<Wall> kWalls = {
      {"secp256k1", {"crypto/"}},
      {"openssl/", {"crypto/", "node/network/", "node/host/", "node/*"}},
      {"boost/multiprecision", {"consensus/ledger/"}},
      {"boost/beast", {"rpc/"}},
      {"boost/", {"rpc/", "node/network/", "node/host/", "node/*"}},
      {"leveldb/", {"node/store/"}},
      {"zstd", {"node/store/"}},
      {"nlohmann/json_fwd",
       {"rpc/", "node/config", "node/cli/", "node/import/", "node/demo/"},
       true},
      {"nlohmann/", {"rpc/", "node/config", "node/cli/", "node/import/", "node/demo/"}},
      {"prometheus/", {"rpc/", "node/host/", "node/*"}},
      {"httplib", {"node/cli/"}},
      {"toml++/", {"node/config", "node/cli/", "node/import/"}},
      {"CLI/", {"node/cli/", "node/import/", "node/main"}},
      {"spdlog/", {"node/"}},
      {"fmt/", {"node/"}},
      {"sodium", {"node/"}},
      {"qrcodegen", {"node/cli/"}},
  };
  return kWalls;
}

bool is_system_header(std::string_view name) {
  static constexpr std::array kFolders = {"sys/", "netinet/", "arpa/", "net/", "linux/"};
  static constexpr std::array kFiles = {"unistd.h", "fcntl.h",   "poll.h",  "signal.h",  "netdb.h",
                                        "spawn.h",  "dirent.h",  "pwd.h",   "termios.h", "time.h",
                                        "sched.h",  "pthread.h", "errno.h", "malloc.h"};
  return std::ranges::any_of(kFolders, [&](auto prefix) { return name.starts_with(prefix); }) ||
         std::ranges::find(kFiles, name) != kFiles.end();
}

bool is_standard_header(std::string_view name) {
  return !name.contains('.') && !name.contains('/');
}

bool is_test(const SourceFile& file) { return file.path.starts_with("tests/"); }

std::string wall_breach(const SourceFile& file, std::string_view target) {
  if (is_standard_header(target)) return {};
  if (is_system_header(target)) {
    const bool in_world = file.path.starts_with("node/") || file.path.starts_with("rpc/");
    return in_world ? "" : "the operating system belongs to node/ and rpc/";
  }
  for (const Wall& wall : walls()) {
    if (!target.starts_with(wall.header)) continue;
    const bool at_home =
        std::ranges::any_of(wall.places, [&](auto place) { return stands_in(file.path, place); });
    if (!at_home) return "this library is walled into another folder (docs/architecture.md)";
    if (file.is_header() && !wall.in_headers) {
      return "a third-party header stays in .cpp files: forward-declare, or hide it behind a type";
    }
    return {};
  }
  return "no folder is known for this library: say in docs/architecture.md who may use it";
}

}  // namespace

Findings check_closed_folders(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp() || is_test(file) || layer_of(file.path)) continue;
    findings.push_back({file.path, 1, "C++ in a folder that the plan does not have",
                        "move it into crypto, consensus, rpc or node"});
  }
  return findings;
}

Findings check_include_directions(const Tree& tree) {
  std::set<std::string_view> paths;
  for (const SourceFile& file : tree) paths.insert(file.path);
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    const Layer* from = layer_of(file.path);
    for (const Include& include : includes_of(file)) {
      const std::string shown = "#include \"" + std::string(include.target) + "\"";
      const Layer* to = layer_of(include.target);
      if (!include.quoted) {
        if (!to) continue;
        findings.push_back({file.path, include.line, shown, "write our own headers in quotes"});
      } else if (!paths.contains(include.target)) {
        findings.push_back(
            {file.path, include.line, shown, "write the header's path from the repository's root"});
      } else if (from && from != to && (!to || !includes_name(from->below, to->folder))) {
        findings.push_back({file.path, include.line, shown,
                            "arrows point down (node -> rpc -> consensus -> crypto): move the "
                            "shared part down, or pass it in"});
      }
    }
  }
  return findings;
}

Findings check_include_circles(const Tree& tree) {
  std::map<std::string_view, const SourceFile*> by_path;
  for (const SourceFile& file : tree) by_path.emplace(file.path, &file);
  Findings findings;
  std::set<std::string_view> done;
  std::set<std::string_view> open;
  const std::function<void(const SourceFile&)> visit = [&](const SourceFile& file) {
    open.insert(file.path);
    for (const Include& include : includes_of(file)) {
      if (open.contains(include.target)) {
        findings.push_back({file.path, include.line,
                            "a circle of includes through " + std::string(include.target),
                            "split the header at the seam"});
      } else if (const auto next = by_path.find(include.target);
                 next != by_path.end() && !done.contains(include.target)) {
        visit(*next->second);
      }
    }
    open.erase(file.path);
    done.insert(file.path);
  };
  for (const SourceFile& file : tree) {
    if (file.is_cpp() && !done.contains(file.path)) visit(file);
  }
  return findings;
}

Findings check_third_party_walls(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp() || is_test(file)) continue;
    for (const Include& include : includes_of(file)) {
      if (include.quoted) continue;
      const std::string remedy = wall_breach(file, include.target);
      if (remedy.empty()) continue;
      findings.push_back(
          {file.path, include.line, "#include <" + std::string(include.target) + ">", remedy});
    }
  }
  return findings;
}

Findings check_one_beast_file(const Tree& tree) {
  Findings findings;
  std::string_view first;
  for (const SourceFile& file : tree) {
    if (!file.is_cpp()) continue;
    for (const Include& include : includes_of(file)) {
      if (!include.target.starts_with("boost/beast")) continue;
      if (first.empty()) first = file.path;
      if (first == file.path) continue;
      findings.push_back({file.path, include.line, "a second unit compiles Beast (20 s each)",
                          "keep Beast in " + std::string(first)});
    }
  }
  return findings;
}

Findings check_namespaces(const Tree& tree) {
  Findings findings;
  for (const SourceFile& file : tree) {
    const Layer* layer = layer_of(file.path);
    if (!layer || !file.is_header()) continue;
    const std::string opening = "namespace " + std::string(layer->name_space);
    const std::string exact = layer->name_space.ends_with(":") ? opening : opening + " {";
    if (file.code.contains(exact)) continue;
    findings.push_back(
        {file.path, 1, "the namespace of its folder is missing", "open `" + exact + "`"});
  }
  return findings;
}

}  // namespace treeproof::tidy
