"""What an application may not say: who a victim is, where they can be reached, who reported, and who the source is.

The people are those that an export withholds (exchange/masking.py), as far as the records of this line name them. Which words
tell of an officer or a source is data below.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from crossline.access.viewer import Viewpoint
from crossline.entities.clusters import people
from crossline.exchange.masking import VICTIM, masking
from crossline.lines.rows import bare
from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind
from crossline.wording import format_phone

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


def withheld_among(viewpoint: Viewpoint, records: Collection[UUID], *, but: Iterable[str] = ()) -> Withheld:
    """What may not be told of the people whom these records name. `but`: names that stand for the line itself."""
    mask, known = masking(viewpoint), people(viewpoint)
    mentions = list(viewpoint.visible(Mention.objects.filter(record__in=records)))
    hidden = {
        known.of(str(each.id)): instead
        for each in mentions
        if each.kind == MentionKind.PERSON and (instead := mask.of_person(known.of(str(each.id))))
    }
    elsewhere = [mention for mention, person in known.cluster_of.items() if person in hidden]
    called = {
        each.id: each for each in mentions if each.kind == MentionKind.PERSON and known.of(str(each.id)) in hidden
    }
    called |= {each.id: each for each in viewpoint.visible(Mention.objects.filter(id__in=elsewhere))}
    spared = {name.casefold() for name in but}
    words: dict[str, tuple[str, str]] = {}
    for each in called.values():
        victim = hidden[known.of(str(each.id))] == VICTIM
        said = (
            ("[a victim]", "who a victim is")
            if victim
            else ("[a person put forward for help]", "who is put forward for help")
        )
        words |= dict.fromkeys(_names(each), said)
    for each in mentions:
        if mask.of_thing(each.kind, selector=each.selector or "", mention=str(each.id)):
            words |= dict.fromkeys(_reached_by(each), ("[not shown]", "where somebody withheld can be reached"))
    return Withheld(
        tuple(
            (_pattern(word), *words[word])
            for word in sorted(words, key=lambda word: (-len(word), word))
            if word.casefold() not in spared
        )
    )


def _names(mention: Mention) -> Iterable[str]:
    """Everything that somebody is called: whole names, and each of them alone."""
    parts = [mention.forename, mention.middle, mention.surname]
    whole = [mention.caption, " ".join(filter(None, parts)), f"{mention.forename} {mention.surname}"]
    found = [*whole, mention.forename, mention.surname, *mention.aliases]
    return [each.strip() for each in found if len(each.strip()) >= SHORTEST_NAME]


def _reached_by(mention: Mention) -> Iterable[str]:
    """How a number or an address is written."""
    said = [mention.caption, str(mention.detail.get("postcode") or "")]
    if mention.kind == MentionKind.PHONE and mention.selector:
        value = bare(mention.selector)
        said += [value, format_phone(value)]
    return [each.strip() for each in said if len(each.strip()) >= SHORTEST_NAME]


def _pattern(word: str) -> re.Pattern[str]:
    """A whole name whichever way it is written; one word only with its capital, as names are words of the language too."""
    apart = r"[\s-]*".join(map(re.escape, re.sub(r"[\s-]+", " ", word).split(" ")))
    if re.fullmatch(r"[\d\s+()#-]+", word):
        apart = r"[\s-]*".join(re.escape(each) for each in word if not each.isspace())
    if any(each.isspace() for each in word) or any(each.isdigit() for each in word):
        return re.compile(rf"(?<!\w){apart}(?!\w)", re.IGNORECASE)
    return re.compile(rf"(?<!\w)(?:{apart}|{re.escape(word.upper())})(?!\w)")
