"""For entities_who.py: a store of simulated mentions, filled by the product's own way of keeping records, and who looks at it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

LABELS = 30
FOR_ALL_POLICE = 0.3  # of the records; the others are their agency's and the centre's
MADE_AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
BATCH = 20_000


def fill(rows: Iterable[Mapping[str, Any]], *, ref: str) -> int:
    """Deliveries of these rows, each a report that names one person with what they use, drive and live at."""
    from django.db import transaction

    of_agency: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        of_agency[force_of(row["agency"])].append(row)
    number = 0
    for agency, held in sorted(of_agency.items()):
        for start in range(0, len(held), BATCH):
            with transaction.atomic():
                number += _deliver(agency, held[start : start + BATCH], f"{ref}/{start}")
    return number


def force_of(agency: str) -> str:
    """A partner organisation's force, which passes its reports on."""
    if not agency.startswith("partner-"):
        return agency
    return agency.split("-", 2)[2]


def _deliver(agency: str, rows: Sequence[Mapping[str, Any]], ref: str) -> int:
    from crossline.access.actions import intern_audience
    from crossline.records.intake.store import Keeping, store
    from crossline.records.models import Delivery

    own = intern_audience({f"agency:{agency}", "centre"})
    police = intern_audience({"police"})
    delivery = Delivery.objects.create(
        agency_id=agency,
        ref=ref,
        digest="",
        made_at=MADE_AT,
        received_at=MADE_AT,
        rows=len(rows),
        accepted=len(rows),
        refused=0,
        duplicate=0,
        held=0,
        audience_id=own,
    )
    records = [
        (
            _record(row),
            1,
            police if uuid.uuid5(uuid.NAMESPACE_OID, row["mention_id"]).int % 100 < 100 * FOR_ALL_POLICE else own,
        )
        for row in rows
    ]
    store(records, Keeping(agency, delivery.id, MADE_AT))
    return len(records)


def _record(row: Mapping[str, Any]) -> Any:
    from crossline.records.intake.mentions import mentions_of
    from crossline.records.intake.parsed import ParsedAssertion, ParsedRecord
    from crossline.records.intake.shapes import MentionShape
    from crossline.vocabulary.codes import AssertionType, Basis, Classification, Handling, RecordKind

    ids = {name: row[name] for name in ("pnc", "nominal") if row[name]}
    person = {name: row[name] for name in ("forename", "middle", "surname", "dob", "sex") if row[name]}
    aliases = [each for each in row["aliases"] if each]
    shapes = [MentionShape(key="p1", kind="person", aliases=aliases, ids=ids, **person)]
    ties = []
    for place, number in enumerate(each for each in row["phones"] if each):
        shapes.append(MentionShape(key=f"t{place}", kind="phone", number=number))
        ties.append((f"t{place}", AssertionType.USES))
    if row["vrm"]:
        shapes.append(MentionShape(key="v", kind="vehicle", vrm=row["vrm"]))
        ties.append(("v", AssertionType.DRIVES))
    if row["address"] or row["postcode"]:
        shapes.append(
            MentionShape(key="a", kind="address", text=row["address"] or None, postcode=row["postcode"] or None)
        )
        ties.append(("a", AssertionType.LIVES_AT))
    return ParsedRecord(
        source="reports",
        ref=row["mention_id"],
        kind=RecordKind.INTELLIGENCE,
        made_at=MADE_AT,
        handling=Handling.P,
        classification=str(Classification.OFFICIAL_SENSITIVE),
        source_grade="2",
        information_grade="B",
        subject="A delivery seen",
        text="A youth handed over a parcel.",
        mentions=tuple(mention for shape in shapes for mention in mentions_of(shape)),
        assertions=tuple(ParsedAssertion("p1", key, type_, Basis.FACT) for key, type_ in ties),
        content_hash=row["mention_id"],
    )


def somebody(username: str, agency: str, *, others: bool = False) -> str:
    """An analyst; with `others`, one who also holds the labels of other forces, so that there are thirty."""
    from crossline.access.actions import enrol, labels_named
    from crossline.access.audit import Process
    from crossline.access.models import Label, Membership
    from crossline.access.roles import Role

    person = enrol(
        username=username,
        name="Bench Analyst",
        agency=agency,
        roles=[Role.ANALYST],
        password="a password of benches only",
        by=Process("bench"),
    )
    if others:
        held = set(Membership.objects.filter(person=person).values_list("label__key", flat=True))
        forces = Label.objects.filter(key__startswith="agency:").exclude(key__in=held).order_by("key")
        named = labels_named([each.key for each in forces[: LABELS - len(held)]])
        Membership.objects.bulk_create([Membership(person=person, label=label) for label in named.values()])
    return person.username


def asked_of(row: Mapping[str, Any], fields: Sequence[str]) -> dict[str, str]:
    """What a form would be sent of a mention, of these fields."""
    written = {
        "forename": row["forename"],
        "middle": row["middle"],
        "surname": row["surname"],
        "born": row["dob"],
        "sex": row["sex"],
        "aliases": ", ".join(each for each in row["aliases"] if each),
        "phones": ", ".join(each for each in row["phones"] if each),
        "pnc": row["pnc"],
        "nominal": "",
        "vehicle": row["vrm"],
        "postcode": row["postcode"],
        "address": row["address"],
    }
    return {name: written[name] for name in fields if written[name]}
