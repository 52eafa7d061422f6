"""The policy as data: one rule for every kind and handling, each with its authority, and who that amounts to."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product
from uuid import uuid4

import pytest

from crossline.access import policy, retention
from crossline.access.actions import LONGEST_FINGERPRINT, fingerprint_of
from crossline.access.policy import CENTRE, RULES, Circumstances, agency_label, audience_for, labels_for, rule_for
from crossline.access.roles import MEANINGS, POLICING_ROLES, Role
from crossline.access.viewer import ADMINISTRATOR, Viewer, Viewpoint
from crossline.errors import RowRefused
from crossline.vocabulary.agencies import agencies
from crossline.vocabulary.codes import Handling, RecordKind

AGENCIES = frozenset(agencies())
EVERY = [(kind, handling) for kind, handling in product(RecordKind, Handling)]


def audience(kind: RecordKind, handling: Handling, owner: str = "kent", **said: object) -> frozenset[str]:
    return audience_for(Circumstances(kind, owner, handling, **said), agencies=AGENCIES)  # type: ignore[arg-type]


@pytest.mark.parametrize(("kind", "handling"), EVERY)
def test_every_kind_and_handling_has_exactly_one_rule(kind: RecordKind, handling: Handling) -> None:
    deciding = [rule for rule in RULES if kind in rule.kinds and rule.handling in (None, handling)]
    assert len(deciding) == 1
    assert rule_for(Circumstances(kind, "kent", handling)) is deciding[0]


def test_every_rule_names_its_authority() -> None:
    for rule in (*RULES, *retention.RULES):
        assert rule.authority.startswith(("[S] ", "[K] ", "[D] ")), rule
        assert rule.kinds
    assert len({rule.authority for rule in RULES}) == len(RULES)


EXPECTED = {
    ("intelligence", "P"): {"police"},
    ("intelligence", "C"): {"agency:kent", "centre"},
    ("custody", "P"): {"police"},
    ("seizure", "C"): {"agency:kent", "centre"},
    ("line_return", "C"): {"police"},
    ("missing", "P"): {"agency:kent", "agency:essex", "agency:surrey", "centre", "safeguarding"},
    ("missing", "C"): {"agency:kent", "agency:essex", "agency:surrey", "centre", "safeguarding"},
    ("concern", "P"): {"agency:kent", "agency:essex", "agency:surrey", "centre", "safeguarding"},
    ("investigation", "P"): {"agency:kent", "centre"},
    ("communications", "C"): {"agency:kent", "centre"},
    ("finding", "P"): {"agency:kent", "centre"},
    ("homicide", "C"): {"agency:kent", "centre"},
}


@pytest.mark.parametrize(("kind", "handling"), EXPECTED)
def test_who_sees_a_record(kind: str, handling: str) -> None:
    found = audience(RecordKind(kind), Handling(handling), home="essex", found="surrey")
    assert found == EXPECTED[kind, handling]


@pytest.mark.parametrize(("kind", "handling"), EVERY)
def test_owner_and_centre_see_whatever_was_sent_without_a_list_of_its_own(kind: RecordKind, handling: Handling) -> None:
    """What became of the rows of a delivery is shown to owner and centre: it may tell no more than the records do."""
    found = audience(kind, handling)
    assert found & labels_for(agency="kent", roles=[Role.ANALYST])
    assert found & labels_for(agency=CENTRE, roles=[Role.COORDINATOR])


@pytest.mark.parametrize(("kind", "handling"), EVERY)
def test_an_explicit_list_replaces_the_rule_and_the_owner_keeps_its_own(kind: RecordKind, handling: Handling) -> None:
    found = audience(kind, handling, explicit=("essex", "safeguarding", "nclcc"), home="surrey")
    assert found == {"agency:kent", "agency:essex", "role:safeguarding", "centre"}
    assert audience(kind, handling, explicit=()) == {"agency:kent"}
    assert audience(kind, handling, explicit=("kent",)) == {"agency:kent"}


@pytest.mark.parametrize(
    "name", ["mars", "", "police", "centre", "agency:kent", "role:analyst", "KENT", "Analyst", "kent "]
)
def test_a_list_that_names_nobody_known_is_refused_and_opens_to_nobody(name: str) -> None:
    with pytest.raises(RowRefused, match="is neither an agency nor a role; use ids such as 'kent'") as refusal:
        audience(RecordKind.INTELLIGENCE, Handling.P, explicit=("essex", name))
    assert refusal.value.column == "audience"
    assert repr(name) in str(refusal.value)


@pytest.mark.parametrize("name", ["", None, "mars", "police", "centre", "x" * 500])
def test_a_home_that_is_no_agency_opens_to_nobody_more(name: str | None) -> None:
    found = audience(RecordKind.MISSING, Handling.P, home=name, found=name)
    assert found == {"agency:kent", "centre", "safeguarding"}


@pytest.mark.parametrize("agency", sorted(AGENCIES))
def test_every_agency_can_own_a_record_and_its_people_see_it(agency: str) -> None:
    mine = labels_for(agency=agency, roles=[Role.ANALYST])
    assert agency_label(agency) in mine
    assert audience(RecordKind.INTELLIGENCE, Handling.C, owner=agency) & mine


def test_labels_follow_from_agency_and_roles() -> None:
    assert labels_for(agency="kent", roles=[Role.ANALYST]) == {"role:analyst", "police", "agency:kent"}
    assert labels_for(agency="nclcc", roles=[Role.COORDINATOR]) == {
        "role:coordinator",
        "police",
        "agency:nclcc",
        "centre",
    }
    assert labels_for(agency="kent", roles=[Role.SAFEGUARDING]) == {
        *("role:safeguarding", "police", "agency:kent", "safeguarding")
    }
    assert labels_for(agency="nclcc", roles=[]) == frozenset()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_does_not_work_with_intelligence_holds_no_label_of_it(role: Role) -> None:
    labels = labels_for(agency="nclcc", roles=[role])
    assert labels == {f"role:{role}"}
    assert not any(audience(kind, handling) & labels for kind, handling in EVERY)


SUBSETS = [frozenset(chosen) for number in range(len(Role) + 1) for chosen in combinations(Role, number)]


def test_no_roles_whatever_give_somebody_of_a_partner_a_label_of_intelligence() -> None:
    """All 512 sets of roles, and every rule of the policy: what they hold is their organisation's label, or nothing."""
    opened = frozenset().union(*(audience(*each, home="essex", found="surrey") for each in EVERY))
    for partner in ("partner-quillhaven-academy", "partner-kent", "partner-nclcc", "partner-"):
        for roles in SUBSETS:
            held = labels_for(agency=partner, roles=roles)
            assert held == ({f"partner:{partner}"} if Role.PARTNER in roles else frozenset()), roles
            assert not held & opened
    assert len(SUBSETS) == 2 ** len(Role)


def test_nobody_of_an_agency_gets_a_partners_label() -> None:
    for agency in ("kent", CENTRE, "nca"):
        for roles in SUBSETS:
            held = labels_for(agency=agency, roles=roles)
            assert not any("partner" in label for label in held)
            assert held == labels_for(agency=agency, roles=roles - {Role.PARTNER})


@pytest.mark.parametrize("name", ["partner", "partner-", "partner-quillhaven-academy"])
def test_a_list_that_names_a_partner_is_refused_even_where_it_is_known(name: str) -> None:
    said = Circumstances(RecordKind.INTELLIGENCE, "kent", Handling.P, ("essex", name))
    with pytest.raises(RowRefused, match="partners are shown no intelligence") as refusal:
        audience_for(said, agencies=[*AGENCIES, name])
    assert refusal.value.column == "audience"


def test_a_partner_as_home_or_finder_opens_nothing_even_where_it_is_known() -> None:
    said = Circumstances(RecordKind.MISSING, "kent", Handling.P, home="partner-a", found="partner-a")
    assert audience_for(said, agencies=[*AGENCIES, "partner-a"]) == {"agency:kent", "centre", "safeguarding"}


def test_every_role_has_its_meaning_in_a_sentence() -> None:
    assert set(MEANINGS) == set(Role)
    assert all(role.meaning.endswith(".") for role in Role)
    assert frozenset(Role) - {Role.AUDITOR, Role.ADMINISTRATOR, Role.PARTNER} == POLICING_ROLES


@pytest.mark.parametrize("kind", RecordKind)
def test_every_kind_has_exactly_one_review_rule(kind: RecordKind) -> None:
    assert len([rule for rule in retention.RULES if kind in rule.kinds]) == 1
    assert retention.review_date(kind, date(2026, 3, 2)) > date(2026, 3, 2)


def test_records_of_children_and_victims_are_reviewed_first() -> None:
    made = date(2026, 3, 2)
    early = {kind for kind in RecordKind if retention.review_date(kind, made) == date(2027, 3, 2)}
    assert early == {RecordKind.MISSING, RecordKind.CONCERN}


def test_the_fingerprint_of_an_audience_is_its_labels_in_order_however_many() -> None:
    assert fingerprint_of(["b", "a", "b"]) == "a b"
    every = [agency_label(agency) for agency in AGENCIES]
    assert fingerprint_of(every) == fingerprint_of(every[::-1])
    assert len(fingerprint_of(every)) <= LONGEST_FINGERPRINT < len(" ".join(every))
    assert fingerprint_of(every) != fingerprint_of(sorted(every)[:-1])


KENT = Viewer(uuid4(), "kent.analyst", "Kent", "kent", frozenset({Role.ANALYST}))


def test_a_viewpoint_says_the_same_as_sql_for_queries_an_orm_cannot_say() -> None:
    assert Viewpoint(KENT, (3, 1)).clause("a.audience_id", "b.audience_id") == (
        "a.audience_id = ANY (%s) AND b.audience_id = ANY (%s)",
        [[3, 1], [3, 1]],
    )
    assert Viewpoint(KENT, ()).clause("audience_id") == ("audience_id = ANY (%s)", [[]])
    assert Viewpoint(ADMINISTRATOR, None).clause("audience_id") == ("TRUE", [])


def test_the_key_of_a_viewpoint_tells_apart_what_may_be_seen_and_nothing_else() -> None:
    other = Viewer(uuid4(), "essex.analyst", "Essex", "essex", frozenset())
    assert Viewpoint(KENT, (3, 1)).key == Viewpoint(other, (1, 3)).key
    keys = {Viewpoint(KENT, seen).key for seen in [(), (1,), (1, 3), (13,), None]}
    assert len(keys) == 5


def test_a_record_that_no_rule_covers_is_a_fault_and_shown_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "RULES", ())
    with pytest.raises(AssertionError, match="no audience rule"):
        policy.audience_for(policy.Circumstances(RecordKind.CRIME, "kent", Handling.P), agencies=["kent"])
