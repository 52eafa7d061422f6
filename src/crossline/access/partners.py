"""Partner organisations: adding one, and finding them. Their people are enrolled as everybody is (access/people_actions.py).

An administrator of the centre adds one; below the application a function of the database asks the same again
(access/partner_security.py). See docs/decisions/0019-partners.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from crossline.access.audit import Event, Subject, log
from crossline.access.models import Agency, Person
from crossline.access.people_actions import By, administers
from crossline.access.policy import CENTRE
from crossline.access.roles import Role
from crossline.access.viewer import Viewer
from crossline.errors import NotPermitted, UserError
from crossline.vocabulary.agencies import PARTNER, PartnerKind, forces
from crossline.vocabulary.places import authorities

LONGEST_PARTNER_NAME: Final = 120
LONGEST_SHORT_NAME: Final = 40
LONGEST_ID: Final = 60
COVERS: Final = frozenset({PartnerKind.CHILDRENS_SERVICES, PartnerKind.ADULT_SOCIAL_CARE})
"""The kinds of organisation that answer for the people of a local authority's area."""
COUNTRY_OF: Final[Mapping[str, str]] = MappingProxyType(
    dict(sorted((force.region, force.country) for force in forces() if force.region))
)
"""The regions that a partner organisation can be in, each with its country: those of the forces of the reference list."""


def id_made_from(name: str) -> str:
    """The id of the partner organisation of this name. Empty where nothing of the name can stand in an id."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(each for each in letters if each not in "'’" and not unicodedata.combining(each))
    words = re.findall(r"[a-z0-9]+", plain)
    return f"{PARTNER}{'-'.join(words)}" if words else ""


def add_partner(*, name: str, short_name: str, kind: PartnerKind, region: str, by: By) -> Agency:
    """Add a partner organisation, for which people can then be enrolled. Gives it as it stands."""
    if not administers(by, CENTRE):
        raise NotPermitted("Only an administrator of the centre adds a partner organisation; ask one.")
    said = _in_words(name, LONGEST_PARTNER_NAME, "the name of the organisation")
    short = _in_words(short_name, LONGEST_SHORT_NAME, "a short name, for tables")
    if region and region not in COUNTRY_OF:
        raise UserError(f"There is no region {region!r}; choose one of the list, or none.")
    made = Agency(
        id=id_made_from(said), name=said, short_name=short, kind=kind, country=COUNTRY_OF.get(region, ""), region=region
    )
    if not made.id or len(made.id) > LONGEST_ID:
        raise UserError(
            f"Give a name of which letters and digits make an id of at most {LONGEST_ID - len(PARTNER)} characters, "
            "such as the short one that people use."
        )
    with transaction.atomic():
        _refuse_a_name_that_is_taken(made)
        _write(made, by)
        about = Subject("partner", made.id, {"name": said, "kind": str(kind), "region": region})
        log(Event.PARTNER_ADDED, by=by, about=about, purpose="administration")
    return made


def cover_authorities(*, organisation: str, named: Iterable[str], by: By) -> Agency:
    """Say which upper-tier local authorities an organisation covers, by code or by name; none takes all away."""
    if not administers(by, CENTRE):
        raise NotPermitted(
            "Only an administrator of the centre says which authorities an organisation covers; ask one."
        )
    codes = sorted({_authority_named(each) for each in named if each.strip()})
    with transaction.atomic():
        found = Agency.objects.filter(id=organisation, id__startswith=PARTNER).first()
        if found is None:
            raise UserError("There is no such partner organisation; choose one of the list.")
        if codes and found.kind not in COVERS:
            raise UserError(
                f"{found.name} is no children’s services or adult social care, so it covers no local authority."
            )
        if isinstance(by, Viewer) and not by.is_administrator:
            with connection.cursor() as cursor:
                cursor.execute("SELECT crossline_cover_authorities(%s, %s)", [found.id, codes])
        else:
            Agency.objects.filter(id=found.id).update(authorities=codes)
        about = Subject("partner", found.id, {"before": found.authorities, "authorities": codes})
        log(Event.PARTNER_COVERS, by=by, about=about, purpose="administration")
    found.refresh_from_db()
    return found


def organisations_for(authority: str, kind: PartnerKind) -> list[str]:
    """The ids of the organisations of a kind that cover an authority and have somebody who can read what they are told."""
    found = Agency.objects.filter(id__startswith=PARTNER, kind=kind, authorities__contains=[authority]).order_by("id")
    reads = Person.objects.filter(is_active=True, roles__contains=[Role.PARTNER])
    return list(found.filter(id__in=reads.values("agency_id")).values_list("id", flat=True))


def _authority_named(said: str) -> str:
    plain = " ".join(said.split()).casefold()
    known = authorities().values()
    found = [each.code for each in known if plain in (each.code.casefold(), each.name.casefold())]
    if len(found) != 1:
        raise UserError(
            f"{said.strip()[:80]!r} is no upper-tier local authority; give its name as the register has it, or its code, "
            "such as E10000016 for Kent."
        )
    return found[0]


def partners(by: Viewer) -> list[Agency]:
    """The partner organisations whose people somebody may enrol: for the centre's administrators all, by name."""
    return [each for each in Agency.objects.filter(id__startswith=PARTNER).order_by("name") if administers(by, each.id)]


def own_organisation(viewer: Viewer) -> Agency:
    """The organisation that somebody takes part for."""
    return Agency.objects.get(id=viewer.agency)


def who_may_sign_in(organisations: Iterable[Agency]) -> Mapping[str, int]:
    """How many people of each may sign in, for those that have any. For whoever administers them."""
    may = Person.objects.filter(agency__in=list(organisations), is_active=True)
    return Counter(may.values_list("agency_id", flat=True))


def own_administrators(viewer: Viewer) -> list[Person]:
    """Whom somebody can ask about their own access: the others of the same organisation who enrol its people, by name."""
    own = Person.objects.filter(agency=viewer.agency, is_active=True, roles__contains=[Role.ADMINISTRATOR])
    return list(own.exclude(username=viewer.username).order_by("name", "username"))


def _in_words(said: str, longest: int, what: str) -> str:
    plain = " ".join(said.split())
    if not plain or len(plain) > longest or any(unicodedata.category(each).startswith("C") for each in plain):
        raise UserError(f"Give {what}, in at most {longest} letters, digits and signs that can be read.")
    return plain


def _refuse_a_name_that_is_taken(made: Agency) -> None:
    """Of an agency too: whoever enrols people must not take one for the other."""
    named = Q(id=made.id) | Q(name__iexact=made.name) | Q(short_name__iexact=made.name)
    taken = Agency.objects.filter(
        named | Q(name__iexact=made.short_name) | Q(short_name__iexact=made.short_name)
    ).first()
    if taken is not None:
        raise UserError(f"{taken.name} is on the list already; give a name and a short name that nobody has.")


def _write(made: Agency, by: By) -> None:
    """Pages through the function, processes and the machine's own administrator by themselves."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if isinstance(by, Viewer) and not by.is_administrator:
                given = [made.id, made.name, made.short_name, made.kind, made.country, made.region]
                cursor.execute("SELECT crossline_add_partner(%s, %s, %s, %s, %s, %s)", given)
            else:
                made.save(force_insert=True)
    except IntegrityError as error:
        raise UserError(f"{made.name} was added by somebody else at this moment; look at the list.") from error
