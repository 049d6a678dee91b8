"""The verifiers' own cryptography and parsers: right by the standards, and alike in Python and in the browser."""

from __future__ import annotations

import base64
import hashlib
import random
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guiyan.ledger import entry, packfile
from guiyan.ledger.entry import EntryError, EntryType
from guiyan.ledger.verifier import command, verify

if TYPE_CHECKING:
    from tests.ledger.conftest import PageRun

ORDER = 2**252 + 27742317777372353535851937790883648493

# RFC 8032, section 7.1: key, signature, text.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
        "",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
        "72",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
        "af82",
    ),
]


def signatures() -> list[tuple[tuple[bytes, bytes, bytes], bool]]:
    """Signatures with the answer they deserve: published, fresh, bent, stretched, and by keys that sign anything."""
    cases = [((bytes.fromhex(k), bytes.fromhex(s), bytes.fromhex(t)), True) for k, s, t in VECTORS]
    chance = random.Random(8032)
    for _ in range(12):
        private = Ed25519PrivateKey.from_private_bytes(chance.randbytes(32))
        text = chance.randbytes(chance.randrange(300))
        key, signature = private.public_key().public_bytes_raw(), private.sign(text)
        cases.append(((key, signature, text), True))
        bent = bytearray(signature)
        bent[chance.randrange(64)] ^= 1 << chance.randrange(8)
        cases.append(((key, bytes(bent), text), False))
        cases.append(((key, signature, text + b"x"), False))
        cases.append(((key, signature[:63], text), False))
        stretched = int.from_bytes(signature[32:], "little") + ORDER
        cases.append(((key, signature[:32] + stretched.to_bytes(32, "little"), text), False))
    neutral = (1).to_bytes(32, "little")
    cases.append(((neutral, neutral + bytes(32), b"anything"), False))
    cases.append(((bytes(32), neutral + bytes(32), b"anything"), False))
    cases.append(((b"\xff" * 32, neutral + bytes(32), b"anything"), False))
    not_canonical = (2**255 - 19 + 1).to_bytes(32, "little")
    cases.append(((not_canonical, not_canonical + bytes(32), b"anything"), False))
    return cases


def test_signatures_are_judged_as_the_standard_has_it() -> None:
    for (key, signature, text), answer in signatures():
        assert verify.ed25519_verify(key, signature, text) is answer


def test_the_page_judges_signatures_alike(page_run: PageRun) -> None:
    cases = signatures()
    answers = page_run([{"signature": [each.hex() for each in case]} for case, _ in cases])
    assert answers == [answer for _, answer in cases]


def test_the_page_hashes_every_length_rightly(page_run: PageRun) -> None:
    texts = [bytes(range(256)) * 3, *(b"\xa5" * length for length in range(260)), b"x" * 100_001]
    answers = page_run([{"hash": text.hex()} for text in texts])
    assert answers == [[hashlib.sha256(text).hexdigest(), hashlib.sha512(text).hexdigest()] for text in texts]


def vkey(name: str, raw: bytes, key_id: str = "") -> str:
    """A verifier key with whatever parts."""
    right = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    return f"{name}+{key_id or right}+{base64.b64encode(raw).decode()}"


def test_a_key_is_read_only_in_its_one_form() -> None:
    raw = b"\x01" + bytes(range(32))
    assert verify.read_vkey(vkey("hr.example.cn/a", raw))[2] == raw[1:]
    for bad in (
        vkey("hr.example.cn/a", raw, "00000000"),
        vkey("hr.example.cn/a", b"\x04" + raw[1:]),
        vkey("hr.example.cn/a", raw + b"x"),
        vkey("hr.example.cn/a", raw[:32]),
        vkey("hr example", raw),
        vkey("", raw),
        vkey("hr.example.cn/a", raw)[:-1] + "=",
        vkey("hr.example.cn/a", raw).replace("+", "-"),
        "",
    ):
        with pytest.raises(verify.Refused, match="key"):
            verify.read_vkey(bad)


JSON_TEXTS = [
    "{}", "[]", "1", '""', "null", "true", " [1 , 2]\n", '{"a":{"a":1}}', '"\\u6f22\\ud83d\\ude00"', "-1",
    '{"__proto__":1,"constructor":2}', "9007199254740991", "-9007199254740991", '"\\/\\b\\f\\n\\r\\t"',
    "[" * 16 + "1" + "]" * 16, "", " ", "{", "[1,]", "[,1]", '{"a":1,}', '{"a":1,"a":1}', '{"a":1,"\\u0061":1}',
    '{"__proto__":1,"__proto__":1}', "01", "-", "-0", "1.0", "1e3", "1E3", "NaN", "Infinity", "-Infinity",
    "9007199254740992", "9" * 400, "+1", "0x1", "1_0", '"\\ud800"', '"\\udc00\\ud800"', '"\\ud83dx"', '"\\u12"',
    '"\\x41"', '"\t"', '"\x00"', "'a'", "{a:1}", "[1]]", "[1] x", "tru", "\ufeff{}", "\u00a0{}", "[1]\u2028",
    "[" * 17 + "1" + "]" * 17, "[" * 17 + "]" * 17, '{"a":' * 17 + "1" + "}" * 17, "[" * 30_000, "nulll", "[1 2]",
    '{"a" 1}', '{1:1}', "// x\n1", '"\x7f"', "\u0661",
]  # fmt: skip


def json_cases() -> list[bytes]:
    """Texts at the edges of JSON, bytes that are not UTF-8, and a few hundred random mutations of real JSON."""
    cases = [text.encode() for text in JSON_TEXTS] + [b"\xff", b'"\xc3"', b'"\xed\xa0\x80"', b'"\xc0\xaf"']
    chance = random.Random(8259)
    seed = b'{"v":1,"list":[1,-2,true,null,"\\u00e9\xe6\xbc\xa2"],"deep":{"x":{"y":[[]]}},"n":12345}'
    for _ in range(600):
        bent = bytearray(seed)
        for _ in range(chance.randrange(1, 4)):
            place = chance.randrange(len(bent))
            bent[place : place + chance.randrange(3)] = chance.choice(
                [b"", b'"', b"\\", b"1", b",", b"{", b"e", b"\x80"]
            )
        cases.append(bytes(bent))
    return cases


def python_reads(data: bytes) -> bool:
    try:
        verify.strict_json(data, "test")
    except verify.Refused as refusal:
        if refusal.code != "json":
            raise
        return False
    return True


def ledger_reads(data: bytes) -> bool:
    try:
        entry.strict_json(data)
    except EntryError:
        return False
    return True


def test_every_reader_accepts_the_same_json(page_run: PageRun) -> None:
    cases = json_cases()
    expected = [python_reads(case) for case in cases]
    assert sum(expected) > 15
    assert expected.count(False) > 200
    assert [ledger_reads(case) for case in cases] == expected
    answers = page_run([{"json": case.hex()} for case in cases])
    assert [case for case, one, two in zip(cases, expected, answers, strict=True) if one != two] == []


def test_every_type_of_entry_has_a_name_in_chinese_and_english() -> None:
    assert set(verify.TYPES) == {str(each) for each in EntryType}
    assert all(len(words) == 2 and all(words) for words in (verify.TYPES | verify.REASONS).values())


def test_the_page_is_one_file_that_can_fetch_nothing() -> None:
    page = packfile.verifier_files()["verify.html"].decode()
    assert "default-src 'none'" in page
    assert "__" not in page.replace("__proto__", "")
    for outside in ("http:", "https:", "src=", "href=", "import(", "fetch(", "XMLHttpRequest", "innerHTML", "eval("):
        assert outside not in page


def test_published_digests_are_those_of_the_files_in_the_pack() -> None:
    files = packfile.verifier_files()
    assert packfile.verifier_digests() == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert set(files) == {"verify.py", "verify.html"}


@pytest.mark.parametrize("text", ["a\u202eb", "a\x1b[31mb", "a\x00b", "a\u200bb"])
def test_control_and_direction_characters_never_reach_the_terminal(text: str) -> None:
    assert command.clean(text).isprintable()


def test_times_are_told_by_the_clock_of_beijing_and_nonsense_is_left_as_it_is() -> None:
    assert command.beijing("2026-12-31T17:00:00.123Z") == "2027-01-01 01:00:00.123"
    assert command.beijing("2026-13-45T99:00:00.000Z") == "2026-13-45T99:00:00.000Z"
    assert command.beijing("9999-12-31T23:00:00.000Z") == "9999-12-31T23:00:00.000Z"
