#include "node/store/journal_file.h"

#include <utility>

#include "node/store/file.h"
#include "node/store/journal_record.h"

namespace treeproof::store {

namespace {

constexpr std::uint64_t kReserveStepBytes = 4u << 20;

struct Half {
  File file;
  std::uint64_t reserved = 0;
};

class DiskJournal final : public JournalFile {
 public:
  DiskJournal(std::array<Half, 2> halves, std::size_t active, JournalContent content)
      : halves_(std::move(halves)),
        active_(active),
        generation_(content.generation + 1),
        end_(content.end),
        found_(std::move(content.records)) {}

  const std::vector<replica::Journal>& found() const override { return found_; }

  void append(const replica::Journal& record) override {
    append_journal_record(buffer_, record, {generation_, end_});
  }

  std::expected<void, std::string> sync() override {
    if (!failure_.empty()) return std::unexpected(failure_);
    if (buffer_.empty()) return {};
    auto kept = write();
    if (!kept) failure_ = kept.error();
    return kept;
  }

  void reset() override {
    buffer_.clear();
    if (end_ == 0) return;  // nothing of this generation was written
    active_ = 1 - active_;
    ++generation_;
    end_ = 0;
  }

 private:
  std::expected<void, std::string> write() {
    Half& half = halves_[active_];
    const std::uint64_t needed = end_ + buffer_.size();
    if (needed > half.reserved) {
      const std::uint64_t steps = needed / kReserveStepBytes + 1;
      auto grown = half.file.reserve(steps * kReserveStepBytes);
      if (!grown) return grown;
      half.reserved = steps * kReserveStepBytes;
    }
    if (auto put = half.file.write_at(end_, buffer_); !put) return put;
    if (auto synced = half.file.sync(); !synced) return synced;
    end_ = needed;
    buffer_.clear();
    return {};
  }

  std::array<Half, 2> halves_;
  std::size_t active_;
  std::uint64_t generation_;
  std::uint64_t end_;  // of what is durable in the active half
  crypto::Bytes buffer_;
  std::vector<replica::Journal> found_;
  std::string failure_;  // the first one is final
};

std::expected<crypto::Bytes, std::string> read_half(const File& file) {
  const auto size = file.size();
  if (!size) return std::unexpected(size.error());
  crypto::Bytes bytes(*size);
  if (auto got = file.read_at(0, bytes); !got) return std::unexpected(got.error());
  return bytes;
}

}  // namespace

std::expected<std::unique_ptr<JournalFile>, std::string> JournalFile::open(
    const std::filesystem::path& file) {
  static constexpr std::array kSuffixes{".a", ".b"};
  std::array<Half, 2> halves;
  std::array<crypto::Bytes, 2> bytes;
  for (std::size_t i = 0; i < halves.size(); ++i) {
    auto opened = File::open(file.string() + kSuffixes[i], FileMode::create);
    if (!opened) return std::unexpected(opened.error());
    auto held = read_half(*opened);
    if (!held) return std::unexpected(held.error());
    halves[i] = {*std::move(opened), held->size()};
    bytes[i] = *std::move(held);
  }
  const std::filesystem::path folder = file.parent_path();
  if (auto named = sync_folder(folder.empty() ? "." : folder); !named) {
    return std::unexpected(named.error());
  }
  auto content = read_journal(bytes);
  if (!content) {
    return std::unexpected("the journal " + file.string() + " is damaged in the middle, at byte " +
                           std::to_string(content.error().offset) + " of " +
                           file.filename().string() + kSuffixes[content.error().half] +
                           ": the node must not go on from it; run `treeproof store check`");
  }
  const std::size_t active = content->half;
  return std::make_unique<DiskJournal>(std::move(halves), active, *std::move(content));
}

}  // namespace treeproof::store
