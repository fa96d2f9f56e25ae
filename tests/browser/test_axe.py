"""No page of the console shuts anybody out: axe-core finds nothing in every other state of it, in English.

The states between are looked at in Chinese (tests/browser/test_axe_zh.py): two houses are audited at a time.
Every state in both languages and all lights, with all rules, is tests/soak/axe.py.
"""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.routing import MapAdapter

from tests.browser.auditing import Audit, Seats, pictures, told
from tests.browser.house import Desk, WebHouse
from tests.browser.scene import Scene
from tests.browser.states import DAY, NO_PAGES, State
from tests.web.url_map import url_map
from web.parts import PARTS


def endpoint(adapter: MapAdapter, state: State) -> str:
    """Where a state's path leads; "" for a page that is not there."""
    path = state.path.partition("?")[0]
    return str(adapter.match(path, method="GET")[0]) if adapter.test(path, "GET") else ""


def test_every_page_of_the_console_is_in_a_state_that_is_audited_and_pictured() -> None:
    found = url_map()
    states = [state for hour in DAY for state in hour.states]
    seen = {endpoint(found.adapter, one) for one in states} | {one.leads for one in states}
    opened = {one.endpoint for one in found.routes if "GET" in one.methods and not one.rule.machine}
    assert opened - seen - NO_PAGES - PARTS.keys() == set()
    assert (NO_PAGES | PARTS.keys() | seen) - {""} <= set(found.by_endpoint), "a state of no page"


def test_every_other_state_of_the_pages_in_english_shuts_nobody_out_and_fits_a_telephone(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    scene = Scene(house)
    seats = Seats(scene, desk, lang="en-GB", scheme="light")
    found = Audit(seats, "light", pictures("en-GB"), turn=0).of(scene)
    assert not found, told(found)
