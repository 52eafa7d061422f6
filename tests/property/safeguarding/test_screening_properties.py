"""For whatever is answered: not knowing never lowers, nor does raising an answer; floors hold, and two people go below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from crossline.safeguarding.screening.form import HIGHEST, Form, forms, tools
from crossline.safeguarding.screening.reckoning import (
    NOT_KNOWN,
    Answer,
    Reckoned,
    Stands,
    outcome_of,
    reckon,
    why_not_judged,
)
from crossline.vocabulary.codes import Tristate

NO = Answer(Tristate.NO)
ANSWERS = st.one_of(
    st.just(NO), st.just(NOT_KNOWN), st.builds(Answer, st.just(Tristate.YES), st.integers(1, HIGHEST), st.just("seen"))
)
FORMS = st.sampled_from(sorted(forms())).map(lambda number: forms()[number])
AGES = st.one_of(st.none(), st.integers(0, 40))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Form, dict[str, Answer], int | None, list[dict[str, Answer]]]:
    """A form with answers, an age, and up to two sets of answers before; some questions are left out."""
    form = draw(FORMS)
    one = st.fixed_dictionaries({}, optional={each.id: ANSWERS for each in form.questions})
    return form, draw(one), draw(AGES), draw(st.lists(one, max_size=2))


def reckoned(
    form: Form, answers: Mapping[str, Answer], age: int | None, earlier: Sequence[Mapping[str, Answer]]
) -> Reckoned:
    found = reckon(form, answers, age=age, earlier=earlier)
    assert 0 <= found.least <= found.most <= HIGHEST * len(form.questions)
    assert form.rank(found.by_score) <= form.rank(found.band) <= form.rank(found.could_be)
    return found


@given(cases(), st.data())
def test_raising_one_answer_never_lowers_score_or_band(case: tuple, data: st.DataObject) -> None:
    form, answers, age, earlier = case
    question = data.draw(st.sampled_from([each.id for each in form.questions]))
    before = reckoned(form, answers, age, earlier)
    held = answers.get(question, NOT_KNOWN)
    level = before.carried.get(question, 0) if held.said is Tristate.UNKNOWN else held.level
    raised = Answer(Tristate.YES, data.draw(st.integers(max(level, 1), HIGHEST)), "seen")
    after = reckoned(form, answers | {question: raised}, age, earlier)
    assert form.rank(after.band) >= form.rank(before.band) and after.least >= before.least


@given(cases(), st.data())
def test_a_no_that_becomes_not_known_never_lowers(case: tuple, data: st.DataObject) -> None:
    form, answers, age, earlier = case
    denied = [question for question, answer in answers.items() if answer == NO]
    doubted = data.draw(st.sets(st.sampled_from(denied))) if denied else set()
    before = reckoned(form, answers, age, earlier)
    after = reckoned(form, answers | dict.fromkeys(doubted, NOT_KNOWN), age, earlier)
    assert form.rank(after.band) >= form.rank(before.band) and after.least >= before.least
    assert form.rank(after.could_be) >= form.rank(before.could_be)


@given(cases(), st.data())
def test_a_review_that_knows_less_never_lowers_what_was_known(case: tuple, data: st.DataObject) -> None:
    form, answers, age, earlier = case
    before = reckoned(form, answers, age, earlier)
    forgotten = data.draw(st.sets(st.sampled_from([each.id for each in form.questions])))
    review = answers | dict.fromkeys(forgotten, NOT_KNOWN)
    after = reckoned(form, review, age, [*earlier, answers])
    assert form.rank(after.band) >= form.rank(before.band) and after.least >= before.least
    assert form.rank(reckoned(form, {}, age, [*earlier, answers]).band) >= form.rank(before.band)


@given(cases())
def test_floors_hold_for_every_set_of_answers(case: tuple) -> None:
    form, answers, age, earlier = case
    found = reckoned(form, answers, age, earlier)
    lowest = form.bands[0].id
    signs = {
        question
        for said in (answers, *(earlier))
        for question, answer in said.items()
        if answer.level and (asked := form.question(question)) and asked.is_indicator
    }
    stays = {question for question in signs if answers.get(question, NOT_KNOWN).level}
    disability = answers.get("learning_disability", NOT_KNOWN)
    if age is None or age < 13:
        assert found.band != lowest
    if disability.said is not Tristate.NO and stays:
        assert found.band != lowest
    if age in (18, 19, 20) and stays:
        assert found.band != lowest
    if not signs and age in (13, 14, 15, 16, 17) and not any(each.get("learning_disability") for each in earlier):
        assert (found.band == lowest) or disability.level == HIGHEST, "with no sign at all nothing is made of nothing"


@given(cases(), st.data())
def test_below_a_floor_nothing_stands_without_a_second_person(case: tuple, data: st.DataObject) -> None:
    form, answers, age, earlier = case
    found = reckoned(form, answers, age, earlier)
    judged = data.draw(st.sampled_from(["", *(each.id for each in form.bands)]))
    for agreed in (None, False):
        band, stands = outcome_of(form, found, judged, agreed)
        assert form.rank(band) >= form.rank(found.floor(form))
        if judged:
            assert form.rank(band) >= min(form.rank(found.band), form.rank(judged))
        if judged and form.rank(judged) < form.rank(found.floor(form)):
            assert stands in (Stands.WAITS, Stands.REFUSED) and band == found.band
    if judged and form.rank(judged) > form.rank(found.band):
        assert outcome_of(form, found, judged, None) == (judged, Stands.RAISED)
    if judged:
        assert outcome_of(form, found, judged, True)[0] == judged


@given(cases(), st.data())
def test_a_childs_silence_is_never_a_ground_for_less(case: tuple, data: st.DataObject) -> None:
    form, answers, age, earlier = case
    found = reckoned(form, answers, age, earlier)
    grounds = data.draw(st.sets(st.sampled_from([each.id for each in form.grounds])))
    for judged in (each.id for each in form.bands):
        why = why_not_judged(form, found, judged, [*grounds, "not_disclosed"])
        assert bool(why) is (form.rank(judged) < form.rank(found.band))


@given(
    st.sampled_from(sorted(tools())).map(lambda each: tools()[each]), st.one_of(st.integers(-5, 99).map(str), st.text())
)
def test_a_local_tool_says_only_what_it_can_and_more_of_it_is_never_less(tool: object, said: str) -> None:
    known = tools()[tool.id]  # type: ignore[attr-defined]
    form = forms()[max(forms())]
    found = known.result_of(said)
    if found is None or known.kind != "score":
        return
    assert 0 <= int(said) <= known.most
    more = known.result_of(str(min(int(said) + 1, known.most)))
    assert more is not None and form.rank(more.band or form.bands[0].id) >= form.rank(found.band or form.bands[0].id)
