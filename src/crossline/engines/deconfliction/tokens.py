"""The one door to the texts that tokens are made of: of selectors, people, lines and planned events.

Every text is "kind:value" and depends on what is asked alone. A keyed hash of it is all that is stored (docs/decisions/0025),
so that two texts are equal or not: nothing here may need to know how near they are.
"""

from __future__ import annotations

from crossline.engines.deconfliction.people import PersonAsked, PersonKey, person_lookups, person_texts
from crossline.engines.deconfliction.people_worth import WORTH, KeyKind, Verdict, Worth, judge
from crossline.engines.deconfliction.selectors import SELECTOR_SCHEMES, selector_texts

__all__ = [
    "SELECTOR_SCHEMES",
    "WORTH",
    "KeyKind",
    "PersonAsked",
    "PersonKey",
    "Verdict",
    "Worth",
    "judge",
    "person_lookups",
    "person_texts",
    "selector_texts",
]
