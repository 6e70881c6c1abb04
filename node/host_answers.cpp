// What peers want from the store: read, checked and encoded on a worker, one piece at a time, and
// only while the peer's queue has room. [rules 27, 28, 30]
#include <algorithm>

#include "consensus/types/limits.h"
#include "node/host_loop.h"

namespace treeproof::node {

namespace {

constexpr std::uint64_t kLookAgainMs = 20;  // for room in a queue, or in a budget

}  // namespace

void Host::Loop::make_answers() {
  if (stopping) return;
  const auto has_room = [this](const std::string& org) {
    return mesh.queue_bytes(org) < kAnswerQueueBytes;
  };
  answers_later.reset();
  auto piece = answers.next(real_ms(), has_room);
  if (piece) {
    loop.offload([this, piece = *std::move(piece)] {
      if (stopping) return;
      loop.post([this, org = piece.org, answer = make_answer(piece)]() mutable {
        answer_made(org, std::move(answer));
      });
    });
  } else if (answers.is_held_up()) {
    answers_later = loop.after(kLookAgainMs, [this] { make_answers(); });
  }
}

Host::Loop::MadeAnswer Host::Loop::make_answer(const AnswerQueue::Piece& piece) const {
  MadeAnswer answer;
  const auto encode = [&](const replica::Message& message) {
    answer.kind = replica::kind_of(message);
    answer.payload = std::make_shared<const crypto::Bytes>(replica::encode(message, chain_id));
  };
  if (const auto* height = std::get_if<Height>(&piece.what)) {
    auto decided = store.decided(*height);
    if (!decided) return answer;
    answer.made.content_bytes = ledger::content_bytes(*decided->block);
    encode(*std::move(decided));
    answer.made.read_bytes = answer.payload->size();
    return answer;
  }
  if (const auto* snapshot = std::get_if<replica::SnapshotWanted>(&piece.what)) {
    auto part = snapshot->part ? maker.shelf().part(*snapshot->part) : std::nullopt;
    answer.made.read_bytes = part ? part->bytes.size() : 0;
    part ? encode(*std::move(part)) : encode(replica::SnapshotOffered{maker.shelf().newest()});
    return answer;
  }
  const auto& wanted = std::get<replica::AttachmentWanted>(piece.what);
  const auto attachment = store.latest()->attachment(wanted.root);
  if (!attachment || wanted.offset >= attachment->bytes().size()) return answer;
  const auto rest = attachment->bytes().subspan(wanted.offset);
  const auto part = rest.first(std::min(rest.size(), replica::kAttachmentPartBytes));
  answer.made.read_bytes = attachment->bytes().size();
  encode(replica::AttachmentPart{wanted.root, wanted.offset, crypto::to_bytes(part)});
  return answer;
}

void Host::Loop::answer_made(const std::string& org, MadeAnswer answer) {
  const bool is_there = answer.payload != nullptr;
  if (is_there) mesh.send(org, answer.kind, std::move(answer.payload));
  answers.finish(is_there ? std::optional(answer.made) : std::nullopt);
  make_answers();
}

}  // namespace treeproof::node
