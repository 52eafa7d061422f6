"""Victims in exports: no format of any export says their names or where they can be reached, unless two people let it."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from crossline.access.approvals import Act, Standing, ask, decide, use
from crossline.access.audit import Event
from crossline.access.models import AuditEvent
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.entities.clusters import people
from crossline.entities.matching import match_people
from crossline.errors import NotPermitted
from crossline.exchange.catalogue import NETWORKS, WITH_NETWORKS, Format, What, formats_of, wanted
from crossline.exchange.exports import prepare
from crossline.exchange.masking import PUT_FORWARD, VICTIM, masking
from crossline.exchange.stix import OBSERVABLES
from crossline.records.models import Mention
from crossline.safeguarding.raising import raise_due

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]

NAMES = ("Perpetua", "Quillfeather", "Peppercorn", "2009-03-14", "N7654", "26/7654Z")
REACHED = ("900300", "Larkspur", "perpetua_q", "11223344", "TN34 9ZZ")
CHILD = ("Lucasta", "Hollowell", "2010-05-06", "900301", "Foxglove")
TOLD = ("Barnaby", "Underwood", "1980-01-02", "900302", "900310", "AB12 CDE")
"""A victim and where she can be reached; a child put forward whom nobody calls a victim; and a man who is neither, whose
number is his own, with the number of a line that the victim carries."""


def _delivery(builders: Any, folder: Path, kept: Path) -> None:
    """Two forces that both know the victim, so that she, her number and her address stand in overlaps as well."""
    victim = builders.person(
        forename="Perpetua",
        surname="Quillfeather",
        aliases=["Peppercorn"],
        dob="2009-03-14",
        sex="F",
        ids={"nominal": "N7654", "pnc": "26/7654Z"},
    )
    child = builders.person("p2", forename="Lucasta", surname="Hollowell", dob="2010-05-06", sex="F")
    man = builders.person("p3", forename="Barnaby", surname="Underwood", dob="1980-01-02")
    mentions = [victim, child, man]
    mentions += [
        {"key": "t1", "kind": "phone", "number": "07700 900300"},
        {"key": "t2", "kind": "phone", "number": "07700 900301"},
        {"key": "t3", "kind": "phone", "number": "07700 900302"},
        {"key": "t4", "kind": "phone", "number": "07700 900310"},
        {"key": "a1", "kind": "address", "text": "3 Larkspur Walk, Hastings", "postcode": "TN34 9ZZ"},
        {"key": "a2", "kind": "address", "text": "8 Foxglove Road, Hastings", "postcode": "TN34 8ZZ"},
        {"key": "h1", "kind": "handle", "name": "@perpetua_q"},
        {"key": "c1", "kind": "account", "name": "11223344"},
        {"key": "v1", "kind": "vehicle", "vrm": "AB12 CDE"},
        {"key": "l1", "kind": "line", "name": "Leo"},
    ]
    says = [
        ("p1", "l1", "exploited_by", "victim"),
        *(("p1", to, "uses", None) for to in ("t1", "h1", "c1", "t4")),
        ("p1", "a1", "lives_at", None),
        ("p2", "l1", "runs_for", "suspect"),
        ("p2", "t2", "uses", None),
        ("p2", "a2", "lives_at", None),
        ("p3", "t3", "uses", "suspect"),
        ("p3", "v1", "drives", "suspect"),
        ("p3", "a1", "stores_at", "suspect"),
        ("l1", "t4", "uses", None),
    ]
    assertions = [{"from": a, "to": b, "type": type_, "basis": "fact", "category": c} for a, b, type_, c in says]
    for agency in ("kent", "essex"):
        report = builders.report(f"{agency}/1", mentions=mentions, assertions=assertions)
        cases = [builders.investigation(f"{agency}-OP", agency=agency, selectors="phone:07700 900300", line_refs="")]
        line = builders.line(f"{agency}-LEO", agency=agency, numbers="07700 900310")
        builders.sent(
            folder / agency, kept, agency=agency, ref=agency, reports=[report], lines=[line], investigations=cases
        )
    match_people()
    raise_due()


@pytest.fixture
def store(builders: Any, tmp_path: Path, kept: Path) -> Viewer:
    """Gives somebody who sees all of it but the other force's investigation."""
    _delivery(builders, tmp_path, kept)
    return builders.enrolled("centre.analyst", agency="nclcc")


def text_of(what: str, format_: str, viewpoint: Any, **asked: Any) -> str:
    """An export as text; of a workbook every part."""
    with prepare(what, format_, viewpoint, **asked).file as file:
        content = file.read()
    if format_ != Format.XLSX:
        return content.decode()
    with ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def every() -> Iterator[tuple[What, Format]]:
    for what in What:
        yield from ((what, format_) for format_ in formats_of(what))


def said_in(text: str, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word.casefold() in text.casefold()]


def test_no_export_says_who_a_victim_is_or_where_they_can_be_reached(builders: Any, store: Viewer) -> None:
    with builders.seen_by(store) as viewpoint:
        told = {each: text_of(*each, viewpoint) for each in every()}
    assert {each: found for each, text in told.items() if (found := said_in(text, (*NAMES, *REACHED, *CHILD)))} == {}
    assert len(told) > 50
    for what in WITH_NETWORKS - {What.VEHICLES}:
        for format_ in NETWORKS:
            assert VICTIM in told[what, format_], (what, format_)


def test_the_same_walk_over_whole_exports_finds_them_all(builders: Any, store: Viewer) -> None:
    """The control: what is looked for does stand in these files when nothing is withheld."""
    with builders.administrator() as viewpoint:
        whole = {each: text_of(*each, viewpoint) for each in every()}
    together = "\n".join(whole.values())
    assert said_in(together, (*NAMES[:4], *REACHED, *CHILD)) == [*NAMES[:4], *REACHED, *CHILD]
    for format_ in NETWORKS:
        found = said_in(whole[What.PEOPLE, format_], ("Quillfeather", "900300", "Larkspur", "Hollowell"))
        assert len(found) == 4, format_
    for format_ in (Format.CSV, Format.JSON, Format.XLSX):
        assert said_in(whole[What.OVERLAPS, format_], ("Quillfeather", "900300")), format_
    naming = {each for each, text in whole.items() if said_in(text, (*NAMES, *REACHED, *CHILD))}
    assert all(wanted(*each).names_people for each in naming), "whatever names somebody is known to"


def test_who_is_no_victim_and_the_numbers_of_lines_are_told(builders: Any, store: Viewer) -> None:
    with builders.seen_by(store) as viewpoint:
        people_, phones = (text_of(what, "graphml", viewpoint) for what in ("people", "phones"))
        lines = text_of("line-numbers", "csv", viewpoint)
    assert said_in(people_, TOLD) == list(TOLD), "the line's number is the line's, whoever carries it"
    assert "900302" in phones and "900310" in phones and "900310" in lines


def test_who_is_put_forward_is_not_called_a_victim(builders: Any, store: Viewer) -> None:
    """A child in a runner's role of whom no record says that she is a victim: her name is withheld, and no more is said."""
    nodes, _ = graph(builders, store)
    with builders.administrator() as viewpoint:
        known = people(viewpoint)
    child, victim = (
        known.of(str(Mention.objects.filter(surname=name)[0].id)) for name in ("Hollowell", "Quillfeather")
    )
    assert (nodes[child]["label"], nodes[victim]["label"]) == (PUT_FORWARD, VICTIM)
    for node in (nodes[child], nodes[victim]):
        assert "born" not in node and "other_names" not in node
        assert (node["sex"], node["agencies"], node["mentions"]) == ("F", "essex;kent", "2")


GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def graph(builders: Any, viewer: Viewer | None, what: str = "people") -> tuple[dict[str, Any], dict[str, Any]]:
    """(nodes, edges) of an export as somebody has it, by id; the administrator's where nobody is named."""
    with builders.administrator() if viewer is None else builders.seen_by(viewer) as viewpoint:
        root = ElementTree.fromstring(text_of(what, "graphml", viewpoint))  # our own text
    names = {key.attrib["id"]: key.attrib["attr.name"] for key in root.iter(f"{GRAPHML}key")}
    found = []
    for kind in ("node", "edge"):
        found.append(
            {
                each.attrib["id"]: {"ends": (each.get("source"), each.get("target"))}
                | {names[data.attrib["key"]]: data.text for data in each}
                for each in root.iter(f"{GRAPHML}{kind}")
            }
        )
    return found[0], found[1]


@pytest.mark.parametrize("what", sorted(WITH_NETWORKS))
def test_rows_can_still_be_joined(what: str, builders: Any, store: Viewer) -> None:
    """Ids, ties with their records and grades, and counts are the same; only names and values are gone."""
    (masked, ties), (whole, whole_ties) = graph(builders, store, what), graph(builders, None, what)
    assert ties == whole_ties and ties
    assert masked.keys() == whole.keys()
    kept_of = ("kind", "sex", "agencies", "mentions", "first", "last", "status")
    for id_, node in masked.items():
        assert [node.get(name) for name in kept_of] == [whole[id_].get(name) for name in kept_of]


def test_an_identifier_does_not_give_a_number_away(builders: Any, store: Viewer) -> None:
    """STIX makes an account's identifier of its value, and there are few enough numbers to try them all."""

    def identifier(value: str) -> str:
        said = json.dumps({"account_type": "phone", "user_id": value}, separators=(",", ":"))
        return f"user-account--{uuid.uuid5(OBSERVABLES, said)}"

    with builders.seen_by(store) as viewpoint:
        masked = text_of("phones", "stix", viewpoint)
    with builders.administrator() as viewpoint:
        whole = text_of("phones", "stix", viewpoint)
    assert identifier("+447700900300") in whole and identifier("+447700900302") in whole
    assert identifier("+447700900300") not in masked and identifier("+447700900302") in masked


def test_a_postcode_alone_is_withheld_for_the_victim_and_not_for_whoever_else_it_covers(
    builders: Any, tmp_path: Path, kept: Path
) -> None:
    home = {"key": "a1", "kind": "address", "text": None, "postcode": "CT9 9ZZ"}
    for number, category in enumerate(("victim", "suspect"), start=1):
        says = [{"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact", "category": category}]
        who = builders.person(forename=f"Person{number}", surname=f"Number{number}", dob="1970-02-03")
        report = builders.report(f"K/{number}", mentions=[who, home], assertions=says)
        builders.sent(tmp_path / str(number), kept, ref=str(number), reports=[report])
    viewer = builders.enrolled("kent.analyst")
    nodes, _ = graph(builders, viewer, "addresses")
    assert sorted(node["label"] for node in nodes.values() if node["kind"] == "address") == [
        "Address withheld",
        "CT9 9ZZ",
    ]


def test_a_record_that_somebody_does_not_see_masks_nothing_for_them(builders: Any, tmp_path: Path, kept: Path) -> None:
    """Essex knows of a man; only Kent knows that he is a victim, and where he lives."""
    man = builders.person(forename="Barnaby", surname="Underwood", dob="1980-01-02", ids={"pnc": "26/1111A"})
    phone = {"key": "t1", "kind": "phone", "number": "07700 900302"}
    line = {"key": "l1", "kind": "line", "name": "Leo"}
    uses = {"from": "p1", "to": "t1", "type": "uses", "basis": "fact"}
    harmed = {"from": "p1", "to": "l1", "type": "victim_of", "basis": "fact", "category": "victim"}
    open_ = builders.report("essex/1", mentions=[man, phone], assertions=[uses])
    closed = builders.report("kent/1", mentions=[man, phone, line], assertions=[uses, harmed], audience=["kent"])
    builders.sent(tmp_path / "essex", kept, agency="essex", ref="1", reports=[open_])
    builders.sent(tmp_path / "kent", kept, ref="1", reports=[closed])
    match_people()
    told = {}
    for agency in ("essex", "kent"):
        with builders.seen_by(builders.enrolled(f"{agency}.analyst", agency=agency)) as viewpoint:
            told[agency] = text_of("people", "graphml", viewpoint)
            assert bool(masking(viewpoint).suffering) == (agency == "kent")
    assert said_in(told["essex"], ("Underwood", "900302")) == ["Underwood", "900302"]
    assert said_in(told["kent"], ("Underwood", "900302")) == []


# With victims named


@pytest.fixture
def manager(builders: Any, store: Viewer) -> Viewer:
    return builders.enrolled("centre.manager", agency="nclcc", roles=(Role.INFORMATION_MANAGER,))


def used(builders: Any, store: Viewer, manager: Viewer, act: Act) -> Callable[[Any], Callable[[int], Standing]]:
    """An approval that was asked for and given, to be used as a page uses it."""
    with builders.seen_by(store) as viewpoint:
        made = ask(act=act, about="people as ftm", rows=900, reason="For the conference.", viewpoint=viewpoint)
    with builders.seen_by(manager) as viewpoint:
        decide(approval=made.id, approved=True, note="", viewpoint=viewpoint)
    return lambda viewpoint: (
        lambda rows: use(approval=made.id, act=act, about="people as ftm", rows=rows, viewpoint=viewpoint)
    )


def exported() -> list[dict[str, Any]]:
    return [dict(row.detail) for row in AuditEvent.objects.filter(event=Event.EXPORTED).order_by("at")]


def test_victims_are_named_once_two_people_said_so_and_the_audit_says_under_which_approval(
    builders: Any, store: Viewer, manager: Viewer
) -> None:
    allowed = used(builders, store, manager, Act.UNMASK_VICTIMS)
    with builders.seen_by(store) as viewpoint:
        named = text_of("people", "ftm", viewpoint, victims_named=True, allowed=allowed(viewpoint))
        text_of("people", "ftm", viewpoint)
    assert said_in(named, ("Quillfeather", "900300", "Larkspur")) == ["Quillfeather", "900300", "Larkspur"]
    first, second = exported()
    assert first["victims_named"] is True and first["allowed_by"] == "centre.manager" and first["approval"]
    assert second["victims_named"] is False and "approval" not in second


def test_nobody_has_victims_named_alone_nor_by_an_approval_for_something_else(
    builders: Any, store: Viewer, manager: Viewer
) -> None:
    with builders.seen_by(store) as viewpoint, pytest.raises(NotPermitted, match="second person"):
        prepare("people", "ftm", viewpoint, victims_named=True)
    in_bulk = used(builders, store, manager, Act.BULK_EXPORT)
    with builders.seen_by(store) as viewpoint, pytest.raises(NotPermitted, match="second person"):
        prepare("people", "ftm", viewpoint, victims_named=True, allowed=in_bulk(viewpoint))
    assert exported() == []


def test_what_the_administrator_of_the_machine_exports_is_whole_and_said_to_be(builders: Any, store: Viewer) -> None:
    with builders.administrator() as viewpoint:
        assert said_in(text_of("people", "ftm", viewpoint), ("Quillfeather",))
        text_of("people", "csv", viewpoint)
    assert [detail["victims_named"] for detail in exported()] == [True, False], "references name nobody"
