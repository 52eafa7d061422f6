"""A line is asked about by its numbers too, and its page writes the question."""

from __future__ import annotations

from typing import Any

import pytest

from crossline.access.models import Person
from crossline.access.viewer import viewer_of
from crossline.deconfliction.asking_of_lines import as_asked
from crossline.deconfliction.checking import LONGEST_VALUE
from crossline.engines.deconfliction.tokens import Verdict
from crossline.lines.register import register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


def test_a_line_is_asked_about_by_its_numbers_too_and_its_page_writes_the_question(kent: Any, builders: Any) -> None:
    assert kent("line", "Nemo|Carlisle").told == ()
    told = kent("line", "Nemo|Carlisle|07700 900123#0042").told
    assert [(each.agency, each.verdict) for each in told] == [("kent", Verdict.SAME)]
    told = kent("line", "Leo|Hastings").told
    assert [(each.agency, each.verdict) for each in told] == [("kent", Verdict.LIKELY)]
    with builders.seen_by(viewer_of(Person.objects.get(username="kent.analyst"))) as viewpoint:
        written = as_asked(register(viewpoint).lines[0])
    assert written.startswith("Leo|Hastings|+4477009") and len(written) <= LONGEST_VALUE
    assert [each.agency for each in kent("line", written).told] == ["kent"]
