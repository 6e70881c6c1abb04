#include "node/store/guard_file.h"

#include "node/store/file.h"

namespace treeproof::store {

namespace {

class DiskGuard final : public GuardFile {
 public:
  DiskGuard(File file, const bft::GuardState& state) : file_(std::move(file)), state_(state) {}

  std::expected<std::optional<crypto::Signature>, std::string> sign(
      const bft::SignRequest& request, const crypto::SecretKey& key) override {
    if (!failure_.empty()) return std::unexpected(failure_);
    switch (state_.judge(request)) {
      case bft::GuardVerdict::refuse:
        return std::nullopt;
      case bft::GuardVerdict::stored:
        return state_.stored_signature();
      case bft::GuardVerdict::sign:
        break;
    }
    state_.record(request, key.sign(request.digest));
    if (auto kept = write(); !kept) return std::unexpected(kept.error());
    return state_.stored_signature();
  }

  std::expected<void, std::string> raise_floor(Height height, Round round,
                                               bft::SignStep step) override {
    if (!failure_.empty()) return std::unexpected(failure_);
    const std::uint64_t before = state_.sequence();
    state_.raise_floor(height, round, step);
    if (state_.sequence() == before) return {};
    return write();
  }

  Height height() const override { return state_.height(); }

 private:
  // The older slot is overwritten, so a torn write leaves the newer one whole. [rule 23]
  std::expected<void, std::string> write() {
    auto kept = file_.write_at(bft::guard_slot_offset(state_), bft::encode_guard_slot(state_));
    if (kept) kept = file_.sync();
    if (!kept) failure_ = kept.error();
    return kept;
  }

  File file_;
  bft::GuardState state_;
  std::string failure_;  // the first one is final
};

}  // namespace

std::expected<void, std::string> GuardFile::create(const std::filesystem::path& file) {
  auto made = File::open(file, FileMode::create_new);
  if (!made) return std::unexpected(made.error());
  if (auto put = made->write_at(0, bft::new_guard_file()); !put) return put;
  if (auto synced = made->sync(); !synced) return synced;
  const std::filesystem::path folder = file.parent_path();
  return sync_folder(folder.empty() ? "." : folder);
}

std::expected<std::unique_ptr<GuardFile>, std::string> GuardFile::open(
    const std::filesystem::path& file) {
  auto opened = File::open(file, FileMode::read_write);
  if (!opened) return std::unexpected(opened.error());
  if (auto locked = opened->lock(); !locked) return std::unexpected(locked.error());
  const auto size = opened->size();
  if (!size) return std::unexpected(size.error());
  std::optional<bft::GuardState> state;
  if (*size == bft::kGuardFileBytes) {
    crypto::Bytes bytes(bft::kGuardFileBytes);
    if (auto got = opened->read_at(0, bytes); !got) return std::unexpected(got.error());
    if (auto decoded = bft::decode_guard_file(bytes)) state = *decoded;
  }
  if (!state) {
    return std::unexpected("the sign guard " + file.string() +
                           " is damaged: never sign with this node key again; `treeproof keys "
                           "new` makes another key together with its guard");
  }
  return std::make_unique<DiskGuard>(*std::move(opened), *state);
}

}  // namespace treeproof::store
