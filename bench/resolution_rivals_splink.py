"""Splink 5 as a rival: its stock comparison library, and its tuned best with our comparisons and blocking rules.

Settings are those of the notes on resolution, section 7, with what has been added since so that it gets every column that
Crossline gets (a force's own nominal number, street names). They are clustered by connected
components and given the best of THRESHOLDS, judged on the truth in their favour. Sets by others have the recipe of Splink's
own demonstrations; FEBRL4, tuned, is linked one to one between its two files, which Splink is told and Crossline is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import duckdb
import pyarrow as pa
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import EMTrainingException

THRESHOLDS = (0.9, 0.2, 0.5, 0.95, 0.99, 0.999, 0.9999, 0.99999)
"""The first is the one whose time and memory are told; the others are clustered after the clock has stopped."""
_LOW_THRESHOLDS = (0.5, 0.02, 0.1, 0.2, 0.9, 0.99)  # for FEBRL, whose pairs are few and plain


@dataclass(frozen=True)
class Recipe:
    """How Splink is set up for a set of data."""

    comparisons: list[Any]
    rules: list[Any]
    certain: list[Any]  # rules that find true pairs nearly always right, for the prior
    recall: float
    em_blocks: list[Any]
    without_frequencies: bool = True
    u_pairs: float = 1e6
    em_pairs: float | None = None
    thresholds: tuple[float, ...] = THRESHOLDS
    least: float = 0.2  # probability from which a pair is kept
    one_to_one: bool = False  # two files without duplicates, told by how their refs end


def clusterings(prepared: pa.Table, recipe: Recipe) -> Iterator[tuple[float, dict[str, str]]]:
    """(threshold, mention -> cluster) for each of the thresholds, in their order; training and scoring come before the first."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set enable_progress_bar = false")
    connection.register("arrow", prepared)
    tables = {"mentions": "true"}
    if recipe.one_to_one:
        tables = {"originals": "mention_id like '%-org'", "duplicates": "mention_id not like '%-org'"}
    for name, wanted in tables.items():
        connection.execute(f"create table {name} as select * exclude (row_id) from arrow where {wanted}")
    connection.unregister("arrow")
    api = DuckDBAPI(connection=connection)
    settings = SettingsCreator(
        link_type="link_only" if recipe.one_to_one else "dedupe_only",
        unique_id_column_name="mention_id",
        comparisons=recipe.comparisons,
        blocking_rules_to_generate_predictions=recipe.rules,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker([api.register(name) for name in tables], settings, log_level="ERROR", validate_settings=False)
    training = linker.training
    training.estimate_probability_two_random_records_match(recipe.certain, recall=recipe.recall)
    training.estimate_u_using_random_sampling(max_pairs=recipe.u_pairs, seed=1)
    for block in recipe.em_blocks:
        with suppress(EMTrainingException):  # a small set may have no pair that agrees on these columns
            training.estimate_parameters_using_expectation_maximisation(
                block, estimate_without_term_frequencies=recipe.without_frequencies, max_pairs=recipe.em_pairs
            )
    predicted = linker.inference.predict(threshold_match_probability=recipe.least, warning_mode="never")
    for threshold in recipe.thresholds:
        if recipe.one_to_one:
            clusters = linker.clustering.cluster_using_single_best_links(
                predicted, duplicate_free_datasets=[*tables], threshold_match_probability=threshold
            )
        else:
            clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold)
        rows = connection.execute(f"select mention_id, cluster_id from {clusters.physical_name}").fetchall()
        yield threshold, {mention: str(cluster) for mention, cluster in rows}


def recipe_for(name: str, *, tuned: bool) -> Recipe:
    """The recipe for a set by its name."""
    if name.startswith("FEBRL"):
        return _febrl(tuned=tuned, one_to_one=tuned and name == "FEBRL4")
    if name == "fake_1000":
        return _fake(tuned=tuned)
    return _tuned() if tuned else _stock()


def _stock() -> Recipe:
    return Recipe(
        comparisons=[
            cl.ForenameSurnameComparison("fore", "sur", forename_surname_concat_col_name="full_name"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            *(_exact(column) for column in ("phone", "vrm", "pnc", "nominal", "sex", "house", "moniker")),
        ],
        rules=[*_plain_rules(), block_on("nominal")],
        certain=_certain(),
        recall=0.45,
        em_blocks=[block_on("fore", "sur"), block_on("dob")],
    )


def _tuned() -> Recipe:
    more = (
        ("fore_root", "sur_code", "dob_year"), ("sur_code", "dob"), ("fore_root", "sur", "agency"), ("postcode", "house"),
        ("fore_root", "sur", "outcode"), ("fore_root", "sur_root", "place"), ("nominal",), ("fore", "sur"),
    )  # fmt: skip
    return Recipe(
        comparisons=[*_our_comparisons()],
        rules=[
            *_plain_rules(),
            *(block_on(*columns) for columns in more),
            "l.fore = r.sur and l.sur = r.fore",
            block_on("phones", arrays_to_explode=["phones"]),
            block_on("monikers", "agency", arrays_to_explode=["monikers"]),
        ],
        certain=_certain(),
        recall=0.45,
        em_blocks=[block_on("fore", "sur"), block_on("dob"), block_on("pnc")],
        em_pairs=1e6,
    )


def _certain() -> list[Any]:
    return [block_on("pnc"), block_on("fore", "sur", "dob"), block_on("phone", "fore")]


def _plain_rules() -> list[Any]:
    initial = "substr(fore, 1, 1)"
    return [
        block_on("pnc"), block_on("phone"), block_on("vrm"), block_on("sur", "dob"), block_on("fore", "dob"),
        block_on("postcode", "sur"), block_on("postcode", "fore"), block_on("sur", initial, "dob_year"),
        block_on("fore", "sur", "agency"), block_on("dob", "postcode"),
    ]  # fmt: skip


def _our_comparisons() -> Iterator[Any]:
    year_and_part = "dob_year_l = dob_year_r and (dob_month_l = dob_month_r or dob_day_l = dob_day_r)"
    swapped_names = "fore_l = sur_r and sur_l = fore_r"
    yield _levels(
        "forename",
        "fore_initial_l is null or fore_initial_r is null",
        [
            cll.ExactMatchLevel("fore", term_frequency_adjustments=True),
            *("list_has_any(fore_set_l, fore_set_r)", "jaro_winkler_similarity(fore_l, fore_r) >= 0.92"),
            *("(fore_l is null or fore_r is null) and fore_initial_l = fore_initial_r", swapped_names),
            "jaro_winkler_similarity(fore_l, fore_r) >= 0.85",
        ],
    )
    yield _levels(
        "surname",
        "sur_l is null or sur_r is null",
        [
            cll.ExactMatchLevel("sur", term_frequency_adjustments=True),
            *("list_has_any(sur_parts_l, sur_parts_r)", "jaro_winkler_similarity(sur_l, sur_r) >= 0.92"),
            *("sur_code_l = sur_code_r or damerau_levenshtein(sur_l, sur_r) <= 1", swapped_names),
        ],
    )
    yield _levels(
        "birth",
        "dob_year_l is null or dob_year_r is null",
        [
            "dob_l = dob_r",
            "(dob_l is null or dob_r is null) and dob_year_l = dob_year_r",
            "dob_year_l = dob_year_r and dob_month_l = dob_day_r and dob_day_l = dob_month_r",
            "damerau_levenshtein(dob_l, dob_r) <= 1",
            *("dob_month_l = dob_month_r and dob_day_l = dob_day_r", year_and_part),
        ],
    )
    yield _levels(
        "home",
        "coalesce(postcode_l, house_l || street_l) is null or coalesce(postcode_r, house_r || street_r) is null",
        [
            *("postcode_l = postcode_r and house_l = house_r", "postcode_l = postcode_r"),
            "house_l = house_r and street_l = street_r and coalesce(outcode_l, '') = coalesce(outcode_r, outcode_l, '')",
            *("damerau_levenshtein(postcode_l, postcode_r) <= 1", "outcode_l = outcode_r"),
        ],
    )
    yield _levels(
        "middle", "mid_l is null or mid_r is null", ["mid_l = mid_r", "substr(mid_l, 1, 1) = substr(mid_r, 1, 1)"]
    )
    near = "damerau_levenshtein(phones_l[1], phones_r[1]) <= 1"
    yield _levels("telephone", "phones_l is null or phones_r is null", ["list_has_any(phones_l, phones_r)", near])
    yield _levels("street_name", "monikers_l is null or monikers_r is null", ["list_has_any(monikers_l, monikers_r)"])
    yield _levels("company", "company_l is null or company_r is null", ["list_has_any(company_l, company_r)"])
    elsewhere = "nominal_l is null or nominal_r is null or nominal_force_l <> nominal_force_r"
    yield _levels("nominal_number", elsewhere, ["nominal_l = nominal_r"])
    for column in ("vrm", "pnc", "sex", "agency"):
        yield cl.ExactMatch(column)


def _levels(name: str, silent: str, levels: Sequence[Any]) -> Any:
    made = [cll.CustomLevel(each) if isinstance(each, str) else each for each in levels]
    null = cll.CustomLevel(silent).configure(is_null_level=True)
    return cl.CustomComparison(output_column_name=name, comparison_levels=[null, *made, cll.ElseLevel()])


def _febrl(*, tuned: bool, one_to_one: bool) -> Recipe:
    rules = [
        block_on("fore", "sur"), "l.fore = r.sur and l.sur = r.fore", block_on("dob"), block_on("pnc"),
        block_on("street"), block_on("house", "street"), block_on("postcode"),
    ]  # fmt: skip
    names: list[Any] = [cl.NameComparison(each).configure(term_frequency_adjustments=True) for each in ("fore", "sur")]
    if tuned:  # forename and surname change places in FEBRL, and a street is worth comparing
        names = [cl.ForenameSurnameComparison("fore", "sur", forename_surname_concat_col_name="full_name")]
        names.append(cl.JaroWinklerAtThresholds("street", [0.92, 0.8]))
    return Recipe(
        comparisons=[
            *names,
            cl.DateOfBirthComparison("dob", input_is_string=True),
            *(
                cl.DamerauLevenshteinAtThresholds(column, [1, 2]).configure(term_frequency_adjustments=True)
                for column in ("pnc", "postcode")
            ),
            _exact("house"),
        ],
        rules=rules,
        certain=[block_on("pnc"), block_on("fore", "sur", "dob")],
        recall=0.8,
        em_blocks=[block_on("dob"), block_on("postcode")],
        em_pairs=1e6 if tuned else None,
        thresholds=_LOW_THRESHOLDS,
        least=0.01,
        one_to_one=one_to_one,
    )


def _fake(*, tuned: bool) -> Recipe:
    rules = [block_on("fore"), block_on("sur")]
    if tuned:
        rules += [block_on("moniker"), block_on("dob"), "l.fore = r.sur and l.sur = r.fore"]
    return Recipe(
        comparisons=[
            *(cl.NameComparison(column).configure(term_frequency_adjustments=True) for column in ("fore", "sur")),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            _exact("place"),
            cl.DamerauLevenshteinAtThresholds("moniker", [1, 2]).configure(term_frequency_adjustments=True),
        ],
        rules=rules,
        certain=[block_on("fore", "sur", "dob"), block_on("moniker")],
        recall=0.7,
        em_blocks=[block_on("fore", "sur"), block_on("dob"), block_on("moniker")],
        em_pairs=1e6 if tuned else None,
    )


def _exact(column: str) -> Any:
    return cl.ExactMatch(column).configure(term_frequency_adjustments=True)


RECIPES: dict[str, Callable[[str], Recipe]] = {
    "splink_stock": lambda name: recipe_for(name, tuned=False),
    "splink_tuned": lambda name: recipe_for(name, tuned=True),
}
