"""Names for invented people: a forename to suit birth year, sex and tradition, a surname, and how else they are written."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import Final

import pyarrow.compute as pc
import pyarrow.parquet as pq

from crossline.simulation.chance import Choice
from crossline.simulation.parameters_people import DOUBLE_BARRELLED, MIDDLE_NAME_SHARE

DATA: Final = Path(__file__).parent / "data"
_NATIONS: Final = MappingProxyType({"police-scotland": "Scotland", "northern-ireland": "Northern Ireland"})
_EARLIEST_COUNTED: Final = MappingProxyType({"England & Wales": 1996, "Scotland": 1974, "Northern Ireland": 1997})
_LATEST_COUNTED: Final = 2020
_COMMONEST: Final = 400  # names kept for each year and sex
_TWO_SURNAMES: Final = frozenset({"spanish_latin", "portuguese_brazilian"})
_WOMENS_ENDINGS: Final = ("ienė", "ova", "eva")  # made from the men's form where one is needed
_UNDECOMPOSED: Final = str.maketrans("łŁđĐøØıß", "lLdDoOis")
_SHARES_FORENAMES: Final = frozenset({"caribbean", "irish", "traveller"})  # also use the forenames of the whole country


@dataclass(frozen=True, slots=True)
class Name:
    """A person's full name as they would give it. `middle` is empty where there is none."""

    forename: str
    middle: str
    surname: str


def invent_name(rng: Random, *, tradition: str, sex: str, birth_year: int, force_id: str) -> Name:
    """A name; nobody real is meant by it."""
    forename = _forename(rng, tradition=tradition, sex=sex, birth_year=birth_year, force_id=force_id)
    surname = invent_surname(rng, tradition=tradition, sex=sex)
    middle = ""
    if rng.random() < (MIDDLE_NAME_SHARE.value if tradition in ("british", "irish", "caribbean") else 0.25):
        middle = _forename(rng, tradition=tradition, sex=sex, birth_year=birth_year, force_id=force_id)
    if tradition == "punjabi" and surname in ("Singh", "Kaur"):
        middle, surname = "", "Singh" if sex == "M" else "Kaur"
    elif tradition == "punjabi" and rng.random() < 0.75:
        # Singh and Kaur stand as the surname, or as a middle name before a family name.
        given = "Singh" if sex == "M" else "Kaur"
        middle, surname = ("", given) if rng.random() < 0.45 else (given, surname)
    if tradition in ("somali", "eritrean_ethiopian"):  # father's name, then grandfather's
        middle = middle or invent_surname(rng, tradition=tradition, sex="M")
    return Name(forename, "" if middle == forename else middle, surname)


def invent_surname(rng: Random, *, tradition: str, sex: str) -> str:
    """A family name, double-barrelled as often as the tradition has it."""
    surname = _one_surname(rng, tradition, sex)
    share = 0.25 if tradition in _TWO_SURNAMES else DOUBLE_BARRELLED.value.get(tradition, 0.01)
    if rng.random() < share:
        other = _one_surname(rng, tradition, sex)
        if other != surname and not set(" -") & set(surname + other):
            return f"{surname}{' ' if tradition in _TWO_SURNAMES else '-'}{other}"
    return surname


def without_accents(name: str) -> str:
    """The name as most British keyboards write it: Łukasz as Lukasz, Öztürk as Ozturk."""
    if name.isascii():
        return name
    parts = unicodedata.normalize("NFKD", name.translate(_UNDECOMPOSED))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def spellings(name: str) -> tuple[str, ...]:
    """Other ways the name is written: transliterations, short and familiar forms. Empty where none is known."""
    return _spellings().get(name, ())


def _one_surname(rng: Random, tradition: str, sex: str) -> str:
    if tradition == "british" or (tradition == "caribbean" and rng.random() < 0.35):
        return _british_surnames().draw(rng)
    surname = _community()[tradition, "surname", ""].draw(rng)
    if sex == "F" and tradition == "polish" and surname.endswith("ski"):
        return surname[:-1] + "a"
    if sex == "F" and tradition == "bulgarian" and surname.endswith(("ov", "ev")):
        return surname + "a"
    return surname


def _forename(rng: Random, *, tradition: str, sex: str, birth_year: int, force_id: str) -> str:
    if tradition == "british" or (tradition in _SHARES_FORENAMES and rng.random() < 0.5):
        return _forenames_of(_NATIONS.get(force_id, "England & Wales"), birth_year, sex).draw(rng)
    return _community()[tradition, "forename", sex].draw(rng)


@cache
def _community() -> Mapping[tuple[str, str, str], Choice[str]]:
    """Draws by (tradition, kind, sex); the lists run from commoner to rarer, so weights fall gently along them."""
    lists: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in _rows("community_names.csv"):
        lists.setdefault((row["tradition"], row["kind"], row["sex"]), {})[without_accents(row["name"])] = row["name"]
    traditions = {row["country"]: row["tradition"] for row in _rows("country_traditions.csv")}
    for row in _rows("names_by_country.csv"):
        tradition, name = traditions.get(row["country"]), row["name"].strip()
        if tradition and name.isalpha() and name[0].isupper() and not name.endswith(_WOMENS_ENDINGS):
            # The list with accents gives the right spelling of a name that both lists have.
            lists[tradition, row["kind"], row["sex"]][without_accents(name)] = name
    return MappingProxyType(
        {
            key: Choice([(name, 1.0 / (8 + place)) for place, name in enumerate(names.values())])
            for key, names in lists.items()
        }
    )


@cache
def _british_surnames() -> Choice[str]:
    """The country's commoner surnames without those that the communities' own lists carry."""
    elsewhere = {
        row["name"].lower().replace("'", "")
        for row in _rows("community_names.csv")
        if row["kind"] == "surname" and row["tradition"] not in ("caribbean", "irish", "traveller")
    }
    pairs = [
        (row["surname"], float(row["freq"])) for row in _rows("surnames_gb.csv") if row["surname"] not in elsewhere
    ]
    return Choice([(_capitalised(name), share) for name, share in pairs])


@cache
def _forenames_of(nation: str, birth_year: int, sex: str) -> Choice[str]:
    """Forenames given in that year: counted where counts exist, else by rank in the nearest tenth year."""
    if birth_year >= _EARLIEST_COUNTED[nation]:
        counted = _counted()[nation, min(birth_year, _LATEST_COUNTED), sex]
        return Choice([(name, float(count)) for name, count in counted if name not in _of_communities()])
    decade = min(1994, max(1904, (birth_year - 4 + 5) // 10 * 10 + 4))
    ranked = [
        (row["name"], 1.0 / (6.0 + float(row["rank"])))
        for row in _rows("first_names_top100_1904_1994.csv")
        if int(row["year"]) == decade and row["sex"] == sex and row["name"] not in _of_communities()
    ]
    return Choice(ranked)


@cache
def _of_communities() -> frozenset[str]:
    """Forenames of the Muslim, Sikh and Hindu traditions, which the national lists also count."""
    kept = frozenset({"pakistani", "bangladeshi", "punjabi", "gujarati", "arab", "somali", "turkish"})
    own = {r["name"] for r in _rows("community_names.csv") if r["kind"] == "forename" and r["tradition"] in kept}
    shared = {"Adam", "Sara", "Zara", "Maria", "Jay", "Neil", "Rohan", "Milan", "Deniz", "Can"}
    return frozenset((own | {spelling for name in sorted(own) for spelling in spellings(name)}) - shared)


@cache
def _counted() -> Mapping[tuple[str, int, str], list[tuple[str, int]]]:
    table = pq.read_table(DATA / "first_names_by_birth_year.parquet").sort_by(
        [
            ("nation", "ascending"),
            ("year", "ascending"),
            ("sex", "ascending"),
            ("count", "descending"),
            ("name", "ascending"),
        ]
    )
    found: dict[tuple[str, int, str], list[tuple[str, int]]] = {}
    columns = [table[column].to_pylist() for column in ("nation", "year", "sex")]
    names, counts = pc.utf8_capitalize(table["name"]).to_pylist(), table["count"].to_pylist()
    for nation, year, sex, name, count in zip(*columns, names, counts, strict=True):
        kept = found.setdefault((nation, year, sex), [])
        if len(kept) < _COMMONEST:
            kept.append((name, count))
    return MappingProxyType(found)


@cache
def _spellings() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row in _rows("name_spellings.csv"):
        found.setdefault(row["name"], {})[row["spelling"]] = None
        if len(row["spelling"]) > 2 and len(row["name"]) > 2:
            found.setdefault(row["spelling"], {})[row["name"]] = None
    for row in _rows("name_variants_nicknames.csv"):
        if row["kind"] == "nickname":
            found.setdefault(row["name"].capitalize(), {})[row["variant"].capitalize()] = None
        elif row["kind"] == "surname":
            found.setdefault(_capitalised(row["name"]), {})[_capitalised(row["variant"])] = None
    return MappingProxyType({name: tuple(variants) for name, variants in found.items()})


def _capitalised(name: str) -> str:
    """The list is lower case without apostrophes: `obrien` is O'Brien, `mcdonald` McDonald."""
    if name.startswith("mc") and len(name) > 4:
        return "Mc" + name[2:].capitalize()
    if name.startswith("o") and name[1:] in _IRISH_O:
        return "O'" + name[1:].capitalize()
    return name.capitalize()


_IRISH_O: Final = frozenset(
    {
        "brien",
        "connor",
        "neill",
        "sullivan",
        "reilly",
        "donnell",
        "keefe",
        "hara",
        "leary",
        "shea",
        "dwyer",
        "callaghan",
    }
)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
