"""Excel workbooks: one visible sheet, text typed as text so that nothing in it can run, and who exported it on each page."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from crossline.errors import UserError
from crossline.exchange.formulas import is_formula
from crossline.exchange.stamp import Stamp
from crossline.exchange.tables import Table, Value

MOST_ROWS: Final = 1_048_575
"""What a sheet holds below its header."""
MOST_CHARACTERS: Final = 32_767
"""What a cell holds."""
_CANNOT_STAND: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_xlsx(table: Table, out: BinaryIO, stamp: Stamp) -> int:
    """One sheet with the columns as header. Gives how many rows. Raises UserError where a sheet cannot hold it all."""
    book = Workbook(write_only=True)
    book.properties.creator = "Crossline"
    book.properties.description = stamp.words
    sheet = book.create_sheet(table.what)
    sheet.freeze_panes = "A2"
    sheet.oddFooter.center.text = stamp.words.replace("&", "&&")
    bold = Font(bold=True)
    header = [_cell(sheet, column) for column in table.columns]
    for cell in header:
        cell.font = bold
    sheet.append(header)
    number = 0
    for number, row in enumerate(table.rows, start=1):
        if number > MOST_ROWS:
            raise UserError(f"A sheet holds {MOST_ROWS:,} rows and {table.what} has more; export it as csv or json.")
        sheet.append([_cell(sheet, value) for value in row])
    book.save(out)
    return number


def _cell(sheet: object, value: Value) -> WriteOnlyCell:
    if isinstance(value, str):
        return _text(sheet, value)
    if isinstance(value, datetime):
        return _text(sheet, value.isoformat())  # Excel has no time zones
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    return cell


def _text(sheet: object, value: str) -> WriteOnlyCell:
    """A cell that holds text and nothing else, whatever the text looks like."""
    text = _CANNOT_STAND.sub("\N{REPLACEMENT CHARACTER}", value)
    if len(text) > MOST_CHARACTERS:
        raise UserError(f"A cell holds {MOST_CHARACTERS:,} characters and one value has more; export as csv or json.")
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if is_formula(text):
        cell.quotePrefix = True  # stays text when somebody edits the cell, too
    return cell
