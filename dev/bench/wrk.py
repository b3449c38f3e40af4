"""wrk on the processor that the servers do not have, and what a round of it cost the server."""

import dataclasses
import os
import pathlib
import subprocess

import servers

HERE = pathlib.Path(__file__).resolve().parent
SECONDS = float(os.environ.get("BENCH_SECONDS", "1"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
CONNECTIONS = 32
SERVER_CORE, CLIENT_CORE = 0, 1


@dataclasses.dataclass
class Load:
    """What one round saw, and what it cost the server. Times of answers are milliseconds."""

    requests: int
    rate: float
    megabytes_a_second: float
    p50: float
    p99: float
    microseconds: float
    failures: int
    refusals: int


class Round:
    """A round that runs until it is asked for what it saw."""

    def __init__(
        self,
        server: servers.Server,
        path: str,
        headers: dict[str, str],
        connections: int = CONNECTIONS,
        seconds: float = SECONDS,
        requests: pathlib.Path | None = None,
        refusals: bool = False,
    ):
        self.server, self.seconds = server, seconds
        command = [*servers.pinned(CLIENT_CORE), "wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "10s"]
        command += ["-s", str(HERE / "wrk-report.lua")]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        environment = dict(os.environ)
        if requests:
            environment["BENCH_REQUESTS"] = str(requests)
        if refusals:
            environment["BENCH_REFUSALS"] = "1"
        self.before = server.cpu()
        self.process = subprocess.Popen(
            [*command, f"http://127.0.0.1:{server.port}{path}"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )

    def finish(self) -> Load:
        output, _ = self.process.communicate(timeout=self.seconds + 60)
        cpu = self.server.cpu() - self.before
        line = next((line for line in output.splitlines() if line.startswith("NUMBERS ")), None)
        if line is None:
            raise SystemExit(f"wrk failed: {output}")
        requests, microseconds, size, p50, p99, failures, refusals = map(int, line.split()[1:])
        return Load(
            requests, requests / microseconds * 1e6, size / microseconds, p50 / 1000, p99 / 1000, cpu * 1e6 / max(1, requests), failures,
            refusals,
        )  # fmt: skip


def load(server: servers.Server, path: str, headers: dict[str, str], connections: int = CONNECTIONS, **options) -> Load:
    result = Round(server, path, headers, connections, **options).finish()
    server.settle()
    return result
