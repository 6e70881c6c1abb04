#include "rpc/receipts.h"

#include "crypto/cose.h"

namespace treeproof::rpc {

namespace {

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out.append(out.ends_with('{') ? "\"" : ",\"").append(name).append("\":\"").append(text) += '"';
}

}  // namespace

crypto::ReceiptBind bind_of(const bft::CommitCertificate& certificate) {
  return {certificate.height.value, static_cast<std::uint32_t>(certificate.round.value),
          certificate.block.log_size, certificate.block.header_hash};
}

std::string receipts_text(const bft::CommitCertificate& certificate) {
  std::string out = R"({"bind":{)";
  append_member(out, "height", std::to_string(certificate.height.value));
  out += R"(,"round":)" + std::to_string(certificate.round.value);
  append_member(out, "log_size", std::to_string(certificate.block.log_size));
  append_member(out, "header_hash", crypto::to_hex(certificate.block.header_hash));
  out += '}';
  append_member(out, "log_root", crypto::to_hex(certificate.block.log_root));
  out += R"(,"signatures":[)";
  for (const auto& signature : certificate.signatures) {
    out += out.ends_with('[') ? "{" : ",{";
    append_member(out, "org", signature.org);
    append_member(out, "kid", crypto::to_hex(signature.kid));
    append_member(out, "signature", crypto::to_hex(signature.signature));
    out += '}';
  }
  return out + "]}";
}

std::shared_ptr<const std::string> ReceiptTexts::at(const ChainReader& chain, Height height) {
  {
    const std::lock_guard guard(lock_);
    if (const auto found = texts_.find(height); found != texts_.end()) return found->second;
  }
  const auto certificate = chain.latest()->certificate(height);
  if (!certificate) return std::make_shared<const std::string>("null");
  auto text = std::make_shared<const std::string>(receipts_text(*certificate));
  const std::lock_guard guard(lock_);
  texts_.insert_or_assign(height, text);
  if (texts_.size() > kHeightsMax) texts_.erase(texts_.begin());
  return text;
}

}  // namespace treeproof::rpc
