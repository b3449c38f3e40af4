"""How many commands a second the Redis client gets through, beside the yardstick that comes with Redis: redis.py PROGRAM WORK-FOLDER"""

import os
import pathlib
import resource
import socket
import statistics
import subprocess
import sys
import time

import servers
from report import Row

CALLERS, SECONDS, ROUNDS, GOAL = 32, 2, 3, 2


def start(work: pathlib.Path) -> tuple[subprocess.Popen, int]:
    port = servers.free_port()
    folder = work / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    with open(work / "redis.log", "wb") as log:
        process = subprocess.Popen(
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)],
            stdout=log, stderr=log,
        )  # fmt: skip
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return process, port
        except OSError:
            time.sleep(0.01)
    process.kill()
    raise SystemExit("redis-server did not start")


def run(*command: str) -> tuple[str, float]:
    """What it says, and seconds of processor time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, env=servers.clean_environment())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode != 0:
        raise SystemExit(f"{command[0]} failed: {result.stdout}{result.stderr}")
    return result.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(program: str, work: pathlib.Path) -> Row:
    """One connection each: ours has all callers' commands on it at once, the yardstick's one after the other. The value has 100 bytes."""
    print("the Redis client", file=sys.stderr, flush=True)
    server, port = start(work)
    ours, theirs, ratios, many = [], [], [], []
    try:
        for _ in range(ROUNDS):
            rate, cpu = run(program, "cache-benchmark", f"redis://127.0.0.1:{port}", "--callers", str(CALLERS), "--seconds", str(SECONDS))
            ours.append((float(rate), cpu / (float(rate) * SECONDS) * 1e6))
            run("redis-benchmark", "-p", str(port), "-t", "set", "-n", "1", "-d", "100", "-q")
            theirs.append(yardstick(port, 1))
            many.append(yardstick(port, CALLERS))
            ratios.append(ours[-1][0] / theirs[-1])
    finally:
        server.terminate()
        server.wait()
    ratio = statistics.median(ratios)
    rate, cpu = (statistics.median(column) for column in zip(*ours))
    return Row(
        f"Redis client, one connection, {CALLERS} callers", "GET/s", rate, "redis-benchmark -c 1, no pipelining", statistics.median(theirs), ratio,
        cpu=cpu, goal=f">= {GOAL}", verdict="ok" if ratio >= GOAL else "MISSED",
        note=f"redis-benchmark -c {CALLERS}, no pipelining: {statistics.median(many):.0f}/s",
    )  # fmt: skip


def yardstick(port: int, connections: int) -> float:
    count = 30_000 if connections == 1 else 150_000
    output, _ = run("redis-benchmark", "-p", str(port), "-t", "get", "-c", str(connections), "-n", str(count), "-d", "100", "--csv")
    # "test","rps",… and then "GET","12345.67",…
    return float(output.strip().splitlines()[-1].split('","')[1])


if __name__ == "__main__":
    row = measure(os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]))
    print(row)
