"""Section 45 is considered for every child and victim held for supplying drugs, by the agency that holds them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from crossline.access.audit import Event
from crossline.access.models import AuditEvent
from crossline.access.roles import Role
from crossline.entities.matching import match_people
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.models import Record
from crossline.safeguarding.nrm.models import NrmState, Section45Entry
from crossline.safeguarding.nrm.presenter import section45_of
from crossline.safeguarding.nrm.section45 import NO_REFERRAL, Considered, consider, held, held_in

from .conftest import SUPPLY, Case

OF_A_CHILD = {"direct_consequence": "yes", "reasonable_person": "unknown"}
SAID = {
    "considered_by": "Winifred Toby, custody sergeant",
    "evidence": "Three missing episodes and two phones.",
    "decision": "applies",
    "reason": "Told to the prosecutor.",
    "tests": OF_A_CHILD,
    "safeguarding_disposal": "Rescue home and a worker, in place of a charge.",
}


def custody(ref: str = "KENT/custody") -> UUID:
    return Record.objects.get(ref=ref).id


def write(case: Case, who: Any = None, record: UUID | None = None, stood: int = 0, **said: Any) -> Section45Entry:
    with case.builders.seen_by(who or case.lead) as viewpoint:
        given = Considered(**(SAID | said))
        return consider(record=record or custody(), stood=stood, said=given, viewpoint=viewpoint)


def refs(case: Case, who: Any = None) -> list[str]:
    with case.builders.seen_by(who or case.lead) as viewpoint:
        return [each.mention.record.ref for each in held(viewpoint)]


def test_it_is_due_for_a_child_and_for_whom_a_record_calls_a_victim_and_for_no_other(case: Case) -> None:
    assert refs(case) == ["KENT/custody"], (
        "an adult whom nobody calls a victim, and offences other than supply, are not asked"
    )
    builders, folder = case.builders, case.folder / "more"
    says = {"from": "p1", "to": "l1", "type": "exploited_by", "basis": "fact", "category": "victim"}
    adult = builders.person(forename="Barnaby", surname="Underwood", dob="1980-01-02", ids={"pnc": "26/0022B"})
    line = {"key": "l1", "kind": "line", "name": "Leo"}
    theft = {"offence": "Theft", "outcome": "bailed", "under_18": True}
    reports = [
        builders.report("KENT/victim", mentions=[adult, line], assertions=[says]),
        builders.report("KENT/theft", kind="custody", custody=theft),
    ]
    builders.sent(folder, case.kept, ref="more", reports=reports)

    match_people()
    assert sorted(refs(case)) == ["KENT/custody", "KENT/grown"]
    with builders.seen_by(case.lead) as viewpoint:
        found = {each.mention.record.ref: each for each in held(viewpoint)}
    assert found["KENT/grown"].is_victim and not found["KENT/custody"].is_victim
    assert all(each.is_late and each.is_due for each in found.values())


def test_the_log_keeps_who_considered_it_and_what_is_done_is_late_no_more(case: Case) -> None:
    case.draft("Hollowell")
    entry = write(case)
    assert (entry.number, entry.test, entry.tests) == (1, "child", OF_A_CHILD)
    assert entry.nrm_state.endswith(": Drafted") and entry.nrm_state != NO_REFERRAL
    with case.builders.seen_by(case.analyst) as viewpoint:
        found = held_in(viewpoint, custody())
        assert found is not None and not found.is_due and not found.is_late and len(found.entries) == 1
        rows = section45_of(viewpoint, [case.person("Hollowell", "KENT/seen")])
    assert [row["href"] for row in rows] == [f"/nrm/section-45/{custody()}"]
    with pytest.raises(MoveNotAllowed, match="Somebody else considered"):
        write(case, case.second)
    assert write(case, case.second, stood=1, decision="more_needed").number == 2
    assert AuditEvent.objects.filter(event=Event.SECTION_45_CONSIDERED).count() == 2
    case.move(case.draft("Hollowell"), NrmState.WITHDRAWN, case.lead, {"other": "NRM/1"})


@pytest.mark.parametrize(
    ("said", "match"),
    [
        ({"safeguarding_disposal": " "}, "safeguarding disposal"),
        ({"evidence": ""}, "on what evidence"),
        ({"considered_by": ""}, "who considered it"),
        ({"tests": {"direct_consequence": "yes"}}, "each question"),
        ({"decision": "guilty"}, "what became of it"),
        ({"scheduled": "drug_supply"}, "Schedule 4"),
        ({"reason": ""}, "reason"),
    ],
)
def test_an_entry_says_everything_and_of_a_child_what_help_was_considered(case: Case, said: Any, match: str) -> None:
    with pytest.raises(UserError, match=match):
        write(case, **said)
    assert not Section45Entry.objects.exists()


def test_it_is_the_agencys_that_holds_the_person(case: Case) -> None:
    for who in (case.essex_lead, case.analyst, case.unit):
        with pytest.raises(NotPermitted):
            write(case, who)
    with pytest.raises(NotPermitted, match="no such custody record"):
        write(case, record=Record.objects.get(ref="KENT/grown").id)
    investigator = case.builders.enrolled("kent.investigator", roles=[Role.INVESTIGATOR])
    assert write(case, investigator).by_agency == "kent"
    assert write(case, case.centre, stood=1).owner_id == "kent"


def test_the_database_asks_the_same(case: Case) -> None:
    entry = write(case)
    row = {field.attname: getattr(entry, field.attname) for field in Section45Entry._meta.concrete_fields}
    row |= {"id": None, "number": 2}
    del row["id"]
    with pytest.raises(DatabaseError, match="safeguarding_disposal"), transaction.atomic():
        Section45Entry(**(row | {"safeguarding_disposal": ""})).save(force_insert=True)
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        case.builders.seen_by(case.essex_lead),
        transaction.atomic(),
    ):
        Section45Entry(**(row | {"by": "essex.lead", "by_agency": "essex"})).save(force_insert=True)
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        case.builders.seen_by(case.essex_lead),
        transaction.atomic(),
    ):
        own = {"by": "essex.lead", "by_agency": "essex", "owner_id": "essex"}  # another agency's custody record
        Section45Entry(**(row | own)).save(force_insert=True)


def test_the_pages_list_late_ones_first_and_take_an_entry(case: Case) -> None:
    custody_ = {"offence": SUPPLY, "outcome": "bailed", "under_18": True}
    later = case.builders.report(
        "KENT/later",
        kind="custody",
        custody=custody_,
        mentions=[case.builders.person(surname="Zeal", dob="2012-01-01")],
    )
    case.builders.sent(case.folder / "later", case.kept, ref="later", reports=[later])
    write(case)
    listed = case.browse(case.analyst, "/nrm/section-45").content.decode()
    assert (
        listed.index("Zeal") < listed.index("Hollowell")
        and "Drug" not in listed.split("Offences for which")[1].split("</table>")[0]
    )
    assert "Hollowell" not in case.browse(case.analyst, "/nrm/section-45?show=late").content.decode()
    where = f"/nrm/section-45/{custody('KENT/later')}"
    form = {key: value for key, value in SAID.items() if key != "tests"} | OF_A_CHILD
    assert case.browse(case.lead, where, form).status_code == 422
    assert case.browse(case.lead, where, form | {"stood": "0"}).status_code == 302
    assert "custody sergeant" in case.browse(case.analyst, where).content.decode()
    assert "Write it down" not in case.browse(case.analyst, where).content.decode()
    assert case.browse(case.lead, f"/nrm/section-45/{custody('KENT/grown')}").status_code == 404
