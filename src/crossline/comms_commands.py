"""What the sub-commands of `crossline comms` do: the communications engine straight on files, no database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from crossline.commands import say


def successions(*, records: Sequence[Path], out: Path | None) -> int:
    """Successions straight from call record files."""
    from crossline.engines.comms.files import successions_file

    successions_file(list(records), out)
    return 0


def profiles(*, records: Sequence[Path], out: Path | None) -> int:
    """Profiles straight from call record files."""
    from crossline.engines.comms.files import profiles_file

    profiles_file(list(records), out)
    return 0


def keep(*, lake: Path, records: Sequence[Path], together: bool) -> int:
    """Call records into a lake; 1 where a row was set aside."""
    from crossline.engines.comms.files import keep_files

    return int(keep_files(lake, records, together=together, progress=say) > 0)


def forget(*, lake: Path, agency: str, ref: str) -> int:
    """What is held under one authorisation out of a lake."""
    from crossline.engines.comms.lake.lake import expire

    say(f"{lake}: {expire(lake, agency=agency, ref=ref):,} rows deleted.")
    return 0


def attribution(
    *,
    records: Sequence[Path],
    cells: Sequence[Path],
    line: str,
    candidates: str | None,
    candidates_file: Path | None,
    all_held: bool,
    first: date | None,
    last: date | None,
    format: str,  # noqa: A002  # the option's name
    out: Path | None,
) -> int:
    """Whether phones were in the same hands, straight from call record files."""
    from crossline.engines.comms.files import attribution_file, numbers_in

    named = None if all_held else numbers_in(candidates_file) if candidates_file else (candidates or "").split(",")
    attribution_file(records, cells, line, named, out, first=first, last=last, as_json=format == "json", progress=say)
    return 0


def areas(
    *,
    records: Sequence[Path],
    cells: Sequence[Path],
    line: str,
    moving_with: str | None,
    format: str,  # noqa: A002  # the option's name
    out: Path | None,
) -> int:
    """Where a line is run from and where it sells, straight from call record files."""
    from crossline.engines.comms.files import areas_file

    beside = [text for text in (moving_with or "").split(",") if text.strip()]
    areas_file(records, cells, line, beside, out, as_json=format == "json", progress=say)
    return 0


def networks(
    *,
    records: Sequence[Path],
    numbers: Path | None,
    table: str,
    period: str,
    format: str,  # noqa: A002  # the option's name
    out: Path | None,
) -> int:
    """Networks of lines, and what phones did, straight from call record files."""
    from crossline.engines.comms.files import networks_file
    from crossline.engines.comms.networks.local_days import Period
    from crossline.engines.comms.networks.rows import Table

    networks_file(
        list(records),
        numbers,
        out,
        table=Table(table),
        period=Period(period),
        as_json=format == "json",
        progress=say,
    )
    return 0


def valuation(
    *,
    records: Sequence[Path],
    numbers: Path | None,
    format: str,  # noqa: A002  # the option's name
    out: Path | None,
) -> int:
    """What lines' traffic counts for a valuation, straight from call record files."""
    from crossline.engines.comms.files import valuation_file

    valuation_file(list(records), numbers, out, as_json=format == "json", progress=say)
    return 0
