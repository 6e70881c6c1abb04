#include "consensus/replica/replica.h"

#include "consensus/replica/replica_core.h"

namespace treeproof::replica {

Replica::Replica(ReplicaConfig config, Chain chain)
    : core_(std::make_unique<ReplicaCore>(std::move(config), std::move(chain))) {}
Replica::~Replica() = default;
Replica::Replica(Replica&&) noexcept = default;
Replica& Replica::operator=(Replica&&) noexcept = default;

Effects Replica::start(std::span<const Journal> journal, const Now& now) {
  return core_->start(journal, now);
}

Effects Replica::step(Event event, const Now& now) { return core_->step(std::move(event), now); }

const Chain& Replica::chain() const noexcept { return core_->chain(); }

const bft::Agreement& Replica::agreement() const noexcept { return core_->agreement(); }

const Mempool& Replica::pool() const noexcept { return core_->pool(); }

Height Replica::highest_seen() const { return core_->highest_seen(); }

Voting Replica::voting() const { return core_->voting(); }

bool Replica::is_starved() const {
  return highest_seen() > chain().tip().height && core_->is_starved();
}

}  // namespace treeproof::replica
