#include "consensus/replica/snapshot_seeker.h"

#include <utility>

namespace treeproof::replica {

namespace {

constexpr std::uint64_t kTickMs = 250;
constexpr std::uint64_t kStalledMs = 5'000;  // then another is asked for an attachment
constexpr std::size_t kMissingAtOnce = 32;

using Taken = SnapshotIntake::Done<void>;

}  // namespace

// One snapshot that is being taken in. The restoration is the disk side's alone.
struct SnapshotSeeker::Intake {
  SnapshotOffer offer;
  std::unique_ptr<SnapshotIntake> restoration;

  Taken take(const SeekerPorts& ports, crypto::ByteSpan bytes) {
    if (!restoration) {
      auto begun = ports.begin();
      if (!begun) return std::unexpected(begun.error());
      restoration = *std::move(begun);
    }
    if (auto taken = restoration->take(bytes); !taken) return taken;
    const auto height = restoration->height();
    if (!height || *height == offer.height) return {};
    const SnapshotFault fault{SnapshotRefusal::another_height,
                              "offered as " + std::to_string(offer.height.value) +
                                  ", it is of height " + std::to_string(height->value)};
    return std::unexpected(RestoreFailure{fault.reason, to_string(fault)});
  }
};

SnapshotSeeker::SnapshotSeeker(std::shared_ptr<const ValidatorSet> validators, std::uint64_t ahead,
                               SeekerPorts ports)
    : ports_(std::move(ports)), desk_(std::move(validators), ahead) {}

SnapshotSeeker::~SnapshotSeeker() = default;

template <class Work, class Then>
void SnapshotSeeker::on_disk(Work work, Then then) {
  using Result = decltype(work(*intake_));
  ++on_disk_;
  const auto result = std::make_shared<std::optional<Result>>();
  const auto shared = std::make_shared<Work>(std::move(work));
  ports_.on_disk([intake = intake_, shared, result] { *result = (*shared)(*intake); },
                 [this, intake = intake_, result, then] {
                   --on_disk_;
                   if (intake == intake_) then(std::move(**result));
                 });
}

// On the disk's side, too, so that it is gone before another begins.
void SnapshotSeeker::drop_intake() {
  if (intake_) {
    const auto dropped = std::exchange(intake_, nullptr);
    ports_.on_disk([dropped] { dropped->restoration.reset(); }, [] {});
  }
  attachments_ = {};
  wanted_.clear();
}

void SnapshotSeeker::connect(const std::string& org) { follow(desk_.connect(org, ports_.now())); }

void SnapshotSeeker::disconnect(const std::string& org) {
  follow(desk_.disconnect(org, ports_.now()));
  if (intake_) request_attachments();
}

bool SnapshotSeeker::take(const std::string& org, Message& message) {
  const TimeMs now = ports_.now();
  const bool was_seeking = is_seeking();
  if (const auto* status = std::get_if<Status>(&message)) {
    follow(desk_.hear(org, status->decided, now));
    if (!was_seeking && is_seeking()) tick();
  } else if (const auto* offered = std::get_if<SnapshotOffered>(&message)) {
    follow(desk_.take(org, *offered, now));
    return true;
  } else if (auto* part = std::get_if<SnapshotPart>(&message)) {
    follow(desk_.take(org, std::move(*part), now));
    return true;
  } else if (auto* piece = std::get_if<AttachmentPart>(&message); piece && intake_) {
    take_attachment(org, std::move(*piece));
  }
  return is_seeking();
}

void SnapshotSeeker::follow(SnapshotDesk::Steps steps) {
  for (const std::string& org : steps.liars) ports_.drop(org, "a snapshot is not what it offered");
  for (const auto& [org, wanted] : steps.requests) ports_.send(org, wanted);
  if (intake_ && desk_.chosen() != intake_->offer) drop_intake();
  if (desk_.is_active() && desk_.chosen() && !intake_) {
    intake_ = std::make_shared<Intake>(Intake{*desk_.chosen(), nullptr});
    ports_.tell("taking the snapshot of height " + std::to_string(intake_->offer.height.value) +
                " from peers");
  }
  if (steps.next) feed(*std::move(steps.next));
  if (steps.is_complete) look_for_missing(true);
  if (desk_.is_over() && std::exchange(is_ticking_, false)) {
    ports_.tell("no snapshot was taken from peers: the blocks are replayed");
    ports_.gave_up();
  }
}

void SnapshotSeeker::give_up() {
  desk_.give_up();
  follow({});
}

void SnapshotSeeker::feed(SnapshotPart part) {
  const std::uint64_t index = part.id.index;
  on_disk(
      [this, part = std::move(part)](Intake& intake) { return intake.take(ports_, part.bytes); },
      [this, index](const Taken& taken) {
        taken ? follow(desk_.read(index, ports_.now())) : refuse(taken.error());
      });
}

// Of what the state names, which the store has not: at the end of the snapshot, and again.
void SnapshotSeeker::look_for_missing(bool is_end) {
  using Missing = SnapshotIntake::Done<std::vector<ledger::AttachmentRef>>;
  on_disk(
      [is_end](Intake& intake) -> Missing {
        if (is_end) {
          if (auto whole = intake.restoration->end(); !whole) return std::unexpected(whole.error());
        }
        return intake.restoration->missing(kMissingAtOnce);
      },
      [this](Missing missing) {
        if (!missing) return refuse(missing.error());
        missing->empty() ? finish() : want(*std::move(missing));
      });
}

void SnapshotSeeker::want(std::vector<ledger::AttachmentRef> missing) {
  desk_.note_progress(ports_.now());
  for (const ledger::AttachmentRef& announced : missing) {
    attachments_.want(announced);
    wanted_.insert(announced.root);
  }
  request_attachments();
}

// They stand in the state that the snapshot's holders have.
void SnapshotSeeker::request_attachments() {
  const auto holders = desk_.holders();
  for (const std::string& org : holders) {
    for (const crypto::Hash& root : wanted_) attachments_.note_held(org, root);
  }
  for (const auto& [org, wanted] : attachments_.next_requests(holders)) ports_.send(org, wanted);
}

void SnapshotSeeker::take_attachment(const std::string& org, AttachmentPart part) {
  const auto announced = attachments_.wanted(part.root);
  auto [next, complete] = attachments_.take(org, std::move(part));
  if (next) ports_.send(next->org, next->wanted);
  if (next || complete) desk_.note_progress(ports_.now());
  if (complete) keep_attachment(org, *announced, std::move(complete));
}

void SnapshotSeeker::keep_attachment(const std::string& org, const ledger::AttachmentRef& announced,
                                     std::shared_ptr<const crypto::Bytes> bytes) {
  attachments_.forget(announced.root);
  enum class Kept : std::uint8_t { yes, wrong, disk_failed };
  on_disk(
      [this, announced, bytes = std::move(bytes)](Intake&) {
        auto attachment = ledger::Attachment::check(*bytes, announced);
        if (!attachment) return Kept::wrong;
        return ports_.keep(*std::move(attachment)) ? Kept::yes : Kept::disk_failed;
      },
      [this, org, announced](Kept kept) {
        if (kept == Kept::disk_failed) return give_up();
        if (kept == Kept::yes) {
          wanted_.erase(announced.root);
          if (wanted_.empty()) return look_for_missing(false);
        } else {
          attachments_.want(announced);
          follow(desk_.blame(org, ports_.now()));
        }
        request_attachments();
      });
}

// [rule 23] The block is certified: all up to it is decided, and a guard that follows the chain
// signs nothing there any more.
void SnapshotSeeker::finish() {
  ports_.raise_floor(intake_->offer.height);
  on_disk([](Intake& intake) { return intake.restoration->finish(); },
          [this](const Taken& done) { done ? ports_.restored() : refuse(done.error()); });
}

void SnapshotSeeker::refuse(const RestoreFailure& failure) {
  ports_.tell("the snapshot of height " + std::to_string(intake_->offer.height.value) +
              " is not taken: " + failure.why);
  failure.refused ? follow(desk_.refuse(ports_.now())) : give_up();
}

void SnapshotSeeker::tick() {
  if (!is_seeking()) return;
  is_ticking_ = true;
  ports_.wake(kTickMs);
  const TimeMs now = ports_.now();
  if (on_disk_ > 0) desk_.note_progress(now);
  if (now.value >= stalled_looked_.value + kStalledMs) {
    stalled_looked_ = now;
    attachments_.restart_stalled();
    if (intake_) request_attachments();
  }
  follow(desk_.tick(now));
}

}  // namespace treeproof::replica
