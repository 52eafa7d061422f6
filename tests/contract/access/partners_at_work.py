"""What people do in the rooms of safeguarding that partners take part in, and at the desks of missing people and screenings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from crossline.access.roles import Role
from crossline.access.viewer import Viewer, reading
from crossline.lines.register import register
from crossline.records.models import Mention, Record
from crossline.safeguarding.answering.acts import move_case, note_on_case
from crossline.safeguarding.answering.moves import CaseState
from crossline.safeguarding.answering.standing import case_standings, may_be_offered_to, told_of
from crossline.safeguarding.missing.episodes import episodes
from crossline.safeguarding.missing.models import EntryKind as EpisodeEntryKind
from crossline.safeguarding.missing.noting import disclose, note_on_episode
from crossline.safeguarding.missing.planning import save_plan
from crossline.safeguarding.missing.standing import plans_of
from crossline.safeguarding.outreach.models import OutreachState
from crossline.safeguarding.outreach.planning import move_outreach, plan_outreach
from crossline.safeguarding.referrals.draft import Consent, Draft
from crossline.safeguarding.referrals.drafting import draft_referral
from crossline.safeguarding.referrals.fields import recipients
from crossline.safeguarding.referrals.law import golden_rules
from crossline.safeguarding.referrals.sending import move_sheet, open_sheet, revoke_sheet, send_referral, write_message
from crossline.safeguarding.referrals.states import State as ReferralState
from crossline.safeguarding.reporting.content import Answers
from crossline.safeguarding.reporting.models import PartnerReport, ReportState
from crossline.safeguarding.reporting.sending import move_report, send_report
from crossline.safeguarding.screening.form import newest
from crossline.safeguarding.screening.models import InformationNeeded, Stage
from crossline.safeguarding.screening.saving import Said as Screened
from crossline.safeguarding.screening.saving import answer_needed, enter_local_result, screen_person, sign_off
from crossline.safeguarding.screening.standing import all_screenings, person_of
from crossline.vocabulary.codes import Tristate


def report_as_partners(viewers: Mapping[str, Viewer], force: str, often: int) -> None:
    """A school reports to an agency, which reads and answers; of the last the answer is not taken for one."""
    said = Answers(about="child", seen="Left at noon with a stranger.", surname="Thistlewood", signs=("phones",))
    school = next(each for name, each in viewers.items() if name.startswith("partner-") and "partner" in each.roles)
    for _ in range(1 + often):
        with reading(school) as viewpoint:
            made = send_report(force=force, pack="school", said=said, today=timezone.localdate(), viewpoint=viewpoint)
        with reading(viewers[f"{force}.safeguarding"]) as viewpoint:
            move_report(report=made.id, state=ReportState.ANSWERED, stood=0, words="Seen.", viewpoint=viewpoint)
    with reading(school) as viewpoint:
        move_report(report=made.id, state=ReportState.RAISED_AGAIN, stood=1, words="Again.", viewpoint=viewpoint)


def offer_help(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """After closures an agency plans outreach through a clinic, and calls it off."""
    viewer = viewers[f"{agency}.safeguarding"]
    with reading(viewer) as viewpoint:
        closed = [UUID(line.id) for line in register(viewpoint).lines if line.status.is_closed]
    assert closed, "the nation has lines that were returned as closed"
    said = {
        "message": "help",
        "service": "The clinic",
        "reach": "any morning",
        "places": "Hastings",
        "reason": "Closed.",
    }
    for line in closed[:often]:
        with reading(viewer) as viewpoint:
            made = plan_outreach(line=line, partner="partner-marrowmere-clinic", viewpoint=viewpoint, **said)
        with reading(viewer) as viewpoint:
            act = {"outreach": made.id, "state": OutreachState.CALLED_OFF, "stood": 0, "words": "Not now."}
            move_outreach(**act, viewpoint=viewpoint)


def keep_one_report(force: str) -> None:
    """As the rhythm does, one report of a force stands beside a record of its own: one that fewer see than the report."""
    report = PartnerReport.objects.filter(force=force, record=None).order_by("sent_at").first()
    few = (
        Record.objects.filter(owner=force, handling="C")
        .exclude(audience__labels__key="safeguarding")
        .order_by("ref", "id")
    )
    assert report is not None and few
    PartnerReport.objects.filter(id=report.id).update(record=few[0])


def answer_for_children(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's safeguarding lead takes concerns on, rings whoever has to be told, and offers some to another force."""
    lead = viewers[f"{agency}.safeguarding"]
    with reading(lead) as viewpoint:
        own = [each for each in case_standings(viewpoint) if each.held.agency == agency]
        for each in own[: 2 + often]:
            act = {"case": each.case.id, "viewpoint": viewpoint, "reason": "ours"}
            move_case(state=CaseState.TAKEN_ON, stood=1, person=lead.username, **act)
            waiting = next((row for row in told_of(viewpoint, [each.case.id]) if row.how != "page"), None)
            note_on_case(case=each.case.id, text="rang", told=waiting and waiting.id, viewpoint=viewpoint)
        for other in (force for force in may_be_offered_to(viewpoint, own[0]) if force == "norfolk"):
            move_case(
                case=own[0].case.id,
                state=CaseState.OFFERED,
                stood=2,
                offered=other,
                reason="theirs",
                viewpoint=viewpoint,
            )


def refer(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's safeguarding lead refers children of its reports to a school, whose lead opens one and answers; the last is
    taken back."""
    school = next(
        each
        for each in viewers.values()
        if each.agency == "partner-quillhaven-academy" and each.roles == {Role.PARTNER}
    )
    draft = Draft(
        words={field: f"word {field}" for field in recipients()["education"].fields},
        gateway="common_law",
        basis="part_3",
        consent=Consent.GIVEN,
        consent_reason="said so",
        rules={rule.id: "yes" for rule in golden_rules()},
        inference="nothing",
        urgency="urgent",
        reader=school.username,
    )
    for number in range(2 * often):
        with reading(viewers[f"{agency}.safeguarding"]) as viewpoint:
            own = Mention.objects.filter(kind="person", owner=agency, record__handling="P", record__source="reports")
            own = own.filter(record__recordrestriction=None, record__recordreview=None)
            about = viewpoint.visible(own).order_by("record__ref", "key")[number]
            said = {"draft": draft, "records": [about.record_id], "reason": "risk", "viewpoint": viewpoint}
            made = draft_referral(about=about.id, partner=school.agency, recipient="education", **said)
        with reading(viewers[f"{agency}.safeguarding"]) as viewpoint:
            sheet = send_referral(referral=made.id, stood=1, viewpoint=viewpoint).id
        with reading(viewers[f"{agency}.safeguarding"]) as viewpoint:
            write_message(sheet=sheet, words="Please ring.", viewpoint=viewpoint)
        with reading(school) as viewpoint:
            open_sheet(sheet=sheet, viewpoint=viewpoint)
            move_sheet(sheet=sheet, to=ReferralState.ACCEPTED, words="We watch.", stood=2, viewpoint=viewpoint)
    with reading(viewers[f"{agency}.safeguarding"]) as viewpoint:
        revoke_sheet(sheet=sheet, words="A mistake.", viewpoint=viewpoint)


def see_to_missing(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's safeguarding lead writes of the missing episodes it recorded: entries, what was disclosed, a trigger plan."""
    with reading(viewers[f"{agency}.safeguarding"]) as viewpoint:
        own = [each for each in episodes(viewpoint).all if each.told[0].record.owner_id == agency]
        for episode in sorted(own, key=lambda each: each.told[0].record.ref)[: 2 * often]:
            act = {"episode": episode.id, "viewpoint": viewpoint}
            note_on_episode(
                kind=EpisodeEntryKind.OFFERED, happened_at=timezone.now(), said={"who": "Worker"}, text="", **act
            )
            disclose(told_at=timezone.now(), told_to="Worker", text="Was made to carry.", **act)
            soon = timezone.localdate() + timedelta(days=9)
            save_plan(
                text="Ring the aunt.", review_on=soon, reason="again", stood=len(plans_of(viewpoint, episode)), **act
            )


def screen_people(viewers: Mapping[str, Viewer], agency: str, often: int) -> None:
    """An agency's safeguarding lead screens people whom records of its own name, some below a floor, which another signs off;
    what is not known is asked of another agency, and answered; and the result of a local tool is entered."""
    with reading(viewers[f"{agency}.safeguarding"]) as viewpoint:
        own = viewpoint.visible(Mention.objects.filter(kind="person", owner=agency, record__ref__contains="/Qu"))
        people = list(own.order_by("record__ref").values_list("id", flat=True)[: 6 * often])
        asked = dict.fromkeys((each.id for each in newest().domains), "norfolk")
        said = Screened(Stage.FIRST, {}, asked, 9, "Nothing yet.", "Seen.", judged="low", grounds=("ended",))
        rows = []
        for each in people:
            person = person_of(viewpoint, each)
            if person and not all_screenings(viewpoint, person.mentions):  # several mentions may be one person
                rows.append(screen_person(about=each, said=said, stood=0, viewpoint=viewpoint))
        made = {"tool": "grid_0_3", "result": "2", "made_by": "Worker", "day": timezone.localdate(), "text": ""}
        for each in people:
            enter_local_result(about=each, viewpoint=viewpoint, **made)
        for needed in InformationNeeded.objects.filter(screening__in=rows, question="debt"):
            answer_needed(needed=needed.id, said=Tristate.NO, text="None known.", viewpoint=viewpoint)
    with reading(viewers[f"{agency}.everything"]) as viewpoint:
        for row in rows:
            sign_off(screening=row.id, agreed=True, reason="seen too", viewpoint=viewpoint)
