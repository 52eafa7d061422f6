"""Values that run up one by one: how many that somebody asked about within a day differ in nothing but their last characters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from crossline.access.viewer import Viewpoint
from crossline.deconfliction.models import Check
from crossline.deconfliction.rules import ALIKE_BUT, SCHEMES
from crossline.deconfliction.texts import texts_of_check


def alike(texts: Iterable[str], viewpoint: Viewpoint) -> int:
    """Of what the viewer asked about within a day and these now, the most that are alike; each thing counts once."""
    since = timezone.now() - timedelta(days=1)
    own = Check.objects.filter(asked_by_id=str(viewpoint.viewer.person_id), asked_at__gt=since, scheme__in=SCHEMES)
    before = {text for each in viewpoint.visible(own).values_list("scheme", "value") for text in texts_of_check(*each)}
    counts = Counter(text[:-ALIKE_BUT] for text in before.union(texts) if text.partition(":")[0] in SCHEMES)
    return max(counts.values(), default=0)
