"""Made-up wheels, the form that publishes one, and clients that publish many."""

import base64
import hashlib
import http.client
import io
import multiprocessing
import os
import random
import time
import zipfile

BOUNDARY = "a-boundary-that-no-wheel-holds"
# Forked, so that what was made ready before is shared and nothing is imported again.
PROCESSES = multiprocessing.get_context("fork")


def wheel(name: str, version: str, payload: bytes = b"") -> tuple[str, bytes]:
    """The file name and bytes of a valid wheel, its payload stored as it is."""
    module = name.replace("-", "_")
    information = f"{module}-{version}.dist-info"
    metadata = (
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: Made up to be measured\nRequires-Python: >=3.8\n\n# {name}\n"
    )
    members = [
        (f"{module}/__init__.py", f'__version__ = "{version}"\n'.encode()),
        (f"{information}/METADATA", metadata.encode()),
        (f"{information}/WHEEL", b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    ]
    if payload:
        members.insert(1, (f"{module}/payload.bin", payload))
    record = ""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for path, content in members:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(content)}\n"
            archive.writestr(path, content)
        archive.writestr(f"{information}/RECORD", f"{record}{information}/RECORD,,\n")
    return f"{module}-{version}-py3-none-any.whl", output.getvalue()


def wheel_of_many(name: str, version: str, members: int, size: int) -> tuple[str, bytes]:
    """A wheel of so many Python modules with so many bytes in all, as compressible as code is."""
    words = [bytes(random.Random(number).choices(b"abcdefghijklmnopqrstuvwxyz_", k=7)) for number in range(4000)]
    generator = random.Random(version)
    module = name.replace("-", "_")
    information = f"{module}-{version}.dist-info"
    files = [
        (f"{module}/part_{number}.py", b" ".join(generator.choices(words, k=size // members // 8))) for number in range(members - 3)
    ]
    files += [
        (f"{information}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nRequires-Python: >=3.8\n\n".encode()),
        (f"{information}/WHEEL", b"Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    ]
    record = ""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files:
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{path},sha256={digest},{len(content)}\n"
            archive.writestr(path, content)
        archive.writestr(f"{information}/RECORD", f"{record}{information}/RECORD,,\n")
    return f"{module}-{version}-py3-none-any.whl", output.getvalue()


def form(name: str, version: str, filename: str, content: bytes) -> bytes:
    fields = {
        ":action": "file_upload",
        "protocol_version": "1",
        "metadata_version": "2.1",
        "name": name,
        "version": version,
        "summary": "Made up to be measured",
        "requires_python": ">=3.8",
        "filetype": "bdist_wheel",
        "pyversion": "py3",
        "sha256_digest": hashlib.sha256(content).hexdigest(),
    }
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()
    ]
    parts.append(
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="content"; filename="{filename}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode()
    )
    return b"".join([*parts, content, f"\r\n--{BOUNDARY}--\r\n".encode()])


def forms(name: str, versions: list[str]) -> list[bytes]:
    return [form(name, version, *wheel(name, version)) for version in versions]


def headers(secret: str, user: str = "__token__") -> dict[str, str]:
    credentials = base64.b64encode(f"{user}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {credentials}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


def publish(
    port: int, token: str, bodies: list[bytes], until: float = float("inf"), user: str = "__token__"
) -> tuple[int, list[str]]:
    """Sends forms one after the other on one connection: how many were taken, and what was answered to the others."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    fields = headers(token, user)
    taken, faults = 0, []
    for body in bodies:
        if time.monotonic() >= until:
            break
        try:
            connection.request("POST", "/legacy/", body=body, headers=fields)
            response = connection.getresponse()
            answer = response.read()
            if response.status == 200:
                taken += 1
            else:
                faults.append(f"{response.status} {response.reason} {answer[:200].decode(errors='replace')}")
        except (OSError, http.client.HTTPException) as error:
            faults.append(repr(error))
            connection.close()
    connection.close()
    return taken, faults


def _client(port, token, bodies, seconds, user, barrier, results):
    barrier.wait(60)
    began = time.monotonic()
    taken, faults = publish(port, token, bodies, began + seconds, user)
    results.put((taken, faults, began, time.monotonic()))


class Publishing:
    """One process for each share of the forms, all starting at once."""

    def __init__(self, port: int, token: str, shares: list[list[bytes]], seconds: float, user: str = "__token__"):
        self.seconds = seconds
        barrier = PROCESSES.Barrier(len(shares))
        self.results = PROCESSES.Queue()
        self.clients = [
            PROCESSES.Process(target=_client, args=(port, token, share, seconds, user, barrier, self.results), daemon=True)
            for share in shares
        ]
        for client in self.clients:
            client.start()

    def finish(self) -> tuple[int, float, list[str]]:
        """How many were taken, in how many seconds, and what went wrong."""
        reports = [self.results.get(timeout=self.seconds + 120) for _ in self.clients]
        for client in self.clients:
            client.join(10)
        elapsed = max(report[3] for report in reports) - min(report[2] for report in reports)
        return sum(report[0] for report in reports), elapsed, [fault for report in reports for fault in report[1]]


def publish_together(
    port: int, token: str, shares: list[list[bytes]], seconds: float, user: str = "__token__"
) -> tuple[int, float, list[str]]:
    return Publishing(port, token, shares, seconds, user).finish()


def _writer(folder, number, seconds, results):
    content = os.urandom(1500)
    directory = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    began = time.monotonic()
    written = 0
    while time.monotonic() < began + seconds:
        file = os.open(f"{folder}/{number}-{written}", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(file, content)
        os.fsync(file)
        os.close(file)
        os.fsync(directory)
        written += 1
    os.close(directory)
    results.put(written / (time.monotonic() - began))


def synchronized_writes(folder: str, writers: int, seconds: float) -> float:
    """Small files a second that reach the disk for good, each with its folder's entry: the yardstick of uploads."""
    os.makedirs(folder)
    results = PROCESSES.Queue()
    processes = [PROCESSES.Process(target=_writer, args=(folder, number, seconds, results), daemon=True) for number in range(writers)]
    for process in processes:
        process.start()
    total = sum(results.get(timeout=seconds + 60) for _ in processes)
    for process in processes:
        process.join(10)
    return total
