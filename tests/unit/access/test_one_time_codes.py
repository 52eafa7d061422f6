"""One-time codes against the vectors of RFC 4226 and RFC 6238, and what people type and apps read."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from crossline.access import one_time_codes as codes

SECRET = b"12345678901234567890"
SECRETS = {"sha1": SECRET, "sha256": (SECRET * 2)[:32], "sha512": (SECRET * 4)[:64]}

RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]
RFC_6238 = [
    (59, {"sha1": "94287082", "sha256": "46119246", "sha512": "90693936"}),
    (1111111109, {"sha1": "07081804", "sha256": "68084774", "sha512": "25091201"}),
    (1111111111, {"sha1": "14050471", "sha256": "67062674", "sha512": "99943326"}),
    (1234567890, {"sha1": "89005924", "sha256": "91819424", "sha512": "93441116"}),
    (2000000000, {"sha1": "69279037", "sha256": "90698825", "sha512": "38618901"}),
    (20000000000, {"sha1": "65353130", "sha256": "77737706", "sha512": "47863826"}),
]


def test_the_codes_of_rfc_4226_appendix_d() -> None:
    assert [codes.code_of(SECRET, step) for step in range(10)] == RFC_4226


@pytest.mark.parametrize(("seconds", "expected"), RFC_6238)
def test_the_codes_of_rfc_6238_appendix_b(seconds: int, expected: dict[str, str]) -> None:
    step = codes.step_at(seconds)
    found = {digest: codes.code_of(secret, step, digits=8, digest=digest) for digest, secret in SECRETS.items()}
    assert found == expected


@pytest.mark.parametrize(("later", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_taken_one_step_early_or_late_and_no_more(later: int, taken: bool) -> None:
    made_at = 1_111_111_110.0
    code = codes.code_of(SECRET, codes.step_at(made_at))
    assert (codes.step_of(code, SECRET, seconds=made_at + later) is not None) == taken


@pytest.mark.parametrize("code", ["", "0", "94287082", "²²²²²²", "abcdef", "\ud800", "287 082"])
def test_what_is_no_code_is_taken_for_none(code: str) -> None:
    typed = code.encode("utf-8", "replace").decode()
    assert codes.step_of(typed, SECRET, seconds=59 + 10_000) is None


def test_spaces_and_hyphens_do_not_matter_when_typed() -> None:
    assert codes.as_typed(" 287 082 ") == "287082"
    assert codes.as_typed("ABCDE-fghjk") == "abcdefghjk"


def test_an_app_reads_the_secret_from_the_address_and_people_from_the_page() -> None:
    address = codes.address(SECRET, account="kent.analyst", issuer="Crossline")
    parts = urlsplit(address)
    said = parse_qs(parts.query)
    assert (parts.scheme, parts.netloc, parts.path) == ("otpauth", "totp", "/Crossline:kent.analyst")
    assert base64.b32decode(said["secret"][0]) == SECRET
    assert {name: said[name] for name in ("issuer", "algorithm", "digits", "period")} == {
        "issuer": ["Crossline"],
        "algorithm": ["SHA1"],
        "digits": ["6"],
        "period": ["30"],
    }
    assert base64.b32decode(codes.written(SECRET).replace(" ", "")) == SECRET


def test_secrets_recovery_codes_and_passwords_are_long_and_differ() -> None:
    assert len(codes.new_secret()) == 20
    assert codes.new_secret() != codes.new_secret()
    shown = codes.new_recovery_codes()
    assert len(set(shown)) == 10
    assert all(len(code) == 10 and code == codes.as_typed(code) for code in shown)
    assert len(codes.new_password()) == 23
    assert codes.new_password() != codes.new_password()
