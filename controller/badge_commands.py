"""``ironroom badge``: cards become badges, lost ones die, and the site key comes from two people.

Rule: a half of the key is typed unseen, and is never an argument, never printed and never in the log.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from controller.core.words import Kind
from controller.device_urls import LEVELS
from controller.errors import UserMistake
from controller.gate_client import Told
from controller.gate_options import REFUSED, by_option, gate_of, second_option, settled
from controller.key_halves import half_of, new_halves
from controller.ledger.commands import data_option, json_option
from controller.ledger.copyable import LEVEL, marked
from controller.ledger.terminal import harmless
from controller.order_ends import ends_of, why_of


@click.group("badge", epilog="Example: ironroom badge issue li --level desfire --as wang --and zhao")
def badge_group() -> None:
    """Make cards badges, block lost ones, list them, and enter the site key."""


@badge_group.command("issue", epilog="Example: ironroom badge issue li --level desfire --as wang --and zhao")
@click.argument("person")
@click.option("--level", required=True, type=click.Choice(LEVELS[:-1]), help="How the badge proves itself.")
@click.option("--reader", default="", help="The enrolment reader, where the site has several.")
@by_option
@second_option
@data_option
@json_option
def issue(*, person: str, level: str, reader: str, by: str, second: str, data: Path, as_json: bool) -> None:
    """Make the next card on the enrolment reader a badge of PERSON; two other people agree.

    Take away what lies on the reader; then lay the card down, alone, within a minute, and leave it there
    until this command ends.
    Exit code 0 when the badge is made and has proved itself, 1 when it was refused or not made.
    """
    fields = {"person": person, "level": level} | ({"reader": reader} if reader else {})
    with gate_of(data) as gate:
        desk = settled(gate.ask("issue_badge", by, second, **fields))["reader"]
        if not as_json:
            says = f"Take away what lies on {desk}, then lay the card down, alone, and leave it there."
            click.echo(harmless(says), err=True)
        end = ends_of(gate, "issues", [desk])[desk]
    made = end.get("kind") == Kind.BADGE_ISSUED
    click.echo(json.dumps(end) if as_json else harmless(_told(end, made=made)))
    sys.exit(0 if made else REFUSED)


def _told(end: Told, *, made: bool) -> str:
    if made:
        return f"badge {end['badge']} ({end['level']}) belongs to {end['person']}"
    return f"no badge was made: {why_of(end)}"


@badge_group.command("block", epilog="Example: ironroom badge block 04A1B2C3D4E5F6 --as li")
@click.argument("badge")
@by_option
@data_option
def block(*, badge: str, by: str, data: Path) -> None:
    """Report BADGE lost: it is dead at once, everywhere."""
    with gate_of(data) as gate:
        settled(gate.ask("block_badge", by, "", badge=badge))
    click.echo(harmless(f"badge {badge} is dead"))


@badge_group.command("list", epilog="Example: ironroom badge list --data /var/lib/ironroom")
@data_option
@json_option
def list_badges(*, data: Path, as_json: bool) -> None:
    """List every badge with its holder and how it proves itself; red: it may be copied."""
    with gate_of(data) as gate:
        badges = gate.look()["badges"]
    for badge, about in badges.items():
        if as_json:
            click.echo(json.dumps({"badge": badge, **about}))
            continue
        words = [badge, about["holder"], about["level"], "blocked" if about["blocked"] else ""]
        line = harmless("  ".join(filter(None, words)))
        click.echo(marked(line) if about["level"] == LEVEL else line)


@badge_group.group("key")
def key_group() -> None:
    """The site key, in two halves that two people keep."""


@key_group.command("new", epilog="Example: ironroom badge key new")
def new_key() -> None:
    """Show two halves of a fresh site key, one after the other, to two people; nothing is kept here.

    Each writes down their own half, alone, and locks it away. Then: ironroom badge key enter.
    """
    if not sys.stdout.isatty():
        click.echo("halves of a key are shown on a terminal only, not into a pipe or a file", err=True)
        sys.exit(UserMistake.exit_code)
    for number, half in enumerate(new_halves(), 1):
        with _screen_of_its_own():
            click.prompt(
                f"Person {number} alone before the screen? Press Enter", default="", show_default=False
            )
            click.echo(f"\n  {half}\n")
            click.prompt("Written down and compared? Press Enter", default="", show_default=False)


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
@data_option
@json_option
def enter_key(*, by: str, second: str, data: Path, as_json: bool) -> None:
    """Enter both halves of the site key, each typed unseen by the person who keeps it."""
    halves = tuple(_typed(person) for person in (by, second))
    with gate_of(data) as gate:
        answer = settled(gate.enter_site_key((halves[0], halves[1]), by, second))
    told = {"check": answer["check"]}
    click.echo(json.dumps(told) if as_json else f"the site key {answer['check']} is in force")


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
