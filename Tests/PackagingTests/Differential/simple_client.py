"""Reads the pages in a folder with `pypi-simple` and compares what it finds with what they were made of."""

import datetime
import json
import pathlib
import sys

from pypi_simple import ProjectPage

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def differences(expected, page, is_json):
    yield "project", expected["name"], page.project
    yield "version", "1.4", page.repository_version
    yield "status", expected["status"], page.status.value if page.status is not None else "active"
    if is_json:
        # The HTML page has it in a comment, for people.
        yield "serial", expected["serial"], page.last_serial
        yield "versions", expected["versions"], page.versions
    yield "count", len(expected["files"]), len(page.packages)
    for want, got in zip(expected["files"], page.packages):
        yield "filename", want["filename"], got.filename
        yield "url", want["url"], got.url.partition("#")[0]
        yield "digest", {"sha256": want["sha256"]}, dict(got.digests)
        yield "requires", want["requires_python"], got.requires_python
        yield "yanked", want["yanked"] is not None, got.is_yanked
        yield "reason", want["yanked"] or "", got.yanked_reason or ""
        yield "metadata", want["metadata"], (got.metadata_digests or {}).get("sha256")
        yield "provenance", want["provenance"], got.provenance_url
        if is_json:
            yield "size", want["size"], got.size
            yield "time", want["microseconds"], (got.upload_time - EPOCH) // datetime.timedelta(microseconds=1)


def main(folder):
    comparisons, wrong = 0, []
    for path in sorted(pathlib.Path(folder).glob("*.expected")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        data = path.with_suffix(".json").read_bytes()
        # Our own bytes are what a sorting, compact encoder would write.
        canonical = json.dumps(json.loads(data), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False) + "\n"
        pages = [
            (ProjectPage.from_json_data(json.loads(data)), True),
            (ProjectPage.from_html(expected["name"], path.with_suffix(".html").read_text(encoding="utf-8")), False),
        ]
        results = [("bytes", canonical.encode(), data)]
        for page, is_json in pages:
            results.extend(differences(expected, page, is_json))
        comparisons += len(results)
        wrong += [(path.name, *result) for result in results if result[1] != result[2]]
    print(f"{comparisons} comparisons, {len(wrong)} disagreements {wrong[:5]}")
    return 1 if wrong or not comparisons else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
