#include "node/network/frame.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace treeproof::network {

void append_frame_header(crypto::Bytes& out, const FrameHeader& header) {
  crypto::append_u32be(out, header.payload_bytes);
  out.push_back(header.kind);
}

FrameHeader read_frame_header(crypto::ByteSpan bytes) noexcept {
  assert(bytes.size() == kFrameHeaderBytes);
  return {crypto::read_u32be(bytes.first(4)), bytes[4]};
}

std::expected<void, Reason> FrameAssembler::take(crypto::ByteSpan bytes, const OnFrame& on_frame) {
  const auto move_into = [&bytes](crypto::Bytes& part, std::size_t whole) {
    const auto piece = bytes.first(std::min(bytes.size(), whole - part.size()));
    part.insert(part.end(), piece.begin(), piece.end());
    bytes = bytes.subspan(piece.size());
    return part.size() == whole;
  };
  while (!bytes.empty()) {
    if (header_.size() < kFrameHeaderBytes) {
      if (!move_into(header_, kFrameHeaderBytes)) return {};
      current_ = read_frame_header(header_);
      const auto rule = rules_.find(current_.kind);
      if (rule == rules_.end()) return std::unexpected(Reason::unknown_kind);
      if (current_.payload_bytes > rule->second.payload_bytes_max) {
        return std::unexpected(Reason::oversize_frame);
      }
      payload_.reserve(current_.payload_bytes);
    }
    if (!move_into(payload_, current_.payload_bytes)) return {};
    header_.clear();
    if (!on_frame(current_.kind, std::exchange(payload_, {}))) return {};
  }
  return {};
}

bool FrameQueue::push(std::uint8_t kind, SharedBytes payload) {
  const std::size_t bytes = kFrameHeaderBytes + payload->size();
  if (frames_.size() >= frames_max_ || bytes > bytes_max_ - std::min(bytes_max_, bytes_)) {
    return false;
  }
  frames_.push_back({kind, std::move(payload)});
  bytes_ += bytes;
  return true;
}

void FrameQueue::take(crypto::Bytes& out, std::size_t bytes_max) {
  const std::size_t before = out.size();
  while (!frames_.empty() && out.size() < bytes_max) {
    const crypto::Bytes& payload = *frames_.front().payload;
    if (!header_taken_) {
      append_frame_header(out, {static_cast<std::uint32_t>(payload.size()), frames_.front().kind});
      header_taken_ = true;
    }
    const std::size_t room = bytes_max > out.size() ? bytes_max - out.size() : 0;
    const auto piece = crypto::ByteSpan(payload).subspan(taken_);
    const auto fits = piece.first(std::min(piece.size(), room));
    out.insert(out.end(), fits.begin(), fits.end());
    taken_ += fits.size();
    if (taken_ == payload.size()) {
      frames_.pop_front();
      taken_ = 0;
      header_taken_ = false;
    }
  }
  bytes_ -= out.size() - before;
}

}  // namespace treeproof::network
