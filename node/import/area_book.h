// The outlines that trees are held against, each found once by the ref of its plot.
// Owns the outlines that were asked for. Callers: tree intake. One thread.
// Source: docs/importing.md "Trees"; docs/api.md plot_get.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "node/cli/rpc_client.h"
#include "node/import/outlines.h"

namespace treeproof::import {

struct Area {
  geometry::PlanePolygon plane;
  std::uint32_t uncertainty_m = 0;
};

class AreaBook {
 public:
  // Answers with nothing for a ref that names no plot; a failure ends the import.
  using Load = std::function<cli::Result<std::optional<Area>>(const std::string& ref)>;
  explicit AreaBook(Load load) : load_(std::move(load)) {}

  // Null where there is no such plot. Good as long as the book.
  cli::Result<const Area*> find(const std::string& ref);

 private:
  Load load_;
  std::map<std::string, std::optional<Area>> areas_;
};

// The good outlines of a GeoJSON file (outlines.h): plans without a node.
cli::Result<AreaBook> areas_of_file(const std::filesystem::path& file,
                                    const PropertyNames& properties, std::uint32_t uncertainty_m);
// The plots of an organisation as the node has them. Requires: the client outlives the book.
AreaBook areas_of_node(cli::RpcClient& client, const std::string& org);

}  // namespace treeproof::import
