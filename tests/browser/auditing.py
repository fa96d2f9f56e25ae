"""Every page of the console under axe-core: the pages of the URL map, and one of each kind that they link to.

Rule: what is a page is told by its answer (a whole document); what is a part is seen in the pages around it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter

from tests.web.url_map import Route, url_map

AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text(encoding="utf-8")
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
SAMPLES = 2
"""Pages of one endpoint with arguments."""
DEADLINE_MS = 60_000
DOCUMENT = """(address) => fetch(address, {redirect: "manual"}).then(async (answer) => {
  const isText = (answer.headers.get("content-type") || "").startsWith("text/html");
  return answer.status === 200 && isText && /^\\s*<!doctype/i.test(await answer.text());
})"""
RUN = """(told) => { return axe.run(document, {
  runOnly: told, resultTypes: ["violations"], elementRef: true}).then(
  (found) => found.violations.flatMap((one) => one.nodes.filter((node) => !isDrawn(one.id, node.element))
    .map((node) => `${one.id} ${node.target.join(" ")} ${
      [...node.any, ...node.all, ...node.none].map((check) => check.message).join(", ")}`)));

// On the floor plan counts and states beside a name are drawing and no label (WCAG 2.2, 2.5.3): there the
// name alone, its first text, has to stand in what is read out.
function isDrawn(rule, element) {
  if (rule !== "label-content-name-mismatch" || !element.closest("svg.plan")) { return false; }
  const name = element.querySelector("text").textContent.split(" · ")[0];
  return Boolean(name) && element.getAttribute("aria-label").includes(name);
} }"""


def violations(page: Page, *rules: str) -> list[str]:
    """What axe-core finds on the page as it stands: all its rules, or those named alone."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(RUN, wanted)
    return [f"{urlsplit(page.url).path} {one}" for one in found]


def walk(page: Page, origin: str, roles: frozenset[str]) -> Iterator[str]:
    """Lead the page through every document that somebody with these roles can open; yields its path."""
    found = url_map()
    waiting = [one.path for one in found.routes if one.is_plain_page and one.opens(roles)]
    seen: dict[str, int] = dict.fromkeys((path for path in waiting), SAMPLES)
    done = {one.endpoint for one in found.routes if one.is_plain_page}
    while waiting:
        path = waiting.pop(0)
        if not _is_document(page, origin + path):
            continue
        yield path
        for link in page.eval_on_selector_all("a[href]", "all => all.map((one) => one.getAttribute('href'))"):
            route = _route(found.adapter, found.by_endpoint, link)
            if route is None or route.endpoint in done or not route.opens(roles):
                continue
            seen[route.endpoint] = seen.get(route.endpoint, 0) + 1
            if seen[route.endpoint] <= SAMPLES and link not in waiting:
                waiting.append(link)


def _route(adapter: MapAdapter, routes: dict[str, Route], link: str) -> Route | None:
    """The route of a link in the console."""
    parts = urlsplit(link)
    if parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        endpoint, _ = adapter.match(parts.path, method="GET")
    except HTTPException:
        return None
    return routes[endpoint]


def _is_document(page: Page, address: str) -> bool:
    """Open an address if it is a whole document; parts, papers and data are not."""
    if not page.evaluate(DOCUMENT, address):
        return False
    page.goto(address)
    page.locator("main").first.wait_for(timeout=DEADLINE_MS)
    return True


def theme(page: Page, name: str) -> None:
    """Change the light of the page as its seat would have it."""
    page.evaluate("name => { document.documentElement.className = name; }", name)


def told(found: list[Any]) -> str:
    """Findings one a line, each once."""
    return json.dumps(sorted(set(found)), indent=1, ensure_ascii=False)
