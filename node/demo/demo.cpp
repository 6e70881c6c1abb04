#include "node/demo/demo.h"

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <span>
#include <thread>

#include "node/cli/audit_commands.h"
#include "node/cli/certificate_commands.h"
#include "node/cli/files.h"
#include "node/demo/aftermath.h"
#include "node/demo/cast.h"
#include "node/demo/narrator.h"
#include "node/demo/processes.h"
#include "node/demo/season.h"

namespace treeproof::demo {

namespace {

using cli::ExitCode;
using cli::Result;
using std::chrono::steady_clock;

constexpr auto kReadyLimit = std::chrono::seconds(120);
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

struct UserCertificate {
  std::filesystem::path file;
  std::string tree;
  std::size_t compact_bytes = 0;  // without its status
  std::size_t bytes = 0;
};

class Demo {
 public:
  Demo(const DemoOptions& options, cli::Console& console, Cast cast)
      : options_(options), narrator_(console), cast_(std::move(cast)) {}

  Result<ExitCode> run() {
    if (auto started = start_nodes(); !started) return std::unexpected(started.error());
    auto actors = open_actors();
    if (!actors) return std::unexpected(actors.error());
    const Tell tell_line = [this](const std::string& line) { tell(line); };
    Season season(*actors, tell_line);
    Aftermath aftermath(*actors, tell_line, cast_.genesis().clock->until);
    const auto played =
        run_in_turn({[&] { return season.play(); }, [&] { return aftermath.play(); }});
    if (!played) return std::unexpected(played.error());
    const auto certificate = fetch_certificate(season.user());
    if (!certificate) return std::unexpected(certificate.error());
    const ExitCode verified = verify(*certificate);
    const ExitCode audited = audit();
    const bool all_held = verified == ExitCode::ok && audited == ExitCode::ok;
    conclude(season.user(), *certificate, all_held ? ExitCode::ok : ExitCode::negative);
    if (!all_held) return ExitCode::negative;
    if (options_.afterwards == Afterwards::serve) return serve();
    return ExitCode::ok;
  }

 private:
  std::int64_t elapsed_ms() const {
    using std::chrono::milliseconds;
    return std::chrono::duration_cast<milliseconds>(steady_clock::now() - began_).count();
  }
  void tell(const std::string& line) {
    const std::int64_t ms = elapsed_ms();
    const std::string day = chain_day();
    char seconds[16];
    std::snprintf(seconds, sizeof seconds, "%5.1f s", static_cast<double>(ms) / 1e3);
    narrator_.tell(std::string(seconds) + "  " + day + "  " + line + "\n",
                   {{"event", "season"}, {"elapsed_ms", ms}, {"chain_day", day}, {"text", line}});
  }
  std::string chain_day() {
    auto client = cli::RpcClient::open(cast_.rpc_url(kPlatform));
    if (!client) return "----------";
    const auto status = client->call("chain_status", rpc::Json::object());
    if (!status) return "----------";
    return cli::day_text(TimeMs{std::stoull(status->at("time").get<std::string>())}.day());
  }

  Result<void> start_nodes() {
    narrator_.tell(std::to_string(cast_.validators()) +
                       " validators and one observer, each a process of its own, with keys made "
                       "just now:\n",
                   {{"event", "start"},
                    {"chain", ledger::chain_id(cast_.genesis())},
                    {"validators", cast_.validators()},
                    {"home", cast_.trust().parent_path().string()}});
    for (const std::string& org : cast_.orgs()) {
      const std::string url = cast_.rpc_url(org);
      const std::string role = org == kRegulator ? "observer" : "validator";
      narrator_.tell("  " + url + "  " + org + (org == kRegulator ? ", observes" : "") + "\n",
                     {{"event", "node"}, {"org", org}, {"role", role}, {"url", url}});
      auto started = processes_.start(org, cast_.config(org), cast_.log(org));
      if (!started) return started;
    }
    const auto deadline = steady_clock::now() + kReadyLimit;
    for (const std::string& org : cast_.orgs()) {
      if (auto ready = wait_until_ready(org, deadline); !ready) return ready;
    }
    narrator_.tell("\n", {{"event", "ready"}, {"elapsed_ms", elapsed_ms()}});
    return {};
  }

  Result<void> wait_until_ready(const std::string& org, steady_clock::time_point deadline) {
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
    return {};
  }

  Result<Actors> open_actors() {
    const std::string chain = ledger::chain_id(cast_.genesis());
    const auto horizon = std::make_shared<Horizon>();
    const auto open = [&](const std::string& org) {
      return Actor::open(org, cast_.work_key(org), cast_.rpc_url(org), chain, horizon);
    };
    auto platform = open(kPlatform);
    auto desert = open(kDesertNgo);
    auto river = open(kRiverNgo);
    auto verifier = open(kVerifier);
    auto regulator = open(kRegulator);
    for (auto* actor : {&platform, &desert, &river, &verifier, &regulator}) {
      if (!*actor) return std::unexpected(actor->error());
    }
    Actors actors{*std::move(platform), *std::move(desert),    *std::move(river),
                  *std::move(verifier), *std::move(regulator), {}};
    const std::size_t known = 5;
    for (const std::string& org : std::span(cast_.orgs()).subspan(known)) {
      auto actor = open(org);
      if (!actor) return std::unexpected(actor.error());
      actors.further.push_back(*std::move(actor));
    }
    return actors;
  }

  // The certificate of the user's unit, with the opening that only the user holds put in.
  Result<UserCertificate> fetch_certificate(const UserUnit& user) {
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
    const crypto::Bytes whole = proofs::encode(*certificate);
    certificate->status.reset();
    const UserCertificate made{cast_.trust().parent_path() / "my-tree.treecert", tree,
                               proofs::encode(*certificate).size(), whole.size()};
    if (auto written = cli::write_file(made.file, whole); !written) {
      return std::unexpected(written.error());
    }
    tell("User \"" + user.opening.reference + "\" holds " + user.redemption +
         " and receives tree " + tree + ": " + cli::grouped(made.compact_bytes) + " bytes, " +
         cli::grouped(made.bytes) + " with its status proven.");
    return made;
  }

  ExitCode verify(const UserCertificate& certificate) {
    const cli::CertificateVerifyOptions options{certificate.file.string(), cast_.trust().string(),
                                                std::nullopt};
    return narrator_.run(
        "\nVerifying that certificate offline, from the file and the trust file alone:\n\n",
        "certificate",
        [&](cli::Console& console) { return cli::certificate_verify(options, console); });
  }
  ExitCode audit() {
    cli::AuditOptions options;
    options.trust = cast_.trust().string();
    options.rpc = cast_.rpc_url(kRegulator);
    return narrator_.run("\nAuditing: recomputing the whole log without trusting any node:\n\n",
                         "audit",
                         [&](cli::Console& console) { return cli::audit(options, console); });
  }

  void conclude(const UserUnit& user, const UserCertificate& certificate, ExitCode code) {
    const std::string file = certificate.file.string();
    const std::string trust = cast_.trust().string();
    const std::string observer = cast_.rpc_url(kRegulator);
    const std::string next = "\nTry next, while this runs:\n  open " + cast_.rpc_url(kPlatform) +
                             " in a browser, and drop " + file +
                             " on it\n  treeproof certificate show " + file +
                             "\n  treeproof status --rpc " + observer +
                             "\n  treeproof audit --trust " + trust + " --rpc " + observer + "\n";
    const bool serves = options_.afterwards == Afterwards::serve;
    const std::string end = code != ExitCode::ok ? "\nNot all checks held.\n"
                            : serves             ? next
                                                 : "\nAll checks held.\n";
    narrator_.tell(end, {{"event", "summary"},
                         {"exit_code", static_cast<int>(code)},
                         {"elapsed_ms", elapsed_ms()},
                         {"redemption", user.redemption},
                         {"tree", certificate.tree},
                         {"certificate", file},
                         {"certificate_bytes", certificate.bytes},
                         {"compact_bytes", certificate.compact_bytes},
                         {"trust", trust},
                         {"explorer", cast_.rpc_url(kPlatform)}});
  }

  Result<ExitCode> serve() {
    narrator_.tell("\nServing until Ctrl-C.\n", {{"event", "serving"}});
    while (interrupted == 0) {
      if (auto alive = processes_.check(); !alive) return std::unexpected(alive.error());
      std::this_thread::sleep_for(kPoll);
    }
    narrator_.tell("Stopping the nodes.\n", {{"event", "stopping"}});
    return ExitCode::ok;
  }

  const DemoOptions& options_;
  Narrator narrator_;
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
  auto cast = Cast::write({home->path(), options.peer_port, options.rpc_port, options.validators},
                          real_time());
  if (!cast) return console.report(cast.error());
  Demo demo(options, console, *std::move(cast));
  const auto done = demo.run();
  return done ? *done : console.report(done.error());
}

}  // namespace treeproof::demo
