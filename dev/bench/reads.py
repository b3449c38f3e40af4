"""The read path: pages and files beside nginx with the same bytes and, where it can, pypiron with the same packages."""

import gzip
import json
import pathlib
import random
import statistics
import subprocess
import sys
import time

import servers
import uploads
import wrk
from installs import install_together
from report import Row

JSON, HTML = "application/vnd.pypi.simple.v1+json", "text/html"
TYPES = {"JSON": JSON, "HTML": HTML}
# How many files make a page of 10 kB or 100 kB in each format.
PROJECTS = {"bench-ten": 18, "bench-hundred": 175, "bench-2000": 2000}
PACKAGES = [f"package-{number:02}" for number in range(30)]
LISTED, LARGEST = 10_000, 40_000
INSTALLERS = 64


def say(text: str):
    print(text, file=sys.stderr, flush=True)


class Reads:
    """Fills an index, copies its answers for nginx, and adds the rows of what is read."""

    def __init__(self, measurement):
        self.m = measurement
        self.folder = measurement.work / "nginx"
        self.folder.mkdir()
        self.locations = ""

    def run(self):
        say("filling the index")
        self.fill()
        self.copy()
        self.measure_pages()
        self.measure_files()
        self.measure_largest()
        self.measure_installs()
        self.measure_beside_publishers()
        for server in (self.rival, self.nginx, self.index):
            self.m.stop(server)

    # Filling

    def fill(self):
        m = self.m
        # A rows-only seed lists 10,000 projects, one of them with 40,000 files.
        m.command("seed", "--rows-only", "--projects", str(LISTED), "--files", str(2 * LARGEST))
        self.index = m.start(servers.emporium, m.program, m.data, m.log, wrk.SERVER_CORE, {"EMPORIUM_FILE_SIZE_LIMIT": "2048"})
        self.rival = m.start(servers.pypiron, m.work / "pypiron", m.work / "pypiron.log", wrk.SERVER_CORE)
        for server, secret, user in ((self.index, m.token, "__token__"), (self.rival, servers.PYPIRON_PASSWORD, "admin")):
            for name, count in PROJECTS.items():
                self.publish(server, secret, user, uploads.forms(name, [f"{number // 10}.{number % 10}" for number in range(count)]))
            payload = random.Random(3).randbytes(2000)
            for name in PACKAGES:
                self.publish(server, secret, user, [uploads.form(name, "1.0", *uploads.wheel(name, "1.0", payload))])
        for name, size in (("bench-download", 10_000_000), ("bench-gigabyte", 1_000_000_000)):
            content = random.Random(size).randbytes(10_000_000) * (size // 10_000_000)
            filename, content = uploads.wheel(name, "1.0", content)
            self.publish(self.index, m.token, "__token__", [uploads.form(name, "1.0", filename, content)])

    def publish(self, server: servers.Server, secret: str, user: str, bodies: list[bytes]):
        # A project's first upload makes it; the others may come together.
        taken, faults = uploads.publish(server.port, secret, bodies[:1], user=user)
        shares = [share for share in (bodies[1 + start :: 4] for start in range(4)) if share]
        if shares:
            more, _, others = uploads.publish_together(server.port, secret, shares, 120, user)
            taken, faults = taken + more, faults + others
        if taken != len(bodies):
            raise SystemExit(f"Only {taken} of {len(bodies)} files could be published: {faults[:1]}")

    # What nginx serves

    def copy(self):
        """Each page and file under Emporium's own path, where nginx needs no choice between formats, else under a name."""
        self.pages = []
        wanted = [("10 kB", "bench-ten", "JSON"), ("10 kB", "bench-ten", "HTML"), ("100 kB", "bench-hundred", "JSON")]
        wanted += [("2,000 files", "bench-2000", "JSON"), ("2,000 files", "bench-2000", "HTML")]
        for size, name, kind in wanted:
            self.pages.append((f"page of {size}, {kind}", f"/simple/{name}/", kind))
        self.pages.append((f"list of {LISTED:,} projects, JSON", "/simple/", "JSON"))
        for title, path, kind in self.pages:
            self.copy_page(path, TYPES[kind], self.name(path, kind))
        for name in PACKAGES:
            self.copy_page(f"/simple/{name}/", JSON, f"/simple/{name}/")
        self.small = self.file_of("bench-hundred")
        # The only thing nginx has to do for a file is to find it.
        stored = self.stored(self.small)
        self.locations += f"location /packages/ {{ alias {stored.parents[3]}/; default_type application/octet-stream; }}\n"
        self.nginx = self.m.start(servers.nginx, self.folder, self.locations, wrk.SERVER_CORE)

    def name(self, path: str, kind: str) -> str:
        return f"/{kind}-{path.strip('/').replace('/', '-')}"

    def copy_page(self, path: str, accept: str, location: str):
        status, headers, body = self.index.get(path, {"Accept": accept, "Accept-Encoding": "identity"})
        _, coded, packed = self.index.get(path, {"Accept": accept, "Accept-Encoding": "gzip"})
        if status != 200 or dict(coded).get("Content-Encoding") != "gzip" or gzip.decompress(packed) != body:
            raise SystemExit(f"{path} as {accept} is answered {status} {headers}, or {coded}")
        file = self.folder / (location.strip("/").replace("/", "_") + ".page")
        file.write_bytes(body)
        file.with_name(file.name + ".gz").write_bytes(packed)
        self.locations += servers.nginx_location(location, file, headers)

    def file_of(self, name: str) -> str:
        _, _, body = self.index.get(f"/simple/{name}/", {"Accept": JSON})
        return json.loads(body)["files"][0]["url"]

    def stored(self, path: str) -> pathlib.Path:
        return next(file for file in self.m.data.rglob(path.rpartition("/")[2]) if str(file).endswith(path.removeprefix("/packages")))

    # Beside others

    def beside(self, title: str, goal: float, requests: dict[servers.Server, tuple[str, dict[str, str]]], connections=wrk.CONNECTIONS,
               by_bytes=False, note=""):  # fmt: skip
        """Rounds of all servers in turn; a row for each of the others."""
        say(title)
        rounds = {server: [] for server in requests}
        for server, (path, headers) in requests.items():
            status, _, body = server.get(path, headers)
            if status not in (200, 304):
                raise SystemExit(f"{title}: {path} is answered {status}")
        for _ in range(wrk.ROUNDS):
            for server, (path, headers) in requests.items():
                rounds[server].append(wrk.load(server, path, headers, connections))
        for server in requests:
            if server is not self.index:
                self.m.rows.append(self.row(title, goal, rounds, server, by_bytes, note if server is self.rival else ""))

    def row(self, title: str, goal: float, rounds, other: servers.Server, by_bytes: bool, note="") -> Row:
        ours, theirs = rounds[self.index], rounds[other]
        name = "nginx" if other is self.nginx else "pypiron"

        def median(loads, field: str) -> float:
            return statistics.median(getattr(load, field) for load in loads)

        # Rounds stand side by side in time, so that a busy moment of the machine hits both.
        def ratio(field: str) -> float:
            return statistics.median(getattr(one, field) / max(getattr(two, field), 0.01) for one, two in zip(ours, theirs))

        field, unit = ("megabytes_a_second", "MB/s") if by_bytes else ("rate", "requests/s")
        cpu = ratio("microseconds")
        reached = ratio(field) if by_bytes else 1 / cpu
        failures = sum(load.failures for load in ours), sum(load.failures for load in theirs)
        return Row(
            title, unit, median(ours, field), name, median(theirs, field), ratio(field), median(ours, "p50"), median(ours, "p99"),
            median(theirs, "p50"), median(theirs, "p99"), median(ours, "microseconds"), median(theirs, "microseconds"), cpu,
            note=note if failures == (0, 0) else f"failed: {failures[0]} of emporium, {failures[1]} of {name}",
            goal=f"{'bytes' if by_bytes else 'CPU'} >= {goal} x {name}",
            verdict="ok" if reached >= goal and not failures[0] else "MISSED",
        )  # fmt: skip

    def measure_pages(self):
        def ask(kind: str, coding: str) -> dict[str, str]:
            return {"Accept": TYPES[kind], "Accept-Encoding": coding}

        def both(title: str, goal: float, path: str, kind: str, coding: str, with_rival=False):
            _, _, body = self.index.get(path, ask(kind, coding))
            requests = {self.index: (path, ask(kind, coding)), self.nginx: (self.name(path, kind), ask(kind, coding))}
            if self.nginx.get(*requests[self.nginx])[2] != body:
                raise SystemExit(f"{title}: nginx answers other bytes")
            note = ""
            if with_rival:
                requests[self.rival] = (path, ask(kind, coding))
                note = f"its page has {len(self.rival.get(*requests[self.rival])[2]) / 1000:,.1f} kB"
            self.beside(f"{title}, {coding} ({len(body) / 1000:,.1f} kB)", goal, requests, note=note)

        both("page of 10 kB, JSON", 1, "/simple/bench-ten/", "JSON", "identity", with_rival=True)
        both("page of 10 kB, HTML", 1, "/simple/bench-ten/", "HTML", "identity", with_rival=True)
        both("page of 100 kB, JSON", 0.8, "/simple/bench-hundred/", "JSON", "identity")
        self.measure_not_modified()
        for kind in TYPES:
            both(f"page of 2,000 files, {kind}", 1, "/simple/bench-2000/", kind, "gzip", with_rival=True)
        for coding in ("identity", "gzip"):
            both(f"list of {LISTED:,} projects, JSON", 1, "/simple/", "JSON", coding)

    def measure_not_modified(self):
        requests = {}
        for server, path in ((self.index, "/simple/bench-ten/"), (self.nginx, self.name("/simple/bench-ten/", "JSON"))):
            headers = {"Accept": JSON, "Accept-Encoding": "identity"}
            headers["If-None-Match"] = dict(server.get(path, headers)[1])["ETag"]
            if server.get(path, headers)[0] != 304:
                raise SystemExit(f"{path} is not answered 304")
            requests[server] = (path, headers)
        self.beside("page of 10 kB, JSON, 304", 1, requests)

    # Files

    def measure_files(self):
        package = self.file_of(PACKAGES[0])
        for title, path in (("file of 3 kB", package), ("its .metadata", package + ".metadata")):
            self.beside(title, 0.9, {self.index: (path, {}), self.nginx: (path, {})})
        download = self.file_of("bench-download")
        self.beside(
            "download of 10 MB, 4 connections", 0.9, {self.index: (download, {}), self.nginx: (download, {})}, connections=4, by_bytes=True
        )
        say("download of 1 GB")
        path = self.file_of("bench-gigabyte")
        rounds = {self.index: [], self.nginx: []}
        for _ in range(wrk.ROUNDS):
            for server, loads in rounds.items():
                loads.append(self.fetch(server, path))
        self.m.rows.append(self.row("download of 1 GB, 1 connection", 0.9, rounds, self.nginx, by_bytes=True))

    def fetch(self, server: servers.Server, path: str) -> wrk.Load:
        before, began = server.cpu(), time.monotonic()
        command = [*servers.pinned(wrk.CLIENT_CORE), "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code} %{size_download}"]
        output = subprocess.run([*command, f"http://127.0.0.1:{server.port}{path}"], capture_output=True, text=True, timeout=120)
        seconds = time.monotonic() - began
        status, size = output.stdout.split()
        failures = int(status != "200" or int(size) < 1_000_000_000)
        return wrk.Load(1, 1 / seconds, int(size) / 1e6 / seconds, seconds * 1000, seconds * 1000, (server.cpu() - before) * 1e6, failures, 0)

    # The largest page

    def measure_largest(self):
        say(f"page of {LARGEST:,} files")
        _, _, body = self.index.get("/simple/", {"Accept": JSON})
        names = sorted(entry["name"] for entry in json.loads(body)["projects"] if not entry["name"].startswith(("bench-", "package-")))
        path, headers = f"/simple/{names[LISTED // 2]}/", {"Accept": JSON, "Accept-Encoding": "identity"}
        began = time.monotonic()
        status, _, body = self.index.get(path, headers)
        miss = (time.monotonic() - began) * 1000
        if status != 200 or len(json.loads(body)["files"]) != LARGEST:
            raise SystemExit(f"{path} is answered {status} and has not {LARGEST} files")
        firsts = sorted(self.index.first_byte(path, headers) * 1000 for _ in range(50))
        half = statistics.median(firsts)
        size = f"{len(body) / 1e6:,.1f} MB"
        self.m.rows.append(
            Row(
                f"page of {LARGEST:,} files, JSON ({size}), kept: first byte", "ms", half, p50=half, p99=firsts[-1],
                note=f"{miss:.0f} ms the first time", goal="< 1 ms", verdict="ok" if half < 1 else "MISSED",
            )
        )  # fmt: skip
        calls = min((self.file_calls(path, headers) for _ in range(3)), key=len)
        self.m.rows.append(
            Row(
                "its reads of database and storage, 20 requests", "calls", len(calls), note="; ".join(calls[:2]), goal="0",
                verdict="ok" if not calls else "MISSED",
            )
        )  # fmt: skip

    def file_calls(self, path: str, headers: dict[str, str]) -> list[str]:
        """The system calls by which a database in a file or the storage is read while a page is asked for."""
        log = self.m.work / "calls"
        tracer = subprocess.Popen(
            ["strace", "-f", "-qq", "-e", "trace=open,openat,pread64,preadv,fcntl,stat,newfstatat,statx,fsync,fdatasync", "-e", "signal=none",
             "-o", str(log), "-p", str(self.index.process.pid)], stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            deadline = time.monotonic() + 5
            while not self.index.is_traced() and time.monotonic() < deadline:
                time.sleep(0.01)
            start = log.stat().st_size if log.exists() else 0
            for _ in range(20):
                self.index.first_byte(path, headers)
            with log.open() as lines:
                lines.seek(start)
                return [line.strip() for line in lines if "F_GETFL" not in line and "F_SETFL" not in line]
        finally:
            tracer.terminate()
            tracer.wait()

    # Installs

    def measure_installs(self):
        say(f"{INSTALLERS} uv pip install of {len(PACKAGES)} packages")
        totals, runs = {self.index: [], self.nginx: []}, {self.index: [], self.nginx: []}
        faults = []
        for _ in range(2):
            for server in totals:
                total, seconds, wrong = install_together(server.port, PACKAGES, INSTALLERS, self.m.work)
                totals[server].append(total)
                runs[server] += seconds
                faults += wrong
        self.m.faults += faults
        ours, theirs = min(totals[self.index]), min(totals[self.nginx])
        half, longest = statistics.median(runs[self.index]), max(runs[self.index])
        title = f"{INSTALLERS} uv pip install of {len(PACKAGES)} packages at once"
        self.m.rows.append(
            Row(
                title, "s", ours, "nginx", theirs, ours / theirs, note=f"{len(faults)} failed", goal="<= 1.1 x nginx",
                verdict="ok" if ours <= 1.1 * theirs and not faults else "MISSED",
            )
        )  # fmt: skip
        self.m.rows.append(
            Row(
                "the longest of them", "s", longest, "their median", half, longest / half, goal="<= 3 x median",
                verdict="ok" if longest <= 3 * half else "MISSED",
            )
        )  # fmt: skip

    # Beside publishers

    def measure_beside_publishers(self):
        headers = {"Accept": JSON, "Accept-Encoding": "identity"}
        for number, (title, name) in enumerate((("another project", "bench-ten"), ("a project being published", "busy-0-0"))):
            say(f"page of {title} while 8 publish")
            shares = [uploads.forms(f"busy-{number}-{client}", [f"1.{version}" for version in range(400)]) for client in range(8)]
            if number == 1:
                name = "busy-1-0"
                uploads.publish(self.index.port, self.m.token, shares[0][:1])
                shares[0] = shares[0][1:]
            path = f"/simple/{name}/"
            idle = wrk.load(self.index, path, headers, 8, seconds=3)
            publishing = uploads.Publishing(self.index.port, self.m.token, shares, 4)
            time.sleep(0.5)
            busy = wrk.Round(self.index, path, headers, 8, seconds=3).finish()
            taken, elapsed, faults = publishing.finish()
            self.m.faults += faults
            self.m.rows.append(
                Row(
                    f"p99 of the page of {title} while 8 publish", "ms", busy.p99, "idle", idle.p99, busy.p99 / max(idle.p99, 0.001), busy.p50,
                    busy.p99, idle.p50, idle.p99, note=f"{busy.rate:.0f} pages/s, {taken / elapsed:.0f} uploads/s, {busy.failures} failed",
                    goal="< 3 x idle", verdict="ok" if busy.p99 < 3 * idle.p99 and not busy.failures else "MISSED",
                )
            )  # fmt: skip
