"""The form and the crosswalks say where each of their words is from, and no room that ranks anything reads a screening."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossline.safeguarding.screening.form import Form, forms, newest, tools, unasked
from crossline.safeguarding.screening.reckoning import Answer, reckon
from crossline.vocabulary.codes import Tristate

RANKING = ("lines", "operations", "picture", "engines", "deconfliction", "orders", "exchange", "entities")


@pytest.mark.parametrize("form", list(forms().values()), ids=lambda form: f"version {form.version}")
def test_every_part_of_a_version_is_sourced_labelled_and_known_to_the_others(form: Form) -> None:
    assert len(form.domains) == 8, "the eight domains of the Merseyside tool"
    domains, bands = {each.id for each in form.domains}, [each.id for each in form.bands]
    assert {each.domain for each in form.questions} == domains
    assert len({each.id for each in form.questions}) == len(form.questions) > 20
    for each in (*form.questions, *form.bands, *form.floors, *form.grounds):
        assert any(label in each.source for label in ("[S]", "[K]", "[D]")), each
    assert all(each.prompt for each in form.questions)
    assert form.bands[0].starts_at == 0 and [each.starts_at for each in form.bands] == sorted(
        {each.starts_at for each in form.bands}
    )
    assert {each.band for each in form.floors} | {form.strong_band} <= set(bands)
    assert {each.question for each in form.floors} - {""} <= {each.id for each in form.questions}
    assert not [each.id for each in form.questions if "disclos" in f"{each.id} {each.text}"], "silence is no question"


def test_the_signs_of_the_guidance_are_all_asked_about() -> None:
    asked = " ".join(each.source for each in newest().questions)
    numbers = {int(word) for word in asked.replace(",", " ").replace(";", " ").split() if word.isdecimal()}
    assert numbers == set(range(1, 26))


@pytest.mark.parametrize(
    ("tool", "said", "word", "band"),
    [
        ("merseyside_cce", "0", "Low", "low"),
        ("merseyside_cce", "18", "Low", "low"),
        ("merseyside_cce", "19", "Medium", "medium"),
        ("merseyside_cce", "34", "Medium", "medium"),
        ("merseyside_cce", "35", "High", "high"),
        ("merseyside_cce", "54", "High", "high"),
        ("merseyside_cce", "55", None, None),
        ("merseyside_cce", "-1", None, None),
        ("merseyside_cce", "high", None, None),
        ("grid_0_3", "0", "No or don’t know", ""),
        ("grid_0_3", "3", "High", "high"),
        ("initial_screening", "Not known", "Not known", ""),
        ("initial_screening", "Yes", "Yes", "medium"),
        ("initial_screening", "Maybe", None, None),
        ("plymouth", "Level 2", "Level 2", "medium"),
    ],
)
def test_the_results_of_local_tools_correspond_as_their_tables_say(
    tool: str, said: str, word: str | None, band: str | None
) -> None:
    found = tools()[tool].result_of(said)
    assert (found.word if found else None, found.band if found else None) == (word, band)


def test_a_tool_leaves_unasked_what_it_does_not_cover() -> None:
    form = newest()
    for tool in tools().values():
        assert set(tool.covers) <= {each.id for each in form.questions}, tool.id
        left = unasked(tool, form)
        assert 0 < len(left) == len(form.questions) - len(set(tool.covers))
        assert "[S]" in tool.source and {each.band for each in tool.results} <= {"", *(each.id for each in form.bands)}


def test_one_strong_sign_is_never_little_concern_and_many_weak_ones_add_up() -> None:
    form = newest()
    no = {each.id: Answer(Tristate.NO) for each in form.questions}
    assert reckon(form, no, age=15).band == "low"
    assert reckon(form, no | {"weapons": Answer(Tristate.YES, 3, "A knife.")}, age=15).band == "medium"
    assert reckon(form, no | {"weapons": Answer(Tristate.YES, 2, "Afraid.")}, age=15).band == "low"
    weak = {each.id: Answer(Tristate.YES, 1, "Seen.") for each in form.questions}
    assert reckon(form, weak, age=15).least == len(form.questions)
    strong = {each.id: Answer(Tristate.YES, 3, "Seen.") for each in form.questions[:9]}
    assert reckon(form, no | strong, age=15).band == "high"


def test_no_room_that_ranks_or_counts_anything_reads_a_screening() -> None:
    """An import contract holds the modules apart; nothing reads the tables by their names either."""
    source = Path(__file__).parents[4] / "src" / "crossline"
    files = [path for room in RANKING for path in (source / room).rglob("*.py")]
    tables = ("screening_screening", "screening_local", "screening_information", "safeguarding.screening")
    reading = [path.name for path in files if any(word in path.read_text(encoding="utf-8") for word in tables)]
    assert reading == [] and len(files) > 100
