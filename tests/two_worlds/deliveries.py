"""What is delivered out of sight: each kind of row at least once, about the same people, numbers and lines as what is visible."""

from __future__ import annotations

from django.utils import timezone

from crossline.entities.judgements import judge, withdraw
from crossline.entities.models import Judgement, Verdict
from crossline.records.models import Mention
from crossline.vocabulary.codes import MentionKind

from .findings import deal_line
from .world import NAMES, OF_UNDERHILL, World, house, judged, numbers, sent


def same_person(world: World, agency: str) -> None:
    """The same person, number, address, vehicle, line and group again, in a record of the agency alone."""
    sent(world, agency, reports=[world.builders.full_report(f"{agency}/again-{next(numbers)}", audience=[agency])])


def same_reference(world: World, agency: str) -> None:
    """A record with the very reference of one of another agency."""
    sent(world, agency, reports=[world.builders.report("kent/P", audience=[agency], subject="Something else")])


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
        f"{agency}/bridge-{next(numbers)}", audience=[agency], mentions=mentions, assertions=says
    )
    sent(world, agency, reports=[report])


def bridged_by_judgement(world: World, agency: str) -> None:
    """Somebody judges an unseen mention to be the same as each of two seen ones: a person, and a house."""
    ref = f"{agency}/hidden-{next(numbers)}"
    mentions = [world.builders.person(), house("88 Cask Yard", "ZZ56 7CC")]
    sent(world, agency, reports=[world.builders.report(ref, audience=[agency], mentions=mentions)])
    people = Mention.objects.filter(record__ref__in=["kent/Underhill", "essex/Winterbourne"], kind=MentionKind.PERSON)
    houses = Mention.objects.filter(record__ref__in=["kent/Underhill", "essex/Underhill"], kind=MentionKind.ADDRESS)
    with world.builders.administrator() as viewpoint:
        for other in (*people, *houses):
            hidden = Mention.objects.get(record__ref=ref, record__owner=agency, kind=other.kind)
            judge(left=hidden.id, right=other.id, verdict=Verdict.SAME, reason="seen", viewpoint=viewpoint)


def judgement_withdrawn(world: World, agency: str) -> None:
    """A judgement on an unseen mention is made and taken back."""
    ref = f"{agency}/judged-{next(numbers)}"
    sent(world, agency, reports=[world.builders.report(ref, audience=[agency])])
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
    ref = f"{agency}/victim-{next(numbers)}"
    sent(world, agency, reports=[world.builders.report(ref, audience=[agency], mentions=mentions, assertions=says)])


def conditional(world: World, agency: str) -> None:
    """Intelligence under handling C."""
    sent(world, agency, reports=[world.builders.full_report(f"{agency}/C-{next(numbers)}", handling="C")])


def concern(world: World, agency: str) -> None:
    """A concern about a child whom everybody has a record of."""
    ref = f"{agency}/concern-{next(numbers)}"
    said = {"source_sector": "education", "indicators": ["travel", "exclusion"]}
    sent(world, agency, reports=[world.builders.report(ref, kind="concern", concern=said)])


def stranger(world: World, agency: str) -> None:
    """An agency that never sent anything sends one record, about people, a number and a line that nobody else knows."""
    number = next(numbers)
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
        sent(world, "sussex", reports=[report])


def missing(world: World, agency: str) -> None:
    """A missing episode of that child."""
    ref = f"{agency}/missing-{next(numbers)}"
    sent(world, agency, reports=[world.builders.missing_report(ref, home=agency, found=agency)])


def investigation(world: World, agency: str) -> None:
    """An investigation into the same numbers and lines."""
    ref = f"OP-X{next(numbers)}"
    sent(world, agency, investigations=[world.builders.investigation(ref, agency=agency, name="Operation Yew")])


def money(world: World, agency: str) -> None:
    """Money taken from the line."""
    sent(world, agency, finance=[world.builders.money(f"M-{next(numbers)}", agency=agency)])


def homicide(world: World, agency: str) -> None:
    """A homicide return."""
    sent(world, agency, homicides=[world.builders.homicide(f"H-{next(numbers)}", agency=agency)])


def campaign_return(world: World, agency: str) -> None:
    """A figure of the same week, and one of a week nobody else returned."""
    figures = [
        world.builders.figure("ARR_T", agency=agency, value=str(10 + next(numbers))),
        world.builders.figure("ARR_T", agency=agency, value="4", campaign="2025-12-01"),
    ]
    sent(world, agency, returns=figures)


def communications(world: World, agency: str) -> None:
    """Another set of communications data, a succession found in it, and a number that looks like a deal line."""
    number = next(numbers)
    folder = world.folder / f"comms-{number}"
    world.builders.delivery(folder, agency=agency, ref=f"comms-{number}")
    said = world.builders.authorisation(f"AUTH-X{number}", agency=agency)
    world.builders.write_communications(folder / "comms", said=said)
    world.builders.take(folder, world.kept)
    world.builders.succession(agency, "+447700900333#0001", f"+44770090090{number % 100:02}#0001")
    deal_line(agency, "+447700900123#0042", data=said["ref"])


def rows_refused(world: World, agency: str) -> None:
    """A delivery with rows that are refused, held and doubled."""
    again = world.builders.report(f"{agency}/own", audience=[agency], text=f"Other {next(numbers)}.")
    sent(
        world,
        agency,
        reports=[again, again, "no JSON", world.builders.report(f"{agency}/late", classification="SECRET")],
    )
