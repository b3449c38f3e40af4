"""A hundred clients that install at the same time while others publish."""

import dataclasses
import hashlib
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import servers
import wrk
from uploads import PROCESSES, publish

PROCESS_COUNT = 2


@dataclasses.dataclass
class Crowd:
    installs: int = 0
    uploads: int = 0
    seconds: float = 0
    locked: int = 0
    faults: list[str] = dataclasses.field(default_factory=list)


def _install(port: int, name: str, number: int):
    """What an installer asks for: the project's page, then a file of it with its metadata, over one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(path: str, accept: str) -> bytes:
        connection.request("GET", path, headers={"Accept": accept})
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            raise AssertionError(f"{path}: {response.status} {body[:200].decode(errors='replace')}")
        return body

    try:
        files = json.loads(get(f"/simple/{name}/", "application/vnd.pypi.simple.v1+json"))["files"]
        file = files[number % len(files)]
        path = "/" + file["url"].split("://", 1)[-1].split("/", 1)[-1]
        if isinstance(file["core-metadata"], dict):
            get(path + ".metadata", "*/*")
        if hashlib.sha256(get(path, "*/*")).hexdigest() != file["hashes"]["sha256"]:
            raise AssertionError(f"{path}: other bytes than the page promises")
    finally:
        connection.close()


def _installers(port, names, clients, each, first, barrier, results):
    faults, done = [], [0] * clients
    gate = threading.Barrier(clients + 1)

    def client(position: int):
        gate.wait(60)
        for turn in range(each):
            try:
                _install(port, names[(first + position + turn) % len(names)], (first + position) * 7 + turn)
                done[position] += 1
            except Exception as error:  # Whatever goes wrong is what is counted.
                faults.append(f"{type(error).__name__}: {error}")

    threads = [threading.Thread(target=client, args=(position,), daemon=True) for position in range(clients)]
    for thread in threads:
        thread.start()
    barrier.wait(60)
    gate.wait(60)
    began = time.monotonic()
    for thread in threads:
        thread.join(90)
    results.put(("install", sum(done), faults, began, time.monotonic()))


def _publisher(port, token, bodies, barrier, results):
    barrier.wait(60)
    began = time.monotonic()
    taken, faults = publish(port, token, bodies)
    results.put(("upload", taken, faults, began, time.monotonic()))


def crowd(port: int, token: str, names: list[str], clients: int, each: int, shares: list[list[bytes]]) -> Crowd:
    """``clients`` installers with ``each`` installs one after the other, beside one publisher for each of ``shares``."""
    barrier = PROCESSES.Barrier(PROCESS_COUNT + len(shares))
    results = PROCESSES.Queue()
    processes = [
        PROCESSES.Process(
            target=_installers,
            args=(port, names, clients // PROCESS_COUNT, each, number * clients // PROCESS_COUNT, barrier, results),
            daemon=True,
        )
        for number in range(PROCESS_COUNT)
    ]
    processes += [PROCESSES.Process(target=_publisher, args=(port, token, share, barrier, results), daemon=True) for share in shares]
    for process in processes:
        process.start()
    reports = [results.get(timeout=180) for _ in processes]
    for process in processes:
        process.join(10)
    outcome = Crowd()
    for kind, count, faults, _, _ in reports:
        if kind == "install":
            outcome.installs += count
        else:
            outcome.uploads += count
        outcome.faults += faults
    installing = [report for report in reports if report[0] == "install"]
    outcome.seconds = max(report[4] for report in installing) - min(report[3] for report in installing)
    return outcome


def install_together(port: int, names: list[str], clients: int, work: pathlib.Path) -> tuple[float, list[float], list[str]]:
    """So many uv processes that each install all packages, started at once: seconds in all, of each, and what went wrong."""
    folder = work / "installs"
    folder.mkdir()
    command = [*servers.pinned(wrk.CLIENT_CORE), "uv", "pip", "install", "--quiet", "--no-config", "--no-deps", "--link-mode", "copy"]
    command += ["--python", sys.executable, "--index-url", f"http://127.0.0.1:{port}/simple/"]
    began = time.monotonic()
    processes, seconds, faults = {}, [], []
    for number in range(clients):
        # One thread each: sixty-four pools of them would measure the scheduler.
        environment = servers.clean_environment() | {"UV_CACHE_DIR": str(folder / f"cache-{number}"), "TOKIO_WORKER_THREADS": "1"}
        with (folder / f"log-{number}").open("wb") as log:
            process = subprocess.Popen(
                [*command, "--target", str(folder / f"target-{number}"), *names], stdout=log, stderr=log, env=environment
            )
        processes[process.pid] = (number, process, time.monotonic())
    while processes:
        pid, status = os.wait()
        if pid not in processes:
            continue
        number, process, start = processes.pop(pid)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds.append(time.monotonic() - start)
        if process.returncode != 0 or len(list((folder / f"target-{number}").glob("*.dist-info"))) != len(names):
            faults.append(f"uv ended with {process.returncode}: {(folder / f'log-{number}').read_text()[-300:]}")
    total = time.monotonic() - began
    shutil.rmtree(folder)
    return total, seconds, faults
