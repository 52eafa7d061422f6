"""A county line as texts to look up: its brand with where it is run from and where it sells, and its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from crossline.engines.deconfliction.selectors import selector_texts
from crossline.engines.deconfliction.verdicts import Verdict, surest
from crossline.vocabulary.codes import Code, SelectorScheme
from crossline.vocabulary.selectors import fold_brand, fold_name, is_placeholder


class LineKeyKind(Code):
    """What a key of a line is made of."""

    NUMBER = "number", "A number or handle on which orders are taken"
    BRAND_TOWN = "brand_town", "The brand, and a town where it sells"
    BRAND_ROUTE = "brand_route", "The brand, the force it is run from and a force it sells in"


LINE_VERDICTS: Final[Mapping[LineKeyKind, Verdict]] = MappingProxyType(
    {
        LineKeyKind.NUMBER: Verdict.LIKELY,
        LineKeyKind.BRAND_TOWN: Verdict.LIKELY,
        LineKeyKind.BRAND_ROUTE: Verdict.MAY_BE,
    }
)
"""[D] A brand alone is no key: many lines are called by one forename. Two of one brand on one route may be two lines."""

_DIALLED: Final = re.compile(r"phone:\+?[0-9]")


@dataclass(frozen=True, slots=True)
class LineAsked:
    """Which line a check is about, or a pointer is to. Agencies are slugs of the roster; numbers and handles as written."""

    brand: str = ""
    towns: tuple[str, ...] = ()
    exporting_agency: str = ""
    importing_agencies: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    """One key: its kind, and the text whose equality is asked. A number's text is that of the number as a selector."""

    kind: LineKeyKind
    text: str


def line_texts(line: LineAsked) -> tuple[LineKey, ...]:
    """The keys of a line, for a pointer and for a check alike; none of a brand alone."""
    return tuple(sorted({*_numbers(line.numbers), *_branded(line)}))


def judge_line(agreeing: Iterable[LineKeyKind]) -> Verdict | None:
    """What keys of these kinds that agree are worth: a brand in two ways at once is no more than its better one."""
    return surest(LINE_VERDICTS[kind] for kind in agreeing)


def _numbers(written: Iterable[str]) -> Iterator[LineKey]:
    for each in written:
        texts = [text for text in selector_texts(SelectorScheme.PHONE, each) if _DIALLED.match(text)]
        # What nobody can dial is the handle that a line takes its orders on.
        for text in texts or selector_texts(SelectorScheme.HANDLE, each):
            yield LineKey(LineKeyKind.NUMBER, text)


def _branded(line: LineAsked) -> Iterator[LineKey]:
    brand = fold_brand(line.brand)
    if brand is None:
        return
    for town in line.towns:
        if not is_placeholder(town) and (folded := fold_name(town)):
            yield LineKey(LineKeyKind.BRAND_TOWN, f"line:town:{brand}|{folded}")
    for importing in line.importing_agencies:
        exporting, imported = line.exporting_agency.strip().casefold(), importing.strip().casefold()
        if exporting and imported and exporting != imported:
            yield LineKey(LineKeyKind.BRAND_ROUTE, f"line:route:{brand}|{exporting}>{imported}")
