"""Questions that are asked often: answered in the transaction that asks, and wrong ones fail as any other does."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from crossline.access.asked_often import ask
from crossline.access.models import Label

pytestmark = pytest.mark.django_db

BY_PLACE = "SELECT count(*) FROM access_label WHERE key = %s"
BY_NAME = "SELECT %(key)s::text, count(*) FROM access_label WHERE key = %(key)s"


def test_a_question_sees_what_its_transaction_wrote() -> None:
    assert ask(BY_PLACE, ["agency:nowhere"]) == [(0,)]
    Label.objects.create(key="agency:nowhere")
    assert ask(BY_PLACE, ["agency:nowhere"]) == [(1,)]


def test_what_it_is_asked_with_may_have_names() -> None:
    Label.objects.create(key="agency:nowhere")
    assert ask(BY_NAME, {"key": "agency:nowhere"}) == [("agency:nowhere", 1)]


def test_a_wrong_question_fails_as_any_other() -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        ask("SELECT nothing FROM nowhere")
    assert ask(BY_PLACE, ["agency:nowhere"]) == [(0,)]
