#include "tests/system/crash_points/witness.h"

#include <stdexcept>

#include "consensus/replica/messages.h"

namespace treeproof::crash_points {

namespace {

crypto::SecretKey node_key_of(const demo::Cast& cast, const std::string& org) {
  auto file = cli::read_key_file(cast.config(org).parent_path() / "node.key");
  if (!file) throw std::runtime_error(file.error().what);
  return std::move(file->key);
}

network::MeshConfig mesh_config(const demo::Cast& cast, std::uint16_t first_peer_port) {
  network::MeshConfig config;
  config.chain_id = ledger::chain_id(cast.genesis());
  config.own_org = demo::kRegulator;
  std::uint16_t port = first_peer_port;
  for (const std::string& org : cast.orgs()) {
    const network::PeerAddress address{"127.0.0.1", port++};
    if (org == config.own_org) {
      config.listen = address;
    } else {
      config.peers.emplace_back(org, address);
    }
  }
  for (std::uint8_t kind = replica::kKindFirst; kind <= replica::kKindLast; ++kind) {
    config.frames[kind] = {replica::payload_bytes_max(kind), replica::serves_catch_up(kind)
                                                                 ? network::PeerLevel::catch_up_only
                                                                 : network::PeerLevel::full};
  }
  config.limits.redial_last_ms = 200;
  return config;
}

}  // namespace

Witness::Witness(const demo::Cast& cast, std::uint16_t first_peer_port, std::string watched)
    : watched_(std::move(watched)),
      chain_id_(ledger::chain_id(cast.genesis())),
      validators_(ledger::genesis_validators(cast.genesis())),
      key_(node_key_of(cast, demo::kRegulator)) {
  mesh_ = std::make_unique<network::Mesh>(mesh_config(cast, first_peer_port), key_, loop_, *this);
  network::PeerDirectory directory;
  for (const Validator& validator : validators_.all()) {
    directory.emplace(validator.org, network::PeerEntry{validator.key});
  }
  mesh_->set_directory(std::move(directory));
  if (auto started = mesh_->start(); !started) throw std::runtime_error(started.error());
  thread_ = std::thread([this] {
    loop_.run();
    mesh_->stop();
    loop_.join_workers();
  });
}

Witness::~Witness() {
  loop_.stop();
  thread_.join();
}

void Witness::begin_life() {
  const std::lock_guard hold(lock_);
  ++life_;
}

std::uint32_t Witness::life() const {
  const std::lock_guard hold(lock_);
  return life_;
}

bool Witness::is_connected() const {
  const std::lock_guard hold(lock_);
  return connected_;
}

std::optional<Signed> Witness::highest() const {
  const std::lock_guard hold(lock_);
  if (seen_.empty()) return std::nullopt;
  return seen_.rbegin()->second.back();
}

std::vector<Signed> Witness::seen() const {
  const std::lock_guard hold(lock_);
  std::vector<Signed> all;
  for (const auto& [position, requests] : seen_) {
    all.insert(all.end(), requests.begin(), requests.end());
  }
  return all;
}

std::vector<std::string> Witness::double_signatures() const {
  const std::lock_guard hold(lock_);
  std::vector<std::string> found;
  for (const auto& [position, requests] : seen_) {
    if (requests.size() < 2) continue;
    const bft::SignRequest& first = requests.front().request;
    found.push_back("height " + std::to_string(first.height.value) + ", round " +
                    std::to_string(first.round.value) + ", step " +
                    std::to_string(static_cast<int>(first.step)) + ": lives " +
                    std::to_string(requests[0].life) + " and " + std::to_string(requests[1].life));
  }
  return found;
}

void Witness::on_connected(const std::string& org) {
  const std::lock_guard hold(lock_);
  if (org == watched_) connected_ = true;
}

void Witness::on_disconnected(const std::string& org, network::Reason) {
  const std::lock_guard hold(lock_);
  if (org == watched_) connected_ = false;
}

void Witness::on_refused(const std::string&, const network::Refusal&) {}

void Witness::on_frame(const std::string&, std::uint8_t kind, crypto::Bytes payload) {
  const auto message = replica::decode(kind, payload, chain_id_);
  if (!message) return;
  if (const auto* vote = std::get_if<bft::Vote>(&*message)) take(*vote);
  if (const auto* proposal = std::get_if<bft::Proposal>(&*message)) take(*proposal);
  if (const auto* polka = std::get_if<bft::PolkaCertificate>(&*message)) {
    for (const bft::Vote& vote : bft::votes_of(*polka)) take(vote);
  }
  if (const auto* round = std::get_if<bft::RoundCertificate>(&*message)) {
    for (const bft::Vote& vote : round->votes) take(vote);
  }
}

void Witness::take(const bft::Vote& vote) {
  if (vote.org != watched_ || !bft::verify(vote, chain_id_, validators_)) return;
  keep({vote.height, vote.round, bft::sign_step(vote.type), bft::sign_digest(vote, chain_id_)});
}

void Witness::take(const bft::Proposal& proposal) {
  if (proposal.org != watched_ || !bft::verify(proposal, chain_id_, validators_)) return;
  keep({proposal.height, proposal.round, bft::SignStep::proposal,
        bft::sign_digest(proposal, chain_id_)});
}

void Witness::keep(const bft::SignRequest& request) {
  const std::lock_guard hold(lock_);
  auto& held = seen_[{request.height, request.round, request.step}];
  for (const Signed& known : held) {
    if (known.request == request) return;
  }
  held.push_back({request, life_});
}

}  // namespace treeproof::crash_points
