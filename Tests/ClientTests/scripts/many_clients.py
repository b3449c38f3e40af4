"""Many clients at once read a project's page and fetch files from it, until a file appears.

    many_clients.py SIMPLE_URL PROJECT CLIENTS STOP_FILE

Prints how many rounds were made; ends with 1 and says why when anything went wrong.
"""

import hashlib
import http.client
import json
import os
import random
import sys
import threading
from urllib.parse import urljoin, urlsplit

simple_url, project, clients, stop_file = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
page_url = f"{simple_url}{project}/"
host = urlsplit(simple_url).netloc
failures = []
rounds = [0] * clients
ready = threading.Barrier(clients)


def get(connection, path, accept="*/*"):
    connection.request("GET", path, headers={"Accept": accept})
    response = connection.getresponse()
    body = response.read()
    if response.status != 200:
        raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
    return body


def work(number):
    seen = 0
    try:
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.connect()
        ready.wait(60)
        while rounds[number] == 0 or not os.path.exists(stop_file):
            files = json.loads(get(connection, urlsplit(page_url).path, "application/vnd.pypi.simple.v1+json"))["files"]
            if len(files) < seen:
                raise RuntimeError(f"{seen} files had been published, now there are {len(files)}")
            seen = len(files)
            file = random.choice(files)
            body = get(connection, urlsplit(urljoin(page_url, file["url"])).path)
            if hashlib.sha256(body).hexdigest() != file["hashes"]["sha256"]:
                raise RuntimeError(f"{file['filename']} is damaged")
            rounds[number] += 1
    except Exception as error:
        failures.append(f"client {number}: {error!r}")


threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
for thread in threads:
    thread.start()
open(f"{stop_file}.started", "w").close()
for thread in threads:
    thread.join()
print(sum(rounds))
if failures or min(rounds) == 0:
    print("\n".join(failures[:20]) or "a client never got its turn", file=sys.stderr)
    sys.exit(1)
