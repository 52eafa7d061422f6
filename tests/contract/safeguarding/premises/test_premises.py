"""Cuckooed premises: a victim tenant is no suspect in any export; visits and reviews are kept, and use again reopens."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from crossline.access.approvals import Act, Standing, ask, decide, use
from crossline.access.audit import Event
from crossline.access.models import AuditEvent, Person
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.clusters import people
from crossline.entities.matching import match_people
from crossline.entities.victims import victims
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.exchange.catalogue import NETWORKS, Format, What, formats_of, wanted
from crossline.exchange.exports import prepare
from crossline.exchange.masking import VICTIM, masking
from crossline.records.models import Mention, Record
from crossline.safeguarding.premises.guide import guide
from crossline.safeguarding.premises.keeping import (
    TenantSaid,
    move_premises,
    note_on_premises,
    register_premises,
    say_tenant,
)
from crossline.safeguarding.premises.models import (
    PREMISES_MOVES,
    Premises,
    PremisesEntryKind,
    PremisesState,
    PremisesStep,
    VictimTenant,
)
from crossline.safeguarding.premises.presenter import for_housing, premises_of, visits_tallied
from crossline.safeguarding.premises.standing import PremisesStanding, premises_found

TENANT = {
    "forename": "Perpetua",
    "surname": "Quillfeather",
    "dob": "1961-03-14",
    "sex": "F",
    "ids": {"pnc": "26/7654Z"},
}
HOME = {"key": "a1", "kind": "address", "text": "3 Larkspur Walk, Hastings", "postcode": "TN34 9ZZ"}


@dataclass
class House:
    """Kent's premises, and the people at work on them."""

    builders: ModuleType
    as_web: Any
    lead: Viewer
    centre: Viewer
    analyst: Viewer
    manager: Viewer
    essex: Viewer
    essex_lead: Viewer
    folder: Path
    kept: Path

    def mention(self, kind: str, ref: str = "KENT/1", **said: Any) -> Mention:
        return Mention.objects.get(kind=kind, record__ref=ref, **said)

    def entered(self) -> UUID:
        with self.builders.seen_by(self.lead) as viewpoint:
            return register_premises(
                about=self.mention("address").id, reason="People at all hours.", viewpoint=viewpoint
            ).id

    def found(self, premises: UUID, who: Viewer | None = None) -> PremisesStanding:
        with self.builders.seen_by(who or self.lead) as viewpoint:
            found = premises_found(viewpoint, premises)
            assert found is not None and isinstance(found.residents, list)
            return found

    def move(self, premises: UUID, state: PremisesState, days_ago: int = 0) -> None:
        with self.builders.seen_by(self.lead) as viewpoint:
            found = premises_found(viewpoint, premises)
            done = {"day": timezone.localdate() - timedelta(days=days_ago), "reason": "Seen.", "viewpoint": viewpoint}
            move_premises(premises=premises, state=state, stood=len(found.steps) if found else 0, **done)

    def note(self, premises: UUID, kind: PremisesEntryKind, said: dict[str, str] | None = None, **more: Any) -> None:
        with self.builders.seen_by(self.lead) as viewpoint:
            given = {"day": timezone.localdate(), "text": "Two officers went.", "said": said} | more
            note_on_premises(premises=premises, kind=kind, viewpoint=viewpoint, **given)

    def say(
        self, premises: UUID, standing: str = "victim", who: Viewer | None = None, stood: int = 0, **more: Any
    ) -> None:
        tenant = self.mention("person", surname="Quillfeather")
        given = {"tenant": tenant.id, "record": tenant.record_id, "from_day": timezone.localdate(), "reason": "Afraid."}
        with self.builders.seen_by(who or self.lead) as viewpoint:
            said = TenantSaid(standing=standing, **(given | more))
            say_tenant(premises=premises, stood=stood, said=said, viewpoint=viewpoint)

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def house(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> House:
    """Two reports say that the tenant lives there and is suspected of storing; nobody calls her a victim."""
    tenant, other = (
        builders.person(**TENANT),
        builders.person("p2", forename="Barnaby", surname="Underwood", dob="1980-01-02"),
    )
    line = {"key": "l1", "kind": "line", "name": "Leo"}
    says = [("p1", "a1", "lives_at", None), ("p1", "a1", "stores_at", "suspect"), ("p2", "l1", "controls", "suspect")]
    says += [("p1", "l1", "controls", "suspect")]
    assertions = [{"from": a, "to": b, "type": type_, "basis": "fact", "category": c} for a, b, type_, c in says]
    mentions = [tenant, other, HOME, line]
    for agency in ("kent", "essex"):
        ref = f"{agency.upper()}/1"
        reports = [builders.report(ref, mentions=mentions, assertions=assertions)]
        builders.sent(
            tmp_path / agency, kept, agency=agency, ref=agency, reports=reports, lines=[builders.line(agency=agency)]
        )
    match_people()
    enrolled = builders.enrolled
    return House(
        builders,
        as_web,
        lead=enrolled("kent.lead", roles=[Role.SAFEGUARDING]),
        centre=enrolled("centre.lead", agency="nclcc", roles=[Role.SAFEGUARDING]),
        analyst=enrolled("kent.analyst"),
        manager=enrolled("essex.manager", agency="essex", roles=[Role.INFORMATION_MANAGER]),
        essex=enrolled("essex.analyst", agency="essex"),
        essex_lead=enrolled("essex.lead", agency="essex", roles=[Role.SAFEGUARDING]),
        folder=tmp_path,
        kept=kept,
    )


def exported(house: House, what: What, format_: Format, who: Viewer, *, named: bool = False) -> str:
    """An export as text, with victims named where a second person allowed it."""
    about = f"{what} as {format_}"
    with house.builders.seen_by(who) as viewpoint:
        made = (
            ask(act=Act.UNMASK_VICTIMS, about=about, rows=10_000, reason="For court.", viewpoint=viewpoint)
            if named
            else None
        )
    if made is not None:
        with house.builders.seen_by(house.manager) as viewpoint:
            decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)

    def allowed(rows: int) -> Standing | None:
        return (
            use(approval=made.id, act=Act.UNMASK_VICTIMS, about=about, rows=rows, viewpoint=viewpoint) if made else None
        )

    with (
        house.builders.seen_by(who) as viewpoint,
        prepare(what, format_, viewpoint, victims_named=named, allowed=allowed).file as file,
    ):
        content = file.read()
    if format_ not in (Format.XLSX, Format.I2):
        return content.decode()
    if format_ is Format.I2 and not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


NAMING = [(what, format_) for what in What for format_ in formats_of(what) if wanted(what, format_).names_people]


def test_a_victim_tenant_is_no_suspect_in_any_export_that_names_people(house: House) -> None:
    """S8: before, exports name her as a suspect; once the register calls her a victim, no export of any force does."""
    before = {each: exported(house, *each, house.essex) for each in NAMING}
    telling = {each for each, text in before.items() if "Quillfeather" in text}
    assert {What.PEOPLE, What.ADDRESSES} <= {what for what, _ in telling} and len(telling) >= 2 * len(NETWORKS)
    house.say(house.entered())
    after = {each: exported(house, *each, house.essex) for each in NAMING}
    assert {each for each, text in after.items() if "Quillfeather" in text or "Larkspur" in text} == set()
    for format_ in NETWORKS:
        assert VICTIM in after[What.PEOPLE, format_], format_
        assert after[What.ADDRESSES, format_].count("suspect") == 0, (
            f"in {format_} nobody but her is tied to the address"
        )


@pytest.mark.parametrize("format_", sorted(NETWORKS))
def test_not_even_an_export_that_names_victims_calls_her_a_suspect(house: House, format_: Format) -> None:
    named = exported(house, What.ADDRESSES, format_, house.essex, named=True)
    assert "Quillfeather" in named and "suspect" in named, "the control: it says so while the register does not speak"
    house.say(house.entered())
    named = exported(house, What.ADDRESSES, format_, house.essex, named=True)
    assert "Quillfeather" in named and "suspect" not in named and "victim" in named
    everybody = exported(house, What.PEOPLE, format_, house.essex, named=True)
    assert "Underwood" in everybody and "suspect" in everybody, "who is no tenant stays what records say"


def test_she_counts_as_a_victim_everywhere_until_somebody_says_otherwise(house: House) -> None:
    premises = house.entered()
    line = Mention.objects.get(record__ref="LEO-1", record__owner="kent", kind="line")

    def holders(who: Viewer) -> str:
        rows = list(csv.DictReader(io.StringIO(exported(house, What.LINES, Format.CSV, who))))
        return next(row["holders"] for row in rows if row["line"] == str(line.id) or "Leo" in row["name"])

    def is_victim(who: Viewer, ref: str) -> bool:
        with house.builders.seen_by(who) as viewpoint:
            person = people(viewpoint).of(str(house.mention("person", ref, surname="Quillfeather").id))
            assert (masking(viewpoint).of_category(person, "suspect") == "victim") is (person in victims(viewpoint))
            return person in victims(viewpoint)

    assert len(holders(house.essex).split(";")) == 2 and not is_victim(house.essex, "ESSEX/1")
    house.say(premises)
    assert (
        len(holders(house.essex).split(";")) == 1
        and is_victim(house.essex, "ESSEX/1")
        and is_victim(house.analyst, "KENT/1")
    )
    with pytest.raises(MoveNotAllowed, match="stands already"):
        house.say(premises, stood=1)
    with pytest.raises(MoveNotAllowed, match="Somebody else wrote"):
        house.say(premises, "no_longer", stood=0)
    house.say(premises, "no_longer", house.centre, stood=1)
    assert not is_victim(house.essex, "ESSEX/1") and VictimTenant.objects.count() == 2
    assert "suspect" in exported(house, What.ADDRESSES, Format.GRAPHML, house.essex)
    assert AuditEvent.objects.filter(event=Event.VICTIM_TENANT_SAID).count() == 2


def test_whoever_does_not_see_the_evidence_is_told_nothing_by_it(house: House) -> None:
    own = house.builders.report(
        "KENT/own",
        audience=["kent"],
        mentions=[house.builders.person(**TENANT), HOME],
        assertions=[{"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact"}],
    )
    house.builders.sent(house.folder / "own", house.kept, ref="own", reports=[own])
    match_people()
    house.say(house.entered(), record=Record.objects.get(ref="KENT/own").id)
    with house.builders.seen_by(house.essex) as viewpoint:
        assert not viewpoint.visible(VictimTenant.objects.all()).exists() and not victims(viewpoint)
    with house.builders.seen_by(house.analyst) as viewpoint:
        assert len(victims(viewpoint)) == 1


def test_a_tenant_is_somebody_whom_a_record_says_lives_there_on_a_record_that_bears_on_it(house: House) -> None:
    premises = house.entered()
    with pytest.raises(UserError, match="lives there"):
        house.say(premises, tenant=house.mention("person", surname="Underwood").id)
    with pytest.raises(UserError, match="record that it rests on"):
        house.say(premises, record=uuid4())
    with pytest.raises(UserError, match="lies ahead"):
        house.say(premises, from_day=timezone.localdate() + timedelta(days=1))
    with pytest.raises(UserError, match="whether the tenant"):
        house.say(premises, "suspect")
    for who in (house.analyst, house.essex_lead):
        with pytest.raises(NotPermitted):
            house.say(premises, who=who)
    assert not VictimTenant.objects.exists()


def test_the_register_has_one_entry_of_an_agency_for_an_address_however_it_is_mentioned(house: House) -> None:
    premises = house.entered()
    with pytest.raises(MoveNotAllowed, match="already"):
        house.entered()
    for who in (house.lead, house.centre, house.essex_lead, house.analyst):
        assert house.found(premises, who).state is PremisesState.REPORTED
    with house.builders.seen_by(house.essex) as viewpoint:
        assert premises_found(viewpoint, premises) is None, "an analyst of another agency"
        with pytest.raises(NotPermitted, match="safeguarding lead"):
            register_premises(about=house.mention("address", "ESSEX/1").id, reason="Seen.", viewpoint=viewpoint)
        with pytest.raises(NotPermitted, match="does not exist"):
            register_premises(about=uuid4(), reason="Seen.", viewpoint=viewpoint)


def test_visits_are_tallied_and_reviews_come_due_until_use_begins_again(house: House) -> None:
    premises = house.entered()
    later = (timezone.localdate() + timedelta(days=3)).isoformat()
    house.note(premises, PremisesEntryKind.VISIT, {"outcome": "nobody", "next": later})
    assert house.found(premises).due == (timezone.localdate() + timedelta(days=3), "Visit")
    for outcome in ("refused", "safe"):
        house.note(premises, PremisesEntryKind.VISIT, {"outcome": outcome})
    assert dict(visits_tallied([house.found(premises)])) == dict(
        zip((each.name for each in guide().visits), (1, 0, 1, 1), strict=True)
    )
    house.move(premises, PremisesState.CUCKOOED, days_ago=20)
    house.move(premises, PremisesState.SAFE, days_ago=10)
    found = house.found(premises)
    assert [each.after for each in found.reviews] == [7, 28, 90] and found.is_late
    house.note(premises, PremisesEntryKind.REVIEW, {"after": "7", "answer": "quiet"})
    assert not house.found(premises).is_late
    with pytest.raises(MoveNotAllowed, match="answered already"):
        house.note(premises, PremisesEntryKind.REVIEW, {"after": "7", "answer": "quiet"})
    with pytest.raises(MoveNotAllowed, match="every review"):
        house.move(premises, PremisesState.ENDED)
    house.note(premises, PremisesEntryKind.REVIEW, {"after": "28", "answer": "again"})
    found = house.found(premises)
    assert (found.state, found.is_in_use, found.reviews) == (PremisesState.AGAIN, True, [])
    house.move(premises, PremisesState.SAFE)
    assert [each.answer for each in house.found(premises).reviews] == [None, None, None], "reviewed anew"
    with pytest.raises(MoveNotAllowed, match="does not lead"):
        house.move(premises, PremisesState.REPORTED)
    assert set(PREMISES_MOVES) == set(PremisesState)


@pytest.mark.parametrize(
    ("kind", "said", "more", "match"),
    [
        (PremisesEntryKind.VISIT, {"outcome": "empty"}, {}, "what came of the visit"),
        (PremisesEntryKind.VISIT, {"outcome": "safe", "next": "soon"}, {}, "whole date"),
        (PremisesEntryKind.VISIT, {"outcome": "safe", "next": "2020-01-01"}, {}, "comes after"),
        (PremisesEntryKind.SIGNS, {}, {"signs": ["smell"]}, "at least one sign"),
        (PremisesEntryKind.SIGNS, {}, {}, "at least one sign"),
        (PremisesEntryKind.REVIEW, {"after": "7", "answer": "quiet"}, {}, "which review"),
        (PremisesEntryKind.ORDER, {"closure": "partial", "reference": " "}, {}, "reference"),
        (PremisesEntryKind.OUTCOME, {"outcome": "evicted"}, {}, "outcome"),
        (PremisesEntryKind.VISIT, {"outcome": "safe"}, {"text": " "}, "reason"),
    ],
)
def test_a_line_of_the_log_that_is_off_is_refused_in_a_sentence(
    house: House, kind: PremisesEntryKind, said: Any, more: Any, match: str
) -> None:
    premises = house.entered()
    with pytest.raises(UserError, match=match):
        house.note(premises, kind, said, **more)
    assert house.found(premises).entries == []


def test_housing_is_told_not_to_evict_and_never_of_a_suspicion(house: House) -> None:
    premises = house.entered()
    asked = for_housing(house.found(premises))
    assert asked.words == "Ask before you act" and "Larkspur" in asked.address
    house.say(premises)
    told = for_housing(house.found(premises))
    assert told.words == "Do not evict: victim tenant"
    everything = " ".join((told.address, told.words, told.detail, *told.closures)).casefold()
    assert "suspect" not in everything and "quillfeather" not in everything and "underwood" not in everything


def test_the_database_asks_who_writes_and_keeps_what_was_written(house: House) -> None:
    premises = house.entered()
    house.say(premises)
    row = VictimTenant.objects.get()
    step = PremisesStep.objects.get()
    values = {field.attname: getattr(row, field.attname) for field in VictimTenant._meta.concrete_fields}
    del values["id"]
    forged = {"by": "essex.lead", "by_agency": "essex"}
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        house.builders.seen_by(house.essex_lead),
        transaction.atomic(),
    ):
        VictimTenant(**(values | forged)).save(force_insert=True)
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        house.builders.seen_by(house.analyst),
        transaction.atomic(),
    ):
        VictimTenant(**(values | {"by": "kent.analyst"})).save(force_insert=True)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        house.builders.seen_by(house.lead),
        transaction.atomic(),
    ):
        PremisesStep.objects.filter(id=step.id).update(state="ended")
    assert set(row.audience.fingerprint.split()) == {"police"}
    assert set(Premises.objects.get().audience.fingerprint.split()) == {"agency:kent", "centre", "safeguarding"}


def test_the_pages_enter_note_and_protect(house: House) -> None:
    address = house.mention("address")
    assert house.browse(house.analyst, f"/premises/new/{address.id}").status_code == 404
    assert house.browse(house.lead, f"/premises/new/{uuid4()}").status_code == 404
    made = house.browse(house.lead, f"/premises/new/{address.id}", {"reason": "Open dealing."})
    where = made.headers["Location"]
    assert "Ask before you act" in house.browse(house.lead, where).content.decode()
    tenant = house.mention("person", surname="Quillfeather")
    today = timezone.localdate().isoformat()
    said = {
        "of": "tenant",
        "which": "tenant",
        "stood": "0",
        "tenant": str(tenant.id),
        "standing": "victim",
        "day": today,
    }
    assert house.browse(house.lead, where, said | {"reason": "Afraid."}).status_code == 422, "on which record?"
    assert (
        house.browse(house.lead, where, said | {"reason": "Afraid.", "record": str(tenant.record_id)}).status_code
        == 302
    )
    seen = {
        "of": "entry",
        "which": "signs",
        "signs": ["afraid", "keys"],
        "uses": ["drugs"],
        "day": today,
        "reason": "Seen.",
    }
    assert house.browse(house.lead, where, seen).status_code == 302
    assert (
        house.browse(
            house.lead, where, {"of": "step", "which": "safe", "stood": "1", "day": today, "reason": "Safe."}
        ).status_code
        == 302
    )
    page = house.browse(house.analyst, where).content.decode()
    for words in ("Do not evict: victim tenant", "Resident looks afraid", "Made safe", "Victim", "closure_order"):
        assert words in page, words
    assert "What next" not in page and house.browse(house.essex, where).status_code == 404
    listed = house.browse(house.analyst, "/premises?show=due").content.decode()
    assert "Larkspur" in listed and "Perpetua Quillfeather" in listed
    assert "Larkspur" not in house.browse(house.analyst, "/premises?show=in_use").content.decode()
    with house.builders.seen_by(house.essex_lead) as viewpoint:
        rows = premises_of(viewpoint, [house.mention("person", "ESSEX/1", surname="Quillfeather").id])
    assert [row["href"] for row in rows] == [where], "by another agency's mention of the same person"
    person = house.browse(house.essex, f"/people/{tenant.id}").content.decode()
    assert "Victim first" in person and "Show where this person can be reached" in person and "victim tenant" in person
