"""What every command needs that asks the running controller for something: who asks, and how it answers.

Rule: a command asks and tells; what may be done is judged by the controller. Exit codes: 0 accepted,
1 refused, 2 a wrong question or nobody to ask.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from controller.errors import UserMistake
from controller.gate_client import GateClient, Told
from controller.ledger.terminal import harmless

GATE = "gate.sock"
REFUSED = 1

by_option = click.option("--as", "by", required=True, metavar="PERSON", help="Who asks, by id.")
second_option = click.option(
    "--and", "second", required=True, metavar="PERSON", help="Who agrees, by id; another person."
)


@contextmanager
def gate_of(data: Path) -> Iterator[GateClient]:
    """A conversation with the controller of a data folder; a sentence and exit code 2 when there is none."""
    try:
        with GateClient(data / GATE) as gate:
            yield gate
    except OSError as error:
        why = error.strerror or error
        click.echo(f"{data / GATE}: no controller answers here ({why}); start it with ironroom run", err=True)
        sys.exit(UserMistake.exit_code)


def settled(answer: Told) -> Told:
    """The answer when it is a yes; a refusal is told in one line and ends the command."""
    if "refused" in answer:
        click.echo(harmless(f"refused: {answer['refused']}; it takes {answer.get('need', '')}"), err=True)
        sys.exit(REFUSED)
    return answer
