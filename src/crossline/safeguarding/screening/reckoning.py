"""What answers amount to: a score between two numbers, a band that never falls below its floors, and a judgement beside both.

Pure. Nothing here is learned; every number stands in the form. What is not known never lowers: it keeps what was known before,
and what it could still be is shown as the upper end. No order of children is made of it (G-3); an import contract sees to that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from crossline.safeguarding.screening.form import HIGHEST, Floor, Form, grounds_of
from crossline.vocabulary.codes import Tristate


@dataclass(frozen=True)
class Answer:
    """An answer to a question: a yes has a level of 1 to 3 and its evidence."""

    said: Tristate
    level: int = 0
    evidence: str = ""


NOT_KNOWN = Answer(Tristate.UNKNOWN)


@dataclass(frozen=True)
class Reckoned:
    """What answers amount to. `carried`: questions that are not known now and keep the level that was known before."""

    least: int
    most: int
    by_score: str
    could_be: str
    band: str
    floors: tuple[Floor, ...]
    carried: Mapping[str, int]

    def floor(self, form: Form) -> str:
        """The highest floor that applies; the lowest band where none does."""
        return form.highest(*(each.band for each in self.floors))


class Stands(StrEnum):
    """What of judgement and score stands."""

    SCORE = "score"
    RAISED = "raised"
    LOWERED = "lowered"
    WAITS = "waits"
    SIGNED = "signed"
    REFUSED = "refused"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS: Mapping[Stands, str] = {
    Stands.SCORE: "The band by the answers stands",
    Stands.RAISED: "The judgement is higher, and stands",
    Stands.LOWERED: "The judgement is lower, above every floor, and stands",
    Stands.WAITS: "The judgement is below a floor and waits for a second person; the band by the answers stands",
    Stands.SIGNED: "The judgement is below a floor, and a second person agreed to it",
    Stands.REFUSED: "The judgement is below a floor, and a second person did not agree; the band by the answers stands",
}


def reckon(
    form: Form, answers: Mapping[str, Answer], *, age: int | None, earlier: Sequence[Mapping[str, Answer]] = ()
) -> Reckoned:
    """Of one set of answers. `earlier`: sets of answers about the same person before, the oldest first; `age` in years."""
    known = _known(earlier)
    levels: dict[str, int] = {}
    carried: dict[str, int] = {}
    unknown = set()
    for question in form.questions:
        answer = answers.get(question.id, NOT_KNOWN)
        levels[question.id] = answer.level
        if answer.said is Tristate.UNKNOWN:
            unknown.add(question.id)
            levels[question.id] = known.get(question.id, 0)
            if levels[question.id]:
                carried[question.id] = levels[question.id]
    least = sum(levels.values())
    most = sum(HIGHEST if question in unknown else level for question, level in levels.items())
    strong = form.strong_band if any(level >= form.strong_level for level in levels.values()) else form.bands[0].id
    by_score = form.highest(_band_of(form, least), strong)
    floors = tuple(each for each in form.floors if _applies(each, form, levels, unknown, age))
    floor_bands = [each.band for each in floors]
    could_be = form.highest(by_score, _band_of(form, most), form.strong_band if unknown else strong, *floor_bands)
    return Reckoned(least, most, by_score, could_be, form.highest(by_score, *floor_bands), floors, carried)


def outcome_of(form: Form, reckoned: Reckoned, judged: str, agreed: bool | None) -> tuple[str, Stands]:
    """The band that stands, and why. `judged`: the judgement's band, or nothing; `agreed`: what a second person said of it."""
    if not judged or judged == reckoned.band:
        return reckoned.band, Stands.SCORE
    if form.rank(judged) > form.rank(reckoned.band):
        return judged, Stands.RAISED
    if form.rank(judged) >= form.rank(reckoned.floor(form)):
        return judged, Stands.LOWERED
    if agreed:
        return judged, Stands.SIGNED
    return reckoned.band, Stands.WAITS if agreed is None else Stands.REFUSED


def why_not_judged(form: Form, reckoned: Reckoned, judged: str, grounds: Sequence[str]) -> str:
    """Why a judgement cannot be written so, in a sentence; empty where it can."""
    if not judged:
        return ""
    chosen = grounds_of(form, grounds)
    lower = form.rank(judged) < form.rank(reckoned.band)
    if judged != reckoned.band and not chosen:
        return "Choose the grounds on which the judgement differs from the band by the answers."
    if lower and (never := [each for each in chosen if not each.may_lower]):
        return f"“{never[0].title}” is never a ground for a lower judgement; a child’s silence least of all."
    return ""


def _known(earlier: Sequence[Mapping[str, Answer]]) -> dict[str, int]:
    """The level of each question as it was last known."""
    found: dict[str, int] = {}
    for answers in earlier:
        found |= {question: answer.level for question, answer in answers.items() if answer.said is not Tristate.UNKNOWN}
    return found


def _band_of(form: Form, score: int) -> str:
    return [each.id for each in form.bands if each.starts_at <= score][-1]


def _applies(floor: Floor, form: Form, levels: Mapping[str, int], unknown: set[str], age: int | None) -> bool:
    signs = any(levels[each.id] for each in form.questions if each.is_indicator)
    if floor.with_indicators and not signs:
        return False
    if floor.question:
        return bool(levels[floor.question]) or floor.question in unknown
    if floor.age_not_known:
        return age is None
    return floor.ages is not None and age is not None and floor.ages[0] <= age <= floor.ages[1]
