"""Nothing that could be dialled, driven, posted to or looked up: every selector in every file is of a form nobody has."""

from __future__ import annotations

import re

from crossline.vocabulary.selectors import (
    is_synthetic_imei,
    is_synthetic_imsi,
    is_synthetic_phone,
    is_synthetic_vrm,
    normalise_imei,
    normalise_imsi,
    normalise_phone,
    normalise_postcode,
    normalise_vrm,
)

# A British number in any of the usual ways of writing one: at least ten digits after 0, 0044 or +44.
BRITISH = re.compile(r"(?<![\w#.-])\(?(?:\+44|0044|0)\s?\(?[1-9](?:[\s()-]?\d){8,9}(?!\d)[)\s]*(?:#\d+)?")
DRAMA = re.compile(r"\(?(?:\+44|0044|0)\s?7700[\s)-]*9\s?00[\s-]?\d{3}\s?#\d{4,}")
CURRENT_PLATE = re.compile(r"\b[A-Za-z]{2}[0-9]{2} ?[A-Za-z]{3}\b(?:#\d+)?")
POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][ABD-HJLNP-UW-Z]{2}\b")


def _all_text(written) -> str:
    paths = [path for path in written.out.rglob("*") if path.suffix in (".jsonl", ".csv", ".json")]
    assert len(paths) > 10
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(paths))


def test_the_patterns_would_find_real_ones():
    assert BRITISH.findall("call 07911 123456, +447911123456 or 020 7946 0018") != []
    assert not DRAMA.fullmatch("07700 900123")
    assert CURRENT_PLATE.findall("a blue AB12 CDE")
    assert POSTCODE.findall("TN34 1AA")


def test_every_number_written_anywhere_is_a_drama_number_with_a_namespace(tiny):
    found = [match[0].strip() for match in BRITISH.finditer(_all_text(tiny))]
    assert len(found) > 1_000
    assert [number for number in found if not DRAMA.fullmatch(number)] == []


def test_every_plate_written_anywhere_has_a_tag_that_is_never_issued(tiny):
    found = [match[0] for match in CURRENT_PLATE.finditer(_all_text(tiny)) if not match[0].isdigit()]
    assert len(found) > 10
    assert [plate for plate in found if not is_synthetic_vrm(normalise_vrm(plate) or "")] == []


def test_every_postcode_lies_in_an_area_that_does_not_exist(tiny):
    found = set(POSTCODE.findall(_all_text(tiny).upper()))
    assert len(found) > 30
    assert [code for code in found if not re.match(r"Z[A-DF-Y][0-9]", code)] == []  # ZE is Shetland


def test_selectors_of_reports_are_synthetic_once_normalised(region):
    phones = handsets = sims = plates = 0
    for _, report in region.reports:
        for mention in report["mentions"]:
            if mention["kind"] == "phone":
                phones += 1
                assert is_synthetic_phone(normalise_phone(mention["number"]) or ""), mention
                if mention["imei"]:
                    handsets += 1
                    assert is_synthetic_imei(normalise_imei(mention["imei"]) or "")
                if mention["imsi"]:
                    sims += 1
                    assert is_synthetic_imsi(normalise_imsi(mention["imsi"]) or "")
            elif mention["kind"] == "vehicle":
                plates += 1
                assert is_synthetic_vrm(normalise_vrm(mention["vrm"]) or ""), mention
            elif mention["kind"] == "address" and mention["postcode"]:
                assert (normalise_postcode(mention["postcode"]) or "").startswith("Z")
    assert min(phones, handsets, sims, plates) > 50


def test_ids_shaped_like_national_ones_have_letters_for_a_year(region):
    ids = [
        mention["ids"]["pnc"]
        for _, report in region.reports
        for mention in report["mentions"]
        if mention["kind"] == "person" and "pnc" in mention["ids"]
    ]
    assert ids
    assert all(re.fullmatch(r"ZZ/\d{7}[A-Z]", one) for one in ids)


def test_reference_numbers_of_money_are_marked_as_tests(region):
    refs = {row["jard_ref"] for row in region.rows("finance")} - {""}
    assert refs
    assert all(ref.startswith("JARD-TEST-") for ref in refs)
