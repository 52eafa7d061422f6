"""The texts by which something is looked up, each of the form `kind:value`; keyed before they are stored anywhere.

One door for whatever is asked and whatever points: a number or the like by its value, a person by several coarse keys, a line by
its brand with a place. The keys themselves are the engine's (engines/deconfliction).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from crossline.deconfliction.rules import ASKED_BY_KEYS, SCHEMES, TOKENS_OF_ONE
from crossline.engines.deconfliction.tokens import (
    KeyKind,
    LineAsked,
    LineKey,
    LineKeyKind,
    PersonAsked,
    PersonKey,
    line_texts,
    person_texts,
    selector_texts,
)
from crossline.errors import SelectorUnreadable, UserError
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import Code, MentionKind, RecordKind, SelectorScheme
from crossline.vocabulary.selectors import PartialDate, parse_partial_date, require

PERSON_HINT: Final = "write the name and the date of birth, as in Jaden Cole|2008-04-11"
LINE_HINT: Final = (
    "write the brand and where it sells, as in Leo|Hastings, or Leo|metropolitan>kent for a route, "
    "and its numbers where you know them, as in Leo|Hastings|07700 900123"
)

_SUREST_FIRST: Final[tuple[Code, ...]] = (*(kind for kind in KeyKind if kind is not KeyKind.NAME_YEAR), *LineKeyKind)
"""Without the year alone: it may meet only whom no more is known of, and what points and stands is compared as it was kept."""


def texts_asked(scheme: str, value: str) -> tuple[str, ...]:
    """The texts of what somebody asks about; raises where it cannot be read, with what to write instead."""
    known = SelectorScheme.read(scheme)
    if known is SelectorScheme.PERSON:
        return _of_person(value)
    if known is SelectorScheme.LINE:
        return _of(line_texts(_line(value)))
    if known not in SCHEMES:
        kinds = ", ".join((*SCHEMES, *ASKED_BY_KEYS))
        raise SelectorUnreadable(f"'{scheme}' is not a kind of value that can be checked: write one of {kinds}.")
    found = () if _is_too_wide(texts := selector_texts(known, value)) else texts
    if not found:
        require(scheme, value)  # says what is wrong, where the value is no evidence at all
        raise SelectorUnreadable(
            f"'{value[:80]}' is too wide to be checked: give the house as well, as in Flat 2, 12 High Street, Hastings, TN34 1AA."
        )
    return found


def texts_of_check(scheme: str, value: str) -> tuple[str, ...]:
    """The same of a check that was asked; none where an earlier release read what this one does not."""
    try:
        return texts_asked(scheme, value)
    except UserError:
        return ()


def texts_of_mention(mention: Mention, record: Record) -> Iterator[tuple[str, str]]:
    """(scheme, text) of each key by which a record's mention is pointed to."""
    if mention.kind == MentionKind.PERSON:
        yield from ((SelectorScheme.PERSON.value, text) for text in _of(person_texts(_mentioned(mention))))
    elif mention.kind == MentionKind.LINE and record.kind == RecordKind.LINE_RETURN:
        yield from ((SelectorScheme.LINE.value, text) for text in _of(line_texts(_returned(mention, record))))
    elif mention.selector:
        scheme, _, value = mention.selector.partition(":")
        if SelectorScheme.read(scheme) in SCHEMES and not value.endswith("||"):
            yield scheme, mention.selector


def _of(keys: Iterable[PersonKey | LineKey]) -> tuple[str, ...]:
    """The surest kinds first, and no more than one check may look up: names of many words make many keys."""
    known = (key for key in keys if key.kind in _SUREST_FIRST)
    ordered = sorted(known, key=lambda key: (_SUREST_FIRST.index(key.kind), key.text))
    return tuple(dict.fromkeys(key.text for key in ordered))[:TOKENS_OF_ONE]


def _is_too_wide(texts: tuple[str, ...]) -> bool:
    return any(text.endswith("||") for text in texts)


def _of_person(value: str) -> tuple[str, ...]:
    name, _, born = value.partition("|")
    forename, _, surname = name.strip().rpartition(" ")
    read = parse_partial_date(born.strip())
    found = _of(person_texts(_known(forename.strip(), surname, read)))
    if not found:
        raise SelectorUnreadable(f"'{value[:80]}' says too little to mean one person: {PERSON_HINT}.")
    return found


def _known(
    forename: str, surname: str, born: PartialDate | None, *, sex: str = "", aliases: tuple[str, ...] = ()
) -> PersonAsked:
    whole = born is not None and born.month is not None and born.day is not None
    day = date(born.year, born.month or 1, born.day or 1) if born is not None and whole else None
    return PersonAsked(forename, surname, day, born.year if born else None, sex=sex, aliases=aliases)


def _mentioned(mention: Mention) -> PersonAsked:
    born = parse_partial_date(mention.born)
    return _known(mention.forename, mention.surname, born, sex=mention.sex, aliases=tuple(mention.aliases))


def _line(value: str) -> LineAsked:
    brand, _, rest = value.partition("|")
    places, _, numbers = rest.partition("|")
    towns: list[str] = []
    importing: list[str] = []
    exporting = ""
    for place in places.split(";"):
        begins, sign, ends = place.partition(">")
        if sign:
            exporting = begins.strip()
            importing.append(ends.strip())
        elif begins.strip():
            towns.append(begins.strip())
    dialled = tuple(each.strip() for each in numbers.split(";") if each.strip())
    line = LineAsked(brand.strip(), tuple(towns), exporting, tuple(importing), dialled)
    if not line_texts(line):
        raise SelectorUnreadable(f"'{value[:80]}' says too little to mean one line: {LINE_HINT}.")
    return line


def _returned(mention: Mention, record: Record) -> LineAsked:
    said = record.detail
    importing = tuple(str(agency) for agency in said.get("importing_agencies", ()))
    towns = tuple(str(town) for town in said.get("towns", ()))
    return LineAsked(mention.caption, towns, str(said.get("exporting_agency") or ""), importing)
