"""investigations.csv: one investigation, each of its selectors a mention."""

from __future__ import annotations

from crossline.errors import RowRefused, SelectorUnreadable
from crossline.records.intake.mentions import born_as_known, tagged
from crossline.records.intake.parsed import ParsedMention, ParsedRecord
from crossline.records.intake.tables import Cells, Sender, Table, at_midnight, content_hash
from crossline.vocabulary.codes import Classification, Handling, MentionKind, RecordKind, SelectorScheme
from crossline.vocabulary.selectors import normalise, read_selectors

COLUMNS = ("agency", "ref", "name", "opened", "closed", "status", "contact", "selectors", "line_refs")

_KINDS: dict[SelectorScheme, MentionKind] = {
    SelectorScheme.PHONE: MentionKind.PHONE,
    SelectorScheme.IMEI: MentionKind.PHONE,
    SelectorScheme.IMSI: MentionKind.PHONE,
    SelectorScheme.VRM: MentionKind.VEHICLE,
    SelectorScheme.POSTCODE: MentionKind.ADDRESS,
    SelectorScheme.ADDRESS: MentionKind.ADDRESS,
    SelectorScheme.PERSON: MentionKind.PERSON,
    SelectorScheme.LINE: MentionKind.LINE,
    SelectorScheme.HANDLE: MentionKind.HANDLE,
    SelectorScheme.ACCOUNT: MentionKind.ACCOUNT,
}


def parse(cells: Cells, sender: Sender) -> ParsedRecord:
    """A row as a record of kind `investigation`."""
    try:
        selectors = read_selectors(cells.text("selectors"))
    except SelectorUnreadable as error:
        raise RowRefused(str(error), column="selectors") from error
    ref, opened, closed = cells.needed("ref"), cells.day("opened"), cells.day("closed")
    detail = {
        "name": cells.text("name"),
        "status": cells.text("status"),
        "contact": cells.text("contact"),
        "opened": None if opened is None else opened.isoformat(),
        "closed": None if closed is None else closed.isoformat(),
        "line_refs": cells.several("line_refs"),
        "selectors": cells.text("selectors"),
    } | cells.kept_besides(COLUMNS)
    return ParsedRecord(
        source="investigations",
        ref=ref,
        kind=RecordKind.INVESTIGATION,
        made_at=sender.made_at,
        occurred_from=at_midnight(opened),
        occurred_to=at_midnight(closed),
        handling=Handling.C,
        classification=Classification.OFFICIAL_SENSITIVE,
        subject=f"Investigation {detail['name'] or ref}",
        mentions=tuple(
            _mention(f"s{number}", scheme, value) for number, (scheme, value) in enumerate(selectors, start=1)
        ),
        detail=detail,
        content_hash=content_hash({"ref": ref, **detail}),
        revisable=True,
    )


def _mention(key: str, scheme: SelectorScheme, value: str) -> ParsedMention:
    kind = _KINDS[scheme]
    if scheme is SelectorScheme.PERSON:
        name, _, born = value.partition("|")
        forename, _, surname = name.strip().rpartition(" ")
        return ParsedMention(
            key,
            kind,
            name.strip() or "unnamed person",
            forename=forename,
            surname=surname,
            born=born_as_known(born.strip()),
        )
    selector = normalise(scheme, value)
    if scheme is SelectorScheme.POSTCODE and selector:
        return ParsedMention(key, kind, value, tagged("address", f"{selector}||"))
    return ParsedMention(key, kind, value, tagged(str(scheme), selector))


TABLE = Table("investigations", COLUMNS, ("ref",), parse)
