"""Travel documents under the desk's camera: read by all check digits and twice alike, or not at all."""

from __future__ import annotations

import random
from datetime import date

import pytest

from controller.core.mrz import Zone, read_zone
from tests.camera_reading.drawn_documents import page, photographed, td1, td3
from web.camera import mrz
from web.camera.images import PictureRefused
from web.camera.lines import candidates
from web.camera.mrz import Found, read_document

TODAY = date(2026, 11, 22)
ANGLES = (-1.2, -0.6, 0.3, 0.8, 1.2)


def judge(lines: tuple[str, ...]) -> Zone:
    return read_zone(lines, TODAY)


def reading(data: bytes) -> Found[Zone] | None:
    return read_document(data, judge)


def test_passports_and_cards_askew_and_noisy_are_read_and_no_number_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mrz, "SECONDS", 60.0)  # a loaded machine reads slower, not otherwise
    read = 0
    for n, degrees in enumerate(ANGLES):
        chance = random.Random(n)  # noqa: S311 — drawings, not secrets
        lines = td1(chance) if n % 4 == 3 else td3(chance)
        found = reading(photographed(page(lines, chance), chance, degrees))
        if found is not None:
            read += 1
            meant = judge(lines)
            assert (found.value.number, found.value.born, found.value.expires) == (
                meant.number,
                meant.born,
                meant.expires,
            )
    assert read >= len(ANGLES) - 1


def test_a_document_with_a_wrong_check_digit_is_not_read() -> None:
    chance = random.Random(3)  # noqa: S311
    first, second = td3(chance)
    forged = second[:8] + str((int(second[8]) + 1) % 10) + second[9:]
    assert reading(photographed(page((first, forged), chance), chance, 0.2)) is None


def test_a_picture_without_a_document_gives_nothing() -> None:
    chance = random.Random(4)  # noqa: S311
    assert reading(photographed(page((" " * 44, " " * 44), chance), chance, 0.5)) is None


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(PictureRefused):
        reading(b"GIF89a" + b"\0" * 100)


def test_one_reading_alone_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = td3(random.Random(5))  # noqa: S311
    said = iter(["\n".join(lines)] + ["nothing"] * 20)
    monkeypatch.setattr(mrz, "read_text", lambda _picture, _seconds: next(said))
    chance = random.Random(5)  # noqa: S311
    assert reading(photographed(page(lines, chance), chance, 0)) is None


def test_two_readings_that_differ_where_check_digits_are_blind_are_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = td3(random.Random(6))  # noqa: S311
    letter = second[0]
    other = chr(ord(letter) + 10) if letter <= "P" else chr(ord(letter) - 10)  # ten further on: the same sum
    blind = other + second[1:]
    assert judge((first, blind)).number != judge((first, second)).number
    said = iter([f"{first}\n{second}", f"{first}\n{blind}"] + [""] * 20)
    monkeypatch.setattr(mrz, "read_text", lambda _picture, _seconds: next(said))
    chance = random.Random(6)  # noqa: S311
    assert reading(photographed(page((first, second), chance), chance, 0)) is None


def test_names_that_two_readings_spell_otherwise_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = td3(random.Random(7))  # noqa: S311
    said = iter([f"{first}\n{second}", f"{first.replace('JIANGUO', 'JLANGUO')}\n{second}"])
    monkeypatch.setattr(mrz, "read_text", lambda _picture, _seconds: next(said))
    chance = random.Random(7)  # noqa: S311
    found = reading(photographed(page((first, second), chance), chance, 0))
    assert found is not None
    assert not found.names_alike


def test_reading_ends_when_its_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mrz, "SECONDS", 0.0)
    lines = td3(random.Random(8))  # noqa: S311
    chance = random.Random(8)  # noqa: S311
    assert reading(photographed(page(lines, chance), chance, 0)) is None


@pytest.mark.parametrize("seen", ["O", "Q"])
def test_one_letter_in_the_number_that_is_a_zero_is_told_from_it_by_the_check_digit(seen: str) -> None:
    chance = random.Random(9)  # noqa: S311
    first, second = next(pair for pair in iter(lambda: td3(chance), None) if pair[1][:9].count("0") == 1)
    wrong = second[:9].replace("0", seen) + second[9:]
    right = []
    for lines in candidates(f"{first}\n{wrong}"):
        try:
            right.append(judge(lines).number)
        except ValueError:
            continue
    assert right == [second[:9]]


def test_fillers_that_an_ocr_miscounts_are_brought_to_the_length_of_the_line() -> None:
    first, second = td3(random.Random(10))  # noqa: S311
    spoiled = f"{first[:-5]}\n{second[:30]}<<<<{second[-1]}"
    assert any(judge(lines).number == second[:9] for lines in candidates(spoiled))


def test_a_number_is_never_altered_but_for_that_one_zero() -> None:
    first, second = td3(random.Random(11))  # noqa: S311
    for sign in "ISBZGL":
        odd = sign + second[1:]
        assert {lines[1][:9] for lines in candidates(f"{first}\n{odd}")} == {odd[:9]}
