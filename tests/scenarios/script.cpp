#include "tests/scenarios/script.h"

#include <algorithm>
#include <charconv>
#include <sstream>

namespace treeproof::scenarios {

namespace {

constexpr std::size_t kValidatorsMost = 7;  // named a to g

// One sentence, word by word. The first thing that is wrong is kept; after it nothing matters.
class Sentence {
 public:
  Sentence(std::vector<std::string> words, std::size_t validators)
      : words_(std::move(words)), validators_(validators) {}

  bool is_over() const { return at_ == words_.size(); }
  bool next_is(std::string_view word) const { return at_ < words_.size() && words_[at_] == word; }
  // Takes all of these words, or none.
  bool take(std::initializer_list<std::string_view> expected) {
    if (words_.size() - at_ < expected.size()) return false;
    const auto first = words_.begin() + static_cast<std::ptrdiff_t>(at_);
    if (!std::ranges::equal(first, first + static_cast<std::ptrdiff_t>(expected.size()),
                            expected.begin(), expected.end())) {
      return false;
    }
    at_ += expected.size();
    return true;
  }
  void want(std::initializer_list<std::string_view> expected) {
    for (const std::string_view word : expected) {
      if (!take({word})) return refuse("expected `" + std::string(word) + "`");
    }
  }
  std::string word() {
    if (at_ == words_.size()) {
      refuse("the sentence ends too early");
      return {};
    }
    return words_[at_++];
  }
  std::string one_of(std::initializer_list<std::string_view> allowed) {
    const std::string chosen = word();
    if (std::ranges::find(allowed, chosen) == allowed.end()) refuse("unexpected `" + chosen + "`");
    return chosen;
  }
  std::int32_t number() {
    const std::string digits = word();
    std::int32_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    const bool whole = error == std::errc{} && end == digits.data() + digits.size() && value >= 0;
    if (!whole) refuse("expected a number instead of `" + digits + "`");
    return value;
  }
  bool next_is_name() const {
    if (at_ == words_.size()) return false;
    const std::string& word = words_[at_];
    return word.size() == 1 && word[0] >= 'a' &&
           static_cast<std::size_t>(word[0] - 'a') < validators_;
  }
  std::string name() {
    if (!next_is_name()) {
      refuse("expected a validator");
      return {};
    }
    return words_[at_++];
  }
  Names names() {
    Names all{name()};
    while (next_is_name()) all.push_back(words_[at_++]);
    return all;
  }
  // A block begins with a capital letter.
  std::string block() {
    const std::string chosen = word();
    if (chosen.empty() || chosen[0] < 'A' || chosen[0] > 'Z') {
      refuse("expected a block (a word with a capital) instead of `" + chosen + "`");
    }
    return chosen;
  }
  std::string block_or_nil() {
    if (take({"nil"})) return "nil";
    return block();
  }
  void refuse(std::string what) {
    if (!error_) error_ = std::move(what);
  }
  std::optional<std::string> finish() {
    if (at_ < words_.size()) refuse("surplus word `" + words_[at_] + "`");
    return error_;
  }

 private:
  std::vector<std::string> words_;
  std::size_t validators_;
  std::size_t at_ = 0;
  std::optional<std::string> error_;
};

void read_filter(Sentence& in, Step& step) {
  const bool all = step.verb == Verb::deliver && in.is_over();
  if (!all && !in.next_is("of") && !in.next_is("from") && !in.next_is("to")) {
    step.word = in.one_of(
        {"everything", "proposal", "prevote", "precommit", "polka", "commit", "certificate"});
  }
  if (in.take({"of", "round"})) step.round = in.number();
  if (in.take({"from"})) step.from = in.names();
  if (in.take({"to"})) step.to = in.names();
}

void read_slot(Sentence& in, Step& step) {
  in.want({"in", "round"});
  step.round = in.number();
}

void read_lie(Sentence& in, Step& step) {
  read_slot(in, step);
  if (in.take({"valid"})) step.valid_round = in.number();
  if (in.take({"as"})) step.as = in.name();
  in.want({"to"});
  step.to = in.names();
}

void read_verdict(Sentence& in, Step& step) {
  step.value = in.block();
  if (in.take({"at"})) step.who = in.names();
}

void read_partition(Sentence& in, Step& step) {
  step.sides.push_back(in.names());
  while (in.take({"|"})) step.sides.push_back(in.names());
  if (step.sides.size() < 2) in.refuse("a partition has two sides or more");
}

void read_pass(Sentence& in, Step& step) {
  if (in.take({"until", "round"})) {
    step.verb = Verb::pass_rounds;
    step.round = in.number();
  } else {
    in.want({"until", "all", "decide"});
    step.verb = Verb::pass_until_decided;
  }
  if (in.take({"for"})) step.who = in.names();
}

bool read_world_step(Sentence& in, Step& step) {
  const auto is = [&](std::string_view word, Verb verb) {
    if (!in.take({word})) return false;
    step.verb = verb;
    return true;
  };
  if (is("byzantine", Verb::byzantine)) {
    step.who = in.names();
  } else if (is("invalid", Verb::invalid) || is("untimely", Verb::untimely)) {
    read_verdict(in, step);
  } else if (is("withhold", Verb::withhold)) {
    step.value = in.block();
    in.want({"from"});
    step.who = in.names();
  } else if (is("body", Verb::body)) {
    step.value = in.block();
    in.want({"to"});
    step.who = in.names();
  } else if (is("deliver", Verb::deliver) || is("drop", Verb::drop) || is("hold", Verb::hold)) {
    read_filter(in, step);
  } else if (is("timeout", Verb::timeout)) {
    step.word = in.one_of({"propose", "prevote", "precommit"});
    step.who = in.names();
  } else if (is("partition", Verb::partition)) {
    read_partition(in, step);
  } else if (is("time", Verb::pass_rounds)) {
    in.want({"passes"});
    read_pass(in, step);
  } else if (is("restart", Verb::restart)) {
    step.who = in.names();
    if (in.take({"without", "journal"})) step.verb = Verb::restart_without_journal;
  } else if (is("crash", Verb::crash) || is("resend", Verb::resend)) {
    step.who = in.names();
  } else {
    return is("release", Verb::release) || is("heal", Verb::heal);
  }
  return true;
}

void read_show(Sentence& in, Step& step) {
  const std::string kind = in.one_of({"commit", "polka"});
  step.verb = kind == "commit" ? Verb::show_commit : Verb::show_polka;
  step.value = in.block();
  read_slot(in, step);
  if (in.take({"valid"})) step.valid_round = in.number();
  in.want({"signed", "by"});
  step.signers = in.names();
  in.want({"to"});
  step.to = in.names();
}

// The runner knows who is Byzantine; `proposes X` alone is the answer of a correct leader.
void read_sentence_of_validator(Sentence& in, Step& step) {
  step.who = {in.name()};
  if (in.take({"will", "crash", "at"})) {
    step.verb = Verb::crash_at_vote;
    step.word = in.one_of({"proposal", "prevote", "precommit"});
  } else if (in.take({"proposes"})) {
    step.value = in.block();
    step.verb = in.next_is("in") ? Verb::lie_proposal : Verb::propose;
    if (step.verb == Verb::lie_proposal) read_lie(in, step);
  } else if (in.take({"prevotes"})) {
    step.verb = Verb::lie_prevote;
    step.value = in.block_or_nil();
    read_lie(in, step);
  } else if (in.take({"precommits"})) {
    step.verb = in.take({"forged"}) ? Verb::lie_forged_root : Verb::lie_precommit;
    step.value = in.block_or_nil();
    read_lie(in, step);
  } else if (in.take({"shows"})) {
    read_show(in, step);
  } else {
    in.refuse("unknown sentence");
  }
}

void read_expected_vote(Sentence& in, Step& step, Verb verb) {
  step.verb = verb;
  step.value = verb == Verb::expect_proposed ? in.block() : in.block_or_nil();
  read_slot(in, step);
  if (in.take({"valid"})) step.valid_round = in.number();
}

void read_expected_absence(Sentence& in, Step& step) {
  const std::string kind = in.one_of({"locked", "proposed", "prevoted", "precommitted"});
  step.verb = kind == "locked"     ? Verb::expect_not_locked
              : kind == "proposed" ? Verb::expect_not_proposed
              : kind == "prevoted" ? Verb::expect_not_prevoted
                                   : Verb::expect_not_precommitted;
  if (kind != "locked") read_slot(in, step);
}

// What becomes of the machine: lock, decision, round, timers.
bool read_expected_state(Sentence& in, Step& step) {
  if (in.take({"locked"}) || in.take({"valid"})) {
    step.value = in.block();
    read_slot(in, step);
  } else if (in.take({"no", "valid"})) {
    step.verb = Verb::expect_no_valid;
  } else if (in.take({"decided"})) {
    step.verb = Verb::expect_decided;
    step.value = in.block();
    if (in.next_is("in")) read_slot(in, step);
  } else if (in.take({"undecided"})) {
    step.verb = Verb::expect_undecided;
  } else if (in.next_is("in")) {
    step.verb = Verb::expect_round;
    read_slot(in, step);
    if (in.take({"step"})) step.word = in.one_of({"propose", "prevote", "precommit"});
  } else if (in.take({"waits", "for"})) {
    step.verb = Verb::expect_waiting;
    step.word = in.one_of({"propose", "prevote", "precommit"});
  } else if (in.take({"does", "not", "wait", "for"})) {
    step.verb = Verb::expect_not_waiting;
    step.word = in.one_of({"propose", "prevote", "precommit"});
  } else {
    return false;
  }
  return true;
}

void read_expectation(Sentence& in, Step& step) {
  step.who = in.names();
  step.verb = in.next_is("locked") ? Verb::expect_locked : Verb::expect_valid;
  if (read_expected_state(in, step)) return;
  if (in.take({"not"})) {
    read_expected_absence(in, step);
  } else if (in.take({"proposed"})) {
    read_expected_vote(in, step, Verb::expect_proposed);
  } else if (in.take({"prevoted"})) {
    read_expected_vote(in, step, Verb::expect_prevoted);
  } else if (in.take({"precommitted"})) {
    read_expected_vote(in, step, Verb::expect_precommitted);
  } else if (in.take({"accuses", "nobody"})) {
    step.verb = Verb::expect_accuses_nobody;
  } else if (in.take({"accuses"})) {
    step.verb = Verb::expect_accuses;
    step.to = {in.name()};
    in.want({"of"});
    step.word = in.word();
  } else if (in.take({"refused"})) {
    step.verb = Verb::expect_refused;
    step.word = in.word();
  } else if (in.take({"alarmed", "by"})) {
    step.verb = Verb::expect_alarm;
    step.word = in.one_of({"second_quorum", "quorum_for_invalid"});
  } else if (in.take({"asked", "for"})) {
    step.verb = Verb::expect_fetch;
    step.value = in.block();
  } else if (in.take({"kept", "from", "signing", "in", "round"})) {
    step.verb = Verb::expect_guard_refusal;
    step.round = in.number();
  } else {
    in.refuse("unknown expectation");
  }
}

std::vector<std::string> words_of(std::string_view line) {
  std::istringstream stream{std::string(line.substr(0, line.find('#')))};
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

Step read_validators(Sentence& in) {
  Step step;
  step.verb = Verb::validators;
  in.want({"validators"});
  const std::int32_t number = in.number();
  if (number < 4 || number > static_cast<std::int32_t>(kValidatorsMost)) {
    in.refuse("4 to 7 validators");
  }
  step.number = static_cast<std::size_t>(number);
  return step;
}

}  // namespace

std::expected<Script, ScriptError> parse_script(std::string_view text) {
  Script script;
  std::size_t validators = 0;
  std::size_t line_number = 0;
  bool expects = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::vector<std::string> words = words_of(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line_number;
    if (words.empty()) continue;
    Sentence in(std::move(words), validators);
    Step step;
    if (validators == 0) {
      step = read_validators(in);
      validators = step.number;
    } else if (in.take({"expect"})) {
      read_expectation(in, step);
      expects = true;
    } else if (in.next_is_name()) {
      read_sentence_of_validator(in, step);
    } else if (!read_world_step(in, step)) {
      in.refuse("unknown sentence");
    }
    step.line = line_number;
    if (auto error = in.finish()) return std::unexpected(ScriptError{line_number, *error});
    script.steps.push_back(std::move(step));
  }
  if (!expects) return std::unexpected(ScriptError{line_number, "nothing is expected"});
  return script;
}

}  // namespace treeproof::scenarios
