"""The demo's sign-ins as lines, for who has no keys to press: a pipe, a log, a screen reader.

Rule: drawn for one demo, and ended with it; no real console ever prints a password or a key.
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.demo_console import PEOPLE, DemoConsole
from controller.demo_people import DESK
from controller.demo_people import PEOPLE as CARRIERS
from controller.demo_words import Translator


def sign_ins(console: DemoConsole, say: Translator) -> Iterator[str]:
    """Everybody's way in, one a line, once all are set up; nothing before that."""
    if console.phones.keys() < {*PEOPLE}:
        return
    yield say("Sign in at {origin} (the code: any authenticator app with the key):").format(
        origin=console.origin
    )
    for person, phone in console.phones.items():
        roles = ", ".join(say(role) for role in (CARRIERS | DESK)[person].get("roles", ()))
        told = say("number {person} ({roles}) password {password} key {secret}")
        yield "  " + told.format(person=person, roles=roles, password=phone.password, secret=phone.secret)
