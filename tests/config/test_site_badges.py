"""How far badges must prove themselves, by what the site file says of doors and readers."""

import pytest

from controller.config import SiteFile, loads
from controller.device_urls import LEVELS
from hardware.credentials import CREDENTIALS
from tests.config.small import SMALL, faults

PROVING = SMALL.replace('legacy_uid = "legacy, may be copied"\n', "").replace(
    "address=", "reads=transparent&address="
)


def read(text: str) -> SiteFile:
    return loads(text, "small.toml")


def test_the_levels_of_a_site_file_are_the_schemes_of_the_product_in_their_order() -> None:
    assert tuple(scheme.name for scheme in CREDENTIALS) == LEVELS


def test_without_the_words_legacy_may_be_copied_no_uid_counts_anywhere() -> None:
    plan = read(PROVING).plan
    assert plan.doors["main"].levels == plan.cabinets["c1"].levels == LEVELS[:-1]
    assert not read(PROVING).legacy_uid


@pytest.mark.parametrize("said", ["true", "false", '"yes"', '"legacy"', "1"])
def test_uids_are_let_in_by_those_words_and_by_no_others(said: str) -> None:
    (fault,) = faults(SMALL.replace('"legacy, may be copied"', said))
    assert fault.key == "site.legacy_uid"
    assert '"legacy, may be copied"' in fault.remedy


def test_a_reader_that_tells_only_uids_serves_no_door_that_wants_proof() -> None:
    told = faults(SMALL.replace('legacy_uid = "legacy, may be copied"\n', ""))
    assert {fault.key for fault in told} == {
        "door.main.reader_in",
        "door.main.reader_out",
        "cabinet.c1.reader",
    }
    for fault in told:
        first, _, promises = fault.remedy.partition(" only if its installer promises")
        assert first.index("reads=transparent") < first.index("reads=desfire")
        assert promises


def test_a_reader_says_how_far_it_authenticates_and_the_door_believes_no_more() -> None:
    own = read(PROVING.replace("reads=transparent&address=1", "address=1&reads=piv"))
    assert not own.plan.readers["main.in"].asks
    assert own.plan.readers["main.out"].asks
    wrong = PROVING.replace("[door.main]\n", '[door.main]\nlevels = ["desfire"]\n').replace(
        "reads=transparent&address=1", "address=1&reads=piv"
    )
    (fault,) = faults(wrong)
    assert (fault.key, "reads=desfire" in fault.remedy) == ("door.main.reader_in", True)


def test_an_unknown_way_of_reading_names_the_near_one() -> None:
    (fault,) = faults(PROVING.replace("reads=transparent&address=3", "address=3&reads=transparant"))
    assert "transparent" in fault.remedy


def test_an_input_board_reads_no_cards() -> None:
    board = '\n[board.io1]\naddress = "osdp:///dev/ttyAMA1?address=9&reads=desfire"\n'
    (fault,) = faults(PROVING + board)
    assert fault.key == "board.io1.address"


def test_a_card_is_made_a_badge_only_at_a_reader_that_the_controller_talks_through_itself() -> None:
    desk = '\n[enrolment]\nreader = "{}"\n'
    assert read(PROVING + desk.format("nfc:///dev/ttyUSB0?chip=pn532")).plan.readers["enrolment"].at == ""
    (fault,) = faults(PROVING + desk.format("osdp:///dev/ttyAMA1?address=9"))
    assert fault.key == "enrolment.reader"


def test_a_slow_bus_cannot_keep_the_time_of_a_refusal_through_a_transparent_reader() -> None:
    told = faults(PROVING.replace("?reads", "?baud=9600&reads"))
    assert {fault.key for fault in told} == {
        "door.main.reader_in",
        "door.main.reader_out",
        "cabinet.c1.reader",
    }
    assert not faults(PROVING.replace("?reads", "?baud=38400&reads"))
