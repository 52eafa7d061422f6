"""Deliveries on disk and rows in the store, made through the real actions, for tests of any room.

Tests get this module as the fixture `builders` (tests/conftest.py), because test files are not a package. Every number is
from the range kept for drama, every name is invented.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from openpyxl import Workbook

from crossline.access.actions import enrol
from crossline.access.audit import Process
from crossline.access.roles import Role
from crossline.access.viewer import ADMINISTRATOR, Viewer, Viewpoint, reading, viewer_of
from crossline.entities.judgements import judge, withdraw
from crossline.entities.matching import match_people
from crossline.entities.models import Match, Verdict
from crossline.lines.finding_successions import _finding
from crossline.records.disposal import Reach
from crossline.records.findings import keep_findings
from crossline.records.intake.accept import Receipt, take_in
from crossline.records.models import Record
from crossline.records.retention.journal import Journal
from crossline.rights.recalls.calling_back import call_back
from crossline.safeguarding.forgetting import forget_concerns
from crossline.safeguarding.raising import raise_due

MADE_AT = "2026-03-02T14:10:00+00:00"
NUMBER, OTHER_NUMBER = "07700 900123#0042", "07700 900456#0007"
PASSWORD = "a password of tests only"

# Deliveries


def person(key: str = "p1", **said: Any) -> dict[str, Any]:
    """A person as a report mentions them."""
    return {
        "key": key,
        "kind": "person",
        "forename": "Jaden",
        "surname": "Cole",
        "dob": "2008-04-11",
        "sex": "M",
    } | said


def report(ref: str = "KENT/2026/000123", **said: Any) -> dict[str, Any]:
    """A line of reports.jsonl that any police analyst may see, unless `said` says otherwise."""
    return {
        "ref": ref,
        "kind": "intelligence",
        "made_at": MADE_AT,
        "occurred_from": "2026-03-01T20:00:00+00:00",
        "source_grade": 2,
        "information_grade": "B",
        "handling": "P",
        "classification": "OFFICIAL-SENSITIVE",
        "audience": None,
        "subject": "A delivery seen",
        "text": "A youth handed over a parcel.",
        "mentions": [person()],
        "assertions": [],
    } | said


def full_report(ref: str = "KENT/2026/000900", **said: Any) -> dict[str, Any]:
    """A report with a mention of every kind and the objects that only some kinds of record have."""
    mentions = [
        person(middle="Lee", aliases=["JC"], ids={"nominal": "K4411", "pnc": "26/1234A"}),
        {"key": "t1", "kind": "phone", "number": NUMBER, "imei": "004400152020000", "imsi": "001010123456789"},
        {
            "key": "a1",
            "kind": "address",
            "text": "Flat 2, 12 High Street, Hastings",
            "postcode": "TN34 1AA",
            "uprn": None,
            "lat": 50.85,
            "lon": 0.57,
            "premises": "dwelling",
        },
        {"key": "v1", "kind": "vehicle", "vrm": "AB12 CDE", "make": "Ford", "model": "Focus", "colour": "blue"},
        {"key": "l1", "kind": "line", "name": "Leo"},
        {"key": "g1", "kind": "group", "name": "Harbour", "ids": {"ocg": "OCG-9"}},
        {"key": "d1", "kind": "item", "type": "drug", "subtype": "crack", "quantity": 3.2, "unit": "g", "value": 320},
    ]
    assertions = [
        {
            "from": "p1",
            "to": "t1",
            "type": "uses",
            "basis": "fact",
            "category": None,
            "from_date": None,
            "to_date": None,
        },
        {"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact", "category": "other"},
        {"from": "p1", "to": "v1", "type": "drives", "basis": "assessment", "category": "suspect"},
        {"from": "p1", "to": "l1", "type": "runs_for", "basis": "assessment", "category": "victim"},
        {"from": "d1", "to": "p1", "type": "seized_from", "basis": "fact", "from_date": "2026-03-01"},
    ]
    return report(ref, mentions=mentions, assertions=assertions) | said


def missing_report(ref: str, *, home: str, found: str, **said: Any) -> dict[str, Any]:
    """A missing episode of a child of one force, found in the area of another."""
    episode = {
        "from": "2026-02-27T18:00:00+00:00",
        "found_at_time": "2026-03-01T20:00:00+00:00",
        "found_place": "Hastings",
        "found_agency": found,
        "home_agency": home,
        "risk": "high",
        "return_interview": None,
    }
    return report(ref, kind="missing", missing=episode) | said


def line(ref: str = "LEO-1", **said: Any) -> dict[str, Any]:
    """A row of lines.csv."""
    return {
        "agency": "kent",
        "line_ref": ref,
        "name": "Leo",
        "numbers": f"{NUMBER};{OTHER_NUMBER}",
        "exporting_agency": "metropolitan",
        "importing_agencies": "kent",
        "towns": "Hastings;Margate",
        "first_seen": "2025-09-01",
        "last_seen": "2026-02-20",
        "status": "active",
        "drugs": "crack;heroin",
        "violence": "3",
        "weapons": "",
        "child_exploitation": "4",
        "adult_exploitation": "",
        "sexual_violence": "0",
        "drug_harm": "5",
        "crit_hub_county": "yes",
        "crit_phone_line": "yes",
        "crit_exploitation": "unknown",
        "crit_travel": "no",
        "crit_violence": "",
    } | said


def investigation(ref: str = "OP-1", **said: Any) -> dict[str, Any]:
    """A row of investigations.csv."""
    selectors = (
        f"phone:{NUMBER};imei:004400152020000;imsi:001010123456789;vrm:AB12 CDE;postcode:TN34 1AA;"
        "address:Flat 2, 12 High Street, Hastings TN34 1AA;person:Jaden Cole|2008-04-11;line:Leo;handle:@jc;account:12345678"
    )
    return {
        "agency": "kent",
        "ref": ref,
        "name": "Operation Larch",
        "opened": "2026-01-05",
        "closed": "",
        "status": "open",
        "contact": "larch@kent.invalid",
        "selectors": selectors,
        "line_refs": "LEO-1",
    } | said


def figure(metric: str = "ARR_T", **said: Any) -> dict[str, Any]:
    """A row of returns.csv."""
    return {
        "campaign": "2025-06-23",
        "agency": "kent",
        "metric": metric,
        "value": "0",
        "unit": "",
        "status": "final",
        "note": "",
    } | said


def money(ref: str = "M-1", **said: Any) -> dict[str, Any]:
    """A row of finance.csv."""
    return {
        "agency": "kent",
        "ref": ref,
        "line_ref": "LEO-1",
        "date": "2026-02-01",
        "stage": "seized",
        "kind": "cash",
        "amount": "1250.50",
        "jard_ref": "J1",
        "counted": "yes",
    } | said


def homicide(ref: str = "H-1", **said: Any) -> dict[str, Any]:
    """A row of homicides.csv."""
    return {
        "agency": "kent",
        "ref": ref,
        "year": "2024/25",
        "victim_drug_user_or_dealer": "yes",
        "suspect_drug_user_or_dealer": "unknown",
    } | said


def call(start: str = "2026-01-10T10:00:00+00:00", **said: Any) -> dict[str, Any]:
    """A row of comms/records.csv."""
    return {
        "start": start,
        "type": "voice",
        "from": NUMBER,
        "to": OTHER_NUMBER,
        "duration_s": "40",
        "from_imei": "",
        "from_imsi": "",
        "from_cell": "C1",
        "to_cell": "",
    } | said


def calls(number: int) -> list[dict[str, Any]]:
    """So many different calls inside the authorised period."""
    return [call(f"2026-01-{1 + place // 20:02}T{place % 20:02}:15:00+00:00") for place in range(number)]


def authorisation(ref: str = "AUTH-1", **said: Any) -> dict[str, Any]:
    """authorisation.json of a set of communications data."""
    return {
        "ref": ref,
        "agency": "kent",
        "numbers": [NUMBER],
        "period_from": "2026-01-01T00:00:00+00:00",
        "period_to": "2026-02-01T00:00:00+00:00",
        "expires": "2027-01-01T00:00:00+00:00",
        "purpose": "Operation Larch",
    } | said


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]], *, bom: bool = False) -> Path:
    """Rows under a header of every column that any of them has."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8-sig" if bom else "utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_communications(
    folder: Path, *, rows: Sequence[Mapping[str, Any]] | None = None, said: Mapping[str, Any] | None = None
) -> Path:
    """A `comms*` folder of a delivery."""
    folder.mkdir(parents=True)
    write_csv(folder / "records.csv", calls(3) if rows is None else rows)
    write_csv(
        folder / "cells.csv",
        [{"cell": "C1", "lat": "50.85", "lon": "0.57", "azimuth": "120", "radius_m": "900", "name": "Pier"}],
    )
    (folder / "authorisation.json").write_text(json.dumps(authorisation() if said is None else dict(said)))
    return folder


def delivery(
    folder: Path,
    *,
    agency: str = "kent",
    ref: str = "KENT-2026-031",
    made_at: str = MADE_AT,
    reports: Sequence[Mapping[str, Any] | str | bytes] = (),
    **tables: Sequence[Mapping[str, Any]],
) -> Path:
    """A delivery as a folder: `lines=[…]` and so on become CSV files. A report may be a line of raw text or bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "delivery.json").write_text(json.dumps({"agency": agency, "ref": ref, "made_at": made_at}))
    if reports:
        (folder / "reports.jsonl").write_bytes(b"".join(_line(each) + b"\n" for each in reports))
    for name, rows in tables.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder


def _line(given: Mapping[str, Any] | str | bytes) -> bytes:
    if isinstance(given, bytes):
        return given
    return (given if isinstance(given, str) else json.dumps(given)).encode()


def full_delivery(folder: Path) -> Path:
    """A delivery with every file of the contract, and two sets of communications data."""
    kinds = ("intelligence", "custody", "stop", "seizure", "crime", "visit")
    reports = [full_report(f"KENT/2026/{number:06}", kind=kind) for number, kind in enumerate(kinds, start=1)]
    reports[1]["custody"] = {"offence": "PWITS crack", "outcome": "bailed", "under_18": True}
    reports.append(missing_report("KENT/2026/000007", home="essex", found="kent"))
    reports.append(
        report("KENT/2026/000008", kind="concern", concern={"source_sector": "health", "indicators": ["travel"]})
    )
    delivery(
        folder,
        reports=reports,
        lines=[line()],
        investigations=[investigation()],
        returns=[figure()],
        finance=[money()],
        homicides=[homicide()],
    )
    write_communications(folder / "comms")
    write_communications(folder / "comms-second", said=authorisation("AUTH-2"), rows=calls(2))
    return folder


FULL_ROWS = {
    "reports.jsonl": 8,
    "lines.csv": 1,
    "investigations.csv": 1,
    "returns.csv": 1,
    "finance.csv": 1,
    "homicides.csv": 1,
    "comms/authorisation.json": 1,
    "comms/records.csv": 3,
    "comms-second/authorisation.json": 1,
    "comms-second/records.csv": 2,
}
"""How many rows of each file of `full_delivery` are taken in."""


def zipped(folder: Path, target: Path, *, inside: str = "") -> Path:
    """The delivery as a .zip, `inside` a folder of that name where given."""
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(each for each in folder.rglob("*") if each.is_file()):
            archive.write(path, str(Path(inside) / path.relative_to(folder)))
    return target


def with_workbook(folder: Path, name: str = "tables.xlsx") -> Path:
    """The delivery with its CSV files replaced by sheets of one workbook."""
    book = Workbook()
    book.remove(book.active)
    for path in sorted(folder.glob("*.csv")):
        sheet = book.create_sheet(path.stem)
        with path.open(newline="", encoding="utf-8") as file:
            for values in csv.reader(file):
                sheet.append(values)
        path.unlink()
    book.save(folder / name)
    return folder


def reach(kept: Path) -> Reach:  # its journal beside the communications data
    return Reach(kept, Journal((kept.with_name("disposals.jsonl"),)), forget_concerns, call_back)


def take(path: Path, kept: Path) -> Receipt:
    """Take a delivery in, as the command line does."""
    return take_in(path, communications=kept)


def sent(folder: Path, kept: Path, **files: Any) -> Receipt:
    """Write a delivery and take it in."""
    return take(delivery(folder, **files), kept)


def sent_by_two(folder: Path, kept: Path) -> None:
    """Deliveries of Kent and Essex with records of every audience the policy knows, and rows that were not accepted."""
    custody = {"offence": "Possession with intent to supply crack cocaine", "outcome": "bailed", "under_18": True}
    for agency, other in (("kent", "essex"), ("essex", "kent")):
        reports = [
            full_report(f"{agency}/P"),
            full_report(f"{agency}/C", handling="C"),
            full_report(f"{agency}/custody", kind="custody", custody=custody),
            full_report(f"{agency}/own", audience=[agency]),
            full_report(f"{agency}/named", handling="C", audience=[other, "auditor"]),
            missing_report(f"{agency}/missing", home=other, found=agency),
            report(f"{agency}/concern", kind="concern"),
        ]
        if agency == "essex":  # so that no two people count the same by chance
            reports.append(report("essex/more", handling="C"))
        delivery(
            folder / agency,
            agency=agency,
            ref="2026-1",
            reports=[*reports, reports[0], report(f"{agency}/own", audience=[agency], text="Other."), "no JSON"],
            lines=[line(agency=agency), line(agency=other)],
            investigations=[investigation(agency=agency)],
            returns=[figure(agency=agency)],
            finance=[money(agency=agency)],
            homicides=[homicide(agency=agency)],
        )
        write_communications(folder / agency / "comms", said=authorisation(agency=agency))
        take(folder / agency, kept)


def worked_on() -> None:
    """What the daily rhythm and people make of the deliveries: matches, concerns, a judgement and its withdrawal."""
    match_people()
    raise_due()
    with administrator() as viewpoint:
        for reason, match in enumerate(Match.objects.order_by("-weight", "id")):
            made = judge(
                left=match.left_id, right=match.right_id, verdict=Verdict.SAME, reason="seen", viewpoint=viewpoint
            )
            if reason % 2:
                withdraw(judgement=made.id, reason="mistaken", viewpoint=viewpoint)


def succession(agency: str, old: str, new: str, *, data: str = "") -> UUID:
    """The finding that one number took over from another, as reading an agency's communications data (the first set, or that
    of a reference) writes it."""
    sets = Record.objects.filter(kind="communications", owner_id=agency, **({"ref": data} if data else {}))
    known = sets.order_by("received_at")[0]
    row = {"old_number": old, "new_number": new, "date": date(2026, 1, 20), "score": 0.9, "shared_contacts": 7}
    kept = {"owner": agency, "audience": known.audience_id, "delivery": known.delivery_id}
    with transaction.atomic():
        return keep_findings([_finding(known, row | {"method": "tests"})], **kept)[0]


# People


def enrolled(username: str, *, agency: str = "kent", roles: Iterable[Role] = (Role.ANALYST,)) -> Viewer:
    """Somebody who may sign in, as a viewer."""
    made = enrol(
        username=username, name=username.title(), agency=agency, roles=roles, password=PASSWORD, by=Process("tests")
    )
    return viewer_of(made)


def administrator() -> Any:
    """`with administrator() as viewpoint:` reads everything."""
    return reading(ADMINISTRATOR)


@contextmanager
def role(name: str) -> Iterator[None]:
    """Act as another database role inside the block; `none` is the superuser that the tests log in as.

    Inside a transaction that an error has ended, its rollback gives the role back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user = session_user, current_user")
        is_session_user, before = cursor.fetchone()
        cursor.execute(f"SET ROLE {name}")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {'none' if is_session_user else before}")


@contextmanager
def seen_by(viewer: Viewer) -> Iterator[Viewpoint]:
    """What a page reads for a viewer: the web role, in a transaction on their behalf."""
    with role("crossline_web"), reading(viewer) as viewpoint:
        yield viewpoint


# The whole store


def tables() -> list[str]:
    """Every table of the schema."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [row[0] for row in cursor.fetchall()]


def snapshot() -> dict[str, str]:
    """Each table with a digest of all its rows, read past row security."""
    found: dict[str, str] = {}
    with role("none"), connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            number, digest = cursor.fetchone()
            found[table] = f"{number} {digest}"
    return found


def changed(before: Mapping[str, str]) -> set[str]:
    """The tables that are not as they were."""
    after = snapshot()
    return {table for table in after if after[table] != before.get(table)}


def tables_holding(word: str) -> list[str]:
    """The tables in any row of which the word stands, read past row security."""
    found = []
    with role("none"), connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table} t WHERE strpos(lower(t::text), lower(%s)) > 0)", [word])
            if cursor.fetchone()[0]:
                found.append(table)
    return found
