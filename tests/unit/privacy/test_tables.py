"""Every table and every column is written down with what it holds: what is not would be forgotten in an erasure."""

import pytest

from server.models import metadata
from server.privacy.holdings import Fate, Holds
from server.privacy.tables import TABLES

KNOWN = dict(metadata.tables)
FINDERS = {"posts", "cases", "events", "jobs", "answered_requests"}
"""These are found by authors or by what stands within a structure: server/privacy/finding.py and traces.py."""


def test_every_table_is_written_down():
    assert sorted(set(KNOWN) - set(TABLES)) == [], "say in server/privacy/tables/ what these tables hold of customers"
    assert sorted(set(TABLES) - set(KNOWN)) == [], "these tables are gone"


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_every_column_is_written_down(name: str):
    if name not in TABLES:
        pytest.skip("told by the test above")
    columns = {column.name for column in KNOWN[name].columns}
    written = set(TABLES[name].columns)
    assert sorted(columns - written) == [], f"say in server/privacy/tables/ what these columns of {name} hold"
    assert sorted(written - columns) == [], f"these columns of {name} are gone"


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_is_a_customers_is_found_by_something(name: str):
    table = TABLES[name]
    if table.fate is not Fate.NOBODYS:
        assert table.found_by or name in FINDERS
        assert table.fate is Fate.DELETED or table.why
    else:
        nobodys = {Holds.KEPT, Holds.STAFF, Holds.OURS}
        personal = [column for column, holds in table.columns.items() if holds not in nobodys]
        assert personal == [], "a customer's, and nobody finds it"


def test_every_kind_of_id_that_rows_are_found_by_is_given_by_some_table():
    given = {kind for table in TABLES.values() for kind in table.gives.values()} | {"customers"}
    assert {by.among for table in TABLES.values() for by in table.found_by} <= given


@pytest.mark.parametrize("name", sorted(TABLES))
def test_columns_that_are_named_are_there(name: str):
    table = TABLES[name]
    named = {by.column for by in table.found_by} | {end.column for end in table.ends} | set(table.gives)
    assert named <= set(table.columns)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_who_stands_in_a_column_is_a_way_to_find_the_row(name: str):
    table = TABLES[name]
    named = {column for column, holds in table.columns.items() if holds is Holds.CUSTOMER}
    assert named <= {by.column for by in table.found_by if by.among == "customers"}, "an erasure would pass them by"
