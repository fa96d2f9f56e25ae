"""Names and addresses that a certificate of the console may carry. Rule: the unclear is refused in words.

A passkey belongs to a name (Web Authentication § 5.1.2: an RP ID is a domain), so an address can stand beside
the name and never instead of it.
"""

from __future__ import annotations

import ipaddress
import re

from controller.errors import UserMistake

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST = 64
"""Characters of a common name (RFC 5280 appendix A.1, ub-common-name)."""

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"  # RFC 1123 § 2.1
_is_name = re.compile(rf"{_LABEL}(?:\.{_LABEL})+").fullmatch


def a_name(typed: str) -> str:
    """A DNS name in small letters with at least one dot; raises UserMistake with what would be right."""
    name = typed.lower()
    if _is_address(name):
        raise UserMistake(f"{typed}: an address is no name; passkeys need a name such as console.vault.lan")
    if not _is_name(name) or name.rpartition(".")[2].isdigit():
        raise UserMistake(
            f"{typed!r} is no name such as console.vault.lan: letters, digits and hyphens, with dots between"
        )
    if len(name) > LONGEST:
        raise UserMistake(f"{typed}: a certificate's name has at most {LONGEST} characters")
    if name.endswith((".localhost", ".localdomain")):
        raise UserMistake(f"{typed}: that is every computer's own name; nobody may be certified under it")
    return name


def within(name: str, domain: str) -> bool:
    """Whether a name is the domain or lies in it (RFC 5280 § 4.2.1.10)."""
    return name == domain or name.endswith(f".{domain}")


def an_address(typed: str) -> Address:
    """One address, IPv4 or IPv6, without a zone; raises UserMistake."""
    try:
        address = ipaddress.ip_address(typed)
    except ValueError:
        raise UserMistake(f"{typed!r} is no address such as 192.0.2.7 or 2001:db8::7") from None
    if address.is_loopback or address.is_unspecified or "%" in typed:
        raise UserMistake(f"{typed}: give the address at which other computers reach the console")
    return address


def a_network(typed: str) -> Network:
    """One network as prefix, without host bits and smaller than everything; raises UserMistake."""
    try:
        network = ipaddress.ip_network(typed)
    except ValueError:
        raise UserMistake(f"{typed!r} is no network such as 192.0.2.0/24") from None
    if network.is_loopback or network.prefixlen < 8:  # no network of one owner is larger
        raise UserMistake(f"{typed}: give the network of the console's computers, such as 192.0.2.0/24")
    return network


def _is_address(typed: str) -> bool:
    try:
        ipaddress.ip_address(typed.strip("[]"))
    except ValueError:
        return False
    return True
