#include "rpc/call_batch.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "rpc/reading.h"

namespace treeproof::rpc {

namespace {

RpcError error_of(ErrorCode code, std::string message) { return {code, std::move(message), {}}; }

RpcError internal_error() {
  return error_of(ErrorCode::internal_error, "The node failed to answer; this is a bug.");
}

Format format_of(RpcError error) {
  return [error = std::move(error)]() -> TextAnswer { return std::unexpected(error); };
}

TextAnswer formatted(const Format& format) {
  try {
    return format();
  } catch (const std::exception&) {
    return std::unexpected(internal_error());
  }
}

const Json* member_of(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() ? nullptr : &*found;
}

bool is_id(const Json& id) { return id.is_null() || id.is_string() || id.is_number_integer(); }

}  // namespace

// Delivers the answer of one call; keeps the request alive until then.
class CallBatch::CallWaiter final : public Waiter {
 public:
  CallWaiter(CallBatchPtr batch, Call& call) : batch_(std::move(batch)), call_(call) {}
  void resolve(Format format) override { CallBatch::resolve(batch_, call_, std::move(format)); }
  void wait_at_most(std::uint32_t wait_ms, Format otherwise) override {
    call_.otherwise = std::move(otherwise);
    batch_->wait_ms_ = std::max(batch_->wait_ms_, wait_ms);
  }

 private:
  CallBatchPtr batch_;
  Call& call_;
};

CallBatch::CallBatch(Context context, std::string body, CallReply reply)
    : context_(std::move(context)), body_(std::move(body)), reply_(std::move(reply)) {}

CallBatch::~CallBatch() = default;

void CallBatch::refuse(const RpcError& error) {
  reply_.done(R"({"jsonrpc":"2.0","id":null,"error":)" + to_json_text(error) + "}");
}

void CallBatch::run(const CallBatchPtr& batch) {
  if (!batch->read()) return;
  const auto is_slow = [](const Call& call) {
    return call.method != nullptr && call.method->lane == Lane::slow;
  };
  const auto slow_calls = std::ranges::count_if(batch->calls_, is_slow);
  if (slow_calls == 0) return execute(batch);
  const auto most = static_cast<std::ptrdiff_t>(batch->context_.limits.slow_calls_max);
  if (slow_calls > most) {
    return batch->refuse(
        limit_exceeded("slow_calls", "Too many calls of one batch take long.").error());
  }
  if (batch->context_.slow->offer([batch] { execute(batch); })) return;
  batch->refuse(limit_exceeded("slow_queue", "Too many long calls wait; try again.").error());
}

bool CallBatch::read() {
  auto tree = parse_json(body_, {.depth_max = context_.limits.json_depth_max});
  if (!tree) {
    refuse(error_of(ErrorCode::parse_error, to_string(tree.error())));
    return false;
  }
  body_ = {};
  tree_ = std::make_unique<Json>(*std::move(tree));
  is_batch_ = tree_->is_array();
  if (is_batch_ && tree_->empty()) {
    refuse(error_of(ErrorCode::invalid_request, "A batch has at least one call."));
    return false;
  }
  if (is_batch_ && tree_->size() > context_.limits.batch_calls_max) {
    refuse(limit_exceeded("batch_calls", "The batch has too many calls.").error());
    return false;
  }
  if (!is_batch_) {
    read_call(*tree_);
  } else {
    for (const Json& call : *tree_) read_call(call);
  }
  outstanding_ += calls_.size();
  return true;
}

// A call that is none is answered as one, with what is known of its id.
void CallBatch::read_call(const Json& json) {
  Call& call = calls_.emplace_back();
  const auto invalid = [&](std::string why) {
    if (call.id.empty()) call.id = "null";
    call.format = format_of(error_of(ErrorCode::invalid_request, std::move(why)));
  };
  if (!json.is_object()) return invalid("A call is an object.");
  const Json* id = member_of(json, "id");
  if (id != nullptr && is_id(*id)) call.id = to_text(*id);
  if (id != nullptr && !is_id(*id)) return invalid("An id is a text, an integer or null.");
  const Json* version = member_of(json, "jsonrpc");
  if (version == nullptr || *version != "2.0") return invalid(R"(jsonrpc is "2.0".)");
  const Json* name = member_of(json, "method");
  if (name == nullptr || !name->is_string()) return invalid("A call names its method.");
  call.params = member_of(json, "params");
  call.method = find_method(name->get_ref<const std::string&>());
  if (call.method == nullptr) {
    call.format = format_of(error_of(ErrorCode::method_not_found, "There is no such method."));
  }
}

void CallBatch::execute(const CallBatchPtr& batch) {
  const ChainViewPtr view = batch->context_.services->chain.latest();
  for (Call& call : batch->calls_) {
    if (call.format) {
      call.is_resolved = true;
      release(batch);
    } else {
      execute_call(batch, call, view);
    }
  }
  const bool waits = batch->outstanding_ > 1;
  if (waits && batch->reply_.waits) batch->reply_.waits(batch->wait_ms_);
  release(batch);
}

void CallBatch::execute_call(const CallBatchPtr& batch, Call& call, const ChainViewPtr& view) {
  const auto give = [&](Format format) { resolve(batch, call, std::move(format)); };
  if (batch->bytes_ > batch->context_.limits.response_bytes_max) {
    return give(format_of(limit_exceeded("response_bytes", "The answers are too large.").error()));
  }
  const auto params = Params::read(call.method->params, call.params);
  if (!params) return give(format_of(params.error()));
  const Height at = params->height("at").value_or(view->height());
  if (at > view->height() || (at.value == 0 && view->height().value > 0)) {
    return give(format_of(not_found("decided height", std::to_string(at.value)).error()));
  }
  if (at < view->base()) return give(format_of(not_held(*view, at).error()));
  const Query query{batch->context_.services, *params, view, at};
  try {
    if (call.method->start != nullptr) {
      return call.method->start(query, std::make_shared<CallWaiter>(batch, call));
    }
    TextAnswer text = batch->answer(call, query);
    if (text) batch->bytes_ += text->size();
    give([text = std::move(text)]() mutable { return std::move(text); });
  } catch (const std::exception&) {
    give(format_of(internal_error()));
  }
}

TextAnswer CallBatch::answer(const Call& call, const Query& query) const {
  Answer result = call.method->answer(query);
  if (!result) return std::unexpected(std::move(result.error()));
  std::string text = to_text(*result);
  if (call.method->envelope == Envelope::none) return text;
  return of_snapshot(query, std::move(text));
}

void CallBatch::resolve(const CallBatchPtr& batch, Call& call, Format format) {
  if (call.is_resolved.exchange(true)) return;
  call.format = std::move(format);
  release(batch);
}

// The last one has the answers put together on a worker, wherever it is itself.
void CallBatch::release(const CallBatchPtr& batch) {
  if (batch->outstanding_.fetch_sub(1) == 1)
    batch->context_.quick->post([batch] { batch->finish(); });
}

void CallBatch::expire() {
  std::vector<Call*> waiting;
  for (Call& call : calls_) {
    if (call.otherwise && !call.is_resolved.exchange(true)) {
      call.format = call.otherwise;
      waiting.push_back(&call);
    }
  }
  if (!waiting.empty() && outstanding_.fetch_sub(waiting.size()) == waiting.size()) finish();
}

void CallBatch::append_response(std::string& out, const Call& call) {
  const TextAnswer answer = formatted(call.format);
  Metrics& metrics = context_.services->metrics;
  if (call.method != nullptr) {
    metrics.count_call(*call.method, answer ? CallOutcome::answered : CallOutcome::failed);
  }
  if (!answer && answer.error().reason) metrics.count_refusal(*answer.error().reason);
  if (call.id.empty()) return;
  if (out.size() > 1) out += ',';
  out.append(R"({"jsonrpc":"2.0","id":)").append(call.id);
  out.append(answer ? R"(,"result":)" : R"(,"error":)");
  out.append(answer ? *answer : to_json_text(answer.error())).append("}");
}

void CallBatch::finish() {
  std::string body = "[";
  body.reserve(bytes_ + 64 * calls_.size());
  for (const Call& call : calls_) append_response(body, call);
  if (body.size() == 1) return reply_.done({});
  reply_.done(is_batch_ ? body + "]" : body.substr(1));
}

}  // namespace treeproof::rpc
