"""What the public pages cost: a project's page kept and cold, search, and the dependents of what everybody needs."""

import os
import random
import sqlite3
import statistics
import time
import urllib.parse

import servers
import uploads
import wrk
from report import Row

PROJECTS = int(os.environ.get("BENCH_SITE_PROJECTS", "100000"))
RELEASES, FILES = 200, 50
COLD_MICROSECONDS, QUERY_MILLISECONDS = 5000, 50
# Somebody whom nobody knows: the page is made for them.
STRANGER = {"Cookie": f"session_id={'a' * 43}", "Accept": "text/html"}
HTML = {"Accept": "text/html"}


def measure(measurement) -> list[Row]:
    data = measurement.work / "site"
    measurement.command("seed", "--rows-only", "--projects", str(PROJECTS), "--files", str(2 * PROJECTS), data=data)
    measurement.command("user", "create", "site", "--email", "site@example.org", data=data)
    token = measurement.command("token", "create", "site", data=data).strip()
    settings = {"EMPORIUM_RATE_LIMITS": "off"}
    server = measurement.start(servers.emporium, measurement.program, data, measurement.work / "site.log", None, settings)
    publish(server, token)
    wait_for_search(data)
    make_dependents(data)
    measurement.stop(server)
    server = measurement.start(servers.emporium, measurement.program, data, measurement.work / "site.log", wrk.SERVER_CORE, settings)
    rows = [kept(measurement, server), cold(server), dependents(server), *searches(server)]
    measurement.stop(server)
    return rows


def publish(server: servers.Server, token: str):
    """A project of many releases, the newest with many files."""
    bodies = uploads.forms("bench-site", [f"1.{number}" for number in range(RELEASES - 1)])
    newest = f"1.{RELEASES}"
    for number in range(FILES):
        filename, content = uploads.wheel("bench-site", newest, b"build %d" % number)
        bodies.append(uploads.form("bench-site", newest, filename.replace("-py3-", f"-{number + 1}-py3-"), content))
    taken, faults = uploads.publish(server.port, token, bodies[:1])
    more, _, others = uploads.publish_together(server.port, token, [bodies[1 + start :: 4] for start in range(4)], 300)
    if taken + more < len(bodies):
        raise SystemExit(f"only {taken + more} files could be published: {(faults + others)[:1]}")


def wait_for_search(data, projects: int = PROJECTS):
    """Until search has heard of everything."""
    deadline = time.monotonic() + 7200
    while time.monotonic() < deadline:
        with sqlite3.connect(f"file:{data}/emporium.sqlite?mode=ro", uri=True) as database:
            found = database.execute("SELECT COUNT(*) FROM search_documents").fetchone()[0]
        if found >= projects:
            return
        time.sleep(1)
    raise SystemExit(f"search knows only {found} of {projects} projects")


def make_dependents(data):
    with sqlite3.connect(data / "emporium.sqlite", timeout=30) as database:
        database.execute(
            "INSERT OR IGNORE INTO dependents (dependency, dependent, specifier, is_optional) SELECT 'bench-site', normalized_name, '>=1', FALSE FROM projects"
        )


def kept(measurement, server: servers.Server) -> Row:
    """The page of strangers, beside nginx with the same bytes."""
    path = "/project/bench-site/"
    status, headers, body = server.get(path, HTML)
    if status != 200:
        raise SystemExit(f"{path} is answered {status}")
    folder = measurement.work / "site-nginx"
    folder.mkdir()
    file = folder / "page"
    file.write_bytes(body)
    nginx = measurement.start(servers.nginx, folder, servers.nginx_location(path, file, headers), wrk.SERVER_CORE)
    ours, theirs = [], []
    for _ in range(wrk.ROUNDS):
        ours.append(wrk.load(server, path, HTML))
        theirs.append(wrk.load(nginx, path, HTML))
    measurement.stop(nginx)

    def median(loads, field):
        return statistics.median(getattr(load, field) for load in loads)

    ratio = statistics.median(one.rate / other.rate for one, other in zip(ours, theirs))
    cpu_ratio = statistics.median(other.microseconds / max(one.microseconds, 0.01) for one, other in zip(ours, theirs))
    return Row(
        f"project page of {len(body) / 1000:.0f} kB, from memory", "requests/s", median(ours, "rate"), "nginx", median(theirs, "rate"), ratio,
        p50=median(ours, "p50"), p99=median(ours, "p99"), yardstick_p50=median(theirs, "p50"), yardstick_p99=median(theirs, "p99"),
        cpu=median(ours, "microseconds"), yardstick_cpu=median(theirs, "microseconds"), cpu_ratio=cpu_ratio,
        goal="0.8 of nginx", verdict="ok" if ratio >= 0.8 else "MISSED",
    )  # fmt: skip


def cold(server: servers.Server) -> Row:
    path = "/project/bench-site/"
    wrk.load(server, path, STRANGER, connections=2, seconds=1)
    loads = [wrk.load(server, path, STRANGER, connections=2) for _ in range(wrk.ROUNDS)]
    best = sorted(loads, key=lambda load: load.microseconds)[len(loads) // 2]
    return Row(
        f"project page of {RELEASES} releases, made anew", "requests/s", best.rate, p50=best.p50, p99=best.p99, cpu=best.microseconds,
        note=f"{best.failures} failed", goal=f"CPU < {COLD_MICROSECONDS} us",
        verdict="ok" if best.microseconds < COLD_MICROSECONDS and not best.failures else "MISSED",
    )  # fmt: skip


def ask(server: servers.Server, title: str, paths: list[str], goal: int = QUERY_MILLISECONDS) -> Row:
    """Each once, one after the other, after a few that warm up."""
    for path in paths[:5]:
        server.get(path, HTML)
    times = []
    before = server.cpu()
    for path in paths:
        began = time.perf_counter()
        status, _, _ = server.get(path, HTML)
        times.append((time.perf_counter() - began) * 1000)
        if status != 200:
            raise SystemExit(f"{path} is answered {status}")
    cpu = (server.cpu() - before) * 1e6 / len(paths)
    times.sort()
    late = times[int(len(times) * 0.95)]
    return Row(
        title, "ms at the 95th percentile", late, p50=statistics.median(times), p99=times[int(len(times) * 0.99)], cpu=cpu,
        note=f"{len(paths)} requests", goal=f"< {goal} ms", verdict="ok" if late < goal else "MISSED",
    )  # fmt: skip


def dependents(server: servers.Server) -> Row:
    pages = [1, 2, 3, 500, 1000, 1900, PROJECTS // 50] + random.Random(1).sample(range(1, PROJECTS // 50), 60)
    return ask(server, f"dependents of a project that {PROJECTS:,} need", [f"/project/bench-site/dependents/?page={page}" for page in pages])


def searches(server: servers.Server, projects: int = PROJECTS) -> list[Row]:
    _, _, listed = server.get("/search/suggestions/?q=a")
    names = [entry for entry in listed.decode().split('"') if entry.isidentifier() or "-" in entry][1:]
    words = ["data", "client", "django", "everything", "fern", "heron", "harbor", "everything fern", "data falcon", "airflow", "python"]
    questions = {
        "names": [name for name in names for _ in range(4)] + ["bench-site", "Bench_Site"],
        "words": words * 4,
        "misspelled names": ["bench-sitte", "bnech-site", "airflwo-fern", "djagno-heron", "data-flacon"] * 6,
        "phrases and filters": ['"of everything"', '"data-fern of"'] * 5,
    }
    rows = []
    for title, texts in questions.items():
        paths = [f"/search/?q={urllib.parse.quote(text)}" for text in texts]
        rows.append(ask(server, f"search in {projects:,} projects: {title}", paths))
    beginnings = [f"/search/suggestions/?q={text}" for text in ("d", "da", "dat", "be", "bench", "a", "ai", "f", "h", "har")] * 3
    rows.append(ask(server, f"completing a name among {projects:,}", beginnings))
    return rows
