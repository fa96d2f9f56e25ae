"""Prints the parts of docs/ that the code knows better than any writer.

Rule: a page printed here is never edited by hand; the docs test compares it with a fresh print.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

import click

from controller.cli import main
from controller.core import carriers, compartment, door, pair, visit
from controller.core.askings import ASKINGS
from controller.core.remote_release import REMOTE_RULES
from controller.core.rules import CABINET_RULES, RULES
from controller.core.sentences import ALARM_SENTENCES, KIND_SENTENCES, LEVEL_SENTENCES, NEEDS
from controller.core.sentences_zh import (
    ALARM_SENTENCES_ZH,
    KIND_SENTENCES_ZH,
    LEVEL_SENTENCES_ZH,
    NEEDS_ZH,
)
from controller.core.unseen import UNSEEN, UNSEEN_ZH
from controller.drill_names import names_of
from controller.drill_words import Words, deeds, expectations
from controller.keeping_rules import ALARMS, FOREVER, KEEPING_TOLD, ORDINARY
from tools.print_rights import rights_of_askings, rights_of_routes

Word = TypeVar("Word", bound=str)
Phase = TypeVar("Phase", bound=StrEnum)
Happening = TypeVar("Happening", bound=StrEnum)


class Move(Protocol):
    """Row of a machine's table."""

    @property
    def to(self) -> StrEnum:
        """Next state."""

    @property
    def entry(self) -> str:
        """Entry that says so."""


WIDTH = 100  # of the printed help, whatever the terminal
HELP = ["-h", "--help"]  # as the group hands them down
DOCS = Path(__file__).parent.parent / "docs"
GATE = """\
The gate is the Unix socket `gate.sock` in the data folder; it listens to the controller's own user. One JSON
object a line goes in, one comes back, until the console does it for you:

```
python3 - /var/lib/ironroom/gate.sock <<'END'
import json, socket, sys
gate = socket.socket(socket.AF_UNIX)
gate.connect(sys.argv[1])
line = {"ask": "rotate_key", "by": "zhao", "second": "chen", "fields": {"reason": "into the token"}}
gate.sendall(json.dumps(line).encode() + b"\\n")
print(gate.makefile().readline())
END
```

`by` asks, and where the table says two people, `second` agrees: two different ids of enrolled people. The
answer is `{"accepted": true}`, or `refused` with the reason and `need`, what would have satisfied it.
`{"look": "room"}` answers the room as it is. In an empty log `found` enrols the first people, by nobody.
`badges` are the hexadecimal numbers that readers deliver (`badge` in the Entry of a tap). A site file that
was changed waits in `offered` of the room; `approve_policy` with that digest puts it into force at the next
start."""
RIGHTS = """\
Whoever has one of the roles may; nobody else, and nothing that does not stand here. The page asks its own
rule; the controller judges every Asking again, whatever the page has said. *proof* asks for a passkey or a
password of the last five minutes; *scripts* is called by scripts and answers 401 instead of leading to the
sign-in. Pages whose orders have rights of their own (`/commands/order/…`) show each person what they may
order."""
PRINTED = "<!-- Printed by `make docs`; a test compares it with the code. -->"


def words() -> str:
    """Page of the stable words."""
    parts = [
        "# Words of the log",
        "These words are stored for decades: they are never reworded and never reused.",
        _list("Entry kinds", KIND_SENTENCES, KIND_SENTENCES_ZH),
        _list("Reasons, and what would have satisfied each", NEEDS, NEEDS_ZH),
        _list("Alarm kinds", ALARM_SENTENCES, ALARM_SENTENCES_ZH),
        _list("Why a picture is not there", UNSEEN, UNSEEN_ZH),
        _list("Levels of a badge, strongest first", LEVEL_SENTENCES, LEVEL_SENTENCES_ZH),
    ]
    return _page(parts)


def _list(title: str, sentences: Mapping[Word, str], chinese: Mapping[Word, str]) -> str:
    rows = "\n".join(f"| `{word}` | {sentence} | {chinese[word]} |" for word, sentence in sentences.items())
    return f"## {title}\n\n| word | meaning | 含义 |\n|--|--|--|\n{rows}"


def states() -> str:
    """Page of the machines, each as its table."""
    moves = "\n".join(
        f"| {before or '(new)'} | {', '.join(sorted(after)) or '(the end)'} |"
        for before, after in carriers.MOVES.items()
    )
    parts = [
        "# States",
        "Each machine is one table in the code; this is the table. A row without an Entry changes nothing.",
        _machine("Door", door.TABLE),
        _machine("Pair being made", pair.TABLE),
        _machine("Compartment", compartment.TABLE),
        _machine("Visit", visit.TABLE),
        f"## Carrier\n\n| from | may become |\n|--|--|\n{moves}",
    ]
    return _page(parts)


def _machine(title: str, table: Mapping[tuple[Phase, Happening], Move]) -> str:
    rows = "\n".join(
        f"| {phase} | {event} | {move.to} | {move.entry and f'`{move.entry}`'} |"
        for (phase, event), move in table.items()
    )
    return f"## {title}\n\n| state | what happens | next | Entry |\n|--|--|--|--|\n{rows}"


def rules() -> str:
    """Page of the standing orders, in the order in which they are asked."""
    parts = [
        "# Standing orders",
        "The first rule that speaks against a badge wins. One that cannot be evaluated refuses and alarms.",
        "## At a door\n\n" + "\n".join(_rules(RULES)),
        "## At a cabinet\n\n" + "\n".join(_rules(CABINET_RULES)),
        "## At a door that two people release from afar\n\n" + "\n".join(_rules(REMOTE_RULES)),
    ]
    return _page(parts)


def _rules(table: tuple[Callable[..., object], ...]) -> Iterator[str]:
    for number, rule in enumerate(table, 1):
        yield f"{number}. **{getattr(rule, '__name__', '')}**: {_first_line(rule.__doc__)}"


def _first_line(text: str | None) -> str:
    return (text or "").strip().splitlines()[0]


def askings() -> str:
    """Page of everything somebody may ask for."""
    rows = "\n".join(
        f"| `{name}` | {row.people} | {row.fields} | {_first_line(row.do.__doc__)} |"
        for name, row in ASKINGS.items()
    )
    table = f"| name | people | fields | what it does |\n|--|--|--|--|\n{rows}"
    return _page(["# Askings", "What may be asked at the gate; anything else is refused.", GATE, table])


def drills() -> str:
    """Page of the words of a drill file."""
    names = names_of(None, None)
    parts = [
        "# Drill files",
        "A drill is a story about a room, played against the real controller by `ironroom rehearse`.",
        _words_of("Steps: `do` and its fields", deeds(names)),
        _words_of("Expectations", expectations(names)),
    ]
    return _page(parts)


def _words_of(title: str, table: Words) -> str:
    rows = "\n".join(
        f"| `{word}` | {', '.join(f'[{n}]' if f.optional else n for n, f in fields.items())} |"
        for word, fields in table.items()
    )
    return f"## {title}\n\n| word | fields ([may be left out]) |\n|--|--|\n{rows}"


def keeping() -> str:
    """Page of what is kept how long."""
    forever = "\n".join(f"| `{kind}` | {reason} |" for kind, reason in FOREVER)
    parts = [
        "# Keeping",
        KEEPING_TOLD,
        f"## For ever\n\n| Entry | because |\n|--|--|\n{forever}",
        f"## `alarm_days`\n\n{', '.join(f'`{kind}`' for kind in ALARMS)}",
        f"## `log_days`\n\n{', '.join(f'`{kind}`' for kind in ORDINARY)}",
    ]
    return _page(parts)


def cli() -> str:
    """Page of the command line, as it explains itself."""
    parts = ["# Command line"]
    for path, command in _commands("ironroom", main):
        with click.Context(command, info_name=path, terminal_width=WIDTH, help_option_names=HELP) as context:
            parts.append(f"## `{path}`\n\n```\n{command.get_help(context)}\n```")
    return _page(parts)


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        for name in sorted(command.commands):
            yield from _commands(f"{path} {name}", command.commands[name])


def rights() -> str:
    """Page of who may open what at the console, and ask for what."""
    parts = [
        "# Rights at the console",
        RIGHTS,
        f"## Pages\n\n{rights_of_routes()}",
        f"## Askings\n\n{rights_of_askings()}",
    ]
    return _page(parts)


def _page(parts: list[str]) -> str:
    return "\n\n".join([PRINTED, *parts]) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "words.md": words,
    "states.md": states,
    "rules.md": rules,
    "askings.md": askings,
    "drills.md": drills,
    "keeping.md": keeping,
    "cli.md": cli,
    "rights.md": rights,
}


def print_all() -> None:
    """Print every page into docs/."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    print_all()
