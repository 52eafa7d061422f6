"""A document as PDF: tagged, with its title and language (PDF/UA-1), set by Typst with the fonts that it carries itself."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

import typst

from crossline.orders.document import Block, Document

_LAYOUT: Final = Path(__file__).parent / "typst" / "document.typ"
CONTENT_TYPE: Final = "application/pdf"


def as_pdf(document: Document, *, made_at: datetime) -> bytes:
    """The file. The same document at the same time gives the same bytes."""
    said = {
        "title": document.title,
        "marking": document.marking,
        "watermark": document.watermark,
        "given": document.given,
        "blocks": [_block(block) for block in document.blocks],
    }
    compiler = typst.Compiler(_LAYOUT.read_bytes(), ignore_system_fonts=True)
    given = {"document": json.dumps(said, ensure_ascii=False)}
    made = compiler.compile(
        format="pdf", sys_inputs=given, pdf_standards=["ua-1"], timestamp=made_at.replace(microsecond=0)
    )
    if not isinstance(made, bytes):
        raise AssertionError("Typst gave no single file for one document")
    return made


def _block(block: Block) -> dict[str, object]:
    return {"is": type(block).__name__.lower(), **asdict(block)}
