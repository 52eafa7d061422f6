"""Words in which published signs are written of a child, in a list of signs or in a narrative. Data, and how they are read.

The words are those of published lists for people who work with children, and how such people write the same thing. They were
not made from any set of records. What is denied ("no unexplained injuries") is not said.

Sources [S]: Home Office, county lines guidance (updated 20 October 2023), by the number of the sign in the domain notes 6.1;
The Children's Society with British Transport Police, #LookCloser signs (2019 on); Crimestoppers, transport used in county lines
exploitation; the centre's own list for The Clewer Initiative (2021).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from crossline.engines.indicators.rulebook import RULEBOOK, ConcernReason

RAISING: Final = (
    ConcernReason.UNEXPLAINED_INJURY,
    ConcernReason.UNEXPLAINED_MONEY,
    ConcernReason.DEBTS,
    ConcernReason.SEVERAL_PHONES,
    ConcernReason.UNEXPLAINED_TICKETS,
)
"""Signs that put a child forward beside another one, each with a rule and words of its own in the rulebook."""
MISSING: Final = "missing"
MONEY: Final = ConcernReason.UNEXPLAINED_MONEY.value
BESIDE: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        MISSING: (
            "repeatedly missing",
            "persistently missing",
            "frequently missing",
            "going missing",
            "found out of area",
        ),
        "school": (
            "school attendance",
            "school absence",
            "absent from school",
            "excluded from school",
            "school exclusion",
        ),
        "contact": ("late-night contact", "late night contact", "excessive texts", "excessive calls"),
        "bag": ("attached to a bag", "attachment to a bag", "concerned about a bag"),
        "withdrawn": ("withdrawn from friends", "isolated from friends", "withdrawn from peers", "isolated from peers"),
        "paraphernalia": ("drug paraphernalia", "wraps", "clingfilm", "cling film", "scales"),
    }
)
"""Signs that raise nothing by themselves and can be the second one. Home Office list, signs 1, 2, 4, 9, 12, 14, 16 [S]."""
SPOKEN: Final[Mapping[str, str]] = MappingProxyType(
    {
        MISSING: "missing",
        "school": "out of school",
        "contact": "much contact by telephone",
        "bag": "will not part with a bag",
        "withdrawn": "withdrawn from friends",
        "paraphernalia": "things for dealing",
        "journey": "a journey without a ticket or a reason",
        "weapon": "a weapon",
        ConcernReason.UNEXPLAINED_INJURY.value: "injuries nobody explains",
        MONEY: "money or new things nobody explains",
        ConcernReason.DEBTS.value: "debts",
        ConcernReason.SEVERAL_PHONES.value: "more than one phone",
        ConcernReason.UNEXPLAINED_TICKETS.value: "tickets or hotel cards",
    }
)
"""What each sign is called in a sentence."""
_NEW: Final = r"(?:new|unexplained|expensive|designer)"
_NUMBER: Final = r"(?:two|three|four|several|multiple|many|more than one|second|extra|additional|spare)"
_PHONE: Final = r"(?:(?:mobile|burner) )?(?:phones?|mobiles?|handsets?|telephones?|sims?|sim cards?)"
_UNSAID: Final = r"(?:would|could|did) not (?:say|explain|account for)"
_NARRATIVE: Final[Mapping[str, str]] = MappingProxyType(
    {
        # signs 3, 7, 15, 4, 13 and 14, in the words of reports
        MONEY: rf"{_NEW} (?:{_PHONE}|clothes|clothing|trainers|jewellery|gifts|cash|money)\b"
        r"|(?:large (?:amounts?|sums?|quantity) of|bundles? of|roll of|wads? of) (?:cash|money|notes)\b",
        ConcernReason.UNEXPLAINED_INJURY.value: rf"unexplained (?:bruis|cut|wound)|(?:injur|bruis)\w*[^.;]{{0,40}}{_UNSAID}",
        ConcernReason.DEBTS.value: r"drugs? debt|\bin debt\b|\bowe[sd]? money\b|\bmoney owed\b",
        ConcernReason.SEVERAL_PHONES.value: rf"\b{_NUMBER} (?:different )?{_PHONE}\b",
        ConcernReason.UNEXPLAINED_TICKETS.value: r"\b(?:train|rail|coach|bus) (?:tickets|passes)\b|\bhotel (?:cards?|keys?)\b",
        "bag": r"\bbag\b[^.;]{0,30}\b(?:never|not|refus\w+)\b[^.;]{0,20}\b(?:put down|let go|searched|hand over)"
        r"|\b(?:never|not|refus\w+)\b[^.;]{0,20}\b(?:put down|let go of|hand over|part with)\b[^.;]{0,15}\bbag\b",
        # #LookCloser and Crimestoppers: no ticket or fare, cannot say what the journey is for; alone far from home
        "journey": r"\b(?:no|without|without an?|without any)(?: valid| relevant)? (?:ticket|fare)\b"
        r"|\bfare evasion\b|\b(?:one-way|single) ticket"
        rf"|{_UNSAID}[^.;]{{0,30}}(?:journey|travel|trip|how they got|why they were)"
        r"|\bno (?:reason|explanation)\b[^.;]{0,20}\b(?:journey|travel\w*|trip|being (?:there|in the area))",
    }
)
_PATTERNS: Final = MappingProxyType({kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _NARRATIVE.items()})
_DENIED: Final = re.compile(
    r"\b(?:no|not|nil|never|without|nor|neither|denie[sd]|negative for|no longer)\b[^.;:,]{0,60}$", re.IGNORECASE
)


def words_of_signs() -> dict[str, tuple[str, ...]]:
    """The words of every sign as a list of signs names it, by its kind."""
    return {**BESIDE, **{reason.value: RULEBOOK.rules[reason].terms for reason in RAISING}}


def kinds_listed(said: str) -> set[str]:
    """Which signs one entry of a list of signs names."""
    entry = said.casefold()
    listed = {kind for kind, terms in words_of_signs().items() if any(_says(entry, term) for term in terms)}
    return listed | kinds_told(said)


def kinds_told(text: str) -> set[str]:
    """Which signs a narrative tells of."""
    return {
        kind
        for kind, pattern in _PATTERNS.items()
        if any(not _DENIED.search(_before(text, found.start())) for found in pattern.finditer(text))
    }


def _says(text: str, term: str) -> bool:
    at = text.find(term)
    return at >= 0 and not _DENIED.search(_before(text, at))


def _before(text: str, at: int) -> str:
    """The part of the sentence before a place in it: what is denied before a comma is not denied after it."""
    return re.split(r"[.;:,\n]|\bbut\b", text[:at])[-1]
