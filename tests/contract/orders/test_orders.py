"""An application is written from the register, signed off by two people, and leaves naming no victim; others see none of it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import AuditEvent, AuditSubject
from crossline.access.roles import Role
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.orders.completeness import missing
from crossline.orders.drafting import gathered_for, redraft_ddtro
from crossline.orders.giving import APPLICATION, SCHEDULE, give_document
from crossline.orders.models import MOVES, EntryKind, ItemUse, Order, OrderItem, OrderState, OrderStep, OrderVersion
from crossline.orders.standing import Standing, order_of, orders
from crossline.orders.steps import check_backs, move_order, note_on_order
from crossline.records.compartments.actions import put_in
from crossline.records.models import Record
from crossline.records.restriction import restrict

from .conftest import FULL, NEW, Case

OWN = "phone:+447700900123#0042"
WITHHELD = ("Toby", "Winterbourne", "Tobz", "Marsh", "4471", "CHIS")
SIGNED = {"name": "Winifred Toby", "rank": "Superintendent"}
TABLES = ("order", "orderversion", "orderitem", "orderstep", "orderentry")


def standing(case: Case, order: UUID, who: Any = None) -> Standing:
    with case.builders.seen_by(who or case.analyst) as viewpoint:
        found = order_of(viewpoint, order)
        assert found is not None and isinstance(found.items, list)
        return found


def move(
    case: Case, order: UUID, state: OrderState, said: dict[str, str] | None = None, who: Any = None, **more: Any
) -> None:
    with case.builders.seen_by(who or case.analyst) as viewpoint:
        found = order_of(viewpoint, order)
        whole = {"day": timezone.localdate(), "stood": found.steps[-1].number if found else 1, "reason": "Done."} | more
        move_order(order=order, state=state, said=said or {}, viewpoint=viewpoint, **whole)


def given(case: Case, order: UUID, document: str, format_: str) -> Any:
    with case.builders.seen_by(case.analyst) as viewpoint:
        return give_document(order=order, document=document, format=format_, viewpoint=viewpoint)


def words(content: bytes) -> str:
    """Everything that a Word file says, headers and footers too."""
    book = docx.Document(io.BytesIO(content))
    parts = [book.element.body, book.sections[0].header._element, book.sections[0].footer._element]
    return "\n".join("".join(each.text or "" for each in part.iter() if each.tag.endswith("}t")) for part in parts)


def squeezed(text: str) -> str:
    """Without white space, and without marks of where a word may break: lines are broken in different places."""
    return re.sub(r"[\s\u200b]+", "", text)


def pdf_insides(content: bytes) -> list[str]:
    """The bytes of a PDF and of each packed stream in it: metadata and structure, which are on no page."""
    packed = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    unpacked = [zlib.decompressobj().decompress(each) for each in packed if each[:1] == b"x"]
    return [each.decode("latin-1") for each in (content, *unpacked)]


def test_the_register_offers_what_may_be_told_and_lists_what_may_not(case: Case) -> None:
    with case.builders.seen_by(case.analyst) as viewpoint:
        gathered = gathered_for(viewpoint, case.line, "kent")
        assert gathered is not None
        offered = {each.key: each for each in gathered.identifiers}
        sentences = {ground.record.ref: ground.sentence for ground in gathered.grounds}
        left = {each.record.ref: (each.why.partition(" ")[0], each.kept) for each in gathered.left_out}
    assert list(offered) == [OWN, "imei:00440015202000", f"phone:{NEW}"], "what is put forward comes last"
    own = offered[OWN]
    assert {record.ref for record in own.records} == {"LEO-1", "KENT/1", "KENT/2"}
    assert own.victim_holds and not own.put_forward and offered[f"phone:{NEW}"].put_forward
    assert sentences["KENT/1"] == (
        "Darren Vale had [a victim] ([a victim]) deal for Leo, [an officer] learnt from [source not named]. "
        "A youth handed over a parcel."
    )
    assert set(sentences) == {"LEO-1", "KENT/1", "KENT/2"} and "07700 900123 #0042" in sentences["LEO-1"]
    assert left == {
        "KENT/own": ("Fewer", False),
        "KENT/E": ("Suspected", True),
        "KENT/missing": ("About", True),
        "ESSEX/C": ("Needs", True),
    }


def test_a_draft_keeps_gaps_refuses_names_and_takes_two_people_to_sign_off(case: Case) -> None:
    order = case.drafted(answers={"duration": "Until discharged."}, sentences={})
    found = standing(case, order)
    with case.builders.seen_by(case.second) as viewpoint:
        lacking = missing(order_of(viewpoint, order) or found)
    assert {"Name of the applicant", "Dependants", "Emergency use", "At least one dated ground"} <= set(lacking)
    assert not {"Duration", "What is done beside the order", "Another time, and why it is reasonable"} & set(lacking)
    with pytest.raises(MoveNotAllowed, match=r"parts are missing.*Emergency use"):
        move(case, order, OrderState.SIGNED_OFF, SIGNED, case.second)

    first = {case.record("KENT/1"): "Darren Vale sold with Tobz."}
    save = {"order": order, "answers": FULL, "identifiers": [OWN], "reason": "Filled in.", "stood": 1}
    with case.builders.seen_by(case.analyst) as viewpoint:
        with pytest.raises(UserError, match="KENT/1 tells who a victim is"):
            redraft_ddtro(sentences=first, viewpoint=viewpoint, **save)
        with pytest.raises(UserError, match="“Dependants” tells who a victim is"):
            redraft_ddtro(
                sentences={},
                viewpoint=viewpoint,
                **(save | {"answers": FULL | {"dependants": "Winterbourne’s mother."}}),
            )
        with pytest.raises(UserError, match="no longer stand"):
            redraft_ddtro(sentences={case.record("ESSEX/C"): "Asked."}, viewpoint=viewpoint, **save)
        made = redraft_ddtro(sentences=dict.fromkeys(first, "Darren Vale sold."), viewpoint=viewpoint, **save)
        with pytest.raises(MoveNotAllowed, match="Somebody else changed"):
            redraft_ddtro(sentences={}, viewpoint=viewpoint, **save)
    assert made.number == 2
    with pytest.raises(NotPermitted, match="ask a second person"):
        move(case, order, OrderState.SIGNED_OFF, SIGNED)
    with pytest.raises(UserError, match="superintendent or above"):
        move(case, order, OrderState.SIGNED_OFF, SIGNED | {"rank": "Inspector"}, case.second)
    with pytest.raises(MoveNotAllowed, match="cannot become granted"):
        move(case, order, OrderState.GRANTED, {"order_ref": "1"}, case.second)
    move(case, order, OrderState.SIGNED_OFF, SIGNED, case.second)
    with case.builders.seen_by(case.analyst) as viewpoint, pytest.raises(MoveNotAllowed, match="signed off; bring"):
        redraft_ddtro(sentences={}, viewpoint=viewpoint, **(save | {"stood": 2}))


def test_every_move_of_the_table_and_no_other_then_checks_after_service(case: Case) -> None:
    assert set(MOVES) == set(OrderState) and all(OrderState.DRAFTED not in MOVES[each] for each in list(OrderState)[2:])
    order = case.drafted()
    day = timezone.localdate()
    walk = [
        (OrderState.SIGNED_OFF, SIGNED, case.second),
        (OrderState.APPLIED, {"court": "Maidstone"}, None),
        (OrderState.GRANTED, {"order_ref": "K1", "comply_by": day.isoformat()}, None),
        (OrderState.SERVED, {"on": "Quoin Mobile", "how": "by hand", "by_whom": "PC Marsh"}, None),
        (OrderState.COMPLIED, {"confirmation": "QM-7"}, None),
    ]
    for state, said, who in walk:
        for other in set(OrderState) - MOVES[standing(case, order).state]:
            with pytest.raises(MoveNotAllowed):
                move(case, order, other, said, who)
        with pytest.raises(UserError, match="Give the reason"):
            move(case, order, state, said, who, reason=" ")
        with pytest.raises(MoveNotAllowed, match="Somebody else moved"):
            move(case, order, state, said, who, stood=0)
        move(case, order, state, said, who)
    with pytest.raises(UserError, match="lies ahead"):
        move(case, order, OrderState.DISCHARGED, day=day + timedelta(days=1))
    found = standing(case, order)
    assert [(each.after, each.due - day) for each in check_backs(found)] == [
        (after, timedelta(days=after)) for after in (1, 7, 28, 90)
    ]
    assert [entry.detail["on"] for entry in found.entries_of(EntryKind.SERVICE)] == ["Quoin Mobile"]
    with case.builders.seen_by(case.analyst) as viewpoint:
        check = {"order": order, "kind": EntryKind.CHECK_BACK, "day": day, "text": "Rang out.", "viewpoint": viewpoint}
        note_on_order(said={"after": "7", "answer": "speaks"}, **check)
        with pytest.raises(MoveNotAllowed, match="answered already"):
            note_on_order(said={"after": "7", "answer": "silent"}, **check)
        with pytest.raises(UserError, match="Choose which check"):
            note_on_order(said={"after": "8", "answer": "silent"}, **check)
    answered = [each.after for each in check_backs(standing(case, order)) if each.answer]
    assert answered == [7]
    events = AuditEvent.objects.filter(subject=str(order)).values_list("event", flat=True)
    assert sorted(events) == ["order_moved"] * 5 + ["order_noted", "order_saved"]


def test_pdf_and_word_hold_every_number_and_ground_and_no_withheld_name(
    case: Case, text_of: Callable[[bytes], str]
) -> None:
    order = case.drafted(
        sentences={case.record("KENT/1"): "Darren Vale sold on Leo.", case.record("KENT/2"): "Jem Pask dealt."}
    )
    # Somebody is known as a victim only after the text was saved: what was written of them is masked when it leaves.
    late = case.builders.report(
        "KENT/late",
        mentions=[
            case.builders.person(forename="Jem", surname="Pask"),
            {"key": "l1", "kind": "line", "name": "Leo"},
            {"key": "t1", "kind": "phone", "number": "07700 900123#0042"},
        ],
        assertions=[
            {"from": "p1", "to": "l1", "type": "exploited_by", "basis": "fact", "category": "victim"},
            {"from": "l1", "to": "t1", "type": "uses", "basis": "fact"},
        ],
    )
    case.builders.sent(case.folder / "late", case.kept, ref="K-2", reports=[late])
    made = {each: given(case, order, APPLICATION, each) for each in ("pdf", "docx")}
    texts = {"pdf": text_of(made["pdf"].content), "docx": words(made["docx"].content)}
    for format_, text in texts.items():
        plain = squeezed(text)
        for said in (
            *("07700 900123 #0042", "07700 900777 #0009", "IMEI", "Darren Vale sold on Leo.", "[a victim] dealt."),
            *(
                "Superintendent",
                "Winifred Toby",
                "Quoin Mobile Ltd",
                "Kent KENT/1",
                "not verified"[:3],
                "OFFICIAL-SENSITIVE",
            ),
            *(
                made[format_].receipt,
                "kent.analyst",
                "DRAFT",
                "IT IS ORDERED THAT",
                "nobody has confirmed",
                "finding from communications data",
            ),
        ):
            assert squeezed(said) in plain, (format_, said)
        for name in (
            "Winterbourne",
            "Tobz",
            "Marsh",
            "Pask",
            "ESSEX/C",
            "Known to Kent alone",
            "KENT/own",
            "to be completed: At",
        ):
            assert squeezed(name) not in plain, (format_, name)
    with zipfile.ZipFile(io.BytesIO(made["docx"].content)) as book:
        inside = b" ".join(book.read(name) for name in book.namelist()).decode("utf-8", "replace")
    held = [inside, *pdf_insides(made["pdf"].content)]
    assert len(held) > 3 and any("Darren Vale sold" in each for each in held), "what may be said is found this way"
    for name in ("Winterbourne", "Toby W", "Tobz", "Pask", "2011-02-03"):
        assert not any(name.casefold() in each.casefold() for each in held), f"{name} stands in no part of a file"
    pdf = made["pdf"].content
    assert b"/Lang(en-GB)" in pdf and b"/StructTreeRoot" in pdf and b"/Marked true" in pdf and b"pdfuaid" in pdf
    rows = {event.detail["format"]: event for event in AuditEvent.objects.filter(event="exported")}
    for format_, event in rows.items():
        assert (event.verb, event.subject, event.detail["number"]) == (
            "disclosure",
            "order document",
            made[format_].receipt,
        )
        assert set(event.detail["records"]) == {str(item.record_id) for item in OrderItem.objects.all()}
    assert len(rows) == 2
    apart = squeezed(text_of(given(case, order, SCHEDULE, "pdf").content))
    assert "EssexESSEX/C" in apart, apart
    assert "NOTFORSERVICE" in apart and "AskEssex" not in apart and "KENT/own" not in apart


def test_what_goes_out_of_sight_goes_from_the_text_and_is_missing(case: Case) -> None:
    order = case.drafted(identifiers=[OWN], sentences={case.record("KENT/2"): "Dealt in Hastings."})
    assert missing_of(case, order) == []
    manager = case.builders.enrolled("kent.manager", roles=[Role.INFORMATION_MANAGER])
    with case.builders.seen_by(manager) as viewpoint:
        restrict(record=case.record("KENT/2"), reason="Disputed.", viewpoint=viewpoint)
    with case.builders.seen_by(case.analyst) as viewpoint:
        gathered = gathered_for(viewpoint, case.line, "kent")
        assert gathered and "KENT/2" not in {ground.record.ref for ground in gathered.grounds}
    with case.builders.seen_by(manager) as viewpoint:
        vault = open_compartment(kind=CompartmentKind.OPERATION, name="Quoin", reason="covert", viewpoint=viewpoint).id
    with case.builders.seen_by(manager) as viewpoint:
        put_in(record=case.record("KENT/2"), compartment=vault, reason="covert", viewpoint=viewpoint)
    assert missing_of(case, order) == ["At least one dated ground"]
    with case.builders.seen_by(case.analyst), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_orderitem WHERE sentence = 'Dealt in Hastings.'")
        assert cursor.fetchone() == (0,), "row security alone keeps the sentence beside its record"
    Record.objects.filter(ref="KENT/2").delete()
    assert not OrderItem.objects.filter(sentence="Dealt in Hastings.").exists()


def missing_of(case: Case, order: UUID) -> list[str]:
    with case.builders.seen_by(case.analyst) as viewpoint:
        found = order_of(viewpoint, order)
        assert found is not None
        return missing(found)


def test_another_agency_sees_nothing_on_any_page_or_in_any_table(case: Case) -> None:
    order = case.drafted()
    partner = case.builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    for who, sees in ((case.essex, False), (partner, False), (case.second, True)):
        with case.builders.seen_by(who) as viewpoint, connection.cursor() as cursor:
            assert bool(orders(viewpoint)) is sees
            held = []
            for table in TABLES[:4]:
                cursor.execute(f"SELECT count(*) FROM orders_{table}")
                held.append(bool(cursor.fetchone()[0]))
            assert held == [sees] * 4
    absent = uuid4()
    for address in ("/orders/{}", "/orders/{}/text", "/orders/{}/application/pdf"):
        hidden, none = (case.browse(case.essex, address.format(each)) for each in (order, absent))
        assert (hidden.status_code, hidden.content) == (404, none.content)
    assert str(order) not in case.browse(case.essex, "/orders").content.decode()
    assert case.browse(case.essex, f"/lines/{case.line}/orders/new-ddtro").status_code == 404
    with case.builders.seen_by(case.essex) as viewpoint:
        for act in (
            lambda: move_order(
                order=order,
                state=OrderState.APPLIED,
                stood=1,
                day=timezone.localdate(),
                said={},
                reason="x",
                viewpoint=viewpoint,
            ),
            lambda: give_document(order=order, document=APPLICATION, format="pdf", viewpoint=viewpoint),
            lambda: case.draft(viewpoint),
        ):
            with pytest.raises(NotPermitted):
                act()


def test_the_database_lets_nobody_sign_for_another_widen_an_order_or_sign_off_their_own_text(case: Case) -> None:
    order = case.drafted()
    step, version = OrderStep.objects.get(), OrderVersion.objects.get()
    wider = Record.objects.get(ref="KENT/1").audience_id
    forged = [
        (step, {"state": "signed_off", "number": 2}, case.analyst),
        (step, {"state": "applied", "number": 2, "by": "kent.second"}, case.analyst),
        (step, {"state": "applied", "number": 2, "audience_id": wider}, case.analyst),
        (version, {"number": 2, "saved_by": "kent.second"}, case.analyst),
        (version, {"number": 2, "audience_id": wider}, case.analyst),
        (step, {"state": "applied", "number": 2, "by": "essex.analyst", "by_agency": "essex"}, case.essex),
        (Order.objects.get(id=order), {"owner_id": "essex", "audience_id": wider}, case.analyst),
    ]
    for row, changes, who in forged:
        made = type(row)(
            **{f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields} | {"id": uuid4()} | changes
        )
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic(), case.builders.seen_by(who):
            made.save(force_insert=True)
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        case.builders.seen_by(case.analyst),
    ):
        OrderStep.objects.update(reason="Other.")
    own, labels = Order.objects.get(id=order), {"agency:kent", "centre"}
    assert set(own.audience.labels.values_list("key", flat=True)) == labels


def test_on_the_pages_a_draft_is_written_read_and_downloaded(case: Case) -> None:
    assert "orders/new-ddtro" in case.browse(case.analyst, f"/lines/{case.line}").content.decode()
    assert "orders/new-ddtro" not in case.browse(case.essex, f"/lines/{case.line}").content.decode()
    address = f"/lines/{case.line}/orders/new-ddtro"
    shown = case.browse(case.analyst, address).content.decode()
    assert "Put forward, not confirmed" in shown and "has safeguarding been told?" in shown and "unverified" in shown
    assert re.search(rf'value="{re.escape(OWN)}"[^>]* checked', shown) and shown.count(" checked") == 2
    first = case.record("KENT/1")
    sent = FULL | {"identifier": [OWN], "ground": [str(first)], "reason": "First draft."}
    refused = case.browse(case.analyst, address, sent | {f"sentence-{first}": "Toby dealt."})
    assert refused.status_code == 422 and "tells who a victim is" in refused.content.decode()
    made = case.browse(case.analyst, address, sent | {f"sentence-{first}": "Darren Vale dealt."})
    assert made.status_code == 302
    page = case.browse(case.second, made.url).content.decode()
    for words_ in ("Darren Vale dealt.", "Needs the owner’s permission", "Draft for a lawyer", "Signed off", "ESSEX/C"):
        assert words_ in page, words_
    assert not any(name in page for name in WITHHELD[1:3])
    signing = {
        "do": "move",
        "which": "signed_off",
        "stood": "1",
        "day": timezone.localdate().isoformat(),
        "reason": "Read.",
    }
    assert case.browse(case.analyst, made.url, signing | SIGNED).status_code == 422
    assert case.browse(case.second, made.url, signing | SIGNED).status_code == 302
    pdf = case.browse(case.second, f"{made.url}/application/pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")
    assert AuditSubject.objects.filter(record=first, actor_id=str(case.second.person_id)).exists()
    assert case.browse(case.second, f"{made.url}/application/odt").status_code == 404
    listed = case.browse(case.second, "/orders?kind=ddtro&state=signed_off").content.decode()
    assert "DDTRO-" in listed and "DDTRO-" not in case.browse(case.second, "/orders?state=granted").content.decode()


def test_an_order_about_somebody_exploited_shows_a_victim_first_and_asks_for_safeguarding(case: Case) -> None:
    child = Record.objects.get(ref="KENT/1").mention_set.get(surname="Winterbourne").id
    address = f"/orders/new/{child}"
    assert "Victim first" in case.browse(case.analyst, address).content.decode()
    sent = {
        "kind": "stro",
        "grounds": "A risk of harm.",
        "conditions": "One telephone.",
        "court": "Maidstone",
        "reason": "Asked.",
    }
    made = case.browse(case.analyst, address, sent)
    assert made.status_code == 302
    page = case.browse(case.second, made.url).content.decode()
    assert page.index("Victim first") < page.index("How it came here") and "Has safeguarding been told?" in page
    order = UUID(made.url.rpartition("/")[2])
    assert "Winterbourne" not in f"{Order.objects.get(id=order).title} {OrderVersion.objects.get(order=order).content}"
    with pytest.raises(MoveNotAllowed, match="Has safeguarding been told"):
        move(case, order, OrderState.SIGNED_OFF, {"name": "W Toby"}, case.second)
    told = sent | {"safeguarding_told": "Children’s services, today.", "stood": "1"}
    assert case.browse(case.analyst, f"{made.url}/text", told).status_code == 302
    move(case, order, OrderState.SIGNED_OFF, {"name": "W Toby"}, case.second)
    move(case, order, OrderState.APPLIED, {"court": "Maidstone"})
    ends = timezone.localdate() + timedelta(days=3)
    move(case, order, OrderState.GRANTED, {"order_ref": "9", "until": ends.isoformat()})
    note = {"do": "note", "which": "breach", "day": timezone.localdate().isoformat(), "reason": "Two telephones."}
    assert case.browse(case.analyst, made.url, note).status_code == 302
    assert "Two telephones." in case.browse(case.second, made.url).content.decode()
    listed = case.browse(case.second, "/orders?due=soon").content.decode()
    assert "Order ends" in listed and "STRO-" not in case.browse(case.second, "/orders?due=late").content.decode()
    assert OrderItem.objects.filter(use=ItemUse.APART).count() == 0
    assert case.browse(case.analyst, f"/orders/new/{case.line}").status_code == 404
