#!/usr/bin/env python3
"""Writes the seeds of tests/fuzz/corpus: from the golden vectors what is good, from hand what is not.

Run again after the golden vectors changed: python3 tests/fuzz/make_corpus.py
Names: good-... must be taken by the target, bad-... refused; others (found-...) are only replayed
and are left alone.
"""
import hashlib
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
VECTORS = HERE.parent / "vectors"


def vector(name):
    return json.loads((VECTORS / name).read_text())


def put(target, name, content):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    data = content.encode() if isinstance(content, str) else bytes(content)
    (folder / name).write_bytes(data)


def un(text):
    return bytes.fromhex(text)


def cbor_damage(target, data, prefix=b""):
    """Malformed forms that every strict reader refuses."""
    put(target, "bad-empty", prefix)
    put(target, "bad-truncated", prefix + data[: len(data) // 2])
    put(target, "bad-trailing", prefix + data + b"\x00")


def clear():
    for seed in (HERE / "corpus").glob("*/*"):
        if seed.name.startswith(("good-", "bad-")):
            seed.unlink()


def cbor_seeds():
    good = {
        "map": "a3616101616202616303", "nested": "8280a0", "negative": "3903e7", "text": "63e282ac",
        "bytes": "4401020304", "simple": "83f4f5f6", "tag-18": "d28443a10101a0f640",
        "wide": "1bffffffffffffffff", "deep": "81" * 15 + "80",
    }
    bad = {
        "long-integer": "1800", "unsorted": "a2616201616101", "duplicate": "a2616101616102",
        "indefinite": "9f01ff", "float": "f93c00", "tag-0": "c001", "trailing": "0000",
        "huge-array": "9bffffffffffffffff", "huge-text": "7bffffffffffffffff", "not-utf8": "62c328",
        "too-deep": "81" * 40 + "80", "truncated": "830102", "undefined": "f7", "empty": "",
    }
    for name, text in good.items():
        put("canonical_cbor", "good-" + name, un(text))
    for name, text in bad.items():
        put("canonical_cbor", "bad-" + name, un(text))


def statement_seeds():
    seen = set()
    for statement in vector("statements.json")["statements"]:
        kind = statement["type"]
        if kind == "propose":
            kind += "-" + statement["payload"]["change"]["kind"]
        if kind in seen:
            continue
        seen.add(kind)
        name = "good-" + kind.replace("_", "-")
        data = un(statement["bytes"])
        put("payload", name, un(statement["payload_bytes"]))
        if kind in ("key_put", "consent", "plant", "redeem", "approve"):
            put("statement", name, data)
            put("sign1", name, data)
    data = un(vector("statements.json")["statements"][0]["bytes"])
    payload = un(vector("statements.json")["statements"][0]["payload_bytes"])
    for target in ("statement", "sign1"):
        cbor_damage(target, data)
        put(target, "bad-without-tag", data[1:])
    cbor_damage("payload", payload)
    put("payload", "bad-type", payload.replace(b"key_put", b"key_pot"))
    put("statement", "bad-other-chain", data.replace(b"test-golden", b"test-silver"))
    put("statement", "bad-payload-type", data.replace(b"key_put", b"key_pot"))


def attachment_seeds():
    kinds = ["ring", "plant-leaf", "redeem-leaf", "run-leaf", "link-leaf", "replace-leaf"]
    vectors = vector("attachments.json")
    for attachment in vectors["attachments"]:
        kind = 0 if attachment["kind"] == "point" else kinds.index(attachment["kind"])
        name = "good-" + attachment["kind"] + "-" + attachment["statement"].split("/")[1]
        put("attachment", name, bytes([kind]) + un(attachment["bytes"]))
    links = [un(leaf["bytes"]) for leaf in vectors["links"]["leaves"]]
    put("attachment", "good-link-leaf", bytes([4, 0x80 + len(links)]) + b"".join(links))
    plant = un(vectors["attachments"][1]["bytes"])
    put("attachment", "bad-no-leaves", b"\x01\x80")
    put("attachment", "bad-not-an-array", b"\x01\xa0")
    put("attachment", "bad-truncated", b"\x01" + plant[:-3])
    put("attachment", "bad-other-kind", b"\x03" + plant)
    put("attachment", "bad-huge-count", b"\x01\x9a\xff\xff\xff\xff")
    put("attachment", "bad-position", b"\x01\x81\x86\x1b" + b"\x7f" * 8 + b"\x00\x00\xf6\xf6\xf6")


def agreement_seeds():
    vectors = vector("agreement.json")
    for number, block in enumerate(vectors["blocks"][:2]):
        put("block", f"good-header-{number}", un(block["header_bytes"]))
        put("vote_certificate", f"good-commit-{number}", un(block["commit_bytes"]))
    last = vectors["blocks"][-1]
    put("block", "good-block", un(last["block_bytes"]))
    cbor_damage("block", un(last["block_bytes"]))
    put("validator_set", "good-set", un(vector("chain.json")["validators_bytes"]))
    validators = un(vector("chain.json")["validators_bytes"])
    cbor_damage("validator_set", validators)
    put("validator_set", "bad-empty-set", b"\x80")
    put("validator_set", "bad-off-the-curve", validators.replace(b"\x58\x21\x03", b"\x58\x21\x04"))
    for vote in ("prevote", "prevote_of_valid_round", "prevote_nil", "precommit_nil", "proposal"):
        put("vote", "good-" + vote.replace("_", "-"), un(vectors[vote]["bytes"]))
    put("vote", "good-precommit", un(vectors["precommit"]["message_bytes"]))
    cbor_damage("vote", un(vectors["prevote"]["bytes"]))
    put("vote", "bad-receipt-alone", un(vectors["precommit"]["bytes"]))
    for certificate in ("polka", "round"):
        data = un(vectors[certificate + "_certificate"]["bytes"])
        put("vote_certificate", "good-" + certificate, data)
    commit = un(vectors["blocks"][0]["commit_bytes"])
    cbor_damage("vote_certificate", commit)
    prevote = un(vectors["prevote"]["bytes"])
    for evidence in ("double_vote", "double_proposal", "forged_root", "wrong_proposer"):
        put("vote_certificate", "good-" + evidence.replace("_", "-"), un(vectors["evidence"][evidence]["bytes"]))
    other = un(vectors["prevote_nil"]["bytes"])
    put("vote_certificate", "bad-double-vote-order", b"\x83\x01" + max(prevote, other) + min(prevote, other))


def peer_seeds():
    vectors = vector("peers.json")
    agreement = vector("agreement.json")
    for frame in vectors["frames"]:
        data = un(frame["frame"])
        put("peer_message", "good-" + frame["name"].replace(" ", "-"), data[4:])
    for kind, message in ((2, "proposal"), (3, "prevote"), (4, "polka_certificate"), (5, "round_certificate")):
        put("peer_message", "good-" + message.replace("_", "-"), bytes([kind]) + un(agreement[message]["bytes"]))
    put("peer_message", "bad-kind-0", b"\x00\x02")
    put("peer_message", "bad-kind-20", b"\x14\x02")
    put("peer_message", "bad-long-height", b"\x01\x18\x02")
    proposal = un(agreement["proposal"]["bytes"])
    own = b"\x0f\x82\x02\x82\x02\x58" + bytes([len(proposal)]) + proposal
    put("peer_message", "good-own-proposal-held", own)
    put("peer_message", "good-own-nothing-held", b"\x0f\x82\x02\xf6")
    put("peer_message", "bad-own-vote-of-another-kind", own.replace(b"\x82\x02\x58", b"\x82\x03\x58"))
    put("peer_message", "bad-own-vote-without-its-signature", b"\x0f\x83\x02\x01\x03")
    put("peer_message", "bad-statements", b"\x06\x81\x43abc")
    put("peer_message", "good-snapshot-asked-for", b"\x11\xf6")
    put("peer_message", "good-no-snapshot-offered", b"\x12\xf6")
    root = bytes(range(32))
    put("peer_message", "bad-snapshot-part-beyond", b"\x11\x82" + bstr(root) + b"\x1a\x00\x10\x00\x00")
    put("peer_message", "bad-snapshot-of-height-0", b"\x12\x83\x00\x01" + bstr(root))
    put("peer_message", "bad-snapshot-of-no-bytes", b"\x12\x83\x01\x00" + bstr(root))
    put("peer_message", "bad-snapshot-part-of-no-bytes", b"\x13\x84" + bstr(root) + b"\x00\x80\x40")
    put("peer_message", "bad-snapshot-path", b"\x13\x84" + bstr(root) + b"\x00\x95" + bstr(root) * 21 + b"\x41\x00")
    put("peer_message", "bad-empty", b"")
    hello = un(vectors["hello"]["bytes"])
    put("hello", "good-hello", hello)
    cbor_damage("hello", hello)
    put("hello", "bad-signature", hello[:-1] + bytes([hello[-1] ^ 1]))
    put("hello", "bad-server", hello.replace(b"fclient", b"fserver"))
    frames = b"\x00\x00\x00\x01\x01\x02" + b"\x00\x00\x00\x04\x06abcd" + b"\x00\x00\x00\x00\x09"
    put("frames", "good-three", b"\x02" + frames)
    put("frames", "good-byte-by-byte", b"\x00" + frames)
    put("frames", "bad-kind", b"\x02" + b"\x00\x00\x00\x01\x07\x02")
    put("frames", "bad-oversize", b"\x02" + frames + b"\x00\x00\x00\x11\x01" + b"x" * 17)
    put("frames", "bad-huge", b"\x00\xff\xff\xff\xff\x06")
    put("frames", "bad-empty", b"")


def head_of(major, number):
    """The head of a CBOR item in its shortest form."""
    if number < 24:
        return bytes([major << 5 | number])
    size = next(size for size in range(4) if number < 1 << (8 << size))
    return bytes([major << 5 | 24 + size]) + number.to_bytes(1 << size, "big")


def bstr(data):
    return head_of(2, len(data)) + data


def tstr(text):
    return head_of(3, len(text)) + text.encode()


def snapshot_seeds():
    """Mode 0 is one record, mode 1 (and where it is cut) a snapshot, here its first records."""
    chain = vector("chain.json")
    block = vector("agreement.json")["blocks"][0]
    records = {
        "head": b"\x84\x00\x01" + tstr(chain["chain_id"]) + bstr(un(chain["validators_bytes"])),
        "set-change": b"\x84\x01" + bstr(un(block["header_bytes"])) + bstr(un(block["commit_bytes"]))
        + bstr(un(chain["validators_bytes"])),
        "block": b"\x83\x02" + bstr(un(block["block_bytes"])) + bstr(un(block["commit_bytes"])),
        "log": b"\x82\x03" + bstr(b"".join(un(entry["leaf_hash"]) for entry in chain["log_entries"])),
        "object": b"\x86\x04" + tstr("object") + bstr(b"platform/r1") + bstr(b"\x01") + b"\x82\x05"
        + bstr(bytes(4096)) + b"\xf6",
        "end": b"\x81\x06",
    }
    for name, record in records.items():
        put("snapshot", "good-" + name, b"\x00" + record)
    cbor_damage("snapshot", records["head"], b"\x00")
    put("snapshot", "bad-version", b"\x00" + records["head"].replace(b"\x84\x00\x01", b"\x84\x00\x02", 1))
    put("snapshot", "bad-kind", b"\x00\x81\x07")
    put("snapshot", "bad-half-a-hash", b"\x00\x82\x03" + bstr(bytes(33)))
    put("snapshot", "bad-no-hashes", b"\x00\x82\x03\x40")
    put("snapshot", "bad-page", b"\x00" + records["object"].replace(b"\x82\x05\x59", b"\x82\x1a\x00\x10\x00\x00\x59", 1))
    put("snapshot", "bad-zero-in-a-namespace", b"\x00" + records["object"].replace(b"fobject", b"fobj\x00ct", 1))
    stream = {name: len(record).to_bytes(4, "big") + record for name, record in records.items()}
    begun = stream["head"] + stream["block"] + stream["log"]
    put("snapshot", "good-beginning", b"\x01\x80" + begun)
    put("snapshot", "good-cut-in-a-length", b"\x01\x01" + begun)
    put("snapshot", "bad-end-too-soon", b"\x01\x00" + begun + stream["end"])
    put("snapshot", "bad-length", b"\x01\x80\xff\xff\xff\xff" + records["head"])
    put("snapshot", "bad-first-record", b"\x01\x80" + stream["block"])
    put("snapshot", "bad-chain", b"\x01\x80" + begun.replace(b"test-golden", b"test-silver", 1))


def points_seeds():
    vectors = vector("points.json")
    for number, account in enumerate(vectors["accounts"]):
        put("points_proof", f"good-{number}", un(account["proof_bytes"]))
    proof = vectors["accounts"][0]["proof_file"]
    data = un(vectors["accounts"][0]["proof_bytes"])
    salt = un(proof["salt"][2:-1])
    cbor_damage("points_proof", data)
    put("points_proof", "bad-salt-short", data.replace(b"\x50" + salt, b"\x4f" + salt[1:], 1))
    put("points_proof", "bad-type", data.replace(b"points_proof", b"points_proxy", 1))
    put("points_proof", "bad-issue", data.replace(b"platform/", b"platform.", 1))


def certificate_seeds():
    vectors = vector("certificates.json")
    for name in ("public", "private"):
        put("certificate", "good-" + name, un(vectors[name]["bytes"]))
    put("certificate_text", "good-public", vectors["public"]["text"])
    put("certificate_text", "good-white-space", "\n " + vectors["public"]["text"] + "\r\n")
    put("certificate_text", "good-short", "TP1:00")
    data = un(vectors["public"]["bytes"])
    cbor_damage("certificate", data)
    put("certificate", "bad-version", data.replace(b"\xa6\x01\x01", b"\xa6\x01\x02", 1))
    put("certificate", "bad-extra-field", b"\xa7" + data[1:] + b"\x0a\x00")
    put("certificate_text", "bad-prefix", "TP2:00")
    put("certificate_text", "bad-stray-length", "TP1:0000")
    put("certificate_text", "bad-above-16-bits", "TP1::::")
    put("certificate_text", "bad-lower-case", "TP1:bb8")
    state = vector("state.json")
    for name in ("existence", "absence"):
        proof = un(state[name]["proof"])
        put("state_proof", "good-" + name, proof)
        put("state_proof", f"bad-{name}-truncated", proof[:-2])
        put("state_proof", f"bad-{name}-bit", proof[:-5] + bytes([proof[-5] ^ 4]) + proof[-4:])
        put("state_proof", f"bad-{name}-unknown-field", proof + b"\x78\x01")
    put("state_proof", "bad-huge-length", b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")


def text_seeds():
    genesis = (VECTORS / "genesis.json").read_text()
    put("genesis_file", "good-golden", genesis)
    put("genesis_file", "bad-unknown-key", genesis.replace('"chain_name"', '"chain_nome"', 1))
    put("genesis_file", "bad-truncated", genesis[: len(genesis) // 2])
    put("genesis_file", "bad-no-validators", json.dumps({**json.loads(genesis), "validators": []}))
    trust = (VECTORS / "trust.json").read_text()
    put("trust_file", "good-golden", trust)
    put("trust_file", "bad-doubled-key", trust.replace("{", '{"chain": "x", ', 1))
    put("trust_file", "bad-truncated", trust[:-3])
    put("trust_file", "bad-null", "null")
    for name, text in {"object": '{"a": [1, -2, 0.5, "\\u20ac", null, true]}', "number": "18446744073709551615",
                       "nested": "[" * 20 + "]" * 20, "surrogates": '"\\ud83c\\udf33"'}.items():
        put("json_text", "good-" + name, text)
    for name, text in {"depth-bomb": "[" * 200, "doubled-key": '{"a": 1, "a": 2}', "trailing": "{} {}", "nan": "NaN",
                       "huge-number": "1e400", "lone-surrogate": '"\\ud83c"', "empty": "", "comment": "1 // 2"}.items():
        put("json_text", "bad-" + name, text)
    put("json_text", "bad-not-utf8", b'"\xc3\x28"')
    put("text_codecs", "good-hex", "00ff10")
    put("text_codecs", "good-base64", "AQID/w==")
    put("text_codecs", "good-base64url", "AQID_w")
    put("text_codecs", "good-base45", "%69 VD92EX0")
    put("text_codecs", "bad-none", "~!")
    for name, text in {"entries": "entries/x001/x234/067", "hashes": "0/000", "partial": "5/x001/000.p/255"}.items():
        put("tile_path", "good-" + name, text)
    for name, text in {"level": "64/000", "padding": "0/x000/001", "width": "0/000.p/256", "zero": "0/000.p/0",
                       "digits": "0/1", "sign": "+1/000", "dots": "0/../000", "huge": "0/x999/x999/x999/x999/x999/x999/999"}.items():
        put("tile_path", "bad-" + name, text)


PLEDGE = {"type": "pledge", "ref": "p-1", "campaign": "platform/spring", "plot": "desert-ngo/277",
          "species": "haloxylon", "count": "150000", "season": 2026}
EVIDENCE = {"type": "evidence", "ref": "e-1", "sha256": "00" * 32, "kind": "photo", "day": 20454, "lat": None,
            "lon": None, "phash64": None, "c2pa": "none", "bytes": 1}


def payload_json_seeds():
    put("payload_json", "good-pledge", json.dumps(PLEDGE))
    put("payload_json", "good-consent", json.dumps({"type": "consent", "ref": "c", "statement": "ab" * 32}))
    put("payload_json", "good-plant", json.dumps(
        {"type": "plant", "ref": "p", "plot": "a/b", "campaign": None, "pledge": None, "purpose": "campaign",
         "species": [{"species": "x", "count": 1}],
         "planted_from": -1, "planted_to": 20000, "method": "seedling", "positions": "measured", "precision_m": 0,
         "leaves": {"root": "11" * 32, "count": 1, "bytes": 12}, "evidence": []}))
    put("payload_json", "bad-unknown-key", json.dumps({**PLEDGE, "note": "hello"}))
    put("payload_json", "bad-negative", json.dumps({**PLEDGE, "count": -1}))
    put("payload_json", "bad-fraction", json.dumps({**PLEDGE, "count": 0.5}))
    put("payload_json", "bad-type", json.dumps({**PLEDGE, "type": "hug"}))
    put("payload_json", "bad-missing", '{"type": "pledge"}')
    put("payload_json", "bad-array", "[]")


def request_seeds():
    def call(method, params, number=1):
        return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

    put("request", "good-status", call("chain_status", {}))
    put("request", "good-tree", call("tree_get", {"tree": "desert-ngo/grown#0"}))
    put("request", "good-redemption", call("redemption_get", {"id": "platform/units#1"}))
    put("request", "good-proof", call("log_proof", {"index": 2}))
    put("request", "good-list", call("campaign_list", {"limit": 1}))
    put("request", "good-plan", call("allocate_plan", {"campaign": "platform/planted"}))
    put("request", "good-batch", "[" + call("chain_status", {}) + "," + call("plot_list", {}, 2) + "]")
    put("request", "good-notification", '{"jsonrpc": "2.0", "method": "chain_status"}')
    put("request", "bad-method", call("tree_hug", {}))
    put("request", "bad-params", call("tree_get", {"tree": "nowhere"}))
    put("request", "bad-submit", call("record_submit", {"statement": "00"}))
    put("request", "bad-json", '{"jsonrpc": "2.0", ')
    put("request", "bad-empty-batch", "[]")
    put("request", "bad-depth-bomb", "[" * 300)


CONFIGURATION = """[node]
org = "desert-ngo"
genesis = "genesis.json"
key = "node.key"
home = "home"
log_level = "info"
workers = 2
[snapshots]
every = 10000
ask_beyond = 0
[mesh]
listen = "0.0.0.0:8650"
observers = ["regulator"]
[rpc]
listen = "[::1]:8640"
threads = 2
[peers]
platform = "platform.example:8650"
"""

MAPPING = """id = "TREE_ID"
latitude = "LATITUDE"
longitude = "LONGITUDE"
plot = "AREA"
separator = ";"
[species]
genus = "GENUS"
epithet = "SPECIES"
[date]
column = "PLANTED"
format = "DD.MM.YYYY"
unknown = "2018-11-25"
[size]
column = "DIAMETER"
unit = "inch"
"""


def toml_seeds():
    put("configuration", "good-full", CONFIGURATION)
    put("configuration", "good-small", '[node]\norg = "a"\ngenesis = "g"\nkey = "k"\nhome = "h"\n')
    put("configuration", "bad-unknown-key", CONFIGURATION + 'colour = "green:1"\nwidth = 3\n')
    put("configuration", "bad-port", CONFIGURATION.replace("8640", "86400"))
    put("configuration", "bad-missing", "[mesh]\n")
    put("configuration", "bad-heights", CONFIGURATION.replace("10000", "-1"))
    put("configuration", "bad-toml", "[node\n")
    put("configuration", "bad-empty", "")
    put("mapping", "good-full", MAPPING)
    put("mapping", "good-code", 'id = "i"\n[species]\ncode = "c"\n')
    put("mapping", "bad-unknown-key", 'address = "ADDRESS"\n' + MAPPING)
    put("mapping", "bad-format", MAPPING.replace("DD.MM.YYYY", "DD.MM"))
    put("mapping", "bad-day", MAPPING.replace("2018-11-25", "2018-13-25"))
    put("mapping", "bad-separator", MAPPING.replace('";"', '";;"'))
    put("mapping", "bad-toml", "id = \n")


def file_seeds():
    rows = 'id,name,note\r\n1,"Oak, ""old""","two\nlines"\r\n2,Ash,\r\n\r\n3,Elm\r\n4,"open'
    put("csv", "good-quoted", "\x00" + rows)
    put("csv", "good-marked", b"\x01\xef\xbb\xbfid;name\n1;\xc3\x96l\n2;\xff\n")
    put("csv", "good-tabs", "\x03a\tb\n1\t2")
    put("csv", "good-lone-returns", "\x00a,b\r1,2\r3,4\n5,6")
    put("csv", "good-doubled-column", "\x00a,a,b\n1,2,3\n")
    put("csv", "bad-empty", "")
    put("csv", "bad-no-header", "\x00\n\n")
    put("csv", "bad-open-header", '\x00"a,b')
    head = "id,lat,lon,species,day,size,plot,owner\n"
    row = "{},50.00{},10.00{},Acer rubrum,17.09.2001,7.5,Field,nobody\n"
    good = head + "".join(row.format(i, i + 1, i + 1) for i in range(5))
    trap = ("6,0,0,Acer rubrum,,,Field,\n7,50.001,10.001,,31.02.2001,-1,Field,\n8,91,10,Acer rubrum,,,Field,\n"
            "9,50.5,10.001,Acer rubrum,,,Field,\n1,50.002,10.009,Acer rubrum,,,Field,\n10,50.001,10.001,Acer rubrum,,1e3,Field,\n"
            "11,50.001,10.002,Acer rubrum,01.01.2300,x,Nowhere,\n12,50.0015\n")
    put("tree_rows", "good-inventory", "\x00" + good + trap)
    put("tree_rows", "good-plant", "\x01" + good + trap)
    put("tree_rows", "bad-no-columns", "\x00a,b\n1,2\n")
    put("tree_rows", "bad-empty", "")
    ring = [[10.0, 50.0], [10.01, 50.0], [10.01, 50.01], [10.0, 50.01], [10.0, 50.0]]
    hole = [[10.002, 50.002], [10.002, 50.004], [10.004, 50.004], [10.004, 50.002], [10.002, 50.002]]

    def feature(kind, coordinates, name="North Field"):
        return {"type": "Feature", "id": 7, "properties": {"name": name}, "geometry": {"type": kind, "coordinates": coordinates}}

    put("geojson", "good-polygon", json.dumps({"type": "FeatureCollection", "features": [feature("Polygon", [ring, hole])]}))
    put("geojson", "good-clockwise", json.dumps(feature("Polygon", [ring[::-1]])))
    put("geojson", "good-parts", json.dumps(feature("MultiPolygon", [[ring], [[[x + 1, y, 3] for x, y in ring]]])))
    put("geojson", "good-refused-outlines", json.dumps({"type": "FeatureCollection", "features": [
        feature("Point", [1, 2]), feature("Polygon", []), feature("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]),
        feature("Polygon", [[[1e300, 0], ["a"], None]], ""), {"type": "Feature"}, feature("Polygon", [[[181, 0]] * 5])]}))
    point = feature("Point", [10, 50])
    point["properties"]["area_m2"] = 2500
    put("geojson", "good-point", json.dumps(point))
    put("geojson", "bad-crs", json.dumps({"type": "FeatureCollection", "features": [],
                                          "crs": {"type": "name", "properties": {"name": "EPSG:3857"}}}))
    put("geojson", "bad-json", '{"type": "FeatureCollection", "features": [{"type"')
    put("geojson", "bad-depth-bomb", '{"type": "FeatureCollection", "features": [' + "[" * 5000)
    put("geojson", "bad-not-geojson", "{}")
    put("journal", "good-written", bytes([1, 2, 3, 5, 0xAA, 0, 4, 6, 0xBB, 0, 9, 7, 0xCC, 0]))
    put("journal", "good-damaged", bytes([1, 2, 3, 5, 0xAA, 0, 4, 6, 0xBB, 0, 9, 7, 0xCC, 0, 0, 40, 1, 0, 2, 0x80]))
    put("journal", "bad-zeros", bytes([0, 128]) + bytes(100))
    put("journal", "bad-random", bytes([0, 100]) + bytes(range(90)))
    put("journal", "bad-short", b"\x00")
    opening_seeds()


def opening_seeds():
    """What a node reads first: the slots of its sign guard, where its store stands."""
    zeros = "5820" + "00" * 32
    unsigned = un("8701000000" + "01" + zeros + "f6")
    signed = un("870105182a0203" + "5820" + "ab" * 32 + "5840" + "cd" * 64)
    for name, body in {"new": unsigned, "signed": signed}.items():
        whole = len(body).to_bytes(4, "big") + body
        put("guard", "good-" + name, b"\x00" + whole + hashlib.sha256(whole).digest()[:8])
        put("guard", "good-body-" + name, b"\x01" + body)
        put("guard", "bad-checksum-" + name, b"\x00" + whole + bytes(8))
    put("guard", "bad-empty", b"")
    put("guard", "bad-never-written", b"\x00")
    put("guard", "bad-step", b"\x01" + un("8701000000" + "00" + zeros + "f6"))
    put("guard", "bad-step-beyond", b"\x01" + un("8701000000" + "04" + zeros + "f6"))
    put("guard", "bad-version", b"\x01" + un("8702000000" + "01" + zeros + "f6"))
    put("guard", "bad-body-trailing", b"\x01" + unsigned + b"\x00")
    put("guard", "good-torn", bytes([2, 0, 60, 0, 1, 1, 0, 0, 1]))
    put("guard", "good-torn-whole", bytes([2, 16, 0, 0, 1, 0]))
    tip = "8d0107" + "5820" + "11" * 32 + "1903e8" + "5820" + "22" * 32 + "0382" + zeros * 2
    tip += "41f6" + "010203" + "820018ff" + "82011864"
    put("tip_record", "good-tip", un(tip))
    put("tip_record", "bad-roots", un(tip.replace("0382", "0282", 1)))
    cbor_damage("tip_record", un(tip))


def main():
    clear()
    for write in (cbor_seeds, statement_seeds, attachment_seeds, agreement_seeds, peer_seeds, snapshot_seeds, certificate_seeds,
                  points_seeds, text_seeds, payload_json_seeds, request_seeds, toml_seeds, file_seeds):
        write()


if __name__ == "__main__":
    main()
