#include "node/demo/demo.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "node/cli/audit_commands.h"
#include "node/cli/certificate_commands.h"
#include "node/cli/files.h"
#include "node/demo/cast.h"
#include "node/demo/processes.h"
#include "node/demo/season.h"

namespace treeproof::demo {

namespace {

using cli::ExitCode;
using cli::Result;
using std::chrono::steady_clock;

constexpr auto kReadyLimit = std::chrono::seconds(30);
constexpr auto kPoll = std::chrono::milliseconds(50);
volatile sig_atomic_t interrupted = 0;  // set by the signal handler, read by the loops below

void on_signal(int) { interrupted = 1; }

TimeMs real_time() {
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
  return TimeMs{static_cast<std::uint64_t>(ms)};
}

// A folder of the demo's own; removed at the end unless the caller chose it.
class Home {
 public:
  static Result<Home> choose(const std::optional<std::filesystem::path>& wanted) {
    if (wanted) {
      std::error_code error;
      std::filesystem::create_directories(*wanted, error);
      if (error || !std::filesystem::is_empty(*wanted)) {
        return cli::fail("The folder " + wanted->string() + " is not an empty one.",
                         "Choose another --home.");
      }
      return Home(std::filesystem::absolute(*wanted), false);
    }
    std::string name = (std::filesystem::temp_directory_path() / "treeproof-demo-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      return cli::fail("No temporary folder can be made.", "Choose one with --home.");
    }
    return Home(name, true);
  }
  Home(Home&& other) noexcept
      : path_(std::move(other.path_)), is_temporary_(std::exchange(other.is_temporary_, false)) {}
  Home& operator=(Home&&) = delete;
  ~Home() {
    std::error_code ignored;
    if (is_temporary_) std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const noexcept { return path_; }

 private:
  Home(std::filesystem::path path, bool is_temporary)
      : path_(std::move(path)), is_temporary_(is_temporary) {}
  std::filesystem::path path_;
  bool is_temporary_;
};

class Demo {
 public:
  Demo(const DemoOptions& options, cli::Console& console, Cast cast)
      : options_(options), console_(console), cast_(std::move(cast)) {}

  Result<ExitCode> run() {
    if (auto started = start_nodes(); !started) return std::unexpected(started.error());
    auto actors = open_actors();
    if (!actors) return std::unexpected(actors.error());
    Season season(*std::move(actors), [this](const std::string& line) { tell(line); });
    if (auto played = season.play(); !played) return std::unexpected(played.error());
    auto certificate = fetch_certificate(season.user());
    if (!certificate) return std::unexpected(certificate.error());
    say("\nVerifying that certificate offline, from the file and the trust file alone:\n");
    const ExitCode verified = cli::certificate_verify(
        {certificate->string(), cast_.trust().string(), std::nullopt}, console_);
    say("\nAuditing: recomputing the whole log without trusting any node:\n");
    cli::AuditOptions audit;
    audit.trust = cast_.trust().string();
    audit.rpc = cast_.rpc_url(kRegulator);
    const ExitCode audited = cli::audit(audit, console_);
    if (verified != ExitCode::ok || audited != ExitCode::ok) return ExitCode::negative;
    explain(*certificate);
    if (options_.afterwards == Afterwards::serve) return serve();
    return ExitCode::ok;
  }

 private:
  void say(const std::string& text) { console_.out() << text << std::flush; }
  void tell(const std::string& line) {
    const auto elapsed = std::chrono::duration<double>(steady_clock::now() - began_).count();
    char seconds[16];
    std::snprintf(seconds, sizeof seconds, "%5.1f s", elapsed);
    say(std::string(seconds) + "  " + chain_day() + "  " + line + "\n");
  }
  std::string chain_day() {
    auto client = cli::RpcClient::open(cast_.rpc_url(kPlatform));
    if (!client) return "----------";
    const auto status = client->call("chain_status", rpc::Json::object());
    if (!status) return "----------";
    return cli::day_text(TimeMs{std::stoull(status->at("time").get<std::string>())}.day());
  }

  Result<void> start_nodes() {
    say("Four validators and one observer, each a process of its own, with keys made just now:\n");
    for (const std::string& org : Cast::orgs()) {
      say("  " + cast_.rpc_url(org) + "  " + org + "\n");
      auto started = processes_.start(org, cast_.config(org), cast_.log(org));
      if (!started) return started;
    }
    say("\n");
    const auto deadline = steady_clock::now() + kReadyLimit;
    for (const std::string& org : Cast::orgs()) {
      auto client = cli::RpcClient::open(cast_.rpc_url(org));
      if (!client) return std::unexpected(client.error());
      while (!client->get("/readyz", 1 << 16)) {
        if (auto alive = processes_.check(); !alive) return alive;
        if (interrupted != 0) return cli::fail("Interrupted.", "Start the demo again.");
        if (steady_clock::now() > deadline) {
          return cli::fail("The node of " + org + " does not become ready.",
                           "Read why in " + cast_.log(org).string() + ".");
        }
        std::this_thread::sleep_for(kPoll);
      }
    }
    return {};
  }

  Result<Actors> open_actors() {
    const std::string chain = ledger::chain_id(cast_.genesis());
    const auto horizon = std::make_shared<Horizon>();
    const auto open = [&](const char* org) {
      return Actor::open(org, cast_.work_key(org), cast_.rpc_url(org), chain, horizon);
    };
    auto platform = open(kPlatform);
    auto desert = open(kDesertNgo);
    auto river = open(kRiverNgo);
    auto verifier = open(kVerifier);
    for (auto* actor : {&platform, &desert, &river, &verifier}) {
      if (!*actor) return std::unexpected(actor->error());
    }
    return Actors{*std::move(platform), *std::move(desert), *std::move(river),
                  *std::move(verifier)};
  }

  // The certificate of the user's unit, with the opening that only the user holds put in.
  Result<std::filesystem::path> fetch_certificate(const UserUnit& user) {
    auto client = cli::RpcClient::open(cast_.rpc_url(kPlatform));
    if (!client) return std::unexpected(client.error());
    const auto unit = client->call("redemption_get", {{"id", user.redemption}});
    if (!unit) return std::unexpected(unit.error());
    const std::string tree = unit->at("tree").get<std::string>();
    const auto answer = client->call("tree_certificate", {{"tree", tree}, {"status", true}});
    if (!answer) return std::unexpected(answer.error());
    const auto bytes = crypto::from_base64url(answer->at("certificate").get<std::string>());
    auto certificate =
        bytes ? proofs::decode_certificate(*bytes) : std::unexpected(crypto::CborError::truncated);
    if (!certificate) {
      return cli::fail("The node's certificate does not decode.", "Report this as a bug.");
    }
    certificate->opening = user.opening;
    proofs::TreeCertificate without_status = *certificate;
    without_status.status.reset();
    const crypto::Bytes compact = proofs::encode(without_status);
    const auto file = cast_.trust().parent_path() / "my-tree.treecert";
    if (auto written = cli::write_file(file, proofs::encode(*certificate)); !written) {
      return std::unexpected(written.error());
    }
    tell("User \"" + user.opening.reference + "\" holds " + user.redemption +
         " and receives tree " + tree + ": " + std::to_string(compact.size()) + " bytes, " +
         std::to_string(proofs::encode(*certificate).size()) + " with its status proven.");
    return file;
  }

  void explain(const std::filesystem::path& certificate) {
    say("\nTry next, while this runs:\n  open " + cast_.rpc_url(kPlatform) +
        " in a browser, and drop " + certificate.string() +
        " on it\n  treeproof certificate show " + certificate.string() +
        "\n  treeproof status --rpc " + cast_.rpc_url(kRegulator) + "\n  treeproof audit --trust " +
        cast_.trust().string() + " --rpc " + cast_.rpc_url(kRegulator) + "\n");
  }

  Result<ExitCode> serve() {
    say("\nServing until Ctrl-C.\n");
    while (interrupted == 0) {
      if (auto alive = processes_.check(); !alive) return std::unexpected(alive.error());
      std::this_thread::sleep_for(kPoll);
    }
    say("Stopping the five nodes.\n");
    return ExitCode::ok;
  }

  const DemoOptions& options_;
  cli::Console& console_;
  Cast cast_;
  Processes processes_;
  steady_clock::time_point began_ = steady_clock::now();
};

}  // namespace

ExitCode run_demo(const DemoOptions& options, cli::Console& console) {
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  auto home = Home::choose(options.home);
  if (!home) return console.report(home.error());
  auto cast = Cast::write({home->path(), options.peer_port, options.rpc_port}, real_time());
  if (!cast) return console.report(cast.error());
  Demo demo(options, console, *std::move(cast));
  const auto done = demo.run();
  return done ? *done : console.report(done.error());
}

}  // namespace treeproof::demo
