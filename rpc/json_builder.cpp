#include "rpc/json_builder.h"

#include <cassert>
#include <nlohmann/json.hpp>
#include <vector>

namespace treeproof::rpc {

struct JsonBuilder::Tree {
  Json root;
  std::vector<Json*> open;
  Json* member = nullptr;

  Json& place(Json&& value) {
    if (open.empty()) return root = std::move(value);
    if (!open.back()->is_array()) return *member = std::move(value);
    open.back()->push_back(std::move(value));
    return open.back()->back();
  }
};

JsonBuilder::JsonBuilder() : tree_(std::make_unique<Tree>()) {}
JsonBuilder::~JsonBuilder() = default;
JsonBuilder::JsonBuilder(JsonBuilder&&) noexcept = default;
JsonBuilder& JsonBuilder::operator=(JsonBuilder&&) noexcept = default;

void JsonBuilder::null() { tree_->place(Json(nullptr)); }
void JsonBuilder::boolean(bool value) { tree_->place(Json(value)); }
void JsonBuilder::text(std::string_view value) { tree_->place(Json(value)); }
void JsonBuilder::number(std::int64_t value) { tree_->place(Json(value)); }
void JsonBuilder::begin_object() { tree_->open.push_back(&tree_->place(Json::object())); }
void JsonBuilder::begin_array() { tree_->open.push_back(&tree_->place(Json::array())); }
void JsonBuilder::end() { tree_->open.pop_back(); }
void JsonBuilder::key(std::string_view name) {
  tree_->member = &(*tree_->open.back())[std::string(name)];
}

Json JsonBuilder::take() {
  assert(tree_->open.empty());
  return std::move(tree_->root);
}

}  // namespace treeproof::rpc
