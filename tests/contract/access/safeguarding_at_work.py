"""What safeguarding leads of an agency do on pages: they refer people, read each other's drafts and consider section 45."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone

from crossline.access.viewer import Viewer, reading
from crossline.records.models import Mention
from crossline.safeguarding.nrm.drafting import Observed, Said, open_draft
from crossline.safeguarding.nrm.form import nrm_form, section_45
from crossline.safeguarding.nrm.gathering import gathered_about
from crossline.safeguarding.nrm.guardians import say_coverage
from crossline.safeguarding.nrm.models import NrmRequest, NrmState
from crossline.safeguarding.nrm.section45 import Considered, consider, held
from crossline.safeguarding.nrm.standing import nrm_case
from crossline.safeguarding.nrm.steps import YES, move_nrm
from crossline.safeguarding.premises.keeping import TenantSaid, note_on_premises, register_premises, say_tenant
from crossline.safeguarding.premises.models import PremisesEntryKind
from crossline.safeguarding.premises.standing import premises_found


def refer_people(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """Leads draft referrals about people of their reports, known to their agency alone or to all; a second one reads them."""
    lead, second = viewers[f"{agency}.safeguarding"], viewers[f"{agency}.everything"]
    said = {"day": timezone.localdate(), "reason": "read"}
    with reading(lead) as viewpoint:
        own = viewpoint.visible(Mention.objects.filter(kind="person", owner=agency, record__kind="intelligence"))
        chosen = list(own.order_by("record__ref", "key").values_list("id", flat=True)[: 2 * often])
        made = []
        for about in chosen:
            gathered = gathered_about(viewpoint, about)
            assert gathered is not None
            observations = {each.record.id: Observed("Seen there.") for each in gathered.offered}
            made.append(
                open_draft(
                    about=about, said=Said("first", age="child", observations=observations), viewpoint=viewpoint
                ).id
            )
    with reading(second) as viewpoint:
        questions = {each.id: YES for each in nrm_form().questions}
        for case in made:
            found = nrm_case(viewpoint, case)
            assert found is not None
            move_nrm(case=case, state=NrmState.READ, stood=1, said=questions, viewpoint=viewpoint, **said)
            # A force sends its own and asks nobody: written as by a unit that is no first responder, so that the table has rows.
            NrmRequest(
                case=found.case,
                to_agency_id="surrey",
                by=second.username,
                by_agency=agency,
                audience_id=found.case.audience_id,
            ).save(force_insert=True)
        for each in [each for each in held(viewpoint) if each.mention.record.owner_id == agency][:often]:
            tests = {test.id: "unknown" for test in section_45().tests_for(each.age)}
            words = Considered("A sergeant", "seen", "more_needed", "asked", tests, safeguarding_disposal="a worker")
            consider(record=each.mention.record_id, stood=0, said=words, viewpoint=viewpoint)
    with reading(viewers["nclcc.safeguarding"]) as viewpoint:
        authority = "Kent" if agency == "kent" else "Essex"
        say_coverage(authority=authority, coverage="covered", source="made up for tests", viewpoint=viewpoint)


def keep_premises(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """A lead enters addresses of the agency's reports, those that everybody sees and those that it keeps to itself; a tenant of
    each is said to be a victim."""
    lead, today = viewers[f"{agency}.safeguarding"], timezone.localdate()
    with reading(lead) as viewpoint:
        own = Mention.objects.filter(kind="address", owner=agency, assertions_to__type="lives_at").distinct()
        chosen = list(viewpoint.visible(own).order_by("record__ref", "key").values_list("id", "selector"))
        one_of_each = {
            selector: about for about, selector in reversed(chosen)
        }  # an agency has one entry for one address
        made = [
            register_premises(about=about, reason="people at all hours", viewpoint=viewpoint).id
            for about in sorted(one_of_each.values(), key=str)[: 4 * often]
        ]
    with reading(lead) as viewpoint:
        for premises in made:
            signs = {"kind": PremisesEntryKind.SIGNS, "day": today, "text": "seen", "signs": ["afraid"]}
            note_on_premises(premises=premises, viewpoint=viewpoint, **signs)
            found = premises_found(viewpoint, premises)
            assert found is not None and found.residents
            tenant = found.residents[0]
            said = TenantSaid(tenant.id, tenant.record_id, "victim", today, "said so herself")
            say_tenant(premises=premises, stood=0, said=said, viewpoint=viewpoint)
