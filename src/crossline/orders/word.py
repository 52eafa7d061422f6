"""A document as a Word file, for whoever goes on writing in it: real headings, header rows, and the language set."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from crossline.orders.document import (
    LANGUAGE,
    Block,
    Document,
    Heading,
    NewPage,
    Numbered,
    Paragraph,
    Signature,
    Table,
)

CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT_WIDTH: Final = 16.2
"""Centimetres between the margins of the page."""
_GREY: Final = RGBColor(0x5A, 0x5A, 0x5A)


def as_docx(document: Document, *, made_at: datetime) -> bytes:
    """The file."""
    book = docx.Document()
    _set_up(book, document, made_at)
    book.add_heading(document.title, level=1)
    for block in document.blocks:
        _add(book, block)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _set_up(book: Any, document: Document, made_at: datetime) -> None:
    known = book.core_properties
    known.title, known.author, known.language = document.title, "Crossline", LANGUAGE
    known.created = known.modified = made_at.replace(tzinfo=None)
    known.comments = document.given
    section = book.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    for name in ("Normal", "Heading 1", "Heading 2", "Heading 3"):
        style = book.styles[name]
        style.font.name = "Arial"
        style.font.color.rgb = RGBColor(0, 0, 0)
        properties = style.element.get_or_add_rPr()
        fonts = properties.get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script in ("hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), "Arial")
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), LANGUAGE)
        properties.append(language)
    book.styles["Normal"].font.size = Pt(11)
    _header_and_footer(section, document)


def _header_and_footer(section: Any, document: Document) -> None:
    top = section.header.paragraphs[0]
    top.alignment = WD_ALIGN_PARAGRAPH.CENTER
    top.add_run(document.marking).bold = True
    behind = section.header.add_paragraph()
    behind.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _small(behind.add_run(document.watermark))
    bottom = section.footer.paragraphs[0]
    _small(bottom.add_run(f"{document.given}  Page "))
    _field(bottom, "PAGE")
    _small(bottom.add_run(" of "))
    _field(bottom, "NUMPAGES")


def _small(run: Any) -> None:
    run.font.size, run.font.color.rgb = Pt(8.5), _GREY


def _field(paragraph: Any, code: str) -> None:
    """A number that Word reckons itself."""
    for kind, text in (("begin", ""), ("", code), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run()
        _small(run)  # each part: programs other than Word take the size of the shown part alone
        if kind == "shown":
            run.text = text
            continue
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text or None
        run._r.append(part)


def _add(book: Any, block: Block) -> None:
    if isinstance(block, Heading):
        book.add_heading(block.text, level=block.level + 1)
    elif isinstance(block, Paragraph):
        _paragraph(book, block)
    elif isinstance(block, Numbered):
        # Written out, not a list of Word's: so the numbers of two lists never run on, and stay when text is copied.
        for number, text in enumerate(block.texts, start=1):
            each = book.add_paragraph(f"{number}.\t{text}")
            each.paragraph_format.left_indent, each.paragraph_format.first_line_indent = Cm(1), Cm(-1)
    elif isinstance(block, Table):
        _table(book, block)
    elif isinstance(block, NewPage):
        book.add_page_break()
    elif isinstance(block, Signature):
        _signature(book, block.labels)


def _paragraph(book: Any, block: Paragraph) -> None:
    if block.look == "notice":
        framed = book.add_table(rows=1, cols=1)
        framed.style = "Table Grid"
        _padded(framed)
        framed.cell(0, 0).text = block.text
        book.add_paragraph()
        return
    for line in filter(str.strip, block.text.split("\n")):
        run = book.add_paragraph().add_run(line)
        if block.look == "note":
            _small(run)
        elif block.look == "missing":
            run.bold, run.font.highlight_color = True, WD_COLOR_INDEX.YELLOW


def _table(book: Any, block: Table) -> None:
    made = book.add_table(rows=1, cols=len(block.columns))
    made.style, made.autofit = "Table Grid", False
    whole = sum(block.widths)
    heads = OxmlElement("w:tblHeader")
    made.rows[0]._tr.get_or_add_trPr().append(heads)
    _fill(made.rows[0].cells, block.columns, bold=True)
    for row in block.rows:
        _fill(made.add_row().cells, row, bold=False)
    _padded(made)
    for column, share in zip(made.columns, block.widths, strict=True):
        column.width = Cm(_TEXT_WIDTH * share / whole)  # of the grid too, which some programs read alone
        for cell in column.cells:
            cell.width = Cm(_TEXT_WIDTH * share / whole)
    book.add_paragraph()


def _padded(table: Any) -> None:
    """Room between the rules of a table and its text."""
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 60), ("left", 90), ("bottom", 60), ("right", 90)):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), str(twips))
        edge.set(qn("w:type"), "dxa")
        margins.append(edge)
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    if look is None:
        properties.append(margins)
    else:
        look.addprevious(margins)  # the schema has it before


def _fill(cells: Sequence[Any], texts: Sequence[str], *, bold: bool) -> None:
    for cell, text in zip(cells, texts, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.bold, run.font.size = bold, Pt(9.5)


def _signature(book: Any, labels: Sequence[str]) -> None:
    for label in labels:
        line = book.add_paragraph(f"{label}\t")
        line.paragraph_format.space_before = Pt(16)
        line.paragraph_format.tab_stops.add_tab_stop(Cm(3.2))
        line.add_run("_" * 60)
