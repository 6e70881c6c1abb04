// A season in small numbers: points issued, campaigns opened, plots settled; then, again and again,
// trees pledged, planted, verified, redeemed and allocated, one statement after the other.
// Owns the statement that is under way. Caller: the simulated world. One thread.
// Source: docs/ledger.md "Statements".
#pragma once

#include <optional>
#include <string>

#include "consensus/ledger/attachment.h"
#include "consensus/ledger/statement.h"
#include "consensus/types/height.h"

namespace treeproof::simulation {

class World;

class Season {
 public:
  // The world outlives the season.
  explicit Season(World& world) : world_(world) {}
  void start();

 private:
  struct Page {  // one statement of the season
    std::string signer;
    ledger::Payload payload;
    ledger::AttachmentPtr attachment;
  };
  void turn();
  void hand_in();
  void heard(std::uint64_t step, const std::string& door, const ledger::Refusal& refusal);
  ledger::StatementPtr sign(const Page& page) const;
  // Nothing where the ledger is not there yet.
  std::optional<Page> page(std::uint64_t step);
  Page opening(std::uint64_t step);
  std::optional<Page> cycle(std::uint64_t round, std::uint64_t part);
  ledger::Campaign campaign(const std::string& ref, ledger::Mode mode) const;
  Page settled_plot() const;
  Page plant(std::uint64_t round) const;
  Page redeem(std::uint64_t round) const;
  std::optional<Page> allocate(std::uint64_t round) const;

  World& world_;
  std::uint64_t step_ = 0;  // of the statement under way
  std::optional<Page> open_;
  ledger::StatementPtr statement_;
  ledger::StatementPtr planted_;  // the campaigns, signed before the planters consent to them
  ledger::StatementPtr pledged_;
  ledger::StatementPtr plot_;
  std::uint64_t handed_in_us_ = 0;
  Height since_;  // everything before this statement is committed at this height
  bool running_ = false;
};

}  // namespace treeproof::simulation
