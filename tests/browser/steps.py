"""What people do at every page: sign, be the second, read a paper. Rule: nothing of a step before is read.

A test writes English and the product's own catalogue says what a Chinese screen shows for it.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect

from tests.browser.house import WebHouse
from web.i18n import catalogue

SIGNED = re.compile(r"/sign/[^/]+$")
CODE = re.compile(r"^[0-9A-F]{4}-[0-9A-F]{4}$")

FETCH = """async (address) => {
  const answer = await fetch(address);
  return [answer.headers.get("Content-Type"), [...new Uint8Array(await answer.arrayBuffer())]];
}"""
BOTH = ("en-GB", "zh-CN")
"""The languages in which whole flows are gone through."""
DONE = "Done"
DONE_ZH = "已完成"


def zh(text: str, **values: object) -> str:
    """What a Chinese screen says for an English text of the console."""
    return catalogue()[text] % values if values else catalogue()[text]


def said(lang: str, text: str, **values: object) -> str:
    """What a screen in that language says for an English text of the console."""
    return zh(text, **values) if lang.startswith("zh") else text % values if values else text


def shown_code(page: Page) -> str:
    """The code in the dialog that has just been opened."""
    code = page.locator("#sign[open] [data-sign-code]")
    expect(code).to_have_text(CODE)
    return code.inner_text()


def put_passkey(page: Page) -> None:
    """Sign what the dialog shows, and wait for the page after."""
    with page.expect_navigation():
        with page.expect_response(SIGNED) as answer:
            page.locator("#sign [data-sign-go]").click()
        assert answer.value.ok, answer.value.text()


def sign(page: Page, button: Locator) -> str:
    """Press a button that leads to a signature, and sign; the code that it had."""
    button.click()
    code = shown_code(page)
    put_passkey(page)
    return code


def sign_second(page: Page, code: str, done: str) -> None:
    """Sign as the second of two what waits with this code; ``done`` is said on the page after."""
    page.locator(f"#command-{code} [data-sign-waiting]").click()
    assert shown_code(page) == code
    put_passkey(page)
    expect(page.locator("#toasts")).to_contain_text(done)


def paper(file: Path) -> str:
    """The text of a paper as a reader of PDF sees it."""
    told = ["pdftotext", "-layout", str(file), "-"]
    return subprocess.run(told, capture_output=True, text=True, check=True, timeout=60).stdout


def printed(page: Page, house: WebHouse, address: str) -> str:
    """The text of the paper at an address, fetched by whoever is signed in at this page."""
    kind, octets = page.evaluate(FETCH, address)
    assert kind == "application/pdf"
    file = house.folder / "printed.pdf"
    file.write_bytes(bytes(octets))
    return paper(file)


def fetched(page: Page, link: Locator) -> Download:
    """The file that a link brings."""
    with page.expect_download() as coming:
        link.click()
    return coming.value
