"""The people a demonstration can sign in as, all invented: some of other agencies to compare, those of the centre, and a few of
partner organisations of a town that does not exist.

Many of the centre's people are seconded to it. While there they are of the centre, and see what the centre sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from crossline.access.actions import enrol
from crossline.access.audit import Process
from crossline.access.models import Agency
from crossline.access.partners import add_partner, id_made_from
from crossline.access.people import enrolled_as, viewer_named
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import reading
from crossline.deconfliction.answering import set_answer, settings_of
from crossline.deconfliction.rules import AnswerLevel
from crossline.errors import UserError
from crossline.safeguarding.queries import PersonOfConcern, concerns_of
from crossline.safeguarding.referrals.draft import Consent, Draft
from crossline.safeguarding.referrals.drafting import draft_referral
from crossline.safeguarding.referrals.fields import Field, recipients
from crossline.safeguarding.referrals.gathering import gathered_for
from crossline.safeguarding.referrals.law import golden_rules
from crossline.safeguarding.referrals.sending import send_referral
from crossline.safeguarding.referrals.standing import referrals
from crossline.vocabulary.agencies import PartnerKind


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to sign in as. `seconded_from` is the agency that lends them to the centre, if one does."""

    username: str
    name: str
    agency: str
    roles: tuple[Role, ...]
    seconded_from: str | None = None


DEMO_PASSWORD = "synthetic-demo-only"  # noqa: S105  # printed on screen; every fact it opens is invented
PRINTED: Final[tuple[DemoPerson, ...]] = (
    DemoPerson("centre.analyst", "Asha Renwick", CENTRE, (Role.ANALYST, Role.COORDINATOR, Role.SAFEGUARDING)),
    DemoPerson("kent.analyst", "Tom Hadlow", "kent", (Role.ANALYST, Role.INTELLIGENCE)),
    DemoPerson("essex.analyst", "Priya Maldon", "essex", (Role.ANALYST, Role.INTELLIGENCE)),
    DemoPerson("met.investigator", "Dele Harrow", "metropolitan", (Role.INVESTIGATOR, Role.ANALYST)),
    DemoPerson("kent.safeguarding", "Mair Lenham", "kent", (Role.SAFEGUARDING,)),
    DemoPerson("kent.records", "Nia Wingham", "kent", (Role.INFORMATION_MANAGER,)),
    DemoPerson("kent.records2", "Owen Charing", "kent", (Role.INFORMATION_MANAGER,)),
)
"""The sign-ins that the demonstration prints: one each for people of several agencies."""

ADMINISTRATOR: Final = DemoPerson("centre.administrator", "Noor Haltwhistle", CENTRE, (Role.ADMINISTRATOR,))


def _of_the_centre(username: str, name: str, seconded_from: str | None, *roles: Role) -> DemoPerson:
    return DemoPerson(f"centre.{username}", name, CENTRE, roles, seconded_from)


OTHERS: Final[tuple[DemoPerson, ...]] = (
    ADMINISTRATOR,
    _of_the_centre("auditor", "Gwil Penrhos", None, Role.AUDITOR),
    _of_the_centre("head", "Oonagh Carrick", None, Role.COORDINATOR, Role.ANALYST, Role.INFORMATION_MANAGER),
    _of_the_centre("deputy", "Bayo Winslow", "nca", Role.COORDINATOR, Role.ANALYST, Role.INFORMATION_MANAGER),
    _of_the_centre("coordinator.north", "Greta Allendale", "nerocu", Role.COORDINATOR),
    _of_the_centre("coordinator.midlands", "Harjit Ledbury", "wmrocu", Role.COORDINATOR),
    _of_the_centre("coordinator.east", "Saskia Thaxted", "ersou", Role.COORDINATOR),
    _of_the_centre("coordinator.south", "Milo Petworth", "serocu", Role.COORDINATOR),
    _of_the_centre("coordinator.west", "Elowen Trevose", "swrocu", Role.COORDINATOR),
    _of_the_centre("coordinator.wales", "Ifan Tregaron", "tarian", Role.COORDINATOR),
    _of_the_centre("analyst.02", "Zainab Otley", "west-yorkshire", Role.ANALYST),
    _of_the_centre("analyst.03", "Corin Burslem", "staffordshire", Role.ANALYST),
    _of_the_centre("analyst.04", "Leonie Axbridge", "avon-and-somerset", Role.ANALYST),
    _of_the_centre("analyst.05", "Tariq Bolsover", "derbyshire", Role.ANALYST),
    _of_the_centre("analyst.06", "Maeve Dunwich", "norfolk", Role.ANALYST),
    _of_the_centre("analyst.07", "Kofi Ludgate", "metropolitan", Role.ANALYST),
    _of_the_centre("analyst.08", "Wren Sedbergh", "cumbria", Role.ANALYST),
    _of_the_centre("analyst.09", "Anjali Formby", "merseyside", Role.ANALYST),
    _of_the_centre("analyst.10", "Piers Romsey", "hampshire", Role.ANALYST),
    _of_the_centre("analyst.railway", "Bronagh Carnforth", "btp", Role.ANALYST),
    _of_the_centre("intelligence.01", "Idris Malpas", "nca", Role.INTELLIGENCE, Role.ANALYST),
    _of_the_centre("intelligence.02", "Cressida Wadhurst", "nca", Role.INTELLIGENCE, Role.ANALYST),
    _of_the_centre("intelligence.03", "Yusuf Ramsbottom", "greater-manchester", Role.INTELLIGENCE),
    _of_the_centre("intelligence.04", "Tamsin Wantage", "thames-valley", Role.INTELLIGENCE),
    _of_the_centre("intelligence.05", "Lorcan Skipsea", "humberside", Role.INTELLIGENCE),
    _of_the_centre("intelligence.06", "Hettie Oakham", "leicestershire", Role.INTELLIGENCE),
    _of_the_centre("investigator.01", "Emeka Brixworth", "northamptonshire", Role.INVESTIGATOR),
    _of_the_centre("investigator.02", "Rhona Silloth", "lancashire", Role.INVESTIGATOR),
    _of_the_centre("investigator.03", "Jago Lydford", "dorset", Role.INVESTIGATOR),
    _of_the_centre("investigator.04", "Simran Hadleigh", "bedfordshire", Role.INVESTIGATOR),
    _of_the_centre("investigator.railway", "Cerys Whitland", "btp", Role.INVESTIGATOR),
    _of_the_centre("financial.01", "Hanif Spalding", "nca", Role.INVESTIGATOR, Role.ANALYST),
    _of_the_centre("financial.02", "Roisin Wetherby", "city-of-london", Role.INVESTIGATOR),
    _of_the_centre("financial.03", "Tobias Ormskirk", "nwrocu", Role.INVESTIGATOR),
    _of_the_centre("safeguarding.01", "Delyth Harlech", "north-wales", Role.SAFEGUARDING),
    _of_the_centre("safeguarding.02", "Femi Deptford", "metropolitan", Role.SAFEGUARDING),
    _of_the_centre("safeguarding.03", "Orla Kirkham", "cheshire", Role.SAFEGUARDING, Role.ANALYST),
)
"""The rest of the centre, thirty-eight with the one above, which needs each of its trades to be seen at work: analysts,
intelligence, coordinators, investigators (some of them of money), safeguarding leads, an auditor and an administrator. Its head
and deputy answer for its records, and are the two who agree to a change of policy."""

PEOPLE: Final = (*PRINTED, *OTHERS)

COUNCIL: Final = "Quillhaven Council children’s services"
ACADEMY: Final = "Quillhaven Academy"
TRUST: Final = "Quillhaven Lantern Trust"
PARTNERS: Final[tuple[tuple[str, str, PartnerKind], ...]] = (
    (COUNCIL, "Quillhaven children", PartnerKind.CHILDRENS_SERVICES),
    (ACADEMY, "Quillhaven Academy", PartnerKind.EDUCATION),
    (TRUST, "Lantern Trust", PartnerKind.CHARITY),
)
"""The partner organisations, by name, short name and kind. There is no such town."""

OF_PARTNERS: Final[tuple[DemoPerson, ...]] = (
    DemoPerson("quillhaven.children", "Bethan Corwell", id_made_from(COUNCIL), (Role.PARTNER,)),
    DemoPerson("quillhaven.administrator", "Samir Ashcombe", id_made_from(COUNCIL), (Role.ADMINISTRATOR,)),
    DemoPerson("quillhaven.school", "Ruth Penhallow", id_made_from(ACADEMY), (Role.PARTNER, Role.ADMINISTRATOR)),
    DemoPerson("quillhaven.trust", "Obi Marshfield", id_made_from(TRUST), (Role.PARTNER,)),
)
"""People of those, the first with a sign-in that is printed. They see nothing of intelligence, but what is referred."""


def enrol_people() -> None:
    """Those whose sign-ins are printed, with the password that is printed; the others where they are not as listed."""
    for name, short_name, kind in PARTNERS:
        if not Agency.objects.filter(id=id_made_from(name)).exists():
            add_partner(name=name, short_name=short_name, kind=kind, region="", by=Process("demo"))
    for person in (*PEOPLE, *OF_PARTNERS):
        # A password is slow to hash on purpose, and a demonstration should be quick to start again.
        if person in (*PRINTED, OF_PARTNERS[0]) or not enrolled_as(
            person.username, person.name, person.agency, person.roles
        ):
            enrol(
                username=person.username,
                name=person.name,
                agency=person.agency,
                roles=person.roles,
                password=DEMO_PASSWORD,
                by=Process("demo"),
            )


ANSWERING: Final[tuple[tuple[str, AnswerLevel, str, str], ...]] = (
    ("kent.analyst", AnswerLevel.CONTACT, "County lines desk, 01632 960111", ""),
    ("essex.analyst", AnswerLevel.CONTACT_AND_CATEGORY, "Operations desk, 01632 960222", "drugs supply"),
    ("met.investigator", AnswerLevel.CONTACT, "Lines command, 01632 960333", ""),
)
"""What some agencies of the demonstration let be answered; all others are silent."""


def let_agencies_answer() -> None:
    """Each in the name of one of its people, once; to be called as the web login."""
    for username, level, contact, category in ANSWERING:
        with reading(viewer_named(username)) as viewpoint:
            if not settings_of(viewpoint):
                set_answer(level=level, contact=contact, category=category, viewpoint=viewpoint)


REFERS: Final = "kent.safeguarding"
HOME: Final = "childrens_home"
TOLD: Final[dict[Field, str]] = {
    Field.ASKED: "Please see the child today, and ring us before anybody speaks to the family.",
    Field.PURPOSE: "To keep a child safe who may be exploited.",
    Field.CONTACT: "Safeguarding hub, 01632 960444",
    Field.CONCERN: "Seen with somebody older whom nobody at home knows. That they are made to carry drugs is thought, not known.",
    Field.RISK: "May be told to travel again within days; afraid of reprisal.",
    Field.IMMEDIATE_SAFETY: "At home now. Nobody outside has been told that police know.",
}
"""What the demonstration’s referral tells beside name and age."""


def refer_a_child() -> None:
    """Kent’s safeguarding lead refers the first child put forward who can be to the council, once; as the web login.

    Written in one transaction and sent in the next, as on pages.
    """
    viewer, council = viewer_named(REFERS), id_made_from(COUNCIL)
    with reading(viewer) as viewpoint:
        if any(each.referral.partner_id == council for each in referrals(viewpoint)):
            return
        waiting = list(concerns_of(viewpoint))
    made = next((each for person in waiting if (each := _written(person, council)) is not None), None)
    if made is not None:
        with reading(viewer) as viewpoint:
            send_referral(referral=made, stood=1, viewpoint=viewpoint)


def _written(person: PersonOfConcern, partner: str) -> UUID | None:
    """A referral of one person; None where they are grown up, or nothing may be told from the record."""
    concern = person.concerns[0]
    with reading(viewer_named(REFERS)) as viewpoint:
        gathered = gathered_for(viewpoint, concern.mention_id, viewpoint.viewer.agency)
        if gathered is None:
            return None
        draft = Draft(
            words=gathered.first_words(recipients()[HOME]) | TOLD,
            gateway="children_act_1989",
            basis="part_3",
            consent=Consent.NOT_NEEDED,
            consent_reason="A child is at risk, and asking at home could put them in danger.",
            rules={rule.id: "As the demonstration has it: weighed and written down." for rule in golden_rules()},
            inference="That police know of the child; so nobody is to speak to the family before ringing.",
            urgency="urgent",
        )
        try:
            made = draft_referral(
                about=concern.mention_id,
                partner=partner,
                recipient=HOME,
                draft=draft,
                records=[concern.record_id],
                reason="Put forward for help.",
                viewpoint=viewpoint,
            )
        except UserError:
            return None
    return made.id
