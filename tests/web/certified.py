"""An authority and a console's certificate in a folder, and what a thief of its key would sign."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from web.tls import Pair, authority, new_key, now_utc, server
from web.tls_files import AUTHORITY, keep, pair
from web.tls_names import a_network, an_address

HOST = "console.vault.lan"
FOREIGN = "www.bank.example"
OFFICE = "192.0.2.7"


def certified(folder: Path) -> Path:
    """The folder of an authority for vault.lan with a console."""
    by = authority("vault.lan", [a_network("192.0.2.0/24")], now_utc())
    keep(folder, AUTHORITY, by)
    key = new_key()
    keep(folder, HOST, Pair(server(by, key.public_key(), HOST, [an_address(OFFICE)], now_utc()), key))
    return folder


def signed_by(folder: Path, names: Sequence[x509.GeneralName], file: Path, name: str = AUTHORITY) -> None:
    """A server's certificate for any names, and its key, signed by a key of the folder; nobody is asked."""
    by, key = pair(folder, name), new_key()
    common = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "anybody")])
    use = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key())
    made = Pair(
        x509.CertificateBuilder()
        .subject_name(common)
        .issuer_name(by.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now_utc() - timedelta(hours=1))
        .not_valid_after(now_utc() + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(use, critical=False)
        .add_extension(issuer_key, critical=False)
        .sign(by.key, hashes.SHA256()),
        key,
    )
    file.write_bytes(made.certificate_pem)
    file.with_suffix(".key").write_bytes(made.key_pem)
