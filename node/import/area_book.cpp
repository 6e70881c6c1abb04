#include "node/import/area_book.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "node/cli/answers.h"

namespace treeproof::import {

namespace {

using rpc::Json;

std::unexpected<cli::Failure> no_outline(const std::string& plot) {
  return cli::fail("The node holds no outline of " + plot + ".",
                   "Ask another node (--rpc), or wait until this one has caught up.");
}

cli::Result<std::optional<Area>> load_plot(cli::RpcClient& client, const std::string& plot) {
  const auto answer = client.call("plot_get", Json{{"plot", plot}});
  if (!answer) {
    const bool is_unknown = answer.error().reason == cli::kReasonNotFound;
    return is_unknown ? cli::Result<std::optional<Area>>(std::nullopt)
                      : std::unexpected(answer.error());
  }
  geometry::Polygon polygon;
  if (!answer->at("rings").is_array()) return no_outline(plot);
  for (const Json& ring : answer->at("rings")) {
    geometry::Ring& positions = polygon.rings.emplace_back();
    for (const Json& position : ring) {
      positions.push_back({position.at(0).get<std::int32_t>(), position.at(1).get<std::int32_t>()});
    }
  }
  if (!geometry::check(polygon)) return no_outline(plot);
  const Json& payload = answer->at("object").at("payload");
  return Area{geometry::PlanePolygon(polygon),
              static_cast<std::uint32_t>(cli::number_at(payload, "uncertainty_m"))};
}

cli::Result<std::vector<std::string>> plots_of_node(cli::RpcClient& client,
                                                    const std::string& org) {
  const auto items = cli::list_all(client, "plot_list", Json{{"org", org}});
  if (!items) return std::unexpected(items.error());
  std::vector<std::string> refs;
  const std::string own = org + "/";
  for (const Json& item : *items) {
    const std::string id = cli::text_at(item, "id");
    if (id.starts_with(own)) refs.push_back(id.substr(own.size()));
  }
  return refs;
}

}  // namespace

bool stands_inside(const geometry::PlanePolygon& plane, geometry::Position position,
                   std::uint32_t grow_m) {
  if (grow_m > 0) return geometry::within_grown(plane, position, grow_m);
  return geometry::locate(plane.edges(), geometry::project(position)) == geometry::Place::inside;
}

cli::Result<const Area*> AreaBook::find(const std::string& ref) {
  auto found = areas_.find(ref);
  if (found == areas_.end()) {
    auto loaded = load_(ref);
    if (!loaded) return std::unexpected(loaded.error());
    found = areas_.emplace(ref, *std::move(loaded)).first;
  }
  return found->second ? &*found->second : nullptr;
}

cli::Result<void> AreaBook::load_all() {
  if (is_all_loaded_) return {};
  const auto refs = list_();
  if (!refs) return std::unexpected(refs.error());
  for (const std::string& ref : *refs) {
    if (auto found = find(ref); !found) return std::unexpected(found.error());
  }
  is_all_loaded_ = true;
  return {};
}

cli::Result<std::optional<std::string>> AreaBook::locate(geometry::Position position,
                                                         std::uint32_t grow_m) {
  if (auto loaded = load_all(); !loaded) return std::unexpected(loaded.error());
  for (const auto& [ref, area] : areas_) {
    if (area && stands_inside(area->plane, position, 0)) return ref;
  }
  for (const auto& [ref, area] : areas_) {
    const std::uint32_t all_m = area ? area->uncertainty_m + grow_m : 0;
    if (all_m > 0 && stands_inside(area->plane, position, all_m)) return ref;
  }
  return std::nullopt;
}

cli::Result<AreaBook> areas_of_file(const std::filesystem::path& file,
                                    const PropertyNames& properties, std::uint32_t uncertainty_m) {
  const auto outlines = read_outlines(file, properties);
  if (!outlines) return std::unexpected(outlines.error());
  auto planes = std::make_shared<std::map<std::string, geometry::PlanePolygon>>();
  for (const Outline& outline : *outlines) {
    if (outline.is_good()) planes->emplace(outline.ref, geometry::PlanePolygon(outline.polygon));
  }
  return AreaBook(
      [planes, uncertainty_m](const std::string& ref) -> cli::Result<std::optional<Area>> {
        const auto found = planes->find(ref);
        if (found == planes->end()) return std::nullopt;
        return Area{found->second, uncertainty_m};
      },
      [planes]() -> cli::Result<std::vector<std::string>> {
        std::vector<std::string> refs;
        for (const auto& [ref, plane] : *planes) refs.push_back(ref);
        return refs;
      });
}

AreaBook areas_of_node(cli::RpcClient& client, const std::string& org) {
  return AreaBook(
      [&client, org](const std::string& ref) { return load_plot(client, org + "/" + ref); },
      [&client, org] { return plots_of_node(client, org); });
}

}  // namespace treeproof::import
