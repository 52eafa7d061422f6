"""The first world: deliveries of several agencies with records of every kind and handling, worked on; and who looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from crossline.access.approvals import Act, ask, decide
from crossline.access.audit import Process
from crossline.access.compartments.actions import admit, end_admission, open_compartment
from crossline.access.compartments.models import CompartmentAdmission, CompartmentKind
from crossline.access.models import Audience, Person
from crossline.access.partners import add_partner
from crossline.access.roles import Role
from crossline.access.viewer import Viewer, viewer_of
from crossline.deconfliction.answering import set_answer
from crossline.deconfliction.checking import Asked, Why, ask_check
from crossline.deconfliction.events import Planned, register_event
from crossline.deconfliction.pointing import make_pointers
from crossline.deconfliction.rules import AnswerLevel
from crossline.engines.deconfliction.tokens import EventKind, PlannedEvent, Point
from crossline.entities.judgements import judge
from crossline.entities.matching import match_people
from crossline.entities.matching_things import match_things
from crossline.entities.models import Verdict
from crossline.lines.attention import change_attention
from crossline.lines.declaring import Said, declare_status
from crossline.lines.declaring_orders import declare_orders
from crossline.lines.evidence import Offered
from crossline.lines.models import PairVerdict
from crossline.lines.pairing import judge_pair
from crossline.lines.states import DeclaredState, OrdersTaken
from crossline.operations.joint.asking import About
from crossline.operations.joint.asking import Asked as Wished
from crossline.operations.joint.asking import ask as ask_agency
from crossline.operations.joint.moves import AboutKind, AskedFor, Priority
from crossline.records.compartments.actions import put_in
from crossline.records.models import Mention, Record
from crossline.records.releasing import ask_to_release, release
from crossline.safeguarding.missing.episodes import episodes
from crossline.safeguarding.missing.models import EntryKind
from crossline.safeguarding.missing.noting import disclose, note_on_episode
from crossline.safeguarding.missing.planning import save_plan
from crossline.safeguarding.missing.standing import plans_of
from crossline.safeguarding.raising import raise_due
from crossline.safeguarding.referrals.draft import Consent, Draft
from crossline.safeguarding.referrals.drafting import draft_referral
from crossline.safeguarding.referrals.fields import recipients
from crossline.safeguarding.referrals.law import golden_rules
from crossline.safeguarding.referrals.sending import move_sheet, open_sheet, send_referral, write_message
from crossline.safeguarding.referrals.states import State
from crossline.safeguarding.screening.form import newest
from crossline.safeguarding.screening.models import Stage
from crossline.safeguarding.screening.reckoning import Answer
from crossline.safeguarding.screening.saving import Said as Screened
from crossline.safeguarding.screening.saving import enter_local_result, screen_person
from crossline.vocabulary.agencies import PartnerKind
from crossline.vocabulary.codes import MentionKind, Tristate

from .findings import deal_line

VIEWERS: Final[Mapping[str, tuple[str, tuple[Role, ...]]]] = MappingProxyType(
    {
        "kent.analyst": ("kent", (Role.ANALYST, Role.INTELLIGENCE)),
        "essex.investigator": ("essex", (Role.INVESTIGATOR,)),
        "surrey.safeguarding": ("surrey", (Role.SAFEGUARDING,)),
        "centre.coordinator": ("nclcc", (Role.COORDINATOR, Role.ANALYST)),
        "kent.auditor": ("kent", (Role.AUDITOR,)),
        "kent.manager": ("kent", (Role.INFORMATION_MANAGER,)),
        "kent.administrator": ("kent", (Role.ADMINISTRATOR,)),
        "quillhaven.partner": ("partner-quillhaven-academy", (Role.PARTNER,)),
    }
)
"""Who looks: two forces with deliveries of their own, one without, the centre, who answers for records, two without a
policing role, and somebody of a partner organisation."""

NAMES: Final = (("Jaden", "Cole"), ("Marcus", "Underhill"), ("Toby", "Winterbourne"))
OF_UNDERHILL: Final = "07700 900666#0006"
"""His own number: no line's and no victim's, but for who sees that Kent judges him to be somebody who is one."""


ASKERS: Final = ("centre.coordinator", "essex.investigator", "kent.analyst", "surrey.safeguarding")
"""Who asks what others work on."""
OF_ALL: Final = "07700 900123#0042"
"""What the investigations of Kent and Essex concern."""
OF_NOBODY: Final = "07700 900909#0009"
"""What nobody works on, but for whoever does so out of sight."""
TRUST: Final = "partner-quillhaven-trust"
"""A partner organisation none of whose people looks."""
HOUSES: Final = MappingProxyType({"kent": ("2 Farthing Row", "ZZ12 1AA"), "essex": ("51 Ropewalk", "ZZ34 5BB")})
"""Where a house is that a force's second delivery names."""
numbers = count(1)
"""By which what is added to a world is told apart."""


@dataclass(frozen=True)
class World:
    """What a store was made of, for those who ask about it and add to it."""

    builders: Any
    folder: Path
    kept: Path
    people: Mapping[str, Viewer]


def sent(world: World, agency: str, **files: Any) -> None:
    """A delivery more."""
    number = next(numbers)
    world.builders.sent(world.folder / f"fact-{number}", world.kept, agency=agency, ref=f"fact-{number}", **files)


def made(builders: Any, folder: Path, kept: Path) -> World:
    """The store that every comparison starts from."""
    builders.sent_by_two(folder / "base", kept)
    for agency in ("kent", "essex"):
        _lines_and_bridges(builders, folder, kept, agency)
    for agency, old, new in (
        ("kent", "+447700900123#0042", "+447700900777#0001"),
        ("essex", "+447700900444#0002", "+447700900888#0001"),
    ):
        builders.succession(agency, old, new)
        deal_line(agency, old)
    worked_on()
    judged(builders, "kent/own")
    add_partner(
        name="Quillhaven Academy", short_name="Academy", kind=PartnerKind.EDUCATION, region="", by=Process("tests")
    )
    add_partner(name="Marrowmere Clinic", short_name="Clinic", kind=PartnerKind.HEALTH, region="", by=Process("tests"))
    add_partner(name="Quillhaven Trust", short_name="Trust", kind=PartnerKind.CHARITY, region="", by=Process("tests"))
    people = {name: builders.enrolled(name, agency=agency, roles=roles) for name, (agency, roles) in VIEWERS.items()}
    builders.enrolled("marrowmere.nurse", agency="partner-marrowmere-clinic", roles=(Role.PARTNER,))
    for agency in ("kent", "essex"):
        for name, role in (("planter", Role.AUDITOR), ("sponsor", Role.INFORMATION_MANAGER)):
            builders.enrolled(f"{agency}.{name}", agency=agency, roles=(role,))
    world = World(builders, folder, kept, MappingProxyType(people))
    _closed(world)
    _released(world)
    _shut_away(world)
    _looked_at(world)
    _asked_for_action(world)
    _seen_to(world)
    _asked(world)
    _referred(world)
    return world


def refer(world: World, agency: str, ref: str, partner: str, recipient: str, reader: str = "") -> UUID:
    """A safeguarding lead of an agency refers the child of one of its reports to a partner. Gives the sheet."""
    lead = world.builders.enrolled(f"{agency}.lead{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
    draft = Draft(
        words={field: f"What {partner} may know: {field}." for field in recipients()[recipient].fields},
        gateway="common_law",
        basis="part_3",
        consent=Consent.GIVEN,
        consent_reason="Said so.",
        rules={rule.id: "Answered." for rule in golden_rules()},
        inference="Nothing.",
        urgency="routine",
        reader=reader,
    )
    with world.builders.seen_by(lead) as viewpoint:
        about = Mention.objects.filter(record__ref=ref, kind=MentionKind.PERSON).order_by("place", "id")[0]
        said = {"draft": draft, "records": [about.record_id], "reason": "Risk.", "viewpoint": viewpoint}
        made = draft_referral(about=about.id, partner=partner, recipient=recipient, **said)
    with world.builders.seen_by(lead) as viewpoint:
        sheet = send_referral(referral=made.id, stood=1, viewpoint=viewpoint).id
    with world.builders.seen_by(lead) as viewpoint:
        write_message(sheet=sheet, words="Please ring first.", viewpoint=viewpoint)
    return sheet


def _referred(world: World) -> None:
    """Kent refers a child to the academy, whose lead opens that and accepts it; and another time to the trust."""
    partner = world.people["quillhaven.partner"]
    sheet = refer(world, "kent", "kent/P", partner.agency, "education", partner.username)
    with world.builders.seen_by(partner) as viewpoint:
        open_sheet(sheet=sheet, viewpoint=viewpoint)
        move_sheet(sheet=sheet, to=State.ACCEPTED, words="We watch.", stood=2, viewpoint=viewpoint)
    refer(world, "kent", "kent/P", TRUST, "charity")


def _seen_to(world: World) -> None:
    """Each force's safeguarding lead has written of the child in its missing record, and screened them; in Kent first."""
    for agency, other, stage in (("kent", "essex", Stage.FIRST), ("essex", "kent", Stage.REVIEW)):
        child = Mention.objects.get(record__ref=f"{agency}/missing", kind=MentionKind.PERSON).id
        who = world.builders.enrolled(f"{agency}.lead", agency=agency, roles=(Role.SAFEGUARDING,))
        with world.builders.seen_by(who) as viewpoint:
            act = {"episode": child, "viewpoint": viewpoint}
            offered = {"kind": EntryKind.OFFERED, "said": {"who": f"Worker of {agency}"}, "text": ""}
            note_on_episode(happened_at=timezone.now(), **offered, **act)
            disclose(told_at=timezone.now(), told_to="Worker", text=f"Told to {agency}.", **act)
            stood = len(plans_of(viewpoint, episodes(viewpoint).of_mention[child]))
            soon = timezone.localdate() + timedelta(days=9)
            save_plan(text=f"Plan of {agency}.", review_on=soon, reason="Again.", stood=stood, **act)
            asked = dict.fromkeys((each.id for each in newest().domains), other)
            answers = {"weapons": Answer(Tristate.YES, 2, f"Seen by {agency}.")}
            said = Screened(stage, answers, asked, 15, "“No.”", f"Judged by {agency}.")
            screen_person(about=child, said=said, stood=int(agency != "kent"), viewpoint=viewpoint)
            made = {"tool": "grid_0_3", "result": "2", "made_by": f"Worker of {agency}", "day": timezone.localdate()}
            enter_local_result(about=child, text="", viewpoint=viewpoint, **made)


def _asked(world: World) -> None:
    """Kent and Essex let it be said of one investigation each, and several ask, of what they share and of what nobody has."""
    for name in ("kent.manager", "essex.allower"):
        who = world.people.get(name) or viewer_of(Person.objects.get(username=name))
        record = Record.objects.get(owner=who.agency, ref="OP-2").id
        with world.builders.seen_by(who) as viewpoint:
            set_answer(level=AnswerLevel.CONTACT, contact="The desk", category="", record=record, viewpoint=viewpoint)
    why = Why("before a warrant", "Operation Rowan", "Their desk", 91)
    for name in ASKERS:
        for number in (OF_ALL, OF_NOBODY):
            with world.builders.seen_by(world.people[name]) as viewpoint:
                ask_check(asked=Asked.read("phone", number), why=why, viewpoint=viewpoint)
    for place, name in enumerate(ASKERS):
        with world.builders.seen_by(world.people[name]) as viewpoint:
            level = (AnswerLevel.CONTACT, AnswerLevel.SILENT)[place % 2]
            register_event(planned=planned(level), reason=why, viewpoint=viewpoint)


HASTINGS: Final = Point(50.8554, 0.5730)


def planned(level: AnswerLevel, point: Point = HASTINGS) -> Planned:
    """An hour's warrant of the day after tomorrow."""
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)
    return Planned(PlannedEvent(EventKind.WARRANT, point, start, start + timedelta(hours=1)), "a place", level)


def _closed(world: World) -> None:
    """Each force has closed a line, on a record of its own that others do not see; its number is in use since, and two returned
    lines are kept apart."""
    for agency, ref, number in (("kent", "LEO-1", "+447700900123#0042"), ("essex", "essex-MAX", "+447700900444#0002")):
        owner = world.builders.enrolled(f"{agency}.closer", agency=agency)
        returned = Record.objects.get(owner=agency, kind="line_return", ref=ref)
        named = {"kent": "kent/C", "essex": "essex/DEAD"}[agency]
        silent = date(2026, 1, 5)
        offered = Offered(records=(str(Record.objects.get(owner=agency, ref=named).id),))
        said = Said(DeclaredState.TYPE2_PROPOSED, "Cut off.", since=silent, number=number, offered=offered)
        with world.builders.seen_by(owner) as viewpoint:
            stood = declare_status(returned=returned.id, said=said, stood=None, viewpoint=viewpoint).id
        with world.builders.seen_by(world.people["centre.coordinator"]) as viewpoint:
            agreed = Said(DeclaredState.CLOSED_TYPE2, "Agreed.")
            declare_status(returned=returned.id, said=agreed, stood=stood, viewpoint=viewpoint)
            change_attention(returned=returned.id, raised=True, reason="Children.", viewpoint=viewpoint)
            said_of_orders = {"taken": OrdersTaken.SOCIAL, "reason": "It sells by an app."}
            declare_orders(returned=returned.id, **said_of_orders, viewpoint=viewpoint)
    pair = [Record.objects.get(owner=agency, kind="line_return", ref=f"{agency}-MAX") for agency in ("kent", "essex")]
    with world.builders.seen_by(world.people["centre.coordinator"]) as viewpoint:
        said_of_pair = {"verdict": PairVerdict.DIFFERENT, "reason": "Two phones.", "stood": None}
        judge_pair(one=pair[0], other=pair[1], viewpoint=viewpoint, **said_of_pair)


def _shut_away(world: World) -> None:
    """Compartments with a record in each, and of each somebody who has left. Of Kent's first belongs who answers for its
    records, of its second only a colleague of theirs, and of Essex's who investigates there."""
    manager = (Role.INFORMATION_MANAGER,)
    for number, (agency, name) in enumerate(
        (("kent", "kent.manager"), ("kent", "kent.keeper"), ("essex", "essex.keeper"))
    ):
        who = world.people.get(name) or world.builders.enrolled(name, agency=agency, roles=manager)
        made = compartment(world, agency, keeper=who, number=number)
        ref = f"{agency}/vault{number}"
        report = world.builders.full_report(ref, handling="C")
        folder = world.folder / f"vault{number}"
        world.builders.sent(folder, world.kept, agency=agency, ref=f"2026-3{number}", reports=[report])
        record = Record.objects.get(owner=agency, ref=ref).id
        with world.builders.seen_by(who) as viewpoint:
            said = {"compartment": made.id, "keeper": False, "viewpoint": viewpoint}
            if agency == "essex":
                admit(username="essex.investigator", reason="On the case.", **said)
            gone = admit(username=f"{agency}.gone", reason="For a week.", **said)
            end_admission(admission=gone.id, reason="The week is over.", viewpoint=viewpoint)
            put_in(record=record, compartment=made.id, reason="It tells who said so.", viewpoint=viewpoint)
    worked_on()


@dataclass(frozen=True)
class Opened:
    """A compartment, and the first of its keepers."""

    id: UUID
    keeper: Viewer


def compartment(world: World, agency: str, *, keeper: Viewer | None = None, number: int = 0) -> Opened:
    """A compartment of an agency, opened by one of its information managers; beside it somebody whom nobody has admitted."""
    manager = (Role.INFORMATION_MANAGER,)
    who = keeper or world.builders.enrolled(f"{agency}.keeper{number}", agency=agency, roles=manager)
    world.builders.enrolled(f"{agency}.gone", agency=agency, roles=(Role.ANALYST,))
    with world.builders.seen_by(who) as viewpoint:
        said = {"kind": CompartmentKind.OPERATION, "name": f"Operation Quoin {number}", "reason": "Covert."}
        made = open_compartment(viewpoint=viewpoint, **said)
    return Opened(made.id, who)


def _released(world: World) -> None:
    """An investigation of Essex, released to Kent and read there."""
    record = Record.objects.get(owner="essex", ref="OP-2").id
    allower = world.builders.enrolled("essex.allower", agency="essex", roles=(Role.INFORMATION_MANAGER,))
    with world.builders.seen_by(world.people["essex.investigator"]) as viewpoint:
        said = {"to": "kent", "conditions": "For Operation Larch alone.", "reason": "They share a line."}
        asked = ask_to_release(record=record, viewpoint=viewpoint, **said)
    with world.builders.seen_by(allower) as viewpoint:
        decide(approval=asked.id, approved=True, note="", viewpoint=viewpoint)
    with world.builders.seen_by(world.people["essex.investigator"]) as viewpoint:
        release(record=record, to="kent", approval=asked.id, viewpoint=viewpoint)


def _asked_for_action(world: World) -> None:
    """Kent asks Essex about its line, and Essex has not answered yet."""
    words = {"subject": "Line Leo", "wanted": "Act.", "reason": "Harm.", "grounds": "Seen."}
    about = About(AboutKind.LINE, "kent", "LEO-1")
    with world.builders.seen_by(world.people["kent.analyst"]) as viewpoint:
        ask_agency(asked=Wished("essex", AskedFor.ACTION, Priority.ROUTINE, about=about, **words), viewpoint=viewpoint)


def _looked_at(world: World) -> None:
    """Reads that auditors find, and a request that waits for a second person."""
    from .probes import fetch

    own = Record.objects.get(owner="kent", ref="kent/P")
    to_kent = Record.objects.get(owner="essex", ref="OP-2")
    with world.builders.role("crossline_web"):
        for name in ("kent.analyst", "essex.investigator"):
            fetch(world.people[name], f"/records/{own.id}")
        fetch(world.people["kent.analyst"], f"/records/{to_kent.id}")
    with world.builders.seen_by(world.people["kent.analyst"]) as viewpoint:
        ask(act=Act.BULK_EXPORT, about="people as csv", rows=900, reason="For a conference.", viewpoint=viewpoint)


def _lines_and_bridges(builders: Any, folder: Path, kept: Path, agency: str) -> None:
    """A second line with its own number, two campaign figures, and people whom nothing but an unseen record could join."""
    numbers = {"kent": "07700 900333#0001", "essex": "07700 900444#0002"}
    reports = [
        builders.report(
            f"{agency}/{surname}", mentions=[builders.person(forename=forename, surname=surname, dob="1990-05-06")]
        )
        for forename, surname in NAMES[1:]
    ]
    phone = {"key": "t1", "kind": "phone", "number": numbers[agency]}
    reports.append(builders.report(f"{agency}/DEAD", handling="C", mentions=[phone]))
    reports[0]["mentions"].append({"key": "t1", "kind": "phone", "number": OF_UNDERHILL})
    reports[0]["assertions"] = [{"from": "p1", "to": "t1", "type": "uses", "basis": "fact", "category": "suspect"}]
    reports[0]["mentions"].append(house(*HOUSES[agency]))
    builders.sent(
        folder / f"{agency}-second",
        kept,
        agency=agency,
        ref="2026-2",
        reports=reports,
        lines=[builders.line(f"{agency}-MAX", agency=agency, name="Max", numbers=numbers[agency], towns="Margate")],
        returns=[builders.figure(metric, agency=agency, value="3") for metric in ("ARR_M", "LINES_CLOSED")],
        investigations=[
            builders.investigation("OP-2", agency=agency, name="Operation Rowan", line_refs=f"{agency}-MAX")
        ],
    )


def house(text: str, postcode: str) -> dict[str, Any]:
    """An address."""
    return {"key": "a1", "kind": "address", "text": text, "postcode": postcode}


def worked_on(*, full: bool = False) -> None:
    """The steps of the daily rhythm that join records of different agencies."""
    match_people(full=full)
    match_things(full=full)
    raise_due(full=full)
    make_pointers(full=full)


def judged(builders: Any, ref: str, *, verdict: Verdict = Verdict.SAME) -> UUID:
    """Somebody who sees everything judges a person of this record against one of another."""
    person = Mention.objects.filter(record__ref=ref, kind=MentionKind.PERSON).order_by("id").first()
    assert person is not None
    other = Mention.objects.filter(record__ref="kent/Underhill", kind=MentionKind.PERSON).get()
    with builders.administrator() as viewpoint:
        return judge(left=person.id, right=other.id, verdict=verdict, reason="seen together", viewpoint=viewpoint).id


def may_see(viewer: Viewer) -> frozenset[int]:
    """The audiences somebody belongs to, worked out here from the trade's rules and not from the product's policy."""
    groups = {f"role:{role}" for role in viewer.roles}
    if viewer.agency.startswith("partner-"):
        groups = {f"partner:{viewer.agency}"}
    elif viewer.roles - {Role.AUDITOR, Role.ADMINISTRATOR}:
        groups |= {"police", f"agency:{viewer.agency}"}
        groups |= {"centre"} if viewer.agency == "nclcc" else set()
    if Role.SAFEGUARDING in viewer.roles:
        groups.add("safeguarding")
    groups |= {f"compartment:{each.compartment_id}" for each in admitted(viewer.username)}
    return frozenset(each.pk for each in Audience.objects.all() if groups & set(each.fingerprint.split()))


def admitted(username: str) -> list[CompartmentAdmission]:
    """By which somebody belongs to compartments: of the owner's agency, or confirmed by a second keeper; and not ended."""
    rows = CompartmentAdmission.objects.filter(person__username=username, end=None).select_related("person")
    return [each for each in rows if each.person.agency_id == each.admitted_agency or hasattr(each, "confirmation")]
