"""What an export says of itself wherever its format has room: its ceiling, whose it is, for whom, when, and its number.

The number and the fingerprint stand in the audit, so that a file found where it ought not to be is known again (ledger.py).
CSV and JSON of the contract have no room: there the number is in the file's name, and the fingerprint knows the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from crossline.access.receipt_numbers import receipt_number
from crossline.access.viewer import Viewer
from crossline.errors import UserError

MARKING: Final = "OFFICIAL-SENSITIVE"
"""The platform's ceiling, because an export may hold rows up to it; each row's own marking stands on the row."""
LONGEST_RECIPIENTS: Final = 120
KEPT_FOR: Final = timedelta(days=90)
"""So long an extract is kept; then whoever has it destroys it, and takes it out anew if it is still needed. [D]"""
OWN_USE: Final = "own use"
"""For whom an export is when nobody else is named."""


@dataclass(frozen=True)
class Stamp:
    """Who took an export, for whom and when."""

    number: str
    what: str
    by: str
    agency: str
    recipients: str
    at: datetime

    @property
    def words(self) -> str:
        """One line for people."""
        return (
            f"{MARKING}. {self.what}, exported by {self.by} ({self.agency}) at {self.at:%Y-%m-%d %H:%M} UTC "
            f"for {self.recipients}. Export {self.number}. Destroy by {self.destroy_by:%Y-%m-%d}. "
            "Each row's own handling applies."
        )

    @property
    def destroy_by(self) -> datetime:
        """The day after which nobody may have it any more."""
        return self.at + KEPT_FOR


def stamp(what: str, viewer: Viewer, recipients: str, at: datetime) -> Stamp:
    """The stamp of a new export. Raises UserError where the recipients cannot be said in a line."""
    return Stamp(receipt_number("X"), what, viewer.username, viewer.agency, said_recipients(recipients), at)


def said_recipients(written: str) -> str:
    """For whom an export is, in one line; own use where nobody is named."""
    said = " ".join(written.split())
    if len(said) > LONGEST_RECIPIENTS or not said.isprintable():
        raise UserError(f"Say in up to {LONGEST_RECIPIENTS} characters who will receive the export.")
    return said or OWN_USE
