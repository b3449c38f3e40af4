"""The servers that are measured: how they start and stop, and what the kernel says they cost."""

import http.client
import os
import pathlib
import socket
import subprocess
import time

PYPIRON_PASSWORD = "a-password-for-the-benchmark"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment() -> dict[str, str]:
    """Without the settings that the caller's shell has for another index."""
    return {name: value for name, value in os.environ.items() if not name.startswith("EMPORIUM_")}


def memory_of(pid: int, key: str) -> float | None:
    """Megabytes of a process, by the kernel's name for them; None when it has just ended."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(key + ":"):
                return int(line.split()[1]) * 1024 / 1e6
    except (FileNotFoundError, ProcessLookupError):
        pass
    return None


def pinned(core: int | None) -> list[str]:
    """What keeps a command on one processor, where there are several."""
    return [] if core is None or (os.cpu_count() or 1) < 2 else ["taskset", "-c", str(core)]


class Server:
    """A server process on loopback, with the processes it forks."""

    def __init__(self, command: list[str], port: int, log: pathlib.Path, core: int | None = None, settings: dict[str, str] | None = None):
        self.port = port
        self.log = log
        started = time.monotonic()
        with log.open("ab") as output:
            self.process = subprocess.Popen(
                [*pinned(core), *command],
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                env=clean_environment() | (settings or {}),
            )
        try:
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        self.seconds_to_ready = time.monotonic() - started

    def wait_until_ready(self):
        """Until the first request is answered, whatever the answer."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise SystemExit(f"{self.process.args[0]} ended at once:\n{self.log.read_text(errors='replace')[-2000:]}")
            try:
                self.get("/_health/")
                return
            except OSError:
                time.sleep(0.002)
        raise SystemExit(f"{self.process.args[0]} did not answer within 20 s:\n{self.log.read_text(errors='replace')[-2000:]}")

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    def first_byte(self, path: str, headers: dict[str, str]) -> float:
        """Seconds until the first byte of an answer, which is then read to its end."""
        lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", *(f"{name}: {value}" for name, value in headers.items())]
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            began = time.perf_counter()
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            first = connection.recv(1)
            seconds = time.perf_counter() - began
            if not first:
                raise SystemExit(f"{path} is not answered")
            while connection.recv(1 << 20):
                pass
        return seconds

    def metric(self, name: str) -> float:
        """A number of Emporium's metrics, without labels."""
        text = self.get("/metrics")[2].decode()
        return next((float(line.split()[1]) for line in text.splitlines() if line.split()[:1] == [name]), 0)

    def is_traced(self) -> bool:
        """Whether a debugger has hold of every thread."""
        tasks = pathlib.Path(f"/proc/{self.process.pid}/task").iterdir()
        return all("TracerPid:\t0\n" not in (task / "status").read_text() for task in tasks)

    def pids(self) -> list[int]:
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *map(int, children)]

    def cpu(self) -> float:
        """Seconds of processor time used so far, user and system."""
        ticks = 0
        for pid in self.pids():
            # The second field is the program's name in brackets, which may hold spaces.
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICKS

    def settle(self):
        """Until it has nothing left to do: it may still answer those who have hung up."""
        deadline = time.monotonic() + 5
        before = self.cpu()
        while time.monotonic() < deadline:
            time.sleep(0.1)
            now = self.cpu()
            if now - before < 0.02:
                return
            before = now

    def memory(self, key: str = "VmRSS") -> float:
        """Megabytes (10^6 bytes) of resident memory; "VmHWM" is the peak since the last ``forget_peak``."""
        found = memory_of(self.process.pid, key)
        if found is None:
            raise KeyError(key)
        return found

    def forget_peak(self):
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def emporium(
    program: str, data: pathlib.Path, log: pathlib.Path, core: int | None = None, settings: dict[str, str] | None = None
) -> Server:
    port = free_port()
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
    return Server(command, port, log, core, settings)


def pypiron(data: pathlib.Path, log: pathlib.Path, core: int | None = None) -> Server:
    """Another index in one binary, as it comes: with next to no checks, and a file on its page some time after the answer."""
    root = pathlib.Path(__file__).resolve().parent.parent.parent
    python = subprocess.run(
        [root / "dev/python-env", "bench", root / "dev/bench/requirements.txt"], capture_output=True, text=True, check=True
    ).stdout.strip()
    port = free_port()
    os.environ["PYPIRON_ADMIN_PASS"] = PYPIRON_PASSWORD
    program = str(pathlib.Path(python).parent / "pypiron")
    return Server([program, "serve", "--bind-addr", f"127.0.0.1:{port}", "--data-dir", str(data)], port, log, core)


def nginx(folder: pathlib.Path, locations: str, core: int | None = None) -> Server:
    """nginx at its best: one worker on its processor, sendfile, open files kept, no access log, connections kept for ever."""
    port = free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"""
daemon off; {user} worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
{temporary}
access_log off; server_tokens off; sendfile on; tcp_nopush on; tcp_nodelay on; gzip off;
open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
keepalive_timeout 75s; keepalive_requests 1000000000;
server {{ listen 127.0.0.1:{port} backlog=1024; types {{}}
location = /_health/ {{ return 200 "ok"; }}
{locations}
}}
}}
"""
    )
    return Server(["nginx", "-c", str(configuration), "-p", str(folder)], port, folder / "nginx-output.log", core)


def nginx_location(path: str, file: pathlib.Path, headers: list[tuple[str, str]]) -> str:
    """Serves a file, or the one with .gz behind its name where the client takes that, with the headers of Emporium's response; ETag and date are
    nginx's own."""
    lines = []
    content_type = "application/octet-stream"
    for name, value in headers:
        quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        match name.lower():
            case "content-type":
                content_type = quoted
            case "content-length" | "content-encoding" | "date" | "etag" | "last-modified" | "accept-ranges" | "connection":
                pass
            case "transfer-encoding" | "server":
                pass
            case _:
                lines.append(f"add_header {name} {quoted};")
    if not any(name.lower() == "last-modified" for name, _ in headers):
        lines.append('add_header Last-Modified "";')
    if file.with_name(file.name + ".gz").exists():
        lines.append("gzip_static on;")
    # nginx looks for an index where a path ends in a slash, unless it is told the file.
    place = f"root {file.parent}; try_files /{file.name} =404" if path.endswith("/") else f"alias {file}"
    return f"location = {path} {{ {place}; default_type {content_type}; {' '.join(lines)} }}\n"
