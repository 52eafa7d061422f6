"""The table of moves: what may follow what, on whose word, and that a passed concern has not ended."""

from __future__ import annotations

import pytest

from crossline.errors import MoveNotAllowed
from crossline.safeguarding.answering.moves import MOVES, CaseState, Held, Side, follow, sides_of

RAISED = Held(CaseState.RAISED, "essex")


def test_from_every_state_there_is_a_way_to_the_end_and_from_the_end_one_back() -> None:
    reach = {CaseState.RAISED}
    for _ in CaseState:
        reach |= {state for each in reach for state in MOVES[each]}
    assert reach == set(CaseState)
    assert set(MOVES[CaseState.ENDED]) == {CaseState.REOPENED}
    assert set(MOVES) == set(CaseState)


def test_nobody_ends_what_nobody_named_has_taken_on() -> None:
    with pytest.raises(MoveNotAllowed):
        follow(RAISED, state=CaseState.ENDED, side=Side.OWNER)
    declined = Held(CaseState.DECLINED, "essex")
    with pytest.raises(MoveNotAllowed, match="take it on first"):
        follow(declined, state=CaseState.ENDED, side=Side.OWNER)
    with pytest.raises(MoveNotAllowed, match="who takes it on"):
        follow(RAISED, state=CaseState.TAKEN_ON, side=Side.OWNER)


def test_an_offer_keeps_the_owner_and_only_the_other_side_s_word_moves_it() -> None:
    offered = follow(RAISED, state=CaseState.OFFERED, side=Side.CENTRE, offered="kent")
    assert (offered.agency, offered.offered) == ("essex", "kent")
    for side in (Side.OWNER, Side.CENTRE, Side.PROCESS):
        with pytest.raises(MoveNotAllowed):
            follow(offered, state=CaseState.ACCEPTED, side=side, person="kent.lead")
    taken = follow(offered, state=CaseState.ACCEPTED, side=Side.OFFERED, person="kent.lead")
    assert taken == Held(CaseState.ACCEPTED, "kent", "kent.lead")
    with pytest.raises(MoveNotAllowed, match="this one’s already"):
        follow(RAISED, state=CaseState.OFFERED, side=Side.OWNER, offered="essex")


def test_opened_again_it_is_the_desk_s() -> None:
    ended = Held(CaseState.ENDED, "essex", "essex.lead")
    assert follow(ended, state=CaseState.REOPENED, side=Side.PROCESS) == Held(CaseState.REOPENED, "essex")


def test_on_which_sides_an_agency_is() -> None:
    offered = Held(CaseState.OFFERED, "essex", offered="kent")
    assert sides_of(offered, "essex", "nclcc") == {Side.OWNER}
    assert sides_of(offered, "kent", "nclcc") == {Side.OFFERED}
    assert sides_of(offered, "nclcc", "nclcc") == {Side.CENTRE}
    assert sides_of(offered, "norfolk", "nclcc") == frozenset()
