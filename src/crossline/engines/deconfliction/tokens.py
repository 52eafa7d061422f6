"""The one door to the texts that tokens are made of, of selectors, people and lines; and to the test of planned events.

Every text is "kind:value" and depends on what is asked alone. A keyed hash of it is all that is stored (docs/decisions/0025),
so that two texts are equal or not: nothing here may need to know how near they are.
"""

from __future__ import annotations

from crossline.engines.deconfliction.event import (
    AWARE_METRES,
    LONGEST_EVENT,
    PLANNED_AHEAD,
    REACH,
    STANDS_AFTER,
    Conflict,
    EventKind,
    Nearness,
    PlannedEvent,
    meets,
)
from crossline.engines.deconfliction.lines import (
    LINE_VERDICTS,
    LineAsked,
    LineKey,
    LineKeyKind,
    judge_line,
    line_texts,
)
from crossline.engines.deconfliction.people import PersonAsked, PersonKey, person_lookups, person_texts
from crossline.engines.deconfliction.people_worth import WORTH, KeyKind, Worth, judge
from crossline.engines.deconfliction.places import Point, read_point
from crossline.engines.deconfliction.selectors import SELECTOR_SCHEMES, selector_texts
from crossline.engines.deconfliction.verdicts import Verdict
from crossline.vocabulary.codes import SelectorScheme

__all__ = [
    "AWARE_METRES",
    "LINE_VERDICTS",
    "LONGEST_EVENT",
    "PLANNED_AHEAD",
    "REACH",
    "SELECTOR_SCHEMES",
    "STANDS_AFTER",
    "WORTH",
    "Conflict",
    "EventKind",
    "KeyKind",
    "LineAsked",
    "LineKey",
    "LineKeyKind",
    "Nearness",
    "PersonAsked",
    "PersonKey",
    "PlannedEvent",
    "Point",
    "Verdict",
    "Worth",
    "judge",
    "judge_line",
    "line_texts",
    "meets",
    "person_lookups",
    "person_texts",
    "read_point",
    "selector_texts",
    "verdict_of",
]


def verdict_of(text: str) -> Verdict:
    """How sure it is that two are the same of which this text agrees: by the kind of key that it is."""
    scheme, _, rest = text.partition(":")
    if scheme == SelectorScheme.PERSON:
        return WORTH[KeyKind(rest.partition(":")[0])].verdict
    if scheme == SelectorScheme.LINE:
        town = rest.startswith("town:")
        return LINE_VERDICTS[LineKeyKind.BRAND_TOWN if town else LineKeyKind.BRAND_ROUTE]
    return Verdict.SAME
