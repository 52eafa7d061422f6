"""What is added to a world: each kind of fact at least once, about the same people, numbers and lines as what is visible."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from itertools import count
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from crossline.access.approvals import Act, ask, decide
from crossline.access.compartments.actions import admit, confirm_admission, end_admission
from crossline.access.models import Person
from crossline.access.retention import QUESTIONS
from crossline.access.roles import Role
from crossline.access.viewer import viewer_of
from crossline.entities.judgements import judge, withdraw
from crossline.entities.models import Judgement, Verdict
from crossline.records.compartments.actions import put_in, take_out
from crossline.records.decoys.drawing import Story
from crossline.records.decoys.planting import agree, end, plant
from crossline.records.disposal import dispose_due
from crossline.records.models import Mention, Record
from crossline.records.releasing import ask_to_release, release, take_back
from crossline.records.restriction import restrict
from crossline.records.retention.models import Choice, Ground, HoldGround
from crossline.records.retention.reviews import confirm, place_hold, review
from crossline.vocabulary.codes import MentionKind, Tristate

from .world import NAMES, OF_UNDERHILL, World, compartment, judged, succession, worked_on

_numbers = count(1)
Fact = Callable[[World, str], None]
"""Adds something that belongs to an agency."""


def _sent(world: World, agency: str, **files: Any) -> None:
    number = next(_numbers)
    world.builders.sent(world.folder / f"fact-{number}", world.kept, agency=agency, ref=f"fact-{number}", **files)


def same_person(world: World, agency: str) -> None:
    """The same person, number, address, vehicle, line and group again, in a record of the agency alone."""
    _sent(world, agency, reports=[world.builders.full_report(f"{agency}/again-{next(_numbers)}", audience=[agency])])


def same_reference(world: World, agency: str) -> None:
    """A record with the very reference of one of another agency."""
    _sent(world, agency, reports=[world.builders.report("kent/P", audience=[agency], subject="Something else")])


def bridge(world: World, agency: str) -> None:
    """People in whom two others, whom nobody would join, meet: the same number, nominal and birthday."""
    both = [
        world.builders.person(
            f"p{place}", forename=forename, surname=surname, dob="1990-05-06", ids={"pnc": "26/7777B"}
        )
        for place, (forename, surname) in enumerate(NAMES)
    ]
    mentions = [*both, {"key": "t1", "kind": "phone", "number": "07700 900333#0001"}]
    mentions += [
        {"key": "t2", "kind": "phone", "number": "07700 900444#0002"},
        {"key": "l1", "kind": "line", "name": "Max"},
    ]
    says = [{"from": "l1", "to": key, "type": "uses", "basis": "fact"} for key in ("t1", "t2")]
    says += [{"from": "p0", "to": "l1", "type": "runs_for", "basis": "fact", "category": "victim"}]
    report = world.builders.report(
        f"{agency}/bridge-{next(_numbers)}", audience=[agency], mentions=mentions, assertions=says
    )
    _sent(world, agency, reports=[report])


def bridged_by_judgement(world: World, agency: str) -> None:
    """Somebody judges an unseen mention to be the same as each of two seen ones."""
    ref = f"{agency}/hidden-{next(_numbers)}"
    _sent(world, agency, reports=[world.builders.report(ref, audience=[agency])])
    hidden = Mention.objects.get(record__ref=ref, record__owner=agency, kind=MentionKind.PERSON)
    seen = Mention.objects.filter(record__ref__in=["kent/Underhill", "essex/Winterbourne"], kind=MentionKind.PERSON)
    with world.builders.administrator() as viewpoint:
        for other in seen:
            judge(left=hidden.id, right=other.id, verdict=Verdict.SAME, reason="seen", viewpoint=viewpoint)


def judgement_withdrawn(world: World, agency: str) -> None:
    """A judgement on an unseen mention is made and taken back."""
    ref = f"{agency}/judged-{next(_numbers)}"
    _sent(world, agency, reports=[world.builders.report(ref, audience=[agency])])
    made = judged(world.builders, ref)
    with world.builders.administrator() as viewpoint:
        withdraw(judgement=Judgement.objects.get(id=made).id, reason="mistaken", viewpoint=viewpoint)


def called_a_victim(world: World, agency: str) -> None:
    """A record of the agency alone calls a man a victim whom everybody has a record of, and puts a child forward who uses his
    number: neither may withhold anything from whoever does not see it."""
    mentions = [
        world.builders.person(forename="Marcus", surname="Underhill", dob="1990-05-06"),
        world.builders.person("p2", forename="Hyacinth", surname="Quarrington", dob="2011-02-03"),
        {"key": "t1", "kind": "phone", "number": OF_UNDERHILL},
        {"key": "l1", "kind": "line", "name": "Max"},
    ]
    says = [{"from": "p1", "to": "t1", "type": "uses", "basis": "fact", "category": "victim"}]
    says += [{"from": "p1", "to": "l1", "type": "exploited_by", "basis": "fact", "category": "victim"}]
    says += [{"from": "p2", "to": "t1", "type": "uses", "basis": "fact"}]
    says += [{"from": "p2", "to": "l1", "type": "runs_for", "basis": "fact", "category": "suspect"}]
    ref = f"{agency}/victim-{next(_numbers)}"
    _sent(world, agency, reports=[world.builders.report(ref, audience=[agency], mentions=mentions, assertions=says)])


def conditional(world: World, agency: str) -> None:
    """Intelligence under handling C."""
    _sent(world, agency, reports=[world.builders.full_report(f"{agency}/C-{next(_numbers)}", handling="C")])


def concern(world: World, agency: str) -> None:
    """A concern about a child whom everybody has a record of."""
    ref = f"{agency}/concern-{next(_numbers)}"
    said = {"source_sector": "education", "indicators": ["travel", "exclusion"]}
    _sent(world, agency, reports=[world.builders.report(ref, kind="concern", concern=said)])


def stranger(world: World, agency: str) -> None:
    """An agency that never sent anything sends one record, about people, a number and a line that nobody else knows."""
    number = next(_numbers)
    mentions = [
        *(
            world.builders.person(f"p{place}", forename=forename, surname="Quarrington", dob=f"2010-0{place}-04")
            for place, forename in enumerate(("Isolde", "Rosamund", "Peregrine", "Lysander", "Ottoline"), start=1)
        ),
        {"key": "t1", "kind": "phone", "number": f"07700 900888#{number:04}"},
        {"key": "l1", "kind": "line", "name": "Quill"},
    ]
    now = timezone.now().isoformat()
    said = {"source_sector": "health", "indicators": ["travel"]}
    runs = {"to": "l1", "type": "runs_for", "basis": "fact", "category": "victim"}
    runners = [{"from": f"p{place}"} | runs for place in range(1, 6)]
    for kind, more in (("intelligence", {"assertions": runners}), ("concern", {"concern": said})):
        ref = f"sussex/{kind}-{number}"
        report = world.builders.report(ref, kind=kind, mentions=mentions, made_at=now, audience=["sussex"], **more)
        _sent(world, "sussex", reports=[report])


def missing(world: World, agency: str) -> None:
    """A missing episode of that child."""
    ref = f"{agency}/missing-{next(_numbers)}"
    _sent(world, agency, reports=[world.builders.missing_report(ref, home=agency, found=agency)])


def investigation(world: World, agency: str) -> None:
    """An investigation into the same numbers and lines."""
    ref = f"OP-X{next(_numbers)}"
    _sent(world, agency, investigations=[world.builders.investigation(ref, agency=agency, name="Operation Yew")])


def money(world: World, agency: str) -> None:
    """Money taken from the line."""
    _sent(world, agency, finance=[world.builders.money(f"M-{next(_numbers)}", agency=agency)])


def homicide(world: World, agency: str) -> None:
    """A homicide return."""
    _sent(world, agency, homicides=[world.builders.homicide(f"H-{next(_numbers)}", agency=agency)])


def campaign_return(world: World, agency: str) -> None:
    """A figure of the same week, and one of a week nobody else returned."""
    figures = [
        world.builders.figure("ARR_T", agency=agency, value=str(10 + next(_numbers))),
        world.builders.figure("ARR_T", agency=agency, value="4", campaign="2025-12-01"),
    ]
    _sent(world, agency, returns=figures)


def communications(world: World, agency: str) -> None:
    """Another set of communications data, and a succession found in it."""
    number = next(_numbers)
    folder = world.folder / f"comms-{number}"
    world.builders.delivery(folder, agency=agency, ref=f"comms-{number}")
    said = world.builders.authorisation(f"AUTH-X{number}", agency=agency)
    world.builders.write_communications(folder / "comms", said=said)
    world.builders.take(folder, world.kept)
    succession(agency, "447700900333", f"4477009009{number:02}", ref=str(number))


def rows_refused(world: World, agency: str) -> None:
    """A delivery with rows that are refused, held and doubled."""
    again = world.builders.report(f"{agency}/own", audience=[agency], text=f"Other {next(_numbers)}.")
    _sent(
        world,
        agency,
        reports=[again, again, "no JSON", world.builders.report(f"{agency}/late", classification="SECRET")],
    )


def colleague(world: World, agency: str) -> None:
    """Somebody is enrolled, looks about and searches."""
    who = world.builders.enrolled(f"{agency}.colleague", agency=agency, roles=(Role.ANALYST,))
    from .probes import fetch  # what they do is what everybody does

    with world.builders.role("crossline_web"):  # but never at another agency's records, whose auditors are told of it
        for address in ("/", "/lines", f"/records?agency={agency}", "/search?q=Jaden+Cole"):
            fetch(who, address)


def _manager(world: World, agency: str) -> Any:
    name = f"{agency}.manager{next(_numbers)}"
    return world.builders.seen_by(world.builders.enrolled(name, agency=agency, roles=(Role.INFORMATION_MANAGER,)))


def _own_record(world: World, agency: str) -> UUID:
    ref = f"{agency}/kept-{next(_numbers)}"
    _sent(world, agency, reports=[world.builders.full_report(ref, audience=[agency])])
    return Record.objects.get(owner=agency, ref=ref).id


def restricted(world: World, agency: str) -> None:
    """A record is not to be used for a decision."""
    record = _own_record(world, agency)
    with _manager(world, agency) as viewpoint:
        restrict(record=record, reason="Disputed.", viewpoint=viewpoint)


def held(world: World, agency: str) -> None:
    """A record is kept for a court."""
    record = _own_record(world, agency)
    with _manager(world, agency) as viewpoint:
        place_hold(record=record, ground=HoldGround.PROCEEDINGS, reason="Trial in May.", viewpoint=viewpoint)


def disposed_of(world: World, agency: str) -> None:
    """A record goes: one decides, another confirms, the daily round carries it out."""
    record = _own_record(world, agency)
    with _manager(world, agency) as viewpoint:
        made = review(
            record=record,
            choice=Choice.DISPOSE,
            answers={question.id: Tristate.NO for question in QUESTIONS},
            reason="Nothing came of it.",
            ground=Ground.NOT_NECESSARY,
            viewpoint=viewpoint,
            today=timezone.now().date(),
        )
    with _manager(world, agency) as viewpoint:
        confirm(review=made.id, agreed=True, viewpoint=viewpoint)
    assert dispose_due(reach=world.builders.reach(world.kept), now=timezone.now())


def approval_asked(world: World, agency: str) -> None:
    """Somebody asks for a second person's word, and gets it."""
    who = world.builders.enrolled(f"{agency}.asker{next(_numbers)}", agency=agency, roles=(Role.ANALYST,))
    with world.builders.seen_by(who) as viewpoint:
        made = ask(act=Act.BULK_EXPORT, about="people as csv", rows=901, reason="For us.", viewpoint=viewpoint)
    with _manager(world, agency) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)


def released(world: World, agency: str) -> None:
    """A record is released to an agency of which nobody looks; and another, and back again."""
    who = world.builders.enrolled(f"{agency}.releaser{next(_numbers)}", agency=agency, roles=(Role.ANALYST,))
    for again in (False, True):
        record = _own_record(world, agency)
        with world.builders.seen_by(who) as viewpoint:
            said = {"to": "norfolk", "conditions": "Ask us first.", "reason": "For their inquiry."}
            asked = ask_to_release(record=record, viewpoint=viewpoint, **said)
        with _manager(world, agency) as viewpoint:
            decide(approval=asked.id, approved=True, note="", viewpoint=viewpoint)
        with world.builders.seen_by(who) as viewpoint:
            made = release(record=record, to="norfolk", approval=asked.id, viewpoint=viewpoint)
        if again:
            with _manager(world, agency) as viewpoint:
                take_back(release=made.id, reason="It is over.", viewpoint=viewpoint)


def _planted(world: World, agency: str) -> UUID:
    """A decoy with the name and number that everybody searches for, and nobody's word on it yet."""
    now, number = timezone.now(), next(_numbers)
    story = Story(
        ref=f"{agency}/decoy-{number}",
        made_at=now - timedelta(days=9),
        occurred_at=now - timedelta(days=10),
        source_grade="1",
        information_grade="A",
        conditions="A1 S2",
        subject="Operation Larch",
        text="Jaden Cole uses 07700 900123.",
        forename="Jaden",
        surname="Cole",
        born="1996-04-11",
        sex="M",
        number="07700 900123",
    )
    said = {"days": 9, "reason": "Somebody sells what they read.", "sponsor": f"{agency}.sponsor"}
    with _person(world, f"{agency}.planter") as viewpoint:
        return plant(story=story, viewpoint=viewpoint, **said).id


def _person(world: World, username: str) -> Any:
    return world.builders.seen_by(viewer_of(Person.objects.get(username=username)))


def decoy_waiting(world: World, agency: str) -> None:
    """An auditor plants a decoy to which nobody has agreed."""
    _planted(world, agency)


def decoy(world: World, agency: str) -> None:
    """A decoy in force, and one that was and is no more."""
    for again in (False, True):
        made = _planted(world, agency)
        with _person(world, f"{agency}.sponsor") as viewpoint:
            agree(decoy=made, viewpoint=viewpoint)
        if again:
            with _person(world, f"{agency}.planter") as viewpoint:
                end(decoy=made, note="Over.", viewpoint=viewpoint)


def revised(world: World, agency: str) -> None:
    """An investigation is sent again with another name: whoever an earlier revision was released to is told nothing of it."""
    name = f"Operation Elder {next(_numbers)}"
    again = world.builders.investigation("OP-2", agency=agency, name=name, line_refs=f"{agency}-MAX")
    _sent(world, agency, investigations=[again])


def shut_away(world: World, agency: str) -> None:
    """Records go into a compartment of the agency, one of them is sent again while it is inside, and somebody is admitted."""
    number = next(_numbers)
    # Whoever is enrolled is known to colleagues: where those are asked, it is done by who is there.
    own = world.people.get(f"{agency}.manager")
    made = compartment(world, agency, keeper=own, number=number)
    guest = world.builders.enrolled(f"norfolk.guest{number}", agency="norfolk", roles=(Role.INVESTIGATOR,))
    inside = [_own_record(world, agency) for _ in range(2)]
    ref, named = f"OP-V{number}", {"agency": agency, "line_refs": f"{agency}-MAX"}
    _sent(world, agency, investigations=[world.builders.investigation(ref, name="Operation Sorrel", **named)])
    inside.append(Record.objects.get(owner=agency, ref=ref).id)
    with world.builders.seen_by(made.keeper) as viewpoint:
        said = {"compartment": made.id, "reason": "On the case.", "viewpoint": viewpoint}
        asked = admit(username=guest.username, keeper=False, **said)
        for record in inside:
            put_in(record=record, **said)
    if own is None:
        manager = (Role.INFORMATION_MANAGER,)
        second = world.builders.enrolled(f"{agency}.second{number}", agency=agency, roles=manager)
        with world.builders.seen_by(made.keeper) as viewpoint:
            admit(**said | {"username": second.username, "keeper": True, "viewpoint": viewpoint})
        with world.builders.seen_by(second) as viewpoint:
            confirm_admission(admission=asked.id, viewpoint=viewpoint)
    _sent(world, agency, investigations=[world.builders.investigation(ref, name="Operation Tansy", **named)])


def taken_out(world: World, agency: str) -> None:
    """A record goes into a compartment of the agency, and comes out again by another keeper; and somebody leaves."""
    number = next(_numbers)
    made, record = compartment(world, agency, number=number), _own_record(world, agency)
    manager = (Role.INFORMATION_MANAGER,)
    second = world.builders.enrolled(f"{agency}.second{number}", agency=agency, roles=manager)
    with world.builders.seen_by(made.keeper) as viewpoint:
        said = {"compartment": made.id, "reason": "On the case.", "viewpoint": viewpoint}
        left = admit(username=second.username, keeper=True, **said)
        put_in(record=record, **said)
    with world.builders.seen_by(second) as viewpoint:
        take_out(record=record, reason="It is known by now.", viewpoint=viewpoint)
        end_admission(admission=left.id, reason="It is over.", viewpoint=viewpoint)


def worked_on_afresh(world: World, agency: str) -> None:
    """Everything is analysed again from the beginning."""
    worked_on(full=True)


FACTS: Final[Mapping[str, Fact]] = MappingProxyType(
    {
        fact.__name__: fact
        for fact in (
            *(
                same_person,
                same_reference,
                bridge,
                bridged_by_judgement,
                judgement_withdrawn,
                called_a_victim,
                conditional,
                concern,
                missing,
            ),
            *(
                investigation,
                money,
                homicide,
                campaign_return,
                communications,
                rows_refused,
                colleague,
                worked_on_afresh,
            ),
            *(restricted, held, disposed_of, approval_asked, released, revised, shut_away, taken_out, stranger),
            *(decoy, decoy_waiting),
        )
    }
)

OWN_ONLY: Final = (
    *("same_person", "same_reference", "bridge", "bridged_by_judgement", "judgement_withdrawn", "rows_refused"),
    *("restricted", "held", "disposed_of", "approval_asked", "released", "shut_away"),
    *("taken_out", "colleague", "stranger", "decoy", "decoy_waiting", "called_a_victim"),
)
"""What an agency keeps to itself."""
FOR_OWNER_AND_CENTRE: Final = (
    "conditional",
    "investigation",
    "revised",
    "money",
    "homicide",
    "campaign_return",
    "communications",
)
RESTRICTED: Final = ("concern", "missing")
"""What is told of children: to the owner, home and finder, the centre and safeguarding leads."""


def hidden_from(username: str) -> tuple[tuple[str, str], ...]:
    """The facts of which this person may see no row, each with the agency it belongs to: a plain list, by the trade's rules."""
    other = "essex" if username.startswith("kent.") else "kent"
    kinds = {
        "surrey.safeguarding": (*OWN_ONLY, *FOR_OWNER_AND_CENTRE),
        "centre.coordinator": OWN_ONLY,  # the centre sees what forces send it; an agency can keep a record to itself
    }.get(username, (*OWN_ONLY, *FOR_OWNER_AND_CENTRE, *RESTRICTED))
    own = {
        "kent.auditor": [("same_person", "kent")],  # an auditor answers for records and sees none
        "kent.analyst": [("shut_away", "kent")],  # their own agency's, and not for them
    }.get(username, [])
    if username.startswith("kent.") and username != "kent.auditor":  # a decoy is its auditors' to know
        own = [*own, ("decoy_waiting", "kent")]
    return (*((name, other) for name in kinds), *own, ("worked_on_afresh", other))
