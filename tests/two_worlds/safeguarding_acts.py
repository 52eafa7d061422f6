"""What safeguarding leads do out of sight, by the real actions: they refer somebody and consider section 45."""

from __future__ import annotations

from django.utils import timezone

from crossline.access.roles import Role
from crossline.records.models import Mention, Record
from crossline.safeguarding.nrm.drafting import Observed, Said, open_draft
from crossline.safeguarding.nrm.form import nrm_form, section_45
from crossline.safeguarding.nrm.models import NrmState
from crossline.safeguarding.nrm.section45 import Considered, consider, held_in
from crossline.safeguarding.nrm.steps import YES, move_nrm
from crossline.safeguarding.premises.keeping import TenantSaid, note_on_premises, register_premises, say_tenant
from crossline.safeguarding.premises.models import PremisesEntryKind

from .world import World, numbers, sent


def referred_nationally(world: World, agency: str) -> None:
    """Somebody whom a custody record of the agency's own names is referred, by two leads; and section 45 is considered."""
    ref = f"{agency}/referred-{next(numbers)}"
    custody = {"offence": "Supplying crack cocaine", "outcome": "bailed", "under_18": True}
    held = world.builders.full_report(ref, kind="custody", custody=custody, audience=[agency])
    sent(world, agency, reports=[held])
    record = Record.objects.get(owner=agency, ref=ref).id
    about = Mention.objects.get(record=record, kind="person").id
    first, second = (
        world.builders.enrolled(f"{agency}.lead{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
        for _ in range(2)
    )
    with world.builders.seen_by(first) as viewpoint:
        said = Said("Held with drugs.", age="child", observations={record: Observed("Held.", "held_with_drugs")})
        made = open_draft(about=about, said=said, viewpoint=viewpoint)
    with world.builders.seen_by(second) as viewpoint:
        done = {"day": timezone.localdate(), "reason": "Read.", "viewpoint": viewpoint}
        move_nrm(
            case=made.id, state=NrmState.READ, stood=1, said={each.id: YES for each in nrm_form().questions}, **done
        )
        found = held_in(viewpoint, record)
        assert found is not None
        tests = {each.id: "unknown" for each in section_45().tests_for(found.age)}
        words = Considered("A sergeant", "Seen.", "more_needed", "Asked.", tests, safeguarding_disposal="A worker.")
        consider(record=record, stood=0, said=words, viewpoint=viewpoint)


def premises_entered(world: World, agency: str) -> None:
    """An address that a record of the agency's own names is entered in the register, visited, and its tenant called a victim."""
    ref = f"{agency}/premises-{next(numbers)}"
    sent(world, agency, reports=[world.builders.full_report(ref, audience=[agency])])
    named = {each.kind: each for each in Mention.objects.filter(record__owner=agency, record__ref=ref)}
    lead = world.builders.enrolled(f"{agency}.lead{next(numbers)}", agency=agency, roles=(Role.SAFEGUARDING,))
    today = timezone.localdate()
    with world.builders.seen_by(lead) as viewpoint:
        made = register_premises(about=named["address"].id, reason="Open dealing.", viewpoint=viewpoint).id
    with world.builders.seen_by(lead) as viewpoint:
        came = {"kind": PremisesEntryKind.VISIT, "said": {"outcome": "nobody"}, "text": "Two officers.", "day": today}
        note_on_premises(premises=made, viewpoint=viewpoint, **came)
        tenant = named["person"]
        said = TenantSaid(tenant.id, tenant.record_id, "victim", today, "Afraid in his home.")
        say_tenant(premises=made, stood=0, said=said, viewpoint=viewpoint)
