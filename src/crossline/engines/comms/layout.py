"""Call records from a delivery's records.csv into Parquet that the analyses read: one row an event as its subject saw it.

The file is streamed: it is never in memory whole, and 20 million rows need a few minutes and under 3 GB. A row that cannot
be taken in is refused by itself, counted under its reason, and the first hundred are named by line. Nothing is guessed.

The dataset: a folder of `part-*.parquet` (zstd), each number in exactly one part, sorted by (subject, start).
    subject, other      the number whose records these are, and the number at the other end, both in one form
    start               TIMESTAMP, UTC
    outward             the subject made the call or sent the text
    type                voice, sms, mms, data
    duration_s          seconds, null when not given
    imei, imsi, cell    the subject's own handset, SIM and cell, where given
    other_imei, other_imsi, other_cell   the other party's
    line                the line of the source file
With an authorisation only authorised numbers are subjects; without one both ends of every row are, so an event is two rows.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from crossline.engines.comms.authorisation import Authorisation
from crossline.engines.comms.executor import STANDARD_LIMITS, Limits, executor
from crossline.engines.comms.headers import read_layout
from crossline.engines.comms.load_report import LoadReport, Refusal, RefusedRow
from crossline.engines.comms.loading import Load
from crossline.errors import FileUnreadable

__all__ = ["LoadReport", "Refusal", "RefusedRow", "parts_of", "write_dataset"]


def write_dataset(
    csv_path: Path, authorisation: Authorisation | None, out_dir: Path, *, limits: Limits = STANDARD_LIMITS
) -> LoadReport:
    """Read a records.csv into a new dataset folder; `out_dir` appears whole or not at all, and must not exist yet."""
    if out_dir.exists():
        msg = f"{out_dir}: already exists; a dataset is written once, into a folder of its own."
        raise FileUnreadable(msg)
    layout = read_layout(csv_path)
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=f".{out_dir.name}-", dir=out_dir.parent))
    try:
        with executor(limits, spill=working) as connection:
            report = Load(connection, layout, authorisation, working).run()
        (working / "dataset").rename(out_dir)
        return report
    finally:
        shutil.rmtree(working, ignore_errors=True)


def parts_of(dataset: Path) -> list[Path]:
    """The Parquet files of a dataset, in order."""
    parts = sorted(dataset.glob("part-*.parquet"))
    if not parts:
        msg = f"{dataset}: holds no call records; give a folder that write_dataset wrote."
        raise FileUnreadable(msg)
    return parts
