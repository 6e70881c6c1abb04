// A frame on its way: encoded once by its sender, decoded once for all who receive it.
// Owns the payload. Callers: the simulated world, Byzantine actors. One thread.
// Source: docs/protocol.md section 10.
#pragma once

#include <memory>
#include <optional>

#include "consensus/replica/messages.h"

namespace treeproof::simulation {

class Frame {
 public:
  using Decoded = std::expected<replica::Message, std::string>;

  Frame(std::uint8_t kind, std::shared_ptr<const crypto::Bytes> payload)
      : kind_(kind), payload_(std::move(payload)) {
    crypto::ByteSpan rest(*payload_);
    for (; rest.size() >= 8; rest = rest.subspan(8)) mix(crypto::read_u64be(rest));
    for (const std::uint8_t byte : rest) mix(byte);
  }

  std::uint8_t kind() const noexcept { return kind_; }
  const crypto::Bytes& payload() const noexcept { return *payload_; }
  // FNV-1a of the payload by words of eight bytes: tells frames of a run apart.
  std::uint64_t fingerprint() const noexcept { return print_; }
  const Decoded& message(std::string_view chain_id) {
    if (!decoded_) decoded_ = replica::decode(kind_, *payload_, chain_id);
    return *decoded_;
  }

 private:
  void mix(std::uint64_t word) {
    print_ = (print_ ^ word) * 0x100000001b3;
    print_ ^= print_ >> 32;
  }

  std::uint8_t kind_;
  std::shared_ptr<const crypto::Bytes> payload_;
  std::uint64_t print_ = 0xcbf29ce484222325;
  std::optional<Decoded> decoded_;
};
using FramePtr = std::shared_ptr<Frame>;

inline FramePtr frame_of(const replica::Message& message, std::string_view chain_id) {
  auto payload = std::make_shared<const crypto::Bytes>(replica::encode(message, chain_id));
  return std::make_shared<Frame>(replica::kind_of(message), std::move(payload));
}

}  // namespace treeproof::simulation
