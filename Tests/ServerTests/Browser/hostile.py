"""Shows what people with bad intentions have published, twice: as the site sends it, and once more without its content security policy, so that
what the policy would stop has to be gone before."""

import contextlib
import json
import pathlib

import playwright.sync_api
import visit

# What a readme may hold: PyPA's renderer says so. Whatever else is found came past the sanitizer.
TAGS = """a abbr acronym b blockquote code em i li ol strong ul br caption cite col colgroup dd del details div dl dt h1 h2 h3 h4 h5 h6 hr img p pre
span sub summary sup table tbody td th thead tr tt kbd var input section aside nav figure figcaption picture""".split()

LOOK = """(tags) => {
  const faults = [];
  const readme = document.querySelector(".readme");
  for (const it of document.querySelectorAll("*")) {
    for (const { name } of it.attributes) {
      if (/^on|^(style|srcdoc|srcset|formaction|ping|background|target)$|^xlink/i.test(name)) faults.push(`${it.localName} has ${name}`);
    }
    if (readme?.contains(it) && it !== readme && !tags.includes(it.localName)) faults.push(`a readme has ${it.localName}`);
    if (it.localName === "a" && it.hasAttribute("href") && !["http:", "https:", "mailto:"].includes(it.protocol)) faults.push(`a link leads to ${it.href}`);
    if (it.localName === "input" && readme?.contains(it) && !it.disabled) faults.push("a readme has a field");
  }
  if (document.scripts.length !== 1) faults.push(`${document.scripts.length} scripts`);
  if (document.querySelectorAll("form").length > 1 && document.querySelector("main form[method=post]")) faults.push("another form");
  if (document.querySelectorAll("base, iframe, object, embed, frame, meta[http-equiv]").length) faults.push("a frame, a base or an order of a header");
  // What names a part of the site's own page is the site's own.
  if (document.getElementById("names")?.localName !== "datalist") faults.push("the list of names is somebody else's");
  if (document.getElementById("main")?.localName !== "main") faults.push("the content is somebody else's");
  if (typeof document.cookie !== "string" || !(document.forms instanceof HTMLCollection) || typeof document.createElement !== "function") faults.push("the document is not itself");
  if (readme) {
    // What is taken out of its place could lie over the site's own words, or be nowhere.
    for (const it of readme.querySelectorAll("*")) {
      if (!["static", "relative"].includes(getComputedStyle(it).position)) faults.push(`${it.localName}.${it.className} is ${getComputedStyle(it).position}`);
    }
  }
  return faults;
}"""

HEAR = """
addEventListener("securitypolicyviolation", (event) => { if (event.effectiveDirective !== "img-src") heard(event.effectiveDirective); });
"""


def look(browser, base, pages, is_guarded):
    """Every page, in a context of its own; what is wrong with them."""
    faults = []
    context = browser.new_context(base_url=base, bypass_csp=not is_guarded)
    page = context.new_page()
    how = "with the policy" if is_guarded else "without the policy"

    def note(text):
        faults.append(f"{how}, {page.url.removeprefix(base)}: {text}"[:300])

    def answer(dialog):
        note(f"a dialog says {dialog.message}")
        dialog.dismiss()

    def ask(route):
        # Pictures of others are what only the policy stops.
        if is_guarded or route.request.resource_type != "image":
            note(f"asks for {route.request.url} as {route.request.resource_type}")
        route.abort()

    page.on("dialog", answer)
    page.on("pageerror", lambda error: note(f"a script fails: {error}"))
    page.on("popup", lambda _: note("another window opens"))
    context.expose_binding("heard", lambda _, directive: note(f"only the policy stopped {directive}"))
    context.add_init_script(HEAR)
    if not is_guarded:
        page.route(lambda url: not url.startswith(base), ask)
    else:
        page.on("requestfinished", lambda request: request.url.startswith(base) or note(f"asked for {request.url}"))
    for path, words in pages.items():
        response = page.goto(path, wait_until="load")
        if response.status != 200:
            note(f"is {response.status}")
        for fault in page.evaluate(LOOK, TAGS):
            note(fault)
        if page.url != base + path:
            note("is no longer where it was")
        if words:
            said = page.locator(".hero > div > p").first.text_content()
            if said != words:
                note(f"the summary is {said}")
    return page, context, faults


def story(browser, pages, outside):
    chromium = browser.context.browser
    shown = json.loads(pathlib.Path(pages).read_text())
    others = [
        *("/", "/search/?q=hostile", "/user/alice/", "/project/hostile-markdown/versions/", "/project/hostile-markdown/files/"),
        *("/project/hostile-links/", "/project/hostile-members/", "/project/hostile-members/compare/1.0/1.1/"),
        *(f"/project/hostile-links/1.{number}/" for number in range(16)),
        "/project/hostile-members/1.1/contents/hostile_members-1.1.tar.gz/",
    ]
    # What is inside of the archive, by its own links.
    browser.go(others[-1])
    members = browser.page.locator(".members a.path").evaluate_all("all => all.map((it) => it.pathname + it.search)")
    browser.expect(len(members) > 60, "the archive has no members")
    links = [path for path in others if "/hostile-links/1." in path]
    others = [path for path in others if path not in links or browser.go(path).status == 200]
    browser.faults = []
    everything = {**shown, **{path: None for path in others + members[::3]}}
    for is_guarded in (True, False):
        page, context, faults = look(chromium, browser.base, everything, is_guarded)
        browser.faults += faults
        if is_guarded:
            # The policy itself: even a script of the page that is told to can not call outside.
            page.evaluate("address => { const it = new Image(); it.src = address; return new Promise((done) => { it.onerror = it.onload = done; }); }", f"{outside}/picture")
            page.evaluate("address => fetch(address).catch(() => 0)", f"{outside}/fetched")
        else:
            # And the other way around: a page that does run something is found out.
            found = len(faults)
            page.set_content("<img src=x onerror=alert(1)>")
            page.wait_for_timeout(300)
            browser.expect(len(faults) > found, "a dialog would not be seen")
        context.close()
    control = chromium.new_page()
    with contextlib.suppress(playwright.sync_api.Error):  # there is nothing to show
        control.goto(f"{outside}/control")
    return {"shown": len(shown)}


visit.run(story)
