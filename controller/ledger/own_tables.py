"""Does a database hold more than a log's tables? Rule: what could act by itself, or keep a copy, is strange.

A trigger could copy what is personal aside before it is erased, or answer a commit with a change; an index
over an expression could make each commit slow. What is here is compared word for word with what a log of
this version has; only quotes and white space may differ, because SQLite spells a renamed table anew.
"""

import re
from collections.abc import Callable
from functools import cache

from sqlite_utils import Database

from controller.ledger.sqlite import sqlite3
from controller.ledger.walk import Fetch

_ALL = "SELECT type, name, tbl_name, sql FROM sqlite_master"
_white = re.compile(r'["\s]+')

Thing = tuple[str, str, str, str]
"""Type, name, table and words of one line of SQLite's own list."""


def strange(fetch: Fetch, make: Callable[[Database], None]) -> str:
    """What the database holds that no log holds, as words; "" for nothing.

    What is missing is not looked for: a power cut at the beginning may have left out an index.

    `make` builds the tables of this version in an empty database.
    """
    found = {_plain(*row) for row in fetch(_ALL, ())}
    for kind, name, *_ in sorted(found - _right(make)):
        return f"the {kind} {name[:60]!r}, which no log has in this form"
    return ""


@cache
def _right(make: Callable[[Database], None]) -> frozenset[Thing]:
    connection = sqlite3.connect(":memory:")
    try:
        make(Database(connection, execute_plugins=False))
        return frozenset(_plain(*row) for row in connection.execute(_ALL).fetchall())
    finally:
        connection.close()


def _plain(kind: object, name: object, table: object, words: object) -> Thing:
    return str(kind), str(name), str(table), _white.sub(" ", str(words)).replace(" (", "(").strip()
