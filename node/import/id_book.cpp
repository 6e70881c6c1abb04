#include "node/import/id_book.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "consensus/ledger/leaves.h"
#include "node/cli/files.h"
#include "node/import/csv_reader.h"

namespace treeproof::import {

namespace {

cli::Result<void> read_into(const std::string& file, IdBook& book) {
  const auto refuse = [&](const std::string& why) {
    return cli::fail("\"" + file + "\" is no book of ids: " + why + ".",
                     "Give a file that `treeproof import trees --book` wrote.");
  };
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  if (!in) return refuse(std::strerror(errno));
  auto reader = CsvReader::open(in, ',');
  if (!reader) return refuse(reader.error().what);
  const auto slots = reader->choose({"id", "tree"});
  if (!slots) return refuse(slots.error().what);
  CsvRow row;
  while (reader->next(row)) {
    const std::string& id = row.cells[(*slots)[0]];
    const std::string& text = row.cells[(*slots)[1]];
    if (row.form != RowForm::good || id.empty() || !ledger::MemberId::check(text)) {
      return refuse("line " + std::to_string(row.line) + " is not an id and a tree");
    }
    const ledger::MemberId tree{text};
    const TreeName name{tree.batch().text, tree.index()};
    const auto [known, is_new] = book.try_emplace(id, name);
    if (!is_new && known->second != name) known->second.reset();
  }
  return {};
}

}  // namespace

cli::Result<void> write_id_book(const std::filesystem::path& file,
                                const std::vector<TreeBatch>& batches, const std::string& org) {
  std::string text = "id,tree\n";
  for (const TreeBatch& batch : batches) {
    const ledger::ObjectId id = ledger::ObjectId::of({org}, {batch.ref});
    for (std::size_t i = 0; i < batch.ids.size(); ++i) {
      text += csv_cell(batch.ids[i]) + "," + ledger::MemberId::of(id, i).text + "\n";
    }
  }
  return cli::write_file(file, crypto::as_bytes(text), cli::Replace::always);
}

cli::Result<IdBook> read_id_books(const std::vector<std::string>& files) {
  IdBook book;
  for (const std::string& file : files) {
    if (auto read = read_into(file, book); !read) return std::unexpected(read.error());
  }
  return book;
}

}  // namespace treeproof::import
