"""What the policy says of people put forward for help: who answers for them, within what time, and what may follow what."""

from __future__ import annotations

from collections.abc import Iterator

from crossline.access.partners import COVERS
from crossline.engines.indicators.answerers import Capacity
from crossline.engines.indicators.rulebook import RULEBOOK
from crossline.safeguarding.answering import clocks
from crossline.safeguarding.answering.moves import MOVES, WHO_ANSWERS, WHO_COORDINATES, CaseEnd, CaseState, Side
from crossline.site.policy.words import joined, roles_in_words, span_in_words

_SIDES = {
    Side.OWNER: "the agency that owns it",
    Side.OFFERED: "the agency it is offered to",
    Side.CENTRE: "the centre",
    Side.PROCESS: "Crossline itself, where a new reason is raised",
}


def concerns() -> Iterator[str]:
    """Who answers for somebody put forward, how they are told, and what may become of it."""
    for rule in RULEBOOK.rules.values():
        limits = joined((f"{name} {value}" for name, value in sorted(rule.thresholds.items())), none="no threshold")
        which = f"{rule.id}, version {rule.version}"
        yield f"Somebody is put forward by {which}: {rule.wording} With {limits}. Source: {rule.source}."
    yield (
        f"Of somebody put forward these answer: {joined(each.meaning.lower() for each in Capacity)}. Where somebody is found "
        "out of their area, all are told in the round that raises it. One agency owns a concern, and there a person or its desk."
    )
    kinds = joined(kind.meaning.lower() for kind in sorted(COVERS))
    yield (
        f"A local authority is told on the page of an organisation that covers it ({kinds}), where somebody there may sign in: a "
        "reference, that somebody needs help, and whom to ring. Else somebody rings it."
    )
    yield (
        "A case is seen by whoever may see what it was raised from, of the agency that answers, the safeguarding leads and "
        f"the centre. It is acted on by {roles_in_words(WHO_ANSWERS)} of its agency; at the centre by "
        f"{roles_in_words(WHO_COORDINATES)}."
    )
    for state, leads_to in MOVES.items():
        become = joined(
            (f"“{each.label}” by {joined(_SIDES[side] for side in sorted(sides))}" for each, sides in leads_to.items()),
            none="nothing else",
        )
        yield f"A concern that stands “{state.label}” can become: {become}."
    yield f"A concern ends in one of these ways: {joined(f'“{each.label}”' for each in CaseEnd)}."
    for state in CaseState:
        if state in clocks.CLOCKS:
            yield _clock(f"that stands “{state.label}”", clocks.CLOCKS[state])
    yield _clock("of a child found out of area that nobody named has", clocks.FOUND_FAR)
    yield _clock("that asks for somebody’s age alone and nobody named has", clocks.QUESTION)


def _clock(which: str, rule: clocks.ClockRule) -> str:
    counted = "working time" if rule.working else "time as it passes"
    return f"Of a concern {which}, {rule.what} within {span_in_words(rule.within)} of {counted}. Authority: {rule.authority}."
