"""Every address of the site, gathered from the rooms. A test holds each against its policy."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from crossline.access import account_pages, approval_pages, partner_pages, people_pages, provider_sign_in, sign_in
from crossline.access import views as access
from crossline.audit import tasks
from crossline.audit import views as audit
from crossline.deconfliction import answer_pages, check_pages, event_pages, figure_pages, overlap_pages
from crossline.deconfliction import views as deconfliction
from crossline.entities import match_pages, who_pages
from crossline.entities import views as entities
from crossline.exchange import views as exchange
from crossline.lines import change_pages, pair_pages, status_pages
from crossline.lines import views as lines
from crossline.operations import views as operations
from crossline.operations.joint import figures_pages, joint_pages, line_pages
from crossline.orders import views as orders
from crossline.picture import views as picture
from crossline.records import release_pages
from crossline.records import views as records
from crossline.records.compartments import views as compartment_pages
from crossline.records.decoys import views as decoys
from crossline.records.retention import views as retention
from crossline.rights import views as rights
from crossline.rights.recalls import views as recalls
from crossline.safeguarding import views as safeguarding
from crossline.safeguarding.answering import views as answering
from crossline.safeguarding.guidance import views as guidance
from crossline.safeguarding.meetings import invited_pages, plan_pages
from crossline.safeguarding.meetings import views as meetings
from crossline.safeguarding.missing import views as missing
from crossline.safeguarding.nrm import section45_pages
from crossline.safeguarding.nrm import views as nrm
from crossline.safeguarding.outreach import views as outreach
from crossline.safeguarding.premises import views as premises
from crossline.safeguarding.referrals import portal_pages
from crossline.safeguarding.referrals import views as referrals
from crossline.safeguarding.reporting import views as reporting
from crossline.safeguarding.screening import views as screening
from crossline.site.policy import views as policy_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", picture.national_picture, name="national-picture"),
    path("definitions", picture.definitions, name="definitions"),
    path("figures/<str:figure>", picture.figure, name="figure"),
    path("lines", lines.lines, name="lines"),
    path("lines/<uuid:line>", lines.line, name="line"),
    path("lines/<uuid:line>/joint-work", line_pages.line_joint_work, name="line-joint-work"),
    path("lines/check-backs", status_pages.check_backs, name="check-backs"),
    path("lines/returns/<uuid:returned>/status", status_pages.line_status, name="line-status"),
    path("lines/suggestions", pair_pages.line_suggestions, name="line-suggestions"),
    path("lines/pairs/<uuid:left>/<uuid:right>", pair_pages.line_pair, name="line-pair"),
    path("lines/changes", change_pages.number_changes, name="number-changes"),
    path("lines/changes/<uuid:change>", change_pages.number_change, name="number-change"),
    path("lines/<uuid:line>/orders/new-ddtro", orders.new_ddtro, name="order-new-ddtro"),
    path("orders", orders.order_list, name="orders"),
    path("orders/<uuid:order>", orders.order, name="order"),
    path("orders/<uuid:order>/text", orders.edit_order, name="order-edit"),
    path("orders/<uuid:order>/<str:document>/<str:format>", orders.order_document, name="order-document"),
    path("orders/new/<uuid:about>", orders.new_order, name="order-new"),
    path("people/who", who_pages.who_is_this, name="who"),
    path("people/<uuid:person>", entities.person, name="person"),
    path("people/<uuid:person>/reach", entities.person_reach, name="person-reach"),
    path("people/<uuid:person>/access-pack", rights.access_pack, name="access-pack"),
    path("things/<uuid:thing>", entities.thing, name="thing"),
    path("matches", match_pages.matches, name="matches"),
    path("matches/proposals", match_pages.match_proposals, name="match-proposals"),
    path("matches/conflicts", match_pages.match_conflicts, name="match-conflicts"),
    path("matches/mine", match_pages.my_judgements, name="my-judgements"),
    path("matches/<uuid:one>/<uuid:other>", match_pages.match, name="match"),
    path("records", records.records, name="records"),
    path("records/<uuid:record>", records.record, name="record"),
    path("records/<uuid:record>/restriction", records.restriction, name="restriction"),
    path("records/<uuid:record>/release", release_pages.release_record, name="release"),
    path("records/<uuid:record>/answers", answer_pages.record_answers, name="record-answers"),
    path("records/<uuid:record>/compartment", compartment_pages.record_compartment, name="record-compartment"),
    path("compartments", compartment_pages.compartments_page, name="compartments"),
    path("compartments/new", compartment_pages.new_compartment, name="compartment-new"),
    path("compartments/<uuid:compartment>", compartment_pages.compartment, name="compartment"),
    path("records/<uuid:record>/review", retention.review, name="review"),
    path("reviews", retention.reviews, name="reviews"),
    path("search", entities.find, name="search"),
    path("overlaps", deconfliction.overlaps, name="overlaps"),
    path("overlaps/<uuid:left>/<uuid:right>", overlap_pages.overlap, name="overlap"),
    path("deconfliction", check_pages.deconfliction, name="deconfliction"),
    path("deconfliction/checks/<uuid:check>", check_pages.check, name="check"),
    path("deconfliction/events", event_pages.events, name="events"),
    path("deconfliction/events/<uuid:check>/call-off", event_pages.call_off, name="event-call-off"),
    path("deconfliction/answers", answer_pages.answers, name="answers"),
    path("deconfliction/hubs", check_pages.hubs, name="hubs"),
    path("deconfliction/figures", figure_pages.figures, name="deconfliction-figures"),
    path("concerns", safeguarding.concerns, name="concerns"),
    path("guidance", guidance.guidance, name="guidance"),
    path("guidance/<slug:pack>", guidance.guidance_pack, name="guidance-pack"),
    path("guidance/<slug:pack>/card", guidance.guidance_card, name="guidance-card"),
    path("reports", reporting.report_list, name="reports"),
    path("reports/new", reporting.report_new, name="report-new"),
    path("reports/<uuid:report>", reporting.report, name="report"),
    path("outreach", outreach.outreach_list, name="outreaches"),
    path("outreach/lines/<uuid:line>", outreach.outreach_new, name="outreach-new"),
    path("outreach/<uuid:outreach>", outreach.outreach, name="outreach"),
    path("concerns/<uuid:mention>", answering.concern, name="concern"),
    path("referrals", referrals.referral_list, name="referrals"),
    path("referrals/ledger", referrals.referral_ledger, name="referral-ledger"),
    path("referrals/new/<uuid:about>", referrals.referral_new, name="referral-new"),
    path("referrals/<uuid:referral>", referrals.referral, name="referral"),
    path("referrals/<uuid:referral>/text", referrals.referral_edit, name="referral-edit"),
    path("nrm", nrm.nrm_list, name="nrm"),
    path("nrm/new/<uuid:about>", nrm.nrm_new, name="nrm-new"),
    path("nrm/guardians", nrm.guardians, name="nrm-guardians"),
    path("nrm/section-45", section45_pages.section45_list, name="section-45"),
    path("nrm/section-45/<uuid:record>", section45_pages.section45_entry, name="section-45-entry"),
    path("nrm/<uuid:case>", nrm.nrm_page, name="nrm-case"),
    path("nrm/<uuid:case>/draft", nrm.nrm_edit, name="nrm-edit"),
    path("nrm/<uuid:case>/text", nrm.nrm_text, name="nrm-text"),
    path("premises", premises.premises_list, name="premises"),
    path("premises/new/<uuid:about>", premises.premises_new, name="premises-new"),
    path("premises/<uuid:premises>", premises.premises_page, name="premises-page"),
    path("missing", missing.desk, name="missing"),
    path("missing/<uuid:episode>", missing.episode, name="missing-episode"),
    path("missing/<uuid:episode>/plan", missing.plan, name="missing-plan"),
    path("screenings", screening.desk, name="screenings"),
    path("screenings/new/<uuid:about>", screening.new, name="screening-new"),
    path("screenings/of/<uuid:about>", screening.of_person, name="screenings-of"),
    path("screenings/<uuid:screening>", screening.screening, name="screening"),
    path("screenings/<uuid:screening>/print", screening.screening_print, name="screening-print"),
    path("meetings", meetings.meeting_list, name="meetings"),
    path("meetings/actions", meetings.action_list, name="meeting-actions"),
    path("meetings/new/<uuid:about>", meetings.meeting_new, name="meeting-new"),
    path("meetings/<uuid:meeting>", meetings.meeting, name="meeting"),
    path("meetings/<uuid:meeting>/minutes", meetings.meeting_minutes, name="meeting-minutes"),
    path("meetings/<uuid:meeting>/share/<uuid:invitation>", meetings.meeting_share, name="meeting-share"),
    path("plans", plan_pages.plan_list, name="plans"),
    path("plans/new/<uuid:about>", plan_pages.plan_new, name="plan-new"),
    path("plans/<uuid:plan>", plan_pages.plan, name="plan"),
    path("plans/<uuid:plan>/text", plan_pages.plan_text, name="plan-text"),
    path("plans/<uuid:plan>/outcomes/<str:point>", plan_pages.plan_outcome, name="plan-outcome"),
    path("invitations", invited_pages.invitation_list, name="invitations"),
    path("invitations/<uuid:invitation>", invited_pages.invitation, name="invitation"),
    path("campaigns", operations.campaigns, name="campaigns"),
    path("campaigns/<str:campaign>", operations.campaign, name="campaign"),
    path("campaigns/<str:campaign>/<str:metric>", operations.campaign_figure, name="campaign-figure"),
    path("joint-work", joint_pages.joint_work, name="joint-work"),
    path("joint-work/figures", figures_pages.joint_figures, name="joint-figures"),
    path("joint-work/lines-from-us", line_pages.lines_from_us, name="lines-from-us"),
    path("joint-work/without-lead", line_pages.lines_without_lead, name="lines-without-lead"),
    path("joint-work/requests/new", joint_pages.joint_request_new, name="joint-request-new"),
    path("joint-work/requests/<uuid:asked>", joint_pages.joint_request, name="joint-request"),
    path("audit/mine", audit.mine, name="my-reads"),
    path("audit/mine/corrected", audit.corrected, name="corrected-since"),
    path("audit/desk", audit.auditors_desk, name="auditors-desk"),
    path("audit/reads/<uuid:event>", audit.read, name="audit-read"),
    path("audit/records/<uuid:record>", audit.who_looked, name="who-looked"),
    path("audit/records/<uuid:record>/seen-by", audit.who_can_see, name="who-can-see"),
    path("audit/decoys", decoys.decoys, name="decoys"),
    path("task/none", tasks.put_down, name="put-down-task"),
    path("task/<str:kind>/<uuid:about>", tasks.take_up, name="take-up-task"),
    path("approvals", approval_pages.approvals, name="approvals"),
    path("approvals/<uuid:approval>", approval_pages.approval, name="approval"),
    path("policy", policy_pages.policy, name="policy"),
    path("policy/<int:number>", policy_pages.policy_statement, name="policy-statement"),
    path("exports", exchange.exports, name="exports"),
    path("exports/ledger", exchange.exports_ledger, name="exports-ledger"),
    path("exports/<str:what>/<str:format>", exchange.export, name="export"),
    path("recalls", recalls.recall_list, name="recalls"),
    path("recalls/<uuid:recall>", recalls.recall, name="recall"),
    path("people-admin", people_pages.people, name="people-admin"),
    path("people-admin/new", people_pages.newcomer, name="people-admin-new"),
    path("people-admin/<str:username>", people_pages.person, name="people-admin-person"),
    path("partner", partner_pages.home, name="partner-home"),
    path("partner/told", answering.partner_told, name="partner-told"),
    path("partner/referrals", portal_pages.inbox, name="partner-referrals"),
    path("partner/referrals/history", portal_pages.history, name="partner-history"),
    path("partner/referrals/<uuid:sheet>", portal_pages.received, name="partner-referral"),
    path("partner-organisations", partner_pages.organisations, name="partner-organisations"),
    path("second-factor", account_pages.second_factor, name="second-factor"),
    path("password", account_pages.password, name="password"),
    path("sign-in", sign_in.SignIn.as_view(), name="sign-in"),
    path("sign-in/code", sign_in.sign_in_code, name="sign-in-code"),
    path("sign-in/with/<slug:agency>", provider_sign_in.set_out, name="provider-sign-in"),
    path("sign-in/with/<slug:agency>/back", provider_sign_in.come_back, name="provider-back"),
    path("sign-out", access.sign_out, name="sign-out"),
    path("healthz", access.health, name="health"),
]

handler403 = "crossline.access.views.refused"
handler404 = "crossline.access.views.not_found"
handler500 = "crossline.access.views.failed"
