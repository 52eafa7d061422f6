"""What stands of a record that was sent again: its newest visible revision, as SQL that queries share."""

from __future__ import annotations

from typing import Final

NEWEST_REVISION: Final = """
    NOT EXISTS (
        SELECT FROM records_record n
        WHERE n.owner_id = r.owner_id AND n.source = r.source AND n.ref = r.ref AND n.revision > r.revision AND {newer}
    )
"""
"""`r` is the record; `{newer}` is the viewpoint's clause for `n.audience_id`: a hidden revision supersedes nothing one sees."""
