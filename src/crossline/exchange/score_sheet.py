"""The score sheet: what the platform makes of a simulation's deliveries, held against the simulation's own truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.overlaps import Overlap, OverlapKind, all_overlaps
from crossline.entities.clusters import people
from crossline.exchange.measures import Agreement, b_cubed, f_measure, of_sets, pairs_within, pairwise
from crossline.exchange.mentions import concern_rows, located_mentions
from crossline.exchange.tables import best_successions
from crossline.exchange.truth import YES, TruthFolder
from crossline.lines.register import register
from crossline.vocabulary.codes import MentionKind
from crossline.vocabulary.selectors import normalise_phone

Place = tuple[str, str, str]  # agency, ref, key


@dataclass(frozen=True)
class Score:
    """One line of the sheet. Counts are of what `measure` counts; None where it does not count."""

    subject: str
    measure: str
    right: int | None
    wrong: int | None
    missed: int | None
    precision: float | None
    recall: float | None
    note: str = ""

    @property
    def f1(self) -> float | None:
        return f_measure(self.precision, self.recall)


@dataclass(frozen=True)
class ScoreSheet:
    """Every score, in order."""

    scores: tuple[Score, ...]

    def find(self, subject: str, measure: str) -> Score:
        """One line by its name."""
        return next(each for each in self.scores if (each.subject, each.measure) == (subject, measure))

    def as_text(self) -> str:
        """A table for a terminal, and the notes under it."""
        rows = [_HEADER, *(_cells(score) for score in self.scores)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADER))]
        lines = ["  ".join(map(_aligned, row, widths, range(len(widths)))) for row in rows]
        lines.insert(1, "  ".join("-" * width for width in widths))
        notes = [f"{score.subject}, {score.measure}: {score.note}" for score in self.scores if score.note]
        return "\n".join([*(line.rstrip() for line in lines), "", *notes]).rstrip() + "\n"

    def as_markdown(self) -> str:
        """The same for a page."""
        lines = ["| " + " | ".join(row) + " |" for row in (_HEADER, *(_cells(score) for score in self.scores))]
        lines.insert(1, "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |")
        notes = [f"- {score.subject}, {score.measure}: {score.note}" for score in self.scores if score.note]
        return "\n".join([*lines, "", *notes]).rstrip() + "\n"


def score(truth: Path, viewpoint: Viewpoint) -> ScoreSheet:
    """Hold what a viewpoint sees against truth/. Raises FileUnreadable in one sentence where a truth file is not there."""
    folder = TruthFolder(truth)
    person_of = {_place(row): row["person_id"] for row in folder.rows("people")}
    found: list[Score] = []
    found += _people(person_of, viewpoint)
    found += _lines(folder, viewpoint)
    found += _successions(folder, viewpoint)
    found += _overlaps(folder, person_of, viewpoint)
    found += _concerns(folder, person_of, viewpoint)
    return ScoreSheet(tuple(found))


def _people(person_of: Mapping[Place, str], viewpoint: Viewpoint) -> Iterator[Score]:
    known = people(viewpoint)
    held = {each.place: known.of(each.mention) for each in located_mentions(viewpoint, MentionKind.PERSON)}
    labels = [(person, held[place]) for place, person in person_of.items() if place in held]
    yield _scored("people", "pairs of mentions", pairwise(labels), _coverage(len(labels), len(person_of), len(held)))
    cubed = b_cubed(labels)
    yield Score("people", "B-cubed", None, None, None, cubed.precision, cubed.recall)


def _lines(folder: TruthFolder, viewpoint: Viewpoint) -> Iterator[Score]:
    line_of = register(viewpoint).line_of
    held = {
        each.place: line_of[each.mention].id
        for each in located_mentions(viewpoint, MentionKind.LINE)
        if each.mention in line_of
    }
    truth = {_place(row): row["line_id"] for row in folder.rows("line_mentions")}
    labels = [(line, held[place]) for place, line in truth.items() if place in held]
    yield _scored("line mentions", "pairs of mentions", pairwise(labels), _coverage(len(labels), len(truth), len(held)))
    cubed = b_cubed(labels)
    yield Score("line mentions", "B-cubed", None, None, None, cubed.precision, cubed.recall)
    yield _numbers(folder, viewpoint)


def _numbers(folder: TruthFolder, viewpoint: Viewpoint) -> Score:
    true: dict[str, set[str]] = defaultdict(set)
    for row in folder.rows("line_numbers"):
        true[row["line_id"]].add(_number(row["number"]))
    known = set().union(*true.values())
    together: dict[str, set[str]] = defaultdict(set)
    for line in register(
        viewpoint
    ).lines:  # changes put forward count: it is the engines that are judged, not who confirms
        together[line.group.if_confirmed] |= {use.number for use in line.group.all_numbers}
    found = list(together.values())
    seen = set().union(*found) & known
    judged = [
        numbers & known for numbers in found
    ]  # of a number that is in no line of the truth, the truth says nothing
    note = f"{len(seen):,} of {len(known):,} numbers stand in the register."
    return _scored(
        "line numbers", "pairs on one line", of_sets(pairs_within(true.values()), pairs_within(judged)), note
    )


def _successions(folder: TruthFolder, viewpoint: Viewpoint) -> Iterator[Score]:
    """Changes that call records held can show are to be found; one that is true but was not to be seen is not wrong."""
    every, observed = set(), set()
    for row in folder.rows("successions"):
        pair = (_number(row["old_number"]), _number(row["new_number"]))
        every.add(pair)
        if row["observed"].strip().casefold() in YES:
            observed.add(pair)
    found = best_successions(viewpoint)
    pairs = {(each.old, each.new) for each in found}
    agreement = Agreement(len(pairs & every), len(pairs - every), len(observed - pairs))
    recall = len(observed & pairs) / len(observed) if observed else None
    note = f"{len(observed):,} of {len(every):,} true changes can be seen in the call records held."
    yield _with_recall(_scored("successions", "changes of number", agreement, note), recall)
    top: dict[str, tuple[float, str]] = {}
    for each in found:
        top[each.old] = max(top.get(each.old, (-1.0, "")), (each.score, each.new))
    first = {(old, new) for old, (_, new) in top.items()}
    agreement = Agreement(len(first & every), len(first - every), len(observed - first))
    recall = len(observed & first) / len(observed) if observed else None
    yield _with_recall(_scored("successions", "first choice for each number", agreement), recall)


def _overlaps(folder: TruthFolder, person_of: Mapping[Place, str], viewpoint: Viewpoint) -> Iterator[Score]:
    found = all_overlaps(viewpoint).pairs
    true: dict[str, set[frozenset[tuple[str, str]]]] = defaultdict(set)
    for row in folder.rows("overlaps"):
        true[row["kind"]].add(
            frozenset({(row["left_agency"], row["left_ref"]), (row["right_agency"], row["right_ref"])})
        )
    between = {_records(each) for each in found if each.kind is OverlapKind.INVESTIGATION}
    yield _scored("overlaps", "pairs of investigations", of_sets(true[OverlapKind.INVESTIGATION], between))
    reports = [each for each in found if each.kind is OverlapKind.REPORT]
    pairs = {_records(each) for each in reports}
    both = true[OverlapKind.REPORT]
    right, judged = _right_by_person(reports, person_of, viewpoint)
    precision = right / judged if judged else None
    note = (
        f"The truth names each thing's earliest report of each agency; {len(pairs):,} pairs were found in all. "
        f"Precision is of the {judged:,} that share a person, judged by who the person is."
    )
    recall = len(both & pairs) / len(both) if both else None
    yield Score("overlaps", "pairs of reports", len(both & pairs), None, len(both - pairs), precision, recall, note)


def _right_by_person(found: list[Overlap], person_of: Mapping[Place, str], viewpoint: Viewpoint) -> tuple[int, int]:
    """(pairs that really share the person, pairs judged)."""
    by_person = [each for each in found if each.scheme == "person"]
    wanted = {str(side.mention) for each in by_person for side in (each.left, each.right)}
    who = {
        each.mention: person_of[each.place]
        for each in located_mentions(viewpoint, MentionKind.PERSON)
        if each.mention in wanted and each.place in person_of
    }
    judged = [(who.get(str(each.left.mention)), who.get(str(each.right.mention))) for each in by_person]
    known = [(left, right) for left, right in judged if left and right]
    return sum(1 for left, right in known if left == right), len(known)


def _concerns(folder: TruthFolder, person_of: Mapping[Place, str], viewpoint: Viewpoint) -> Iterator[Score]:
    true, exploited, places = set(), set(), set()
    for row in folder.rows("concerns"):
        true.add((row["person_id"], row["reason"]))
        places.add((*_place(row), row["reason"]))
        if row.get("exploited", "").strip().casefold() in YES:
            exploited.add(row["person_id"])
    rows = list(concern_rows(viewpoint))
    found = {(person_of.get((agency, ref, key), entity), reason) for entity, agency, ref, key, reason, _ in rows}
    persons, put_forward = {person for person, _ in true}, {person for person, _ in found}
    caught = len(exploited & put_forward)
    note = f"Of {len(exploited):,} people who are exploited and could be seen to be, {caught:,} were put forward."
    yield _scored("concerns", "people", of_sets(persons, put_forward), note)
    yield _scored("concerns", "people and reasons", of_sets(true, found))
    for reason in sorted({reason for _, reason in true | found}):
        agreement = of_sets({p for p, why in true if why == reason}, {p for p, why in found if why == reason})
        yield _scored("concerns", reason.replace("_", " "), agreement)
    exact = {(agency, ref, key, reason) for _, agency, ref, key, reason, _ in rows}
    note = "A concern stands at the record that completed it; the truth names every record that could."
    yield _scored("concerns", "records and reasons", of_sets(places, exact), note)


def _scored(subject: str, measure: str, agreement: Agreement, note: str = "") -> Score:
    counts = agreement.right, agreement.wrong, agreement.missed
    return Score(subject, measure, *counts, agreement.precision, agreement.recall, note)


def _with_recall(score_: Score, recall: float | None) -> Score:
    return Score(
        score_.subject,
        score_.measure,
        score_.right,
        score_.wrong,
        score_.missed,
        score_.precision,
        recall,
        score_.note,
    )


def _coverage(judged: int, true: int, held: int) -> str:
    return f"Judged on {judged:,} mentions; the truth names {true:,}, and {held:,} are held."


def _records(each: Overlap) -> frozenset[tuple[str, str]]:
    return frozenset({(each.left.agency, each.left.ref), (each.right.agency, each.right.ref)})


def _place(row: Mapping[str, str]) -> Place:
    return row["agency"], row["ref"], row["key"]


def _number(written: str) -> str:
    return normalise_phone(written) or written


_HEADER = ("what", "measure", "right", "wrong", "missed", "precision", "recall", "F1")


def _cells(score_: Score) -> tuple[str, ...]:
    counts = ("" if each is None else f"{each:,}" for each in (score_.right, score_.wrong, score_.missed))
    shares = ("" if each is None else f"{each:.4f}" for each in (score_.precision, score_.recall, score_.f1))
    return score_.subject, score_.measure, *counts, *shares


def _aligned(cell: str, width: int, place: int) -> str:
    return cell.ljust(width) if place < len(("what", "measure")) else cell.rjust(width)
