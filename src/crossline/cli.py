"""The command line: one sub-command a line of docs/formats.md, each with an example, progress and plain errors.

Exit codes: 0 done, 1 something was refused, 2 wrong usage. A sub-command imports what it needs when it runs, so that help
and the engines on files start at once and need no database.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from crossline import commands, comms_commands, deconflict_commands, private_check_commands, retention_commands
from crossline.errors import CrosslineError, UsageError

EXPORTS = (
    "people",
    "phones",
    "addresses",
    "vehicles",
    "lines",
    "line-numbers",
    "successions",
    "overlaps",
    "priorities",
    "concerns",
    "returns",
    "figures",
    "flows",
)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, then how to get help; exits with 2."""

    def error(self, message: str) -> None:  # type: ignore[override]  # it exits, like the original
        self.exit(2, f"crossline: {message}; see '{self.prog} --help'.\n")


def parser() -> _Parser:
    """The whole command line."""
    root = _Parser(prog="crossline", description="The platform a national county lines coordination centre runs on.")
    commands_ = root.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    _data_commands(commands_)
    _people_commands(commands_)
    _audit_commands(commands_)
    _retention_commands(commands_)
    private_check_commands.add_to(deconflict_commands.add_to(commands_, _add), _add)
    _engine_commands(commands_)
    return root


def _add(
    to: argparse._SubParsersAction[_Parser], name: str, run: Callable[..., int], text: str, example: str
) -> _Parser:
    made = to.add_parser(
        name,
        help=text,
        description=text[0].upper() + text[1:] + ".",
        epilog=f"Example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.set_defaults(run=run)
    return made


def _scaled(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--scale", choices=("tiny", "region", "nation"), default="region", help="how large (region: seconds)"
    )
    command.add_argument("--seed", type=int, default=1, help="the same seed gives the same nation")


def _data_commands(to: argparse._SubParsersAction[_Parser]) -> None:
    demo = _add(
        to, "demo", commands.demo, "make a synthetic nation, load it, analyse it and serve it", "crossline demo"
    )
    _scaled(demo)
    demo.add_argument("--port", type=int, help="the port to serve on; without it, the first free one from 8000")
    demo.add_argument("--no-serve", action="store_true", help="stop when everything is loaded and analysed")
    simulate = _add(
        to,
        "simulate",
        commands.simulate,
        "write a synthetic nation's deliveries and the truth",
        "crossline simulate /tmp/nation --seed 7",
    )
    simulate.add_argument("out", type=Path, metavar="OUT")
    _scaled(simulate)
    simulate.add_argument(
        "--deliveries",
        choices=("yearly", "monthly"),
        default="yearly",
        help="each agency sends once at the year's end, or each month what is new or has changed in it",
    )
    intake = _add(
        to, "intake", commands.intake, "take in deliveries (folders or .zip files)", "crossline intake deliveries/*"
    )
    intake.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    refresh = _add(to, "refresh", commands.refresh, "run what is due after deliveries", "crossline refresh")
    refresh.add_argument("--full", action="store_true", help="do everything again instead of what is new")
    export = _add(
        to,
        "export",
        commands.export,
        "write what a viewer sees to a file",
        "crossline export lines --as centre.analyst",
    )
    export.add_argument("what", choices=EXPORTS, metavar="WHAT", help=", ".join(EXPORTS))
    export.add_argument("--format", default="csv", help="csv, json, xlsx, geojson, graphml, stix, ftm or i2")
    export.add_argument(
        "--as",
        dest="username",
        metavar="USER",
        help="with this person's need-to-know, victims withheld; without it, as the local administrator, whole",
    )
    export.add_argument("--out", type=Path, metavar="FILE", help="where to; without it, standard output")
    export.add_argument("--with-restricted", action="store_true", help="records whose use is restricted, too")
    score = _add(
        to,
        "score",
        commands.score,
        "hold the results against a simulation's truth",
        "crossline score /tmp/nation/truth",
    )
    score.add_argument("truth", type=Path, metavar="TRUTH")
    serve = _add(to, "serve", commands.serve, "serve the site on this machine", "crossline serve --port 8000")
    serve.add_argument("--port", type=int, help="without it, the first free one from 8000")


def _people_commands(to: argparse._SubParsersAction[_Parser]) -> None:
    administrator = _add(
        to,
        "administrator",
        commands.administrator,
        "make somebody an administrator of their agency, or let one back in who cannot sign in",
        "crossline administrator kent.admin --name 'Ada Wye' --agency kent",
    )
    administrator.add_argument("username", metavar="USERNAME")
    administrator.add_argument("--name", required=True, help="the person's full name")
    administrator.add_argument("--agency", required=True, help="the agency's id, such as kent or nclcc")


def _engine_commands(to: argparse._SubParsersAction[_Parser]) -> None:
    resolve = _add(
        to,
        "resolve",
        commands.resolve,
        "tell which rows of a file of people are one person",
        "crossline resolve people.csv --out entities.csv",
    )
    resolve.add_argument("people", type=Path, metavar="PEOPLE.csv")
    resolve.add_argument("--out", type=Path, metavar="FILE")
    resolve.add_argument(
        "--register", type=Path, metavar="FOLDER",
        help="match the rows with those of earlier files as well; entities keep their names",
    )  # fmt: skip
    comms = _add(
        to,
        "comms",
        _no_analysis,
        "run a communications engine straight on files",
        "crossline comms successions records.csv",
    )
    analyses = comms.add_subparsers(dest="analysis", required=True, metavar="ANALYSIS", parser_class=_Parser)
    for name, run, text in (
        ("successions", comms_commands.successions, "which new number took over from which old one"),
        ("profiles", comms_commands.profiles, "what each number does, and whether it looks like a deal line"),
    ):
        analysis = _add(analyses, name, run, text, f"crossline comms {name} records.csv --out {name}.csv")
        analysis.add_argument("records", type=Path, nargs="+", metavar="RECORDS.csv")
        analysis.add_argument("--out", type=Path, metavar="FILE")
    _attribution_command(analyses)
    _network_commands(analyses)
    _lake_commands(analyses)


def _lake_commands(to: argparse._SubParsersAction[_Parser]) -> None:
    keep = _add(
        to,
        "keep",
        comms_commands.keep,
        "take call records into a lake that the analyses read",
        "crossline comms keep out/lake records.csv",
    )
    keep.add_argument("lake", type=Path, metavar="LAKE", help="its folder; made if there is none")
    keep.add_argument("records", type=Path, nargs="*", metavar="RECORDS.csv")
    keep.add_argument("--together", action="store_true", help="then put the days of months that have ended together")
    forget = _add(
        to,
        "forget",
        comms_commands.forget,
        "delete what a lake holds under one authorisation",
        "crossline comms forget out/lake --agency kent --ref KENT-2026-0031",
    )
    forget.add_argument("lake", type=Path, metavar="LAKE")
    forget.add_argument("--agency", required=True, help="whose authorisation, such as kent")
    forget.add_argument("--ref", required=True, help="its reference")


def _attribution_command(to: argparse._SubParsersAction[_Parser]) -> None:
    attribution = _add(
        to,
        "attribution",
        comms_commands.attribution,
        "whether a line's phone and candidates' phones were in the same hands",
        "crossline comms attribution records.csv --cells cells.csv --line 07700900123 --candidates 07700900456,07700900789",
    )
    _placed(attribution)
    whom = attribution.add_mutually_exclusive_group(required=True)
    whom.add_argument("--candidates", metavar="N1,N2", help="numbers to hold against it, commas between")
    whom.add_argument("--candidates-file", type=Path, metavar="FILE", help="the same, one number a line")
    whom.add_argument("--all-held", action="store_true", help="search every number that the records place")
    attribution.add_argument(
        "--from",
        dest="first",
        type=date.fromisoformat,
        metavar="DATE",
        help="only from this day, stated before looking",
    )
    attribution.add_argument("--to", dest="last", type=date.fromisoformat, metavar="DATE", help="only up to this day")
    attribution.add_argument(
        "--format",
        choices=("csv", "json"),
        default="csv",
        help="json also holds pairs, periods, handsets and the release",
    )
    attribution.add_argument("--out", type=Path, metavar="FILE")
    areas = _add(
        to,
        "areas",
        comms_commands.areas,
        "where a line is run from and where it sells, as shares of areas",
        "crossline comms areas records.csv --cells cells.csv --line 07700900123",
    )
    _placed(areas)
    areas.add_argument("--moving-with", metavar="N1,N2", help="phones known to move with the line's, commas between")
    areas.add_argument("--format", choices=("csv", "json"), default="csv")
    areas.add_argument("--out", type=Path, metavar="FILE")


def _network_commands(to: argparse._SubParsersAction[_Parser]) -> None:
    networks = _add(
        to,
        "networks",
        comms_commands.networks,
        "which numbers are one line, which lines belong together, what other phones did; customers are only counted",
        "crossline comms networks records.csv --table roles --period week --out roles.csv",
    )
    networks.add_argument(
        "--table",
        choices=("members", "links", "roles", "positions", "next"),
        default="members",
        help="which table, as CSV; json holds all of them",
    )
    networks.add_argument(
        "--period", choices=("week", "month", "whole"), default="month", help="what roles are told by"
    )
    valuation = _add(
        to,
        "valuation",
        comms_commands.valuation,
        "a line's customers, contacts a day and sales a day as a range, from call records alone; no sums of money",
        "crossline comms valuation records.csv --numbers numbers.csv --out valuation.csv",
    )
    for analysis in (networks, valuation):
        analysis.add_argument("records", type=Path, nargs="+", metavar="RECORDS.csv")
        analysis.add_argument(
            "--numbers",
            type=Path,
            metavar="FILE",
            help="CSV with the column number, and line, from, to if known; without it, lines are found among the records",
        )
        analysis.add_argument("--format", choices=("csv", "json"), default="csv")
        analysis.add_argument("--out", type=Path, metavar="FILE")


def _placed(analysis: argparse.ArgumentParser) -> None:
    """What an analysis of one line's places is given."""
    analysis.add_argument("records", type=Path, nargs="+", metavar="RECORDS.csv")
    analysis.add_argument(
        "--cells",
        type=Path,
        action="append",
        default=[],
        metavar="CELLS.csv",
        help="where cells stand, any number of times; without it, the cells.csv beside the records",
    )
    analysis.add_argument("--line", required=True, metavar="NUMBER", help="the line's number")


def _audit_commands(to: argparse._SubParsersAction[_Parser]) -> None:
    audit = _add(to, "audit", _no_audit_command, "check the record of who saw and did what", "crossline audit verify")
    acts = audit.add_subparsers(dest="analysis", required=True, metavar="COMMAND", parser_class=_Parser)
    verify = _add(
        acts,
        "verify",
        commands.audit_verify,
        "whether the audit is as it was sealed, and where it is not",
        "crossline audit verify --checkpoints /media/partner/checkpoints.jsonl",
    )
    verify.add_argument(
        "--checkpoints",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a holder's checkpoints, any number of times; without it, the installation's own copy",
    )
    verify.add_argument(
        "--key", metavar="HEX", help="the public key to trust; without it, the first that a holder was given"
    )


def _retention_commands(to: argparse._SubParsersAction[_Parser]) -> None:
    retention = _add(
        to,
        "retention",
        _no_retention_command,
        "review rules and the disposal of reviewed records",
        "crossline retention dispose --dry-run",
    )
    acts = retention.add_subparsers(dest="analysis", required=True, metavar="COMMAND", parser_class=_Parser)
    _add(
        acts,
        "plan",
        retention_commands.retention_plan,
        "print what the review rules would make due, changing nothing",
        "crossline retention plan",
    )
    expected = "the number that the dry run gave, to go above the cap with open eyes"
    apply = _add(
        acts,
        "apply",
        retention_commands.retention_apply,
        "set clocks by the review rules of today",
        "crossline retention apply --expect 120",
    )
    apply.add_argument("--expect", type=int, metavar="NUMBER", help=expected)
    dispose = _add(
        acts,
        "dispose",
        retention_commands.retention_dispose,
        "dispose of what two information managers decided",
        "crossline retention dispose --dry-run",
    )
    dispose.add_argument(
        "--dry-run", action="store_true", help="only print what would go, and which exports may hold it"
    )
    dispose.add_argument("--expect", type=int, metavar="NUMBER", help=expected)


def _no_retention_command() -> int:
    """Never runs: `retention` needs its command, and the parser says so."""
    raise UsageError("retention needs a command: plan, apply or dispose.")


def _no_audit_command() -> int:
    """Never runs: `audit` needs its command, and the parser says so."""
    raise UsageError("audit needs a command: verify.")


def _no_analysis() -> int:
    """Never runs: `comms` needs one of its analyses, and the parser says so."""
    raise UsageError(
        "comms needs an analysis (successions, profiles, attribution, areas, networks or valuation), keep or forget."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code."""
    given = vars(parser().parse_args(arguments))
    given.pop("command")
    given.pop("analysis", None)
    run: Callable[..., int] = given.pop("run")
    try:
        return run(**given)
    except UsageError as error:
        sys.stderr.write(f"crossline: {error}\n")
        return 2
    except CrosslineError as error:
        sys.stderr.write(f"crossline: {error}\n")
        return 1
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("crossline: stopped.\n")
        return 130
