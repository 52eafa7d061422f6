"""What is read only beside a mention and its records: for each table its rows with their audience and these records."""

from __future__ import annotations

from collections.abc import Mapping

_OF_A_CASE = "JOIN nrm_nrmcase c ON c.id = x.case_id JOIN records_mention m ON m.id = c.about_id"

BESIDE: Mapping[str, str] = {
    "nrm_nrmcase": "SELECT x.ctid::text, x.audience_id, m.record_id FROM nrm_nrmcase x "
    "JOIN records_mention m ON m.id = x.about_id",
    **{
        f"nrm_nrm{table}": f"SELECT x.ctid::text, x.audience_id, m.record_id FROM nrm_nrm{table} x {_OF_A_CASE}"
        for table in ("version", "request", "step")
    },
    "nrm_nrmobservation": "SELECT o.ctid::text, o.audience_id, m.record_id, o.record_id FROM nrm_nrmobservation o "
    f"JOIN nrm_nrmversion x ON x.id = o.version_id {_OF_A_CASE}",
    "nrm_section45entry": "SELECT x.ctid::text, x.audience_id, m.record_id, x.record_id FROM nrm_section45entry x "
    "JOIN records_mention m ON m.id = x.about_id",
    "premises_premises": "SELECT x.ctid::text, x.audience_id, m.record_id FROM premises_premises x "
    "JOIN records_mention m ON m.id = x.about_id",
    **{
        f"premises_premises{table}": f"SELECT x.ctid::text, x.audience_id, m.record_id FROM premises_premises{table} x "
        "JOIN premises_premises p ON p.id = x.premises_id JOIN records_mention m ON m.id = p.about_id"
        for table in ("step", "entry")
    },
    "premises_victimtenant": "SELECT x.ctid::text, x.audience_id, m.record_id, x.record_id FROM premises_victimtenant x "
    "JOIN records_mention m ON m.id = x.about_id",
}
