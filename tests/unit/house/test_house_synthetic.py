"""Nothing in the repository could be a real person's number, vehicle, handset or mailbox (docs/domain.md, G-1).

Telephone numbers come from the ranges that Ofcom keeps for drama, handsets and subscribers from the test ranges, plates
from tags that are never issued, mail from reserved domains. What is not so has its reason below, and a reason that no
file needs any more is a failure too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from crossline.vocabulary.selectors import imei_check_digit, imei_check_digit_holds

PHONE = re.compile(
    r"(?<![\w.#/+-])(?:(?:\+|00)44\s?(?:\(0\)\s?)?|0)(?P<national>[1-9](?:[\s().-]?\d){8,9})(?![\w.]|\d)"
)
DRAMA = re.compile(r"7700900\d{2,3}|1632960\d{3}|2079460\d{3}|8081570\d{3}")
"""07700 900000-999, 01632 960000-999, 020 7946 0000-0999, 0808 157 0000-0999. [S] Ofcom, numbers for use in drama."""

PLATE = re.compile(r"(?<![A-Za-z0-9])(?!ZZ)[A-Z]{2}(?:0[1-9]|[1-9]\d)[ -]?[A-HJ-PR-Z]{3}(?![A-Za-z0-9])")
HANDSET_OR_SUBSCRIBER = re.compile(r"(?<![\w.])\d{15}(?![\w.])")
INSURANCE = re.compile(r"(?<![A-Za-z0-9])[A-CEGHJ-PR-TW-Z]{2}(?: ?\d{2}){3} ?[A-D](?![A-Za-z0-9])")
MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
RESERVED_DOMAIN = re.compile(r"@(?:[\w-]+\.)*(?:example(?:\.(?:com|org|net))?|invalid|test|localhost)$")

ALLOWED: Mapping[str, str] = {
    "07000000000": "filler that the normaliser must take for no evidence",
    "+447000000000": "the same",
    "07777777777": "the same",
    "07123456789": "the same: digits in counting order",
    "0123456789": "digits in counting order",
    "+447700901000": "the number just outside the drama range, which a test tells from it",
    "+447911123456": "the specimen that telephone number libraries use, to tell a number from those of the drama range",
    "07911 123456": "the same",
    "AB12 CDE": "the specimen plate of the delivery format: letters and digits in order",
    "AB12-CDE": "the same",
    "AB12CDE": "the same",
    "TN34 AAA": "no plate: a postcode with a digit gone wrong",
    "490154203237518": "the published specimen of an IMEI's check digit",
    "490154203237517": "the same with a wrong check digit",
    "234159999999999": "a subscriber number of nines, to test what is not of the test network",
}


def suspects(text: str) -> Iterator[tuple[str, str]]:
    """(what it may be, as written) of everything that is not from a reserved range."""
    for match in PHONE.finditer(text):
        if not DRAMA.fullmatch(re.sub(r"\D", "", match["national"])):
            yield "telephone number", match[0]
    for match in PLATE.finditer(text):
        yield "plate", match[0]
    for match in HANDSET_OR_SUBSCRIBER.finditer(text):
        if not match[0].startswith("00") and (imei_check_digit_holds(match[0]) or match[0].startswith(("23", "490"))):
            yield "handset or subscriber", match[0]
    for match in INSURANCE.finditer(text):
        yield "national insurance number", match[0]
    for match in MAIL.finditer(text):
        if not RESERVED_DOMAIN.search(match[0]):
            yield "mail address", match[0]


def is_scanned(path: str) -> bool:
    """Hashes of packages and minified scripts are digits by chance; this file holds its own examples."""
    return (
        not path.startswith("requirements/")
        and "/static/vendor/" not in path
        and not path.endswith("house_synthetic.py")
    )


def test_nothing_could_be_real(texts: Mapping[str, str]) -> None:
    found = [
        f"{path}: {kind} {written}"
        for path, text in texts.items()
        if is_scanned(path)
        for kind, written in suspects(text)
        if written not in ALLOWED
    ]
    assert found == []


def test_every_allowance_is_still_needed(texts: Mapping[str, str]) -> None:
    needed = {written for path, text in texts.items() if is_scanned(path) for _, written in suspects(text)}
    assert set(ALLOWED) - needed == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [  # shaped like the real thing, and never given to anybody: area code 04, tag QI, prefix ZZ, type allocation 99
        ("ring 04123 456789 now", "telephone number"),
        ("+44 4123 456789", "telephone number"),
        ("a blue QI19 ABC", "plate"),
        (f"IMEI {'9' * 14}{imei_check_digit('9' * 14)}", "handset or subscriber"),
        ("IMSI 234000000000000", "handset or subscriber"),
        ("ZZ 12 34 56 C", "national insurance number"),
        ("somebody@police.internal", "mail address"),
    ],
)
def test_the_scan_finds(text: str, kind: str) -> None:
    assert [found for found, _ in suspects(text)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123#0042",
        "+447700900123",
        "020 7946 0000",
        "ZZ19 ABC#012",
        "IMEI 004400152020000",
        "IMSI 001010123456789",
        "jo@kent.example",
        "2026-03-02T14:10:00+00:00",
        "E08000016",
        "0.0712345678",
    ],
)
def test_the_scan_lets_pass(text: str) -> None:
    assert list(suspects(text)) == []
