"""Somebody without an account reads every public page, with eyes, with the keyboard alone, and without scripts."""

import json

import visit

# What people read, and what scripts may change of it: times in words, and buttons that copy.
READ = r"""() => {
  for (const it of document.querySelectorAll("main time, main button[data-copy]")) it.remove();
  return document.querySelector("main").innerText.replace(/\s+/g, " ").trim();
}"""


def read_all(browser, pages):
    """Looks at every page; its text by address."""
    texts = {}
    for name, (path, status) in pages.items():
        response = browser.go(path, name)
        browser.expect(response.status == status, f"the answer is {response.status}, not {status}")
        browser.expect("default-src 'none'" in response.headers.get("content-security-policy", ""), "there is no content security policy")
        browser.tab_through()
        texts[path] = browser.page.evaluate(READ)
    return texts


def search_by_keyboard(browser):
    page = browser.page
    browser.go("/help/")
    page.keyboard.press("/")
    field = page.locator(".top input[name=q]")
    browser.expect(field.evaluate("it => it === document.activeElement"), "/ does not lead to the search field")
    browser.expect(field.input_value() == "", "/ is typed into the field that it leads to")
    page.keyboard.type("chee")
    page.locator("#names option").first.wait_for(state="attached")
    offered = page.locator("#names option").evaluate_all("all => all.map((it) => it.value)")
    browser.expect("cheese-shop" in offered, f"typing offers {offered}")
    page.keyboard.type("se-shop/1")
    browser.expect(field.input_value() == "cheese-shop/1", "a / in the middle of what is typed is lost")
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=cheese-shop")
    page.locator(".hits a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/project/cheese-shop/")


def go_through_tabs(browser):
    page = browser.page
    browser.go("/project/cheese-shop/")
    for name in page.locator(".tabs a").evaluate_all("all => all.map((it) => it.firstChild.textContent)"):
        page.locator(".tabs a", has_text=name).first.click()
        page.wait_for_load_state()
        current = page.locator(".tabs a[aria-current]")
        browser.expect(current.count() == 1 and name in current.inner_text(), f"the tab {name} does not say that it is open")
        # What a tab shows stands left of the facts about the project, whatever it is.
        sides = page.locator(".cols").evaluate("it => [...it.children].map((part) => Math.round(part.getBoundingClientRect().top))")
        browser.expect(len(sides) == 2 and sides[0] == sides[1], f"the tab {name} has its parts at {sides}")
    # The skip link is the first thing the keyboard comes to, and leads past the frame.
    browser.go("/project/cheese-shop/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    browser.expect(page.url.endswith("#main"), "the first link does not skip to the content")
    browser.go("/project/cheese-shop/versions/")
    page.locator("#from").select_option("0.9")
    page.locator("#to").select_option("2.0")
    browser.press("Compare")
    browser.expect(page.url.endswith("/compare/0.9/2.0/"), "two releases can not be compared")
    browser.go("/search/?q=cheese")
    page.locator(".facets summary").first.click()
    page.locator(".facets input[type=checkbox]").first.check()
    browser.press("Filter")
    browser.expect(page.locator(".pills .pill").count() == 1, "a filter does nothing")


def read_without_scripts(browser, texts):
    context = browser.context.browser.new_context(base_url=browser.base, java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    for path, text in texts.items():
        page.goto(path)
        found = page.evaluate(READ)
        browser.expect(found == text, f"{path} reads otherwise without scripts: {found[:300]}")
    page.goto("/")
    page.locator("main input[name=q]").fill("cheese-shop")
    page.locator("main input[name=q]").press("Enter")
    page.wait_for_url("**/search/?q=cheese-shop")
    browser.expect(page.locator(".hits a").first.inner_text() == "cheese-shop", "search does not work without scripts")
    page.goto("/project/cheese-shop/")
    browser.expect(page.locator("button[data-copy]:visible").count() == 0, "a button is shown that does nothing")
    page.locator(".install summary", has_text="pip").click()
    browser.expect(page.locator("#install-1").is_visible(), "the lines for pip can not be opened")
    context.close()


def story(browser, pages, without_search):
    texts = read_all(browser, json.loads(pages))
    search_by_keyboard(browser)
    go_through_tabs(browser)
    read_without_scripts(browser, texts)
    # Another address of the same index, whose search engine is away.
    away = visit.Visit(browser.context.browser, without_search, browser.pictures)
    for path, name, status in [("/search/?q=cheese", "search-away", 503), ("/project/chese-shop/", "project-missing-search-away", 404)]:
        browser.expect(away.go(path, name).status == status, f"without search {path} is not {status}")
    browser.faults += away.faults


visit.run(story)
