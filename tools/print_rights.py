"""Who may open which page of the console and ask for what, as tables: printed from the rules themselves.

Rule: a right that changes changes this text, and whoever reads the change sees it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from controller.core.asking_rows import Row
from controller.core.askings import ASKINGS
from controller.core.console_roles import ConsoleRole
from web.factory import create_app
from web.guard import SAFE
from web.page import Rule
from web.settings import Settings

HEAD = " | ".join(role.value for role in ConsoleRole)
LINES = "|".join("--" for _ in ConsoleRole)
NOWHERE = Path(tempfile.gettempdir()) / "no console is served from here"


def rights_of_routes() -> str:
    """Every path with its methods, and who may call it."""
    rows = "\n".join(sorted(_routes()))
    return f"| path | | {HEAD} | signed out | |\n|--|--|{LINES}|--|--|\n{rows}"


def _routes() -> Iterator[str]:
    app = create_app(Settings(NOWHERE, NOWHERE, "http://localhost:8080"))
    app.extensions["live"].stop()
    app.extensions["client"].close()
    rules: dict[str, Rule] = app.extensions["rules"]
    for one in app.url_map.iter_rules():
        rule = rules[one.endpoint]
        methods = ", ".join(sorted((one.methods or set()) - (SAFE - {"GET"})))
        how = ", ".join(word for word, is_so in (("proof", rule.step_up), ("scripts", rule.machine)) if is_so)
        roles = tuple(ConsoleRole) if rule.is_open else rule.roles
        yield f"| `{one.rule}` | {methods} | {_ticks(roles)} | {'yes' if rule.is_open else ''} | {how} |"


def rights_of_askings() -> str:
    """Every Asking: who may ask for it at the console, how many it takes, and whether it is signed."""
    rows = "\n".join(
        f"| `{name}` | {_ticks(row.roles)} | {row.people}{' or 2' if row.own else ''} | {_how(row)} |"
        for name, row in ASKINGS.items()
    )
    return f"| asking | {HEAD} | people | |\n|--|{LINES}|--|--|\n{rows}"


def _how(row: Row) -> str:
    if not row.signed:
        return "" if row.roles else "at the box alone"
    return "signed, one is a chief" if row.chief else "signed"


def _ticks(roles: Iterable[ConsoleRole]) -> str:
    theirs = set(roles)
    return " | ".join("yes" if role in theirs else "" for role in ConsoleRole)
