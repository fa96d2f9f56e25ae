"""Whose signatures count, as the caller says it: a policy's file, verifier keys, or both. Rule: no guess.

Keys must come from the contract or from a person; a policy that lies beside what it judges proves nothing.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from controller.errors import FormatRefused, UserMistake
from controller.ledger.export_check import own_policy
from controller.ledger.formats.policy import NONE, Policy, PolicyLog
from controller.ledger.formats.policy_lines import POLICY_BYTES
from controller.ledger.formats.verifier_key import VerifierKey

Command = Callable[..., Any]

LOUD = (
    "{}: WARNING: no key was given, so the policy inside the folder was used. That proves nothing about who "
    "wrote the folder: whoever forged it forged its policy too. Give --policy or --vkey from the contract"
)


def trust_options(command: Command) -> Command:
    """Put --policy and --vkey on a command."""
    vkey = click.option(
        "--vkey", "vkeys", multiple=True, help="The log's verifier key, from the contract; one or more."
    )
    file = click.Path(dir_okay=False, path_type=Path)
    policy = click.option("--policy", type=file, help="Who is trusted (C2SP tlog-policy), from the contract.")
    return policy(vkey(command))


def given_policy(file: Path | None, vkeys: Sequence[str]) -> Policy | None:
    """The policy of a file with further log keys, None when nothing is given; raises UserMistake."""
    if file is None and not vkeys:
        return None
    try:
        logs = tuple(PolicyLog(VerifierKey.parse(vkey)) for vkey in vkeys)
        if file is None:
            return Policy(logs, (), (), NONE)
        policy = Policy.parse(read_given(file, POLICY_BYTES))
        return Policy((*policy.logs, *logs), policy.witnesses, policy.groups, policy.quorum)
    except FormatRefused as error:
        raise UserMistake(f"{file or '--vkey'}: {error}") from None


def policy_for(folder: Path, given: Policy | None) -> Policy:
    """The policy to judge an exported folder by; the folder's own is used with a loud sentence only."""
    if given is not None:
        return given
    policy = own_policy(folder)
    click.echo(LOUD.format(folder), err=True)
    return policy


def read_given(file: Path, longest: int) -> bytes:
    """The bytes of a file that the caller named; raises UserMistake when it cannot be read or is too long."""
    try:
        with file.open("rb") as opened:
            octets = opened.read(longest + 1)
    except OSError as error:
        raise UserMistake(f"{file}: it cannot be read ({error.strerror})") from None
    if len(octets) > longest:
        raise UserMistake(f"{file}: it has more than {longest} bytes")
    return octets
