"""lines.csv: one county line as an agency returns it, with its numbers and markets as assertions of the return."""

from __future__ import annotations

from crossline.records.intake.mentions import tagged
from crossline.records.intake.parsed import ParsedAssertion, ParsedMention, ParsedRecord
from crossline.records.intake.tables import Cells, Sender, Table, content_hash
from crossline.vocabulary.codes import (
    AssertionType,
    Basis,
    Classification,
    Handling,
    LineStatus,
    MentionKind,
    RecordKind,
    Tristate,
)
from crossline.vocabulary.selectors import fold_brand, fold_name, normalise_phone

HARMS = ("violence", "weapons", "child_exploitation", "adult_exploitation", "sexual_violence", "drug_harm")
CRITERIA = ("crit_hub_county", "crit_phone_line", "crit_exploitation", "crit_travel", "crit_violence")
COLUMNS = (
    "agency",
    "line_ref",
    "name",
    "numbers",
    "exporting_agency",
    "importing_agencies",
    "towns",
    "first_seen",
    "last_seen",
    "status",
    "drugs",
    *HARMS,
    *CRITERIA,
)


def parse(cells: Cells, sender: Sender) -> ParsedRecord:
    """A row as a record of kind `line_return`."""
    first, last = cells.day("first_seen"), cells.day("last_seen")
    line = ParsedMention(
        "line", MentionKind.LINE, cells.text("name") or "unnamed line", tagged("line", fold_brand(cells.text("name")))
    )
    mentions, assertions = [line], []
    for place, (column, kind, scheme, relation) in enumerate(_PARTS):
        for number, value in enumerate(cells.several(column), start=1):
            selector = normalise_phone(value) if scheme == "phone" else fold_name(value)
            mention = ParsedMention(f"{'nt'[place]}{number}", kind, value, tagged(scheme, selector or None))
            mentions.append(mention)
            assertions.append(ParsedAssertion("line", mention.key, relation, Basis.ASSESSMENT, None, first, last))
    detail = {
        "status": cells.word("status", LineStatus, default=LineStatus.IDENTIFIED),
        "exporting_agency": cells.text("exporting_agency"),
        "importing_agencies": cells.several("importing_agencies"),
        "towns": cells.several("towns"),
        "first_seen": None if first is None else first.isoformat(),
        "last_seen": None if last is None else last.isoformat(),
        "drugs": cells.several("drugs"),
        "harms": {name: cells.score(name) for name in HARMS},
        "criteria": {name: cells.word(name, Tristate, default=Tristate.UNKNOWN) for name in CRITERIA},
    } | cells.kept_besides(COLUMNS)
    ref = cells.needed("line_ref")
    return ParsedRecord(
        source="lines",
        ref=ref,
        kind=RecordKind.LINE_RETURN,
        made_at=sender.made_at,
        handling=Handling.P,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=f"Return of line {line.caption}",
        mentions=tuple(mentions),
        assertions=tuple(assertions),
        detail=detail,
        content_hash=content_hash({"ref": ref, "name": line.caption, "numbers": cells.several("numbers"), **detail}),
        revisable=True,
    )


_PARTS = (
    ("numbers", MentionKind.PHONE, "phone", AssertionType.TAKES_ORDERS_ON),
    ("towns", MentionKind.PLACE, "place", AssertionType.SELLS_IN),
)

TABLE = Table("lines", COLUMNS, ("line_ref",), parse)
