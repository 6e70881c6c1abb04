// One target as a program of libFuzzer; CMake says which.
#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  treeproof::fuzz::TREEPROOF_FUZZ_TARGET({data, size});
  return 0;
}
