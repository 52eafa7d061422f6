"""Private checks: what both have is learnt, and nothing else leaves; what is off is said in a sentence."""

from __future__ import annotations

import json
import stat
from importlib.util import find_spec
from pathlib import Path

import pytest
from tests.unit.engines.toy_intersection import TOY

from crossline.cli import main
from crossline.engines.deconfliction import private_intersection
from crossline.engines.deconfliction.private_files import FEWEST, MOST, Listed, packed, read_list, sealed, unpacked
from crossline.engines.deconfliction.private_intersection import answer, ask, read
from crossline.errors import FileUnreadable, UserError


@pytest.fixture(params=["toy", "installed"])
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The toy everywhere; the library itself where this machine has it."""
    if request.param == "toy":
        monkeypatch.setattr(private_intersection, "_library", lambda: TOY)
    elif find_spec("private_set_intersection") is None:
        pytest.skip("openmined-psi is not installed: requirements/psi.txt")
    return str(request.param)


def numbers(first: int, last: int) -> Listed:
    content = "".join(f"phone,07700 900{number:03}\n" for number in range(first, last))
    return read_list(f"scheme,value\n{content}".encode(), "list.csv")


@pytest.mark.usefixtures("library")
def test_both_learn_what_they_are_to_learn() -> None:
    made = ask(numbers(0, 100))
    found = read(answer(made.to_send, numbers(98, 250), answered={}).to_send, made.to_keep)
    assert found.values == (("phone", "07700 900098"), ("phone", "07700 900099"))
    assert (found.size, found.asked, found.held) == (2, 100, 152)


@pytest.mark.usefixtures("library")
def test_of_the_size_alone_only_the_size_is_learnt() -> None:
    made = ask(numbers(0, 100), only_size=True)
    answered = answer(made.to_send, numbers(60, 250), answered={}, only_size=True)
    found = read(answered.to_send, made.to_keep)
    assert (found.size, found.values) == (40, None)
    with pytest.raises(UserError, match="made again with --only-size"):
        answer(ask(numbers(0, 100)).to_send, numbers(60, 250), answered={}, only_size=True)


@pytest.mark.usefixtures("library")
def test_nothing_but_the_overlap_leaves() -> None:
    made = ask(numbers(0, 60))
    without, others = (answer(made.to_send, numbers(first, first + 80), answered={}).to_send for first in (100, 300))
    again = answer(made.to_send, numbers(100, 180), answered={}).to_send
    assert len(without) == len(others) == len(again)
    assert len({without, others, again}) == 3  # another key each time: the same list twice cannot be told
    assert b"7700" not in made.to_send + without
    # The order of what goes out is drawn: a place in a sorted list would tell much of a number.
    assert [text for _, _, text in json.loads(made.to_keep)["rows"]] != list(numbers(0, 60).rows)
    assert json.loads(made.to_send).keys() == {"crossline", "version", "id", "only_size", "rows", "body", "sha256"}
    assert json.loads(without).keys() == {
        "crossline",
        "version",
        "id",
        "request",
        "rows",
        "setup",
        "response",
        "sha256",
    }


@pytest.mark.usefixtures("library")
def test_one_number_of_a_request_is_for_one_request() -> None:
    made, own = ask(numbers(0, 60)), numbers(0, 60)
    known = answer(made.to_send, own, answered={})
    assert answer(made.to_send, own, answered={known.id: known.request}).id == made.id
    said = {
        key: value
        for key, value in json.loads(ask(numbers(1, 61)).to_send).items()
        if key in ("only_size", "rows", "body")
    }
    with pytest.raises(UserError, match="answered before, and other content"):
        answer(sealed("request", id=made.id, **said), own, answered={known.id: known.request})


@pytest.mark.usefixtures("library")
def test_what_is_off_is_a_sentence() -> None:
    made, own = ask(numbers(0, 60)), numbers(0, 60)
    good = answer(made.to_send, own, answered={}).to_send
    said = json.loads(made.to_send)
    short = sealed("request", id="a", only_size=False, rows=60, body="AAAA")
    bare = sealed("request", id="a")
    for content, says in (
        (made.to_send[:-40], "no file of a private check"),
        (b"PK\x03\x04", "no file of a private check"),
        (json.dumps({**said, "rows": 61}).encode(), "changed or cut short"),
        (good, "is the answer of a private check; the request is needed"),
        (short, "no list that can be compared|different selectors"),
        (bare, "another version"),
    ):
        with pytest.raises(FileUnreadable, match=says):
            answer(content, own, answered={})
    with pytest.raises(UserError, match="to another request"):
        read(good, ask(numbers(0, 60)).to_keep)
    with pytest.raises(FileUnreadable, match="no answer that can be read"):
        read(sealed("answer", **{**_body(good), "response": "AAAA"}), made.to_keep)


def _body(content: bytes) -> dict[str, object]:
    return {key: value for key, value in json.loads(content).items() if key not in ("crossline", "version", "sha256")}


def test_lists_are_neither_so_short_that_they_ask_about_one_nor_too_long() -> None:
    with pytest.raises(FileUnreadable, match=f"49 different selectors; a private check compares at least {FEWEST}"):
        numbers(0, 49)
    many = "".join(f"handle,snap:u{number}\n" for number in range(MOST + 1))
    with pytest.raises(FileUnreadable, match="20,001 different selectors; a private check compares at most 20,000"):
        read_list(f"scheme,value\n{many}".encode(), "list.csv")
    with pytest.raises(FileUnreadable, match="needs the columns scheme and value"):
        read_list(b"kind,value\n", "list.csv")
    with pytest.raises(FileUnreadable, match="row 2: 'person' is not a kind of selector"):
        read_list(b"scheme,value\nperson,Jaden Cole\n", "list.csv")


def test_one_value_said_often_is_no_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private_intersection, "_library", lambda: TOY)
    made = json.loads(ask(numbers(0, 60)).to_send)
    reveal, elements = json.loads(unpacked(made["body"], ""))
    padded = packed(json.dumps([reveal, [*elements, *elements[:1] * 40]]).encode())
    with pytest.raises(FileUnreadable, match="no list that can be compared"):
        answer(sealed("request", id="a", only_size=False, rows=100, body=padded), numbers(0, 60), answered={})


@pytest.mark.usefixtures("library")
def test_the_three_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    ours.write_text("scheme,value\nphone,unknown\n" + "".join(f"phone,07700 900{n:03}\n" for n in range(60)))
    theirs.write_text("scheme,value\n" + "".join(f"phone,+44 7700 900{n:03}\n" for n in range(58, 120)))
    request, key, answered, reply, both = (tmp_path / name for name in ("r", "k", "answered", "a", "both.csv"))
    asking = ["deconflict", "private-ask", str(ours), "--out", str(request), "--key", str(key)]
    answering = ["deconflict", "private-answer", str(request), "--list", str(theirs), "--answered", str(answered)]
    answering += ["--out", str(reply)]
    assert main(asking) == 0
    assert main(answering) == main(answering) == 0
    assert main(["deconflict", "private-read", str(reply), "--key", str(key), "--out", str(both)]) == 0
    assert both.read_text() == "scheme,value\nphone,07700 900058\nphone,07700 900059\n"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    told = capsys.readouterr().err
    assert "1 rows say nothing that can be compared" in told
    assert "2 of your 60 selectors are among their 62" in told
    assert main(asking) == 1
    assert "is there already" in capsys.readouterr().err
    assert [json.loads(line)["asked"] for line in answered.read_text().splitlines()] == [60, 60]


def test_without_the_library_the_sentence_says_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_intersection, "LIBRARY", "crossline_has_no_such_library")
    ours = tmp_path / "ours.csv"
    ours.write_text("scheme,value\n" + "".join(f"phone,07700 900{n:03}\n" for n in range(60)))
    assert (
        main(["deconflict", "private-ask", str(ours), "--out", str(tmp_path / "r"), "--key", str(tmp_path / "k")]) == 1
    )
    assert "install requirements/psi.txt" in capsys.readouterr().err
    assert not (tmp_path / "k").exists()
