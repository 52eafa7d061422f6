"""Words that may not stand in a text that leaves: names as people write them, officers, sources. The patterns are data below.

Who is withheld from whom is for the room whose text it is: orders of a court (orders/withholding.py), referrals to partners.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from crossline.records.models import Mention

SHORTEST_NAME: Final = 3
"""A name of two letters stands in too many words to be taken out."""
_RANKS: Final = r"(?:PC|DC|PS|DS|DI|DCI|Insp(?:ector)?|Sgt|Sergeant|PCSO|Constable|Detective)"
PATTERNS: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(
            rf"\b(?:{_RANKS}\b\.?\s+)+(?:\d{{2,6}}\s+)?[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)?|\b{_RANKS}\s+\d{{2,6}}\b"
        ),
        "[an officer]",
        "the reporting officer",
    ),
    (
        re.compile(r"\b(?:CHIS|ISR|source ref(?:erence)?)\b[\s:]*[\w/-]*\d[\w/-]*", re.IGNORECASE),
        "[source not named]",
        "a source",
    ),
    (
        re.compile(
            r"\b(?:a|the|our)\s+(?:\w+\s+)?(?:CHIS|informant|covert (?:human )?(?:intelligence )?source|source)\b|\bCHIS\b",
            re.IGNORECASE,
        ),
        "[source not named]",
        "a source",
    ),
)
"""What is looked for, what stands in its place, and what it tells of. [D] domain.md 4.1, the sanitisation pipeline."""


@dataclass(frozen=True)
class Withheld:
    """Words that stand for people and for where they can be reached, each with what stands in its place."""

    words: tuple[tuple[re.Pattern[str], str, str], ...] = ()

    def clean(self, text: str) -> str:
        """The text without them, and without officers and sources."""
        for pattern, instead, _ in (*self.words, *PATTERNS):
            text = pattern.sub(instead, text)
        return text

    def unnamed(self, text: str) -> str:
        """The text without withheld people only: for parts where an officer has to be named."""
        for pattern, instead, _ in self.words:
            text = pattern.sub(instead, text)
        return text

    def tells(self, text: str, *, officers: bool = True) -> list[str]:
        """What a text tells that it may not, in words."""
        looked_for = (*self.words, *PATTERNS) if officers else self.words
        return list(dict.fromkeys(what for pattern, _, what in looked_for if pattern.search(text)))


def names_of(mention: Mention) -> Iterable[str]:
    """Everything that somebody is called: whole names, and each of them alone."""
    parts = [mention.forename, mention.middle, mention.surname]
    whole = [mention.caption, " ".join(filter(None, parts)), f"{mention.forename} {mention.surname}"]
    found = [*whole, mention.forename, mention.surname, *mention.aliases]
    return [each.strip() for each in found if len(each.strip()) >= SHORTEST_NAME]


def pattern_of(word: str) -> re.Pattern[str]:
    """A whole name whichever way it is written; one word only with its capital, as names are words of the language too."""
    apart = r"[\s-]*".join(map(re.escape, re.sub(r"[\s-]+", " ", word).split(" ")))
    if re.fullmatch(r"[\d\s+()#-]+", word):
        apart = r"[\s-]*".join(re.escape(each) for each in word if not each.isspace())
    if any(each.isspace() for each in word) or any(each.isdigit() for each in word):
        return re.compile(rf"(?<!\w){apart}(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?<!\w)(?:{apart}|{re.escape(word.upper())})(?!\w)")
