"""`crossline deconflict private-…`: two lists compared as files, neither of which is shown; no database."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from crossline.commands import say
from crossline.errors import FileUnreadable, UserError

Add = Callable[[Any, str, Callable[..., int], str, str], argparse.ArgumentParser]


def add_to(acts: Any, add: Add) -> None:
    """The words of these commands, beside the others of `crossline deconflict`; `add` is the command line's own way."""
    only_size = "tell only how many values both have, not which"
    example = "crossline deconflict private-ask ours.csv --out request.json --key key.json"
    asking = add(acts, "private-ask", private_ask, "make a request from your list, and the key to its answer", example)
    asking.add_argument("selectors", type=Path, metavar="LIST.csv", help="columns scheme and value")
    asking.add_argument("--out", type=Path, required=True, metavar="FILE", help="the request, to send")
    asking.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="what reads the answer; keep it to yourself"
    )
    asking.add_argument("--only-size", action="store_true", help=only_size)
    example = (
        "crossline deconflict private-answer request.json --list theirs.csv --answered answered.jsonl --out answer.json"
    )
    answering = add(acts, "private-answer", private_answer, "answer a request from your own list", example)
    answering.add_argument("request", type=Path, metavar="REQUEST")
    answering.add_argument(
        "--list", dest="own", type=Path, required=True, metavar="LIST.csv", help="columns scheme and value"
    )
    remembered = "where answered requests are remembered; made if there is none"
    answering.add_argument("--answered", type=Path, required=True, metavar="FILE", help=remembered)
    answering.add_argument("--out", type=Path, required=True, metavar="FILE", help="the answer, to send back")
    answering.add_argument("--only-size", action="store_true", help="refuse a request for more than how many both have")
    example = "crossline deconflict private-read answer.json --key key.json --out both.csv"
    reading = add(acts, "private-read", private_read, "read the answer: what both lists have", example)
    reading.add_argument("answer", type=Path, metavar="ANSWER")
    reading.add_argument(
        "--key", type=Path, required=True, metavar="FILE", help="the key that the request was made with"
    )
    reading.add_argument("--out", type=Path, metavar="FILE")


def private_ask(*, selectors: Path, out: Path, key: Path, only_size: bool) -> int:
    """A request to send, and a key file to keep."""
    from crossline.engines.deconfliction.private_files import read_list
    from crossline.engines.deconfliction.private_intersection import ask

    for path in (out, key):
        if path.exists():
            raise UserError(f"{path} is there already: an answer that is under way may need it. Give another name.")
    listed = read_list(_content(selectors), str(selectors))
    made = ask(listed, only_size=only_size)
    _write(key, made.to_keep, private=True)
    _write(out, made.to_send)
    _say_unreadable(selectors, listed.unreadable)
    learnt = "how many they are" if only_size else "which they are"
    say(
        f"{out}: a request about {len(listed.rows):,} selectors. Whoever answers learns that number; you will learn how "
        f"long their list is, and of the values that both have, {learnt}. Keep {key} to yourself: it reads the answer."
    )
    return 0


def private_answer(*, request: Path, own: Path, out: Path, answered: Path, only_size: bool) -> int:
    """The answer to a request, from one's own list; remembered, so that its number is not used twice."""
    from crossline.engines.deconfliction.private_files import read_list
    from crossline.engines.deconfliction.private_intersection import answer

    listed = read_list(_content(own), str(own))
    made = answer(_content(request), listed, answered=_answered(answered), only_size=only_size, where=str(request))
    _remember(
        answered,
        {
            "id": made.id,
            "request": made.request,
            "asked": made.asked,
            "only_size": made.only_size,
            "held": len(listed.rows),
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
        },
    )
    _write(out, made.to_send)
    _say_unreadable(own, listed.unreadable)
    learnt = "how many of them you have" if made.only_size else "which of them you have"
    say(
        f"{out}: the answer about {made.asked:,} selectors from your {len(listed.rows):,}. Whoever asked will learn {learnt}, "
        f"and how long your list is; you learn nothing but how long theirs is."
    )
    return 0


def private_read(*, answer: Path, key: Path, out: Path | None) -> int:
    """What both lists have."""
    from crossline.engines.deconfliction.private_intersection import read

    found = read(_content(answer), _content(key), where=str(answer), where_key=str(key))
    say(f"{found.size:,} of your {found.asked:,} selectors are among their {found.held:,}.")
    if found.values is not None:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(("scheme", "value"))
        writer.writerows(found.values)
        if out is None:
            sys.stdout.write(text.getvalue())
        else:
            _write(out, text.getvalue().encode())
    return 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be read: {(error.strerror or 'no such file').lower()}.") from None


def _write(path: Path, content: bytes, *, private: bool = False) -> None:
    try:
        path.touch(0o600 if private else 0o644)
        path.write_bytes(content)
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be written: {(error.strerror or 'refused').lower()}.") from None


def _answered(path: Path) -> dict[str, str]:
    """The digest of each request answered before, by its number."""
    if not path.exists():
        return {}
    try:
        rows = [json.loads(line) for line in _content(path).splitlines() if line.strip()]
        return {str(row["id"]): str(row["request"]) for row in rows}
    except (ValueError, KeyError, TypeError):
        raise FileUnreadable(
            f"{path} is no record of private checks that were answered: give its right name."
        ) from None


def _remember(path: Path, row: dict[str, Any]) -> None:
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    except OSError as error:
        raise FileUnreadable(f"{path} cannot be written: {(error.strerror or 'refused').lower()}.") from None


def _say_unreadable(path: Path, number: int) -> None:
    if number:
        say(f"{path}: {number:,} rows say nothing that can be compared (blank, or no such value), and were left out.")
