"""The communications engine straight on files: the columns of the contract, and errors that say what to do."""

import csv
import json

import pytest

from crossline.engines.comms.files import PROFILE_COLUMNS, SUCCESSION_COLUMNS, profiles_file, successions_file
from crossline.engines.comms.layout import write_dataset
from crossline.errors import FileUnreadable

HEADER = "start,type,from,to\n"


def records(tmp_path, name="records.csv"):
    """A number that hands over to another on the tenth day, with fourteen contacts, in a plain file."""
    rows = [
        f"2026-03-{day:02}T{9 + place % 12:02}:{place:02}:00Z,sms,{'u1' if day < 10 else 'u2'},u{100 + place}"
        for day in range(1, 21)
        for place in range(14)
    ]
    path = tmp_path / name
    path.write_text(HEADER + "\n".join(rows) + "\n")
    return path


def test_successions_have_the_columns_of_the_contract(tmp_path):
    out = tmp_path / "out.csv"
    assert successions_file([records(tmp_path)], out) == 1
    with out.open() as file:
        (row,) = csv.DictReader(file)
    assert tuple(row) == SUCCESSION_COLUMNS == ("old_number", "new_number", "date", "score", "shared_contacts")
    assert (row["old_number"], row["new_number"], row["date"], row["shared_contacts"]) == (
        "u1",
        "u2",
        "2026-03-10",
        "14",
    )
    assert 0 < float(row["score"]) <= 1


def test_without_a_file_to_write_it_goes_to_standard_output(tmp_path, capsys):
    successions_file([records(tmp_path)], None)
    assert capsys.readouterr().out.splitlines()[0] == ",".join(SUCCESSION_COLUMNS)
    profiles_file([records(tmp_path)], None)
    assert capsys.readouterr().out.splitlines()[0] == ",".join(PROFILE_COLUMNS)


def test_a_dataset_gives_what_its_file_gave(tmp_path):
    path = records(tmp_path)
    write_dataset(path, None, tmp_path / "dataset")
    successions_file([path], tmp_path / "a.csv")
    successions_file([tmp_path / "dataset"], tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_an_authorisation_beside_the_records_is_kept_to(tmp_path):
    path = records(tmp_path)
    scope = {"ref": "x", "agency": "kent", "numbers": ["u1"], "expires": "2027-01-01", "purpose": "test"}
    scope |= {"period_from": "2026-03-01", "period_to": "2026-03-31"}
    (tmp_path / "authorisation.json").write_text(json.dumps(scope))
    told = []
    assert successions_file([path], tmp_path / "out.csv", progress=told.append) == 0
    assert told == [
        f"{path}: 154 of 280 rows set aside; the first is row 128, column from (u2, u100):"
        " neither end is a number of the authorisation."
    ]


def test_bad_rows_are_set_aside_and_told_of(tmp_path):
    path = records(tmp_path)
    path.write_text(path.read_text() + "noon,sms,u1,u2\n")
    told = []
    assert successions_file([path], tmp_path / "out.csv", progress=told.append) == 1
    assert told == [
        f"{path}: 1 of 281 rows set aside; the first is row 282, column start (noon):"
        " the time cannot be read; write it as 2026-03-02T14:10:00+00:00."
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("type,from,to\nsms,a,b\n", "row 1: column start is missing"),
        (HEADER + "noon,sms,a,b\n", r"row 2, column start \(noon\): the time cannot be read"),
        (HEADER + "2026-03-02T14:10:00Z,fax,a,b\n", r"row 2, column type \(fax\): the type is none of voice"),
    ],
)
def test_errors_name_file_row_column_and_remedy(tmp_path, text, told):
    path = tmp_path / "records.csv"
    path.write_text(text)
    for run in (successions_file, profiles_file):
        with pytest.raises(FileUnreadable, match=told) as error:
            run([path], tmp_path / "out.csv")
        assert str(error.value).startswith(str(path))
        assert "\n" not in str(error.value)
    assert not (tmp_path / "out.csv").exists()


def test_a_path_that_is_not_there_and_a_folder_that_is_no_dataset(tmp_path):
    with pytest.raises(FileUnreadable, match="cannot be opened"):
        successions_file([tmp_path / "nothing.csv"], None)
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileUnreadable, match="holds no call records"):
        successions_file([tmp_path / "empty"], None)
    (tmp_path / "wrong.parquet").write_bytes(b"not parquet")
    with pytest.raises(FileUnreadable, match="not a dataset"):
        successions_file([tmp_path / "wrong.parquet"], None)


def test_nowhere_to_write_leaves_nothing_behind(tmp_path):
    with pytest.raises(FileUnreadable, match="cannot be written"):
        successions_file([records(tmp_path)], tmp_path / "no such folder" / "out.csv")
