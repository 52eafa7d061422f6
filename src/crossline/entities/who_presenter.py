"""What the page of whoever is asked after shows: each person with the weight, the sentence and the steps to it."""

from __future__ import annotations

from django.urls import reverse

from crossline.engines.resolution.explain import sentence
from crossline.entities.asking import MayBe
from crossline.entities.pair_presenter import SEXES, end_words, short
from crossline.entities.presenter import births_in_words
from crossline.entities.weight_in_words import odds, signed_bits, steps
from crossline.entities.who_form import WhoForm
from crossline.records.naming import tidy_name


def asked_words(form: WhoForm) -> list[tuple[str, str]]:
    """What was asked, by the labels of its fields."""
    said = form.asked.said
    return [
        (str(field.label), SEXES[said["sex"]] if field.name == "sex" else str(field.value()))
        for field in form
        if field.name in said
    ]


def person_row(found: MayBe) -> dict[str, object]:
    """A person whom it may be."""
    fullest = tidy_name(max(found.names, key=lambda name: (len(name), name), default=found.mention.caption))
    others = sorted({tidy_name(name) for name in found.names} - {fullest})
    return {
        "name": fullest,
        "others": ", ".join(others),
        "href": reverse("person", args=[found.person]),
        "born": births_in_words(found.births),
        "agencies": ", ".join(sorted(short(agency) for agency in found.agencies)),
        "mentions": found.mentions,
        "is_victim": found.is_victim,
        "bits": signed_bits(found.weight_bits),
        "odds": odds(found.weight_bits),
        "sentence": sentence(found.explanation),
        "steps": steps(found.explanation),
        "compared": end_words(found.mention),
        "record": found.mention.record,
        "record_href": reverse("record", args=[found.mention.record_id]),
    }
