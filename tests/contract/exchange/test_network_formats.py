"""GraphML, STIX, FollowTheMoney, i2 and GeoJSON: whole, well formed, graded, and only what the viewer may see."""

from __future__ import annotations

import json
import re
import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from crossline.exchange.catalogue import WITH_NETWORKS, What
from crossline.exchange.exports import prepare
from crossline.exchange.i2 import I2_COLUMNS
from crossline.records.models import Assertion
from crossline.vocabulary.agencies import agencies

pytestmark = pytest.mark.django_db
Read = Callable[..., Any]
KINDS = {"people": "person", "phones": "phone", "addresses": "address", "vehicles": "vehicle", "lines": "line"}
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"


def raw(viewpoint: Any, what: str, format_: str) -> bytes:
    with prepare(what, format_, viewpoint).file as file:
        return file.read()


def graph(viewpoint: Any, what: str) -> tuple[dict[str, dict[str, str]], list[dict[str, str]]]:
    """(nodes by id, edges) with their data by attribute name."""
    root = ElementTree.fromstring(raw(viewpoint, what, "graphml"))  # our own text
    names = {key.attrib["id"]: key.attrib["attr.name"] for key in root.iter(f"{GRAPHML}key")}

    def data(element: Any) -> dict[str, str]:
        return {names[each.attrib["key"]]: each.text or "" for each in element}

    nodes = {node.attrib["id"]: data(node) for node in root.iter(f"{GRAPHML}node")}
    return nodes, [data(edge) | dict(edge.attrib) for edge in root.iter(f"{GRAPHML}edge")]


@pytest.mark.parametrize("what", sorted(WITH_NETWORKS))
def test_a_graph_has_every_thing_of_its_kind_and_every_tie_of_theirs(
    builders: Any, two_forces: None, read: Read, what: What
) -> None:
    kind = KINDS[what]
    with builders.administrator() as viewpoint:
        nodes, edges = graph(viewpoint, what)
        every = Assertion.objects.select_related("from_mention", "to_mention")
        ties = [tie for tie in every if kind in (tie.from_mention.kind, tie.to_mention.kind)]
        listed = {row["line" if what is What.LINES else "entity"] for row in read(viewpoint, what)}
    own = {each for each, said in nodes.items() if said["kind"] == kind}
    assert listed <= own
    assert {edge["id"] for edge in edges} == {str(tie.id) for tie in ties}
    assert {edge[end] for edge in edges for end in ("source", "target")} <= set(nodes)
    assert all(edge["handling"] and edge["classification"] and edge["agency"] and edge["ref"] for edge in edges)


def test_a_graph_tells_a_viewer_nothing_hidden(builders: Any, two_forces: None) -> None:
    with builders.seen_by(builders.enrolled("essex.analyst", agency="essex")) as viewpoint:
        _, edges = graph(viewpoint, "people")
        text = raw(viewpoint, "people", "ftm") + raw(viewpoint, "people", "stix") + raw(viewpoint, "people", "i2")
    assert {edge["ref"] for edge in edges} == {"KENT/2026/000001"}
    assert b"KENT/2026/000002" not in text
    assert b"OP-1" not in text


def test_a_graph_survives_awkward_names(builders: Any, tmp_path: Any, kept: Any) -> None:
    name = '<Ja&den> "O\'Neil" \ufffe'
    builders.sent(tmp_path / "kent", kept, reports=[builders.report(mentions=[builders.person(forename=name)])])
    with builders.administrator() as viewpoint:
        nodes, _ = graph(viewpoint, "people")
        stix = json.loads(raw(viewpoint, "people", "stix"))
    assert next(iter(nodes.values()))["label"] == name.replace("\ufffe", "\ufffd") + " Cole"
    assert any(name.strip() in each.get("name", "") for each in stix["objects"])


def test_a_stix_bundle_is_complete_marked_and_says_each_thing_once(builders: Any, two_forces: None) -> None:
    with builders.administrator() as viewpoint:
        bundle = json.loads(raw(viewpoint, "people", "stix"))
        lines = json.loads(raw(viewpoint, "lines", "stix"))
    assert bundle["type"] == "bundle" and re.fullmatch(r"bundle--[0-9a-f-]{36}", bundle["id"])
    for objects in (bundle["objects"], lines["objects"]):
        ids = Counter(each["id"] for each in objects)
        assert set(ids.values()) == {1}
        for each in objects:
            kind, _, key = each["id"].partition("--")
            assert kind == each["type"] and uuid.UUID(key).version == 5
            assert each["spec_version"] == "2.1"
            named = [each[name] for name in each if name.endswith("_ref")]
            named += [one for name in each if name.endswith("_refs") for one in each[name]]
            assert set(named) <= set(ids)
            if each["type"] == "relationship":
                assert each["object_marking_refs"] and each["created_by_ref"] and each["external_references"]
            if "created" in each and "modified" in each:
                assert each["created"] <= each["modified"]
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", each["created"])
    kinds = Counter(each["type"] for each in bundle["objects"])
    assert {"identity", "relationship", "marking-definition", "user-account", "observed-data", "location"} <= set(kinds)
    statements = {each["definition"]["statement"] for each in bundle["objects"] if each["type"] == "marking-definition"}
    assert "OFFICIAL-SENSITIVE. Handling C: lawful sharing permitted with conditions." in statements


def test_a_lines_number_is_an_indicator_of_it(builders: Any, two_forces: None) -> None:
    with builders.administrator() as viewpoint:
        objects = json.loads(raw(viewpoint, "lines", "stix"))["objects"]
    by_id = {each["id"]: each for each in objects}
    indicated = [
        (by_id[each["source_ref"]]["pattern"], by_id[each["target_ref"]]["name"])
        for each in objects
        if each["type"] == "relationship" and each["relationship_type"] == "indicates"
    ]
    pattern = "[user-account:account_type = 'phone' AND user-account:user_id = '+447700900123#0042']"
    assert (pattern, "Leo") in indicated
    line = next(each for each in objects if each["type"] == "intrusion-set" and each["name"] == "Max")
    assert line["description"] == "County line. Closed, type 1."


def test_an_observable_has_the_identifier_that_the_standard_gives_it(builders: Any, two_forces: None) -> None:
    """STIX 2.1 §2.9: version 5, of the canonical JSON of what identifies it, in the namespace of the standard."""
    with builders.administrator() as viewpoint:
        objects = json.loads(raw(viewpoint, "phones", "stix"))["objects"]
    account = next(each for each in objects if each.get("user_id") == "+447700900123#0042")
    canonical = '{"account_type":"phone","user_id":"+447700900123#0042"}'
    expected = uuid.uuid5(uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7"), canonical)
    assert account["id"] == f"user-account--{expected}"


def test_follow_the_money_entities_and_links(builders: Any, two_forces: None) -> None:
    with builders.administrator() as viewpoint:
        entities = [json.loads(line) for line in raw(viewpoint, "people", "ftm").splitlines()]
    by_id = {each["id"]: each for each in entities}
    assert len(by_id) == len(entities)
    assert all(isinstance(value, list) and value for each in entities for value in each["properties"].values())
    links = [each for each in entities if each["schema"] == "UnknownLink"]
    assert links and all(each["properties"][end][0] in by_id for each in links for end in ("subject", "object"))
    person = next(each for each in entities if "JC" in each["properties"].get("alias", []))
    assert person["schema"] == "Person"
    assert person["properties"]["birthDate"] == ["2008-04-11"]
    assert person["properties"]["gender"] == ["male"]
    schemas = {each["schema"] for each in entities}
    assert {"Person", "UserAccount", "Address", "Vehicle", "Organization", "Asset"} <= schemas


def test_i2_rows_carry_both_ends_the_grade_and_the_source(builders: Any, two_forces: None, read: Read) -> None:
    with builders.administrator() as viewpoint:
        rows = read(viewpoint, "people", "i2")
    assert tuple(rows[0]) == I2_COLUMNS
    runs = next(row for row in rows if row["link_type"] == "runs_for" and row["source_ref"] == "KENT/2026/000002")
    assert (runs["end1_type"], runs["end2_type"], runs["end2_label"]) == ("Person", "Organisation", "Leo")
    assert (runs["source_grade"], runs["information_grade"], runs["handling"]) == ("2", "B", "C")
    assert (runs["strength"], runs["data_subject_category"], runs["basis"]) == ("Unconfirmed", "victim", "assessment")
    assert all(row["end1_id"] and row["end2_id"] and row["strength"] for row in rows)


def test_geojson_draws_lines_between_agencies_and_nothing_nearer(
    builders: Any, two_forces: None, read_json: Read
) -> None:
    with builders.administrator() as viewpoint:
        lines, flows, figures = (read_json(viewpoint, what, "geojson") for what in ("lines", "flows", "figures"))
    middle = {name: [agencies()[name].lon, agencies()[name].lat] for name in ("metropolitan", "kent")}
    leo = next(each for each in lines["features"] if each["properties"]["name"] == "Leo")
    assert lines["type"] == "FeatureCollection"
    assert leo["geometry"] == {"type": "LineString", "coordinates": [middle["metropolitan"], middle["kent"]]}
    assert leo["properties"]["importing_agencies"] == "kent"
    assert [each["properties"]["lines"] for each in flows["features"]] == [1]
    assert flows["features"][0]["geometry"]["type"] == "LineString"
    places = {each["properties"]["area"]: each["geometry"] for each in figures["features"]}
    assert places["national"] is None
    assert places["kent"] == {"type": "Point", "coordinates": middle["kent"]}
