#include "crypto/cose.h"

#include <gtest/gtest.h>

#include "crypto/hash.h"

namespace treeproof::crypto {
namespace {

ProtectedHeader statement_header() {
  ProtectedHeader header;
  header.content_type = "application/treeproof+cbor";
  header.kid = {1, 2, 3, 4, 5, 6, 7, 8};
  header.issuer = "ngo";
  header.subject = "ngo/plot-1";
  header.audience = "demo-00";
  header.issued_at = 1'700'000'000;
  header.typ = "application/treeproof-statement+cose";
  return header;
}

ProtectedHeader receipt_header() {
  ProtectedHeader header;
  header.kid = {8, 7, 6, 5, 4, 3, 2, 1};
  header.issuer = "ngo";
  header.audience = "demo-00";
  header.typ = "application/treeproof-receipt+cose";
  header.bind = ReceiptBind{.height = 9, .round = 2, .log_size = 300, .header_hash = {0xAA}};
  return header;
}

CborError protected_error(const CborWriter& made) {
  CborWriter copy = made;
  const auto decoded = decode_protected(copy.finish());
  return decoded ? CborError::none : decoded.error();
}

TEST(ProtectedHeader, HasTheBytesOfTheProtocol) {
  EXPECT_EQ(to_hex(encode(statement_header())),
            "a5"
            "01382e"
            "03781a6170706c69636174696f6e2f7472656570726f6f662b63626f72"
            "04480102030405060708"
            "0fa401636e676f026a6e676f2f706c6f742d31036764656d6f2d3030061a6553f100"
            "1078246170706c69636174696f6e2f7472656570726f6f662d73746174656d656e742b636f7365");
  EXPECT_EQ(to_hex(encode(receipt_header())),
            "a6"
            "01382e"
            "04480807060504030201"
            "0fa201636e676f036764656d6f2d3030"
            "1078226170706c69636174696f6e2f7472656570726f6f662d726563656970742b636f7365"
            "19018b01"
            "3a0001117084090219012c5820aa" +
                std::string(62, '0'));
}

TEST(ProtectedHeader, RoundTrips) {
  ProtectedHeader smallest;
  smallest.kid = {1};
  for (const ProtectedHeader& header : {statement_header(), receipt_header(), smallest}) {
    const auto decoded = decode_protected(encode(header));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, header);
  }
}

TEST(ProtectedHeader, NeedsOurAlgorithmAndAKid) {
  const Bytes kid(8, 1);
  EXPECT_EQ(protected_error(CborWriter().map(2).uint(1).integer(-47).uint(4).bytes(kid)),
            CborError::none);
  EXPECT_EQ(protected_error(CborWriter().map(2).uint(1).integer(-7).uint(4).bytes(kid)),
            CborError::out_of_range);
  EXPECT_EQ(protected_error(CborWriter().map(1).uint(4).bytes(kid)), CborError::unknown_field);
  EXPECT_EQ(protected_error(CborWriter().map(1).uint(1).integer(-47)), CborError::unknown_field);
  EXPECT_EQ(protected_error(CborWriter().map(2).uint(1).integer(-47).uint(4).bytes(Bytes(7, 1))),
            CborError::out_of_range);
  EXPECT_EQ(protected_error(CborWriter().map(2).uint(1).integer(-47).uint(4).bytes(Bytes(9, 1))),
            CborError::too_long);
  EXPECT_EQ(protected_error(CborWriter().map(0)), CborError::unknown_field);
  EXPECT_EQ(decode_protected({}).error(), CborError::truncated);
}

TEST(ProtectedHeader, RefusesUnknownLabelsAndClaims) {
  const Bytes kid(8, 1);
  const auto base = [&](std::size_t labels) {
    return CborWriter().map(labels).uint(1).integer(-47).uint(4).bytes(kid);
  };
  EXPECT_EQ(protected_error(base(3).uint(5).bytes(kid)), CborError::unknown_field);
  EXPECT_EQ(protected_error(base(3).text("x").uint(1)), CborError::wrong_type);
  EXPECT_EQ(protected_error(base(3).uint(15).map(1).uint(4).uint(9)), CborError::unknown_field);
  EXPECT_EQ(protected_error(base(3).uint(15).map(0)), CborError::unknown_field);
  EXPECT_EQ(protected_error(base(3).uint(15).map(1).uint(1).uint(9)), CborError::wrong_type);
}

TEST(ProtectedHeader, RefusesEmptyAndLongTexts) {
  const Bytes kid(8, 1);
  const auto with_typ = [&](const std::string& typ) {
    return CborWriter().map(3).uint(1).integer(-47).uint(4).bytes(kid).uint(16).text(typ);
  };
  EXPECT_EQ(protected_error(with_typ(std::string(128, 'x'))), CborError::none);
  EXPECT_EQ(protected_error(with_typ("")), CborError::out_of_range);
  EXPECT_EQ(protected_error(with_typ(std::string(129, 'x'))), CborError::too_long);
}

TEST(ProtectedHeader, BindsATreeAndABlockTogetherOrNotAtAll) {
  const Bytes kid(8, 1);
  const auto base = [&](std::size_t labels) {
    return CborWriter().map(labels).uint(1).integer(-47).uint(4).bytes(kid);
  };
  const Bytes hash(32, 3);
  EXPECT_EQ(protected_error(base(3).uint(395).uint(1)), CborError::unknown_field);
  EXPECT_EQ(protected_error(base(4)
                                .uint(395)
                                .uint(2)
                                .integer(kReceiptBind)
                                .array(4)
                                .uint(1)
                                .uint(2)
                                .uint(3)
                                .bytes(hash)),
            CborError::out_of_range);
  EXPECT_EQ(
      protected_error(base(3).integer(kReceiptBind).array(4).uint(1).uint(2).uint(3).bytes(hash)),
      CborError::unknown_field);
  EXPECT_EQ(protected_error(base(4)
                                .uint(395)
                                .uint(1)
                                .integer(kReceiptBind)
                                .array(4)
                                .uint(1)
                                .uint(std::uint64_t{1} << 32)
                                .uint(3)
                                .bytes(hash)),
            CborError::out_of_range);
  EXPECT_EQ(protected_error(
                base(4).uint(395).uint(1).integer(kReceiptBind).array(3).uint(1).uint(2).uint(3)),
            CborError::out_of_range);
}

TEST(SigStructure, HashesTheStructureOfRfc9052) {
  for (const std::size_t size : {0u, 1u, 23u, 24u, 255u, 256u, 65'535u, 65'536u}) {
    const Bytes payload(size, 0x77);
    const Bytes header = encode(statement_header());
    CborWriter built;
    built.array(4).text("Signature1").bytes(header).bytes({}).bytes(payload);
    EXPECT_EQ(sig_structure_hash(header, payload), sha256(built.finish())) << size;
  }
}

TEST(Sign1, RoundTripsWithPayload) {
  const Bytes header = encode(statement_header());
  const Bytes payload = {0xA0};
  Signature signature;
  signature.fill(0x11);
  const Bytes bytes = encode_sign1(header, payload, signature);
  EXPECT_EQ(to_hex(bytes), "d28458" + to_hex(Bytes{static_cast<std::uint8_t>(header.size())}) +
                               to_hex(header) + "a041a05840" + to_hex(signature));
  const auto view = decode_sign1(bytes, 100, Unprotected::must_be_empty);
  ASSERT_TRUE(view);
  EXPECT_TRUE(equal(view->protected_header, header));
  EXPECT_TRUE(equal(*view->payload, payload));
  EXPECT_EQ(view->signature, signature);
  EXPECT_EQ(decode_sign1(bytes, 0, Unprotected::must_be_empty).error(), CborError::too_long);
}

TEST(Sign1, RoundTripsDetachedWithUnprotectedFields) {
  const Bytes header = encode(receipt_header());
  const Bytes unprotected = CborWriter().map(1).uint(396).map(1).integer(-1).array(0).finish();
  const Bytes bytes = encode_sign1_detached(header, unprotected, Signature{});
  const auto view = decode_sign1(bytes, 100, Unprotected::any);
  ASSERT_TRUE(view);
  EXPECT_FALSE(view->payload);
  EXPECT_TRUE(equal(view->unprotected, unprotected));
  EXPECT_EQ(decode_sign1(bytes, 100, Unprotected::must_be_empty).error(), CborError::unknown_field);
}

TEST(Sign1, RefusesOtherShapes) {
  const auto error_of = [](const Bytes& bytes) {
    const auto view = decode_sign1(bytes, 100, Unprotected::any);
    return view ? CborError::none : view.error();
  };
  const Bytes part(4, 0);
  const Bytes signature(64, 0);
  const auto sign1 = [](std::size_t items) { return CborWriter().tag(18).array(items); };
  EXPECT_EQ(error_of(sign1(4).bytes(part).map(0).bytes(part).bytes(signature).finish()),
            CborError::none);
  EXPECT_EQ(
      error_of(CborWriter().array(4).bytes(part).map(0).bytes(part).bytes(signature).finish()),
      CborError::wrong_type);
  EXPECT_EQ(
      error_of(
          CborWriter().tag(98).array(4).bytes(part).map(0).bytes(part).bytes(signature).finish()),
      CborError::unsupported_item);
  EXPECT_EQ(error_of(sign1(3).bytes(part).map(0).bytes(part).finish()), CborError::out_of_range);
  EXPECT_EQ(error_of(sign1(4).bytes(part).array(0).bytes(part).bytes(signature).finish()),
            CborError::wrong_type);
  EXPECT_EQ(error_of(sign1(4).bytes(part).map(0).text("x").bytes(signature).finish()),
            CborError::wrong_type);
  EXPECT_EQ(error_of(sign1(4).bytes(part).map(0).bytes(part).bytes(Bytes(63, 0)).finish()),
            CborError::out_of_range);
  EXPECT_EQ(error_of(sign1(4).bytes(part).map(0).bytes(part).bytes(Bytes(65, 0)).finish()),
            CborError::too_long);
  Bytes trailing = encode_sign1(part, part, Signature{});
  trailing.push_back(0);
  EXPECT_EQ(error_of(trailing), CborError::trailing_bytes);
  EXPECT_EQ(error_of({}), CborError::truncated);
}

}  // namespace
}  // namespace treeproof::crypto
