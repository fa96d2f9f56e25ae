"""``ironroom sign-in``: a one-time code by which somebody sets up how they sign in at the console.

Rule: the code is made here and said once, here; only SHA-256 of it goes to the controller, which judges
whether a code may be made at all.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from controller.console.sign_in_codes import check_of, fresh_code
from controller.gate_options import gate_of, settled
from controller.ledger.commands import data_option, json_option
from controller.ledger.terminal import harmless

MINUTES = 15


@click.group("sign-in", epilog="Example: ironroom sign-in code --person zhao")
def sign_in_group() -> None:
    """Let people set up how they sign in at the console."""


@sign_in_group.command(
    "code",
    epilog="Examples: ironroom sign-in code --person zhao; "
    "ironroom sign-in code --person li --by zhao --second chen",
)
@click.option("--person", required=True, metavar="PERSON", help="Whom the code is for, by id.")
@click.option("--by", default="", metavar="PERSON", help="Who wants it, once two chiefs have passkeys.")
@click.option("--second", default="", metavar="PERSON", help="Who agrees; another person.")
@data_option
@json_option
def code(*, person: str, by: str, second: str, data: Path, as_json: bool) -> None:
    """Make a one-time code with which PERSON sets up their first passkey, or a new one after losing all.

    It counts once and for 15 minutes, and the last one made for a person is the one that counts. Say it to
    nobody else. Until two chiefs have had passkeys it takes nobody's word; from then on, whoever leaves, it
    takes two people, and calls the guard. Better then: two chiefs sign the Asking invite at the console.
    Exit code 0 when the code counts, 1 when it was refused, 2 when no controller runs.
    """
    made = fresh_code()
    with gate_of(data) as gate:
        settled(gate.ask("enrolment_code", by, second, person=person, check=check_of(made)))
    if as_json:
        click.echo(json.dumps({"person": person, "code": made, "minutes": MINUTES}))
        return
    click.echo(made)
    click.echo(harmless(f"for {person}, once, within {MINUTES} minutes"), err=True)
