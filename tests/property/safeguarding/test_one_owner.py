"""Every concern has exactly one owner at every moment until it ends, whatever is tried on it, by whom, and in what order."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from crossline.access.audit import Process
from crossline.access.models import Person
from crossline.access.people_actions import end_access, restore_access
from crossline.access.roles import Role
from crossline.entities.matching import match_people
from crossline.errors import MoveNotAllowed, UserError
from crossline.safeguarding.answering.acts import move_case, moves_for
from crossline.safeguarding.answering.models import CaseReason, CaseStep, ConcernCase
from crossline.safeguarding.answering.moves import CaseEnd, CaseState, Held, Side, follow
from crossline.safeguarding.answering.standing import case_standing
from crossline.safeguarding.models import Concern
from crossline.safeguarding.raising import raise_due

AGENCIES = ("essex", "kent", "norfolk")
TESTS = Process("tests")

tried = st.tuples(
    st.sampled_from(list(CaseState)),
    st.sampled_from(list(Side)),
    st.sampled_from(["", "one", "two"]),
    st.sampled_from(["", *AGENCIES]),
)


@given(st.lists(tried, max_size=40))
def test_the_table_of_moves_keeps_one_owner(history: list[tuple[CaseState, Side, str, str]]) -> None:
    held = Held(CaseState.RAISED, "essex")
    for state, side, person, offered in history:
        before = held
        with suppress(MoveNotAllowed):
            held = follow(held, state=state, side=side, person=person, offered=offered)
        assert held.agency in AGENCIES
        if held.agency != before.agency:
            assert (before.state, held.state, held.agency) == (CaseState.OFFERED, CaseState.ACCEPTED, before.offered)
            assert side is Side.OFFERED
        assert bool(held.offered) == (held.state is CaseState.OFFERED) and held.offered != held.agency
        if held.state in (CaseState.TAKEN_ON, CaseState.IN_HAND, CaseState.ACCEPTED, CaseState.ENDED):
            assert held.person
        if before.has_ended and held is not before:
            assert held == Held(CaseState.REOPENED, before.agency)


acts = st.one_of(
    *[st.tuples(st.just("move"), st.integers(0, 29), st.just(""), st.sampled_from(["essex", "kent", "norfolk"]))] * 3,
    st.tuples(
        st.just("move"),
        st.integers(0, 4),
        st.sampled_from([state for state in CaseState if state is not CaseState.RAISED]),
        st.sampled_from(["essex", "kent", "norfolk"]),
    ),
    st.tuples(st.just("leaves"), st.sampled_from(["essex.lead", "essex.other", "kent.lead", "norfolk.lead"])),
    st.tuples(st.just("returns"), st.sampled_from(["essex.lead", "essex.other", "kent.lead", "norfolk.lead"])),
    st.tuples(st.just("found"), st.integers(2, 9)),
)


@pytest.mark.django_db(transaction=False)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(acts, min_size=5, max_size=14))
def test_every_concern_has_one_owner_at_every_moment(
    history: list[tuple[Any, ...]], builders: Any, tmp_path_factory: Any, kept: Path, quick_passwords: None
) -> None:
    with transaction.atomic():
        world = _World(builders, tmp_path_factory.mktemp("sent"), kept)
        world.check()
        for act in history:
            with suppress(UserError), transaction.atomic():
                world.do(*act)
            world.check()
        transaction.set_rollback(True)


class _World:
    """A child found far from home, the desks of three forces, and the centre's."""

    def __init__(self, builders: Any, folder: Path, kept: Path) -> None:
        self.builders, self.folder, self.kept = builders, folder, kept
        self.people = {
            f"{agency}.{name}": builders.enrolled(f"{agency}.{name}", agency=agency, roles=[Role.SAFEGUARDING])
            for agency, names in (("essex", ("lead", "other")), ("kent", ("lead",)), ("norfolk", ("lead",)))
            for name in names
        }
        self.people["nclcc.lead"] = builders.enrolled("nclcc.lead", agency="nclcc", roles=[Role.COORDINATOR])
        self.owners: dict[Any, str] = {}
        self.found(1)

    def found(self, day: int) -> None:
        """The same child is found far from home on a day of March; a day twice is the same record and no news."""
        child = self.builders.person(surname="Abara-Quill", ids={"pnc": "26/9876Z"})
        report = self.builders.missing_report(f"KENT/{day}", home="essex", found="kent", mentions=[child])
        report["occurred_from"] = report["missing"]["from"] = f"2026-03-{day:02}T18:00:00+00:00"
        self.builders.sent(self.folder / str(day), self.kept, ref=str(day), reports=[report])
        match_people()
        raise_due()

    def do(self, what: str, *said: Any) -> None:
        if what == "found":
            self.found(said[0])
        elif what == "leaves":
            end_access(username=said[0], reason="left", by=TESTS)
        elif what == "returns":
            restore_access(username=said[0], reason="back", by=TESTS)
        else:
            which, state, offered = said
            case = ConcernCase.objects.get()
            last = case.steps.order_by("-number")[0]
            # Mostly somebody whose word counts: by chance alone, hardly anything would come to be accepted or to end.
            acting = last.offered if last.offered and which % 3 else last.owner_id
            who = (
                sorted(self.people)[which % 5]
                if state
                else f"{acting}.{'other' if which % 2 and acting == 'essex' else 'lead'}"
            )
            person = f"{acting}.lead"
            with self.builders.seen_by(self.people[who]) as viewpoint:
                stands = case_standing(viewpoint, case.id)
                possible = moves_for(viewpoint, stands) if stands else []
                state = state or (possible[which % len(possible)] if possible else CaseState.ENDED)
                event(f"{last.state} to {state}")
                move_case(
                    case=case.id,
                    state=state,
                    stood=case.steps.count(),
                    person=person,
                    offered=offered,
                    end=CaseEnd.NO_RISK,
                    reason="tried",
                    viewpoint=viewpoint,
                )

    def check(self) -> None:
        """Each concern leads to one case, and that to one agency, and there to one person who answers or the desk."""
        for concern in Concern.objects.all():
            reasons = CaseReason.objects.filter(
                mention=concern.mention_id, reason=concern.reason, standing=concern.standing
            )
            (case,) = {reason.case_id for reason in reasons}
            with self.builders.administrator() as viewpoint:
                stands = case_standing(viewpoint, case)
            assert stands is not None and stands.held.agency in AGENCIES
            if stands.held.person:
                person = Person.objects.get(username=stands.held.person)
                assert person.is_active and person.agency_id == stands.held.agency
            if not stands.held.has_ended:
                assert stands.due is not None
            last = CaseStep.objects.filter(case=case).order_by("-number")[0]
            before = self.owners.get(case, last.owner_id)
            assert last.owner_id == before or CaseStep.objects.filter(case=case, state="accepted").exists()
            self.owners[case] = last.owner_id
