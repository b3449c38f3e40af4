"""What people show beside a password: an app, a virtual key."""

import base64
import hashlib
import hmac
import struct
import time


class App:
    """An authenticator app (RFC 6238), written apart from the index's own code. It never shows a code twice."""

    def __init__(self, secret):
        self.secret = base64.b32decode(secret.replace(" ", ""))
        self.last = 0

    def code(self):
        while int(time.time()) // 30 <= self.last:
            time.sleep(0.2)
        self.last = int(time.time()) // 30
        digest = hmac.new(self.secret, struct.pack(">Q", self.last), hashlib.sha1).digest()
        start = digest[-1] & 15
        return f"{(struct.unpack('>I', digest[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def authenticator(browser, **options):
    """A virtual key in the browser, as its DevTools make them."""
    wire = browser.context.new_cdp_session(browser.page)
    wire.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True, **options}
    key = wire.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    return wire, key
