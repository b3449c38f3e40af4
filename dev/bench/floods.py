"""Indexes of made-up rows: every request a page that is not kept yet, and as many kept pages as memory is to hold."""

import json
import time

import servers
import wrk
from report import Row

JSON, HTML = "application/vnd.pypi.simple.v1+json", "text/html"
HOT_PAGES, HOT_FILES = 10_000, 18
MISS_PROJECTS, MISS_FILES = 500, 50
MISS_MICROSECONDS, HOT_MEMORY = 1000, 300


class Floods:
    def __init__(self, measurement):
        self.m = measurement

    def seed(self, name: str, projects: int, files: int):
        """An index where each project has as many files."""
        data = self.m.work / name
        self.m.command("seed", "--rows-only", "--even", "--projects", str(projects), "--files", str(projects * files), data=data)
        return data

    def start(self, data, settings: dict[str, str] | None = None) -> servers.Server:
        return self.m.start(servers.emporium, self.m.program, data, self.m.work / f"{data.name}.log", wrk.SERVER_CORE, settings)

    def paths(self, server: servers.Server) -> list[str]:
        _, _, body = server.get("/simple/", {"Accept": JSON, "Accept-Encoding": "identity"})
        return [f"/simple/{entry['name']}/" for entry in json.loads(body)["projects"]]

    def requests(self, name: str, paths: list[str], forms: list[tuple[str, str]]):
        file = self.m.work / name
        file.write_text("".join(f"{path}\t{accept}\t{coding}\n" for accept, coding in forms for path in paths))
        return file

    def run(self):
        self.measure_misses()
        self.measure_memory_and_storm()

    def measure_misses(self):
        server = self.start(self.seed("misses", MISS_PROJECTS, MISS_FILES), {"EMPORIUM_PAGE_CACHE_SIZE": "0"})
        requests = self.requests("miss-requests", self.paths(server), [(JSON, "identity")])
        wrk.load(server, "/simple/", {}, seconds=1, requests=requests)
        loads = [wrk.load(server, "/simple/", {}, seconds=2, requests=requests) for _ in range(wrk.ROUNDS)]
        best = sorted(loads, key=lambda load: load.microseconds)[len(loads) // 2]
        self.m.rows.append(
            Row(
                f"page of {MISS_FILES} files, JSON, rendered from the database", "requests/s", best.rate, p50=best.p50, p99=best.p99,
                cpu=best.microseconds, note=f"{best.failures} failed", goal=f"CPU < {MISS_MICROSECONDS} us",
                verdict="ok" if best.microseconds < MISS_MICROSECONDS and not best.failures else "MISSED",
            )
        )  # fmt: skip
        self.m.stop(server)

    def measure_memory_and_storm(self):
        server = self.start(self.seed("hot", HOT_PAGES, HOT_FILES))
        paths = self.paths(server)
        before = server.memory()
        size = len(server.get(paths[0], {"Accept": JSON})[2])
        failures = self.ask_each(server, self.requests("hot-requests", paths, [(JSON, "identity")]), len(paths))
        memory = server.memory()
        self.m.rows.append(
            Row(
                f"memory with {HOT_PAGES:,} kept pages of {size / 1000:.1f} kB", "MB", memory, note=f"{before:.0f} MB before, {failures} failed",
                goal=f"< {HOT_MEMORY} MB", verdict="ok" if memory < HOT_MEMORY and not failures else "MISSED",
            )
        )  # fmt: skip
        # In other formats, so that each is a miss; the page asked for beside them is one of the kept.
        requests = self.requests("storm-requests", paths, [(HTML, "identity"), (HTML, "gzip"), (JSON, "gzip"), (HTML, "zstd")])
        hot = wrk.Round(server, paths[0], {"Accept": JSON, "Accept-Encoding": "identity"}, 4, seconds=6)
        time.sleep(0.5)
        storm = wrk.Round(server, "/simple/", {}, 256, seconds=5, requests=requests, refusals=True).finish()
        kept = hot.finish()
        self.m.rows.append(
            Row(
                "storm of pages that are not kept, 256 connections", "requests/s", storm.rate, p50=storm.p50, p99=storm.p99,
                cpu=storm.microseconds, note=f"{storm.refusals} times 503 with Retry-After, {storm.failures} failed",
                goal="no failure but 503 with Retry-After", verdict="ok" if not storm.failures else "MISSED",
            )
        )  # fmt: skip
        self.m.rows.append(
            Row(
                "a kept page meanwhile, 4 connections", "requests/s", kept.rate, p50=kept.p50, p99=kept.p99, note=f"{kept.failures} failed",
                goal="answers", verdict="ok" if kept.requests and not kept.failures else "MISSED",
            )
        )  # fmt: skip
        self.m.stop(server)

    def ask_each(self, server: servers.Server, requests, count: int) -> int:
        """Until all have been asked for once."""
        misses, failures = server.metric("emporium_page_cache_pages"), 0
        deadline = time.monotonic() + 60
        while misses < count and time.monotonic() < deadline:
            failures += wrk.load(server, "/simple/", {}, seconds=4, requests=requests).failures
            misses = server.metric("emporium_page_cache_pages")
        return failures + max(0, count - int(misses))
