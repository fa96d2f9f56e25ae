"""``ironroom badge``: cards become badges, and lost ones die; the site key is in badge_key_commands.py.

Rule: who goes away from the desk takes the order back; no card is waited for that nobody watches.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from pathlib import Path

import click

from controller.badge_key_commands import key_group
from controller.core.words import Kind, Reason
from controller.device_urls import LEVELS
from controller.gate_client import GateClient, Told
from controller.gate_options import REFUSED, by_option, gate_of, second_option, settled
from controller.ledger.commands import data_option, json_option
from controller.ledger.copyable import LEVEL, marked
from controller.ledger.terminal import harmless
from controller.order_ends import ends_of, why_of

SHORTEST = 6
"""Digits of a badge's number that name it where no other number begins with them."""


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
    Ctrl-C takes the asking back. Exit code 0 when the badge is made and has proved itself, 1 when it was
    refused or not made.
    """
    fields = {"person": person, "level": level} | ({"reader": reader} if reader else {})
    with gate_of(data) as gate:
        answer = gate.ask("issue_badge", by, second, **fields)
        if busy := _waits(gate, reader) if answer.get("refused") == Reason.NOTHING_TO_DO else "":
            click.echo(harmless(f"refused: {answer['refused']}; {busy}"), err=True)
            sys.exit(REFUSED)
        desk = settled(answer)["reader"]
        says = f"Take away what lies on {desk}, then lay the card down, alone, and leave it there."
        try:
            if not as_json:
                click.echo(harmless(says), err=True)
            end = ends_of(gate, "issues", [desk])[desk]
        except KeyboardInterrupt:
            end = _taken_back(data, desk, by)
    made = end.get("kind") == Kind.BADGE_ISSUED
    click.echo(json.dumps(end) if as_json else harmless(_told(end, made=made)))
    sys.exit(0 if made else REFUSED)


def _waits(gate: GateClient, reader: str) -> str:
    """For whose card an enrolment reader waits, and how long yet."""
    view = gate.look()
    waiting = {desk: issue for desk, issue in view["issues"].items() if reader in {"", desk}}
    for desk, issue in waiting.items():
        left = max(0, issue["until"] - view["at"]) // 1000
        return f"{desk} waits for the card of {issue['person']} ({issue['level']}), for another {left} s"
    return ""


def _taken_back(data: Path, desk: str, by: str) -> Told:
    """End the order at the desk; how it ended, which is a badge where its card was just being made."""
    with gate_of(data) as gate:  # the conversation before may have been cut short in the middle of a line
        gate.ask("withdraw_issue", by, "", reader=desk)
        return ends_of(gate, "issues", [desk])[desk]


def _told(end: Told, *, made: bool) -> str:
    if made:
        return f"badge {end['badge']} ({end['level']}) belongs to {end['person']}"
    return f"no badge was made: {why_of(end)}"


@badge_group.command("block", epilog="Example: ironroom badge block 04A1B2C3D4E5F6 --as li")
@click.argument("badge")
@by_option
@data_option
def block(*, badge: str, by: str, data: Path) -> None:
    """Report BADGE lost: it is dead at once, everywhere. Its first six digits do where no other has them."""
    with gate_of(data) as gate:
        known = gate.look()["badges"]
        name = _named(badge, known)
        if known[name]["blocked"]:
            click.echo(harmless(f"badge {name} is dead already"), err=True)
            sys.exit(REFUSED)
        settled(gate.ask("block_badge", by, "", badge=name))
    click.echo(harmless(f"badge {name} of {known[name]['holder']} is dead"))


def _named(typed: str, known: Collection[str]) -> str:
    """The badge that was meant: its number, in either case, or the beginning of one alone."""
    if typed in known:
        return typed
    fits = [name for name in known if name.upper() == typed.upper()]
    if not fits and len(typed) >= SHORTEST:
        fits = [name for name in known if name.upper().startswith(typed.upper())]
    if len(fits) == 1:
        return fits[0]
    why = f"{len(fits)} badges begin with {typed}; type more digits" if fits else f"no badge {typed}"
    click.echo(harmless(f"{why}; ironroom badge list"), err=True)
    sys.exit(REFUSED)


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


badge_group.add_command(key_group)
