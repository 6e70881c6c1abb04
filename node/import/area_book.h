// The outlines that trees are held against, each found once by the ref of its plot.
// Owns the outlines that were asked for. Callers: tree intake. One thread.
// Source: docs/importing.md "Trees"; docs/api.md plot_get.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/ledger/geometry/plane_polygon.h"
#include "node/cli/rpc_client.h"
#include "node/import/outlines.h"

namespace treeproof::import {

struct Area {
  geometry::PlanePolygon plane;
  std::uint32_t uncertainty_m = 0;
};

// As the ledger's I9, but for one line: where nothing may be off, a tree on the very outline, which
// neighbours share, does not say on which side it stands.
bool stands_inside(const geometry::PlanePolygon& plane, geometry::Position position,
                   std::uint32_t grow_m);

class AreaBook {
 public:
  // Answers with nothing for a ref that names no plot; a failure ends the import.
  using Load = std::function<cli::Result<std::optional<Area>>(const std::string& ref)>;
  // The refs of all plots, for those who look for one by a place.
  using List = std::function<cli::Result<std::vector<std::string>>()>;
  explicit AreaBook(Load load, List list = {}) : load_(std::move(load)), list_(std::move(list)) {}

  // Null where there is no such plot. Good as long as the book.
  cli::Result<const Area*> find(const std::string& ref);
  // The ref of the plot that holds the position inside its outline; else of the first by name that
  // does so once grown by its uncertainty and `grow_m`; else nothing. Requires: has a list.
  cli::Result<std::optional<std::string>> locate(geometry::Position position, std::uint32_t grow_m);

 private:
  cli::Result<void> load_all();

  Load load_;
  List list_;
  bool is_all_loaded_ = false;
  std::map<std::string, std::optional<Area>> areas_;
};

// The good outlines of a GeoJSON file (outlines.h): plans without a node.
cli::Result<AreaBook> areas_of_file(const std::filesystem::path& file,
                                    const PropertyNames& properties, std::uint32_t uncertainty_m);
// The plots of an organisation as the node has them. Requires: the client outlives the book.
AreaBook areas_of_node(cli::RpcClient& client, const std::string& org);

}  // namespace treeproof::import
