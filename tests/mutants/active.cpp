#include "tests/mutants/active.h"

namespace treeproof::mutants {

namespace {

int active = 0;

}  // namespace

void activate(int number) noexcept { active = number; }
bool is_active(int number) noexcept { return active == number; }

}  // namespace treeproof::mutants
