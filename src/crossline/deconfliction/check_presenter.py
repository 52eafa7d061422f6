"""What the pages of checks show, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.urls import reverse

from crossline.deconfliction.following import Links, followed
from crossline.deconfliction.inbox import AskedAbout, Met
from crossline.deconfliction.models import AnswerSetting, Check, CheckOutcome
from crossline.deconfliction.presenter import KINDS
from crossline.deconfliction.rules import AnswerBody, AnswerLevel, CheckKind, Resolution, verdict_at
from crossline.deconfliction.texts import texts_of_check
from crossline.engines.deconfliction.tokens import EventKind, Nearness, Verdict
from crossline.records.models import Record
from crossline.vocabulary.agencies import agencies
from crossline.wording import format_date, format_phone

IN_SHORT: Final[Mapping[str, str]] = MappingProxyType(
    {AnswerBody.NOTHING: "Nobody", AnswerBody.HUB: "Many: a hub"}  # where agencies were met, they are named
)
NO_OUTCOME: Final = "No outcome yet"


def named(agency: str) -> str:
    """An agency's name as people know it."""
    return agencies()[agency].name if agency in agencies() else agency


def short(agency: str) -> str:
    """The same in short."""
    return agencies()[agency].short_name if agency in agencies() else agency


def check_row(check: Check, since: Iterable[Met] = ()) -> dict[str, object]:
    """One of the agency's own checks in a row; `since`: whom it has met besides, after it was answered."""
    told = [*(each["agency"] for each in check.answer), *(each.agency for each in since)]
    return {
        "number": check.number,
        "href": reverse("check", args=[check.id]),
        "at": check.asked_at,
        "by": check.asked_by,
        "what": KINDS.get(check.scheme, check.scheme),
        "value": check.value,
        "operation": check.operation,
        "answer": ", ".join(map(short, dict.fromkeys(told))) or IN_SHORT[check.body],
    }


def answer_rows(check: Check) -> list[dict[str, object]]:
    """The agencies that a check was answered with."""
    return [
        each
        | {
            "category": category_words(check.scheme, each["category"]),
            "how": nearness_words(each.get("nearness")) or sure_words(each.get("sure")),
        }
        for each in check.answer
    ]


def since_rows(since: Iterable[Met]) -> list[dict[str, object]]:
    """The agencies that it has met since."""
    return [
        {
            "agency": each.agency,
            "contact": each.contact,
            "category": category_words(each.scheme, each.category),
            "how": nearness_words(each.nearness) or sure_words(each.sure),
            "since": each.since,
        }
        for each in since
    ]


def category_words(scheme: str, category: str) -> str:
    """A word for the kind of operation: of a planned event its kind."""
    kind = EventKind.read(category) if scheme == CheckKind.EVENT else None
    return kind.meaning if kind else category


def nearness_words(nearness: str | None) -> str:
    """How near two events come; nothing of other checks."""
    return Nearness(nearness).meaning if nearness else ""


def sure_words(sure: int | None) -> str:
    """How sure it is that two are the same; nothing of planned events."""
    verdict = verdict_at(sure)
    return verdict.meaning if verdict else ""


def follow_rows(check: Check, along: Links) -> list[dict[str, object]]:
    """The numbers that a check is looked up with, by changes of number that the viewer sees."""
    return [
        {
            "number": format_phone(each.number),
            "why": f"{'Took over' if each.later else 'Was taken over from'} on {format_date(each.day)}",
            "how": each.verdict.meaning,
            "change": "The change of number",
            "href": reverse("number-change", args=[each.via]),
        }
        for each in followed(texts_of_check(check.scheme, check.value), along)
    ]


def asked_rows(
    asked: Sequence[AskedAbout],
    records: Mapping[UUID, Record],
    checks: Mapping[UUID, Check],
    outcomes: Mapping[tuple[UUID, str], CheckOutcome],
    own: str,
) -> list[dict[str, object]]:
    """Who asked about what ours works on: what has no outcome yet first, the newest first."""
    rows = []
    for each in asked:
        outcome = outcomes.get((each.asked, own))
        rows.append(
            {
                "number": each.number,
                "href": reverse("check", args=[each.asked]),
                "at": each.at,
                "agency": each.agency,
                "contact": each.contact,
                "purpose": each.purpose,
                "outcome": state_words(outcome),
                "open": outcome is None,
            }
            | _ours(each, records, checks)
        )
    return sorted(rows, key=lambda row: not row["open"])


def met_rows(
    met: Sequence[Met],
    records: Mapping[UUID, Record],
    checks: Mapping[UUID, Check],
    outcomes: Mapping[tuple[UUID, str], CheckOutcome],
) -> list[dict[str, object]]:
    """Whom our work and our standing checks have met: what has no outcome yet first, then the newest."""
    rows = []
    for each in met:
        outcome = outcomes.get((each.own, each.agency)) if each.own else None
        rows.append(
            {
                "agency": each.agency,
                "contact": each.contact,
                "category": category_words(each.scheme, each.category),
                "since": each.since,
                "outcome": state_words(outcome) if each.own else "Check it to record one",
                "open": outcome is None,
            }
            | _ours(each, records, checks)
        )
    rows.sort(key=lambda row: str(row["since"]), reverse=True)
    return sorted(rows, key=lambda row: not row["open"])


def hub_rows(
    met: Iterable[Met], records: Mapping[UUID, Record], checks: Mapping[UUID, Check]
) -> list[dict[str, object]]:
    """What of ours is a hub."""
    return [_ours(each, records, checks) for each in met if each.hub]


def _ours(each: AskedAbout | Met, records: Mapping[UUID, Record], checks: Mapping[UUID, Check]) -> dict[str, object]:
    """What of the viewer's own was met: a record or a check, and by what."""
    kind, verdict = KINDS.get(each.scheme, each.scheme), verdict_at(each.sure)
    sure = f"{kind}: {verdict.meaning.lower()}" if verdict and verdict is not Verdict.SAME else kind
    by = nearness_words(each.nearness) or sure
    if each.record is not None and each.record in records:
        record = records[each.record]
        return {"ours": record.ref, "ours_href": reverse("record", args=[record.id]), "by": by}
    if each.own is not None and each.own in checks:
        check = checks[each.own]
        return {"ours": check.number, "ours_href": reverse("check", args=[check.id]), "by": by}
    return {"ours": None, "by": by}


def state_words(outcome: CheckOutcome | None) -> str:
    """How a check stands between two agencies."""
    return NO_OUTCOME if outcome is None else Resolution(outcome.state).meaning


def outcome_rows(outcomes: Iterable[CheckOutcome]) -> list[dict[str, object]]:
    """What was recorded, the newest first."""
    return [
        {
            "state": Resolution(each.state).meaning,
            "with": named(each.other_agency),
            "note": each.note,
            "by": each.recorded_by,
            "agency": each.recorded_agency,
            "at": each.recorded_at,
            "read_by": "Both agencies" if each.shared else "Your agency alone",
        }
        for each in outcomes
    ]


def setting_rows(settings: Iterable[AnswerSetting]) -> list[dict[str, object]]:
    """What was set, the newest first."""
    return [
        {
            "level": AnswerLevel(each.level).meaning,
            "contact": each.contact,
            "category": each.category,
            "by": each.set_by,
            "at": each.set_at,
        }
        for each in settings
    ]


def receipt_of(check: Check) -> list[tuple[str, object]]:
    """What was asked, for the receipt of whoever asked."""
    return [
        ("Asked about", f"{KINDS.get(check.scheme, check.scheme)}: {check.value}"),
        ("Kind of check", CheckKind(check.kind).meaning),
        ("By", f"{check.asked_by}, {named(check.agency_id)}"),
        ("Purpose", check.purpose),
        ("Operation", check.operation),
        ("Whom the other side rings", check.contact),
    ]
