// Who reaches whom in a simulated network: groups that are cut from one another, pairs that hung
// up, and directions in which everything is lost without anybody noticing.
// Owns no frame. Caller: the simulated world. One thread.
// Source: docs/consensus.md "How it is proven".
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

namespace treeproof::simulation {

class Network {
 public:
  using Groups = std::map<std::string, int>;  // nobody is in a group by default: all in group 0

  // Both ends notice when this changes.
  bool connected(const std::string& left, const std::string& right) const {
    return group_of(left) == group_of(right) && !hung_up_.contains(std::minmax(left, right));
  }
  // Whether a frame of a connected pair arrives.
  bool carries(const std::string& from, const std::string& to) const {
    return !deaf_.contains({from, to});
  }

  void part(Groups groups) { groups_ = std::move(groups); }
  void hang_up(const std::string& left, const std::string& right) {
    hung_up_.insert(std::minmax(left, right));
  }
  void call_again(const std::string& left, const std::string& right) {
    hung_up_.erase(std::minmax(left, right));
  }
  void lose_all(const std::string& from, const std::string& to) { deaf_.emplace(from, to); }
  void heal() {
    groups_.clear();
    deaf_.clear();
  }

 private:
  int group_of(const std::string& org) const {
    const auto found = groups_.find(org);
    return found == groups_.end() ? 0 : found->second;
  }
  Groups groups_;
  std::set<std::pair<std::string, std::string>> hung_up_;
  std::set<std::pair<std::string, std::string>> deaf_;
};

}  // namespace treeproof::simulation
