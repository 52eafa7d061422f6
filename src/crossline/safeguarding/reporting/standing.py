"""Reports as a viewer sees them: each with its steps, how it stands, and what is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from crossline.access.policy import CENTRE
from crossline.access.viewer import Viewpoint
from crossline.safeguarding.reporting.content import Answers
from crossline.safeguarding.reporting.models import PartnerReport, PartnerReportStep, ReportState
from crossline.safeguarding.reporting.security import WHO_ANSWERS

READ_WITHIN: Final = timedelta(hours=24)
ANSWERED_WITHIN: Final = timedelta(days=7)
CLOCKS_AUTHORITY: Final = "This platform’s own [D]: a report is read within a day and answered within seven"


@dataclass(frozen=True)
class Standing:
    """One report, with what was said of it, the oldest first."""

    report: PartnerReport
    steps: Sequence[PartnerReportStep]

    @property
    def state(self) -> ReportState:
        return ReportState(self.steps[-1].state) if self.steps else ReportState.SENT

    @property
    def answers(self) -> Answers:
        return Answers.read(self.report.content)

    @property
    def due(self) -> datetime | None:
        """By when the police read it, or answer it; None where nothing is asked of them."""
        if self.state is ReportState.ANSWERED:
            return None
        raised = self.steps[-1].at if self.state is ReportState.RAISED_AGAIN else self.report.sent_at
        if self.state is ReportState.READ:
            again = [step.at for step in self.steps if step.state == ReportState.RAISED_AGAIN]
            return (again[-1] if again else self.report.sent_at) + ANSWERED_WITHIN
        return raised + READ_WITHIN

    def is_late(self, now: datetime) -> bool:
        return self.due is not None and self.due < now


def reports(viewpoint: Viewpoint) -> list[Standing]:
    """Every report that the viewer sees: what is due first, then the newest."""
    rows = list(viewpoint.visible(PartnerReport.objects.all()).select_related("partner", "force"))
    steps: dict[UUID, list[PartnerReportStep]] = defaultdict(list)
    for step in viewpoint.visible(PartnerReportStep.objects.filter(report__in=rows)).order_by("number"):
        steps[step.report_id].append(step)
    found = [Standing(row, steps[row.id]) for row in rows]
    return sorted(found, key=_order)


def _order(found: Standing) -> tuple[bool, float, float, str]:
    due = found.due
    return due is None, due.timestamp() if due else 0.0, -found.report.sent_at.timestamp(), found.report.ref


def report_of(viewpoint: Viewpoint, report: UUID) -> Standing | None:
    """One report, where the viewer sees it."""
    row = viewpoint.visible(PartnerReport.objects.filter(id=report)).select_related("partner", "force").first()
    if row is None:
        return None
    return Standing(row, list(viewpoint.visible(PartnerReportStep.objects.filter(report=row)).order_by("number")))


def may_answer(viewpoint: Viewpoint, report: PartnerReport) -> bool:
    """Whether the viewer reads and answers it: of the force it went to or of the centre, in a role that does."""
    viewer = viewpoint.viewer
    return bool(viewer.roles & WHO_ANSWERS) and viewer.agency in (report.force_id, CENTRE)
