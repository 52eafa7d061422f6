"""What a referral may say and rest on: fields by recipient, names, numbers, consent, records; what is refused, in a sentence."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import pytest

from crossline.access.compartments.actions import open_compartment
from crossline.access.compartments.models import CompartmentKind
from crossline.access.models import AuditEvent
from crossline.access.roles import Role
from crossline.errors import MoveNotAllowed, NotPermitted, UserError
from crossline.records.compartments.actions import put_in
from crossline.records.decoys.models import DecoyRecord
from crossline.records.models import Record
from crossline.records.restriction import restrict
from crossline.safeguarding.referrals.draft import Consent, Draft
from crossline.safeguarding.referrals.drafting import draft_referral, redraft_referral
from crossline.safeguarding.referrals.fields import Field, recipients
from crossline.safeguarding.referrals.gathering import gathered_for
from crossline.safeguarding.referrals.law import golden_rules
from crossline.safeguarding.referrals.models import Referral
from crossline.safeguarding.referrals.standing import referral_of, referrals_of
from crossline.vocabulary.codes import MentionKind

from .conftest import Case


def in_words(case: Case, recipient: str, field: Field, words: str) -> Draft:
    """A text that lacks nothing, with one field in these words."""
    draft = case.draft(recipient)
    return case.draft(recipient, words={**draft.words, field: words})


@pytest.mark.parametrize("recipient", list(recipients()))
def test_a_field_that_a_recipient_may_not_get_cannot_be_told_to_it(case: Case, recipient: str) -> None:
    may_not = [field for field in Field if field not in recipients()[recipient].fields]
    assert len(may_not) > 15
    for field in may_not:
        with pytest.raises(UserError, match="may not be given"):
            case.drafted(recipient, draft=in_words(case, recipient, field, "A word."))
    assert not Referral.objects.exists()
    page = case.browse(
        case.lead, f"/referrals/new/{case.about(recipient)}?to={case.partners[recipient].agency}+{recipient}"
    )
    offered = {field for field in Field if f'name="word-{field}"' in page.content.decode()}
    assert offered == set(recipients()[recipient].fields)


@pytest.mark.parametrize(
    ("recipient", "field", "words", "told"),
    [
        ("childrens_home", Field.CONCERN, "Seen with Darren Vale.", "who somebody else is"),
        ("childrens_home", Field.CONCERN, "Seen with VALE.", "who somebody else is"),
        ("childrens_home", Field.CONCERN, "PC 4471 Marsh saw it.", "the reporting officer"),
        ("childrens_home", Field.CONCERN, "A CHIS says so.", "a source"),
        ("childrens_home", Field.CONCERN, "As KENT/1 says.", "the reference of a record"),
        ("childrens_home", Field.CONCERN, "Carries for Zebedee.", "the name of a line or group"),
        ("childrens_home", Field.CONCERN, "Rings 07700 900 456 at night.", "a telephone number"),
        ("transport", Field.INDICATORS, "Look for Toby.", "who the person is"),
        ("transport", Field.PATTERNS, "Winterbourne changes at the junction.", "who the person is"),
        ("housing", Field.TENANT, "Toby is a victim.", "who somebody else is"),
        ("prosecution", Field.PHONE_EVIDENCE, "Darren Vale’s handset.", "who somebody else is"),
    ],
)
def test_what_tells_of_somebody_else_an_officer_or_a_source_is_refused(
    case: Case, recipient: str, field: Field, words: str, told: str
) -> None:
    with pytest.raises(UserError, match=told):
        case.drafted(recipient, draft=in_words(case, recipient, field, words))


def test_the_persons_own_name_and_a_number_where_one_belongs_are_told(case: Case) -> None:
    draft = in_words(case, "childrens_home", Field.CONCERN, "Toby Winterbourne, called Tobz, is missing.")
    case.drafted(draft=draft)
    case.drafted(draft=in_words(case, "childrens_home", Field.CONTACT, "Safeguarding hub, 020 7946 0101"))
    case.drafted("prosecution", draft=in_words(case, "prosecution", Field.PHONE_EVIDENCE, "07700 900123, exhibit 4"))


def test_a_gap_is_refused_in_a_sentence(case: Case) -> None:
    draft = case.draft("childrens_home")
    only_frame = {field: words for field, words in draft.words.items() if field in tuple(draft.words)[:3]}
    refused: list[tuple[dict[str, Any], str]] = [
        ({"words": {**draft.words, Field.ASKED: " "}}, "What is asked of you"),
        ({"words": only_frame}, "at least one field"),
        ({"words": {**draft.words, Field.RISK: "x" * 4_001}}, "longer than"),
        ({"gateway": "care_act_2014"}, "Choose a gateway"),
        ({"basis": "none"}, "lawful basis"),
        ({"urgency": "someday"}, "how urgent"),
        ({"consent_reason": ""}, "consent"),
        ({"inference": " "}, "infer"),
        *(({"rules": {**draft.rules, rule.id: ""}}, "Answer, in up to") for rule in golden_rules()),
    ]
    for change, sentence in refused:
        with pytest.raises(UserError, match=sentence):
            case.drafted(**change)
    for more, sentence in (
        ({"records": []}, "at least one record"),
        ({"records": [uuid4()]}, "can no longer stand"),
        ({"reason": " "}, "reason"),
        ({"partner": "kent"}, "Choose a partner organisation"),
        ({"partner": case.partners["charity"].agency}, "Choose a partner organisation"),
        ({"about": case.mention(kind=MentionKind.ADDRESS)}, "Choose a partner organisation"),
    ):
        with pytest.raises(UserError, match=sentence):
            case.drafted(**more)
    assert not AuditEvent.objects.filter(event="referral_saved").exists()


def test_consent_is_overridden_by_an_information_manager_alone_and_not_needed_for_a_child_alone(case: Case) -> None:
    with pytest.raises(NotPermitted, match="information manager overrides"):
        case.drafted(consent=Consent.OVERRIDDEN)
    case.drafted(consent=Consent.OVERRIDDEN, by=case.manager)
    case.drafted(consent=Consent.NOT_NEEDED)
    adult: dict[str, Any] = {"about": case.mention("KENT/adult"), "records": [case.record("KENT/adult")]}
    with pytest.raises(UserError, match="is an adult"):
        case.drafted("health", consent=Consent.NOT_NEEDED, **adult)
    with pytest.raises(UserError, match="told of children"):
        case.drafted("childrens_host", **adult)
    case.drafted("health", **adult)


def test_records_that_may_not_be_told_from_are_named_with_the_reason_and_refused(case: Case) -> None:
    with case.builders.seen_by(case.lead) as viewpoint:
        gathered = gathered_for(viewpoint, case.mention(), "kent")
        assert gathered is not None
        left = {each.record.ref: each.why for each in gathered.left_out}
        assert {record.ref for record in gathered.offered} == {"KENT/1", "KENT/missing"}
    assert left == {
        "KENT/own": "Fewer people see it than would see this referral",
        "KENT/E": "Suspected to be false (E): not to be told as fact",
        "ESSEX/C": "Needs the owner’s permission (handling C)",
    }
    for ref in left:
        with pytest.raises(UserError, match="can no longer stand"):
            case.drafted(records=[case.record(ref)])
    for ref in ("KENT/E", "ESSEX/C"):
        with pytest.raises(UserError, match="Nothing may be told from"):
            case.drafted(about=case.mention(ref), records=[case.record(ref)])
    narrow = case.drafted(about=case.mention("KENT/own"), records=[case.record("KENT/own")])
    for who, sees in ((case.lead, True), (case.surrey, False), (case.coordinator, False)):
        assert (case.browse(who, f"/referrals/{narrow}").status_code == 200) is sees, "it is read beside its mention"


def test_a_form_begins_with_what_may_be_told_alone(case: Case) -> None:
    with case.builders.seen_by(case.lead) as viewpoint:
        gathered = gathered_for(viewpoint, case.mention("ESSEX/C"), "kent")
        assert gathered is not None and len(gathered.records) > len(gathered.offered) > 0
        begun = gathered.first_words(recipients()["charity"])
        assert begun == {Field.NAME: "Toby Winterbourne", Field.BORN: "2012-02-03"}
        assert gathered.first_words(recipients()["transport"]) == {}
        alone = gathered_for(viewpoint, case.mention("KENT/adult"), "kent")
        assert alone is not None and alone.first_words(recipients()["health"])[Field.BORN] == "1990-05-05"
    with case.builders.seen_by(case.manager) as viewpoint:
        restrict(record=case.record("KENT/adult"), reason="Disputed.", viewpoint=viewpoint)
        restrict(record=case.record("KENT/1"), reason="Disputed.", viewpoint=viewpoint)
    with case.builders.seen_by(case.lead) as viewpoint:
        alone = gathered_for(viewpoint, case.mention("KENT/adult"), "kent")
        assert alone is not None and Field.BORN not in alone.first_words(recipients()["health"])


def test_nothing_of_a_restricted_record_or_of_one_in_a_compartment_is_told(case: Case) -> None:
    referral = case.drafted()
    with case.builders.seen_by(case.manager) as viewpoint:
        restrict(record=case.record("KENT/1"), reason="Disputed.", viewpoint=viewpoint)
    with pytest.raises(UserError, match="Its use is restricted"):
        case.send(referral)
    assert "restricted" in case.browse(case.lead, f"/referrals/{referral}").content.decode()
    about = case.mention("KENT/missing")
    second = case.drafted(about=about, records=[case.record("KENT/missing")])
    assert case.send(second)
    with case.builders.seen_by(case.manager) as viewpoint:
        said = {"kind": CompartmentKind.OPERATION, "name": "Quoin", "reason": "covert"}
        vault = open_compartment(viewpoint=viewpoint, **said).id
    with case.builders.seen_by(case.manager) as viewpoint:
        put_in(record=case.record("KENT/1"), compartment=vault, reason="covert", viewpoint=viewpoint)
    with case.builders.seen_by(case.manager) as viewpoint:
        gathered = gathered_for(viewpoint, case.mention(), "kent")
        assert gathered and {each.record.ref: each.why for each in gathered.left_out}["KENT/1"].startswith(
            "It is in a comp"
        )
    for who, sees in ((case.lead, False), (case.surrey, False), (case.manager, True)):
        assert (case.browse(who, f"/referrals/{referral}").status_code == 200) is sees, "it is read beside its mention"
    with pytest.raises(NotPermitted, match="does not exist"):
        case.send(referral)


def test_a_text_is_changed_while_nothing_is_out_and_never_by_two_at_once(case: Case) -> None:
    referral = case.drafted()
    draft = case.draft("childrens_home", word="anew")

    def redraft(stood: int, who: Any = None) -> None:
        with case.builders.seen_by(who or case.lead) as viewpoint:
            whole = {"draft": draft, "records": [case.record("KENT/1")], "reason": "Better."}
            redraft_referral(referral=referral, stood=stood, viewpoint=viewpoint, **whole)

    with pytest.raises(NotPermitted):
        redraft(1, case.surrey)
    redraft(1, case.manager)
    with pytest.raises(MoveNotAllowed, match="Somebody else changed"):
        redraft(1)
    with pytest.raises(MoveNotAllowed, match="Somebody else moved"):
        case.send(referral, stood=1)
    case.send(referral)
    with pytest.raises(MoveNotAllowed, match="is with the partner"):
        redraft(2)
    with pytest.raises(MoveNotAllowed, match="with the partner already"):
        case.send(referral)
    assert case.browse(case.lead, f"/referrals/{referral}/text").status_code == 404


def test_only_who_refers_writes_and_only_of_what_they_see(case: Case) -> None:
    analyst = case.builders.enrolled("kent.analyst")
    with pytest.raises(NotPermitted, match="Only a safeguarding lead"):
        case.drafted(by=analyst)
    with pytest.raises(NotPermitted, match="does not exist"):
        case.drafted(about=case.mention("KENT/own"), by=case.surrey)
    about = case.mention()
    assert case.browse(analyst, f"/referrals/new/{about}").status_code == 404
    hidden = case.browse(case.surrey, f"/referrals/new/{case.mention('KENT/own')}")
    assert hidden.status_code == 404
    assert case.browse(case.surrey, f"/referrals/new/{about}").status_code == 200


def test_a_referral_is_written_and_sent_on_pages(case: Case) -> None:
    about, charity = case.mention(), case.partners["charity"]
    address = f"/referrals/new/{about}"
    assert "Quillhaven charity: charity" in case.browse(case.lead, address).content.decode()
    address = f"{address}?to={charity.agency}+charity"
    form = case.browse(case.lead, address).content.decode()
    assert "Details of the investigation" in form and 'value="Toby Winterbourne"' in form and "2012-02-03" in form
    assert "ESSEX/C" in form and "handling C" in form
    draft = case.draft("charity")
    said: dict[str, Any] = {f"word-{field}": words for field, words in draft.words.items()}
    said |= {f"rule-{rule}": words for rule, words in draft.rules.items()}
    said |= {"gateway": draft.gateway, "basis": draft.basis, "consent": "given", "consent_reason": "He said yes."}
    said |= {"inference": "Nothing.", "urgency": "urgent", "records": [str(case.record("KENT/1"))], "reason": "First."}
    wrong = case.browse(case.lead, address, said | {"word-support": "Keep Darren Vale away."})
    assert wrong.status_code == 422 and "who somebody else is" in wrong.content.decode()
    assert case.browse(case.lead, address, said | {"inference": ""}).status_code == 422
    made = case.browse(case.lead, address, said)
    assert made.status_code == 302
    where = made.headers["Location"]
    page = case.browse(case.lead, where).content.decode()
    assert "Preview" in page and "He said yes." in page
    text = case.browse(case.lead, f"{where}/text").content.decode()
    assert "charity-support" in text
    changed = case.browse(case.lead, f"{where}/text", said | {"stood": "1", "inference": "That police know."})
    assert changed.status_code == 302
    assert case.browse(case.lead, where, {"do": "send", "stood": "1"}).status_code == 422
    assert case.browse(case.lead, where, {"do": "send", "stood": "2"}).status_code == 302
    assert "Referred before" in case.browse(case.lead, f"/referrals/new/{about}").content.decode()
    with case.builders.seen_by(case.lead) as viewpoint:
        assert [str(each.referral.id) for each in referrals_of(viewpoint, [about])] == [where.rpartition("/")[2]]
    for act, words in (("message", "Please ring first."), ("revoked", "Wrong place.")):
        stood = {"do": act, "words": words, "stood": "1"}
        assert case.browse(case.lead, where, stood).status_code == 302
    assert case.browse(case.lead, where, {"do": "send", "stood": "2"}).status_code == 302, "sent again as a new sheet"


def test_what_changes_behind_it_is_said_and_disposal_takes_what_was_told(case: Case) -> None:
    both = [case.record("KENT/1"), case.record("KENT/missing")]
    referral = case.drafted(records=both)
    sheet, children = case.send(referral), case.partners["childrens_home"]
    address, theirs = f"/referrals/{referral}", f"/partner/referrals/{sheet}"
    assert "Something changed" not in case.browse(case.lead, address).content.decode()
    child = case.builders.person(forename="Toby", surname="Winterbourne", dob="2012-02-03")
    later = case.builders.missing_report(
        "KENT/missing", home="kent", found="essex", mentions=[child], text="Other.", made_at="2026-03-09T14:10:00+00:00"
    )
    case.builders.sent(case.folder / "later", case.kept, ref="K-2", reports=[later])
    for page in (address, "/referrals"):
        assert "KENT/missing was sent again" in case.browse(case.lead, page).content.decode()
    assert "said-childrens_home-risk" in case.browse(children, theirs).content.decode()
    Record.objects.filter(id=both[1]).delete()
    page = case.browse(children, theirs).content.decode()
    assert "No longer held" in page and "said-childrens_home" not in page
    own = case.browse(case.lead, address).content.decode()
    assert "no longer held" in own and "said-childrens_home" not in own
    assert case.builders.tables_holding("said-childrens_home-risk") == []
    assert case.builders.tables_holding("said-inference") == []
    assert AuditEvent.objects.get(event="referral_sent").detail["fields"], "what was told to whom stays in the audit"
    Record.objects.filter(id=both[0]).delete()
    assert case.browse(children, theirs).status_code == case.browse(case.lead, address).status_code == 404
    assert not Referral.objects.exists()


def _planted() -> ModuleType:
    """What the tests of decoys share, by its path: tests are not a package."""
    name = "crossline_test_planted"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parents[2] / "records" / "planted.py")
        assert spec is not None and spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


def test_a_decoy_looks_like_anybody_and_nothing_follows_from_it(case: Case) -> None:
    planted = _planted()
    auditor = case.builders.enrolled("kent.auditor", roles=[Role.AUDITOR])
    sponsor = case.builders.enrolled("kent.sponsor", roles=[Role.INFORMATION_MANAGER])
    decoy = planted.agreed(case.builders, {"auditor": auditor, "sponsor": sponsor})
    with case.builders.role("none"):
        person: UUID = DecoyRecord.objects.get(id=decoy.id).person
    charity = case.partners["charity"]
    page = case.browse(case.lead, f"/referrals/new/{person}?to={charity.agency}+charity")
    assert page.status_code == 200 and "Ottilie Fennimore" in page.content.decode()
    with (
        case.builders.seen_by(case.lead) as viewpoint,
        pytest.raises(MoveNotAllowed, match="Somebody else is changing"),
    ):
        draft_referral(
            about=person,
            partner=charity.agency,
            recipient="charity",
            draft=case.draft("charity"),
            records=[],
            reason="Said.",
            viewpoint=viewpoint,
        )
    assert not Referral.objects.exists()
    with case.builders.seen_by(case.lead) as viewpoint:
        assert referral_of(viewpoint, person) is None
