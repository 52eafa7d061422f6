"""A child whom records of Kent mention, ten partner organisations, and the people on both sides of a referral."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crossline.access.audit import Process
from crossline.access.models import Person
from crossline.access.partners import add_partner
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.records.models import Mention, Record
from crossline.safeguarding.referrals.draft import Consent, Draft
from crossline.safeguarding.referrals.drafting import draft_referral
from crossline.safeguarding.referrals.fields import recipients
from crossline.safeguarding.referrals.law import gateways_for, golden_rules
from crossline.safeguarding.referrals.sending import send_referral
from crossline.safeguarding.referrals.standing import referral_of
from crossline.vocabulary.agencies import PartnerKind
from crossline.vocabulary.codes import MentionKind

HOME = {"key": "a1", "kind": "address", "text": "Flat 2, 12 High Street, Hastings", "postcode": "TN34 1AA"}


def reports(builders: ModuleType) -> list[dict[str, Any]]:
    """Reports about one child that a referral may and may not rest on, with somebody else and a number in them."""
    child = builders.person(forename="Toby", surname="Winterbourne", aliases=["Tobz"], dob="2012-02-03")
    holder = builders.person("p2", forename="Darren", surname="Vale", dob="1990-05-05")
    phone = {"key": "t1", "kind": "phone", "number": "07700 900123"}
    ties = [
        {"from": "p1", "to": "a1", "type": "lives_at", "basis": "fact", "category": "victim"},
        {"from": "p2", "to": "t1", "type": "uses", "basis": "fact", "category": "suspect"},
    ]
    line = {"key": "l1", "kind": "line", "name": "Zebedee"}
    both = {"mentions": [child, holder, phone, line, HOME | {"lat": 50.85, "lon": 0.57}], "assertions": ties}
    return [
        builders.report("KENT/1", subject="Toby was seen with Darren Vale.", **both),
        builders.missing_report("KENT/missing", home="kent", found="essex", mentions=[child]),
        builders.report("KENT/own", audience=["kent"], mentions=[child]),
        builders.report("KENT/E", information_grade="E", mentions=[child]),
        builders.report("KENT/adult", mentions=[holder]),
    ]


@dataclass
class Case:
    """The people at work on referrals, and what they do most."""

    builders: ModuleType
    as_web: Any
    lead: Viewer
    manager: Viewer
    surrey: Viewer
    analyst: Viewer
    coordinator: Viewer
    folder: Path
    kept: Path
    partners: dict[str, Viewer] = field(default_factory=dict)

    def record(self, ref: str) -> UUID:
        return Record.objects.get(ref=ref).id

    def mention(self, ref: str = "KENT/1", kind: MentionKind = MentionKind.PERSON, key: str = "") -> UUID:
        found = Mention.objects.filter(record__ref=ref, kind=kind).order_by("place")
        return (found.get(key=key) if key else found[0]).id

    def about(self, recipient: str) -> UUID:
        return self.mention(kind=recipients()[recipient].about[0])

    def draft(self, recipient: str, word: str = "said", **said: Any) -> Draft:
        """A text that lacks nothing, each field holding a word of its own, but for what is said otherwise."""
        of_it = recipients()[recipient]
        whole = Draft(
            words={each: f"{word}-{recipient}-{each}" for each in of_it.fields},
            gateway=gateways_for(recipient)[0].id,
            basis="part_3",
            consent=Consent.GIVEN,
            consent_reason=f"{word}-consent",
            rules={rule.id: f"{word}-rule-{rule.id}" for rule in golden_rules()},
            inference=f"{word}-inference",
            urgency="urgent",
            reader=self.partners[recipient].username if of_it.one_reader else "",
        )
        return replace(whole, **said)

    def drafted(self, recipient: str = "childrens_home", *, by: Viewer | None = None, **said: Any) -> UUID:
        """A referral that was written and not sent."""
        more = {name: said.pop(name) for name in ("about", "partner", "records", "reason") if name in said}
        whole: dict[str, Any] = {
            "about": self.about(recipient),
            "partner": self.partners[recipient].agency,
            "records": [self.record("KENT/1")],
            "reason": "said-reason",
        } | more
        draft = said.pop("draft", None) or self.draft(recipient, **said)
        with self.builders.seen_by(by or self.lead) as viewpoint:
            return draft_referral(recipient=recipient, draft=draft, viewpoint=viewpoint, **whole).id

    def sent(self, recipient: str = "childrens_home", **said: Any) -> UUID:
        """The sheet of a referral that was written and sent."""
        return self.send(self.drafted(recipient, **said))

    def send(self, referral: UUID, *, stood: int | None = None) -> UUID:
        with self.builders.seen_by(self.lead) as viewpoint:
            found = referral_of(viewpoint, referral)
            number = stood or (found.text.number if found else 1)
            return send_referral(referral=referral, stood=number, viewpoint=viewpoint).id

    def browse(self, who: Viewer, address: str, said: dict[str, Any] | None = None) -> Any:
        client = Client(headers={"host": "localhost"})
        with self.as_web():
            client.force_login(Person.objects.get(username=who.username))
            return client.get(address) if said is None else client.post(address, said)


@pytest.fixture
def case(db: None, builders: Any, as_web: Any, tmp_path: Path, kept: Path, quick_passwords: None) -> Case:
    """Kent's records of a child, one more of Essex under handling C, and an organisation with a person for each recipient."""
    builders.sent(tmp_path / "kent", kept, reports=reports(builders))
    child = builders.person(forename="Toby", surname="Winterbourne", aliases=["Tobz"], dob="2012-02-03")
    conditional = builders.report("ESSEX/C", handling="C", audience=["kent", "nclcc", "safeguarding"], mentions=[child])
    builders.sent(tmp_path / "essex", kept, agency="essex", ref="E-1", reports=[conditional])
    from crossline.entities.matching import match_people

    match_people()
    made = Case(
        builders,
        as_web,
        lead=builders.enrolled("kent.lead", roles=[Role.SAFEGUARDING]),
        manager=builders.enrolled("kent.manager", roles=[Role.SAFEGUARDING, Role.INFORMATION_MANAGER]),
        surrey=builders.enrolled("surrey.lead", agency="surrey", roles=[Role.SAFEGUARDING]),
        analyst=builders.enrolled("essex.analyst", agency="essex"),
        coordinator=builders.enrolled("centre.coordinator", agency="nclcc", roles=[Role.COORDINATOR]),
        folder=tmp_path,
        kept=kept,
    )
    for each in recipients().values():
        named = each.id.replace("_", "-")
        organisation = add_partner(
            name=f"Quillhaven {named}",
            short_name=f"Q {named}",
            kind=PartnerKind(each.kind),
            region="",
            by=Process("tests"),
        )
        made.partners[each.id] = builders.enrolled(f"quillhaven.{named}", agency=organisation.id, roles=[Role.PARTNER])
    return made
