"""The one door to the texts that tokens are made of, of selectors, people and lines; and to the test of planned events.

Every text is "kind:value" and depends on what is asked alone. A keyed hash of it is all that is stored (docs/decisions/0025),
so that two texts are equal or not: nothing here may need to know how near they are.
"""

from __future__ import annotations

from crossline.engines.deconfliction.event import (
    AWARE_METRES,
    LONGEST_EVENT,
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

__all__ = [
    "AWARE_METRES",
    "LINE_VERDICTS",
    "LONGEST_EVENT",
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
]
