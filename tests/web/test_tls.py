"""Certificates of the console, judged by openssl, which nobody here wrote."""

from __future__ import annotations

import re
import stat
import subprocess
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from controller.errors import UserMistake
from tests.web.certified import FOREIGN, HOST, OFFICE, certified, signed_by
from web.tls import Pair, authority, new_key, now_utc, server
from web.tls_names import a_name, a_network, an_address

NOW = now_utc()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certified(tmp_path_factory.mktemp("tls") / "ca")


def openssl(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["openssl", *map(str, words)], capture_output=True, text=True, timeout=60, check=False
    )


def verified(folder: Path, certificate: Path, *more: str) -> subprocess.CompletedProcess[str]:
    strictly = ["-x509_strict", "-purpose", "sslserver", "-CAfile"]
    return openssl("verify", *strictly, folder / "authority.pem", *more, certificate)


def text_of(certificate: Path) -> str:
    return openssl("x509", "-in", certificate, "-noout", "-text").stdout


@pytest.mark.parametrize("words", [["-verify_hostname", HOST], ["-verify_ip", OFFICE]])
def test_openssl_takes_the_console_by_its_name_and_by_its_address(folder: Path, words: list[str]) -> None:
    ended = verified(folder, folder / f"{HOST}.pem", *words)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.parametrize("words", [["-verify_hostname", "vault.lan"], ["-verify_ip", "192.0.2.8"]])
def test_openssl_does_not_take_it_for_another(folder: Path, words: list[str]) -> None:
    ended = verified(folder, folder / f"{HOST}.pem", *words)
    assert ended.returncode != 0
    assert "mismatch" in ended.stderr


@pytest.mark.parametrize("names", [[FOREIGN], ["notvault.lan"], [HOST, "localhost"]])
def test_openssl_refuses_what_the_authoritys_key_signs_for_another_domain(
    folder: Path, names: list[str], tmp_path: Path
) -> None:
    signed_by(folder, [x509.DNSName(name) for name in names], tmp_path / "foreign.pem")
    ended = verified(folder, tmp_path / "foreign.pem")
    assert ended.returncode != 0
    assert "permitted subtree violation" in ended.stderr


@pytest.mark.parametrize("address", ["203.0.113.9", "2001:db8::1", "127.0.0.1"])
def test_openssl_refuses_what_the_authoritys_key_signs_for_an_address_elsewhere(
    folder: Path, address: str, tmp_path: Path
) -> None:
    names = [x509.DNSName(HOST), x509.IPAddress(ip_address(address))]
    signed_by(folder, names, tmp_path / "foreign.pem")
    ended = verified(folder, tmp_path / "foreign.pem")
    assert ended.returncode != 0
    assert re.search("(permitted|excluded) subtree violation", ended.stderr)


def test_the_console_cannot_certify_anybody(folder: Path, tmp_path: Path) -> None:
    signed_by(folder, [x509.DNSName(HOST)], tmp_path / "third.pem", name=HOST)
    chain = ("-untrusted", str(folder / f"{HOST}.pem"))
    assert verified(folder, tmp_path / "third.pem", *chain).returncode != 0


def test_a_certificate_is_for_servers_only(folder: Path) -> None:
    for purpose in ("sslclient", "smimesign", "codesign"):
        words = ["-purpose", purpose, "-CAfile", folder / "authority.pem", folder / f"{HOST}.pem"]
        assert openssl("verify", *words).returncode != 0, purpose
    for name in (HOST, "authority"):
        uses = re.search(r"Extended Key Usage: *\n +(.*)", text_of(folder / f"{name}.pem"))
        assert uses
        assert uses[1] == "TLS Web Server Authentication"


def test_an_authority_holds_ten_years_and_a_console_397_days_from_now_on(folder: Path) -> None:
    for name, days in (("authority", 3652), (HOST, 397)):
        certificate = x509.load_pem_x509_certificate((folder / f"{name}.pem").read_bytes())
        held = certificate.not_valid_after_utc - certificate.not_valid_before_utc
        assert timedelta(days=days) < held < timedelta(days=days, hours=1)
        assert certificate.not_valid_before_utc <= now_utc()


def test_no_console_outlives_its_authority_and_none_begins_after_it() -> None:
    by = authority("vault.lan", (), NOW)
    late = NOW + timedelta(days=3_600)
    console = server(by, new_key().public_key(), HOST, (), late)
    assert console.not_valid_after_utc <= by.certificate.not_valid_after_utc
    with pytest.raises(UserMistake, match="the authority has ended"):
        server(by, new_key().public_key(), HOST, (), NOW + timedelta(days=3_700))


def test_keys_are_pkcs8_on_p256_and_nobody_elses_to_read(folder: Path) -> None:
    for name in ("authority", HOST):
        key = folder / f"{name}.key"
        assert stat.S_IMODE(key.stat().st_mode) == 0o600
        assert key.read_text().startswith("-----BEGIN PRIVATE KEY-----\n")
        assert "prime256v1" in openssl("pkey", "-in", key, "-noout", "-text").stdout
        assert stat.S_IMODE((folder / f"{name}.pem").stat().st_mode) == 0o644


def test_two_authorities_have_nothing_in_common() -> None:
    one, other = (authority("vault.lan", (), NOW) for _ in range(2))
    assert one.certificate.serial_number != other.certificate.serial_number
    assert one.key_pem != other.key_pem


def test_the_pem_of_a_key_is_the_key() -> None:
    made: Pair = authority("vault.lan", [ip_network("192.0.2.0/24")], NOW)
    read = load_pem_private_key(made.key_pem, None)
    assert read.public_key() == made.certificate.public_key()
    assert isinstance(made.certificate.signature_hash_algorithm, hashes.SHA256)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("192.0.2.7", "an address is no name"),
        ("[2001:db8::7]", "an address is no name"),
        ("localhost", "is no name such as"),
        ("console.localhost", "every computer's own name"),
        ("vault", "is no name such as"),
        ("*.vault.lan", "is no name such as"),
        ("vault..lan", "is no name such as"),
        (".vault.lan", "is no name such as"),
        ("vault.lan.", "is no name such as"),
        ("-vault.lan", "is no name such as"),
        ("金库.lan", "is no name such as"),
        ("vault.lan\n", "is no name such as"),
        ("192.0.2", "is no name such as"),
        ("../vault.lan", "is no name such as"),
        ("", "is no name such as"),
        (f"{'a' * 60}.vault.lan", "at most 64 characters"),
    ],
)
def test_what_is_no_name_is_refused_with_what_would_be_one(typed: str, told: str) -> None:
    with pytest.raises(UserMistake, match=told):
        a_name(typed)


def test_names_are_in_small_letters() -> None:
    assert a_name("Console.Vault.LAN") == HOST


@pytest.mark.parametrize("typed", ["127.0.0.1", "::1", "0.0.0.0", "fe80::1%eth0", "192.0.2", "console"])  # noqa: S104
def test_an_address_is_one_at_which_others_reach_the_console(typed: str) -> None:
    with pytest.raises(UserMistake):
        an_address(typed)


@pytest.mark.parametrize("typed", ["0.0.0.0/0", "::/0", "127.0.0.0/8", "192.0.2.7/24", "lan"])
def test_a_network_is_that_of_the_consoles_computers(typed: str) -> None:
    with pytest.raises(UserMistake):
        a_network(typed)
