"""Labelled sets for measuring resolution, each as a folder that `crossline resolve` could be given: mentions.csv and truth.csv.

Sets made by others (FEBRL and Splink's demonstration people), simulations as `crossline simulate` writes them, and worlds of
resolution_world.py. truth.csv has ref and person, and what else is known of the person (origin, sex, age_band, force, troubles).
`prepared` is the one door through which every rival gets the same cleaned columns: the product's own normaliser.
"""

from __future__ import annotations

import csv
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as arrow_csv
from resolution_world import TRUTH_COLUMNS, WorldSettings, write_world
from resolution_world_writing import COLUMNS

from crossline.engines.resolution.mentions import MENTION_SCHEMA
from crossline.engines.resolution.preparing import prepare

Row = dict[str, str]
LISTS = ("aliases", "phones")
_RELATED = {"uses": "phone", "lives_at": "address", "drives": "vehicle", "owns": "vehicle"}


def foreign_sets(folder: Path) -> Mapping[str, Callable[[], list[Row]]]:
    """Makers of the rows of each set made by others; a row has `truth` beside the columns of `crossline resolve`."""
    febrl = folder / "febrl"
    return {
        "FEBRL3": lambda: _febrl(febrl / "dataset3.csv"),
        "FEBRL4": lambda: [*_febrl(febrl / "dataset4a.csv"), *_febrl(febrl / "dataset4b.csv")],
        "fake_1000": lambda: _fake(folder / "fake_1000.csv"),
    }


def write_foreign(rows: list[Row], folder: Path) -> None:
    """A set made by others as a folder; `truth` is taken out of its rows."""
    people = ((row["ref"], row["truth"]) for row in rows)
    _write(folder, ({name: row.get(name, "") for name in COLUMNS} for row in rows), [*people])


def write_simulations(simulations: Sequence[Path], folder: Path, most: int | None = None) -> None:
    """The person mentions of simulations' deliveries as a folder, the first `most` of them; mentions of nobody known are left
    out. Several stand side by side as one nation: nobody in one is anybody in another."""
    rows: list[Row] = []
    people: list[tuple[str, str]] = []
    known_of: dict[str, dict[str, str]] = {}
    for number, simulation in enumerate(simulations):
        world = f"{number:02d}" if len(simulations) > 1 else ""
        truth = truth_of(simulation)
        for row in mentions_of(simulation, world).to_pylist():
            mention = row["mention_id"].removesuffix(f"|{world}")
            if mention in truth:
                record = _record_of(mention)
                record["ref"] += f"-{world}" if world else ""
                rows.append({**_as_text(row), **record})
                people.append(("|".join(record.values()), truth[mention] + world))
        with (simulation / "truth" / "people_profile.csv").open(encoding="utf-8", newline="") as stream:
            for profile in csv.DictReader(stream):
                known_of[profile["person_id"] + world] = {"origin": profile["name_origin"]}
    _write(folder, rows[:most], people[:most], known_of, columns=(*COLUMNS, "key"))


def world_folder(settings: WorldSettings, folder: Path) -> None:
    """A world as a folder."""
    write_world(settings, folder)


def read_mentions(folder: Path) -> pa.Table:
    """MENTION_SCHEMA of a set's mentions.csv; ids as in mention_ids, associates from rows of one record as `crossline resolve`
    takes them (same agency and ref, another key)."""
    text = arrow_csv.ConvertOptions(
        column_types=dict.fromkeys((*COLUMNS, "key"), pa.string()), strings_can_be_null=False
    )
    table = arrow_csv.read_csv(folder / "mentions.csv", convert_options=text)
    columns = {name: table.column(name) for name in table.column_names if name not in LISTS}
    ids = mention_ids(table.select([name for name in ("agency", "ref", "key") if name in columns]).to_pylist())
    columns["mention_id"] = pa.array(ids, pa.string())
    for name in LISTS:
        columns[name] = pa.array([each.split(";") for each in table.column(name).to_pylist()], pa.list_(pa.string()))
    columns["associates"] = pa.array(
        _associates(table) if "key" in columns else [None] * len(ids), pa.list_(pa.string())
    )
    return pa.table({field.name: columns[field.name] for field in MENTION_SCHEMA})


def mention_ids(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """The id of each row, as in truth.csv: its ref, or agency|ref|key where a record names several people."""
    return [f"{row['agency']}|{row['ref']}|{row['key']}" if row.get("key") else row["ref"] for row in rows]


def _associates(table: pa.Table) -> list[list[str]]:
    rows = table.select(["agency", "ref", "forename", "surname"]).to_pylist()
    records: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        records[row["agency"], row["ref"]].append(at)
    return [
        [
            f"{rows[other]['forename']} {rows[other]['surname']}"
            for other in records[row["agency"], row["ref"]]
            if other != at and rows[other]["forename"] and rows[other]["surname"]
        ]
        for at, row in enumerate(rows)
    ]


def _record_of(mention_id: str) -> Row:
    agency, _, rest = mention_id.partition("|")
    ref, _, key = rest.rpartition("|")
    return {"agency": agency, "ref": ref, "key": key}


def prepared(folder: Path) -> pa.Table:
    """The cleaned columns, as the product derives them from each row alone, with `full_name` and the first telephone."""
    table = prepare(read_mentions(folder))
    whole = [f"{fore} {sur}" if fore and sur else None for fore, sur in _both(table, "fore", "sur")]
    first = [each[0] if each else None for each in table.column("phones").to_pylist()]
    moniker = [each[0] if each else None for each in table.column("monikers").to_pylist()]
    table = table.append_column("full_name", pa.array(whole, pa.string()))
    table = table.append_column("moniker", pa.array(moniker, pa.string()))
    return table.append_column("phone", pa.array(first, pa.string()))


def read_truth(folder: Path) -> dict[str, list[str]]:
    """The columns of a set's truth.csv, in the order of its mentions."""
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    return {name: [row[at] for row in rows[1:]] for at, name in enumerate(rows[0])}


def mentions_of(folder: Path, world: str = "") -> pa.Table:
    """MENTION_SCHEMA of every person mention of every delivery; a mention's id is agency|ref|key.

    `world` (digits) is added to ids and identifiers, so that several simulations can stand side by side as one nation.
    """
    rows: list[dict[str, Any]] = []
    for agency, record in _records(folder / "deliveries"):
        rows.extend(_people(agency, record, world))
    return pa.Table.from_pylist(rows, schema=MENTION_SCHEMA)


def truth_of(folder: Path) -> dict[str, str]:
    """agency|ref|key -> person."""
    with (folder / "truth" / "people.csv").open(encoding="utf-8", newline="") as stream:
        return {f"{row['agency']}|{row['ref']}|{row['key']}": row["person_id"] for row in csv.DictReader(stream)}


def _write(
    folder: Path,
    rows: Iterable[Mapping[str, str]],
    people: list[tuple[str, str]],
    known: Mapping[str, Mapping[str, str]] | None = None,
    columns: Iterable[str] = COLUMNS,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "mentions.csv").open("w", encoding="utf-8", newline="") as stream:
        mentions = csv.DictWriter(stream, list(columns), extrasaction="ignore", lineterminator="\n")
        mentions.writeheader()
        mentions.writerows(rows)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as stream:
        truth = csv.DictWriter(stream, TRUTH_COLUMNS if known else TRUTH_COLUMNS[:2], restval="", lineterminator="\n")
        truth.writeheader()
        truth.writerows({"ref": ref, "person": person, **(known or {}).get(person, {})} for ref, person in people)


def _as_text(row: Mapping[str, Any]) -> Row:
    return {
        name: ";".join(filter(None, row[name] or ())) if name in LISTS else row[name] or ""
        for name in COLUMNS
        if name != "ref"
    }


def _both(table: pa.Table, left: str, right: str) -> Iterator[tuple[str | None, str | None]]:
    return zip(table.column(left).to_pylist(), table.column(right).to_pylist(), strict=True)


def _febrl(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [_febrl_row(row) for row in csv.DictReader(stream, skipinitialspace=True)]


def _febrl_row(row: Row) -> Row:
    birth = row["date_of_birth"]
    written = f"{birth[:4]}-{birth[4:6]}-{birth[6:]}" if len(birth) == 8 else ""
    return {
        "ref": row["rec_id"], "truth": row["rec_id"].split("-")[1], "forename": row["given_name"],
        "surname": row["surname"], "dob": written, "pnc": row["soc_sec_id"],
        "address": f"{row['street_number']} {row['address_1']}", "postcode": row["postcode"], "place": row["suburb"],
    }  # fmt: skip


def _fake(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [
            {"ref": row["unique_id"], "truth": row["cluster"], "forename": row["first_name"], "surname": row["surname"],
             "dob": row["dob"], "place": row["city"], "aliases": row["email"]}
            for row in csv.DictReader(stream)
        ]  # fmt: skip


def _records(deliveries: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(deliveries.iterdir()):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                agency = json.loads(archive.read("delivery.json"))["agency"]
                if "reports.jsonl" in archive.namelist():
                    for packed in archive.read("reports.jsonl").splitlines():
                        yield agency, json.loads(packed)
        elif (path / "reports.jsonl").exists():
            agency = json.loads((path / "delivery.json").read_text(encoding="utf-8"))["agency"]
            with (path / "reports.jsonl").open(encoding="utf-8") as stream:
                for line in stream:
                    yield agency, json.loads(line)


def _people(agency: str, record: dict[str, Any], world: str) -> Iterator[dict[str, Any]]:
    mentions = {each["key"]: each for each in record.get("mentions") or ()}
    related: defaultdict[str, defaultdict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for each in record.get("assertions") or ():
        kind, other = _RELATED.get(each["type"]), mentions.get(each["to"])
        if kind and other and other["kind"] == kind:
            related[each["from"]][kind].append(other)
    people = {key: each for key, each in mentions.items() if each["kind"] == "person"}
    for key, person in people.items():
        ids = person.get("ids") or {}
        address = next(iter(related[key]["address"]), {})
        text = address.get("text") or ""
        yield {
            "mention_id": f"{agency}|{record['ref']}|{key}" + (f"|{world}" if world else ""), "agency": agency,
            "forename": person.get("forename"), "middle": person.get("middle"), "surname": person.get("surname"),
            "aliases": person.get("aliases"), "dob": person.get("dob"), "sex": person.get("sex"),
            "pnc": _in(world, ids.get("pnc")), "nominal": _in(world, ids.get("nominal")),
            "phones": [_in(world, each["number"]) for each in related[key]["phone"] if each.get("number")],
            "vrm": next((_in(world, each.get("vrm")) for each in related[key]["vehicle"]), None),
            "address": text or None, "postcode": address.get("postcode"),
            "place": text.rsplit(",", 1)[1] if "," in text else None,
            "associates": [
                f"{other['forename']} {other['surname']}"
                for beside, other in people.items()
                if beside != key and other.get("forename") and other.get("surname")
            ],
        }  # fmt: skip


def _in(world: str, identifier: str | None) -> str | None:
    return identifier + world if identifier else None
