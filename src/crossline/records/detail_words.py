"""The fields that only one kind of record has, as words: no raw codes, ids or ISO times on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.metrics import METRICS
from crossline.wording import format_date, format_datetime, format_money, format_number, with_capital

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "missing.from": "Missing since",
        "missing.found_at_time": "Found",
        "missing.found_place": "Found at",
        "missing.found_agency": "Found by",
        "missing.home_agency": "Home force",
        "missing.risk": "Risk",
        "missing.return_interview": "Return home interview",
        "custody.under_18": "Under 18",
        "concern.source_sector": "Sector that raised it",
        "concern.indicators": "Indicators",
        "harms.drug_harm": "Harm by drugs, 0 to 5",
        "criteria.crit_hub_county": "Links an urban hub to a county location",
        "criteria.crit_phone_line": "Takes orders on a branded phone line",
        "criteria.crit_exploitation": "Exploits children or vulnerable adults",
        "criteria.crit_travel": "Travels regularly between hub and market",
        "criteria.crit_violence": "Is inclined to violence or weapons",
        "exporting_agency": "Run from the area of",
        "importing_agencies": "Sells in the area of",
        "victim": "Victim known to use or deal drugs",
        "suspect": "Suspect known to use or deal drugs",
        "year": "Financial year",
        "jard_ref": "Reference in the Joint Asset Recovery Database",
        "counted": "Counted, or an estimate",
        "line_ref": "Reference of the line",
        "line_refs": "References of lines",
        "rows": "Rows taken in",
        "campaign": "Intensification week from",
        "expires": "Disposed of after",
    }
)
"""Fields by their path; others are named after themselves."""
ORDER: Final = (
    "name",
    "status",
    "opened",
    "closed",
    "first_seen",
    "last_seen",
    "exporting_agency",
    "importing_agencies",
    "towns",
    "drugs",
    "campaign",
    "metric",
    "value",
    "unit",
    "missing.from",
    "missing.found_at_time",
    "missing.found_place",
    "missing.found_agency",
    "missing.home_agency",
    "missing.risk",
    "authorisation",
    "purpose",
    "period_from",
    "period_to",
    "expires",
    "rows",
)
"""Fields in the order in which they are read; the rest follow."""
NOT_SHOWN: Final = frozenset({"folder", "selectors", "from_record", "reasons", "exporting", "importing"})
"""Where the data lie; what stands in the mentions or in the text already."""
SPELT_OUT: Final = frozenset(
    {
        "ref",
        "line_ref",
        "line_refs",
        "authorisation",
        "jard_ref",
        "contact",
        "name",
        "unit",
        "note",
        "purpose",
        "method",
    }
)
"""Fields whose values are shown as they are."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?![^T])")


def detail_rows(detail: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, value in words) for every field that holds something, in the order of the list above, then by name."""
    found = sorted((pair for pair in _flattened("", detail) if pair[1]), key=lambda pair: _place(pair[0]))
    return [(label_of(path), words) for path, words in found]


def _place(path: str) -> tuple[int, str]:
    """The store keeps no order of fields, so the page gives them one."""
    return (ORDER.index(path), path) if path in ORDER else (len(ORDER), path)


def label_of(path: str) -> str:
    """A field's name as people say it."""
    if path in LABELS:
        return LABELS[path]
    parent, _, name = path.rpartition(".")
    words = name.replace("_", " ")
    if parent == "harms":
        return f"{words.capitalize()}, 0 to 5"
    if parent == "refused":
        return f"Rows refused because {words}"
    return with_capital(words)


def _flattened(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in NOT_SHOWN:
                yield from _flattened(f"{path}.{name}".strip("."), inner)
    elif isinstance(value, list):
        yield path, ", ".join(_in_words(path, each) for each in value)
    elif value is not None:
        yield path, _in_words(path, value)


def _in_words(path: str, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int | float):
        try:
            return format_number(value)
        except (OverflowError, ValueError):
            return str(value)
    return _text_in_words(path.rpartition(".")[2], str(value))


def _text_in_words(name: str, text: str) -> str:
    """A field's text: ids and times as words, what senders wrote as it is, codes without their underscores."""
    if name.endswith(("agency", "agencies")) and text in agencies():
        return agencies()[text].name
    if name == "metric" and text in METRICS:
        return METRICS[text].label
    try:
        if name == "amount":
            return format_money(Decimal(text))
        if _DAY.match(text):
            return format_date(text) if _DAY.fullmatch(text) else format_datetime(text)
    except (ArithmeticError, ValueError):
        return text  # what a sender wrote in a column of their own need not be what it looks like
    words = text.replace("_", " ")
    return text if name in SPELT_OUT else with_capital(words)
