"""Measures an index of the size of the largest there is: big.py PROGRAM WORK-FOLDER (`make bench-big` builds and calls this).

BENCH_PROJECTS (800000) and BENCH_FILES (8000000) say how large. The seeding goes on where an earlier one in the same folder was stopped.
"""

import http.client
import json
import os
import pathlib
import signal
import statistics
import subprocess
import sys
import time

import report
import servers
import site_pages
import uploads
from measure import say
from report import Row

JSON = "application/vnd.pypi.simple.v1+json"
PROJECTS = int(os.environ.get("BENCH_PROJECTS", "800000"))
FILES = int(os.environ.get("BENCH_FILES", "8000000"))
LARGEST = min(40_000, FILES // 2)
CODINGS = ("identity", "gzip", "zstd")


class Big:
    def __init__(self, program: str, work: pathlib.Path):
        self.program, self.work, self.data = program, work, work / "data"
        self.rows: list[Row] = []
        self.faults: list[str] = []
        self.server: servers.Server | None = None

    def command(self, *arguments: str) -> str:
        process = subprocess.run(
            [self.program, *arguments, "--data", str(self.data)], stdout=subprocess.PIPE, text=True, env=servers.clean_environment()
        )
        if process.returncode != 0:
            raise SystemExit(f"emporium {' '.join(arguments[:2])} failed")
        return process.stdout

    def add(self, measurement: str, unit: str, value: float, note: str = ""):
        self.rows.append(Row(f"{PROJECTS:,} projects: {measurement}", unit, value, note=note))

    def run(self):
        try:
            self.seed()
            self.start()
            self.measure_list()
            self.measure_projects()
            self.measure_publish()
            self.measure_search()
            self.add("memory at the end", "MB", self.server.memory(), note=f"peak {self.server.memory('VmHWM'):.0f} MB")
        finally:
            if self.server:
                self.server.stop()

    def seed(self):
        say("seeding")
        began = time.monotonic()
        self.command("seed", "--rows-only", "--projects", str(PROJECTS), "--files", str(FILES))
        seconds = time.monotonic() - began
        size = sum(file.stat().st_size for file in self.data.glob("emporium.sqlite*")) / 1e9
        self.add("seeding of rows", "files/s", FILES / seconds, note=f"{FILES:,} files in {seconds:.0f} s, {size:.1f} GB")
        name = f"bench-{os.getpid()}"
        self.command("user", "create", name, "--email", f"{name}@example.org")
        self.token = self.command("token", "create", name).strip()

    def start(self):
        seconds = []
        for _ in range(3):
            if self.server:
                self.server.stop()
            self.server = servers.emporium(self.program, self.data, self.work / "emporium.log")
            seconds.append(self.server.seconds_to_ready)
        self.add("start to the first answer", "s", statistics.median(seconds))
        time.sleep(1)
        self.add("memory after the start", "MB", self.server.memory())

    def ask(self, path: str, coding: str = "identity") -> tuple[float, float, int, bytes]:
        """Milliseconds to the head of the answer and to its end, its length, and its bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=600)
        try:
            connection.connect()
            began = time.perf_counter()
            connection.request("GET", path, headers={"Accept": JSON, "Accept-Encoding": coding})
            response = connection.getresponse()
            first = time.perf_counter() - began
            body = response.read()
            total = time.perf_counter() - began
        finally:
            connection.close()
        if response.status != 200 or (response.getheader("Content-Encoding") or "identity") != coding:
            raise SystemExit(f"{path} in {coding} is answered {response.status} {response.getheaders()}")
        return first * 1000, total * 1000, len(body), body

    def add_answer(self, title: str, path: str, coding: str = "identity"):
        say(title)
        before = self.server.cpu()
        first, total, size, _ = self.ask(path, coding)
        cpu = (self.server.cpu() - before) * 1000
        note = f"{total:.1f} ms to the end, {size / 1e6:.2f} MB, {cpu:.0f} ms CPU, {self.server.memory():.0f} MB after it"
        self.add(f"{title}: first byte", "ms", first, note=note)

    def measure_list(self):
        for coding in CODINGS:
            for turn in ("first", "second"):
                self.add_answer(f"/simple/ in {coding}, {turn} request", "/simple/", coding)

    def measure_projects(self):
        names = [entry["name"] for entry in json.loads(self.ask("/simple/")[3])["projects"]]
        if len(names) != PROJECTS:
            raise SystemExit(f"{len(names)} projects are listed")
        names.sort()
        largest = f"/simple/{names[PROJECTS // 2]}/"
        for turn in ("first", "second"):
            self.add_answer(f"page of {LARGEST:,} files, {turn} request", largest)
        say("pages of about ten files")
        # Far from each other, so that each finds its part of the database cold.
        some = names[7 :: max(1, PROJECTS // 300)]
        before = self.server.cpu()
        answers = [self.ask(f"/simple/{name}/") for name in some]
        cpu = (self.server.cpu() - before) * 1e6 / len(some)
        firsts = sorted(answer[0] for answer in answers)
        counts = [len(json.loads(answer[3])["files"]) for answer in answers]
        self.rows.append(
            Row(
                f"{PROJECTS:,} projects: small page, first request", "ms", statistics.median(firsts), p50=statistics.median(firsts),
                p99=firsts[int(len(firsts) * 0.99)], cpu=cpu, note=f"{len(some)} pages of {statistics.mean(counts):.1f} files on average",
            )
        )  # fmt: skip

    def measure_search(self):
        say("waiting until search knows all projects")
        began = time.monotonic()
        site_pages.wait_for_search(self.data, PROJECTS)
        self.add("search knows all", "s after the first start", time.monotonic() - began)
        self.server.stop()
        self.server = servers.emporium(self.program, self.data, self.work / "emporium.log", None, {"EMPORIUM_RATE_LIMITS": "off"})
        self.rows += site_pages.searches(self.server, PROJECTS)

    def measure_publish(self):
        for number, coding in enumerate(CODINGS):
            name = f"bench-publish-{os.getpid()}"
            began = time.monotonic()
            taken, faults = uploads.publish(self.server.port, self.token, uploads.forms(name, [f"1.{number}"]))
            self.faults += faults
            if number == 0:
                self.add("a publish of a new project", "ms", (time.monotonic() - began) * 1000, note=f"{taken} taken")
            self.add_answer(f"/simple/ in {coding}, after a publish", "/simple/", coding)


def main():
    program, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    big = Big(program, work)
    machine = report.Machine.this(work)
    began = time.monotonic()
    big.run()
    report.show(big.rows, machine, big.faults, time.monotonic() - began)
    if not os.environ.get("BENCH_DRY"):
        report.keep(big.rows, machine, with_chart=False)


if __name__ == "__main__":
    main()
