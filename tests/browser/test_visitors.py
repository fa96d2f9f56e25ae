"""The visitor desk in a real browser: a guest by keyboard alone, a document and a face by camera."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Playwright, expect

from tests.browser.house import Desk, WebHouse, browser
from tests.browser.steps import FETCH, said
from tests.camera_reading.drawn_documents import page as document_page
from tests.camera_reading.drawn_documents import td3
from tests.papers.reading import picture_of
from web.camera.qr import read_codes

RESIDENT, ANOTHER = "11010519491231002X", "11010519491231061X"
CHANCE = random.Random(3)  # noqa: S311 - a drawing, no secret
LINES = td3(CHANCE)
REFUSED = """() => { navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("no", "NotAllowedError")); }"""


def keys(page: Page, *pressed: str) -> None:
    """Press keys one after another, as a guard at a keyboard; a text is typed."""
    for one in pressed:
        if one in ("Enter", "Tab", "Space", "ArrowDown"):
            page.keyboard.press(one)
        else:
            page.keyboard.type(one)


def focused(page: Page, name: str) -> None:
    """Wait until the cursor stands in a field or on a button of that name."""
    expect(page.locator(":focus")).to_have_attribute("id", name)


def approved(desk: Callable[..., Desk], visit: str, lang: str = "en-GB") -> None:
    """The chief signs a visit with their passkey."""
    chief = desk(lang=lang).sign_in("chen", f"/visitors?visit={visit}")
    chief.get_by_role("button", name=said(lang, "Approve and sign")).click()
    chief.locator("[data-sign-go]").click()
    expect(chief.locator("#chosen")).to_contain_text(said(lang, "Expected"))


def requested(page: Page, number: str, name: str, lang: str = "en-GB") -> str:
    """Request a visit of somebody new by keyboard; its id."""
    focused(page, "f-document")
    keys(page, number, "Enter")
    focused(page, "f-name")
    keys(page, name, "Enter", "Berg AG", "Enter", "anna@berg.example", "Enter", "lw")
    expect(page.locator("#l-host [role=option]").first).to_contain_text("Li Wei")
    keys(page, "Enter", *({"zh-CN": ("ArrowDown",)}.get(lang, ("Mee",))), "Enter")
    page.locator("[name=areas]").first.check()
    page.locator(".bar.sticky .primary").click()
    expect(page.locator("#chosen")).to_contain_text(said(lang, "Waiting for approval"))
    return page.url.rpartition("visit=")[2]


def test_a_guard_is_told_that_the_visit_on_their_screen_was_approved(
    house: WebHouse, desk: Callable[..., Desk]
) -> None:
    guard = desk().sign_in("zhao", "/visitors")
    visit = requested(guard, "110105194912310185", "Bo Lind")
    changed = guard.locator("[data-changed]")
    expect(changed).to_be_hidden()
    approved(desk, visit)
    expect(changed).to_be_visible()
    changed.get_by_role("link").click()
    expect(guard.locator("#chosen")).to_contain_text("Expected")
    expect(changed).to_be_hidden()


@pytest.mark.parametrize(
    ("lang", "number", "name"),
    [("en-GB", RESIDENT, "Anna Berg"), ("zh-CN", ANOTHER, "Anja Berg")],
)
def test_a_guest_comes_twice_and_the_second_time_takes_seconds_at_the_keyboard(
    house: WebHouse, desk: Callable[..., Desk], lang: str, number: str, name: str
) -> None:
    since = house.newest
    guard = desk(lang=lang).sign_in("zhao", "/visitors")
    first = requested(guard, number, name, lang)
    assert number not in guard.content()
    approved(desk, first, lang)
    issued(guard, first, "P1")
    signed_out(guard, "P1", lang)

    guard.goto(f"{house.origin}/visitors")
    focused(guard, "f-document")
    began = time.monotonic()
    keys(guard, number, "Enter")
    focused(guard, "guest-yes")
    expect(guard.locator("#guest-shown")).to_contain_text(f"{name} · Berg AG · an")
    expect(guard.locator("#masked")).to_have_text(f"110***********{number[-4:]}")
    keys(guard, "Enter", "Enter")
    expect(guard.locator("#chosen")).to_contain_text(said(lang, "Waiting for approval"))
    second = guard.url.rpartition("visit=")[2]
    request_s = time.monotonic() - began
    approved(desk, second, lang)
    began = time.monotonic()
    issued(guard, second, "P1")
    issue_s = time.monotonic() - began
    print(f"returning visitor: {request_s:.1f} s to the request, {issue_s:.1f} s to the pass")  # noqa: T201
    keys(guard, "Enter")
    focused(guard, "f-document")
    later(desk, house, second, lang)
    signed_out(guard, printed_again(guard, house, second, lang), lang)
    assert [e["badge"] for e in house.entries("pass_returned", after=since)] == ["P1", "P1"]


def later(desk: Callable[..., Desk], house: WebHouse, visit: str, lang: str) -> None:
    """The chief signs that a visit ends an hour later."""
    ended = house.entries("visit_requested")[-1]["ends"]
    chief = desk(lang=lang).sign_in("chen", f"/visitors?visit={visit}")
    chief.locator("summary", has_text=said(lang, "Ends later")).click()
    chief.locator("#x-until").locator("xpath=ancestor::form").get_by_role("button").click()
    chief.locator("[data-sign-go]").click()
    expect(chief.locator("#toasts")).to_contain_text(said(lang, "Approved."))
    told = house.entries("visit_approved")[-1]
    assert told["visit"] == visit
    assert told["ends"] == ended // 60_000 * 60_000 + 3_600_000


def printed_again(page: Page, house: WebHouse, visit: str, lang: str) -> str:
    """The pass is printed a second time, and says so; what its code says to whoever scans it."""
    page.goto(f"{house.origin}/visitors?visit={visit}")
    page.locator("summary", has_text=said(lang, "Print the pass again")).click()
    page.locator("#r-reprint").fill("smudged")
    page.locator("#r-reprint").press("Enter")
    focused(page, "print-pass")
    _, octets = page.evaluate(FETCH, f"/visitors/{visit}/pass.pdf")
    picture = BytesIO()
    picture_of(bytes(octets), 200).save(picture, "PNG")
    (code,) = read_codes(picture.getvalue())
    return code


def issued(page: Page, visit: str, badge: str) -> None:
    """Hand the pass over by keyboard, and see the leaf that is printed."""
    page.goto(page.url.split("/visitors")[0] + f"/visitors?visit={visit}")
    focused(page, "i-badge")
    keys(page, badge, "Enter", "Enter", "Enter", "12", "Enter", "Enter", "Enter")
    focused(page, "i-no_photo")
    keys(page, "camera is being repaired", "Enter")
    keys(page, *("Space", "Enter") * 3, "Enter")
    focused(page, "print-pass")
    kind = "url => fetch(url).then((answer) => answer.headers.get('Content-Type'))"
    assert page.evaluate(kind, f"/visitors/{visit}/pass.pdf") == "application/pdf"


def signed_out(page: Page, typed: str, lang: str = "en-GB") -> None:
    """Take the pass back by keyboard, found by badge or name, with its locker's device: Enter says yes."""
    page.goto(page.url.split("/visitors")[0] + "/visitors")
    page.locator("#f-text").fill(typed)
    keys(page, "Enter")
    expect(page.locator("#chosen")).to_contain_text(said(lang, "locker %(locker)s", locker="12"))
    expect(page.locator("#check-out :checked")).to_have_count(0)
    expect(page.locator("[name=badge_returned][value=yes]")).to_be_focused()
    keys(page, "Enter")
    expect(page.locator("[name=device0][value=yes]")).to_be_focused()
    keys(page, "Enter")
    expect(page.get_by_role("button", name=said(lang, "Sign the visitor out"))).to_be_focused()
    keys(page, "Enter")
    expect(page.locator("#lists")).to_contain_text(said(lang, "No visitor is in the house."))


@pytest.fixture(scope="module")
def passport(house: WebHouse, play: Playwright) -> Iterator[Browser]:
    """A browser whose camera sees a passport."""
    film = house.folder / "passport.mjpeg"
    drawn = document_page(LINES, CHANCE, (1280, 720))
    whole = BytesIO()
    drawn.save(whole, "JPEG", quality=92)
    film.write_bytes(whole.getvalue() * 30)
    with browser(play, house, f"--use-file-for-fake-video-capture={film}") as chromium:
        yield chromium


def test_a_passport_before_the_camera_fills_in_number_and_name_and_a_face_is_kept(
    house: WebHouse, passport: Browser
) -> None:
    context = passport.new_context(locale="en-GB", permissions=["camera"])
    guard = Desk(house, context).sign_in("zhao", "/visitors")
    guard.locator("[data-camera=document]").click()
    video = guard.locator("[data-view=document] video")
    expect(video).to_be_focused()
    keys(guard, "Space")
    expect(guard.locator("#masked")).to_contain_text("*", timeout=20_000)
    assert guard.locator("#f-document").input_value() == LINES[1][:9]
    expect(guard.locator("#f-name")).to_have_value(re.compile("WANG"))
    expect(guard.locator("#f-document_kind")).to_have_value("passport")
    expect(guard.locator("#toasts")).to_contain_text("the document.")
    guard.locator("#f-group").focus()
    keys(guard, "Enter", "Enter")
    expect(guard.locator("[data-view=photo] video")).to_be_focused()
    keys(guard, "Space")
    expect(guard.locator("#photo-kept")).to_be_visible()
    expect(guard.locator("#visit [name=instruction_given]")).to_be_focused()
    assert guard.locator("#f-photo").input_value()
    context.close()


def test_a_seat_that_used_the_camera_once_finds_it_on_and_space_takes_the_picture(
    house: WebHouse, passport: Browser
) -> None:
    """Not before; not while a field is filled in; and whoever stops it has it off."""
    context = passport.new_context(locale="en-GB", permissions=["camera"])
    guard = Desk(house, context).sign_in("zhao", "/visitors")
    view = guard.locator("[data-view=photo]")
    expect(view).to_be_hidden()
    guard.locator("[data-camera=photo]").click()
    expect(view.locator("video")).to_be_focused()
    guard.goto(f"{house.origin}/visitors")
    expect(view).to_be_visible()
    focused(guard, "f-document")  # it takes nobody's cursor
    keys(guard, "Space")
    expect(guard.locator("#f-document")).to_have_value(" ")
    guard.locator("#f-document").fill("")
    guard.locator("#f-document").blur()
    guard.evaluate(WATCHED)
    expect(guard.locator("body")).to_have_attribute("data-tracks", "live")
    keys(guard, "Space")
    expect(guard.locator("#photo-kept")).to_be_visible()
    expect(view).to_be_hidden()
    assert guard.evaluate("() => [...window.tracks].map((one) => one.readyState)") == ["ended"]  # light off
    guard.goto(f"{house.origin}/visitors")
    expect(view).to_be_visible()
    view.get_by_role("button", name="Stop").click()
    guard.goto(f"{house.origin}/visitors")
    focused(guard, "f-document")
    expect(view).to_be_hidden()
    context.close()


WATCHED = """() => { window.tracks = document.querySelector("[data-view=photo] video").srcObject.getTracks();
    document.body.dataset.tracks = window.tracks[0].readyState; }"""


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("NotAllowedError", "may not use the camera"),
        ("NotFoundError", "No camera is there"),
        ("NotReadableError", "Another program uses the camera"),
    ],
)
def test_a_camera_that_cannot_be_used_says_which_it_is(
    house: WebHouse, desk: Callable[..., Desk], name: str, words: str
) -> None:
    guard = desk().sign_in("zhao", "/visitors")
    guard.evaluate(REFUSED.replace("NotAllowedError", name))
    guard.locator("[data-camera=photo]").click()
    view = guard.locator("[data-view=photo]")
    expect(view.locator("[data-camera-wrong]")).to_contain_text(words)
    expect(view.locator("video")).to_be_hidden()


def test_a_camera_that_may_not_be_used_is_said_in_words_and_a_file_is_taken(
    house: WebHouse, play: Playwright
) -> None:
    with browser(play, house, "--deny-permission-prompts") as chromium:
        context = chromium.new_context(locale="en-GB")
        guard = Desk(house, context).sign_in("zhao", "/visitors")
        guard.evaluate(REFUSED)
        guard.locator("[data-camera=photo]").click()
        expect(guard.locator("[data-view=photo] [data-camera-wrong]")).to_contain_text(
            "may not use the camera"
        )
        whole = BytesIO()
        document_page(LINES, CHANCE, (640, 480)).save(whole, "JPEG")
        file = FilePayload(name="face.jpg", mimeType="image/jpeg", buffer=whole.getvalue())
        guard.locator("#f-photo_file").set_input_files(file)
        expect(guard.locator("#photo-kept")).to_be_visible()
        context.close()
