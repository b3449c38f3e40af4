"""A person at a browser: what tests of the pages are written with.

Looks at every page in each width and scheme, keeps a picture of it, and notes what axe finds, what the console says, whether it scrolls sideways,
and whether the keyboard can be seen to go from one control to the next.
"""

import json
import pathlib
import re
import sys
import traceback

import playwright.sync_api
from axe_playwright_python.sync_playwright import Axe

WIDTHS = [375, 1280]
SCHEMES = ["light", "dark"]

# Whether whatever has the focus shows it, and what it is.
FOCUS = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return null;
  const style = getComputedStyle(it);
  const box = it.getBoundingClientRect();
  const isSeen = box.width > 0 && box.height > 0 && box.left >= 0 && box.right <= innerWidth + 1;
  return [it.outerHTML.slice(0, 80), isSeen && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 1];
}"""


class Visit:
    """One browser with one person in it."""

    def __init__(self, browser, base, pictures):
        self.base = base
        self.pictures = pathlib.Path(pictures)
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.context = browser.new_context(base_url=base, viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.faults = []
        self.seen = []
        self.page.on("console", self.hear)
        self.page.on("pageerror", lambda error: self.note(f"script: {error}"))
        self.page.on("requestfinished", lambda request: self.follow(request, None))
        self.page.on("requestfailed", lambda request: self.follow(request, request.failure))
        self.axe = Axe()

    def hear(self, message):
        # A page that says no is one, and nothing that failed to load.
        is_page = message.location.get("url") == self.page.url and re.search("responded with a status of [45]", message.text)
        # Readmes show pictures of other sites, and pages do not load them.
        is_picture = "img-src 'self'" in message.text
        if message.type == "error" and not is_page and not is_picture:
            self.note(f"console: {message.text}")

    def follow(self, request, failure):
        if not request.url.startswith(self.base) and failure != "csp":
            self.note(f"a request left the site: {request.url}, {failure}")

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
                self.ask_axe(f"{scheme}, {width}")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="light")

    def ask_axe(self, how):
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(self.axe.axe_script)
        found = self.page.evaluate("axe.run({resultTypes: ['violations']}).then((all) => all.violations)")
        for violation in found:
            where = [node["target"] for node in violation["nodes"]]
            self.note(f"axe, {how}: {violation['id']}: {violation['help']}: {where}")

    def tab_through(self, limit=40):
        """Goes from control to control by keyboard: each is on the screen and shows that it is chosen."""
        self.page.evaluate("document.activeElement.blur()")
        count = 0
        for count in range(limit):
            self.page.keyboard.press("Tab")
            found = self.page.evaluate(FOCUS)
            if found is None:
                break
            self.expect(found[1], f"nobody sees that this has the focus: {found[0]}")
        self.expect(count > 5, "the keyboard reaches hardly anything")

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
    with playwright.sync_api.sync_playwright() as programs:
        browser = programs.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        visit = Visit(browser, base, pictures)
        found = {}
        try:
            found = story(visit, *arguments) or {}
        except playwright.sync_api.Error as error:
            # What was found before counts, too.
            visit.note("".join(traceback.format_exception(error)[-3:]))
        browser.close()
    print(json.dumps({"faults": visit.faults, "seen": visit.seen, **found}))
