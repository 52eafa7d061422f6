"""Whoever has a thing that was called back says what became of it, once for all that was asked; nobody says it for them."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.rights.recalls.answering import answer_recall, recalls
from crossline.rights.recalls.models import Answer, Holding, Recall, RecallAnswer

from .conftest import Known, asked_of

pytestmark = pytest.mark.django_db


def test_whoever_has_it_answers_once_for_all_that_was_asked(known: Known, builders: Any) -> None:
    case = known.case
    known.export(case.analyst)
    known.remove("KENT/1", "KENT/far")
    (standing,) = asked_of(known, case.analyst)
    assert len(standing.recalls) == len(standing.open) == 2
    said: dict[str, Any] = {"recall": standing.id, "words": "Shredded.", "stood": 0}

    with builders.seen_by(case.lead) as viewpoint, pytest.raises(NotPermitted, match="Whoever has it"):
        answer_recall(answer=Answer.DESTROYED, viewpoint=viewpoint, **said)
    with builders.seen_by(known.essex_second) as viewpoint, pytest.raises(NotPermitted, match="no such recall"):
        answer_recall(answer=Answer.DESTROYED, viewpoint=viewpoint, **said)
    with builders.seen_by(case.analyst) as viewpoint:
        with pytest.raises(UserError, match="why it has to be kept"):
            answer_recall(answer=Answer.KEPT, viewpoint=viewpoint, **said | {"words": " "})
        after = answer_recall(answer=Answer.DESTROYED, viewpoint=viewpoint, **said)
        assert not after.open and len(after.answers) == 2
        with pytest.raises(MoveNotAllowed, match="Somebody else answered"):
            answer_recall(answer=Answer.NOT_HELD, viewpoint=viewpoint, **said)
    with builders.seen_by(case.lead) as viewpoint:
        seen = next(each for each in recalls(viewpoint) if each.what is Holding.EXPORT)
        assert [answer.words for answer in seen.answers] == ["Shredded.", "Shredded."]


def test_a_page_answers_and_says_what_is_missing(known: Known) -> None:
    case = known.case
    known.remove("KENT/1")
    home = case.partners["childrens_home"]
    sheet = next(each for each in asked_of(known, home) if each.what is Holding.SHEET)
    address = f"/recalls/{sheet.id}"
    assert "Waits for an answer" in case.browse(home, "/recalls").content.decode()
    said = {"stood": "0", "answer": "kept", "words": ""}
    refused = case.browse(home, address, said)
    assert refused.status_code == 422 and "Say why it has to be kept" in refused.content.decode()
    assert case.browse(home, address, said | {"answer": "destroyed"}).status_code == 302
    page = case.browse(home, address).content.decode()
    assert "Destroyed" in page and "Nothing yet" not in page
    assert case.browse(case.surrey, address).status_code == 404
    assert case.browse(case.lead, address).status_code == 200
    assert case.browse(case.lead, address, said).status_code == 404, "Kent called it back and does not have it"


def test_nobody_writes_a_recall_or_another_ones_answer(known: Known, builders: Any) -> None:
    case = known.case
    known.remove("KENT/1")
    with builders.role("none"):
        row = Recall.objects.filter(what=Holding.SHEET, holder=case.partners["education"].agency).get()
    home = case.partners["childrens_home"]
    with builders.seen_by(home):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            Recall.objects.create(
                **{name: getattr(row, name) for name in ("record_id", "what", "holder_id", "given_at", "audience_id")}
            )
        told = {"recall_id": row.id, "number": 1, "answer": Answer.DESTROYED, "audience_id": row.audience_id}
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            RecallAnswer.objects.create(by=home.username, by_agency=home.agency, **told)
