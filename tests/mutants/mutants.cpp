// mutants: every mutant must be caught. Run from the root of the repository.
// Source: docs/mutants.md "How to run it".
#include <charconv>
#include <fstream>
#include <iostream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/mutants/hunt.h"

namespace treeproof::mutants {
namespace {

constexpr const char* kTable = "tests/mutants/table.txt";
constexpr const char* kUsage =
    "mutants [--only NAME] [--seeds M] [--write PAGE]\n"
    "  without --seeds: the original passes every recorded catcher, and each mutant is caught by\n"
    "  its own\n"
    "  --only NAME   this mutant, and how it was caught\n"
    "  --seeds M     try each against scenarios, twins and up to M seeds from five places\n"
    "  --write PAGE  put the table into this page of docs/\n"
    "  --help        this text\n"
    "Exit code: 0 all were caught, 1 one survived, 2 usage.\n";

struct Arguments {
  std::string only;
  std::uint64_t seeds = 0;
  std::string page;
};

std::optional<Arguments> parse(int count, char** texts) {
  Arguments arguments;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = texts[i];
    const std::string_view value = texts[i + 1];
    if (name == "--only") {
      arguments.only = value;
    } else if (name == "--write") {
      arguments.page = value;
    } else if (name == "--seeds") {
      const char* end = value.data() + value.size();
      const auto read = std::from_chars(value.data(), end, arguments.seeds);
      if (read.ec != std::errc{} || read.ptr != end || arguments.seeds == 0) return std::nullopt;
    } else {
      return std::nullopt;
    }
  }
  const bool in_pairs = count % 2 == 1;
  const bool measures = arguments.page.empty() || arguments.seeds > 0;
  return in_pairs && measures ? std::optional(arguments) : std::nullopt;
}

std::string text_of(const std::string& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<Mutant> chosen(const std::vector<Mutant>& all, const std::string& only) {
  if (only.empty()) return all;
  std::vector<Mutant> one;
  for (const Mutant& mutant : all) {
    if (mutant.name == only) one.push_back(mutant);
  }
  return one;
}

bool passes_as_original(const std::vector<Mutant>& mutants) {
  std::set<std::string> tried;
  bool passes = true;
  for (const Mutant& mutant : mutants) {
    if (!tried.insert(mutant.caught).second) continue;
    const auto catcher = catcher_named(mutant.caught);
    if (!catcher) {
      std::cout << mutant.name << ": " << catcher.error() << "\n";
      passes = false;
      continue;
    }
    const Ending ending = try_to_catch(0, *catcher);
    if (!ending.caught) continue;
    std::cout << "the original " << ending.how << ": " << mutant.caught << "\n" << ending.output;
    passes = false;
  }
  return passes;
}

bool check_recorded(const std::vector<Mutant>& mutants, const Arguments& arguments) {
  if (!passes_as_original(mutants)) return false;
  std::size_t survivors = 0;
  for (const Mutant& mutant : mutants) {
    const Ending ending = try_to_catch(mutant.number, *catcher_named(mutant.caught));
    survivors += ending.caught ? 0 : 1;
    std::cout << (ending.caught ? "caught    " : "SURVIVES  ") << mutant.name << ": "
              << mutant.caught << (ending.caught ? ", " : "") << ending.how << ", "
              << static_cast<std::uint64_t>(ending.seconds * 1'000) << " ms" << std::endl;
    if (!arguments.only.empty()) std::cout << ending.output << "\n";
  }
  std::cout << mutants.size() << " mutants, " << survivors << " survive\n";
  return survivors == 0;
}

bool measure(const std::vector<Mutant>& all, const std::vector<Mutant>& mutants,
             const Arguments& arguments) {
  std::vector<Sighting> sightings;
  std::size_t survivors = 0;
  for (const Mutant& mutant : mutants) {
    const Sighting& seen = sightings.emplace_back(hunt(mutant, arguments.seeds));
    survivors += seen.first.empty() ? 1 : 0;
    const auto middle = median_seeds(seen);
    std::cout << mutant.name << ": " << seen.scenarios << " scenarios, twins "
              << (seen.twins ? "yes" : "no") << ", seeds "
              << (middle ? std::to_string(*middle) : "-") << "; "
              << (seen.first.empty() ? "SURVIVES" : seen.first + ", " + seen.how) << std::endl;
  }
  std::cout << mutants.size() << " mutants, " << survivors << " survive\n";
  if (!arguments.page.empty()) {
    const std::string table = table_of(all, sightings, arguments.seeds);
    const auto page = page_with(text_of(arguments.page), table);
    if (!page) {
      std::cerr << arguments.page << ": " << page.error() << "\n";
      return false;
    }
    std::ofstream(arguments.page) << *page;
  }
  return survivors == 0;
}

int run(const Arguments& arguments) {
  const auto all = parse_table(text_of(kTable));
  if (!all) {
    std::cerr << kTable << ": " << all.error() << "\n";
    return 2;
  }
  for (const Mutant& mutant : *all) {
    if (simulation::profile_named(mutant.profile)) continue;
    std::cerr << kTable << ": " << mutant.name << ": no seeds are " << mutant.profile << "\n";
    return 2;
  }
  const std::vector<Mutant> mutants = chosen(*all, arguments.only);
  if (mutants.empty()) {
    std::cerr << "no mutant: " << arguments.only << "\n";
    return 2;
  }
  const bool all_caught =
      arguments.seeds > 0 ? measure(*all, mutants, arguments) : check_recorded(mutants, arguments);
  return all_caught ? 0 : 1;
}

}  // namespace
}  // namespace treeproof::mutants

int main(int count, char** texts) {
  if (std::string_view(texts[count - 1]) == "--help") {
    std::cout << treeproof::mutants::kUsage;
    return 0;
  }
  const auto arguments = treeproof::mutants::parse(count, texts);
  if (!arguments) {
    std::cerr << treeproof::mutants::kUsage;
    return 2;
  }
  testing::InitGoogleTest();
  return treeproof::mutants::run(*arguments);
}
