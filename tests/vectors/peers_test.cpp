// Golden bytes of what peers say: the hello, and one frame of each kind.
#include <gtest/gtest.h>

#include <algorithm>

#include "consensus/replica/messages.h"
#include "consensus/types/limits.h"
#include "crypto/hash.h"
#include "node/network/frame.h"
#include "node/network/hello.h"
#include "tests/vectors/readable.h"
#include "tests/vectors/story.h"

namespace treeproof::vectors {
namespace {

crypto::Bytes frame(std::uint8_t kind, crypto::ByteSpan payload) {
  crypto::Bytes out;
  network::append_frame_header(out, {static_cast<std::uint32_t>(payload.size()), kind});
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

Json hello_json() {
  network::Hello hello;
  hello.chain_id = Story::told().chain_id();
  hello.org = std::string(kDesert);
  hello.exporter = crypto::sha256(crypto::as_bytes("an exporter of TLS keying material"));
  const crypto::Bytes bytes = network::sign_hello(hello, secret_of(node_key_of(kDesert)));
  Json json = signed_item(node_key_of(kDesert), bytes);
  json["frame"] = crypto::to_hex(frame(network::kHelloKind, bytes));
  return json;
}

bft::Evidence double_vote() {
  const crypto::SecretKey secret = secret_of(node_key_of(kCoast));
  bft::Vote vote;
  vote.height = {2};
  vote.round = {1};
  vote.org = std::string(kCoast);
  vote.kid = secret.public_key().kid();
  bft::Vote other = vote;
  other.value = bft::prevote_value(Story::told().blocks()[1].header_hash());
  for (bft::Vote* each : {&vote, &other}) {
    each->signature = secret.sign(bft::sign_digest(*each, Story::told().chain_id()));
  }
  return bft::DoubleVote{vote, other};
}

std::vector<std::pair<std::string, replica::Message>> messages() {
  const Story& story = Story::told();
  const DecidedBlock& last = story.blocks()[1];
  const auto block = std::make_shared<const ledger::Block>(last.block());
  const auto photo =
      std::ranges::find(story.statements(), ledger::ObjectId{"desert-ngo/photo-1"},
                        [](const SignedBy& said) { return said.statement->object(); });
  const NamedAttachment& runs = story.attachments().back();
  const crypto::Hash root = runs.attachment->announced().root;
  return {{"status", replica::Status{{2}}},
          {"statements", replica::Statements{{photo->statement}}},
          {"body", replica::Body{block, last.header_hash()}},
          {"body wanted", replica::BodyWanted{last.header_hash()}},
          {"decided", replica::Decided{last.commit, block}},
          {"decided wanted", replica::DecidedWanted{{1}, 2}},
          {"attachments held", replica::AttachmentsHeld{{root}}},
          {"attachment wanted", replica::AttachmentWanted{root, 0}},
          {"attachment part",
           replica::AttachmentPart{root, 0, crypto::to_bytes(runs.attachment->bytes())}},
          {"own vote wanted", replica::OwnVoteWanted{}},
          {"own vote held", replica::OwnVoteHeld{{2}, bft::votes_of(last.commit).front()}},
          {"evidence shown", replica::EvidenceShown{double_vote()}},
          {"snapshot wanted", replica::SnapshotWanted{replica::SnapshotPartId{root, 1}}},
          {"snapshot offered",
           replica::SnapshotOffered{replica::SnapshotOffer{{2}, kSnapshotPartBytes + 9, root}}},
          {"snapshot part", replica::SnapshotPart{{root, 1}, {last.header_hash()}, {1, 2, 3}}}};
}

TEST(Golden, Peers) {
  const std::string& chain_id = Story::told().chain_id();
  Json frames = Json::array();
  for (const auto& [name, message] : messages()) {
    const std::uint8_t kind = replica::kind_of(message);
    const crypto::Bytes payload = replica::encode(message, chain_id);
    EXPECT_TRUE(replica::decode(kind, payload, chain_id).has_value()) << name;
    frames.push_back({{"name", name},
                      {"kind", kind},
                      {"payload", readable(payload)},
                      {"frame", crypto::to_hex(frame(kind, payload))}});
  }
  expect_golden("peers.json", Json{{"hello", hello_json()}, {"frames", std::move(frames)}});
}

}  // namespace
}  // namespace treeproof::vectors
