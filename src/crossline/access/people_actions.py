"""What changes who may sign in, and as what. Each action checks, writes and audits in one transaction.

`by` is a process of ours, the local administrator, or an administrator who is signed in. The last acts on the people of
their own agency (the centre's on everybody's), never on themselves, and works through a function of the database that
asks the same again (access/people_security.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from crossline.access.audit import Event, Process, Subject, log
from crossline.access.models import Agency, Person
from crossline.access.one_time_codes import new_password
from crossline.access.policy import CENTRE, labels_for
from crossline.access.roles import Role, roles_of
from crossline.access.second_factor import end_second_factor
from crossline.access.viewer import ADMINISTRATOR, Viewer
from crossline.errors import NotPermitted, UserError
from crossline.vocabulary.agencies import is_partner

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,79}")
"""What somebody may be called: nothing that could pass for a process or the local administrator in the audit."""
RESERVED = frozenset({ADMINISTRATOR.username, "new"})
"""The local administrator's name, and the address of the page on which people are enrolled."""
LONGEST_NAME = 120

By = Viewer | Process


@dataclass(frozen=True)
class _Written:
    """What is written of a person. `password` (a hash) and `temporary` None: as they were."""

    username: str
    name: str
    agency: str
    roles: tuple[Role, ...]
    active: bool = True
    password: str | None = None
    temporary: bool | None = None


def administers(by: By, agency: str) -> bool:
    """Whether somebody may act on the people of an agency."""
    if isinstance(by, Process) or by.is_administrator:
        return True
    return Role.ADMINISTRATOR in by.roles and by.agency in (agency, CENTRE)


def reset_password_for(*, username: str, lost_device: bool, by: By) -> str:
    """A temporary password, shown once; whoever is signed in as that person is signed out. A lost device ends its codes."""
    password = new_password()
    with transaction.atomic():
        person = _to_act_on(username, by)
        if not person.is_active:
            raise UserError(f"The access of {username} has ended; let them back in instead.")
        _write(replace(_as_held(person), password=make_password(password), temporary=True), by)
        if lost_device:
            end_second_factor(person=person.id, username=username, by=by)
        about = Subject("person", username, {"lost_device": lost_device})
        log(Event.SIGN_IN_RESET, by=by, about=about, purpose="administration")
    return password


@transaction.atomic
def enrol(*, username: str, name: str, agency: str, roles: Iterable[Role], password: str, by: By) -> Person:
    """Let somebody sign in, or bring their roles and password up to date. Labels follow from agency and roles."""
    _check_name_and_agency(username, name, agency, by)
    check_password_will_do(password)
    existing = Person.objects.filter(username=username).first()
    if existing is not None:
        _refuse_out_of_reach(existing, by)
    _write(
        _Written(
            username=username,
            name=name.strip(),
            agency=agency,
            roles=_in_order(roles),
            active=existing is None or existing.is_active,
            password=make_password(password),
            temporary=False,
        ),
        by,
    )
    _log_enrolment(username, agency, _in_order(roles), by)
    return Person.objects.get(username=username)


@transaction.atomic
def enrol_newcomer(*, username: str, name: str, agency: str, roles: Iterable[Role], by: By) -> str:
    """Let somebody new sign in; gives their temporary password, which is shown once. Nobody who exists is touched."""
    _check_name_and_agency(username, name, agency, by)
    if Person.objects.filter(username=username).exists():
        raise UserError(f"The username {username} cannot be given; choose another, such as {agency}.{username[:20]}2.")
    held = _in_order(roles)
    if not held:
        raise UserError("Choose at least one role: without any, somebody who signs in sees nothing.")
    password = new_password()
    _write(_Written(username, name.strip(), agency, held, password=make_password(password), temporary=True), by)
    _log_enrolment(username, agency, held, by)
    return password


@transaction.atomic
def appoint_administrator(*, username: str, name: str, agency: str, by: Process) -> str:
    """Where no administrator can help: the first of an agency, or one who can no longer sign in. Gives a temporary password."""
    _check_name_and_agency(username, name, agency, by)
    existing = Person.objects.filter(username=username).first()
    if existing is not None and existing.agency_id != agency:
        raise UserError(
            f"{username} is of {existing.agency_id}, not of {agency}; give that agency, or another username."
        )
    held = _in_order([Role.ADMINISTRATOR, *(Role(role) for role in (existing.roles if existing else ()))])
    password = new_password()
    _write(_Written(username, name.strip(), agency, held, password=make_password(password), temporary=True), by)
    if existing is not None:
        end_second_factor(person=existing.id, username=username, by=by)
    _log_enrolment(username, agency, held, by)
    return password


@transaction.atomic
def change_roles(*, username: str, roles: Iterable[Role], by: By) -> None:
    """Somebody holds these roles from their next request on, and sees what goes with them."""
    person = _to_act_on(username, by)
    if not person.is_active:
        raise UserError(f"The access of {username} has ended; let them back in before you change roles.")
    held = _in_order(roles)
    if not held:
        raise UserError("Choose at least one role, or end the person's access.")
    before = list(person.roles)
    _write(replace(_as_held(person), roles=held), by)
    about = Subject("person", username, {"before": before, "roles": [str(role) for role in held]})
    log(Event.PERSON_CHANGED, by=by, about=about, purpose="administration")


@transaction.atomic
def end_access(*, username: str, reason: str, by: By) -> Person:
    """Somebody may no longer sign in, and sees nothing from their next request on. Their name stays on what they did."""
    person = _to_act_on(username, by)
    if not reason.strip():
        raise UserError("Give the reason why access ends.")
    # No password is right any more, so that an open session does not live again if they are let back in.
    _write(replace(_as_held(person), active=False, password=make_password(None)), by)
    about = Subject("person", username, {"reason": reason.strip()[:200]})
    log(Event.ACCESS_ENDED, by=by, about=about, purpose="administration")
    person.refresh_from_db()
    return person


@transaction.atomic
def restore_access(*, username: str, reason: str, by: By) -> str:
    """Let somebody whose access ended back in, with the roles they had; gives a temporary password, shown once."""
    person = _to_act_on(username, by)
    if person.is_active:
        raise UserError(f"{username} may sign in already.")
    if not reason.strip():
        raise UserError("Give the reason why they are let back in.")
    password = new_password()
    _write(replace(_as_held(person), active=True, password=make_password(password), temporary=True), by)
    about = Subject("person", username, {"reason": reason.strip()[:200], "roles": list(person.roles)})
    log(Event.ACCESS_RESTORED, by=by, about=about, purpose="administration")
    return password


@transaction.atomic
def change_own_password(*, viewer: Viewer, password: str) -> None:
    """Somebody's own new password; their other sessions end. The page has asked for the old one."""
    check_password_will_do(password)
    with connection.cursor() as cursor:
        cursor.execute("SELECT crossline_set_own_password(%s)", [make_password(password)])
    log(Event.PASSWORD_CHANGED, by=viewer, about=Subject("person", viewer.username), purpose="sign in")


def check_password_will_do(password: str) -> None:
    """Raises UserError with what is wrong with a new password."""
    try:
        validate_password(password)
    except ValidationError as error:
        raise UserError(f"The password will not do: {' '.join(error.messages)}") from error


def _check_name_and_agency(username: str, name: str, agency: str, by: By) -> None:
    if not USERNAME.fullmatch(username) or username in RESERVED:
        raise UserError(f"{username!r} cannot be a user's name; use small letters, digits, dots and hyphens.")
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise UserError(f"Give the person's name, in at most {LONGEST_NAME} characters.")
    if not Agency.objects.filter(pk=agency).exists():
        raise UserError(f"There is no agency {agency!r}; use an id from the agency list, such as 'kent'.")
    if not administers(by, agency):
        raise NotPermitted(
            f"You may not enrol people of {agency}; ask an administrator of that agency or of the centre."
        )


def _to_act_on(username: str, by: By) -> Person:
    """The person, if `by` may act on them. Somebody else's people are answered like nobody."""
    person = Person.objects.filter(username=username).first()
    if person is None or not administers(by, person.agency_id):
        raise UserError(f"There is nobody called {username!r}; check the name.")
    _refuse_out_of_reach(person, by)
    return person


def _refuse_out_of_reach(person: Person, by: By) -> None:
    if not administers(by, person.agency_id):
        raise UserError(f"The username {person.username} cannot be given; choose another.")
    if isinstance(by, Viewer) and by.person_id == person.id:
        raise NotPermitted("You cannot change your own access; ask another administrator.")


def _as_held(person: Person) -> _Written:
    roles = _in_order(Role(role) for role in person.roles)
    return _Written(person.username, person.name, person.agency_id, roles, person.is_active)


def _in_order(roles: Iterable[Role]) -> tuple[Role, ...]:
    return tuple(sorted({Role(role) for role in roles}))


def _log_enrolment(username: str, agency: str, roles: Iterable[Role], by: By) -> None:
    about = Subject("person", username, {"agency": agency, "roles": [str(role) for role in roles]})
    log(Event.PERSON_ENROLLED, by=by, about=about, purpose="administration")


def _refuse_roles_of_others(agency: str, roles: Iterable[Role]) -> None:
    if frozenset(roles) <= roles_of(agency):
        return
    if is_partner(agency):
        raise UserError(
            f"People of a partner organisation hold no other roles than {' and '.join(sorted(roles_of(agency)))}."
        )
    raise UserError(f"The role {Role.PARTNER} is for people of a partner organisation; choose others.")


def _write(person: _Written, by: By) -> UUID:
    """One statement: the person, their labels and what they no longer hold."""
    _refuse_roles_of_others(person.agency, person.roles)
    signed_in = isinstance(by, Viewer) and not by.is_administrator
    function = "crossline_administer_person" if signed_in else "crossline_write_person"
    labels = sorted(labels_for(agency=person.agency, roles=person.roles)) if person.active else []
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {function}(%s, %s, %s, %s::text[], %s::text[], %s, %s, %s)",
            [
                person.username,
                person.name,
                person.agency,
                [str(role) for role in person.roles],
                labels,
                person.active,
                person.password,
                person.temporary,
            ],
        )
        row = cursor.fetchone()
    return UUID(str(row[0]))
