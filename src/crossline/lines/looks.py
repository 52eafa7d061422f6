"""What records of calls and texts showed of numbers: the findings that a viewer sees, as rows of a line's page."""

from __future__ import annotations

from collections.abc import Collection

from django.urls import reverse

from crossline.access.viewer import Viewpoint
from crossline.lines.in_words import names, shares_in_words
from crossline.records.intake.mentions import tagged
from crossline.records.models import Mention, Record
from crossline.vocabulary.codes import FindingKind, MentionKind, RecordKind


def looks_of(viewpoint: Viewpoint, numbers: Collection[str]) -> list[dict[str, object]]:
    """The visible findings that these numbers look like deal lines, the newest first."""
    selectors = [tagged("phone", number) for number in numbers]
    found = Mention.objects.filter(
        kind=MentionKind.PHONE,
        selector__in=selectors,
        record__kind=RecordKind.FINDING,
        record__ref__startswith=FindingKind.DEAL_LINE.beginning,
    ).select_related("record")
    seen = viewpoint.visible(found, "audience", "record__audience")
    return [_row(mention, mention.record) for mention in seen.order_by("-record__occurred_to", "record__ref")]


def _row(mention: Mention, finding: Record) -> dict[str, object]:
    said = finding.detail
    return {
        "number": (mention.selector or "").partition(":")[2],
        "href": reverse("record", args=[finding.id]),
        "span": (finding.occurred_from, finding.occurred_to),
        "broadcasts": said.get("broadcasts"),
        "reached": said.get("people_reached_by_a_broadcast"),
        "exporting": shares_in_words(said.get("exporting")),
        "importing": shares_in_words(said.get("importing")),
        "owner": names((finding.owner_id,)),
    }
