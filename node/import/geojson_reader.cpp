#include "node/import/geojson_reader.h"

#include <istream>
#include <nlohmann/json.hpp>
#include <vector>

namespace treeproof::import {

namespace {

using rpc::Json;
using Visit = std::function<void(const Json&)>;

constexpr std::size_t kDepthMax = 24;
constexpr std::size_t kKeysMax = 1'024;  // of one object

// Builds the tree value by value; an element of the root's "features" is visited and dropped.
class FeatureReader final : public nlohmann::json_sax<Json> {
 public:
  explicit FeatureReader(const Visit& visit) : visit_(visit) {}

  bool null() override { return add(Json(nullptr)); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override { return add(Json(value)); }
  bool number_unsigned(number_unsigned_t value) override { return add(Json(value)); }
  bool number_float(number_float_t value, const string_t&) override { return add(Json(value)); }
  bool string(string_t& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t&) override { return refuse("binary values are no JSON"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    Json::object_t& members = open_.back()->get_ref<Json::object_t&>();
    if (members.size() >= kKeysMax) return refuse("an object with too many keys");
    const auto [place, is_new] = members.emplace(name, nullptr);
    if (!is_new) return refuse("a key stands twice: " + name);
    member_ = &place->second;
    if (open_.size() == 1) in_features_ = name == "features";
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse("no JSON at byte " + std::to_string(position));
  }

  const Json& root() const noexcept { return root_; }
  const std::string& problem() const noexcept { return problem_; }

 private:
  bool refuse(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return false;
  }
  Json* place(Json&& value) {
    if (open_.empty()) return &(root_ = std::move(value));
    if (open_.back()->is_array()) {
      open_.back()->push_back(std::move(value));
      return &open_.back()->back();
    }
    return &(*member_ = std::move(value));
  }
  bool add(Json&& value) {
    if (++values_ > kFeatureValuesMax) return refuse("a feature with too many values");
    place(std::move(value));
    return true;
  }
  bool open(Json&& value) {
    if (open_.size() >= kDepthMax) return refuse("nested too deeply");
    if (++values_ > kFeatureValuesMax) return refuse("a feature with too many values");
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    const bool is_feature = in_features_ && open_.size() == 2 && open_.back()->is_array();
    if (!is_feature) return true;
    visit_(open_.back()->back());
    open_.back()->get_ref<Json::array_t&>().clear();
    values_ = 0;
    return true;
  }

  const Visit& visit_;
  Json root_;
  std::vector<Json*> open_;
  Json* member_ = nullptr;
  bool in_features_ = false;
  std::size_t values_ = 0;
  std::string problem_;
};

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object() || !object.contains(key) || !object[key].is_string()) return {};
  return object[key].get<std::string>();
}

// RFC 7946 knows WGS84 alone; older files name it in a `crs`, or another system.
bool is_wgs84(const Json& root) {
  if (!root.contains("crs") || root["crs"].is_null()) return true;
  const Json& crs = root["crs"];
  const std::string name = crs.is_object() ? text_of(crs.value("properties", Json()), "name") : "";
  return name.ends_with("CRS84") || name.ends_with("EPSG:4326") || name.ends_with("EPSG::4326");
}

std::unexpected<cli::Failure> refuse(const std::string& why) {
  return cli::fail("The file is not the GeoJSON that is wanted here: " + why + ".",
                   "Give a FeatureCollection of RFC 7946 in WGS84 degrees.");
}

}  // namespace

cli::Result<void> for_each_feature(std::istream& in, const Visit& visit) {
  FeatureReader reader(visit);
  if (!Json::sax_parse(in, &reader)) return refuse(reader.problem());
  const Json& root = reader.root();
  if (!root.is_object()) return refuse("no object");
  if (!is_wgs84(root)) return refuse("its crs is not WGS84");
  const std::string type = text_of(root, "type");
  if (type == "FeatureCollection") {
    const bool has_features = root.contains("features") && root["features"].is_array();
    return has_features ? cli::Result<void>() : refuse("a FeatureCollection without features");
  }
  if (type == "Feature") return visit(root), cli::Result<void>();
  if (root.contains("coordinates")) {
    return visit(Json{{"type", "Feature"}, {"properties", nullptr}, {"geometry", root}}),
           cli::Result<void>();
  }
  return refuse("its type is \"" + type + "\"");
}

}  // namespace treeproof::import
