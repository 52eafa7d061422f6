"""What others' readers make of our files: the OASIS validator of STIX, NetworkX, igraph, and FollowTheMoney where installed.

FollowTheMoney needs a C++ compiler and ICU to install, so it stands in an environment of its own (`just readers`).
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import igraph
import networkx
import pytest
from stix2validator import ValidationOptions, validate_string

from crossline.exchange.catalogue import WITH_NETWORKS, What
from crossline.exchange.exports import prepare

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(builders: Any, two_forces: None) -> Any:
    """`files(format)` gives each network as an analyst of Kent exports it, as bytes."""

    def take(format_: str) -> dict[What, bytes]:
        with builders.seen_by(builders.enrolled("kent.analyst")) as viewpoint:
            return {what: prepare(what, format_, viewpoint, recipients="Essex").file.read() for what in WITH_NETWORKS}

    return take


def test_the_oasis_validator_finds_no_error_in_a_bundle(files: Any) -> None:
    for what, body in files("stix").items():
        result = validate_string(body.decode(), ValidationOptions(version="2.1"))
        assert result.is_valid, (what, result.errors)
        assert len(json.loads(body)["objects"]) > 1, "an empty bundle is valid too"


def test_the_oasis_validator_would_find_one(files: Any) -> None:
    bundle = json.loads(files("stix")[What.PEOPLE])
    del next(each for each in bundle["objects"] if each["type"] == "relationship")["target_ref"]
    assert not validate_string(json.dumps(bundle), ValidationOptions(version="2.1")).is_valid


def test_networkx_and_igraph_read_the_same_graph(files: Any, tmp_path: Path) -> None:
    for what, body in files("graphml").items():
        graph = networkx.read_graphml(io.BytesIO(body))
        out = tmp_path / f"{what}.graphml"
        out.write_bytes(body)
        other = igraph.Graph.Read_GraphML(str(out))
        assert set(graph.nodes) == set(other.vs["id"])
        ends = {(other.vs[edge.source]["id"], other.vs[edge.target]["id"]) for edge in other.es}
        assert {(left, right) for left, right, _ in graph.edges} == ends and ends
        assert all(said["handling"] for *_, said in graph.edges(data=True))
        assert " for Essex. Export X-" in graph.graph["export"] and other["export"] == graph.graph["export"]


def test_follow_the_money_takes_every_entity_and_loses_no_value(files: Any) -> None:
    model = pytest.importorskip("followthemoney", reason="just readers installs it and runs this").model
    for what, body in files("ftm").items():
        for line in body.splitlines():
            said = json.loads(line)
            entity = model.get_proxy(said)
            entity.schema.validate(entity.to_dict())
            kept = entity.to_dict()["properties"]
            assert {name: set(values) for name, values in said["properties"].items()} == {
                name: set(values) for name, values in kept.items()
            }, (what, said["schema"])
