"""The page on which somebody asks who a person is. What is typed is sent by POST: it stands in no address."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from crossline.access.audit import Event
from crossline.access.pages import page, show
from crossline.access.viewer import Viewpoint
from crossline.entities.asking import Answer, who
from crossline.entities.who_form import WhoForm
from crossline.entities.who_presenter import asked_words, person_row
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.restriction import standing

PURPOSE: Final = "asking who somebody is"


@page(purpose=PURPOSE, event=Event.SEARCHED)
def who_is_this(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Whom somebody may be, of those whom the viewer sees."""
    form = WhoForm(request.POST if request.method == "POST" else None)
    answer: Answer | None = None
    if form.is_valid():
        viewpoint.asked.update(form.asked.said)
        try:
            answer = who(viewpoint, form.asked)
        except UserError as error:
            form.add_error(None, str(error))
    records = [each.mention.record for each in answer.people] if answer else []
    if answer:
        viewpoint.asked["shown"] = str(len(answer.people))
    showed(viewpoint, records, listed=True)
    restricted = standing(viewpoint, [record.id for record in records]) if records else {}
    context = {
        "form": form,
        "answer": answer,
        "people": [person_row(each) for each in answer.people] if answer else [],
        "restricted": [record for record in records if record.id in restricted],
        "asked": asked_words(form) if answer else [],
    }
    return show(request, viewpoint, "entities/who.html", context, failed=form.errors)
