"""``ironroom tls``: an authority for the console's own network, and certificates from it.

Exit codes: 0 done or all is well, 1 what is shown has ended, ends soon or is not in order, 2 the question was
wrong. Rule: never a traceback.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes

from controller.errors import IronroomError
from controller.ledger.terminal import harmless
from web.tls import Pair, authority, domain_of, networks_of, new_key, now_utc, server
from web.tls_files import AUTHORITY, certificates, fault_of_key, keep, keep_renewed, key_to_renew, pair
from web.tls_names import a_name, a_network, an_address

SOON_DAYS = 30
"""A certificate that ends within so many days should be renewed now."""

_folder = click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="The folder of the authority.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")


@click.group(
    "tls",
    short_help="Make the console's certificates.",
    epilog="Example: ironroom tls authority --folder /media/ca --domain vault.lan",
)
def tls_group() -> None:
    """Make an authority for a network of one's own, and the console's certificates from it."""


@tls_group.command(
    "authority",
    short_help="Make an authority for one domain.",
    epilog="Example: ironroom tls authority --folder /media/ca --domain vault.lan --network 192.0.2.0/24",
)
@_folder
@click.option("--domain", required=True, help="The only domain that it can certify, such as vault.lan.")
@click.option(
    "--network", "networks", multiple=True, help="Addresses that it can certify; without one, none at all."
)
@_json
def authority_command(folder: Path, domain: str, networks: tuple[str, ...], *, as_json: bool) -> None:
    """Make an authority that holds for ten years and can certify servers of one domain, and nothing else.

    DIR gets authority.pem, which every guard's computer is told to trust, and authority.key, which nobody
    else may have: keep the folder on a medium of its own, away from the console. Nothing is overwritten.
    """
    with _told():
        made = authority(a_name(domain), [a_network(one) for one in networks], now_utc())
        keep(folder, AUTHORITY, made)
        _tell(_about(folder / f"{AUTHORITY}.pem", made.certificate, made.certificate), as_json=as_json)


@tls_group.command(
    "server",
    short_help="Make the certificate of a console.",
    epilog="Example: ironroom tls server --folder /media/ca --name console.vault.lan",
)
@_folder
@click.option("--name", required=True, help="The console's name, within the authority's domain.")
@click.option("--address", "addresses", multiple=True, help="An address at which it may be reached as well.")
@click.option("--renew", is_flag=True, help="Replace the certificate that is there, for the same key.")
@_json
def server_command(
    folder: Path, name: str, addresses: tuple[str, ...], *, renew: bool, as_json: bool
) -> None:
    """Make NAME.pem and NAME.key for a console; they hold for 397 days.

    Nothing is overwritten. With --renew the key stays, and need not even be here; only its certificate is
    replaced. Give the addresses again.
    """
    with _told():
        by, right = pair(folder, AUTHORITY), a_name(name)
        also = [an_address(one) for one in addresses]
        if renew:
            made = server(by, key_to_renew(folder, right), right, also, now_utc())
            keep_renewed(folder, right, made)
        else:
            key = new_key()
            made = server(by, key.public_key(), right, also, now_utc())
            keep(folder, right, Pair(made, key))
        _tell(_about(folder / f"{right}.pem", made, by.certificate), as_json=as_json)


@tls_group.command(
    "show",
    short_help="Show the certificates, and how long they hold.",
    epilog="Example: ironroom tls show --folder /media/ca",
)
@_folder
@_json
def show_command(folder: Path, *, as_json: bool) -> None:
    """Show every certificate of the folder, with the fingerprint by which to know it again.

    Ends with 1 when one has ended, ends within 30 days, is not of the authority, or its key is exposed.
    """
    with _told():
        found = list(certificates(folder))
        issuer = found[0][1] if found and found[0][0].stem == AUTHORITY else None
        rows = [_about(file, certificate, issuer) for file, certificate in found]
        for row in rows:
            _tell(row, as_json=as_json)
        if not rows:
            click.echo(harmless(f"{folder}: no certificate is here"), err=True)
        sys.exit(1 if not rows or any(row["faults"] for row in rows) else 0)


def _about(file: Path, certificate: x509.Certificate, issuer: x509.Certificate | None) -> dict[str, Any]:
    """What is told of one certificate."""
    now, ends = now_utc(), certificate.not_valid_after_utc
    return {
        "file": str(file),
        "for": _names(file, certificate),
        "until": f"{ends:%Y-%m-%d}",
        "days": (ends - now).days,
        "sha256": certificate.fingerprint(hashes.SHA256()).hex(":").upper(),
        "faults": list(filter(None, [*_faults(certificate, issuer, now), fault_of_key(file)])),
    }


def _names(file: Path, certificate: x509.Certificate) -> list[str]:
    if file.stem == AUTHORITY:
        return [domain_of(certificate), *map(str, networks_of(certificate))]
    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for name in names]


def _faults(certificate: x509.Certificate, issuer: x509.Certificate | None, now: datetime) -> Iterator[str]:
    days = (certificate.not_valid_after_utc - now).days
    if now > certificate.not_valid_after_utc:
        yield "it has ended"
    elif days < SOON_DAYS:
        yield f"it ends in {days} days; renew it"
    if issuer is None:
        yield f"there is no {AUTHORITY}.pem beside it"
    elif not _issued(certificate, issuer):
        yield f"it is not of the authority in {AUTHORITY}.pem"


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _tell(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(row))
        return
    click.echo(
        harmless(f"{row['file']}: for {', '.join(row['for'])}, until {row['until']} ({row['days']} days)")
    )
    click.echo(f"    SHA-256 {row['sha256']}")
    for fault in row["faults"]:
        click.echo(harmless(f"    {fault}"))


@contextmanager
def _told() -> Iterator[None]:
    """End with the sentence and the exit code of an error instead of a traceback."""
    try:
        yield
    except IronroomError as error:
        click.echo(harmless(str(error)), err=True)
        sys.exit(error.exit_code)
