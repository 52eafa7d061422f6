"""The pages on which an agency sets what is answered: for all that it works on, and for one record."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from crossline.access.pages import page, show
from crossline.access.roles import Role
from crossline.access.viewer import Viewpoint
from crossline.deconfliction.answering import LONGEST_CATEGORY, PURPOSE, set_answer, settings_of
from crossline.deconfliction.check_presenter import setting_rows
from crossline.deconfliction.checking import LONGEST_CONTACT
from crossline.deconfliction.functions import WHO_ANSWERS
from crossline.deconfliction.rules import DEFAULT_LEVEL, POINTING, AnswerLevel
from crossline.errors import UserError
from crossline.records.explaining import showed
from crossline.records.models import Record

ANSWERING: Final = frozenset(map(Role, WHO_ANSWERS))
KINDS: Final = [rule.kind for rule in POINTING]


class AnswerForm(forms.Form):
    """What whoever asks is told."""

    level = forms.ChoiceField(
        label="What another agency is told", choices=AnswerLevel.choices(), widget=forms.RadioSelect
    )
    contact = forms.CharField(
        label="Whom to ring",
        required=False,
        max_length=LONGEST_CONTACT,
        help_text="A desk and its number, day and night.",
    )
    category = forms.CharField(
        label="A word for the kind of operation",
        required=False,
        max_length=LONGEST_CATEGORY,
        help_text="Such as: drugs supply. Only where you choose to give it.",
    )


@page(purpose=PURPOSE, roles=ANSWERING)
def answers(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """What one's agency answers."""
    return _page(request, viewpoint, None)


@page(purpose=PURPOSE, roles=ANSWERING)
def record_answers(request: HttpRequest, viewpoint: Viewpoint, record: UUID) -> HttpResponse:
    """What is answered about one record of one's agency. Another's is answered like an absent one."""
    found = viewpoint.visible(Record.objects.filter(id=record, owner=viewpoint.viewer.agency, kind__in=KINDS)).first()
    if found is None:
        raise Http404
    showed(viewpoint, [found])
    return _page(request, viewpoint, found)


def _page(request: HttpRequest, viewpoint: Viewpoint, record: Record | None) -> HttpResponse:
    settings = settings_of(viewpoint, record)
    newest = settings[0] if settings else None
    initial = {
        "level": newest.level if newest else DEFAULT_LEVEL,
        "contact": newest.contact if newest else "",
        "category": newest.category if newest else "",
    }
    form = AnswerForm(request.POST) if request.method == "POST" else AnswerForm(initial=initial)
    if form.is_valid():
        said = form.cleaned_data
        try:
            set_answer(
                level=AnswerLevel(said["level"]),
                contact=said["contact"],
                category=said["category"],
                record=record.id if record else None,
                viewpoint=viewpoint,
            )
            return redirect(request.path)
        except UserError as error:
            form.add_error(None, str(error))
    context = {"record": record, "form": form, "settings": setting_rows(settings)}
    return show(request, viewpoint, "deconfliction/answers.html", context, failed=form.errors)
