"""What readme_renderer itself makes of real texts and of the texts on standard input.

    oracle.py SDIST SITE_PACKAGES...

Reads JSON lines {"source", "type", "text"} from standard input, collects the descriptions of everything installed and the inputs of the tests
in an unpacked sdist, renders each with readme_renderer called directly, and writes JSON lines with "html" (null for a refusal) added.
Each text is rendered in a process of its own: docutils remembers some of earlier texts. That takes time, so what came of a text is kept in
the environment, whose versions are pinned, until this file changes.
"""

import email.message
import hashlib
import importlib.metadata
import json
import os
import pathlib
import sys
import warnings

import readme_renderer.markdown
import readme_renderer.rst
import readme_renderer.txt


def main():
    sdist, folders = sys.argv[1], sys.argv[2:]
    warnings.simplefilter("ignore")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    given = [json.loads(line) for line in sys.stdin.buffer]
    known = Memory()
    for record in [*descriptions(folders), *fixtures(sdist), *given]:
        record["html"] = known.get(expected, record.get("type"), record["text"])
        sys.stdout.write(json.dumps(record) + "\n")
    known.save()


class Memory:
    def __init__(self):
        version = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()[:12]
        self.path = pathlib.Path(sys.prefix) / f"oracle-{version}.json"
        self.old = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.new = {}

    def get(self, function, *arguments):
        key = hashlib.sha256(repr(arguments).encode()).hexdigest()
        if key not in self.new:
            self.new[key] = self.old[key] if key in self.old else apart(function, *arguments)
        return self.new[key]

    def save(self):
        if self.new.keys() != self.old.keys():
            unfinished = self.path.with_suffix(f".{os.getpid()}")
            unfinished.write_text(json.dumps(self.new))
            unfinished.rename(self.path)


def descriptions(folders):
    seen = set()
    for distribution in importlib.metadata.distributions(path=sorted(folders)):
        metadata = distribution.metadata
        text = metadata.get_payload() or metadata.get("description")
        if not text or text.strip() == "UNKNOWN" or text in seen or not encodable(text):
            continue
        seen.add(text)
        yield {"source": f"{metadata['name']} {metadata['version']}", "type": metadata.get("description-content-type"), "text": text}


def fixtures(sdist):
    types = {".rst": "text/x-rst", ".md": "text/markdown", ".txt": "text/plain"}
    for path in sorted(pathlib.Path(sdist).glob("**/fixtures/*")):
        if path.suffix in types:
            text = path.read_text(encoding="utf-8")
            yield {"source": f"fixture {path.name}", "type": types[path.suffix], "text": text}
            # The same text as something else, too.
            for other in types.values():
                if other != types[path.suffix]:
                    yield {"source": f"fixture {path.name} as {other}", "type": other, "text": text}


def encodable(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def expected(content_type, text):
    kind = "text/x-rst"
    if content_type:
        # As the reference does it: what the email package cannot read is plain text to it.
        message = email.message.EmailMessage()
        message["content-type"] = content_type
        kind = message.get_content_type()
    if kind == "text/markdown":
        return readme_renderer.markdown.render(text)
    if kind == "text/x-rst":
        return readme_renderer.rst.render(text)
    html = readme_renderer.txt.render(text)
    return f"<pre>{html}</pre>" if kind == "text/plain" else html


def apart(function, *arguments):
    """The function's result out of a child process; None when it raises."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            data = json.dumps(function(*arguments)).encode()
            with open(writing, "wb") as pipe:
                pipe.write(data)
            os._exit(0)
        except BaseException:
            os._exit(1)
    os.close(writing)
    with open(reading, "rb") as pipe:
        data = pipe.read()
    status = os.waitpid(child, 0)[1]
    return json.loads(data) if status == 0 else None


main()
