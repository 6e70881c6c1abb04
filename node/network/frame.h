// Frames: u32be payload length, u8 kind, payload. The length counts the payload alone.
// Owns one frame in the making and the queue of those to send, never a socket or the meaning of
// a payload. Callers: session and handshake, on whichever thread owns them; no locks.
// Source: docs/protocol.md section 10.
#pragma once

#include <deque>
#include <expected>
#include <functional>
#include <map>
#include <memory>

#include "crypto/bytes.h"
#include "node/network/peer.h"
#include "node/network/reason.h"

namespace treeproof::network {

inline constexpr std::size_t kFrameHeaderBytes = 5;
// Kinds of the handshake; no FrameRule may name them.
inline constexpr std::uint8_t kHelloKind = 0;
inline constexpr std::uint8_t kRefusalKind = 255;

// What one kind of frame may be: its size, and the least level of peers that exchange it.
struct FrameRule {
  std::size_t payload_bytes_max = 0;
  PeerLevel level = PeerLevel::full;
};
using FrameRules = std::map<std::uint8_t, FrameRule>;  // by kind

using SharedBytes = std::shared_ptr<const crypto::Bytes>;

// What a connection has carried.
struct Traffic {
  std::uint64_t bytes = 0;  // plaintext, frame headers included
  std::uint64_t frames = 0;
};

struct FrameHeader {
  std::uint32_t payload_bytes = 0;
  std::uint8_t kind = 0;
};
void append_frame_header(crypto::Bytes& out, const FrameHeader& header);
// Requires: kFrameHeaderBytes bytes.
FrameHeader read_frame_header(crypto::ByteSpan bytes) noexcept;

// Cuts a stream of bytes back into frames. A header that breaks its rule ends the stream before
// any memory is taken for its payload.
class FrameAssembler {
 public:
  // Requires: the rules outlive the assembler.
  explicit FrameAssembler(const FrameRules& rules) noexcept : rules_(rules) {}

  // Returns false to stop: the rest of the bytes is dropped.
  using OnFrame = std::function<bool(std::uint8_t kind, crypto::Bytes payload)>;
  // Errors: unknown_kind, oversize_frame; the assembler is of no further use then.
  std::expected<void, Reason> take(crypto::ByteSpan bytes, const OnFrame& on_frame);

 private:
  const FrameRules& rules_;
  crypto::Bytes header_;
  crypto::Bytes payload_;
  FrameHeader current_;
};

// The frames that wait for a slow wire, bounded in bytes and count.
class FrameQueue {
 public:
  FrameQueue(std::size_t bytes_max, std::size_t frames_max) noexcept
      : bytes_max_(bytes_max), frames_max_(frames_max) {}

  // False when the frame does not fit; the queue is then unchanged.
  bool push(std::uint8_t kind, SharedBytes payload);
  // Appends queued bytes, headers included, until `out` holds at least `bytes_max` or all is taken.
  // A frame may be cut anywhere; the next call goes on there.
  void take(crypto::Bytes& out, std::size_t bytes_max);

  bool empty() const noexcept { return frames_.empty(); }
  std::size_t bytes() const noexcept { return bytes_; }
  std::size_t frames() const noexcept { return frames_.size(); }

 private:
  struct Queued {
    std::uint8_t kind;
    SharedBytes payload;
  };
  std::deque<Queued> frames_;
  std::size_t taken_ = 0;  // bytes of the first frame's payload that left already
  bool header_taken_ = false;
  std::size_t bytes_ = 0;
  std::size_t bytes_max_;
  std::size_t frames_max_;
};

}  // namespace treeproof::network
