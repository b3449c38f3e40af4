"""What PyPA `packaging` says about names, versions, specifiers, requirements, markers and file names."""

import re
import sys
import warnings

from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import (
    InvalidName,
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    canonicalize_version,
    is_normalized_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from oracle_support import installed_metadata, is_encodable, main

# `\d` in a marker's string is read like any other string of Python source.
warnings.simplefilter("ignore")

REAL_NAMES = "Django zope.interface oslo.config ruamel.yaml.clib Flask-SQLAlchemy backports.ssl_match_hostname A a 0 0x10c-asm -x x- _private".split()
REAL_VERSIONS = """1.0 1.0.0 0.0.0 2004d 2024.1 2025.9.11.17 1.0a1 1.0.0-beta.2 1.0.0-alpha.1+build.5 0.1dev-r1716 1.0.dev0 1.0.post1 1.0-1 1.0.1-2
v1.2.3 1!2.0 1.0rc1.post2.dev3 2.0.0.post20231204 1.0+ubuntu.1 1.26.4+cu118 5.0.0b4.dev1 20220101.1234567890 3.0.0-SNAPSHOT 0.4.0-rc.1 1.0c1 1.0.r4
1.2.post 1.2-preview 1.0.0rc 1.0.0.dev 0.0.1.dev20240101120000 18446744073709551615.0 18446744073709551616.0 1.0.final 1.0-final master dev 1.x
1.0.0.0.0.0 0 0.dev0 0!0 00.01.002 1e5 1_0 1.0_1 1.0a.dev 1.0a- 1.0post- 1.0a--1 1.0.post--1""".split()
REAL_SPECIFIERS = """>=3.8 >=3.8,<4 >=2.7,!=3.0.*,!=3.1.*,!=3.2.* ~=3.6 ~=1.4.5 ==1.0.* ==1.0 ===1.0 ===foobar >1.0 <2.0 >=1.0a1 <1.0.post1 >1.0.post1
>1.0.dev1 <=1.0+local >=3.6.* ~=1 !=1.0.0 ==1.0+local != 1.0 , >=2,, ===1.0.* >=3.8.0,<3.13,!=3.9.7 >=3.7,<=3 ==1.0.dev1.* <0.dev0 <=0.dev0""".split()


def verdict(parse, *errors):
    """The parsed value, or nothing. Numbers of more than 4300 digits make `packaging` fail with a plain ValueError: invalid here."""
    try:
        return parse()
    except (*errors, ValueError, AssertionError):
        return None


# Names


def name(o):
    if o.chance(0.2):
        return o.pick(REAL_NAMES)
    separators = o.pick(["-", "_", ".", "-_.", "-_."])
    parts = ["".join(o.pick("abcdefghijklmnopqrstuvwxyzABCDEFGILOZ0123456789") for _ in range(o.pick([1, 2, 3, 6]))) for _ in range(o.pick([1, 1, 2, 3]))]
    text = parts[0]
    for part in parts[1:]:
        text += "".join(o.pick(separators) for _ in range(o.pick([1, 1, 1, 2, 3]))) + part
    return text


def names(o):
    for text in [*REAL_NAMES, *installed_metadata("Name"), "", *(mutated(o, name, 0.5) for _ in range(8000))]:
        is_valid = verdict(lambda: canonicalize_name(text, validate=True), InvalidName) is not None
        bare = re.sub("[._-]", "", text)
        looks = re.sub("[oO]", "0", re.sub("[lLiI]", "1", bare)).lower() if is_valid else ""
        o.write("name", text, int(is_valid), canonicalize_name(text), int(is_normalized_name(text)), looks)


def mutated(o, produce, probability):
    text = produce(o)
    return o.mutate(text) if o.chance(probability) else text


# Versions


def number(o):
    kind = o.random.random()
    if kind < 0.75:
        return str(o.pick([0, 0, 0, 1, 1, 2, 3, 9, 10, 11, 223, 224, 255, 256, 2024, 65535, 65536]))
    if kind < 0.85:
        return "0" * o.pick([1, 2, 25]) + str(o.random.randrange(300))
    if kind < 0.95:
        return str(2 ** o.pick([8, 16, 24, 31, 32, 40, 48, 56, 63, 64, 65]) + o.pick([-2, -1, 0, 1]))
    return str(o.random.randrange(10 ** o.pick([18, 19, 20, 21, 40, 200])))


def release(o):
    return ".".join(number(o) if o.chance(0.5) else str(o.random.randrange(3)) for _ in range(o.pick([1, 2, 2, 3, 3, 4, 6])))


def labelled(o, labels):
    return o.pick(["", "", ".", "-", "_"]) + o.pick(labels) + o.pick(["", "", "", ".", "-", "_"]) + o.maybe(0.8, lambda: number(o))


def suffixes(o, density=0.3):
    text = o.maybe(density, lambda: labelled(o, ["a", "b", "rc", "alpha", "beta", "c", "pre", "preview"]))
    text += o.maybe(density, lambda: "-" + number(o) if o.chance(0.2) else labelled(o, ["post", "post", "rev", "r"]))
    text += o.maybe(density, lambda: labelled(o, ["dev"]))
    return text


def local(o):
    part = lambda: o.pick([number(o), "abc", "ubuntu1", "1a", "A", "cu118", "0", "z"])
    return "+" + "".join(part() + o.pick("._-") for _ in range(o.pick([0, 0, 1, 2]))) + part()


def version(o):
    if o.chance(0.1):
        return o.pick(REAL_VERSIONS)
    text = o.maybe(0.05, lambda: "v") + o.maybe(0.12, lambda: number(o) + "!") + release(o) + suffixes(o) + o.maybe(0.15, lambda: local(o))
    if o.chance(0.1):
        text = o.recase(text)
    if o.chance(0.08):
        text = o.pick([" ", "\n", "\t", "\u2003", "\x1c", "\x85", "\xa0 "]) + text + o.pick(["", " ", "\r\n", "\u3000", "\x0b"])
    return text


def versions(o):
    limits = ["1." + "9" * 4300, "1." + "9" * 4301, "1.0a" + "0" * 4301, "1.0+" + "1" * 4301, "1" * 5000 + "!1"]
    for text in [*REAL_VERSIONS, *installed_metadata("Version"), "", *limits, *(mutated(o, version, 0.4) for _ in range(14000))]:
        v = verdict(lambda: Version(text), InvalidVersion)
        if v is None:
            o.write("invalid", text)
            continue
        flags = "".join(str(int(flag)) for flag in (v.is_prerelease, v.is_postrelease, v.is_devrelease))
        pre = "" if v.pre is None else "".join(map(str, v.pre))
        parts = [v.epoch, ".".join(map(str, v.release)), pre, *("" if x is None else x for x in (v.post, v.dev, v.local))]
        o.write("version", text, str(v), canonicalize_version(text), flags, *parts, v.public, v.base_version)


def order(o):
    """Pairs, half of them close neighbours: two edits of one version."""
    written = 0
    while written < 30000:
        left = right = version(o)
        if o.chance(0.5):
            base = o.pick(["1", "1.0", "1.0.0", "1.1", "0", "1!1", release(o)])
            left, right = (base + suffixes(o, 0.45) + o.maybe(0.2, lambda: local(o)) for _ in range(2))
        elif o.chance(0.5):
            left, right = o.mutate(left, 1), o.mutate(right, 1)
        else:
            right = version(o)
        pair = [verdict(lambda: Version(text), InvalidVersion) for text in (left, right)]
        if None in pair:
            continue
        o.write("order", left, right, "<" if pair[0] < pair[1] else ">" if pair[0] > pair[1] else "=")
        written += 1


# Specifiers


def specifier(o):
    if o.chance(0.1):
        return o.pick(REAL_SPECIFIERS)
    operator = o.pick([">=", ">=", "<", "<=", ">", "==", "==", "!=", "!=", "~=", "==="])
    space = o.pick(["", "", "", " ", "  ", "\t", "\n", "\u2003"])
    if operator == "===":
        return operator + space + o.pick(["", "foo", "1.0.*", "1.0", version(o).strip(), "É", "a'b", "1.0-RC1", "a(b"])
    base = o.maybe(0.03, lambda: "v") + o.maybe(0.06, lambda: o.pick(["0!", "1!"])) + simple_release(o)
    if operator in ("==", "!=") and o.chance(0.4):
        return operator + space + base + ".*"
    return operator + space + base + suffixes(o, 0.2) + (o.maybe(0.15, lambda: local(o)) if operator in ("==", "!=") else "")


def simple_release(o):
    """Few distinct numbers, so that specifiers and versions meet."""
    if o.chance(0.1):
        return release(o)
    return ".".join(str(o.pick([0, 0, 1, 1, 2, 3])) for _ in range(o.pick([1, 2, 2, 3, 3])))


def specifier_list(o):
    spaces = ["", "", " ", "\t", "\xa0"]
    return ",".join(o.pick(spaces) + specifier(o) + o.pick(spaces) for _ in range(o.pick([0, 1, 1, 1, 2, 2, 3, 4]))) + o.maybe(0.05, lambda: ",")


def parse_set(text):
    # Hashing makes `packaging` read every version: some clauses pass its pattern and then fail.
    parsed = verdict(lambda: SpecifierSet(text), InvalidSpecifier)
    return parsed if parsed is None or verdict(lambda: hash(parsed)) is not None else None


def specifiers(o):
    real = [*REAL_SPECIFIERS, *installed_metadata("Requires-Python"), ""]
    texts = [*real, *(mutated(o, specifier_list, 0.35) for _ in range(9000))]
    previous = None
    for text in texts:
        parsed = parse_set(text)
        if parsed is None:
            o.write("invalid", text)
            continue
        o.write("set", text, str(parsed), len(parsed))
        # Equality: with the list before, and with a respelling.
        for other in filter(None, (previous, re.sub(r"(\d)(,|$)", r"\1.0\2", text))):
            if (parsed_other := parse_set(other)) is not None:
                o.write("equal", text, other, int(parsed == parsed_other))
        previous = text


def contains(o):
    written = 0
    while written < 16000:
        text = specifier_list(o)
        parsed = parse_set(text)
        if parsed is None:
            continue
        for _ in range(3):
            kind = o.random.random()
            if kind < 0.6:
                candidate = simple_release(o) + suffixes(o, 0.25) + o.maybe(0.15, lambda: local(o))
            elif kind < 0.85:
                # A neighbour of the specifier's own version.
                candidate = re.sub(r"^[~=!<>\s]+|\.\*$", "", o.pick(text.split(","))) + o.pick(["", ".0", ".dev0", ".dev1", "a1", "rc1", ".post1", ".post0.dev1", "+x"])
            elif kind < 0.95:
                candidate = version(o)
            else:
                candidate = o.mutate(version(o))
            answers = "".join(str(int(parsed.contains(candidate, prereleases=p))) for p in (None, True, False))
            v = verdict(lambda: Version(candidate), InvalidVersion)
            if v is not None:
                answers += "".join(str(int(parsed.contains(v, prereleases=p))) for p in (None, True, False))
            o.write("contains", text, candidate, answers)
            written += 1


# Markers

VARIABLES = """python_version python_version python_full_version os_name os.name sys_platform sys.platform platform_release platform_system platform_version
platform.version platform_machine platform.machine python_implementation platform_python_implementation platform.python_implementation
implementation_name implementation_version extra extra extras dependency_groups""".split()
LITERALS = """3.8 3.14 3.13.0 3 3.* 3.8.* posix nt linux win32 darwin Linux CPython cpython pypy x86_64 arm64 5.10.0 6.1.0-28-generic foo Foo_Bar foo-bar
test docs a.b 3.8,3.9 os_name extra extras python_version =3.8 =""".split()
OPERATORS = ["==", "==", "!=", "<=", ">=", "<", ">", "~=", "===", "in", "not in"]
ESCAPES = ["\\x41", "\\101", "\\n", "\\u00e9", "\\U0001F600", "\\'", '\\"', "\\d", "\\\\", "\\x4", "\\400", "\\777", "\\8", "\\\n", "\\ud800", "\\U00110000", "é", "\\"]


def literal(o):
    text = o.pick(LITERALS) if o.chance(0.9) else o.maybe(0.5, lambda: version(o))
    if o.chance(0.06):
        text += o.pick(ESCAPES) + o.pick(["", "1", "a", "'", '"'])
    quote = o.pick("'\"")
    return quote + text.replace(quote, "") + quote


def comparison(o):
    operator = o.pick(OPERATORS)
    space = o.pick(["", " ", " ", "  ", "\t"])
    wide = " " if operator[0] in "in" and not o.chance(0.1) else space
    operands = [o.pick(VARIABLES), literal(o)]
    if o.chance(0.2):
        operands.reverse()
    elif o.chance(0.06):
        operands = [produce(o) for produce in o.pick([(literal, literal), (lambda o: o.pick(VARIABLES),) * 2])]
    return operands[0] + wide + operator + wide + operands[1]


def marker(o, depth=0):
    terms = []
    for _ in range(o.pick([1, 1, 2, 3]) if depth else o.pick([1, 1, 1, 2, 2, 3])):
        term = "(" * 1 + o.pick(["", " "]) + marker(o, depth + 1) + ")" if depth < 3 and o.chance(0.2) else comparison(o)
        terms.append(term)
    text = terms[0]
    for term in terms[1:]:
        text += o.pick([" and ", " or ", " and ", " or ", "and ", " or"]) + term
    return text


def environments():
    base = dict(
        implementation_name="cpython", implementation_version="3.13.0", os_name="posix", platform_machine="x86_64", platform_release="6.1.0",
        platform_system="Linux", platform_version="#1 SMP", python_full_version="3.13.0", platform_python_implementation="CPython",
        python_version="3.13", sys_platform="linux",
    )
    old = dict(base, python_version="3.8", python_full_version="3.8.20", platform_release="6.1.0-28-generic", platform_machine="arm64")
    other = dict(
        base, implementation_name="pypy", platform_python_implementation="PyPy", os_name="nt", sys_platform="win32", platform_system="Windows",
        python_full_version="3.14.0a1+", python_version="3.14", implementation_version="nonsense", platform_release="",
    )
    return [
        ("metadata", base),
        ("metadata", dict(old, extra="Foo_Bar")),
        ("metadata", dict(other, extra="test")),
        ("requirement", base),
        ("lock_file", dict(old, extras={"Foo.Bar", "docs"}, dependency_groups={"test"})),
        ("lock_file", other),
    ]


def evaluated(parsed, context, environment):
    try:
        return "01"[parsed.evaluate(environment, context)]
    except UndefinedComparison:
        return "C"
    except UndefinedEnvironmentName:
        return "N"
    except AssertionError:
        # A clause that passes the pattern of specifiers and then fails counts as no version.
        return "C"


def parse_marker(text):
    parsed = verdict(lambda: Marker(text), InvalidMarker)
    rendered = None if parsed is None else verdict(lambda: str(parsed))
    return None if rendered is None or not is_encodable(rendered) else parsed


def markers(o):
    contexts = environments()
    for context, environment in contexts:
        values = dict({"extra": ""} if context == "metadata" else {}, **environment)
        if context == "lock_file":
            values = {"extras": set(), "dependency_groups": set(), **values}
        pairs = [(key, ",".join(sorted(value)) if isinstance(value, set) else value) for key, value in values.items()]
        o.write("environment", *(part for pair in pairs for part in pair))
    real = [text.split(";", 1)[1] for text in installed_metadata("Requires-Dist") if ";" in text]
    for text in [*real, *(mutated(o, marker, 0.25) for _ in range(8000))]:
        parsed = parse_marker(text)
        if parsed is None:
            o.write("invalid", text)
            continue
        o.write("marker", text, str(parsed), "".join(evaluated(parsed, *context) for context in contexts))


# Requirements


def requirement(o):
    space = lambda: o.pick(["", "", "", " ", "  ", "\t"])
    text = space() + name(o) + space()
    if o.chance(0.3):
        text += "[" + ",".join(space() + name(o) + space() for _ in range(o.pick([0, 1, 1, 2, 3]))) + "]" + space()
    if o.chance(0.15):
        text += "@" + space() + o.pick(["https://example.org/a.whl", "file:///tmp/x#sha256=1", "git+https://h/r@v1;x", "a", "x\ny"]) + o.pick([" ", "", "\t"])
    elif o.chance(0.8):
        clauses = specifier_list(o)
        text += "(" + space() + clauses + space() + ")" if o.chance(0.3) else clauses
    text += space()
    if o.chance(0.4):
        text += ";" + space() + marker(o) + space()
    return text


def parse_requirement(text):
    parsed = verdict(lambda: Requirement(text), InvalidRequirement)
    if parsed is None or verdict(lambda: hash(parsed)) is None:
        return None
    return parsed if is_encodable(str(parsed)) else None


def requirements(o):
    previous = None
    for text in [*installed_metadata("Requires-Dist"), *(mutated(o, requirement, 0.35) for _ in range(10000))]:
        parsed = parse_requirement(text)
        if parsed is None:
            o.write("invalid", text)
            continue
        parts = (parsed.name, ",".join(sorted(parsed.extras)), parsed.specifier, parsed.url or "", parsed.marker or "")
        o.write("requirement", text, str(parsed), *parts)
        for other in filter(None, (previous, o.recase(text))):
            if (parsed_other := parse_requirement(other)) is not None:
                o.write("equal", text, other, int(parsed == parsed_other))
        previous = text


# File names


def tag(o):
    part = lambda choices: ".".join(o.pick(choices) for _ in range(o.pick([1, 1, 1, 2, 3])))
    interpreters = ["py3", "py2", "cp313", "CP38", "pp310", "py3", "cp3É", "_x", "3py" if o.chance(0.1) else "py3"]
    platforms = ["any", "win_amd64", "manylinux_2_17_x86_64", "macosx_11_0_arm64", "Linux_x86_64", "manylinux2014_aarch64", "x y"]
    return "-".join((part(interpreters), part(["none", "abi3", "cp313", "CP38m", "É"]), part(platforms)))


def wheel_filename(o):
    escaped = lambda: re.sub("[-_]+", "_", name(o))
    text = o.pick([escaped(), escaped(), escaped(), name(o), "ΠΣΣ", "a__b", "É.x²"]) + "-"
    text += o.pick([version(o), simple_release(o), simple_release(o) + suffixes(o).replace("-", "."), simple_release(o) + local(o).replace("-", "_")])
    text += o.maybe(0.25, lambda: "-" + o.pick(["1", "2abc", "007", "0", "1", "20240101", "x1", "", "1\nz", "99999999999999999999999x", "1.2_é"]))
    return text + "-" + tag(o) + o.pick([".whl"] * 12 + [".WHL", ".whl\n", ""])


def source_filename(o):
    return name(o) + "-" + o.pick([version(o), simple_release(o), simple_release(o) + suffixes(o)]) + o.pick([".tar.gz"] * 5 + [".zip", ".tar", ".tar.gz\n"])


def filenames(o):
    for _ in range(9000):
        text = mutated(o, wheel_filename, 0.35)
        parsed = verdict(lambda: parse_wheel_filename(text), InvalidWheelFilename)
        if parsed is None:
            o.write("invalid wheel", text)
            continue
        project, v, build, tags = parsed
        o.write("wheel", text, project, v, *(build or ("", "")), " ".join(sorted(f"{t.interpreter}-{t.abi}-{t.platform}" for t in tags)))
    for _ in range(6000):
        text = mutated(o, source_filename, 0.35)
        parsed = verdict(lambda: parse_sdist_filename(text), InvalidSdistFilename)
        o.write(*(("invalid sdist", text) if parsed is None else ("sdist", text, *parsed)))


if __name__ == "__main__":
    main({
        "names": names, "versions": versions, "order": order, "specifiers": specifiers, "contains": contains,
        "markers": markers, "requirements": requirements, "filenames": filenames,
    })
