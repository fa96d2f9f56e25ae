"""``ironroom badge key``: the site key is made in two halves, and two people bring it to the controller.

Rule: a half of the key is typed unseen, and is never an argument, never printed after and never in the log.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from controller.badge_keys import check_of
from controller.core.words import Reason
from controller.errors import UserMistake
from controller.gate_client import GateClient, Told
from controller.gate_options import REFUSED, by_option, gate_of, second_option, settled
from controller.key_halves import half_of, new_halves
from controller.ledger.commands import data_option, json_option
from controller.ledger.terminal import harmless

ENTER = "ironroom badge key enter --as PERSON --and PERSON"


@click.group("key")
def key_group() -> None:
    """The site key, in two halves that two people keep."""


@key_group.command("new", epilog="Example: ironroom badge key new")
def new_key() -> None:
    """Show two halves of a fresh site key, one after the other, to two people; nothing is kept here.

    Each writes down their own half, alone, and locks it away, with the check value of the key that both
    halves make on the envelope. Then: ironroom badge key enter.
    """
    if not sys.stdout.isatty():
        click.echo("halves of a key are shown on a terminal only, not into a pipe or a file", err=True)
        sys.exit(UserMistake.exit_code)
    halves = new_halves()
    check = check_of(halves)
    for number, half in enumerate(halves, 1):
        with _screen_of_its_own():
            _enter(f"Person {number} alone before the screen?")
            click.echo(f"\n  {half}\n\nhalf {number} of 2 · key {check}: write this on the envelope\n")
            _enter("Written down and compared?")
    click.echo(f"These halves make the key {check}. Bring it to the controller, both of you: {ENTER}")


def _enter(question: str) -> None:
    click.prompt(f"{question} Press Enter", default="", show_default=False)


@contextmanager
def _screen_of_its_own() -> Iterator[None]:
    """A screen that nobody can scroll back to (xterm control sequences, 1049 and ED 3)."""
    click.echo("\x1b[?1049h\x1b[H", nl=False)
    try:
        yield
    finally:
        click.echo("\x1b[2J\x1b[3J\x1b[H\x1b[?1049l", nl=False)


@key_group.command("enter", epilog="Example: ironroom badge key enter --as li --and wang")
@by_option
@second_option
@click.option(
    "--replace",
    default="",
    metavar="CHECK",
    help="Check value of the key that is to replace the one in force.",
)
@data_option
@json_option
def enter_key(*, by: str, second: str, replace: str, data: Path, as_json: bool) -> None:
    """Enter both halves of the site key, each typed unseen by the person who keeps it.

    The key in force may be entered again at any time. Another key makes every badge of the one in force
    useless: it is refused until its check value is given with --replace.
    """
    with gate_of(data) as gate:
        _judge(gate, by, second)
    halves = tuple(_typed(person) for person in (by, second))
    with gate_of(data) as gate:  # another conversation: the controller hangs up on who is silent for long
        answer = gate.enter_site_key((halves[0], halves[1]), by, second, replace.upper())
    if answer.get("refused") == Reason.OTHER_SITE_KEY:
        click.echo(harmless(_another(answer)), err=True)
        sys.exit(REFUSED)
    told = {"check": settled(answer)["check"]}
    click.echo(json.dumps(told) if as_json else f"the site key {told['check']} is in force")


def _judge(gate: GateClient, by: str, second: str) -> None:
    """Whether these are two people of the staff, before anybody types a half; the controller has the word."""
    people = gate.look()["people"]
    strange = [name for name in (by, second) if people.get(name, {"visitor": True})["visitor"]]
    if strange:
        settled({"refused": Reason.NOT_ALLOWED.value, "need": f"people of the staff, not {strange[0]}"})
    if by == second:
        settled({"refused": Reason.NEEDS_SECOND.value, "need": "a second, different person"})


def _another(answer: Told) -> str:
    check, badges = answer["check"], answer["badges"]
    dead = f"{badges} badges would be dead" if badges != 1 else "1 badge would be dead"
    return (
        f"refused: {answer['refused']}; these halves make the key {check}, and in force is"
        f" {answer['in_force']}: {dead}. Compare with both envelopes. If that is meant: --replace {check}"
    )


def _typed(person: str) -> str:
    """A half, asked for until its check group fits."""

    def right(typed: str) -> str:
        try:
            half_of(typed)
        except UserMistake as wrong:
            raise click.BadParameter(wrong.sentence) from None
        return typed

    half: str = click.prompt(harmless(f"Half of {person}"), hide_input=True, value_proc=right, err=True)
    return half
