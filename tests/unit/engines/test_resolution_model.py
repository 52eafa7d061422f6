"""Models: complete or refused, named by what they hold, learnt the same from the same rows."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pyarrow as pa
import pytest

from crossline.engines.resolution.comparisons import COMPARISONS
from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.model import (
    LevelValues,
    Model,
    ModelError,
    assumed_model,
    at_scale,
    load,
    released_model,
    save,
)
from crossline.engines.resolution.training import train

NAMES = [("Jaden", "Cole"), ("Amira", "Hussain"), ("Piotr", "Nowak"), ("Grace", "Kelly"), ("Tyrone", "Baptiste")]


def rows(people: int = 300) -> pa.Table:
    mentions = []
    for person in range(people):
        forename, surname = NAMES[person % 5][0], f"{NAMES[person // 5 % 5][1]}{'abcdefghijkl'[person % 12]}"
        for copy in range(3):
            mentions.append({
                "mention_id": f"{person:04d}{copy}", "forename": forename[: 3 + 9 * (copy < 2)], "surname": surname,
                "dob": f"{1970 + person % 37}-{1 + person % 12:02d}-{2 + person % 26:02d}" if copy else None,
                "sex": "F" if person % 5 in (1, 3) else "M",
                "phones": [f"07700 900{person % 1000:03d}#{person:04d}"],
            })  # fmt: skip
    return pa.Table.from_pylist(mentions, schema=MENTION_SCHEMA)


def test_training_leaves_no_level_without_a_value_and_repeats_itself() -> None:
    first, again = train(rows(), 7), train(rows(), 7)
    assert first == again
    assert first.version == again.version
    for comparison in COMPARISONS:
        for level in comparison.levels:
            values = first.values[comparison.name][level.code]
            assert 0 < values.m <= 1
            assert 0 < values.u <= 1
    assert first.diagnostics["rows"] == 900


def test_training_learns_from_the_rows() -> None:
    learnt = train(rows(), 7)
    assert learnt.values["phones"]["shared"].m > 0.9  # every mention of a person has the number
    assert learnt.values["vehicle"] == assumed_model().values["vehicle"]  # no vehicles: the assumption stands


def test_training_on_nothing_is_the_start() -> None:
    assert train(MENTION_SCHEMA.empty_table(), 1).values == assumed_model().values


def test_a_model_survives_writing(tmp_path: Path) -> None:
    save(released_model(), tmp_path / "model.json")
    assert load(tmp_path / "model.json") == released_model()


def test_a_model_altered_after_release_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    save(assumed_model(), path)
    content = json.loads(path.read_text())
    content["values"]["sex"]["same"]["m"] = 0.5
    path.write_text(json.dumps(content))
    with pytest.raises(ModelError, match="altered"):
        load(path)


def test_a_model_for_other_comparisons_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    save(assumed_model(), path)
    content = json.loads(path.read_text())
    content["definitions"] = "0" * 12
    path.write_text(json.dumps(content))
    with pytest.raises(ModelError, match="train it again"):
        load(path)


def test_a_level_without_a_value_is_refused() -> None:
    values = {name: dict(levels) for name, levels in assumed_model().values.items()}
    values["phones"]["shared"] = LevelValues(0.5, 0.0)
    with pytest.raises(ModelError, match="a shared telephone number"):
        Model("broken", 4.0, 18, values, {})


def test_the_version_names_what_scores_depend_on() -> None:
    model = assumed_model()
    assert dataclasses.replace(model, diagnostics={"note": "x"}).version == model.version
    assert at_scale(model, 1000).version != model.version


def test_the_more_mentions_the_less_likely_two_are_one() -> None:
    model = assumed_model()
    assert at_scale(model, 1 << 18).prior_bits == at_scale(model, (1 << 17) + 1).prior_bits == -16
    assert at_scale(model, 1 << 17).prior_bits == -15
    assert at_scale(model, 3).prior_bits == at_scale(model, 0).prior_bits == -7
