"""Second factors in a browser: an app, a security key, a passkey, a recovery code."""

import visit
from factors import App, authenticator


def log_out(browser):
    browser.go("/account/logout/")
    browser.press("Log out")


def log_in(browser):
    browser.go("/account/login/")
    browser.fill(username="mona", password="correct horse battery")
    browser.press("Log in")


def story(browser, link):
    page = browser.page
    browser.go(link)
    browser.fill(username="mona", email="mona@example.org", password="correct horse battery", password_confirm="correct horse battery")
    browser.press("Create the administrator")
    browser.go("/manage/account/two-factor/", "two-factor-none")
    browser.press("Make recovery codes")
    browser.look("recovery-codes")
    codes = page.locator("#codes").inner_text().split()
    browser.expect(len(codes) == 8 and len(set(codes)) == 8, "not eight codes")
    page.get_by_role("link", name="I have kept them").click()
    browser.look("recovery-code-burn")
    browser.fill(recovery_code_value=codes[0])
    browser.press("Use this code")
    browser.expect("That was one of them" in browser.text(), "the code was not taken")
    page.get_by_role("link", name="Set up an app").click()
    browser.look("app")
    app = App(page.locator("dl code").inner_text())
    browser.fill(totp_value=app.code())
    browser.press("Use this app")
    browser.expect("is in use from now on" in browser.text(), "the app was not taken")

    # A security key beside it.
    wire, key = authenticator(browser, hasResidentKey=False)
    page.get_by_role("link", name="Add a security key").click()
    browser.look("key-add")
    browser.fill(label="blue key")
    browser.press("Add the key")
    page.wait_for_url("**/two-factor/")
    browser.look("two-factor-both")
    browser.expect("blue key" in browser.text(), "the key is not listed")
    browser.expect(len(wire.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]) == 1, "the key holds nothing")

    log_out(browser)
    log_in(browser)
    browser.look("second-step")
    browser.press("Use a security key")
    page.wait_for_url("**/manage/account/")
    browser.expect("Your account" in browser.text(), "the key opens nothing")

    log_out(browser)
    log_in(browser)
    browser.fill(totp_value="000000")
    browser.press("Log in")
    browser.look("second-step-faults")
    browser.fill(totp_value=app.code())
    browser.press("Log in")
    browser.expect(page.url.endswith("/manage/account/"), "the app opens nothing")

    log_out(browser)
    log_in(browser)
    page.get_by_role("link", name="Use a recovery code").click()
    browser.look("recovery-code")
    browser.fill(recovery_code_value=codes[1])
    browser.press("Log in")
    browser.expect(page.url.endswith("/manage/account/"), "the recovery code opens nothing")

    # A passkey knows its user, and opens the account by itself.
    wire.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": key})
    wire, key = authenticator(
        browser, transport="internal", hasResidentKey=True, hasUserVerification=True, isUserVerified=True
    )
    browser.go("/manage/account/webauthn-provision")
    browser.fill(label="laptop")
    browser.press("Add the key")
    page.wait_for_url("**/two-factor/")
    log_out(browser)
    browser.go("/account/login/")
    browser.look("log-in-passkey")
    browser.press("Log in with a passkey")
    page.wait_for_url("**/manage/account/")
    browser.expect("Your account" in browser.text(), "the passkey opens nothing")

    # A key can go; the last factor can not.
    browser.go("/manage/account/two-factor/")
    page.get_by_role("button", name="Remove blue key").click()
    browser.expect("The key is removed" in browser.text(), "the key was not removed")
    browser.press("Remove the app")
    browser.expect("is removed" in browser.text(), "the app was not removed")
    browser.look("two-factor-last")
    browser.expect("the last one stays" in browser.text(), "the last factor could go")
    browser.go("/manage/account/", "account-two-factor")


visit.run(story)
