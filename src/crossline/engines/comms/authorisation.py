"""What a set of communications data was lawfully acquired for: which numbers, which period, until when, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from crossline.engines.comms.numbers import number_of
from crossline.errors import FileUnreadable


@dataclass(frozen=True)
class Authorisation:
    """The scope of one data set. `numbers` are normalised; the period is from `period_from` up to, not with, `period_to`."""

    ref: str
    agency: str
    numbers: frozenset[str]
    period_from: datetime
    period_to: datetime
    expires: datetime
    purpose: str

    def __post_init__(self) -> None:
        """A scope nothing can fall in is a mistake to be told of, not an empty result."""
        if not self.numbers:
            msg = "the authorisation names no number"
            raise ValueError(msg)
        if self.period_from >= self.period_to:
            msg = "the authorisation's period ends before it begins"
            raise ValueError(msg)


def read_authorisation(path: Path) -> Authorisation:
    """authorisation.json of a delivery. A date alone means that whole day, so a period "to" a date includes it."""
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
        if not isinstance(said, dict):
            msg = "it is not a JSON object"
            raise ValueError(msg)
        numbers = said["numbers"]
        if not isinstance(numbers, list):
            msg = "numbers is not a list"
            raise ValueError(msg)
        return Authorisation(
            ref=str(said["ref"]),
            agency=str(said["agency"]),
            numbers=frozenset(number for text in numbers if (number := number_of(str(text))) is not None),
            period_from=_moment(said["period_from"]),
            period_to=_moment(said["period_to"], end=True),
            expires=_moment(said["expires"], end=True),
            purpose=str(said["purpose"]),
        )
    except OSError as error:
        msg = f"{path}: cannot be opened ({error.strerror}); give the authorisation that came with the records."
        raise FileUnreadable(msg) from error
    except KeyError as error:
        needed = "ref, agency, numbers, period_from, period_to, expires and purpose"
        msg = f"{path}: {error.args[0]} is missing; an authorisation names {needed}."
        raise FileUnreadable(msg) from error
    except (ValueError, TypeError) as error:
        msg = f"{path}: cannot be read as an authorisation ({error}); mend the file and give it again."
        raise FileUnreadable(msg) from error


def _moment(text: str, *, end: bool = False) -> datetime:
    if len(text) == len("2026-01-31"):
        day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
        return datetime.combine(day, time(), UTC)
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
