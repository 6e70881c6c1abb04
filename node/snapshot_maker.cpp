#include "node/snapshot_maker.h"

#include <spdlog/spdlog.h>

namespace treeproof::node {

SnapshotMaker::SnapshotMaker(const std::filesystem::path& home, std::uint64_t every,
                             const store::Store& store)
    : shelf_(home / "snapshots"), every_(every), store_(store), thread_([this] { work(); }) {}

SnapshotMaker::~SnapshotMaker() {
  {
    const std::lock_guard hold(lock_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void SnapshotMaker::committed(const rpc::ChainViewPtr& view) {
  const bool is_carried = due_ && due_->height().next() == view->height();
  if (is_carried) {
    const std::lock_guard hold(lock_);
    if (!is_busy_) order_ = due_;
  }
  due_ = every_ > 0 && view->height().value % every_ == 0 ? view : nullptr;
  if (is_carried) changed_.notify_all();
}

void SnapshotMaker::work() {
  if (auto looked = shelf_.look_through(); !looked) {
    spdlog::warn("the snapshots of this node cannot be offered: {}", looked.error());
  }
  std::unique_lock hold(lock_);
  while (!ends_) {
    is_busy_ = order_ != nullptr;
    if (!is_busy_) {
      changed_.wait(hold, [this] { return ends_ || order_; });
      continue;
    }
    const rpc::ChainViewPtr view = std::move(order_);
    order_ = nullptr;
    hold.unlock();
    write(*view);
    hold.lock();
  }
}

void SnapshotMaker::write(const rpc::ChainView& view) {
  const auto fill = [&](const store::SnapshotOut& out) {
    return store_.write_snapshot(view, store::SnapshotContent::state,
                                 [&](crypto::ByteSpan bytes) -> std::expected<void, std::string> {
                                   if (ends_) return std::unexpected("the node stops");
                                   return out(bytes);
                                 });
  };
  const auto written = shelf_.put(view.height(), fill);
  if (written) {
    spdlog::info("snapshot of height {} is there for peers", view.height().value);
  } else if (!ends_) {
    spdlog::warn("no snapshot of height {}: {}", view.height().value, written.error());
  }
}

}  // namespace treeproof::node
