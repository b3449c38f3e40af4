"""A stranger registers, proves an address, adds second factors, makes a token, publishes with it, and takes it back."""

import pathlib
import urllib.parse

import visit
from factors import App, authenticator

PASSWORD = "seven green bottles hanging"


def publish(browser, token, upload):
    """Sends a file as twine does; the answer's status."""
    answer = browser.context.request.post(
        "/legacy/",
        data=pathlib.Path(upload).read_bytes(),
        headers={
            "Content-Type": "multipart/form-data; boundary=a-boundary-of-tests",
            "Authorization": f"Bearer {token}",
        },
    )
    return answer.status


def open_mail(browser, subject):
    """Goes to the newest mail of a subject, waiting for it to be sent; the path of its link."""
    for _ in range(100):
        browser.go("/outbox/")
        found = browser.page.get_by_role("link", name=subject)
        if found.count():
            break
        browser.page.wait_for_timeout(100)
    found.first.click()
    browser.page.wait_for_load_state()
    href = browser.page.locator(".mail a").first.get_attribute("href")
    link = urllib.parse.urlsplit(href)
    return f"{link.path}?{link.query}"


def story(browser, first, second):
    page = browser.page
    browser.go("/account/login/")
    page.get_by_role("link", name="Register").click()
    browser.look("register")
    browser.fill(username="nora", email="nora@example.org", name="Nora", password="password", password_confirm="password")
    browser.press("Create the account")
    browser.look("register-faults")
    browser.expect("easy to guess" in browser.text(), "a bad password is good enough")
    browser.expect(page.locator("#email").input_value() == "nora@example.org", "what was typed is lost")
    browser.fill(password=PASSWORD, password_confirm=PASSWORD)
    browser.press("Create the account")
    browser.expect("Your account is made" in browser.text(), "no welcome")
    browser.go("/manage/account/token/")
    browser.look("unverified")
    link = open_mail(browser, "Verify your email address")
    browser.look("outbox-mail")
    browser.go("/outbox/", "outbox")
    browser.go(link)
    browser.expect("nora@example.org is verified" in browser.text(), "the link verifies nothing")

    browser.go("/manage/account/two-factor/")
    browser.press("Make recovery codes")
    codes = page.locator("#codes").inner_text().split()
    page.get_by_role("link", name="I have kept them").click()
    browser.fill(recovery_code_value=codes[0])
    browser.press("Use this code")
    page.get_by_role("link", name="Set up an app").click()
    app = App(page.locator("dl code").inner_text())
    browser.fill(totp_value=app.code())
    browser.press("Use this app")
    authenticator(browser, transport="internal", hasResidentKey=True, hasUserVerification=True, isUserVerified=True)
    page.get_by_role("link", name="Add a security key").click()
    browser.fill(label="laptop")
    browser.press("Add the key")
    page.wait_for_url("**/two-factor/")

    browser.go("/account/logout/")
    browser.press("Log out")
    browser.go("/manage/account/token/")
    browser.press("Log in with a passkey")
    page.wait_for_url("**/manage/account/token/")
    browser.fill(name="laptop", networks="127.0.0.1 ::1")
    browser.press("Create token")
    token = page.locator("#new-token").inner_text()
    browser.expect(publish(browser, token, first) == 200, "the token publishes nothing")
    browser.go("/manage/account/token/", "tokens-used")
    browser.expect("127.0.0.1" in browser.text(), "nobody says from where the token was used")
    page.locator("input[type=checkbox][name^='project:']").first.check()
    page.locator("#reach").select_option("read")
    browser.fill(name="mistake")
    browser.press("Create token")
    browser.look("tokens-faults")
    browser.expect("choose no project" in browser.text(), "a token that reads is bound to a project")
    page.get_by_role("button", name="Delete laptop").click()
    page.wait_for_load_state()
    browser.expect("The token is deleted" in browser.text(), "the token was not deleted")
    browser.expect(publish(browser, token, second) == 403, "a token that was deleted publishes")

    for part in ("", "versions/", "files/", "dependencies/"):
        browser.go(f"/project/demo/{part}", f"project-{part.rstrip('/') or 'readme'}")
    browser.go("/user/nora/", "profile")
    browser.expect("demo" in browser.text() and "nora@example.org" not in browser.text(), "the profile is wrong")
    browser.go("/manage/account/", "account-full")
    page.get_by_role("link", name="All of the last 90 days").click()
    browser.look("history")
    browser.go("/manage/account/delete/", "delete-refused")

    # A forgotten password, from the mail to the login.
    browser.go("/account/logout/")
    browser.press("Log out")
    browser.go("/account/request-password-reset/", "reset-request")
    browser.fill(username_or_email="nora")
    browser.press("Send the link")
    browser.look("reset-sent")
    browser.go(open_mail(browser, "Set a new password"), "reset")
    browser.fill(new_password="nine purple umbrellas", password_confirm="nine purple umbrellas")
    browser.press("Set the password")
    browser.fill(username="nora", password="nine purple umbrellas")
    browser.press("Log in")
    browser.fill(totp_value=app.code())
    browser.press("Log in")
    browser.expect(page.url.endswith("/manage/account/"), "the new password opens nothing")
    browser.go("/account/confirm-login/", "confirm-login")


visit.run(story)
