#include "tests/system/crash_points/victim.h"

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "node/cli/files.h"
#include "node/cli/rpc_client.h"
#include "tests/system/shell.h"

namespace treeproof::crash_points {

namespace {

constexpr auto kPoll = std::chrono::milliseconds(10);
constexpr std::size_t kTimeWidth = 24;  // of a log line's time

}  // namespace

Victim::Victim(std::filesystem::path binary, const demo::Cast& cast)
    : binary_(std::filesystem::absolute(binary)),
      config_(cast.config(kVictim)),
      folder_(config_.parent_path()),
      log_(cast.log(kVictim)),
      trace_(folder_ / "strace.txt"),
      genesis_(cast.genesis_file()),
      url_(cast.rpc_url(kVictim)) {}

std::vector<std::string> Victim::command() const {
  return {binary_.string(), "node", "--config", config_.string()};
}

void Victim::start() { start_by({}); }

void Victim::start_watched() { start_by(watch_arguments(trace_)); }

void Victim::start(const Fault& fault) { start_by(fault_arguments(fault, trace_, folder_)); }

void Victim::start_by(std::vector<std::string> wrapper) {
  std::error_code none;
  std::filesystem::remove(trace_, none);
  const auto size = std::filesystem::file_size(log_, none);
  log_begin_ = none ? 0 : size;
  std::ranges::move(command(), std::back_inserter(wrapper));
  process_ = TracedProcess::start(std::move(wrapper), log_);
  if (!process_) throw std::runtime_error("the node cannot be started");
}

std::optional<std::string> Victim::ended() { return process_ ? process_->ended() : "never born"; }

std::optional<std::string> Victim::stop() {
  return process_ ? process_->stop(kPatience) : "never born";
}

void Victim::wait(std::chrono::milliseconds limit) {
  if (process_) process_->wait(limit);
}

bool Victim::is_ready() const {
  auto client = cli::RpcClient::open(url_);
  return client && client->get("/readyz", 1 << 16).has_value();
}

std::optional<std::string> Victim::wait_until_ready() {
  std::optional<std::string> end;
  system_test::within_patience([&] {
    end = is_ready() ? "ready" : ended();
    return end.has_value();
  });
  return end;
}

std::string Victim::printed() const {
  const std::string all = system_test::read_whole(log_);
  return all.substr(std::min<std::size_t>(all.size(), log_begin_));
}

std::string Victim::last_line() const {
  std::string text = printed();
  while (text.ends_with('\n')) text.pop_back();
  text = text.substr(text.rfind('\n') + 1);
  return text.starts_with("20") && text.size() > kTimeWidth ? text.substr(kTimeWidth) : text;
}

Trace Victim::trace() const {
  Trace trace = read_trace(trace_, folder_);
  const bool is_over = process_->is_over();
  for (int i = 0; i < 1'000 && is_over && !trace.ended; ++i) {  // strace is a moment behind
    std::this_thread::sleep_for(kPoll);
    trace = read_trace(trace_, folder_);
  }
  return trace;
}

std::vector<bft::GuardState> Victim::guard() const {
  const auto bytes = cli::read_file(cli::guard_path(folder_ / "node.key"), bft::kGuardFileBytes);
  std::vector<bft::GuardState> states;
  if (!bytes || bytes->size() != bft::kGuardFileBytes) return states;
  for (std::size_t at = 0; at < bytes->size(); at += bft::kGuardSlotBytes) {
    auto state = bft::decode_guard_slot(crypto::ByteSpan(*bytes).subspan(at, bft::kGuardSlotBytes));
    if (state) states.push_back(*std::move(state));
  }
  std::ranges::sort(states, std::greater{}, &bft::GuardState::sequence);
  return states;
}

int Victim::check_store() const {
  auto check = TracedProcess::start({binary_.string(), "store", "check", "--home", home().string(),
                                     "--genesis", genesis_.string()},
                                    log_);
  const auto end = check ? check->wait(5 * kPatience) : std::nullopt;
  return end && end->starts_with("exit ") ? std::stoi(end->substr(5)) : 128;
}

}  // namespace treeproof::crash_points
