"""What people cost: the pages of an account, and a crowd that guesses passwords."""

import http.client
import os
import re
import statistics
import subprocess
import time
import urllib.parse

import servers
import wrk
from report import Row

PASSWORD = "correct horse battery"
PAGE_MICROSECONDS = 5000
GUESS_SECONDS = int(os.environ.get("BENCH_GUESS_SECONDS", "30"))
KNOWN, GUESSERS = "192.0.2.1", 32


class Person:
    """A browser, as far as a login needs one."""

    def __init__(self, port: int, address: str = KNOWN):
        self.port, self.address, self.session = port, address, None

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"X-Forwarded-For": self.address, "Accept": "text/html"}
        if self.session:
            headers["Cookie"] = f"session_id={self.session}"
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        found = re.search(r"session_id=([^;]+)", answer.headers.get("Set-Cookie", ""))
        if found:
            self.session = found[1]
        connection.close()
        return answer.status, text

    def token(self) -> str:
        return re.search(r'name="csrf_token" value="([^"]+)"', self.ask("GET", "/account/login/")[1])[1]

    def log_in(self) -> int:
        self.session = None
        token = self.token()
        return self.ask("POST", "/account/login/", {"csrf_token": token, "username": "alice", "password": PASSWORD})[0]


def measure(measurement) -> list[Row]:
    data = measurement.work / "people"
    subprocess.run(
        [measurement.program, "user", "create", "alice", "--email", "alice@example.org", "--password-stdin", "--data", str(data)],
        input=PASSWORD + "\n", text=True, check=True, capture_output=True, env=servers.clean_environment(),
    )  # fmt: skip
    settings = {"EMPORIUM_TRUSTED_PROXIES": "1"}
    server = measurement.start(servers.emporium, measurement.program, data, measurement.work / "people.log", wrk.SERVER_CORE, settings)
    alice = Person(server.port)
    if alice.log_in() != 303:
        raise SystemExit("alice can not log in")
    rows = []
    for path, title in (("/manage/account/", "account page, logged in"), ("/manage/account/token/", "page of tokens, logged in")):
        headers = {"Cookie": f"session_id={alice.session}", "X-Forwarded-For": KNOWN}
        wrk.load(server, path, headers, connections=4, seconds=1)
        loads = [wrk.load(server, path, headers, connections=4) for _ in range(wrk.ROUNDS)]
        best = sorted(loads, key=lambda load: load.microseconds)[len(loads) // 2]
        isRight = best.microseconds < PAGE_MICROSECONDS and not best.failures
        rows.append(
            Row(
                title, "requests/s", best.rate, p50=best.p50, p99=best.p99, cpu=best.microseconds, note=f"{best.failures} failed",
                goal=f"CPU < {PAGE_MICROSECONDS} us", verdict="ok" if isRight else "MISSED",
            )
        )  # fmt: skip
    rows.append(guesses(server))
    measurement.stop(server)
    return rows


def guesses(server: servers.Server) -> Row:
    """Strangers guess; somebody who has been here before logs in all the while."""
    stranger = Person(server.port, "198.18.0.1")
    token = stranger.token()
    environment = dict(os.environ) | {"BENCH_SESSION": stranger.session, "BENCH_TOKEN": token}
    before, began = server.cpu(), time.monotonic()
    crowd = subprocess.Popen(
        [*servers.pinned(wrk.CLIENT_CORE), "wrk", "-t1", f"-c{GUESSERS}", f"-d{GUESS_SECONDS}s", "--timeout", "20s", "-s", str(wrk.HERE / "wrk-guess.lua"),
         f"http://127.0.0.1:{server.port}/"],
        stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    waits, statuses = [], []
    while crowd.poll() is None:
        start = time.monotonic()
        statuses.append(Person(server.port).log_in())
        waits.append((time.monotonic() - start) * 1000)
        time.sleep(0.5)
    output = crowd.stdout.read()
    line = next(line for line in output.splitlines() if line.startswith("GUESSES "))
    duration, wrong, limited, busy, other, broken = map(int, line.split()[1:])
    total = wrong + limited + busy + other
    kept_out = sum(status != 303 for status in statuses)
    cpu = (server.cpu() - before) * 1e6 / max(1, total)
    return Row(
        f"guesses at passwords for {GUESS_SECONDS} s, beside somebody who logs in", "guesses/s", total / duration * 1e6,
        p50=statistics.median(waits), p99=max(waits), cpu=cpu,
        note=f"{wrong} checked, {limited} limited, {busy} turned away, {other} others, {broken} broke off; {len(statuses)} logins, {kept_out} kept out; the times are theirs",
        goal="nobody kept out, at most 1,000 checked", verdict="ok" if not kept_out and wrong <= 1000 + GUESSERS else "MISSED",
    )  # fmt: skip
