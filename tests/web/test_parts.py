from __future__ import annotations

import pytest

from tests.web.conftest import Console
from tests.web.url_map import url_map
from web.parts import PARTS

DOCUMENT = {"Sec-Fetch-Dest": "document"}
GIVEN = {"n": "1", "person": "li", "name": "vault", "ref": "window_open.north"}


@pytest.mark.parametrize("part", PARTS)
def test_whoever_opens_a_part_by_its_address_is_led_to_the_page_around_it(
    console: Console, part: str
) -> None:
    routes = url_map().by_endpoint
    answer = console.get(routes[part].filled(GIVEN), headers=DOCUMENT)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, routes[PARTS[part]].filled(GIVEN))


def test_a_part_is_a_part_to_the_page_that_fetches_it(console: Console) -> None:
    answer = console.get("/commands/signed", headers={"Sec-Fetch-Dest": "empty"})
    assert answer.status_code != 303


def test_nobody_is_led_past_the_guard(stranger: Console) -> None:
    answer = stranger.get("/visitors/lists", headers=DOCUMENT)
    assert answer.location.startswith("/sign-in")
