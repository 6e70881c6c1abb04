#include "tests/system/load.h"

#include <chrono>

#include "crypto/hash.h"
#include "tests/system/patience.h"

namespace treeproof::system_test {

namespace {

constexpr auto kPoll = std::chrono::milliseconds(1);
constexpr std::int32_t kFirstDay = 17'226;  // of the demo's chain

}  // namespace

ledger::Evidence photo(const std::string& ref) {
  ledger::Evidence evidence;
  evidence.ref = {ref};
  evidence.sha256 = crypto::sha256(crypto::as_bytes(ref));
  evidence.kind = ledger::EvidenceKind::photo;
  evidence.day = kFirstDay;
  evidence.bytes = 1;
  return evidence;
}

Load::Load(const demo::Cast& cast, std::string signer, const std::vector<std::string>& doors)
    : cast_(cast), signer_(std::move(signer)) {
  for (const std::string& at : doors) doors_.try_emplace(at);
  std::size_t number = 0;
  for (auto& [at, door] : doors_) {
    for (std::size_t i = 0; i < kClientsPerDoor; ++i) {
      clients_.emplace_back(
          [this, &at, &door, client = number++] { record_without_pause(at, door, client); });
    }
  }
}

void Load::record_without_pause(const std::string& at, Door& door, std::size_t client) {
  auto actor = demo::Actor::open(signer_, cast_.work_key(signer_), cast_.rpc_url(at),
                                 ledger::chain_id(cast_.genesis()));
  for (std::size_t number = 0; actor && !ending_; ++number) {
    while (!door.open && !ending_) std::this_thread::sleep_for(kPoll);
    const std::uint32_t deaths = door.deaths;
    const std::string ref = "photo-" + std::to_string(client) + "-" + std::to_string(number);
    ++door.waiting;
    const auto answer = actor->record(photo(ref));
    --door.waiting;
    take(answer, at, door, deaths);
  }
}

void Load::take(const cli::Result<demo::Recorded>& answer, const std::string& at, Door& door,
                std::uint32_t deaths) {
  if (!answer && (door.deaths != deaths || !door.open)) {
    ++door.interrupted;
    return;
  }
  const std::lock_guard hold(lock_);
  if (answer) {
    acknowledged_.push_back(*answer);
    ++door.answers;
  } else {
    complaints_.push_back(at + ": " + answer.error().what);
  }
}

bool Load::wait_for_answers(const std::string& door, std::size_t more) const {
  const std::size_t enough = answers(door) + more;
  return within_patience([&] { return answers(door) >= enough; });
}

bool Load::interrupt(const std::string& name, const std::function<void()>& kill) {
  Door& door = doors_.at(name);
  const bool all_wait = within_patience([&] { return door.waiting == kClientsPerDoor; });
  door.open = false;
  ++door.deaths;
  kill();
  return all_wait;
}

void Load::reopen(const std::string& door) { doors_.at(door).open = true; }

void Load::end() {
  ending_ = true;
  for (std::thread& client : clients_) client.join();
  clients_.clear();
}

}  // namespace treeproof::system_test
