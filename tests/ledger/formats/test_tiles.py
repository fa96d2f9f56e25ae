"""Tiles and bundles: the specification's own numbers, every second spelling of a path refused."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from controller.errors import FormatRefused
from controller.ledger.formats.tiles import (
    ENTRIES,
    WIDTH,
    Tile,
    all_tiles,
    decode_bundle,
    decode_hashes,
    encode_bundle,
    encode_hashes,
    tiles,
)

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_the_index_of_the_specification_is_spelled_as_there() -> None:
    assert str(Tile(0, 1234067)) == "tile/0/x001/x234/067"
    assert Tile.parse("tile/0/x001/x234/067") == Tile(0, 1234067)
    assert Tile.parse("tile/entries/x001/234.p/5") == Tile(ENTRIES, 1234, 5)
    assert str(Tile(63, 0, 255)) == "tile/63/000.p/255"


def test_the_tree_of_70000_leaves_has_the_tiles_that_the_specification_counts() -> None:
    counted = {level: [tile.width for tile in tiles(70_000, level)] for level in range(ENTRIES, 4)}
    assert counted == {
        ENTRIES: [WIDTH] * 273 + [112],
        0: [WIDTH] * 273 + [112],
        1: [WIDTH, 17],
        2: [1],
        3: [],
    }


def test_a_tree_of_256_leaves_has_a_full_tile_and_one_hash_above() -> None:
    assert [str(tile) for tile in all_tiles(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]


def test_an_empty_tree_has_no_tiles_and_one_leaf_has_two() -> None:
    assert list(all_tiles(0)) == []
    assert [str(tile) for tile in all_tiles(1)] == ["tile/entries/000.p/1", "tile/0/000.p/1"]


def test_the_largest_tree_ends_at_level_seven() -> None:
    assert [tile.width for tile in tiles(2**63 - 1, 7, since=2**63 - 2**56)] == []
    assert [tile.width for tile in tiles(2**63 - 1, 7)] == [127]
    assert list(tiles(2**63 - 1, 8)) == []


SECOND_SPELLINGS = [
    "",
    "tile",
    "/tile/0/000",
    "tile/0/000/",
    "tile/00/000",
    "tile/01/000",
    "tile/64/000",
    "tile/100/000",
    "tile/-1/000",
    "tile/data/000",
    "tile/0/0",
    "tile/0/0000",
    "tile/0/x000/000",
    "tile/0/x000/001",
    "tile/0/001/000",
    "tile/0/x001/x000",
    "tile/0/X001/000",
    "tile/0/000.p/0",
    "tile/0/000.p/01",
    "tile/0/000.p/256",
    "tile/0/000.p/999",
    "tile/0/000.p/",
    "tile/0/000.p",
    "tile/0/000\n",
    "tile/0/../000",
    "tile/0/\u0661\u0661\u0661",
    "tile/0/x009/x223/x372/x036/x854/x775/808",
    "tile/entries/0/000",
]


@pytest.mark.parametrize("path", SECOND_SPELLINGS)
def test_a_second_spelling_of_a_tiles_path_is_refused(path: str) -> None:
    with pytest.raises(FormatRefused):
        Tile.parse(path)


lawful = st.builds(Tile, st.integers(ENTRIES, 63), st.integers(0, 2**63 - 1), st.integers(1, WIDTH))


@patiently
@given(lawful)
def test_every_tile_is_read_back_from_its_path(tile: Tile) -> None:
    assert Tile.parse(str(tile)) == tile


@patiently
@given(st.integers(0, 200_000))
def test_the_tiles_of_a_level_stand_side_by_side_for_every_leaf_they_can(size: int) -> None:
    for level in range(ENTRIES, 4):
        unit = WIDTH ** max(level, 0)
        end = 0
        for tile in tiles(size, level):
            start, end_of_tile = tile.span
            assert start == end
            end = end_of_tile
        assert end == size // unit * unit


@patiently
@given(st.integers(0, 300_000), st.integers(0, 300_000))
def test_what_a_grown_tree_has_is_what_it_had_before_and_what_it_has_since(one: int, other: int) -> None:
    old, new = min(one, other), max(one, other)
    before, after, since = set(all_tiles(old)), set(all_tiles(new)), set(all_tiles(new, old))
    assert since == after - before
    assert all(tile.is_partial for tile in before - after)


def test_a_tree_does_not_shrink() -> None:
    with pytest.raises(FormatRefused):
        list(all_tiles(5, since=6))


entries = st.lists(st.binary(max_size=40), min_size=1, max_size=WIDTH)


@patiently
@given(entries)
def test_every_bundle_is_read_back_and_refused_at_any_other_width_or_length(listed: list[bytes]) -> None:
    octets = encode_bundle(listed)
    assert decode_bundle(octets, len(listed)) == listed
    for width in {len(listed) - 1, len(listed) + 1} - {WIDTH + 1}:
        with pytest.raises(FormatRefused):
            decode_bundle(octets, width)
    for changed, wrong in ((octets[:-1], "ends inside"), (octets + b"\0", "goes on")):
        with pytest.raises(FormatRefused, match=wrong):
            decode_bundle(changed, len(listed))


@patiently
@given(st.binary(max_size=60), st.integers(-1, 300))
def test_whatever_is_accepted_as_a_bundle_is_spelled_back(octets: bytes, width: int) -> None:
    try:
        listed = decode_bundle(octets, width)
    except FormatRefused:
        return
    assert encode_bundle(listed) == octets


def test_the_longest_entry_fits_a_bundle_and_a_longer_one_does_not() -> None:
    longest = b"x" * 65_535
    assert decode_bundle(encode_bundle([longest, b""]), 2) == [longest, b""]
    for unlawful in ([longest + b"x"], [], [b""] * 257):
        with pytest.raises(FormatRefused):
            encode_bundle(unlawful)


def test_a_tile_is_read_back_and_refused_at_any_other_width() -> None:
    hashes = [bytes([number]) * 32 for number in range(WIDTH)]
    octets = encode_hashes(hashes)
    assert len(octets) == 8192
    assert decode_hashes(octets, WIDTH) == hashes
    for width in (255, 257, 0, -1):
        with pytest.raises(FormatRefused):
            decode_hashes(octets, width)
    for unlawful in ([], [b"x"], [*hashes, hashes[0]]):
        with pytest.raises(FormatRefused):
            encode_hashes(unlawful)
