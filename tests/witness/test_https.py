"""A log witness behind https: its certificate is checked against the box's own list, and its name."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from controller.ledger.custody_log import CustodyLog
from controller.ledger.formats.cosignature import Cosigner
from controller.ledger.formats.note import Signature
from controller.ledger.formats.witness_wire import AddCheckpoint, encode_cosignatures
from controller.log_witness.key import posix_seconds
from controller.site_log import LogWitness
from controller.witness_call import Cosigned, Outcome, Silent, WitnessCall
from firmware_shims.lying_witness import LyingWitness, answer
from tests.witness.houses import NAME, grow, head

HONEST = Cosigner(NAME, Ed25519PrivateKey.generate(), posix_seconds)


def certified(folder: Path, address: str) -> tuple[ssl.SSLContext, Path]:
    """A certificate for an address, signed by itself: the server's side, and the file that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "log witness")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, whole = folder / "trusted.pem", folder / "server.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    whole.write_bytes(private + trusted.read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(whole)
    return context, trusted


def cosigns(body: bytes) -> list[bytes]:
    text = AddCheckpoint.parse(body).note.text.encode()
    return [answer(200, encode_cosignatures([Signature.by(HONEST.vkey, HONEST.sign(text))]))]


def asked(log: CustodyLog, context: ssl.SSLContext) -> Outcome:
    grow(log, 1)
    with LyingWitness(cosigns, tls=context) as peer:
        call = WitnessCall(LogWitness("branch", peer.url, HONEST.vkey))
        try:
            return call.ask(head(log), 0, lambda *_: [])
        finally:
            call.close()


def test_one_with_a_certificate_that_the_box_trusts_is_asked(
    log: CustodyLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    assert isinstance(asked(log, context), Cosigned)


def test_one_with_a_certificate_that_nobody_trusts_is_not(log: CustodyLog, tmp_path: Path) -> None:
    context, _ = certified(tmp_path, "127.0.0.1")
    outcome = asked(log, context)
    assert isinstance(outcome, Silent)
    assert "certificate" in outcome.why.lower()


def test_one_with_the_certificate_of_another_is_not(
    log: CustodyLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, "127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    assert isinstance(asked(log, context), Silent)
