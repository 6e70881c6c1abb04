#include "node/store/check_findings.h"

#include "crypto/state_map.h"
#include "node/store/height_writer.h"
#include "node/store/key_layout.h"
#include "node/store/lookup_indexes.h"

namespace treeproof::store {

void add(Findings& findings, std::string finding) {
  if (findings.size() < kFindingsMax) findings.push_back(std::move(finding));
}

namespace {

// The key as its grammar is drawn: text where it is text, hex elsewhere.
std::string shown(std::string_view key) {
  std::string text;
  for (const char c : key) {
    const bool is_text = c > ' ' && c < 0x7f;
    const auto byte = static_cast<std::uint8_t>(c);
    is_text ? text += c : text += "\\x" + crypto::to_hex(crypto::ByteSpan(&byte, 1));
  }
  return text;
}

// Kinds that do not follow from the blocks alone; the tip is compared by itself.
bool follows_from_blocks(std::string_view key) {
  constexpr std::string_view kOthers = "dswxzef";
  return kOthers.find(key.front()) == std::string_view::npos && key != kTipKey;
}

void skip_others(Cursor& cursor) {
  while (cursor.valid() && !follows_from_blocks(cursor.key())) cursor.next();
}

// Equal for equal sets of entries, whatever their order.
struct EntrySum {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  void add(std::uint64_t entry) {
    entry = (entry ^ entry >> 30) * 0xbf58476d1ce4e5b9;
    entry = (entry ^ entry >> 27) * 0x94d049bb133111eb;
    sum += entry ^ entry >> 31;
    ++count;
  }
  bool operator==(const EntrySum&) const = default;
};

void compare_runs(const SortedRuns& runs, const EntrySum& expected, std::string_view kind,
                  Findings& findings) {
  EntrySum held;
  for (const Run& run : runs.runs()) {
    for (const std::uint64_t entry : run.entries) held.add(entry);
  }
  for (const std::string& file : runs.damage()) add(findings, file + " is damaged");
  if (held != expected) {
    add(findings, "the runs of " + std::string(kind) +
                      " do not hold what the ledger says: remove the folder of lookups, it is "
                      "made again");
  }
}

EntrySum sum_of_names(const Database& remade, std::uint32_t covered) {
  EntrySum sum;
  Cursor cursor = remade.cursor();
  for (cursor.seek("k"); cursor.valid() && cursor.key().starts_with('k'); cursor.next()) {
    const auto names = decode_names(cursor.value());
    const auto last = crypto::read_u32be(crypto::as_bytes(cursor.key().substr(1)));
    auto number = last + 1 - static_cast<std::uint32_t>(names.size());
    for (const ledger::ObjectKey& name : names) {
      if (number >= covered) return sum;
      sum.add(make_entry(crypto::state_key(name.name_space, name.id), number++));
    }
  }
  return sum;
}

EntrySum sum_of_commitments(const Database& remade, const AttachmentFiles& attachments,
                            std::uint32_t covered) {
  EntrySum sum;
  for (std::uint32_t number = 0; number < covered; ++number) {
    const auto id = remade.get(redemption_key(number));
    const auto stored = id ? remade.get(object_key({"object", *id})) : std::nullopt;
    const auto value = stored ? decode_version(*stored).value : nullptr;
    Entries entries;
    append_commitments(entries, value, attachments, number);
    for (const std::uint64_t entry : entries) sum.add(entry);
  }
  return sum;
}

}  // namespace

void find_differences(const Database& stored, const Database& remade, Findings& findings) {
  Cursor left = stored.cursor();
  Cursor right = remade.cursor();
  left.seek("");
  right.seek("");
  for (;;) {
    skip_others(left);
    skip_others(right);
    if (!left.valid() && !right.valid()) break;
    if (!right.valid() || (left.valid() && left.key() < right.key())) {
      add(findings, "the key " + shown(left.key()) + " should not be there");
      left.next();
    } else if (!left.valid() || right.key() < left.key()) {
      add(findings, "the key " + shown(right.key()) + " is missing");
      right.next();
    } else {
      if (left.value() != right.value()) {
        add(findings, "the key " + shown(left.key()) + " has another value");
      }
      left.next();
      right.next();
    }
  }
  if (auto status = left.status(); !status) add(findings, status.error());
}

void find_tip_differences(const TipRecord& stored, TipRecord remade, Findings& findings) {
  remade.attachments_end = stored.attachments_end;  // not of the chain
  if (encode(stored) != encode(remade)) add(findings, "the tip is not that of the last block");
}

void find_attachment_damage(const Database& stored, const AttachmentFiles& attachments,
                            Findings& findings) {
  Cursor cursor = stored.cursor();
  for (cursor.seek("s"); cursor.valid() && cursor.key().starts_with('s'); cursor.next()) {
    crypto::Hash root{};
    const crypto::ByteSpan named = crypto::as_bytes(cursor.key().substr(1));
    if (named.size() != root.size()) continue;
    std::ranges::copy(named, root.begin());
    const auto held = attachments.read(root);
    if (!held && !attachments.remains(root)) add(findings, held.error());
  }
  if (auto status = cursor.status(); !status) add(findings, status.error());
}

void find_lookup_damage(const std::filesystem::path& folder, const Database& remade,
                        const AttachmentFiles& attachments, const TipRecord& tip,
                        Findings& findings) {
  const SortedRuns names(folder, "names", tip.names);
  compare_runs(names, sum_of_names(remade, names.covered()), "names", findings);
  const SortedRuns commitments(folder, "commitments", tip.redemptions);
  compare_runs(commitments, sum_of_commitments(remade, attachments, commitments.covered()),
               "commitments", findings);
}

}  // namespace treeproof::store
