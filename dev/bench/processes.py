"""What a second process brings on a second processor: processes.py PROGRAM WORK-FOLDER"""

import os
import pathlib
import statistics
import subprocess
import sys

import servers
import uploads
import wrk
from report import Row

FILES, SECONDS, ROUNDS, GOAL = 50, 3, 3, 1.7


def rate(targets: list[servers.Server], path: str) -> float:
    """Answers a second of all together. The load generator takes its few per cent of each processor that a server has."""
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-s", str(wrk.HERE / "wrk-report.lua"), "-H", "Accept: application/vnd.pypi.simple.v1+json"]
    running = [
        subprocess.Popen(
            [*servers.pinned(core), *command, f"http://127.0.0.1:{server.port}{path}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for core, server in enumerate(targets)
    ]
    total = 0.0
    for process in running:
        output, _ = process.communicate(timeout=60)
        line = next((line for line in output.splitlines() if line.startswith("NUMBERS ")), None)
        if line is None:
            raise SystemExit(f"wrk failed: {output}")
        requests, microseconds, _, _, _, failures, _ = map(int, line.split()[1:])
        if failures:
            raise SystemExit(f"{failures} requests failed")
        total += requests / microseconds * 1e6
    return total


def measure(program: str, work: pathlib.Path) -> Row:
    """Pages that are built for each request: what is kept in memory costs less than asking for it."""
    print("one process and two", file=sys.stderr, flush=True)
    data, log = work / "processes", work / "processes.log"

    def command(*arguments: str) -> str:
        result = subprocess.run([program, *arguments, "--data", str(data)], capture_output=True, text=True, env=servers.clean_environment())
        if result.returncode != 0:
            raise SystemExit(f"emporium {arguments[0]} failed: {result.stderr}")
        return result.stdout.strip()

    command("user", "create", "bench", "--email", "bench@example.org")
    token = command("token", "create", "bench")
    settings = {"EMPORIUM_PAGE_CACHE_SIZE": "0"}
    first = servers.emporium(program, data, log, 0, settings)
    second = None
    try:
        bodies = uploads.forms("several", [f"1.{number}" for number in range(FILES)])
        taken, faults = uploads.publish(first.port, token, bodies)
        if taken != FILES:
            raise SystemExit(f"not published: {faults[:3]}")
        second = servers.emporium(program, data, log, 1, settings)
        ones, twos = [], []
        for _ in range(ROUNDS):
            ones.append(rate([first], "/simple/several/"))
            twos.append(rate([first, second], "/simple/several/"))
    finally:
        first.stop()
        if second:
            second.stop()
    ratio = statistics.median(two / one for one, two in zip(ones, twos))
    return Row(
        f"two processes on two processors, page of {FILES} files built each time", "pages/s", statistics.median(twos), "one process on one",
        statistics.median(ones), ratio, goal=f">= {GOAL}", verdict="ok" if ratio >= GOAL else "MISSED",
    )  # fmt: skip


if __name__ == "__main__":
    print(measure(os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])))
