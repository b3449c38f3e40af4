"""A person at a browser: what tests of the pages are written with.

Looks at every page in each width and scheme, keeps a picture of it, and notes what axe finds and what the console says.
"""

import json
import pathlib
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

WIDTHS = [390, 1280]
SCHEMES = ["light", "dark"]


class Visit:
    """One browser with one person in it."""

    def __init__(self, browser, base, pictures):
        self.base = base
        self.pictures = pathlib.Path(pictures)
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900})
        self.page = self.context.new_page()
        self.faults = []
        self.seen = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.note(f"script: {error}"))
        self.page.on("request", lambda request: request.url.startswith(base) or self.note(f"a request left the site: {request.url}"))

    def hear(self, message):
        # A page that says no is one, and nothing that failed to load.
        is_page = message.location.get("url") == self.page.url and "the server responded with a status of 4" in message.text
        if message.type == "error" and not is_page:
            self.note(f"console: {message.text}")

    def note(self, text):
        self.faults.append(f"{self.page.url.removeprefix(self.base)}: {text}")

    def expect(self, holds, text):
        if not holds:
            self.note(text)

    def look(self, name):
        """Pictures of the page as it is, and whatever axe has against it."""
        self.seen.append(name)
        for scheme in SCHEMES:
            self.page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=self.pictures / f"{name}-{width}-{scheme}.png", full_page=True)
                if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    self.note(f"{name} scrolls sideways at {width}")
            for violation in Axe().run(self.page).response["violations"]:
                where = [node["target"] for node in violation["nodes"]]
                self.note(f"axe, {scheme}: {violation['id']}: {violation['help']}: {where}")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")

    def go(self, path, name=None):
        response = self.page.goto(path)
        if name:
            self.look(name)
        return response

    def fill(self, **fields):
        for name, value in fields.items():
            self.page.locator(f"#{name}").fill(value)

    def press(self, button):
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_load_state()

    def text(self):
        return self.page.locator("main").inner_text()


def run(story):
    """Runs `story(visit, *arguments)`; prints what it found as one object."""
    base, pictures, *arguments = sys.argv[1:]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        visit = Visit(browser, base, pictures)
        found = story(visit, *arguments) or {}
        browser.close()
    print(json.dumps({"faults": visit.faults, "seen": visit.seen, **found}))
