"""`crossline resolve` on a file: what it takes, what it writes, and what it says when it cannot."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from crossline.engines.resolution.files import resolve_file
from crossline.errors import FileUnreadable

PEOPLE = """\
Ref,agency,key,forename,surname,aliases,dob,sex,phones,postcode,occupation,shoe size
R/1,kent,p1,Jaden,Cole,JC,2008-04-11,M,07700 900123#0042,TN34 1AA,none,9
R/2,essex,p1,Jayden,Cole,,11/04/2008,M,07700 900123#0042;07700 900124#0042,,,
R/3,kent,p2,Amira,Hussain,,1999,F,,,,
R/3,kent,p3,Grace,Kelly,,not known,,,,,
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("learn", [True, False])
def test_one_row_out_for_each_row_in(tmp_path: Path, learn: bool) -> None:
    out = tmp_path / "entities.csv"
    summary = resolve_file(written(tmp_path, PEOPLE), out, learn=learn)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [
        ["entity", "agency", "ref", "key"],
        ["E0000001", "kent", "R/1", "p1"],
        ["E0000001", "essex", "R/2", "p1"],
        ["E0000002", "kent", "R/3", "p2"],
        ["E0000003", "kent", "R/3", "p3"],
    ]
    assert (summary.rows, summary.entities, summary.ignored_columns) == (4, 3, ("shoe size",))


def entities(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [row["entity"] for row in csv.DictReader(stream)]


def test_a_register_keeps_entities_from_file_to_file(tmp_path: Path) -> None:
    out, known = tmp_path / "entities.csv", tmp_path / "known"
    resolve_file(written(tmp_path, PEOPLE), out, register=known)
    assert entities(out) == ["E0000001", "E0000001", "E0000003", "E0000004"]
    later = (
        "ref,agency,forename,surname,dob\nR/9,kent,Wilhelmina,Throckmorton,1990-02-03\nR/9,kent,Jaden,Cole,2008-04-11\n"
    )
    resolve_file(written(tmp_path, later), out, register=known)
    assert entities(out) == ["E0000005", "E0000001"]
    resolve_file(written(tmp_path, later + "R/10,kent,Jaden,Cole,2008-04-11\n"), out, register=known)
    assert entities(out) == ["E0000005", "E0000001", "E0000001"]


def test_a_folder_that_can_hold_no_register_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="cannot hold a register"):
        resolve_file(written(tmp_path, PEOPLE), tmp_path / "out.csv", register=tmp_path / "people.csv" / "within")


def test_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    resolve_file(written(tmp_path, "ref\nA\nB\n"))
    assert capsys.readouterr().out == "entity,agency,ref,key\nE0000001,,A,\nE0000002,,B,\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "row 1: there is no column ref"),
        ("name,surname\nx,y\n", "row 1: there is no column ref"),
        ("ref,dob\nA,2008\nB,about Easter\n", "row 3, column dob: 'about Easter' is not a date"),
        ("ref,dob\nA,2008\n,2008\n", "row 3, column ref: it is empty"),
        ("ref,surname\nA,Cole,Kent\n", "row 2: 3 values for 2 columns"),
        ("ref,surname,surname\nA,Cole,Kent\n", "the column surname occurs twice"),
        ('ref,surname\nA,"Cole\n', "is not a CSV file"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(FileUnreadable) as error:
        resolve_file(path, tmp_path / "out.csv")
    assert said in str(error.value)
    assert str(path) in str(error.value)
    assert not (tmp_path / "out.csv").exists()


def test_files_that_are_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable, match="There is no file"):
        resolve_file(tmp_path / "nothing.csv")
    with pytest.raises(FileUnreadable, match="is a folder"):
        resolve_file(tmp_path)
    path = tmp_path / "people.xlsx"
    path.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(FileUnreadable, match="not UTF-8"):
        resolve_file(path)
    with pytest.raises(FileUnreadable, match="cannot be written"):
        resolve_file(written(tmp_path, PEOPLE), tmp_path / "no" / "such" / "folder.csv")
