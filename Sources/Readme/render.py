"""One helper process: renders project descriptions with PyPA's readme_renderer, one after the other, until its input ends.

Started as `python -I -c 'read N bytes of standard input and run them' N MEMORY SECONDS ANSWER`; what follows on standard input are requests.
    request   length of the content type, length of the text (4 bytes each, big endian), the content type, the text
    answer    length of the rest (4 bytes), one letter, UTF-8
Letters: V ready (the renderer's name), M missing (why; the process ends), H the HTML, R refused (why).
"""

import email.message
import errno
import functools
import gc
import importlib
import importlib.metadata
import io
import mimetypes
import os
import re
import resource
import signal
import struct
import sys
import warnings

OUT_OF_MEMORY = 71  # the exit status that stands for it
GRACE = 3  # seconds; the server kills first, this is for the case that there is no server any more
REASON_LINES, REASON_LENGTH = 8, 1000

# What no renderer needs while it renders. Writing is not listed: RLIMIT_FSIZE forbids it.
FORBIDDEN = (
    *("ctypes.dlopen", "os.exec", "os.fork", "os.kill", "os.posix_spawn", "os.remove", "os.rename", "os.spawn", "os.system"),
    *("socket.", "subprocess.", "urllib."),
)


def main():
    address_space, seconds, answer_size = map(int, sys.argv[2:5])
    set_limits(address_space)
    requests, answers = take_pipes()
    rules, reason = load_rules()
    if rules is None:
        answer(answers, b"M", reason)
        return
    memory = Memory()
    gc.collect()
    gc.freeze()
    answer(answers, b"V", reason)
    os.dup2(1, 2)  # from here on nobody reads standard error
    os.nice(5)  # from here on: who waits for the first text waits for the start, too
    sys.addaudithook(guard())
    while True:
        header = requests.read(8)
        if len(header) < 8:
            return
        type_length, text_length = struct.unpack(">II", header)
        content_type = requests.read(type_length).decode()
        text = requests.read(text_length).decode()
        # SIGALRM ends the process, in native code too: a text that never ends must not outlive a killed server.
        signal.setitimer(signal.ITIMER_REAL, seconds + GRACE)
        letter, result = render(rules, content_type, text)
        size = len(result.encode(errors="backslashreplace"))
        if size > answer_size:
            letter, result = b"R", f"The rendered description has {size} bytes; at most {answer_size} are allowed."
        signal.setitimer(signal.ITIMER_REAL, 0)
        answer(answers, letter, result)
        memory.restore()


def set_limits(address_space):
    # The server decides when a helper ends; these signals go to a whole group when an operator stops the server.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    # Whoever started the process may have blocked it, as threads of a server do.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGALRM])
    # Limits that are tighter already stay as they are.
    for kind, wanted in [
        (resource.RLIMIT_AS, address_space),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ]:
        hard = resource.getrlimit(kind)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (limit, limit))
    # Otherwise docutils reads settings from /etc and from the home folder.
    os.environ["DOCUTILSCONFIG"] = ""


def take_pipes():
    """Moves both pipes to where no renderer looks for them: what a library prints must not become an answer."""
    requests = sys.stdin.detach()
    sys.stdin = open(os.devnull)
    answers = open(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return requests, answers


def answer(answers, letter, text):
    payload = letter + text.encode(errors="backslashreplace")
    answers.write(struct.pack(">I", len(payload)) + payload)
    answers.flush()


def load_rules():
    """The renderers by content type and the library's name, or None and what is missing."""
    warnings.simplefilter("ignore")
    here = sys.executable or "the Python interpreter"
    advice = "install readme_renderer[md] for this interpreter"
    modules = {}
    for name in ["rst", "txt", "markdown"]:
        try:
            modules[name] = importlib.import_module("readme_renderer." + name)
        except ModuleNotFoundError as error:
            return None, f"{here} has no module {error.name}: {advice}"
        except (MemoryError, OSError):
            raise  # the machine is short of something; nothing is missing
        except Exception as error:
            return None, f"{here} cannot import readme_renderer.{name} ({type(error).__name__}: {error}): {advice}"
    version = importlib.metadata.version("readme_renderer")
    rules = {
        "text/x-rst": functools.partial(render_rst, modules["rst"]),
        "text/markdown": functools.partial(render_markdown, modules["markdown"]),
        "text/plain": functools.partial(render_plain, modules["txt"]),
        None: functools.partial(render_other, modules["txt"]),
    }

    # Renders what makes the libraries load the rest of themselves, so that no text pays for it, and so that a broken one is found now.
    mimetypes.init()
    for content_type, text in [
        ("text/x-rst", "T\n=\n\n.. code:: python\n\n   x = 1\n\n.. image:: a.png\n\n- *a* `b <http://c>`_\n"),
        ("text/plain", "a"),
        ("text/markdown", "# T\n\n```python\nx = 1\n```\n"),
    ]:
        letter, result = render(rules, content_type, text)
        if letter != b"H" and content_type == "text/markdown":
            parts = " or ".join(markdown_parts()) or "its Markdown library"
            return None, f"{here} has readme_renderer {version} but not {parts}, its Markdown part: {advice}"
        if letter != b"H":
            return None, f"readme_renderer {version} of {here} cannot render {content_type} ({result}): {advice}"
    return rules, f"readme_renderer {version}"


def markdown_parts():
    requirements = importlib.metadata.requires("readme_renderer") or []
    return [re.match(r"[\w.-]+", requirement)[0] for requirement in requirements if "extra" in requirement and "md" in requirement.partition(";")[2]]


def guard():
    """An audit hook that hides every file but the libraries' own, and refuses to reach outside.

    readme_renderer forbids including files, yet docutils opens the file of an image that asks to be embedded: a text could show any XML
    file of the server, and find out which files there are. Hidden, it gets the answer it would get where there is no such file.
    """
    folders = tuple({os.path.realpath(entry).rstrip(os.sep) + os.sep for entry in sys.path if entry})

    def check(event, arguments):
        if event == "open":
            path = arguments[0]
            if isinstance(path, (str, bytes)) and not os.path.realpath(os.fsdecode(path)).startswith(folders):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        elif event.startswith(FORBIDDEN):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    return check


@functools.lru_cache(maxsize=256)
def media_type(content_type):
    """The type without its parameters, as the email package reads it; what it cannot read is plain text to it."""
    if not content_type:
        return "text/x-rst"
    message = email.message.EmailMessage()
    try:
        message["content-type"] = content_type
        return message.get_content_type()
    except Exception:
        return None


def render(rules, content_type, text):
    rule = rules.get(media_type(content_type), rules[None])
    try:
        html, reason = rule(text)
        if html is not None:
            html.encode()
            return b"H", html
    except MemoryError:
        # The interpreter may be in any state now.
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:
        # Native extensions report their panics with exceptions that are not an Exception.
        reason = f"the renderer failed: {type(error).__name__}: {error}"
    return b"R", shorten(reason) or "No content was left after cleaning the HTML."


def render_rst(module, text):
    warning_stream = io.StringIO()
    html = module.render(text, stream=warning_stream)
    return html, warning_stream.getvalue()


def render_markdown(module, text):
    return module.render(text), "No content rendered from Markdown source."


def render_plain(module, text):
    html = module.render(text)
    return None if html is None else f"<pre>{html}</pre>", "No content rendered from plain text."


def render_other(module, text):
    return module.render(text), "No content rendered from text."


class Memory:
    """Puts the lists, dictionaries and sets of docutils' modules and classes back to what they were.

    docutils keeps the roles that a text defines, and the classes that it gives to formulas, for the life of the process: without this, one
    text could change what the next one means. What it merely keeps to be faster goes, too.
    """

    # Loaded only when a text needs them, otherwise; what is not loaded now is not put back later.
    MODULES = [f"parsers.rst.directives.{name}" for name in ("admonitions", "body", "html", "images", "misc", "parts", "references", "tables")] + [
        "transforms.components",
        "transforms.parts",
        "utils.code_analyzer",
        "utils.math.latex2mathml",
        "utils.math.math2html",
    ]

    def __init__(self):
        for name in self.MODULES:
            try:
                importlib.import_module("docutils." + name)
            except ImportError:
                pass  # another version
        # Parsers that are done with a text and wait for their next use. One that broke off must not come back.
        states = sys.modules.get("docutils.parsers.rst.states")
        getattr(getattr(states, "RSTState", None), "nested_sm_cache", []).clear()
        found = {id(container): container for container in self.containers()}
        self.kept = [(container, self.duplicate(container)) for container in found.values()]

    def restore(self):
        for container, content in self.kept:
            if container != content:
                container.clear()
                if isinstance(container, list):
                    container.extend(self.duplicate(content))
                else:
                    container.update(self.duplicate(content))

    @staticmethod
    def containers():
        for name, module in list(sys.modules.items()):
            if name.partition(".")[0] != "docutils":
                continue
            classes = [value for value in vars(module).values() if isinstance(value, type) and value.__module__ == name]
            for owner in [module, *classes]:
                for key, value in vars(owner).items():
                    if type(value) in (list, dict, set) and not key.startswith("__"):
                        yield value

    def duplicate(self, value):
        """A copy of containers in containers; what is no container is the same object in both."""
        if type(value) is dict:
            return {key: self.duplicate(item) for key, item in value.items()}
        if type(value) in (list, tuple):
            return type(value)(map(self.duplicate, value))
        return set(value) if type(value) is set else value


def shorten(reason):
    lines = [line for line in reason.splitlines() if line.strip()]
    text = "\n".join(re.sub(r"^<string>:(\d+):", r"line \1:", line) for line in lines[:REASON_LINES])
    return text[:REASON_LENGTH]


try:
    main()
except MemoryError:
    os._exit(OUT_OF_MEMORY)
