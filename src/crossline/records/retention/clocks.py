"""When records are due: the clock that stands, what a changed rule would make due, and setting clocks by a changed rule.

A changed rule is tried before it counts: `plan` says what it would make due, by kind and owner, and `apply_rules` stops
whole, with nothing written, where that is more than the cap. A clock that a reviewer set is never moved by a rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import DateField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.retention import CAP, HORIZON, RULES, Cap, ReviewRule, rule_for
from crossline.errors import TooMuchAtOnce, UserError
from crossline.records.models import Record, RetentionClock
from crossline.vocabulary.codes import RecordKind

RETENTION: Final = Process("retention")


def with_clock(records: QuerySet[Record]) -> QuerySet[Any]:
    """The records with `due` and `due_rule`: the latest clock of each, else the one it was stored with."""
    latest = RetentionClock.objects.filter(record=OuterRef("pk")).order_by("-set_at", "-id")
    return records.annotate(
        due=Coalesce(Subquery(latest.values("due")[:1]), F("review_at"), output_field=DateField()),
        due_rule=Coalesce(Subquery(latest.values("rule")[:1]), F("review_rule")),
    )


def newest(records: QuerySet[Record]) -> QuerySet[Record]:
    """Only the newest revision of each: a record that was sent again is reviewed, kept and disposed of as one."""
    later = Record.objects.filter(
        owner=OuterRef("owner"), source=OuterRef("source"), ref=OuterRef("ref"), revision__gt=OuterRef("revision")
    )
    return records.exclude(Exists(later))


_STANDING: Final = """
WITH rules AS (SELECT * FROM unnest(%(kinds)s::text[], %(rules)s::text[], %(days)s::int[]) AS t(kind, new_rule, days)),
standing AS (
    SELECT r.id, r.kind, r.owner_id, r.audience_id, coalesce(c.due, r.review_at) AS due, coalesce(c.rule, r.review_rule) AS rule,
           CASE WHEN c.review_id IS NULL THEN (r.made_at AT TIME ZONE 'UTC')::date + rules.days ELSE c.due END AS new_due,
           CASE WHEN c.review_id IS NULL THEN rules.new_rule ELSE c.rule END AS new_rule
    FROM records_record r JOIN rules ON rules.kind = r.kind
    LEFT JOIN LATERAL (
        SELECT due, rule, review_id FROM records_retentionclock k WHERE k.record_id = r.id ORDER BY set_at DESC, id DESC LIMIT 1
    ) c ON true
    WHERE NOT EXISTS (
        SELECT FROM records_record n
        WHERE n.owner_id = r.owner_id AND n.source = r.source AND n.ref = r.ref AND n.revision > r.revision))
"""
_PLANNED: Final = (
    _STANDING
    + """
SELECT owner_id, kind, count(*), count(*) FILTER (WHERE due <= %(on)s), count(*) FILTER (WHERE new_due <= %(on)s),
       count(*) FILTER (WHERE new_due <= %(horizon)s AND due > %(horizon)s)
FROM standing GROUP BY owner_id, kind ORDER BY owner_id, kind
"""
)
_SET_ANEW: Final = (
    _STANDING
    + """
INSERT INTO records_retentionclock (id, record_id, owner_id, rule, due, set_by, set_at, audience_id)
SELECT gen_random_uuid(), id, owner_id, new_rule, new_due, %(by)s, now(), audience_id
FROM standing WHERE new_rule <> rule OR new_due <> due
"""
)


@dataclass(frozen=True)
class PlanRow:
    """One owner's records of one kind: how many there are, are due, would be due, and would be so only by the change."""

    owner: str
    kind: str
    records: int
    due: int
    would_be_due: int
    newly_due: int


@dataclass(frozen=True)
class Plan:
    """What rules would make due on a day, held against what is due as clocks stand. Nothing was changed."""

    on: date
    rows: tuple[PlanRow, ...]
    cap: Cap

    @property
    def records(self) -> int:
        """All records, each with its revisions counted once."""
        return sum(row.records for row in self.rows)

    @property
    def newly_due(self) -> int:
        """How many the change alone would make due."""
        return sum(row.newly_due for row in self.rows)

    @property
    def most(self) -> int:
        """How many the cap allows."""
        return self.cap.most(self.records)

    @property
    def allowed(self) -> bool:
        """Whether the change stays within the cap."""
        return self.newly_due <= self.most


def plan(*, rules: Sequence[ReviewRule] = RULES, on: date, cap: Cap = CAP) -> Plan:
    """Try rules on every record, without changing any. Charged with what falls due within HORIZON of the day."""
    with connection.cursor() as cursor:
        cursor.execute(_PLANNED, _parameters(rules, on) | {"horizon": on + HORIZON})
        return Plan(on, tuple(PlanRow(*row) for row in cursor.fetchall()), cap)


def apply_rules(*, rules: Sequence[ReviewRule] = RULES, on: date, cap: Cap = CAP, expect: int | None = None) -> int:
    """Set the clocks that the rules of the day reckon otherwise. Gives how many were set anew.

    Raises TooMuchAtOnce, with nothing set, where more would fall due than the cap allows; unless whoever runs it read the
    plan, and `expect` is exactly the number it gave.
    """
    planned = plan(rules=rules, on=on, cap=cap)
    require_expected(planned.newly_due, planned.allowed, expect)
    if expect is None and not planned.allowed:
        detail = {"newly_due": planned.newly_due, "most": planned.most, "rules": sorted({rule.id for rule in rules})}
        with transaction.atomic():
            log(Event.DISPOSAL_STOPPED, by=RETENTION, about=Subject("review rules", "", detail), purpose="retention")
        raise TooMuchAtOnce(
            f"The review rules would make {planned.newly_due:,} of {planned.records:,} records due at once, and at most "
            f"{planned.most:,} may be; no clock was set. See crossline retention plan, and mend the rule."
        )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SET_ANEW, _parameters(rules, on) | {"by": f"process:{RETENTION.name}"})
        number = int(cursor.rowcount)
        if number:
            detail = {"set": number, "newly_due": planned.newly_due, "expected": expect}
            log(
                Event.REVIEW_RULES_APPLIED, by=RETENTION, about=Subject("review rules", "", detail), purpose="retention"
            )
    return number


def require_expected(number: int, allowed: bool, expect: int | None) -> None:
    """A number that somebody read off a dry run must be the one that stands now."""
    if expect is not None and expect != number:
        within = "" if allowed else ", which is more than the cap allows"
        raise UserError(
            f"It is {number:,} now and not {expect:,}{within}; run it dry again and give the number it says."
        )


def _parameters(rules: Sequence[ReviewRule], on: date) -> dict[str, Any]:
    chosen = [(str(kind), rule_for(kind, on, rules=rules)) for kind in RecordKind]
    return {
        "kinds": [kind for kind, _ in chosen],
        "rules": [rule.id for _, rule in chosen],
        "days": [rule.review_after.days for _, rule in chosen],
        "on": on,
    }
