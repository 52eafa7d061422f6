"""Which pairs are worth comparing: mentions that share a key.

A key depends on its own mention only, so keys can be stored beside mentions and new mentions looked up in proportion to
their number. Each rule is narrow enough on its own (an identifier alone, or two fields that seldom agree by chance).
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from crossline.engines.resolution.expressions import needed, parsed

# Most mentions that may share one key. Beyond it a key is dropped and reported: 5,000 mentions are 12.5 million pairs.
KEY_LIMIT = 2000
PART_KEYS = 2_500_000


@dataclass(frozen=True)
class Rule:
    """A kind of key: `sql` gives it for a prepared row that has a value in each column it names; `each`: a list to unfold."""

    name: str
    sql: str
    each: str | None = None


_DAY_MONTH = "least(dob_month, dob_day) || '-' || greatest(dob_month, dob_day)"

RULES = (
    Rule("pnc", "pnc"),
    Rule("nominal", "nominal"),
    Rule("phone and forename", "item || '|' || coalesce(fore_root, fore_initial)", each="phones"),
    Rule("phone and surname", "item || '|' || sur_code", each="phones"),
    Rule("phone and alias", "item || '|' || monikers[1]", each="phones"),
    Rule("vehicle and forename", "vrm || '|' || fore_root"),
    Rule("vehicle and surname", "vrm || '|' || sur_code"),
    Rule("forename and surname", "fore_root || '|' || sur_root"),
    Rule("forename and sound of surname", "fore_root || '|' || item", each="sur_codes"),
    Rule("sound of forename and surname", "fore_code || '|' || sur_root"),
    Rule("names in either order", "least(fore, sur) || '|' || greatest(fore, sur)"),
    Rule("surname and birth", f"sur_code || '|' || dob_year || '|' || {_DAY_MONTH}"),
    Rule("forename and birth", f"fore_root || '|' || dob_year || '|' || {_DAY_MONTH}"),
    Rule("surname, year and month", "sur_root || '|' || dob_year || '|' || dob_month"),
    Rule("initial and birth", "fore_initial || '|' || dob"),
    Rule("initial, surname and year", "fore_initial || '|' || sur_root || '|' || dob_year"),
    Rule("postcode and forename", "postcode || '|' || fore_root"),
    Rule("postcode and surname", "postcode || '|' || sur_code"),
    Rule("postcode and birth", "postcode || '|' || dob"),
    Rule("alias and forename", "item || '|' || fore_root", each="monikers"),
    Rule("alias and surname", "item || '|' || sur_code", each="monikers"),
    Rule("alias and birth", "item || '|' || dob", each="monikers"),
    Rule("vehicle", "vrm"),
    Rule("birth and agency", "dob || '|' || agency"),
    Rule("birth and district", "dob || '|' || outcode"),
    Rule("forename, year and agency", "fore_root || '|' || dob_year || '|' || agency"),
    Rule("initial, surname and agency", "fore_initial || '|' || sur_root || '|' || agency"),
    Rule("company and forename", "item || '|' || coalesce(fore_root, fore_initial)", each="company"),
)

SPARSE_RULES = (
    Rule("phone", "item", each="phones"),
    Rule("alias", "item", each="monikers"),
    Rule("birth", "dob"),
    Rule("house", "postcode || '|' || house"),
    Rule("postcode", "postcode"),
    Rule("surname and place", "sur_root || '|' || place"),
    Rule("forename and place", "fore_root || '|' || place"),
    Rule("surname and district", "sur_root || '|' || outcode"),
    Rule("forename and district", "fore_root || '|' || outcode"),
)
"""More keys for a file whose rows lack so much that few share two fields. Not for a nation's records, where whoever is not
named is somebody unknown, and a telephone that several used would lead to the wrong one of them."""


@dataclass(frozen=True)
class DroppedKey:
    """A key that too many mentions share to compare them all: how many, and of which rule."""

    rule: str
    mentions: int


def keys(prepared: pa.Table) -> pa.Table:
    """mention_id, key (rule number ':' value): every key of every mention of a prepared table."""
    with duckdb.connect() as connection:
        connection.register("prepared", prepared)
        return connection.sql(
            f"select distinct mention_id, rule || ':' || key as key from ({written_keys()}) join prepared using (row_id) "
            "order by all"
        ).to_arrow_table()


def written_keys() -> str:
    """SQL for row_id, rule and key of the table `prepared`, by every rule."""
    return " union all ".join(_written(number, rule) for number, rule in enumerate(RULES))


def _written(number: int, rule: Rule) -> str:
    source = f"(select *, unnest({rule.each}) as item from prepared)" if rule.each else "prepared"
    filled = " and ".join(f"{column} is not null" for column in needed(parsed(rule.sql)))
    return (
        f"select row_id, {number}::utinyint as rule, ({rule.sql})::varchar as key from {source} "
        f"where {filled} and key is not null"
    )


def make_keys(connection: duckdb.DuckDBPyConnection, *, sparse: bool = False) -> list[DroppedKey]:
    """Create keys(row_id, rule, key) of the table `prepared`: those that some mentions share and not too many; the rest is
    told. Keys are kept as hashes. `sparse`: by SPARSE_RULES too.

    Rule by rule: most keys are shared by nobody, and a nation's would need more room than all else.
    """
    connection.execute("create or replace table keys (row_id integer, rule utinyint, key ubigint)")
    dropped = []
    for number, rule in enumerate((*RULES, *SPARSE_RULES) if sparse else RULES):
        connection.execute(
            "create or replace temp table of_rule as select row_id, hash(rule, key) as key "
            f"from ({_written(number, rule)})"
        )
        connection.execute(
            "create or replace temp table shared as "
            "select key, count(*) as mentions from of_rule group by key having mentions > 1"
        )
        connection.execute(
            f"insert into keys select row_id, {number}, key from of_rule "
            f"where key in (select key from shared where mentions <= {KEY_LIMIT})"
        )
        many = connection.execute(
            f"select mentions from shared where mentions > {KEY_LIMIT} order by mentions"
        ).fetchall()
        dropped += [DroppedKey(rule.name, mentions) for (mentions,) in many]
    for table in ("of_rule", "shared"):
        connection.execute(f"drop table {table}")
    return dropped


def make_pairs(connection: duckdb.DuckDBPyConnection, *, rules: tuple[int, ...] | None = None) -> None:
    """Create pairs(join_key_l, join_key_r) from keys, of all rules or of these, each pair once, the smaller row first.

    In parts by the smaller row, so that no more of them are held against one another than of a region.
    """
    chosen = "true" if rules is None else f"rule in ({', '.join(map(str, rules))})"
    connection.execute("create or replace table pairs (join_key_l integer, join_key_r integer)")
    [number] = connection.execute("select count(*) from keys").fetchone() or (0,)
    parts = max(1, -(-number // PART_KEYS))
    for part in range(parts):
        connection.execute(
            "insert into pairs select distinct l.row_id, r.row_id "
            f"from (select row_id, key from keys where {chosen} and row_id % {parts} = {part}) l "
            f"join (select row_id, key from keys where {chosen}) r on l.key = r.key and l.row_id < r.row_id"
        )


def make_all_pairs(connection: duckdb.DuckDBPyConnection) -> None:
    """Create pairs(join_key_l, join_key_r) of every two prepared rows."""
    connection.execute(
        "create or replace table pairs as select l.row_id as join_key_l, r.row_id as join_key_r "
        "from prepared l join prepared r on l.row_id < r.row_id"
    )
