"""Base64 and decimals: one spelling each."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.spelling import from_base64, to_base64, to_number

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    "text", ["", "00", "01", "+1", "-1", " 1", "1 ", "1_0", "1.0", "1\n", "\u0661", "9" * 19, "9" * 40]
)
def test_a_second_spelling_of_a_number_is_refused(text: str) -> None:
    with pytest.raises(FormatRefused):
        to_number(text)


@patiently
@given(st.integers(0, 2**63 - 1))
def test_every_number_is_read_back(number: int) -> None:
    assert to_number(str(number)) == number


@patiently
@given(st.binary(max_size=80))
def test_base64_is_read_back(octets: bytes) -> None:
    assert from_base64(to_base64(octets)) == octets


@patiently
@given(st.text("AQZaz09+/=-_\n ", max_size=12))
def test_whatever_is_accepted_as_base64_is_its_only_spelling(text: str) -> None:
    try:
        octets = from_base64(text)
    except FormatRefused:
        return
    assert to_base64(octets) == text
