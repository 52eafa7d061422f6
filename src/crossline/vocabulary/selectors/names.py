"""Names of people, lines, accounts and online handles, folded so that one spelling meets another."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from crossline.vocabulary.selectors.dates import parse_partial_date
from crossline.vocabulary.selectors.text import closed_up, is_one_digit_repeated, is_placeholder, plain, unaccented

_APOSTROPHES: Final = re.compile("['\u2018\u2019\u02bc\u02b9\u00b4`\u2032]")
_POSSESSIVE: Final = re.compile("['\u2018\u2019\u02bc\u00b4`]s\\b")
_NOT_IN_A_NAME: Final = re.compile(r"[\W_]+")
_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "mx", "master", "dr"})
_BEFORE_A_BRAND: Final = frozenset({"the"})
_AFTER_A_BRAND: Final = frozenset({"line", "lines", "deal", "county", "drug", "drugs", "phone", "number"})
_NOT_IN_AN_ACCOUNT: Final = re.compile(r"[\W_]+")
_ADDRESS_OF_PROFILE: Final = re.compile(
    r"(?:https?://)?(?:www\.|m\.)?(snapchat|instagram|facebook|tiktok|telegram|twitter|t|x|wa)"
    r"\.(?:com|me)/(?:add/|@)?([^/?#\s]+)/?(?:[?#].*)?"
)
_PLATFORM_BEFORE: Final = re.compile(r"([a-z]+)\s*[:\-\u2013]\s*(\S.*)")
_PLATFORMS: Final = MappingProxyType(
    {
        "snapchat": "snapchat", "snap": "snapchat", "sc": "snapchat",
        "instagram": "instagram", "insta": "instagram", "ig": "instagram",
        "facebook": "facebook", "fb": "facebook",
        "tiktok": "tiktok", "tt": "tiktok",
        "telegram": "telegram", "tg": "telegram", "t": "telegram",
        "twitter": "x", "x": "x",
        "whatsapp": "whatsapp", "wa": "whatsapp",
        "signal": "signal", "wickr": "wickr", "discord": "discord",
    }
)  # fmt: skip


def fold_name(text: str) -> str:
    """A person's name for comparing: no accents, no case, apostrophes closed up, hyphens and other signs as spaces."""
    bare = _APOSTROPHES.sub("", unaccented(text))
    return " ".join(_NOT_IN_A_NAME.sub(" ", bare).split())


def normalise_person(text: str) -> str | None:
    """ "forename surname|dob" folded: "Cole, Jaden|11/04/2008" gives "jaden cole|2008-04-11".

    The date may be partial or missing; a first of January keeps only its year, all it is evidence of.
    """
    written, _, born = text.partition("|")
    if is_placeholder(written):
        return None
    surname, comma, forenames = written.partition(",")
    words = fold_name(f"{forenames} {surname}" if comma else written).split()
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    if not words or all(is_placeholder(word) for word in words):
        return None
    known = parse_partial_date(born)
    evidence = known.evidence if known else None
    return f"{' '.join(words)}|{evidence or ''}"


def fold_brand(text: str) -> str | None:
    """A line's brand for comparing: "The Leo Line", "LEO'S" and "leo deal line" all give "leo"."""
    if is_placeholder(text):
        return None
    bare = _APOSTROPHES.sub("", _POSSESSIVE.sub("", unaccented(text))).replace("&", " and ")
    words = _NOT_IN_A_NAME.sub(" ", bare.replace(".", "")).split()
    while words and words[0] in _BEFORE_A_BRAND:
        words = words[1:]
    while words and words[-1] in _AFTER_A_BRAND:
        words = words[:-1]
    brand = "".join(words)
    generic = brand in _BEFORE_A_BRAND or brand in _AFTER_A_BRAND
    return None if not brand or generic or is_placeholder(brand) else brand


def normalise_handle(text: str) -> str | None:
    """A handle without its "@", after its platform where one is named: "Snap: JC_99" gives "snapchat:jc_99"."""
    if is_placeholder(text):
        return None
    written = plain(text)
    platform = ""
    found = _ADDRESS_OF_PROFILE.fullmatch(written) or _PLATFORM_BEFORE.fullmatch(written)
    if found and found[1] in _PLATFORMS:
        platform, written = _PLATFORMS[found[1]], found[2]
    name = closed_up(written).lstrip("@")
    if is_placeholder(name) or not any(sign.isalnum() for sign in name):
        return None
    return f"{platform}:{name}" if platform else name


def normalise_account(text: str) -> str | None:
    """A bank or payment account: letters and digits only, upper case ("12-34-56 01234567" gives "12345601234567")."""
    if is_placeholder(text):
        return None
    account = _NOT_IN_AN_ACCOUNT.sub("", unaccented(text)).upper()
    if not account or is_one_digit_repeated(account) or is_placeholder(account):
        return None
    return account
