"""Mail servers for the tests, each on a free port of the loopback address.

    mailserver.py FOLDER

Makes the certificates in FOLDER, prints the servers' ports as a line of JSON, and appends what is sent to any of them to FOLDER/mails as lines of JSON. Ends
with its standard input. Of the addresses, `bounce…` does not exist, `defer…` is told to come back once, `later…` always.
"""

import asyncio
import base64
import datetime
import itertools
import json
import logging
import pathlib
import ssl
import sys

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

folder = pathlib.Path(sys.argv[1])
logging.disable()


def context(authority, *names, **times):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **times).configure_cert(made)
    return made


numbers = itertools.count()


def number_of(session):
    """Another one for each connection: an address in memory would be another's later."""
    if not hasattr(session, "number"):
        session.number = next(numbers)
    return session.number


class Sink:
    def __init__(self, server):
        self.server = server
        self.deferred = set()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        # It reads line by line whatever has come, and so it can; it only does not say so.
        return responses if self.server in ("login", "starttls") else ["250-PIPELINING", *responses]

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("bounce"):
            return f"550 5.1.1 <{address}> no such user"
        if address.startswith("later") or address.startswith("defer") and address not in self.deferred:
            self.deferred.add(address)
            return "451 4.7.1 greylisted, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if b"X-Spam:" in envelope.original_content:
            return "554 5.7.1 spam: https://index.example/reset?token=abcdef"
        mail = {
            "server": self.server,
            "connection": number_of(session),
            "client": session.host_name,
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "content": base64.b64encode(envelope.original_content).decode(),
            "isEncrypted": server.transport.get_extra_info("ssl_object") is not None,
            "isLoggedIn": bool(session.authenticated),
        }
        with open(folder / "mails", "a", encoding="utf-8") as mails:
            mails.write(json.dumps(mail, ensure_ascii=False) + "\n")
        return "250 queued"


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and data.login == b"alice" and data.password == b"s3cret"
    return AuthResult(success=right, handled=False)


class Scripted(asyncio.Protocol):
    """Greets, and answers as a server does, up to a step, at which it hangs or hangs up."""

    step = ends = None

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = b""
        self.in_data = False
        self.answer("greeting", "220 hi")

    def answer(self, step, text):
        if step == self.step:
            if self.ends:
                self.transport.close()
            self.step = "all"
        elif self.step != "all":
            self.transport.write(text.encode() + b"\r\n")

    def data_received(self, data):
        self.buffer += data
        if self.in_data and self.step == "data":
            self.answer("data", "")
        while b"\r\n" in self.buffer:
            line, self.buffer = self.buffer.split(b"\r\n", 1)
            if self.in_data:
                if line == b".":
                    self.in_data = False
                    self.answer("content", "250 queued")
                continue
            command = line.split(b" ")[0].split(b":")[0].decode("ascii", "replace").upper()
            if command == "DATA":
                self.in_data = self.step not in ("DATA", "all")
                self.answer("DATA", "354 go")
            else:
                self.answer(command, {"AUTH": "235 ok", "QUIT": "221 bye"}.get(command, "250-hi\r\n250 AUTH PLAIN" if command == "EHLO" else "250 ok"))


class Leaving(Scripted):
    """Takes one mail; at the next one of the connection it goes away, with a word or without."""

    word = None
    has_taken = False

    def answer(self, step, text):
        if step == "MAIL" and self.has_taken:
            if self.word:
                self.transport.write(self.word)
            self.transport.close()
            return
        self.has_taken = self.has_taken or step == "content"
        super().answer(step, text)


class Silent(asyncio.Protocol):
    """Agrees to STARTTLS and says nothing more."""

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"220 hi\r\n")

    def data_received(self, data):
        if data.startswith(b"EHLO"):
            self.transport.write(b"250-hi\r\n250 STARTTLS\r\n")
        elif data.startswith(b"STARTTLS"):
            self.transport.write(b"220 go\r\n")


class Dripping(asyncio.Protocol):
    """Says a byte now and then."""

    def connection_made(self, transport):
        self.transport = transport
        self.drip()

    def drip(self):
        if not self.transport.is_closing():
            self.transport.write(b"2")
            asyncio.get_running_loop().call_later(0.02, self.drip)


class Flooding(asyncio.Protocol):
    """Never stops to greet."""

    piece = b"220-hi\r\n" * 8000

    def connection_made(self, transport):
        self.transport = transport
        self.resume_writing()

    def resume_writing(self):
        if not self.transport.is_closing():
            self.transport.write(self.piece)
            asyncio.get_running_loop().call_soon(self.resume_writing)

    def pause_writing(self):
        self.transport.abort()


class Injecting(asyncio.Protocol):
    """Says more behind STARTTLS than it was asked, in the same piece."""

    def connection_made(self, transport):
        self.transport = transport
        transport.write(b"220 hi\r\n")

    def data_received(self, data):
        self.transport.write(b"220 go\r\n250-hi\r\n250 AUTH PLAIN\r\n" if data.startswith(b"STARTTLS") else b"250-hi\r\n250 STARTTLS\r\n")


def scripted(step, ends):
    return type("Made", (Scripted,), {"step": step, "ends": ends})


async def main():
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    names = ("localhost", "127.0.0.1")
    good = context(authority, *names)
    yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    bad = {
        "stranger": context(trustme.CA(), *names),
        "expired": context(authority, *names, not_before=yesterday - datetime.timedelta(days=30), not_after=yesterday),
        "misnamed": context(authority, "other.example"),
    }
    loop = asyncio.get_running_loop()
    ports, servers = {}, []

    async def listen(name, factory, tls=None):
        server = await loop.create_server(factory, "127.0.0.1", 0, ssl=tls)
        servers.append(server)
        ports[name] = server.sockets[0].getsockname()[1]

    def smtp(name, **options):
        sink = Sink(name)
        return lambda: SMTP(sink, hostname="mx.example", loop=loop, **options)

    login = {"authenticator": authenticate, "auth_required": True}
    await listen("plain", smtp("plain", enable_SMTPUTF8=True))
    await listen("ascii", smtp("ascii", data_size_limit=2000))
    await listen("login", smtp("login", auth_require_tls=False, **login))
    await listen("starttls", smtp("starttls", tls_context=good, require_starttls=True, enable_SMTPUTF8=True, **login))
    await listen("implicit", smtp("implicit", auth_require_tls=False, enable_SMTPUTF8=True, **login), good)
    for name, tls in bad.items():
        await listen(f"{name}-starttls", smtp(name, tls_context=tls, require_starttls=True))
        await listen(f"{name}-implicit", smtp(name), tls)
    for step in ("greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "data", "content"):
        await listen(f"hangs-{step}", scripted(step, False))
        await listen(f"ends-{step}", scripted(step, True))
    await listen("leaves", Leaving)
    await listen("leaves-saying-so", type("Made", (Leaving,), {"word": b"421 4.7.0 one mail is enough\r\n"}))
    for name, factory in {"silent": Silent, "dripping": Dripping, "flooding": Flooding, "injecting": Injecting}.items():
        await listen(name, factory)
    print(json.dumps(ports), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
