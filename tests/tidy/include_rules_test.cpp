#include <gtest/gtest.h>

#include "tests/tidy/rules.h"

namespace treeproof::tidy {
namespace {

Tree with(std::string path, std::string text) {
  Tree tree;
  for (const char* header :
       {"crypto/hash.h", "consensus/types/height.h", "consensus/ledger/geometry/ring.h",
        "consensus/ledger/block.h", "consensus/bft/vote.h", "consensus/replica/event.h",
        "rpc/ports.h", "node/store/store.h", "node/network/mesh.h", "node/cli/demo.h"}) {
    tree.push_back(make_file(header, ""));
  }
  tree.push_back(make_file(std::move(path), std::move(text)));
  return tree;
}

bool may_include(const std::string& path, const std::string& header) {
  return check_include_directions(with(path, "#include \"" + header + "\"\n")).empty();
}

bool may_use(const std::string& path, const std::string& header) {
  return check_third_party_walls(with(path, "#include <" + header + ">\n")).empty();
}

TEST(IncludeDirections, PointDown) {
  EXPECT_TRUE(may_include("consensus/types/a.cpp", "crypto/hash.h"));
  EXPECT_TRUE(may_include("consensus/ledger/a.cpp", "consensus/ledger/geometry/ring.h"));
  EXPECT_TRUE(may_include("consensus/ledger/rules/a.cpp", "consensus/ledger/block.h"));
  EXPECT_TRUE(may_include("consensus/replica/a.cpp", "consensus/bft/vote.h"));
  EXPECT_TRUE(may_include("rpc/a.cpp", "consensus/ledger/block.h"));
  EXPECT_TRUE(may_include("node/store/a.cpp", "rpc/ports.h"));
  EXPECT_TRUE(may_include("node/main.cpp", "node/cli/demo.h"));
  EXPECT_TRUE(may_include("tests/unit/a.cpp", "node/cli/demo.h"));
}

TEST(IncludeDirections, NeverPointUp) {
  EXPECT_FALSE(may_include("crypto/a.h", "consensus/types/height.h"));
  EXPECT_FALSE(may_include("consensus/types/a.cpp", "consensus/bft/vote.h"));
  EXPECT_FALSE(may_include("consensus/ledger/geometry/a.cpp", "consensus/ledger/block.h"));
  EXPECT_FALSE(may_include("consensus/replica/a.cpp", "rpc/ports.h"));
  EXPECT_FALSE(may_include("rpc/a.cpp", "node/store/store.h"));
  EXPECT_FALSE(may_include("crypto/a.cpp", "tests/tidy/rules.h"));
}

TEST(IncludeDirections, SistersDoNotKnowEachOther) {
  EXPECT_FALSE(may_include("consensus/bft/a.cpp", "consensus/ledger/block.h"));
  EXPECT_FALSE(may_include("consensus/ledger/a.cpp", "consensus/bft/vote.h"));
  EXPECT_FALSE(may_include("node/store/a.cpp", "node/network/mesh.h"));
  EXPECT_FALSE(may_include("node/network/a.cpp", "node/store/store.h"));
}

TEST(IncludeDirections, WantPathsFromTheRoot) {
  EXPECT_FALSE(may_include("crypto/a.cpp", "hash.h"));
  EXPECT_FALSE(may_include("crypto/a.cpp", "../crypto/hash.h"));
  EXPECT_FALSE(check_include_directions(with("rpc/a.cpp", "#include <crypto/hash.h>\n")).empty());
}

TEST(IncludeDirections, NameFileLineAndRemedy) {
  const Findings findings =
      check_include_directions(with("crypto/a.cpp", "\n#include \"rpc/ports.h\"\n"));
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_TRUE(to_text(findings).starts_with("crypto/a.cpp:2: #include \"rpc/ports.h\"; arrows"));
}

TEST(IncludeDirections, IgnoreIncludesInComments) {
  EXPECT_TRUE(
      check_include_directions(with("crypto/a.cpp", "// #include \"rpc/ports.h\"\n")).empty());
}

TEST(IncludeCircles, AreFound) {
  const Tree circle = {make_file("crypto/a.h", "#include \"crypto/b.h\"\n"),
                       make_file("crypto/b.h", "#include \"crypto/a.h\"\n")};
  EXPECT_EQ(check_include_circles(circle).size(), 1u);
  const Tree line = {make_file("crypto/a.h", "#include \"crypto/b.h\"\n"),
                     make_file("crypto/b.h", "#include <span>\n"),
                     make_file("crypto/c.h", "#include \"crypto/b.h\"\n")};
  EXPECT_TRUE(check_include_circles(line).empty());
}

TEST(ThirdPartyWalls, LetEachLibraryIntoItsFolder) {
  EXPECT_TRUE(may_use("crypto/signature.cpp", "secp256k1.h"));
  EXPECT_TRUE(may_use("crypto/hash.cpp", "openssl/evp.h"));
  EXPECT_TRUE(may_use("node/network/tls.cpp", "openssl/ssl.h"));
  EXPECT_TRUE(may_use("consensus/ledger/geometry/a.cpp", "boost/multiprecision/cpp_int.hpp"));
  EXPECT_TRUE(may_use("node/store/store.cpp", "leveldb/db.h"));
  EXPECT_TRUE(may_use("node/host/host.cpp", "boost/asio.hpp"));
  EXPECT_TRUE(may_use("node/node.cpp", "boost/asio.hpp"));
  EXPECT_TRUE(may_use("rpc/server.cpp", "boost/beast/http.hpp"));
  EXPECT_TRUE(may_use("node/config.cpp", "nlohmann/json.hpp"));
  EXPECT_TRUE(may_use("rpc/handlers.h", "nlohmann/json_fwd.hpp"));
  EXPECT_TRUE(may_use("node/cli/demo.cpp", "httplib.h"));
  EXPECT_TRUE(may_use("node/main.cpp", "unistd.h"));
  EXPECT_TRUE(may_use("crypto/hash.cpp", "vector"));
  EXPECT_TRUE(may_use("tests/unit/a.cpp", "s2/s2loop.h"));
}

TEST(ThirdPartyWalls, KeepItOutOfTheOthers) {
  EXPECT_FALSE(may_use("consensus/ledger/a.cpp", "openssl/evp.h"));
  EXPECT_FALSE(may_use("consensus/bft/a.cpp", "boost/multiprecision/cpp_int.hpp"));
  EXPECT_FALSE(may_use("node/host/host.cpp", "leveldb/db.h"));
  EXPECT_FALSE(may_use("node/store/store.cpp", "boost/asio.hpp"));
  EXPECT_FALSE(may_use("node/network/a.cpp", "boost/beast/http.hpp"));
  EXPECT_FALSE(may_use("node/store/store.cpp", "nlohmann/json.hpp"));
  EXPECT_FALSE(may_use("rpc/a.cpp", "httplib.h"));
  EXPECT_FALSE(may_use("consensus/ledger/a.cpp", "s2/s2loop.h"));
  EXPECT_FALSE(may_use("consensus/replica/a.cpp", "unistd.h"));
  EXPECT_FALSE(may_use("node/cli/a.cpp", "some_new_library.h"));
}

TEST(ThirdPartyWalls, KeepItOutOfHeaders) {
  EXPECT_FALSE(may_use("crypto/signature.h", "secp256k1.h"));
  EXPECT_FALSE(may_use("node/store/store.h", "leveldb/db.h"));
  EXPECT_FALSE(may_use("node/network/mesh.h", "boost/asio.hpp"));
  EXPECT_FALSE(may_use("rpc/handlers.h", "nlohmann/json.hpp"));
}

TEST(BeastFile, IsTheOnlyOne) {
  const std::string beast = "#include <boost/beast/http.hpp>\n#include <boost/beast/core.hpp>\n";
  EXPECT_TRUE(check_one_beast_file({make_file("rpc/server.cpp", beast)}).empty());
  EXPECT_FALSE(check_one_beast_file(
                   {make_file("rpc/server.cpp", beast), make_file("rpc/session.cpp", beast)})
                   .empty());
}

TEST(ClosedFolders, RefuseCodeOutsideThePlan) {
  EXPECT_TRUE(check_closed_folders({make_file("node/host/host.cpp", "")}).empty());
  EXPECT_TRUE(check_closed_folders({make_file("tests/unit/a_test.cpp", "")}).empty());
  EXPECT_FALSE(check_closed_folders({make_file("consensus/a.cpp", "")}).empty());
  EXPECT_FALSE(check_closed_folders({make_file("tools/a.cpp", "")}).empty());
  EXPECT_FALSE(check_closed_folders({make_file("a.cpp", "")}).empty());
}

TEST(Namespaces, FollowTheFolder) {
  EXPECT_TRUE(check_namespaces({make_file("crypto/a.h", "namespace treeproof::crypto {")}).empty());
  EXPECT_TRUE(
      check_namespaces({make_file("consensus/types/a.h", "namespace treeproof {")}).empty());
  EXPECT_TRUE(
      check_namespaces({make_file("node/host/a.h", "namespace treeproof::host {")}).empty());
  EXPECT_FALSE(check_namespaces({make_file("crypto/a.h", "namespace treeproof {")}).empty());
  EXPECT_FALSE(
      check_namespaces({make_file("consensus/bft/a.h", "namespace treeproof::ledger {")}).empty());
}

}  // namespace
}  // namespace treeproof::tidy
