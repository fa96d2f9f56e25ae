"""Certificates of a console in a network of its own: one authority, and certificates for servers from it.

Rule 1: the authority can certify servers in one domain and nothing else, so that whoever trusts it on every
guard's computer has not handed over the rest of the web (RFC 5280 § 4.2.1.10 and 4.2.1.12).
Rule 2: nothing here reads or writes a file.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from controller.errors import UserMistake
from web.tls_names import LONGEST, Address, Network, within

AUTHORITY_DAYS = 3_652
"""Ten years: as long as the computers that are told to trust it."""

SERVER_DAYS = 397
"""What browsers take for a server at most (CA/Browser Forum Baseline Requirements § 6.3.2, before 2026)."""

SLOW_CLOCK = timedelta(minutes=5)
"""A certificate holds from a little before it was made: the computers' clocks differ."""

EVERY_ADDRESS: tuple[Network, ...] = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("::/0"))
_USE = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def certificate_pem(self) -> bytes:
        """The certificate as PEM (RFC 7468 § 5)."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key as unencrypted PKCS #8 in PEM (RFC 5958), the only form that every server takes."""
        return self.key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )


def new_key() -> ec.EllipticCurvePrivateKey:
    """A key on P-256 from the operating system's randomness."""
    return ec.generate_private_key(ec.SECP256R1())


def authority(domain: str, networks: Sequence[Network], now: datetime) -> Pair:
    """An authority for servers in a domain; addresses only of the networks, none where there are none."""
    key, name = new_key(), _name(f"Ironroom {domain}"[:LONGEST])
    return Pair(
        _begun(name, name, key.public_key(), now, now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(of_authority=True), critical=True)
        .add_extension(_USE, critical=False)
        .add_extension(_constraints(domain, networks), critical=True)
        .sign(key, hashes.SHA256()),
        key,
    )


def server(
    by: Pair, key: ec.EllipticCurvePublicKey, name: str, addresses: Sequence[Address], now: datetime
) -> x509.Certificate:
    """A certificate for a server's key, name and addresses; raises UserMistake outside the domain.

    It holds for 397 days, and not longer than the authority.
    """
    _require_within(by.certificate, name, addresses)
    ends = min(now + timedelta(days=SERVER_DAYS), by.certificate.not_valid_after_utc)
    if ends <= now:
        raise UserMistake(f"the authority has ended on {ends:%Y-%m-%d}; make another one in another folder")
    names = [x509.DNSName(name), *map(x509.IPAddress, addresses)]
    return (
        _begun(_name(name), by.certificate.subject, key, now, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(of_authority=False), critical=True)
        .add_extension(_USE, critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.key.public_key()), critical=False
        )
        .sign(by.key, hashes.SHA256())
    )


def domain_of(certificate: x509.Certificate) -> str:
    """The domain of an authority; raises UserMistake where the certificate is none of ours."""
    for part in _constraints_of(certificate).permitted_subtrees or ():
        if isinstance(part, x509.DNSName):
            return part.value
    raise _no_authority()


def networks_of(certificate: x509.Certificate) -> list[Network]:
    """The networks whose addresses an authority may certify."""
    parts = _constraints_of(certificate).permitted_subtrees or ()
    networks = [part.value for part in parts if isinstance(part, x509.IPAddress)]
    return [n for n in networks if isinstance(n, ipaddress.IPv4Network | ipaddress.IPv6Network)]


def _require_within(issuer: x509.Certificate, name: str, addresses: Sequence[Address]) -> None:
    domain, networks = domain_of(issuer), networks_of(issuer)
    if not within(name, domain):
        raise UserMistake(f"{name} is outside {domain}, the only domain that this authority may certify")
    for address in addresses:
        if not any(address in network for network in networks):
            told = ", ".join(map(str, networks)) or "none; an authority is given them by --network"
            raise UserMistake(f"{address} is in no network that this authority may certify ({told})")


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SLOW_CLOCK)
        .not_valid_after(ends - timedelta(seconds=1))  # the last second counts (RFC 5280 § 4.1.2.5)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, of_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not of_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=of_authority,
        crl_sign=of_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _constraints(domain: str, networks: Sequence[Network]) -> x509.NameConstraints:
    """The domain and the networks; a kind of address of which there is no network is excluded as a whole."""
    closed = [every for every in EVERY_ADDRESS if every.version not in {n.version for n in networks}]
    return x509.NameConstraints(
        [x509.DNSName(domain), *map(x509.IPAddress, networks)], [*map(x509.IPAddress, closed)] or None
    )


def _constraints_of(certificate: x509.Certificate) -> x509.NameConstraints:
    try:
        return certificate.extensions.get_extension_for_class(x509.NameConstraints).value
    except x509.ExtensionNotFound:
        raise _no_authority() from None


def _no_authority() -> UserMistake:
    return UserMistake(
        "that certificate is no authority for one domain; make one by `ironroom tls authority`"
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def now_utc() -> datetime:
    """The box's clock, to the second, as certificates have it."""
    return datetime.now(UTC).replace(microsecond=0)
