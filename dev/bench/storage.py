"""How fast a large file goes to an object store and comes back, beside boto3: storage.py PROGRAM WORK-FOLDER"""

import json
import os
import pathlib
import random
import socket
import statistics
import subprocess
import sys
import time

import servers
from report import ROOT, Row

SIZE, ROUNDS, GOAL, MEMORY = 100_000_000, 3, 0.8, 64
KEY, SECRET = "benchmark", "a-secret-for-the-benchmark"

BOTO3 = """
import os, sys, time, boto3
from botocore.config import Config
endpoint, path, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=Config(s3={"addressing_style": "path"}))
for number in range(rounds):
    began = time.perf_counter()
    client.upload_file(path, "packages", f"boto-{number}")
    sent = time.perf_counter() - began
    began = time.perf_counter()
    for piece in client.get_object(Bucket="packages", Key=f"boto-{number}")["Body"].iter_chunks(256 << 10):
        pass
    print(sent, time.perf_counter() - began, flush=True)
    client.delete_object(Bucket="packages", Key=f"boto-{number}")
"""


def interpreter(name: str, requirements: str) -> pathlib.Path:
    output = subprocess.run([ROOT / "dev/python-env", name, ROOT / requirements], capture_output=True, text=True, check=True)
    return pathlib.Path(output.stdout.strip())


def start(work: pathlib.Path) -> tuple[subprocess.Popen, str]:
    """SeaweedFS, which checks signatures; the same for both clients."""
    weed = interpreter("s3", "Tests/BackendTests/s3-requirements.txt").parent / "weed"
    folder = work / "seaweedfs"
    (folder / "data").mkdir(parents=True)
    identity = {"name": KEY, "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    ports = [servers.free_port() for _ in range(8)]
    command = [
        weed, "-logtostderr=true", "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder}/data", "-s3", f"-s3.config={folder}/s3.json",
        f"-s3.port={ports[0]}", f"-s3.port.grpc={ports[1]}", "-s3.port.iceberg=0", "-s3.port.lance=0", "-filer", f"-filer.port={ports[2]}",
        f"-filer.port.grpc={ports[3]}", f"-master.port={ports[4]}", f"-master.port.grpc={ports[5]}", f"-volume.port={ports[6]}",
        f"-volume.port.grpc={ports[7]}", "-volume.max=20", "-master.volumeSizeLimitMB=1024",
    ]  # fmt: skip
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=servers.clean_environment() | {"HOME": str(folder)})
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", ports[0]), timeout=1) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                is_ready = connection.recv(100).split()[1:2] == [b"403"]
            # The folder of a bucket is the bucket.
            with socket.create_connection(("127.0.0.1", ports[2]), timeout=1) as connection:
                connection.sendall(b"POST /buckets/packages/ HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                if connection.recv(100).split()[1:2] == [b"201"] and is_ready:
                    return process, f"http://127.0.0.1:{ports[0]}"
        except OSError:
            pass
        time.sleep(0.05)
    process.kill()
    raise SystemExit("SeaweedFS did not start")


def timed(command: list[str], environment: dict[str, str]) -> tuple[list[tuple[float, float]], float]:
    """Seconds for each way of each round, and the peak of the process's memory in megabytes."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=servers.clean_environment() | environment)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, servers.memory_of(process.pid, "VmHWM") or 0)
        time.sleep(0.005)
    if process.returncode != 0:
        raise SystemExit(f"{command[0]} failed")
    return [tuple(map(float, line.split())) for line in process.stdout.read().splitlines()], peak


def measure(program: str, work: pathlib.Path) -> list[Row]:
    print("100 MB to an object store and back", file=sys.stderr, flush=True)
    python = interpreter("boto3", "dev/bench/storage-requirements.txt")
    server, endpoint = start(work)
    environment = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET}
    large, small = work / "large.bin", work / "small.bin"
    large.write_bytes(random.Random(7).randbytes(SIZE))
    small.write_bytes(b"small")
    url = f"s3://packages/bench?endpoint={endpoint}&preset=seaweedfs"
    ours, theirs = [], []
    try:
        _, idle = timed([program, "storage-benchmark", url, str(small), "--rounds", "1"], environment)
        peak = 0.0
        for _ in range(ROUNDS):
            rounds, memory = timed([program, "storage-benchmark", url, str(large), "--rounds", "2"], environment)
            ours.append(rounds[-1])
            peak = max(peak, memory)
            theirs.append(timed([str(python), "-c", BOTO3, endpoint, str(large), "2"], environment)[0][-1])
    finally:
        server.terminate()
        server.wait()
    rows = []
    for way, title in enumerate(("upload of 100 MB to an object store", "download of 100 MB from an object store")):
        ratio = statistics.median(other[way] / own[way] for own, other in zip(ours, theirs))
        rows.append(
            Row(
                title, "MB/s", SIZE / 1e6 / statistics.median(own[way] for own in ours), "boto3",
                SIZE / 1e6 / statistics.median(other[way] for other in theirs), ratio, goal=f">= {GOAL}", verdict="ok" if ratio >= GOAL else "MISSED",
            )
        )  # fmt: skip
    extra = peak - idle
    rows.append(Row("extra memory of that", "MB", extra, goal=f"< {MEMORY} MB", verdict="ok" if extra < MEMORY else "MISSED"))
    return rows


if __name__ == "__main__":
    for row in measure(os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])):
        print(row)
