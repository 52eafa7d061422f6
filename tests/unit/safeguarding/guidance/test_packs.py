"""The packs of guidance: each reads, says where it is from, and leads somebody to whom it is meant for."""

from __future__ import annotations

import pytest
from django.test import Client

from crossline.safeguarding.guidance.packs import ORDER, Pack, common, pack_for, packs
from crossline.safeguarding.guidance.signs import DATA, LABELS, SignAbout, signs
from crossline.simulation.line_children import CHILD_SIGNS, TENANT_SIGNS
from crossline.vocabulary.agencies import PartnerKind

EACH = pytest.mark.parametrize("pack", packs().values(), ids=ORDER)


def test_every_pack_on_file_is_listed_and_every_sign_is_in_one() -> None:
    assert {path.stem for path in (DATA / "packs").iterdir()} == set(ORDER) == set(packs())
    assert {sign.id for pack in packs().values() for sign in pack.signs} == set(signs().by_id)


@EACH
def test_a_pack_says_what_to_see_and_do_and_who_says_so(pack: Pack) -> None:
    assert pack.see and pack.do and pack.who.endswith(".") and pack.where.endswith(".")
    assert len(pack.signs) == len({sign.id for sign in pack.signs}) >= 7
    assert pack.source and pack.version and pack.sectors
    assert sum(map(len, pack.signs_by_subject.values())) == len(pack.signs)


def test_every_sentence_that_all_packs_share_names_its_source() -> None:
    said = (*common().steps, *common().avoid, *common().help)
    assert all(each.text and each.source[-3:] in ("[S]", "[K]", "[D]") for each in said)
    assert all(sign.label in LABELS for sign in signs().by_id.values())
    assert common().from_date < common().review_by


def test_a_sign_is_called_what_records_of_concerns_call_it() -> None:
    """Else a rule that reads records would know nothing of what a partner ticked."""
    words = {sign.words for sign in signs().by_id.values()}
    assert set(CHILD_SIGNS) <= words and set(TENANT_SIGNS) <= words


def test_two_signs_of_one_subject_are_not_called_alike() -> None:
    for about in SignAbout:
        words = [sign.words for sign in signs().by_id.values() if sign.about is about]
        assert len(words) == len(set(words))


@pytest.mark.parametrize(
    ("kind", "pack"),
    [
        (PartnerKind.EDUCATION, "school"),
        (PartnerKind.HEALTH, "health"),
        (PartnerKind.HOUSING, "housing"),
        (PartnerKind.CHILDRENS_SERVICES, "carers"),
        (PartnerKind.CHARITY, "treatment"),
        ("no kind at all", None),
    ],
)
def test_whoever_takes_part_is_led_to_the_pack_of_their_trade(kind: str, pack: str | None) -> None:
    found = pack_for(kind)
    assert (found and found.id) == pack


@EACH
def test_anybody_reads_a_pack_and_keeps_its_card_without_signing_in_and_without_a_database(pack: Pack) -> None:
    browser = Client()
    page = browser.get(f"/guidance/{pack.id}")
    card = browser.get(f"/guidance/{pack.id}/card")
    for answer in (page, card):
        assert answer.status_code == 200
        said = answer.content.decode()
        for sentence in (common().first, common().steps[0].text, *(sign.look for sign in pack.signs)):
            assert sentence in said
    assert "OFFICIAL-SENSITIVE" not in page.content.decode()
    assert card.headers["Content-Disposition"] == f"attachment; filename=crossline-card-{pack.id}.html"
    assert "href=" not in card.content.decode() and "src=" not in card.content.decode(), (
        "nothing is fetched from anywhere"
    )


def test_the_list_leads_to_every_pack_and_an_unknown_one_is_not_there() -> None:
    browser = Client()
    said = browser.get("/guidance").content.decode()
    assert all(f'href="/guidance/{id_}"' in said and f'href="/guidance/{id_}/card"' in said for id_ in packs())
    assert browser.get("/guidance/nothing").status_code == browser.get("/guidance/nothing/card").status_code == 404
