#include "node/network/hello.h"

#include <gtest/gtest.h>

#include "crypto/cose.h"
#include "tests/unit/node/network/test_keys.h"

namespace treeproof::network {
namespace {

constexpr Exporter kExporter = {1, 2, 3};

Hello hello_of_b() { return {kTestChain, "b", Side::client, {kPeerVersion}, kExporter}; }
HelloTerms terms_of_a() { return {kTestChain, "a", Side::client, kExporter}; }

Reason reason_for(const crypto::Bytes& bytes) {
  const auto admitted = check_hello(bytes, terms_of_a(), test_directory("ab"));
  EXPECT_FALSE(admitted);
  return admitted ? Reason::internal_error : admitted.error();
}
Reason reason_for(const Hello& hello) { return reason_for(sign_hello(hello, test_key('b'))); }

TEST(Hello, AdmitsAPeerOfTheDirectory) {
  const auto admitted =
      check_hello(sign_hello(hello_of_b(), test_key('b')), terms_of_a(), test_directory("ab"));
  ASSERT_TRUE(admitted);
  EXPECT_EQ(admitted->org, "b");
  EXPECT_EQ(admitted->key, test_key('b').public_key());
}

TEST(Hello, AdmitsAPeerThatAlsoSpeaksOtherVersions) {
  Hello hello = hello_of_b();
  hello.versions = {9, kPeerVersion, 7};
  EXPECT_TRUE(check_hello(sign_hello(hello, test_key('b')), terms_of_a(), test_directory("b")));
}

TEST(Hello, RefusesAnotherChain) {
  Hello hello = hello_of_b();
  hello.chain_id = "another";
  EXPECT_EQ(reason_for(hello), Reason::wrong_chain);
}

TEST(Hello, RefusesOwnIdentity) {
  Hello hello = hello_of_b();
  hello.org = "a";
  EXPECT_EQ(reason_for(hello), Reason::own_identity);
  EXPECT_EQ(reason_for(sign_hello(hello, test_key('a'))), Reason::own_identity);
}

TEST(Hello, RefusesTheRoleOfTheOtherEnd) {
  Hello hello = hello_of_b();
  hello.side = Side::server;
  EXPECT_EQ(reason_for(hello), Reason::wrong_role);
}

TEST(Hello, RefusesAPeerWithNoVersionInCommon) {
  Hello hello = hello_of_b();
  hello.versions = {kPeerVersion + 1};
  EXPECT_EQ(reason_for(hello), Reason::unknown_version);
  hello.versions = {};
  EXPECT_EQ(reason_for(hello), Reason::unknown_version);
}

TEST(Hello, RefusesAnOrganisationOutsideTheDirectory) {
  Hello hello = hello_of_b();
  hello.org = "c";
  EXPECT_EQ(reason_for(hello), Reason::unknown_org);
}

TEST(Hello, RefusesAKeyOtherThanTheDirectorys) {
  EXPECT_EQ(reason_for(sign_hello(hello_of_b(), test_key('x'))), Reason::unknown_key);
}

TEST(Hello, AdmitsTheDialledOrganisationAsAStrangerUnderAKeyThatIsNotKnown) {
  HelloTerms terms = terms_of_a();
  terms.dialled_org = "b";
  const auto hello = sign_hello(hello_of_b(), test_key('x'));
  const Admitted stranger{"b", std::nullopt};
  EXPECT_EQ(check_hello(hello, terms, test_directory("ab")), stranger);  // another key
  EXPECT_EQ(check_hello(hello, terms, test_directory("a")), stranger);   // none
  terms.dialled_org = "c";
  EXPECT_EQ(check_hello(hello, terms, test_directory("ab")).error(), Reason::unknown_key);
  EXPECT_EQ(check_hello(hello, terms, test_directory("a")).error(), Reason::unknown_org);
}

TEST(Hello, AsksAStrangerForEverythingButItsKey) {
  HelloTerms terms = terms_of_a();
  terms.dialled_org = "b";
  Hello other_session = hello_of_b();
  other_session.exporter[0] ^= 1;
  const auto checked = check_hello(sign_hello(other_session, test_key('x')), terms, {});
  EXPECT_EQ(checked.error(), Reason::bad_exporter);
  crypto::Bytes forged = sign_hello(hello_of_b(), test_key('b'));  // names the known key
  forged.back() ^= 1;
  EXPECT_EQ(check_hello(forged, terms, test_directory("b")).error(), Reason::bad_signature);
}

TEST(Hello, RefusesTheExporterOfAnotherSession) {
  Hello hello = hello_of_b();
  hello.exporter[31] ^= 1;
  EXPECT_EQ(reason_for(hello), Reason::bad_exporter);
}

TEST(Hello, RefusesAForgedSignature) {
  crypto::Bytes bytes = sign_hello(hello_of_b(), test_key('b'));
  bytes.back() ^= 1;
  EXPECT_EQ(reason_for(bytes), Reason::bad_signature);
}

TEST(Hello, RefusesEveryTruncation) {
  const crypto::Bytes bytes = sign_hello(hello_of_b(), test_key('b'));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_EQ(reason_for(crypto::Bytes(bytes.begin(), bytes.begin() + std::ptrdiff_t(size))),
              Reason::malformed_hello);
  }
}

TEST(Hello, AdmitsNoBitFlip) {
  const crypto::Bytes bytes = sign_hello(hello_of_b(), test_key('b'));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    crypto::Bytes flipped = bytes;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    EXPECT_FALSE(check_hello(flipped, terms_of_a(), test_directory("ab"))) << "bit " << bit;
  }
}

TEST(Hello, RefusesOversizeBytes) {
  EXPECT_EQ(reason_for(crypto::Bytes(kHelloBytesMax + 1, 0)), Reason::malformed_hello);
}

// A signature of b over anything that is not a hello must not open the door.
crypto::Bytes signed_by_b(const crypto::ProtectedHeader& header, const crypto::Bytes& payload) {
  const auto bytes = crypto::encode(header);
  const auto signature = test_key('b').sign(crypto::sig_structure_hash(bytes, payload));
  return crypto::encode_sign1(bytes, payload, signature);
}

crypto::Bytes payload_with_role(std::string_view role) {
  crypto::CborWriter writer;
  writer.array(5).text(kTestChain).text("b").text(role).array(1).uint(kPeerVersion);
  return writer.bytes(kExporter).finish();
}

TEST(Hello, RefusesAnotherTyp) {
  crypto::ProtectedHeader header;
  header.kid = test_key('b').public_key().kid();
  header.typ = kHelloTyp;
  const auto admitted = check_hello(signed_by_b(header, payload_with_role("client")), terms_of_a(),
                                    test_directory("b"));
  ASSERT_TRUE(admitted) << to_string(admitted.error());
  header.typ = "application/treeproof-prevote+cose";
  EXPECT_EQ(reason_for(signed_by_b(header, payload_with_role("client"))), Reason::malformed_hello);
}

TEST(Hello, RefusesHeaderFieldsThatAHelloDoesNotHave) {
  crypto::ProtectedHeader header;
  header.kid = test_key('b').public_key().kid();
  header.typ = kHelloTyp;
  header.issuer = "b";
  header.audience = kTestChain;
  EXPECT_EQ(reason_for(signed_by_b(header, payload_with_role("client"))), Reason::malformed_hello);
}

TEST(Hello, RefusesAnUnknownRole) {
  crypto::ProtectedHeader header;
  header.kid = test_key('b').public_key().kid();
  header.typ = kHelloTyp;
  EXPECT_EQ(reason_for(signed_by_b(header, payload_with_role("proxy"))), Reason::malformed_hello);
}

}  // namespace
}  // namespace treeproof::network
