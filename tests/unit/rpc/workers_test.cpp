#include "rpc/workers.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace treeproof::rpc {
namespace {

TEST(Workers, RunWhatTheyAreGiven) {
  Workers workers(2, 100);
  std::atomic<int> ran = 0;
  std::promise<void> last;
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(workers.offer([&] {
      if (++ran == 50) last.set_value();
    }));
  }
  last.get_future().get();
  EXPECT_EQ(ran, 50);
}

TEST(Workers, RefuseNewWorkWhileTooMuchWaits) {
  Workers workers(1, 2);
  std::promise<void> gate;
  std::promise<void> begun;
  workers.post([&] {
    begun.set_value();
    gate.get_future().get();
  });
  begun.get_future().get();
  EXPECT_TRUE(workers.offer([] {}));
  EXPECT_TRUE(workers.offer([] {}));
  EXPECT_FALSE(workers.offer([] {}));
  std::atomic<bool> posted_ran = false;
  workers.post([&] { posted_ran = true; });  // the end of accepted work is always taken
  gate.set_value();
  std::promise<void> end;
  workers.post([&] { end.set_value(); });
  end.get_future().get();
  EXPECT_TRUE(posted_ran);
}

TEST(Workers, DropWhatWaitsWhenTheyStop) {
  std::atomic<int> ran = 0;
  Workers workers(1, SIZE_MAX);
  std::promise<void> gate;
  std::promise<void> begun;
  workers.post([&] {
    begun.set_value();
    gate.get_future().get();
    ++ran;
  });
  begun.get_future().get();
  workers.post([&] { ++ran; });
  std::thread stopper([&] { workers.stop(); });
  while (workers.offer([] {})) std::this_thread::yield();  // until it stops
  gate.set_value();
  stopper.join();
  EXPECT_EQ(ran, 1);
  EXPECT_FALSE(workers.offer([] {}));
}

}  // namespace
}  // namespace treeproof::rpc
