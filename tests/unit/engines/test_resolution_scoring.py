"""Weights: what they are made of, that hidden rows do not move them, and that they find people again."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import Any

import pyarrow as pa
import pytest

from crossline.engines.resolution.blocking import RULES
from crossline.engines.resolution.comparisons import COMPARISONS, FORENAME, LEAST_FORENAME_SHARE, LEAST_SURNAME_SHARE
from crossline.engines.resolution.explain import explain, explanation_from_json, sentence
from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.model import BIT_STEPS, MOST_BITS, LevelValues, Model, assumed_model, released_model
from crossline.engines.resolution.names import COMMUNITY_SURNAME_SHARE, name_reference
from crossline.engines.resolution.resolve import resolve, vetoes_of
from crossline.engines.resolution.score import PAIR_SCHEMA, dropped_keys, score_pairs

MODEL = released_model()


def table(*mentions: dict[str, Any]) -> pa.Table:
    rows = [{"mention_id": f"{number:04d}", **mention} for number, mention in enumerate(mentions)]
    return pa.Table.from_pylist(rows, schema=MENTION_SCHEMA)


def synthetic(people: int, seed: int) -> tuple[pa.Table, list[int]]:
    """Mentions of invented people with slips, short forms, gaps and relatives; and who each is."""
    chance, reference = random.Random(seed), name_reference()
    forenames = chance.choices(list(reference.forename_share), list(reference.forename_share.values()), k=people)
    surnames = chance.choices(list(reference.surname_share), list(reference.surname_share.values()), k=people)
    rows, truth = [], []
    for person in range(people):
        surname = surnames[person - 1] if person % 8 == 1 else surnames[person]
        home = person - 1 if person % 8 == 1 else person
        born = f"{chance.randrange(1970, 2011)}-{chance.randrange(1, 13):02d}-{chance.randrange(2, 29):02d}"
        for _ in range(chance.randrange(1, 9)):
            forename = forenames[person]
            variants = sorted(reference.forename_variants.get(forename, ()))
            if variants and chance.random() < 0.15:
                forename = chance.choice(variants)
            rows.append({
                "agency": chance.choice(["kent", "essex"]), "forename": forename,
                "surname": surname[:-2] + surname[-1] if chance.random() < 0.08 else surname,
                "dob": chance.choice([born, born, born, born[:4], None]),
                "sex": chance.choice(["M", None]),
                "phones": [f"07700 900{person % 1000:03d}#{person:04d}"] if chance.random() < 0.3 else None,
                "postcode": f"TN{home % 30} {home % 10}AB" if chance.random() < 0.4 else None,
                "address": f"{home % 90} High Street" if chance.random() < 0.4 else None,
                "pnc": f"20{person % 90 + 10}/{person:05d}A" if chance.random() < 0.3 else None,
            })  # fmt: skip
            truth.append(person)
    return table(*rows), truth


COLE = {"agency": "kent", "forename": "Jaden", "surname": "Cole", "dob": "2008-04-11", "sex": "M"}


def test_a_weight_is_exactly_its_parts() -> None:
    mentions, _ = synthetic(120, 3)
    pairs = score_pairs(mentions, MODEL)
    assert pairs.schema == PAIR_SCHEMA
    assert pairs.num_rows > 100
    for row in pairs.to_pylist():
        explanation = explain(row["levels"], MODEL)
        assert explanation.weight_bits == row["weight_bits"]
        assert row["probability"] == pytest.approx(1 / (1 + 2 ** -row["weight_bits"]))
        assert explanation_from_json(explanation.as_json()) == explanation


def test_a_name_weighs_by_its_share_of_the_population_not_of_the_data() -> None:
    jack = {**COLE, "forename": "Jack", "surname": "Smith"}
    [row] = score_pairs(table(jack, jack), MODEL, least_bits=-99).to_pylist()
    parts = {part.comparison: part for part in explain(row["levels"], MODEL).parts}
    share = name_reference().share_of_forename("jack")
    expected = math.log2(MODEL.values["forename"]["same"].m / share)
    assert parts["forename"].bits == pytest.approx(expected, abs=0.002)
    assert parts["forename"].one_in == pytest.approx(1 / share, rel=0.01)
    [rarer] = score_pairs(table(COLE, COLE), MODEL, least_bits=-99).to_pylist()
    assert rarer["weight_bits"] > row["weight_bits"] + 3


def test_no_name_counts_as_rarer_than_a_small_community_makes_it() -> None:
    matei = {**COLE, "forename": "Nicolae", "surname": "Matei"}
    [row] = score_pairs(table(matei, matei), MODEL, least_bits=-99).to_pylist()
    parts = {part.comparison: part for part in explain(row["levels"], MODEL).parts}
    assert parts["forename"].one_in == pytest.approx(1 / LEAST_FORENAME_SHARE, rel=0.01)
    assert parts["surname"].one_in == pytest.approx(1 / LEAST_SURNAME_SHARE, rel=0.01)
    singh = {**COLE, "surname": "Singh"}
    [row] = score_pairs(table(singh, singh), MODEL, least_bits=-99).to_pylist()
    parts = {part.comparison: part for part in explain(row["levels"], MODEL).parts}
    assert parts["surname"].one_in == pytest.approx(1 / COMMUNITY_SURNAME_SHARE, rel=0.01)


def test_rows_that_others_may_not_see_move_no_weight() -> None:
    everything, _ = synthetic(150, 4)
    ids = everything.column("mention_id").to_pylist()
    seen = {each for number, each in enumerate(ids) if number % 3}
    visible = everything.filter(pa.array([each in seen for each in ids]))
    among_all = [
        row for row in score_pairs(everything, MODEL).to_pylist() if row["left_id"] in seen and row["right_id"] in seen
    ]
    assert score_pairs(visible, MODEL).to_pylist() == among_all


@pytest.mark.parametrize(
    ("change", "comparison", "level"),
    [
        ({"forename": "Jayden"}, "forename", "variant"),
        ({"forename": "J"}, "forename", "initial"),
        ({"forename": "Cole", "surname": "Jaden"}, "forename", "swapped"),
        ({"surname": "Cole-Marsh"}, "surname", "part"),
        ({"surname": "Colle"}, "surname", "close"),
        ({"dob": "2008-11-04"}, "birth", "swapped"),
        ({"dob": "2008-04-12"}, "birth", "slip"),
        ({"dob": "2008-01-01"}, "birth", "year"),
        ({"dob": "2008-04"}, "birth", "month"),
        ({"dob": "2006-05-11"}, "birth", "different"),
        ({"sex": "F"}, "sex", "different"),
    ],
)
def test_levels(change: dict[str, str], comparison: str, level: str) -> None:
    found = score_pairs(table(COLE, {**COLE, **change}), MODEL, least_bits=-99).to_pylist()
    [row] = found
    parts = {part.comparison: part.level for part in explain(row["levels"], MODEL).parts}
    assert parts[comparison] == level
    assert ("surname" in parts) == (level != "swapped" or comparison == "birth")


def test_nominals_of_two_forces_say_nothing_of_each_other() -> None:
    kent, essex = {**COLE, "nominal": "4411"}, {**COLE, "agency": "essex", "nominal": "4411"}
    [row] = score_pairs(table(kent, essex), MODEL).to_pylist()
    assert "nominal" not in {part.comparison for part in explain(row["levels"], MODEL).parts}
    [row] = score_pairs(table(kent, kent), MODEL).to_pylist()
    assert "nominal" in {part.comparison for part in explain(row["levels"], MODEL).parts}


def test_what_a_household_shares_does_not_make_brothers_one() -> None:
    home = {"surname": "Cole", "postcode": "TN34 1AA", "address": "12 High Street", "phones": ["07700 900123#0042"]}
    brothers = table(
        {**home, "forename": "Jaden", "dob": "2008-04-11"}, {**home, "forename": "Marcus", "dob": "2006-09-30"}
    )
    found = score_pairs(brothers, MODEL, least_bits=-99).to_pylist()
    assert all(row["weight_bits"] < 0 for row in found)


def test_a_father_without_a_forename_is_not_his_son() -> None:
    home = {"surname": "Cole", "postcode": "TN34 1AA", "address": "12 High Street", "sex": "M"}
    pair = table({**home, "dob": "1971-11-23"}, {**home, "forename": "Jaden", "dob": "2008-04-11"})
    [row] = score_pairs(pair, MODEL, least_bits=-99).to_pylist()
    assert row["weight_bits"] < 0
    assert "address" not in {part.comparison for part in explain(row["levels"], MODEL).parts}


def test_a_sentence_says_why() -> None:
    [row] = score_pairs(table(COLE, {**COLE, "sex": "F"}), MODEL).to_pylist()
    said = sentence(explain(row["levels"], MODEL))
    assert "the same date of birth" in said
    assert "the same surname (1 person in" in said
    assert "against it: different sexes" in said


def test_people_are_found_again() -> None:
    mentions, truth = synthetic(1500, 6)
    cluster_of = resolve(mentions, MODEL).cluster_of
    found = [cluster_of[each] for each in mentions.column("mention_id").to_pylist()]
    together = _pairs(Counter(zip(found, truth, strict=True)))
    assert together / _pairs(Counter(found)) > 0.97
    assert together / _pairs(Counter(truth)) > 0.85


def test_a_field_that_is_often_wrong_of_one_person_cannot_keep_two_apart() -> None:
    assert vetoes_of(MODEL) == (True, True, True)
    values = {name: dict(levels) for name, levels in MODEL.values.items()}
    values["pnc"]["different"] = LevelValues(0.06, 0.99)
    careless = Model("careless", MODEL.recurrence, MODEL.scale, values, {})
    assert vetoes_of(careless) == (False, True, True)
    two_ids = table({**COLE, "pnc": "01/1234X"}, {**COLE, "pnc": "98/7654A"})
    assert len(set(resolve(two_ids, MODEL).cluster_of.values())) == 2
    assert len(set(resolve(two_ids, careless).cluster_of.values())) == 1


def test_no_agreement_weighs_more_than_the_bound_and_every_level_has_a_weight() -> None:
    for model in (MODEL, assumed_model()):
        for comparison in COMPARISONS:
            steps = model.steps(comparison)
            assert set(steps) == {level.code for level in comparison.levels}
            assert all(abs(each) <= MOST_BITS * BIT_STEPS for each in steps.values())
    assert MODEL.prior_bits * BIT_STEPS == MODEL.prior_steps


def test_rules_and_levels_are_named_once() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert len({level.code for level in FORENAME.levels}) == len(FORENAME.levels)


def test_a_key_too_common_is_dropped_and_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossline.engines.resolution.on_duckdb.KEY_LIMIT", 3)
    many = score_pairs(table(*[{"pnc": "01/1234X"}] * 4, COLE, COLE), MODEL)
    assert [(each.rule, each.mentions) for each in dropped_keys(many)] == [("pnc", 4)]
    assert many.num_rows == 1
    assert dropped_keys(score_pairs(table(COLE, COLE), MODEL)) == []


def test_no_rows_no_pairs() -> None:
    assert score_pairs(MENTION_SCHEMA.empty_table(), MODEL).num_rows == 0
    assert score_pairs(table(COLE), MODEL).num_rows == 0


def _pairs(sizes: Counter[Any]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes.values())
