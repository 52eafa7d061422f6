"""What the sub-commands of `crossline retention` do: try the review rules, apply them, and carry out decided disposals."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crossline.records.retention.clocks import Plan


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def retention_plan() -> int:
    """Print what the review rules would make due that is not due now, by owner and kind; 1 when it is above the cap."""
    from crossline.installation import make_ready

    make_ready()
    from django.utils import timezone

    from crossline.records.retention.clocks import plan

    planned = plan(on=timezone.now().date())
    sys.stdout.write(_table(planned))
    return 0 if planned.allowed else 1


def _table(planned: Plan) -> str:
    lines = ["owner,kind,records,due,would_be_due,newly_due"]
    lines += [
        f"{row.owner},{row.kind},{row.records},{row.due},{row.would_be_due},{row.newly_due}" for row in planned.rows
    ]
    verdict = "within" if planned.allowed else "ABOVE"
    _say(f"{planned.newly_due:,} of {planned.records:,} records newly due: {verdict} the cap of {planned.most:,}")
    return "\n".join(lines) + "\n"


def retention_apply(*, expect: int | None) -> int:
    """Set the clocks that the review rules of today reckon otherwise."""
    from crossline.installation import make_ready, sealed

    installation = make_ready()
    from django.utils import timezone

    from crossline.records.retention.clocks import apply_rules

    with sealed(installation, say=_say):
        number = apply_rules(on=timezone.now().date(), expect=expect)
    _say(f"{number:,} clocks set anew")
    return 0


def retention_dispose(*, dry_run: bool, expect: int | None) -> int:
    """Dispose of what two people decided, or print what would go: one line a record, without its content."""
    from crossline.installation import make_ready, reach_of, sealed

    installation = make_ready()
    from django.utils import timezone

    from crossline.records.disposal import dispose_due

    with sealed(installation, say=_say):
        gone = dispose_due(reach=reach_of(installation), now=timezone.now(), expect=expect, dry_run=dry_run)
    for going in gone:
        sys.stdout.write(f"{going.line()}\n")
        for export in going.exports:
            sys.stdout.write(f"    may be in: {export.what}, exported by {export.by} at {export.at:%Y-%m-%d %H:%M}\n")
    _say(f"{len(gone):,} records {'would be' if dry_run else ''} disposed of".replace("  ", " "))
    return 0
