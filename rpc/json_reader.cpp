#include "rpc/json_reader.h"

#include <nlohmann/json.hpp>
#include <vector>

namespace treeproof::rpc {

namespace {

// Builds the tree value by value and stops at the first breach of a limit.
class TreeReader final : public nlohmann::json_sax<Json> {
 public:
  explicit TreeReader(const JsonLimits& limits) : limits_(limits) {}

  bool null() override { return add(Json(nullptr)); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(number_integer_t value) override {  // of a text with a minus
    return value == 0 ? refuse("minus zero is no integer") : add(Json(value));
  }
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
    if (members.size() >= limits_.keys_max) return refuse("an object with too many keys");
    const auto [place, is_new] = members.emplace(name, nullptr);
    if (!is_new) return refuse("a key stands twice: " + name);
    member_ = &place->second;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception&) override {
    return refuse("not JSON at byte " + std::to_string(position));
  }

  Json& root() { return root_; }
  std::string& problem() { return problem_; }

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
    if (++values_ > limits_.values_max) return refuse("too many values");
    place(std::move(value));
    return true;
  }
  bool open(Json&& value) {
    if (open_.size() >= limits_.depth_max) return refuse("nested too deeply");
    if (++values_ > limits_.values_max) return refuse("too many values");
    open_.push_back(place(std::move(value)));
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }

  const JsonLimits& limits_;
  Json root_;
  std::vector<Json*> open_;
  Json* member_ = nullptr;
  std::size_t values_ = 0;
  std::string problem_;
};

}  // namespace

std::string to_string(const JsonFault& fault) {
  return fault.path.empty() ? fault.problem : fault.path + ": " + fault.problem;
}

std::expected<Json, JsonFault> parse_json(std::string_view text, const JsonLimits& limits) {
  // The library takes a zero byte for the end of the text, whatever follows.
  if (const std::size_t zero = text.find('\0'); zero != std::string_view::npos) {
    return std::unexpected(JsonFault{"", "not JSON at byte " + std::to_string(zero + 1)});
  }
  TreeReader reader(limits);
  if (Json::sax_parse(text, &reader)) return std::move(reader.root());
  return std::unexpected(JsonFault{"", std::move(reader.problem())});
}

std::string to_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string to_pretty_text(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace treeproof::rpc
