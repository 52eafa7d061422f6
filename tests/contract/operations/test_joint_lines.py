"""The lead of a line, its page across agencies, lines run from one's own area, and the figures of requests."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.lines.declaring import Said as StateSaid
from crossline.lines.declaring import declare_status
from crossline.lines.register import RegisterLine, register
from crossline.lines.states import DeclaredState
from crossline.operations.joint.asking import About, Asked, Said, ask, audience_between, move
from crossline.operations.joint.figures import by_agency, refusals
from crossline.operations.joint.leads import Lead, lead_of, leads, move_lead, offer_lead
from crossline.operations.joint.moves import (
    LEAD_MOVES,
    AboutKind,
    AskedFor,
    LeadState,
    Priority,
    RequestState,
)
from crossline.operations.joint.requests import requests_seen
from crossline.operations.joint.surfacing import mark_read, surfaced
from crossline.operations.models import LeadStep, ReadUpTo, RequestStep
from crossline.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

L = LeadState


@pytest.fixture
def people(builders: Any) -> Mapping[str, Viewer]:
    return {
        agency: builders.enrolled(f"{agency}.analyst", agency=agency, roles=[Role.ANALYST])
        for agency in ("kent", "metropolitan", "nclcc", "surrey")
    }


@pytest.fixture
def leo(people: Mapping[str, Viewer], builders: Any, tmp_path: Path, kept: Path) -> UUID:
    """Kent returns Leo, run from the Metropolitan's area; Kent investigates its number and returned figures for a week."""
    files = {
        "lines": [builders.line(last_seen="2026-02-20")],
        "investigations": [builders.investigation()],
        "returns": [builders.figure()],
    }
    builders.sent(tmp_path / "kent", kept, **files)
    return UUID(line_seen(builders, people["surrey"]).id)


def line_seen(builders: Any, who: Viewer) -> RegisterLine:
    with builders.seen_by(who) as viewpoint:
        return register(viewpoint).lines[0]


def lead_seen(builders: Any, who: Viewer) -> Lead:
    with builders.seen_by(who) as viewpoint:
        return lead_of(register(viewpoint).lines[0], leads(viewpoint))


@pytest.fixture
def offers(people: Mapping[str, Viewer], builders: Any, leo: UUID) -> Callable[..., LeadStep]:
    def made(by: str, lead: str, reason: str = "They hold it.", line: UUID | None = None) -> LeadStep:
        with builders.seen_by(people[by]) as viewpoint:
            return offer_lead(line=line or leo, lead=lead, reason=reason, viewpoint=viewpoint)

    return made


@pytest.fixture
def answers(people: Mapping[str, Viewer], builders: Any) -> Callable[..., LeadStep]:
    def made(by: str, step: UUID, to: LeadState, reason: str = "Agreed.") -> LeadStep:
        with builders.seen_by(people[by]) as viewpoint:
            return move_lead(step=step, to=to, reason=reason, viewpoint=viewpoint)

    return made


def browse(as_web: Any, who: Viewer, address: str, said: dict[str, str] | None = None) -> tuple[int, str]:
    client = Client(headers={"host": "localhost"})
    with as_web():
        client.force_login(Person.objects.get(username=who.username))
        answer = client.get(address) if said is None else client.post(address, said)
    return answer.status_code, answer.content.decode()


def test_whoever_led_leads_until_the_agency_that_is_offered_the_lead_agrees(
    offers: Callable[..., LeadStep],
    answers: Callable[..., LeadStep],
    builders: Any,
    people: Any,
    tmp_path: Path,
    kept: Path,
) -> None:
    own = offers("kent", "kent", "Ours for now.")
    assert (own.state, lead_seen(builders, people["surrey"]).agency) == (L.ACCEPTED, "kent")
    offer = offers("kent", "metropolitan")
    for by, lead, told in (
        ("kent", "kent", "leads on this line already"),
        ("kent", "metropolitan", "offered to Metropolitan Police Service already"),
        ("nclcc", "partner-quillhaven", "Choose the agency"),
    ):
        with pytest.raises(UserError, match=told):
            offers(by, lead)
    assert lead_seen(builders, people["surrey"]).agency == "kent"
    answers("metropolitan", offer.id, L.DECLINED, "No capacity before May.")
    assert lead_seen(builders, people["surrey"]).agency == "kent"
    agreed = answers("metropolitan", offers("nclcc", "metropolitan").id, L.ACCEPTED)
    assert lead_seen(builders, people["surrey"]).agency == "metropolitan"
    builders.sent(tmp_path / "again", kept, ref="2", lines=[builders.line(last_seen="2026-03-01", status="disrupted")])
    assert lead_seen(builders, people["surrey"]).agency == "metropolitan", (
        "a later revision of the return keeps the lead"
    )
    with pytest.raises(NotPermitted, match="Metropolitan Police Service leads on this line"):
        offers("kent", "kent")
    answers("metropolitan", agreed.id, L.ENDED, "Charged.")
    assert lead_seen(builders, people["surrey"]).agency == "", "who led before does not lead again by itself"
    assert AuditEvent.objects.filter(event="line_lead_moved").count() == LeadStep.objects.count() == 6


def test_each_move_of_the_lead_is_in_the_table_and_its_sides_alone_and_the_database_holds_it(
    offers: Callable[..., LeadStep], answers: Callable[..., LeadStep], builders: Any, people: Any
) -> None:
    for by, told in (
        ("surrey", "An agency that returned the line"),
        ("metropolitan", "An agency that returned the line"),
    ):
        with pytest.raises(NotPermitted, match=told):
            offers(by, "surrey")
    with pytest.raises(NotPermitted, match="does not exist"):
        offers("kent", "kent", line=uuid4())
    offer = offers("kent", "metropolitan")
    stands = {L.OFFERED: offer.id}
    for to in (L.ACCEPTED, L.DECLINED, L.WITHDRAWN, L.ENDED):
        with transaction.atomic():
            by = "kent" if to is L.WITHDRAWN else "metropolitan"
            first = answers("metropolitan", offer.id, L.ACCEPTED).id if to is L.ENDED else offer.id
            stands = {L.OFFERED: offer.id, to: answers(by, first, to).id}
            for state, step in stands.items():
                for becomes in L:
                    allowed = becomes in LEAD_MOVES[state] and state is not L.OFFERED
                    if not allowed:
                        with pytest.raises(UserError, match=r"cannot become|Somebody else answered|does that"):
                            answers("metropolitan", step, becomes)
            transaction.set_rollback(True)
    for by, to in (("surrey", L.ACCEPTED), ("kent", L.DECLINED), ("metropolitan", L.WITHDRAWN), ("nclcc", L.ACCEPTED)):
        with pytest.raises(NotPermitted, match="does that; ask people there"):
            answers(by, offer.id, to)
        forged = LeadStep(
            **{f.attname: getattr(offer, f.attname) for f in offer._meta.fields}
            | {"id": uuid4(), "state": to, "follows_id": offer.id, "by": people[by].username, "by_agency": by}
        )
        with pytest.raises(DatabaseError, match="row-level"), transaction.atomic(), builders.seen_by(people[by]):
            forged.save(force_insert=True)
    with pytest.raises(UserError, match="Give the reason"):
        answers("metropolitan", offer.id, L.ACCEPTED, " ")
    answers("metropolitan", offer.id, L.ACCEPTED)
    with pytest.raises(MoveNotAllowed, match="Somebody else answered"):
        answers("metropolitan", offer.id, L.DECLINED)


def test_a_lines_page_tells_each_viewer_what_they_may_see_of_it_and_no_more(
    leo: UUID, offers: Callable[..., LeadStep], builders: Any, people: Any, as_web: Any
) -> None:
    about = About(AboutKind.LINE, "kent", "LEO-1")
    with builders.seen_by(people["kent"]) as viewpoint:
        asked = Asked("metropolitan", AskedFor.ACTION, Priority.URGENT, "Arrest the holder", "a", "b", "c", about=about)
        made = ask(asked=asked, viewpoint=viewpoint)
    offers("kent", "metropolitan", "He lives there.")
    address = f"/lines/{leo}/joint-work"
    shown = {name: browse(as_web, who, address) for name, who in people.items()}
    assert {status for status, _ in shown.values()} == {200}
    for _, page in shown.values():
        for words in ("returned the line: ", "07700 900123 #0042", "Kent offered the lead to", "He lives there."):
            assert words in page, words
    assert {name for name, (_, page) in shown.items() if str(made.id) in page} == {"kent", "metropolitan", "nclcc"}
    assert {name for name, (_, page) in shown.items() if "Arrest the holder" in page} == {
        "kent",
        "metropolitan",
        "nclcc",
    }
    assert {name for name, (_, page) in shown.items() if "OP-1" in page} == {"kent", "nclcc"}
    assert "was asked about it" not in shown["surrey"][1] and "was asked about it" in shown["metropolitan"][1]
    assert {name for name, (_, page) in shown.items() if "Accept the lead" in page} == {"metropolitan"}
    harm = shown["metropolitan"][1].partition("Harm in importing areas")[2].partition("</table>")[0]
    figures = re.findall(r"numeric\"[^>]*>\s*(?:<span[^>]*>)?([^<\s][^<]*)", harm.partition("<tbody")[2])
    assert figures == ["4", "Not graded", "3", "Not graded", "0", "5"]
    assert "stands in that force’s own list" in shown["metropolitan"][1]

    step = LeadStep.objects.get()
    said = {"do": "answer", "step": str(step.id), "to": "accepted", "reason": ""}
    assert browse(as_web, people["metropolitan"], address, said)[0] == 422
    assert browse(as_web, people["surrey"], address, said | {"reason": "x"})[0] == 422
    assert "LEO-1" not in browse(as_web, people["kent"], "/joint-work/without-lead?of=us")[1]
    listed = browse(as_web, people["surrey"], "/joint-work/without-lead")[1]
    assert address in listed and "Met" in listed
    assert address not in browse(as_web, people["surrey"], "/joint-work/without-lead?of=us")[1]
    assert browse(as_web, people["metropolitan"], address, said | {"reason": "Agreed."})[0] == 302
    assert "Metropolitan Police Service leads on this line." in browse(as_web, people["surrey"], address)[1]
    assert address not in browse(as_web, people["surrey"], "/joint-work/without-lead")[1]
    offer = {"do": "offer", "lead": "surrey", "reason": "x"}
    assert browse(as_web, people["kent"], address, offer)[0] == 422
    assert browse(as_web, people["nclcc"], address, offer)[0] == 302
    told = {browse(as_web, people["kent"], f"/lines/{uuid4()}/joint-work")[0]}
    assert told == {404}


def test_the_time_line_tells_what_was_declared_and_what_overlaps_to_who_sees_what_it_is_made_of(
    leo: UUID, builders: Any, people: Any, as_web: Any, tmp_path: Path, kept: Path
) -> None:
    """A status, a closure with its check-back and a reopening to everybody; shared things to who sees both investigations."""
    builders.sent(
        tmp_path / "k",
        kept,
        ref="vehicles",
        investigations=[builders.investigation("OP-2", selectors="phone:07700 900123 #0042;vrm:AB12 CDE")],
    )
    builders.sent(
        tmp_path / "s",
        kept,
        agency="surrey",
        investigations=[builders.investigation("OP-9", agency="surrey", selectors="vrm:AB12CDE")],
    )
    returned = Record.objects.get(kind="line_return", ref="LEO-1")
    with builders.seen_by(people["kent"]) as viewpoint:
        said = StateSaid(DeclaredState.DISRUPTED, "Two arrests were made.")
        declare_status(returned=returned.id, said=said, stood=None, viewpoint=viewpoint)
    shown = {name: browse(as_web, who, f"/lines/{leo}/joint-work")[1] for name, who in people.items()}
    for page in shown.values():
        assert "Declared of Kent’s return LEO-1: Disrupted" in page and "Two arrests were made." in page
    assert {name for name, page in shown.items() if "OP-2 and OP-9 share: a vehicle" in page} == {"nclcc"}
    again = builders.investigation("OP-9", agency="surrey", selectors="phone:07700 900555")
    builders.sent(tmp_path / "s2", kept, agency="surrey", ref="again", investigations=[again])
    assert "OP-2 and OP-9 share" not in browse(as_web, people["nclcc"], f"/lines/{leo}/joint-work")[1]


def test_a_line_that_surfaces_elsewhere_is_told_to_its_exporter_once(
    leo: UUID, builders: Any, people: Any, as_web: Any, tmp_path: Path, kept: Path
) -> None:
    def news(who: str) -> set[tuple[str, str, str]]:
        with builders.seen_by(people[who]) as viewpoint:
            mark = ReadUpTo.objects.filter(agency=who).order_by("-up_to").first()
            found = surfaced(viewpoint, since=mark.up_to if mark else None)
        return {(str(each.news), each.what, each.ref) for each in found}

    first = {("returned", "kent", "LEO-1"), ("area", "kent", "LEO-1")}
    assert news("metropolitan") == first | {("town", town, "LEO-1") for town in ("Hastings", "Margate")}
    assert news("kent") == news("surrey") == set()
    status, page = browse(as_web, people["metropolitan"], "/joint-work/lines-from-us")
    assert status == 200 and "Kent: child exploitation 4, violence 3, drug harm 5" in page
    up_to = re.search(r'name="up_to" value="([^"]+)"', page)
    assert (
        up_to is not None
        and "1 return of other agencies has something new" in browse(as_web, people["metropolitan"], "/joint-work")[1]
    )
    for wrong in ("", "soon", "2026-13-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00", "2026-01-01T00:00:00"):
        assert browse(as_web, people["metropolitan"], "/joint-work/lines-from-us", {"up_to": wrong})[0] == 422
    assert browse(as_web, people["metropolitan"], "/joint-work/lines-from-us", {"up_to": up_to[1]})[0] == 302
    assert news("metropolitan") == set()
    assert browse(as_web, people["metropolitan"], "/joint-work/lines-from-us", {"up_to": up_to[1]})[0] == 422
    again = builders.line(importing_agencies="kent;surrey", towns="Margate;Reigate", last_seen="2026-03-02")
    builders.sent(tmp_path / "again", kept, ref="2", lines=[again])
    Record.objects.filter(kind="line_return", revision=2).update(received_at=timezone.now() + timedelta(seconds=5))
    assert news("metropolitan") == {("area", "surrey", "LEO-1"), ("town", "Reigate", "LEO-1")}
    status, page = browse(as_web, people["metropolitan"], "/joint-work/lines-from-us")
    assert "Sells in the area of Surrey; sells in Reigate" in page and "Surrey: not returned" in page
    made = ReadUpTo.objects.get()
    assert (made.by, made.agency_id) == ("metropolitan.analyst", "metropolitan")
    with builders.seen_by(people["kent"]):
        assert ReadUpTo.objects.count() == 0
        forged = ReadUpTo(agency_id="metropolitan", up_to=timezone.now(), by="kent.analyst")
        forged.audience_id = audience_between("kent")
    with pytest.raises(DatabaseError, match="row-level"), transaction.atomic(), builders.seen_by(people["kent"]):
        forged.save(force_insert=True)
    reader = builders.enrolled("kent.reader", agency="kent", roles=[Role.SAFEGUARDING])
    with builders.seen_by(reader) as viewpoint, pytest.raises(NotPermitted, match="Only an analyst"):
        mark_read(up_to=timezone.now(), viewpoint=viewpoint)


def test_figures_count_how_soon_and_how_late_each_agency_was_and_for_each_viewer_what_they_see(
    builders: Any, people: Any, as_web: Any
) -> None:
    hour, begun = timedelta(hours=1), timezone.now() - timedelta(days=30)
    ways = {
        "metropolitan": [(2, RequestState.ACKNOWLEDGED), (4, RequestState.DECLINED)],
        "surrey": [(10, RequestState.ACKNOWLEDGED), (11, RequestState.ACCEPTED), (60, RequestState.ANSWERED)],
    }
    for agency, steps in ways.items():
        with builders.seen_by(people["kent"]) as viewpoint:
            asked = Asked(agency, AskedFor.INFORMATION, Priority.URGENT, f"To {agency}", "a", "b", "c")
            made = ask(asked=asked, viewpoint=viewpoint)
        for stood, (_, to) in enumerate(steps, start=1):
            with builders.seen_by(people[agency]) as viewpoint:
                said = Said(text=f"Said by {agency}.")
                move(request=made.id, to=to, said=said, stood=stood, viewpoint=viewpoint)
        for number, hours in enumerate([0, *(hours for hours, _ in steps)], start=1):
            RequestStep.objects.filter(request=made, number=number).update(at=begun + hours * hour)
    with builders.seen_by(people["surrey"]) as viewpoint:
        ask(asked=Asked("kent", AskedFor.ACTION, Priority.ROUTINE, "s", "a", "b", "c"), viewpoint=viewpoint)
    RequestStep.objects.filter(request__to_agency="kent").update(at=begun)

    def counted(who: str) -> dict[str, tuple[Any, ...]]:
        with builders.seen_by(people[who]) as viewpoint:
            return {
                each.agency: (
                    each.requests,
                    each.to_acknowledge,
                    each.to_answer,
                    each.declined,
                    each.late_now,
                    each.ever_late,
                )
                for each in by_agency(requests_seen(viewpoint), timezone.now())
            }

    of = {
        "metropolitan": (1, 2 * hour, 4 * hour, 1, 0, 0),
        "surrey": (1, 10 * hour, 60 * hour, 0, 0, 1),
        "kent": (1, None, None, 0, 1, 1),
    }
    assert counted("nclcc") == counted("kent") == of
    assert counted("surrey") == {name: of[name] for name in ("surrey", "kent")}
    assert counted("metropolitan") == {"metropolitan": of["metropolitan"]}
    with builders.seen_by(people["nclcc"]) as viewpoint:
        assert [each.reason for each in refusals(requests_seen(viewpoint))] == ["Said by metropolitan."]
    status, page = browse(as_web, people["nclcc"], "/joint-work/figures")
    assert status == 200 and "2.5 days" in page and "Said by metropolitan." in page
    assert "Said by metropolitan." not in browse(as_web, people["surrey"], "/joint-work/figures")[1]
