"""Leaks planted in the product, each of which the comparison must find: a suite is as good as what it catches.

Those of a kind are made from the source itself: every place where a query is filtered is a leak when the filter is taken out
there, so a new query brings its own. Those that change nothing by themselves stand in unseen.py, each with the reason.
"""

from __future__ import annotations

import ast
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from unittest.mock import patch

from django.db import connection
from django.urls import get_callable

import crossline
from crossline.access import pages, policy
from crossline.access.audit import AuditEvent
from crossline.access.models import Person
from crossline.access.viewer import Viewpoint
from crossline.records.generation import Kept
from crossline.records.models import Change, Mention, Record
from crossline.vocabulary.codes import Handling

from .walls import Walls
from .world import World

FILTERS: Final = ("visible", "clause", "among")
SOURCE: Final = Path(crossline.__file__).parent


@dataclass(frozen=True)
class Leak:
    """A fault by which something hidden shows, the walls it is looked for behind, how it is planted, and where it can show: of
    a route and of what its answer is made from (see sweeping). `after_others`: only once others have looked."""

    name: str
    walls: Walls
    planted: Callable[[World], AbstractContextManager[Any]]
    shows: Callable[[str, frozenset[str]], bool]
    after_others: bool = False


def on_routes(*names: str) -> Callable[[str, frozenset[str]], bool]:
    """Shows on these routes, whatever their answers are made from."""
    return lambda route, marks: route in names


def where(mark: str) -> Callable[[str, frozenset[str]], bool]:
    """Shows in answers that are made through this filter or from this kept result."""
    return lambda route, marks: mark in marks


def forget_kept() -> None:
    """Drop every kept result, so that one leak never serves the next."""
    for each in all_kept():
        each.forget()


@cache
def all_kept() -> tuple[Any, ...]:
    """Every kept result there is; asked by type, because a lazy object answers `isinstance` by waking up."""
    for file in sorted(SOURCE.rglob("views.py")):
        import_module(".".join(("crossline", *file.relative_to(SOURCE).with_suffix("").parts)))
    return tuple(each for each in gc.get_objects() if issubclass(type(each), Kept))


def mark_of_kept(kept: Any) -> str:
    """Its name, as leaks and recordings have it."""
    return f"{kept._compute.__module__.removeprefix('crossline.')}.{kept._compute.__name__}"


# The filter is taken out of one query


@dataclass(frozen=True)
class Site:
    """One call of the filter in the source: what is called, in which lines, and which of its columns is left out."""

    file: Path
    first: int
    last: int
    called: str
    column: int
    of: int

    @property
    def name(self) -> str:
        which = f", column {self.column + 1} of {self.of}" if self.of > 1 else ""
        return f"no filter in {self.mark}{which}"

    @cached_property
    def mark(self) -> str:
        return f"{self.file.relative_to(SOURCE)}, {self.called} {self.ordinal}"

    @property
    def ordinal(self) -> int:
        """Which call of the file it is, counted from 1: unlike a line's number it stays when something else moves."""
        firsts = sorted({site.first for site in sites_of(self.file)})
        return firsts.index(self.first) + 1

    def is_called_from(self, frame: Any) -> bool:
        return frame.f_code.co_filename == str(self.file) and self.first <= frame.f_lineno <= self.last


def sites_of(file: Path) -> list[Site]:
    """The calls of the viewpoint's filters in a file."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FILTERS:
            columns = {"clause": node.args, "visible": node.args[1:], "among": []}[node.func.attr]
            number = sum(2 if isinstance(each, ast.Starred) else 1 for each in columns) or 1
            found += [
                Site(file, node.lineno, node.end_lineno or node.lineno, node.func.attr, column, number)
                for column in range(number)
            ]
    return found


def _without(site: Site) -> Callable[[World], AbstractContextManager[Any]]:
    visible, clause, among = Viewpoint.visible, Viewpoint.clause, Viewpoint.among

    def leaky_visible(viewpoint: Viewpoint, rows: Any, *fields: str) -> Any:
        if site.called == "visible" and site.is_called_from(sys._getframe(1)):
            kept = [each for place, each in enumerate(fields) if place != site.column]
            return visible(viewpoint, rows, *kept) if kept else rows
        return visible(viewpoint, rows, *fields)

    def leaky_clause(viewpoint: Viewpoint, *columns: str) -> Any:
        if site.called == "clause" and site.is_called_from(sys._getframe(1)):
            kept = [each for place, each in enumerate(columns) if not (place == site.column or site.of == 1)]
            return clause(viewpoint, *kept) if kept else ("TRUE", [])
        return clause(viewpoint, *columns)

    def leaky_among(viewpoint: Viewpoint, rows: Any, condition: Any) -> Any:
        taken_out = site.called == "among" and site.is_called_from(sys._getframe(1))
        return rows if taken_out else among(viewpoint, rows, condition)

    return lambda world: patch.multiple(Viewpoint, visible=leaky_visible, clause=leaky_clause, among=leaky_among)


@cache
def sites() -> tuple[Site, ...]:
    """Every call of a filter in the source."""
    files = (file for file in sorted(SOURCE.rglob("*.py")) if file.name != "viewer.py")
    return tuple(site for file in files for site in sites_of(file))


def in_queries() -> Iterator[Leak]:
    """One for each query of the source, and one for each file of it: where a query filters what another has filtered already,
    only both together are a leak."""
    yield from (Leak(site.name, Walls.FILTER_ALONE, _without(site), where(site.mark)) for site in sites())
    for file in sorted({site.file for site in sites()}):
        marks = frozenset(site.mark for site in sites() if site.file == file)
        yield Leak(
            f"no filter at all in {file.relative_to(SOURCE)}",
            Walls.FILTER_ALONE,
            _without_any(file),
            lambda route, made, marks=marks: bool(marks & made),
        )


def _without_any(file: Path) -> Callable[[World], AbstractContextManager[Any]]:
    visible, clause, among = Viewpoint.visible, Viewpoint.clause, Viewpoint.among
    here = str(file)

    def leaky_visible(viewpoint: Viewpoint, rows: Any, *fields: str) -> Any:
        return rows if _caller() == here else visible(viewpoint, rows, *fields)

    def leaky_clause(viewpoint: Viewpoint, *columns: str) -> Any:
        return ("TRUE", []) if _caller() == here else clause(viewpoint, *columns)

    def leaky_among(viewpoint: Viewpoint, rows: Any, condition: Any) -> Any:
        return rows if _caller() == here else among(viewpoint, rows, condition)

    return lambda world: patch.multiple(Viewpoint, visible=leaky_visible, clause=leaky_clause, among=leaky_among)


def _caller() -> str:
    """The file from which the filter was asked for."""
    return sys._getframe(2).f_code.co_filename


# A kept result is computed over everything


def in_kept_results() -> Iterator[Leak]:
    """One for each costly result that is kept: computed as the administrator sees it."""
    for name, each in sorted({mark_of_kept(each): each for each in all_kept()}.items()):
        yield Leak(f"computed over everything: {name}", Walls.FILTER_ALONE, _over_everything(each), where(name))


def _over_everything(kept: Any) -> Callable[[World], AbstractContextManager[Any]]:
    compute = kept._compute

    def leaky(viewpoint: Viewpoint) -> Any:
        return compute(Viewpoint(viewpoint.viewer, None))

    leaky.__module__, leaky.__name__ = compute.__module__, compute.__name__
    return lambda world: patch.object(kept, "_compute", leaky)


# Row security is opened


def _ran(*statements: str) -> Callable[[World], AbstractContextManager[Any]]:
    @contextmanager
    def planted(world: World) -> Iterator[None]:
        with world.builders.role("none"), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        yield  # whoever plants it goes back to a savepoint

    return planted


def in_row_security() -> Iterator[Leak]:
    """One for each table that the web role reads under a policy, and the function that all of them ask."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT polrelid::regclass::text, polname FROM pg_policy "
            "WHERE polcmd IN ('r', '*') AND (SELECT oid FROM pg_roles WHERE rolname = 'crossline_web') = ANY (polroles)"
        )
        policies = sorted(cursor.fetchall())
    for table, name in policies:
        yield Leak(
            f"row security of {table} lets everything pass ({name})",
            Walls.ROW_SECURITY_ALONE,
            _ran(f"ALTER POLICY {name} ON {table} USING (true)"),
            where(f"table {table}"),
        )
    body = (
        "CREATE OR REPLACE FUNCTION crossline_visible_audiences() RETURNS bigint[] LANGUAGE sql STABLE SECURITY DEFINER "
        "SET search_path = public, pg_temp AS $$ {} $$"
    )
    joined = (
        "SELECT coalesce(array_agg(DISTINCT al.audience_id), '{}') FROM access_person p "
        "JOIN access_membership m ON m.person_id = p.id JOIN access_audiencelabel al ON al.label_id = m.label_id WHERE "
    )
    for name, select in {
        "every audience": "SELECT array_agg(id) FROM access_audience",
        "the audiences of anybody of the same agency": joined + "p.agency_id <> 'nobody' AND p.is_active",
        "everybody's when nobody looks": joined
        + "p.id = coalesce(nullif(current_setting('crossline.viewer', true), '')::uuid, p.id)",
    }.items():
        yield Leak(f"who may see what: {name}", Walls.ROW_SECURITY_ALONE, _ran(body.format(select)), on_routes("table"))


# An answer says more than it should


def _rendered(change: Callable[[Any], None]) -> Callable[[World], AbstractContextManager[Any]]:
    """Changes every page after it is rendered, still inside its transaction."""
    render = pages.render

    def leaky(*arguments: Any, **named: Any) -> Any:
        answer = render(*arguments, **named)
        change(answer)
        return answer

    return lambda world: patch.object(pages, "render", leaky)


def _header(name: str, value: Callable[[], object]) -> Callable[[Any], None]:
    return lambda answer: answer.headers.__setitem__(name, str(value()))


def _body(value: Callable[[], object]) -> Callable[[Any], None]:
    def change(answer: Any) -> None:
        answer.content += f"<p>{value()}</p>".encode()

    return change


SAID_BY_PAGES: Final = MappingProxyType(
    {
        "a tag of the state of the whole store": _header("ETag", Record.objects.count),
        "when anything last changed": _header("X-Changed", lambda: Record.objects.latest("received_at").received_at),
        "how many records there are": _body(Record.objects.count),
        "how many people are mentioned": _body(lambda: Mention.objects.filter(kind="person").count()),
        "a badge of new concerns": _body(lambda: Record.objects.filter(kind__in=["concern", "missing"]).count()),
        "a facet of every agency with a record": _body(
            lambda: sorted(Record.objects.values_list("owner", "kind").distinct())
        ),
        "the highest reference": _body(lambda: Record.objects.latest("ref").ref),
        "the number of the last change": _body(lambda: Change.objects.latest("id").id),
        "suggestions from every name": _body(lambda: sorted(set(Mention.objects.values_list("surname", flat=True)))),
        "the latest day of anything": _body(lambda: Record.objects.latest("made_at").made_at),
        "a scale to the largest of all": _body(lambda: Record.objects.filter(kind="investigation").count()),
        "how many people may sign in": _body(Person.objects.count),
        "the audit's length": _body(AuditEvent.objects.count),
        "the names of operations": _body(
            lambda: sorted(Record.objects.filter(kind="investigation").values_list("subject", "ref"))
        ),
        "numbers that are wanted elsewhere": _body(
            lambda: sorted(filter(None, Mention.objects.filter(kind="phone").values_list("selector", flat=True)))
        ),
    }
)


def _not_found(change: Callable[[Any, str], Any]) -> Callable[[World], AbstractContextManager[Any]]:
    """Answers an address that leads to something hidden unlike one that leads nowhere."""
    from crossline.access import views

    plain = views.not_found

    def leaky(request: Any, exception: Exception | None = None) -> Any:
        answer = plain(request, exception)
        key = request.path.rpartition("/")[2]
        try:
            there = Record.objects.filter(id=key).exists() or Mention.objects.filter(id=key).exists()
        except Exception:
            return answer
        return change(answer, key) if there else answer

    @contextmanager
    def planted(world: World) -> Iterator[None]:
        get_callable.cache_clear()  # Django keeps the handler that it found first
        with patch.object(views, "not_found", leaky):
            yield
        get_callable.cache_clear()

    return planted


def _status(answer: Any, key: str) -> Any:
    answer.status_code = 403
    return answer


def _stub(answer: Any, key: str) -> Any:
    answer.content += b"<p>You may not see this. Ask the agency that sent it.</p>"
    return answer


def _told_in_header(answer: Any, key: str) -> Any:
    answer.headers["X-Reason"] = "need to know"
    return answer


def _failed(answer: Any, key: str) -> Any:
    answer.status_code = 500
    return answer


SAID_WHEN_NOT_FOUND: Final = MappingProxyType(
    {
        "forbidden in place of not found": _status,
        "a stub that says it is restricted": _stub,
        "a header that tells the reason": _told_in_header,
        "an error where something is hidden": _failed,
    }
)


def in_answers() -> Iterator[Leak]:
    """Pages, errors and the sign-in page that tell."""
    for name, change in SAID_BY_PAGES.items():
        yield Leak(
            f"every page tells {name}", Walls.FILTER_ALONE, _rendered(change), on_routes("definitions", "records")
        )
    for name, told in SAID_WHEN_NOT_FOUND.items():
        yield Leak(f"not found: {name}", Walls.FILTER_ALONE, _not_found(told), on_routes("by id"))
    yield Leak("signing in tells who exists", Walls.BOTH, _sign_in_tells, on_routes("sign-in"))
    yield Leak(
        "one viewer's kept results serve another",
        Walls.BOTH,
        lambda world: patch.object(Viewpoint, "key", "all"),
        on_routes("national-picture", "lines", "overlaps", "concerns"),
        after_others=True,
    )
    yield Leak("exports are the administrator's", Walls.FILTER_ALONE, _exports_of_everything, on_routes("export"))


def _sign_in_tells(world: World) -> AbstractContextManager[Any]:
    from crossline.access import sign_in as views

    plain = views.SignIn.form_invalid

    def leaky(view: Any, form: Any) -> Any:
        answer = plain(view, form)
        if Person.objects.filter(username=form.data.get("username", "")).exists():
            answer.headers["X-Known"] = "yes"
        return answer

    return patch.object(views.SignIn, "form_invalid", leaky)


def _exports_of_everything(world: World) -> AbstractContextManager[Any]:
    from crossline.exchange import exports

    write = exports._write
    return patch.object(
        exports,
        "_write",
        lambda asked, viewpoint, *rest, **said: write(asked, Viewpoint(viewpoint.viewer, None), *rest, **said),
    )


# The policy itself says too much


def _rules(
    change: Callable[[policy.AudienceRule], policy.AudienceRule],
) -> Callable[[World], AbstractContextManager[Any]]:
    return lambda world: patch.object(policy, "RULES", tuple(change(rule) for rule in policy.RULES))


def _wider(
    label: str, *, only: Callable[[policy.AudienceRule], bool]
) -> Callable[[policy.AudienceRule], policy.AudienceRule]:
    def change(rule: policy.AudienceRule) -> policy.AudienceRule:
        if not only(rule):
            return rule
        return policy.AudienceRule(rule.kinds, rule.handling, rule.labels | {label}, rule.authority)

    return change


def in_the_policy() -> Iterator[Leak]:
    """A rule that lets too many see: found because what is added, hidden by the trade's rules, comes into sight."""
    wider = {
        "handling C is for all police": _wider("police", only=lambda rule: rule.handling is Handling.C),
        "children's records are for all police": _wider("police", only=lambda rule: "home" in rule.labels),
        "investigations, money and communications are for all police": _wider(
            "police", only=lambda rule: rule.handling is None and rule.labels == {"owner", "centre"}
        ),
    }
    for name, change in wider.items():
        yield Leak(f"policy: {name}", Walls.BOTH, _rules(change), on_routes())
    yield Leak("policy: what the sender says of the audience is not heard", Walls.BOTH, _explicit_unheard, on_routes())


def _explicit_unheard(world: World) -> AbstractContextManager[Any]:
    return patch.object(policy, "_explicit", lambda names, agencies: {"police"})


def all_leaks() -> list[Leak]:
    """Every leak, in a fixed order."""
    return [*in_queries(), *in_kept_results(), *in_row_security(), *in_answers()]


@contextmanager
def planted(leak: Leak, world: World) -> Iterator[None]:
    """With this leak in the product."""
    with ExitStack() as stack:
        forget_kept()
        stack.callback(forget_kept)
        stack.enter_context(leak.planted(world))
        yield
