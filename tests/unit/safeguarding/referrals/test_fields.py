"""What each kind of recipient may be given is data with its label, and what no table grants is told to nobody."""

from __future__ import annotations

from crossline.safeguarding.referrals.fields import OF_EVERYBODY, Field, authority, entries, recipients, recipients_of
from crossline.safeguarding.referrals.law import bases, gateways, gateways_for, golden_rules
from crossline.vocabulary.agencies import PartnerKind

LABELS = ("[S]", "[K]", "[D]")
NAMING = {Field.NAME, Field.BORN, Field.HOME_ADDRESS, Field.STAYING}


def test_there_are_ten_kinds_of_recipient_and_every_kind_of_partner_is_one() -> None:
    assert len(recipients()) == 10
    assert {each.kind for each in recipients().values()} == set(PartnerKind)
    assert [each.id for each in recipients_of(PartnerKind.CHILDRENS_SERVICES)] == ["childrens_home", "childrens_host"]


def test_every_field_is_in_words_and_goes_to_somebody_and_every_recipient_is_asked_and_told_why() -> None:
    assert set(entries()) == set(Field)
    assert {field for each in recipients().values() for field in each.fields} == set(Field)
    for each in recipients().values():
        assert each.fields[: len(OF_EVERYBODY)] == OF_EVERYBODY
        assert each.label.startswith(LABELS) and each.never and each.about
        assert len(each.fields) > len(OF_EVERYBODY)
    assert authority().startswith(LABELS)


def test_what_the_notes_say_that_a_partner_must_not_have_is_not_on_its_list() -> None:
    given = {each.id: set(each.fields) for each in recipients().values()}
    assert not given["transport"] & (NAMING | {Field.CONCERN, Field.FOUND})
    assert not given["housing"] & (NAMING | {Field.CONCERN, Field.RISK, Field.CONDITIONS})
    assert not given["education"] & {Field.CONCERN, Field.FOUND, Field.PLACES_OF_RISK, Field.CONDITIONS, Field.BORN}
    assert not given["health"] & {Field.CONCERN, Field.PLACES_OF_RISK, Field.PHONE_EVIDENCE}
    assert not given["charity"] & {Field.CONCERN, Field.FOUND, Field.SECTION_45, Field.DISCLOSURE}
    assert Field.HOME_ADDRESS in given["childrens_home"] and Field.HOME_ADDRESS not in given["childrens_host"]
    assert {each for each, fields in given.items() if Field.PHONE_EVIDENCE in fields} == {"prosecution"}
    assert [each.id for each in recipients().values() if each.names_nobody] == ["transport"]
    assert [each.id for each in recipients().values() if each.one_reader] == ["education"]


def test_every_gateway_basis_and_rule_says_where_it_is_from() -> None:
    assert len(golden_rules()) == 7
    for each in (*gateways().values(), *bases().values(), *golden_rules()):
        assert each.label.startswith(LABELS)
    named = {recipient for each in gateways().values() for recipient in each.recipients}
    assert named <= set(recipients())
    for recipient in recipients():
        assert gateways_for(recipient)
    assert "care_act_2014" not in {each.id for each in gateways_for("education")}
