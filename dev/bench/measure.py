"""Measures one build of Emporium and reports it: measure.py PROGRAM WORK-FOLDER (dev/bench/run builds and calls this)."""

import os
import pathlib
import random
import signal
import statistics
import subprocess
import sys
import time

import people
import postgres
import processes
import redis
import report
import servers
import site_pages
import storage
import uploads
from floods import Floods
from installs import crowd
from reads import Reads
from report import Row

UPLOAD_SECONDS = 4

IDLE_MEMORY, UPLOAD_MEMORY, READY_SECONDS = 60, 150, 1
UPLOAD_CPU, GATE_CPU, HUGE_MEMORY = 5, 150, 64
UPLOAD_RATES = {1: 200, 8: 400}


def say(text: str):
    print(text, file=sys.stderr, flush=True)


class Measurement:
    def __init__(self, program: str, work: pathlib.Path):
        self.program = program
        self.work = work
        self.data = work / "data"
        self.log = work / "emporium.log"
        self.rows: list[Row] = []
        self.running: list[servers.Server] = []
        self.faults: list[str] = []

    def run(self):
        try:
            self.measure_start()
            self.open_index()
            # First of all, so that the index holds the same number of files each time.
            Reads(self).run()
            Floods(self).run()
            say("people")
            self.rows += people.measure(self)
            say("pages of the site")
            self.rows += site_pages.measure(self)
            # Publishing may use all processors.
            self.index = self.start(servers.emporium, self.program, self.data, self.log)
            self.measure_uploads()
            self.measure_gate()
            self.measure_installs()
            self.measure_large_upload()
            self.measure_huge_wheel()
            self.rows.append(redis.measure(self.program, self.work))
            self.rows.append(postgres.measure(self.program, self.work))
            self.rows += storage.measure(self.program, self.work)
            self.rows.append(processes.measure(self.program, self.work))
        finally:
            for server in self.running:
                server.stop()

    # Start and memory

    def measure_start(self):
        say("start-up")
        seconds, idle = [], []
        for number in range(3):
            server = servers.emporium(self.program, self.work / f"empty-{number}", self.work / "empty.log")
            self.running.append(server)
            seconds.append(server.seconds_to_ready)
            time.sleep(1)
            idle.append(server.memory())
            server.stop()
            self.running.remove(server)
        self.add_limited("start on an empty folder to the first answer", "s", statistics.median(seconds), READY_SECONDS)
        self.add_limited("memory after the start", "MB", statistics.median(idle), IDLE_MEMORY)

    def open_index(self):
        self.command("user", "create", "bench", "--email", "bench@example.org")
        self.token = self.command("token", "create", "bench").strip()

    def start(self, make, *arguments) -> servers.Server:
        """Starts a server that is stopped at the end of all, if not before."""
        self.running.append(make(*arguments))
        return self.running[-1]

    def stop(self, server: servers.Server):
        server.stop()
        self.running.remove(server)

    def command(self, *arguments: str, data: pathlib.Path | None = None) -> str:
        result = subprocess.run(
            [self.program, *arguments, "--data", str(data or self.data)], capture_output=True, text=True, timeout=180,
            env=servers.clean_environment(),
        )  # fmt: skip
        if result.returncode != 0:
            raise SystemExit(f"emporium {' '.join(arguments[:2])} failed: {result.stdout}{result.stderr}")
        return result.stdout

    # Uploads

    def measure_uploads(self):
        for clients in (1, 8):
            say(f"uploads, {clients} at a time")
            title = f"uploads, {clients} client{'s'[: clients - 1]}"
            disk = uploads.synchronized_writes(str(self.work / f"writes-{clients}"), clients, 2)
            taken, rate, cpu, errors = self.publish_crowd(self.index, clients, self.token)
            self.rows.append(
                Row(title, "uploads/s", rate, f"synchronized file writes, {clients} at a time", disk, rate / disk, cpu=cpu, note=f"{errors} errors")
            )
            if clients == 1:
                self.add_limited("CPU of an upload without description, disk included", "ms", cpu / 1000, UPLOAD_CPU)
            rival = servers.pypiron(self.work / f"pypiron-{clients}", self.work / "pypiron.log")
            self.running.append(rival)
            _, other, other_cpu, errors = self.publish_crowd(rival, clients, servers.PYPIRON_PASSWORD, "admin")
            rival.stop()
            self.running.remove(rival)
            self.rows.append(
                Row(
                    f"{title}, beside a rival with hardly a check", "uploads/s", rate, "pypiron", other, rate / other, cpu=cpu,
                    yardstick_cpu=other_cpu, cpu_ratio=cpu / other_cpu, note=f"{errors} errors of the rival; target > {UPLOAD_RATES[clients]}",
                )
            )  # fmt: skip

    def publish_crowd(self, server: servers.Server, clients: int, secret: str, user: str = "__token__") -> tuple[int, float, float, int]:
        """How many uploads so many clients got through together, how many a second, their processor time each, and how many failed."""
        shares = [
            uploads.forms(f"uploads-{clients}-{client}", [f"1.{number}" for number in range(3200 // clients)]) for client in range(clients)
        ]
        before = server.cpu()
        taken, elapsed, faults = uploads.publish_together(server.port, secret, shares, UPLOAD_SECONDS, user)
        if server is self.index:
            self.faults += faults
        return taken, taken / elapsed, (server.cpu() - before) * 1e6 / max(1, taken), len(faults)

    def measure_gate(self):
        say("wheels of a thousand members")
        bodies = []
        for number in range(5):
            filename, content = uploads.wheel_of_many("bench-many", f"1.{number}", 1000, 17_800_000)
            bodies.append(uploads.form("bench-many", f"1.{number}", filename, content))
        size = len(content) / 1e6
        # The first one makes the project and warms the processor's caches up.
        taken, faults = uploads.publish(self.index.port, self.token, bodies[:1])
        before = self.index.cpu()
        more, others = uploads.publish(self.index.port, self.token, bodies[1:])
        self.faults += faults + others
        cpu = (self.index.cpu() - before) * 1000 / max(1, more)
        self.add_limited(f"CPU of a wheel of {size:.0f} MB and 1,000 members", "ms", cpu, GATE_CPU)

    def measure_huge_wheel(self):
        say("a wheel of 1 GB")
        filename, content = uploads.wheel("bench-huge", "1.0", random.Random(1).randbytes(100_000_000) * 10)
        path = self.work / filename
        path.write_bytes(content)
        del content
        # The same checks without the server: what they take is what this process takes above an idle one.
        environment = servers.clean_environment() | {"EMPORIUM_FILE_SIZE_LIMIT": "2048"}
        peaks = []
        for file in (self.small_wheel(), path):
            process = subprocess.Popen([self.program, "inspect", str(file)], env=environment, stdout=subprocess.PIPE, text=True)
            # Not by getrusage: what it calls the child's peak begins with that of this process, which has just made a gigabyte.
            peak = 0.0
            while process.poll() is None:
                peak = max(peak, servers.memory_of(process.pid, "VmHWM") or 0)
                time.sleep(0.005)
            output = process.stdout.read()
            if process.returncode != 0 or "accepted" not in output:
                self.faults.append(f"inspect {file.name}: {output}")
            peaks.append(peak)
        path.unlink()
        self.add_limited("extra memory of checking a wheel of 1 GB", "MB", peaks[1] - peaks[0], HUGE_MEMORY)

    def small_wheel(self) -> pathlib.Path:
        filename, content = uploads.wheel("bench-small", "1.0")
        path = self.work / filename
        path.write_bytes(content)
        return path

    # Clients of both kinds at once

    def measure_installs(self):
        say("100 installing clients and 8 publishing ones")
        shares = [uploads.forms(f"crowd-{client}", [f"1.{number}" for number in range(20)]) for client in range(8)]
        names = [f"uploads-8-{client}" for client in range(8)] + ["bench-ten", "bench-hundred"]
        self.index.forget_peak()
        before = self.index.cpu()
        outcome = crowd(self.index.port, self.token, names, clients=100, each=5, shares=shares)
        cpu = (self.index.cpu() - before) * 1e6 / max(1, outcome.installs + outcome.uploads)
        locked = sum("database is locked" in fault for fault in outcome.faults)
        locked += self.log.read_text(errors="replace").count("database is locked")
        expected = 500, 160
        missing = sum(expected) - outcome.installs - outcome.uploads
        self.rows.append(
            Row(
                "installs, 100 clients at once beside 8 that publish", "installs/s", outcome.installs / outcome.seconds, cpu=cpu,
                note=f"{outcome.installs} installs, {outcome.uploads} uploads, {missing} errors, {locked} times 'database is locked'",
            )
        )  # fmt: skip
        self.rows.append(Row("peak memory of that", "MB", self.index.memory("VmHWM")))
        self.faults += outcome.faults

    def measure_large_upload(self):
        say("upload of 100 MB")
        filename, content = uploads.wheel("bench-large", "1.0", random.Random(100).randbytes(100_000_000))
        body = uploads.form("bench-large", "1.0", filename, content)
        del content
        # On a server that has done nothing else, so that the peak is this upload's.
        fresh = servers.emporium(self.program, self.data, self.log)
        self.running.append(fresh)
        time.sleep(0.5)
        fresh.forget_peak()
        before, began = fresh.cpu(), time.monotonic()
        taken, faults = uploads.publish(fresh.port, self.token, [body])
        elapsed = time.monotonic() - began
        self.faults += faults
        self.add_limited("peak memory of an upload of 100 MB", "MB", fresh.memory("VmHWM"), UPLOAD_MEMORY)
        self.rows.append(
            Row("upload of 100 MB", "MB/s", taken * 100 / elapsed, cpu=(fresh.cpu() - before) * 1e6, note="" if taken else "refused")
        )

    def add_limited(self, title: str, unit: str, value: float, limit: float):
        self.rows.append(Row(title, unit, value, goal=f"< {limit} {unit}", verdict="ok" if value < limit else "MISSED"))


def main():
    program, work = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    # So that `finally` stops the servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    measurement = Measurement(program, work)
    machine = report.Machine.this(work)
    began = time.monotonic()
    measurement.run()
    report.show(measurement.rows, machine, measurement.faults, time.monotonic() - began)
    if not os.environ.get("BENCH_DRY"):
        report.keep(measurement.rows, machine)


if __name__ == "__main__":
    main()
