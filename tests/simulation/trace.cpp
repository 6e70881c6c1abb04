#include "tests/simulation/trace.h"

#include <algorithm>
#include <sstream>

#include "crypto/bytes.h"

namespace treeproof::simulation {

namespace {

std::string short_hash(const crypto::Hash& hash) { return crypto::to_hex(hash).substr(0, 8); }

std::string place_of(Height height, Round round) {
  return " " + std::to_string(height.value) + "/" + std::to_string(round.value);
}

std::string said(const replica::Status& status) {
  return "decided " + std::to_string(status.decided.value);
}
std::string said(const bft::Proposal& proposal) {
  const std::string again = proposal.valid_round.exists()
                                ? " valid in " + std::to_string(proposal.valid_round.value)
                                : "";
  return "proposal" + place_of(proposal.height, proposal.round) + " " +
         short_hash(proposal.header_hash) + again;
}
std::string said(const bft::Vote& vote) {
  const std::string type = vote.type == bft::VoteType::prevote ? "prevote" : "precommit";
  return type + " of " + vote.org + place_of(vote.height, vote.round) + " " +
         (vote.value ? short_hash(vote.value->header_hash) : "nil");
}
std::string said(const bft::PolkaCertificate& certificate) {
  return "polka" + place_of(certificate.height, certificate.round) + " " +
         short_hash(certificate.header_hash);
}
std::string said(const bft::RoundCertificate& certificate) {
  return "round" + place_of(certificate.height, certificate.round);
}
std::string said(const replica::Statements& message) {
  return std::to_string(message.statements.size()) + " statements";
}
std::string said(const replica::Body& body) { return "body " + short_hash(body.header_hash); }
std::string said(const replica::BodyWanted& wanted) {
  return "body wanted " + short_hash(wanted.header_hash);
}
std::string said(const replica::Decided& decided) {
  return "block" + place_of(decided.certificate.height, decided.certificate.round) + " " +
         short_hash(decided.certificate.block.header_hash);
}
std::string said(const replica::DecidedWanted& wanted) {
  return "blocks wanted from " + std::to_string(wanted.from.value);
}
std::string said(const replica::AttachmentsHeld& held) {
  return std::to_string(held.roots.size()) + " attachments held";
}
std::string said(const replica::AttachmentWanted& wanted) {
  return "attachment wanted " + short_hash(wanted.root);
}
std::string said(const replica::AttachmentPart& part) {
  return "attachment " + short_hash(part.root);
}
std::string said(const replica::OwnVoteWanted&) { return "own vote wanted"; }
std::string said(const replica::OwnVoteHeld& held) {
  const std::string message =
      held.message ? std::visit([](const auto& chosen) { return said(chosen); }, *held.message)
                   : "nothing";
  return "decided " + std::to_string(held.decided.value) + ", holds " + message;
}
std::string said(const replica::EvidenceShown& shown) {
  const Offence offence = bft::offence_of(shown.evidence);
  return "evidence against " + offence.org + place_of(offence.height, offence.round);
}
std::string said(const replica::SnapshotWanted&) { return "snapshot wanted"; }
std::string said(const replica::SnapshotOffered&) { return "snapshot offered"; }
std::string said(const replica::SnapshotPart&) { return "snapshot part"; }

std::string alias(const std::vector<std::string>& orgs, const std::string& org) {
  return "n" + std::to_string(std::ranges::find(orgs, org) - orgs.begin());
}

std::string seconds(std::uint64_t time_us) {
  std::string micros = std::to_string(time_us % 1'000'000);
  micros.insert(0, 6 - micros.size(), '0');
  return std::to_string(time_us / 1'000'000) + "." + micros.substr(0, 4);
}

const char* arrow_of(Happening what) { return what == Happening::lost ? "--x" : "->>"; }

}  // namespace

std::string text_of(const replica::Message& message) {
  return std::visit([](const auto& chosen) { return said(chosen); }, message);
}

// The finalizer of splitmix64.
void Trace::mix(std::uint64_t value) noexcept {
  std::uint64_t z = hash_ + value + 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  hash_ = z ^ (z >> 31);
}

void Trace::mix_happening(Happening what, std::uint64_t time_us, const std::string& org) {
  mix(time_us * 16 + static_cast<std::uint64_t>(what));
  for (const char c : org) mix(static_cast<std::uint8_t>(c));
  ++count_;
}

void Trace::keep(Event event) {
  if (events_.size() == kept_) events_.pop_front();
  events_.push_back(std::move(event));
}

void Trace::note(Happening what, std::uint64_t time_us, const std::string& org,
                 std::uint64_t detail) {
  mix(detail);
  mix_happening(what, time_us, org);
  const bool is_drawn = what != Happening::stepped;
  if (kept_ > 0 && is_drawn) keep({what, time_us, org, {}, {}, {}});
}

void Trace::note_frame(Happening what, std::uint64_t time_us, const std::string& from,
                       const std::string& to, const FramePtr& frame) {
  mix(frame->fingerprint());
  for (const char c : to) mix(static_cast<std::uint8_t>(c));
  mix_happening(what, time_us, from);
  if (kept_ > 0) keep({what, time_us, from, to, frame, {}});
}

void Trace::note_commit(std::uint64_t time_us, const std::string& org, Height height,
                        const crypto::Hash& header_hash) {
  mix(crypto::read_u64be(header_hash));
  mix_happening(Happening::committed, time_us, org);
  if (kept_ == 0) return;
  const std::string text = "holds " + std::to_string(height.value) + " " + short_hash(header_hash);
  keep({Happening::committed, time_us, org, {}, {}, text});
}

void Trace::note_text(std::uint64_t time_us, const std::string& org, const std::string& text) {
  mix_happening(Happening::noted, time_us, org);
  if (kept_ > 0) keep({Happening::noted, time_us, org, {}, {}, text});
}

std::string Trace::diagram(const std::vector<std::string>& orgs, const std::string& chain_id,
                           const std::string& last_line) const {
  std::ostringstream out;
  out << "sequenceDiagram\n";
  for (const auto& org : orgs) out << "  participant " << alias(orgs, org) << " as " << org << "\n";
  for (const Event& event : events_) {
    const std::string at = seconds(event.time_us) + " s: ";
    if (event.frame) {
      const auto& message = event.frame->message(chain_id);
      out << "  " << alias(orgs, event.org) << arrow_of(event.what) << alias(orgs, event.other)
          << ": " << at << (message ? text_of(*message) : "malformed: " + message.error()) << "\n";
      continue;
    }
    std::string text = event.text;
    if (event.what == Happening::crashed) text = "crashes";
    if (event.what == Happening::restarted) text = "starts";
    if (event.what == Happening::paused) text = "pauses";
    if (text.empty()) continue;
    out << "  Note over " << alias(orgs, event.org) << ": " << at << text << "\n";
  }
  if (!last_line.empty() && !orgs.empty()) {
    out << "  Note over n0,n" << orgs.size() - 1 << ": " << last_line << "\n";
  }
  return out.str();
}

}  // namespace treeproof::simulation
