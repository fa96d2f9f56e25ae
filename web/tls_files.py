"""The folder of an authority: ``authority.pem`` and ``.key``, and ``NAME.pem`` and ``.key`` of each server.

Rule 1: nothing is ever overwritten but a server's certificate that is asked to be renewed.
Rule 2: a key that others can read is not used, and none is made where others can write.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from controller.errors import UserMistake
from controller.ledger.private import make_folder
from controller.ledger.replacing import replace_file
from web.tls import Pair

AUTHORITY = "authority"
LARGEST = 65_536
"""Bytes of a file that is read as a certificate or a key."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_WRITERS = stat.S_IWGRP | stat.S_IWOTH


def keep(folder: Path, name: str, pair: Pair) -> None:
    """Write the key (0600) and then the certificate (0644); raises UserMistake where one of them is there."""
    make_folder(folder)
    _require_ours(folder)
    for file in (_key(folder, name), _certificate(folder, name)):
        if file.exists() or file.is_symlink():
            more = "" if name == AUTHORITY else "; a certificate that ends is renewed by --renew"
            raise UserMistake(f"{file} is there already and is not overwritten{more}")
    replace_file(_key(folder, name), pair.key_pem, 0o600)
    replace_file(_certificate(folder, name), pair.certificate_pem, 0o644)


def keep_renewed(folder: Path, name: str, certificate: x509.Certificate) -> None:
    """Replace the certificate of a key that stays, wherever that is kept by now."""
    octets = certificate.public_bytes(serialization.Encoding.PEM)
    replace_file(_certificate(folder, name), octets, 0o644)


def key_to_renew(folder: Path, name: str) -> ec.EllipticCurvePublicKey:
    """The public key of a server's certificate; raises UserMistake."""
    key = certificate_in(_certificate(folder, name)).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise UserMistake(f"{_certificate(folder, name)} is no certificate of `ironroom tls server`")
    return key


def pair(folder: Path, name: str) -> Pair:
    """A certificate with its key; raises UserMistake where one is missing, strange, or readable by others."""
    _require_ours(folder)
    certificate = certificate_in(_certificate(folder, name))
    file = _key(folder, name)
    octets = _read(file, private=True)
    try:
        key = serialization.load_pem_private_key(octets, None)
    except (ValueError, TypeError):
        raise UserMistake(f"{file} is no key without a password in PEM") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise UserMistake(f"{file} is not the key of {_certificate(folder, name)}")
    return Pair(certificate, key)


def certificates(folder: Path) -> Iterator[tuple[Path, x509.Certificate]]:
    """The certificates of a folder, the authority first; raises UserMistake."""
    _require_ours(folder)
    files = sorted(folder.glob("*.pem"), key=lambda file: (file.stem != AUTHORITY, file.name))
    return ((file, certificate_in(file)) for file in files)


def certificate_in(file: Path) -> x509.Certificate:
    """One certificate in PEM; raises UserMistake."""
    try:
        return x509.load_pem_x509_certificate(_read(file, private=False))
    except ValueError:
        raise UserMistake(f"{file} is no certificate in PEM") from None


def fault_of_key(file: Path) -> str:
    """What is wrong with who may read the key beside a certificate; empty when nothing is, or no key."""
    key = file.with_suffix(".key")
    if not key.exists() or not key.stat().st_mode & _OTHERS:
        return ""
    return f"others can read {key}: chmod 600"


def _require_ours(folder: Path) -> None:
    """Raise UserMistake where others could put a key of theirs in the place of ours."""
    if not folder.is_dir():
        raise UserMistake(f"{folder}: no such folder; make an authority by `ironroom tls authority`")
    if (mode := stat.S_IMODE(folder.stat().st_mode)) & _WRITERS:
        raise UserMistake(f"{folder} has mode {mode:04o}, others can write in it: chmod 700")


def _key(folder: Path, name: str) -> Path:
    return folder / f"{name}.key"


def _certificate(folder: Path, name: str) -> Path:
    return folder / f"{name}.pem"


def _read(file: Path, *, private: bool) -> bytes:
    """A small plain file, not through a link; a key only where nobody else can read it."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise UserMistake(f"{file} is missing; make an authority by `ironroom tls authority`") from None
    with os.fdopen(descriptor, "rb") as opened:
        status = os.fstat(opened.fileno())
        if private and status.st_mode & _OTHERS:
            raise UserMistake(
                f"{file} has mode {stat.S_IMODE(status.st_mode):04o}, others can read it: chmod 600"
            )
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            raise UserMistake(f"{file} is no certificate and no key")
        return opened.read(LARGEST)
