"""How many look-ups by primary key get through the connection pool, beside pgbench: postgres.py PROGRAM WORK-FOLDER"""

import glob
import os
import pathlib
import pwd
import shutil
import statistics
import subprocess
import sys
import time

import servers
from redis import run
from report import Row

CALLERS, SECONDS, ROUNDS, GOAL = 32, 2, 3, 0.7


class Postgres:
    """A server of its own, of the newest version that is installed; not as root, which it refuses."""

    def __init__(self, work: pathlib.Path):
        self.folder = work / "postgres"
        self.port = servers.free_port()
        self.bin = pathlib.Path(max(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2])))
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            # The folders above belong to somebody else, who lets others pass.
            for folder in (work, *work.parents):
                if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
                    folder.chmod(folder.stat().st_mode | 0o011)
            shutil.chown(self.folder, owner.pw_uid, owner.pw_gid)
        self.call("initdb", "-D", str(self.folder / "data"), "-U", "bench", "-A", "trust", "--locale=C.UTF-8", "--encoding=UTF8", "--no-sync")
        options = f"-p {self.port} -k '' -c listen_addresses=127.0.0.1 -c fsync=off -c shared_buffers=128MB"
        self.call("pg_ctl", "start", "-w", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", options)

    @property
    def url(self) -> str:
        return f"postgres://bench@127.0.0.1:{self.port}/postgres"

    def call(self, name: str, *arguments: str):
        prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        # To files: the server would hold a pipe open for as long as it runs.
        with open(self.folder / f"{name}.log", "ab") as log:
            subprocess.run([*prefix, self.bin / name, *arguments], check=True, stdout=log, stderr=log, cwd=self.folder)

    def stop(self):
        self.call("pg_ctl", "stop", "-m", "immediate", "-D", str(self.folder / "data"))


def measure(program: str, work: pathlib.Path) -> Row:
    print("look-ups in PostgreSQL", file=sys.stderr, flush=True)
    server = Postgres(work)
    ours, theirs, ratios = [], [], []
    try:
        pgbench = str(server.bin / "pgbench")
        run(pgbench, "-i", "-q", "-s", "1", server.url)
        for _ in range(ROUNDS):
            rate, cpu = run(program, "database-benchmark", server.url, "--callers", str(CALLERS), "--seconds", str(SECONDS))
            ours.append((float(rate), cpu / (float(rate) * SECONDS) * 1e6))
            theirs.append(yardstick(pgbench, server.url))
            ratios.append(ours[-1][0] / theirs[-1][0])
            time.sleep(0.2)
    finally:
        server.stop()
    ratio = statistics.median(ratios)
    rate, cpu = (statistics.median(column) for column in zip(*ours))
    other, other_cpu = (statistics.median(column) for column in zip(*theirs))
    return Row(
        f"PostgreSQL, look-ups by primary key, {CALLERS} callers on 8 connections", "look-ups/s", rate,
        f"pgbench -M prepared -S -c {CALLERS}", other, ratio, cpu=cpu, yardstick_cpu=other_cpu, cpu_ratio=other_cpu / cpu,
        goal=f">= {GOAL}", verdict="ok" if ratio >= GOAL else "MISSED",
    )  # fmt: skip


def yardstick(pgbench: str, url: str) -> tuple[float, float]:
    output, cpu = run(pgbench, "-n", "-S", "-M", "prepared", "-c", str(CALLERS), "-j", "2", "-T", str(SECONDS), url)
    rate = next(float(line.split()[2]) for line in output.splitlines() if line.startswith("tps = "))
    return rate, cpu / (rate * SECONDS) * 1e6


if __name__ == "__main__":
    print(measure(os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])))
