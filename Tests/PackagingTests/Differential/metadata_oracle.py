"""What PyPA `packaging` says about metadata and licences, `email` and `email-validator` about addresses, `rfc3986` about URLs."""

import importlib.metadata
import pathlib

from email.utils import parseaddr

import rfc3986
import rfc3986.exceptions
import rfc3986.validators
from email_validator import EmailNotValidError, validate_email
from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.licenses._spdx import EXCEPTIONS, LICENSES
from packaging.metadata import _EMAIL_TO_RAW_MAPPING, _LIST_FIELDS, ExceptionGroup, Metadata, _parse_keywords, _parse_project_urls, parse_email

from oracle_support import installed_metadata, is_encodable, main

VALUE_SEPARATOR, PART_SEPARATOR = "\x1f", "\x1e"
BASE = {"metadata_version": "2.6", "name": "demo", "version": "1.0"}


def failing(check):
    """Names of the fields that fail, in order; None when the reference itself breaks."""
    try:
        check()
        return []
    except ExceptionGroup as group:
        return sorted(error.field for error in group.exceptions)
    except Exception:
        return None


# Licence expressions

LICENSE_IDS = [entry["id"] for entry in LICENSES.values()]
EXCEPTION_IDS = [entry["id"] for entry in EXCEPTIONS.values()]


def license_term(oracle, depth=0):
    if depth < 4 and oracle.chance(0.25):
        return oracle.pick(["({})", "( {} )", "({})", "(({}))"]).format(license_text(oracle, depth + 1))
    if oracle.chance(0.1):
        return oracle.recase("LicenseRef-") + oracle.pick(["Mine", "mine", "My-1.0", "a.b-c", "", "x_y", "ä", "K\u212a", "a+", "-"])
    name = oracle.pick(LICENSE_IDS if oracle.chance(0.95) else EXCEPTION_IDS)
    if oracle.chance(0.4):
        name = oracle.recase(name)
    name += oracle.maybe(0.1, lambda: oracle.pick(["+", "+", "++"]))
    if oracle.chance(0.15):
        name += oracle.recase(" with ") + oracle.pick(EXCEPTION_IDS if oracle.chance(0.9) else LICENSE_IDS)
    return name


def license_text(oracle, depth=0):
    text = license_term(oracle, depth)
    for _ in range(oracle.pick([0, 0, 1, 1, 2, 4])):
        text += oracle.pick([" ", "  ", "\t", "\u2003"]) + oracle.recase(oracle.pick(["and", "or"])) + " " + license_term(oracle, depth)
    return text


def licenses(oracle):
    texts = [*installed_metadata("License-Expression"), *LICENSE_IDS, *EXCEPTION_IDS, "", " ", "()", "(MIT", "MIT)", ") MIT (", "MIT MIT", "AND"]
    texts += ["(" * depth + "MIT" + ")" * depth for depth in (199, 200, 201, 202)]
    texts += ["LicenseRef-A OR LicenseRef-a", "MIT AND (Apache-2.0 WITH LLVM-exception)", "MIT WITH (LLVM-exception)", "(MIT) WITH LLVM-exception"]
    texts += [license_text(oracle) for _ in range(9000)]
    texts += [oracle.mutate(license_text(oracle)) for _ in range(6000)]
    for text in filter(is_encodable, texts):
        try:
            oracle.write("license", text, canonicalize_license_expression(text))
        except InvalidLicenseExpression:
            oracle.write("invalid", text, "")
        except Exception:
            continue


# Content types


def content_type(oracle):
    text = oracle.pick(["text/plain", "text/x-rst", "text/markdown", "text/markdown", "TEXT/Markdown", "text/html", "text / plain", "(c) text/plain", "text"])
    for _ in range(oracle.pick([0, 1, 1, 2, 3])):
        name = oracle.pick(["charset", "variant", "Charset", "VARIANT", "x", "charset*", "charset*0", "charset*1", "variant*0*", "x*01", "x*1*"])
        value = oracle.pick(["UTF-8", "utf-8", "GFM", "CommonMark", "gfm", '"UTF-8"', '"GFM"', "UT", "F-8", "utf-8''GFM", "us-ascii'en'UTF%2D8", '"a\\"b"',
                             "'x'", "''UTF-8", "", '" "', "UTF-8 (why)", '"=?utf-8?q?a?="', "latin-1''UTF-8%E9", "utf-8''%FF", "%47FM", '"UTF-8', "ü"])
        text += oracle.pick(["; ", ";", " ; ", ";;", "; (c) "]) + name + oracle.pick(["=", "=", "=", " = ", ""]) + value
    return text + oracle.maybe(0.05, lambda: oracle.pick([";", "; ", " ", "\n", "; \n", "; \r\n", "(c)", ";(c"]))


def content_types(oracle):
    texts = installed_metadata("Description-Content-Type") + ["", " ", ";", "text/plain;", "text/plain; ", "text/plain;;", "text/markdown; charset=UTF-8; variant=GFM"]
    texts += ["text/plain; x*", "(text/plain)a/b", "text/plain\n", "text/mar\u212adown", "text/plain, text/markdown"]
    texts += [content_type(oracle) for _ in range(8000)]
    texts += [oracle.mutate(content_type(oracle)) for _ in range(4000)]
    for text in filter(is_encodable, texts):
        fields = failing(lambda: Metadata.from_raw({**BASE, "description_content_type": text}))
        if fields is not None:
            oracle.write("content-type", text, "" if fields else "1")


# Whole metadata

EXAMPLES = {
    "author": ["Alice", ""],
    "author-email": ["alice@example.org", "x"],
    "classifier": ["Private :: Do Not Upload", "Nonsense"],
    "description": ["Text\n\nmore", ""],
    "description-content-type": ["text/markdown", "text/plain; charset=UTF-8", "text/html", "text/markdown; variant=X"],
    "download-url": ["https://example.org/"],
    "dynamic": ["Requires-Dist", "requires-dist", "Name", "Version", "Metadata-Version", "Nothing", "\u212aeywords", "description", "Import-Name", ""],
    "home-page": ["https://example.org/", "nonsense"],
    "import-name": ["demo", "demo.sub", "_demo ; private", "demo;private", "demo; public", "class", "1a", "", " demo", "demo ", "ä.中", "a..b", "match"],
    "import-namespace": ["demo", "demo.sub;  private", "demo.lambda", "a b", "a·b", "·a"],
    "keywords": ["a,b", " a , b ,, c", ""],
    "license": ["MIT"],
    "license-expression": ["MIT", "mit or apache-2.0", "LicenseRef-x", "Nonsense", "MIT AND"],
    "license-file": ["LICENSE", "licenses/MIT.txt", "../LICENSE", "/LICENSE", "C:/LICENSE", "C:LICENSE", "C:", ".", "", "a//b", "./a", "a/.", "a/", "LICEN?E",
                     "LICEN*", "a\\b", "1:/x", "C:.", "a..b", "a/C:/b", "//server/share", "ä/b"],
    "maintainer": ["Bob"],
    "maintainer-email": ["bob@example.org"],
    "metadata-version": ["1.0", "1.1", "1.2", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "", "2", "2.10"],
    "name": ["demo", "Demo.Project", "-demo", "demo_", "", "d", "démo", "demo\n"],
    "obsoletes": ["old"],
    "obsoletes-dist": ["old", "old (<1)"],
    "platform": ["any", ""],
    "project-url": ["Home, https://example.org/", "Docs,https://example.org/docs", "no comma", ", x", "a, b, c"],
    "provides": ["thing"],
    "provides-dist": ["thing", "thing>1"],
    "provides-extra": ["test", "Test_Extra", "a.b", "-bad", "", "ä", "a b"],
    "requires": ["thing"],
    "requires-dist": ["foo (>1)", "foo[a,B] >= 1 ; extra == 'Test_Extra'", "foo @ https://example.org/foo.zip", "foo >", "foo; python_version<'3'", ""],
    "requires-external": ["C", "libpng (>=1.5)"],
    "requires-python": [">=3.8, <4", "~=3.6", "3.8", "", ">=3.8,", "!=3.9.*"],
    "summary": ["A summary", "two\nlines", "a\u2028b", "a\rb", "a\x1cb", "a\x1fb", ""],
    "supported-platform": ["RedHat 7.2"],
    "version": ["1.0", "v1.0.0-beta", "1.0+local", "one", ""],
}


def raw_of(pairs):
    """The reference's dictionary; nothing when the pairs cannot be put into one."""
    values = {}
    for field, value in pairs:
        values.setdefault(field, []).append(value)
    raw = {}
    for field, given in values.items():
        key = _EMAIL_TO_RAW_MAPPING[field]
        if key in _LIST_FIELDS:
            raw[key] = given
        elif len(given) != 1 and field != "project-url":
            return None
        elif key == "keywords":
            raw[key] = _parse_keywords(given[0])
        elif key == "project_urls":
            try:
                raw[key] = _parse_project_urls(given)
            except KeyError:
                return None
        else:
            raw[key] = given[0]
    return raw


def stored(raw, fields):
    """Re-serialized values of the fields that hold."""
    metadata = Metadata.from_raw(raw, validate=False)
    for key, field in (("version", "version"), ("requires_python", "requires-python"), ("license_expression", "license-expression")):
        yield "" if field in fields else str(getattr(metadata, key) if raw.get(key) is not None else "")
    for key, field in (("requires_dist", "requires-dist"), ("provides_extra", "provides-extra"), ("dynamic", "dynamic"), ("keywords", "keywords")):
        yield "" if field in fields else VALUE_SEPARATOR.join(map(str, getattr(metadata, key) or []))


def metadata_pairs(oracle):
    pairs = []
    for field in ("metadata-version", "name", "version"):
        if oracle.chance(0.97):
            wanted = EXAMPLES[field]
            pairs.append((field, oracle.pick(wanted if oracle.chance(0.2) else [oracle.pick(["2.1", "2.2", "2.4", "2.5", "1.2"])] if "-" in field else wanted[:1])))
    for field in oracle.random.sample(sorted(EXAMPLES), oracle.pick([0, 1, 2, 3, 5, 8])):
        if field in BASE or field == "metadata-version":
            continue
        many = _EMAIL_TO_RAW_MAPPING[field] in _LIST_FIELDS or field == "project-url"
        for _ in range(oracle.pick([1, 1, 2, 3]) if many else 1):
            value = oracle.pick(EXAMPLES[field])
            pairs.append((field, oracle.mutate(value, 1) if oracle.chance(0.15) else value))
    return pairs


def write_metadata(oracle, pairs):
    raw = raw_of(pairs)
    if raw is None or not is_encodable(*(value for _, value in pairs)):
        return
    fields = failing(lambda: Metadata.from_raw(raw))
    if fields is None:
        return
    oracle.write("metadata", ",".join(fields), *stored(raw, fields), *(part for pair in pairs for part in pair))


def metadata(oracle):
    for field, examples in EXAMPLES.items():
        for value in examples:
            for version in EXAMPLES["metadata-version"]:
                base = [("metadata-version", version), ("name", "demo"), ("version", "1.0")]
                write_metadata(oracle, [pair for pair in base if pair[0] != field] + [(field, value)])
    for distribution in importlib.metadata.distributions():
        pairs = [(name.lower(), value) for name, value in distribution.metadata.items() if name.lower() in _EMAIL_TO_RAW_MAPPING]
        write_metadata(oracle, pairs)
        for _ in range(20):
            index = oracle.random.randrange(len(pairs))
            write_metadata(oracle, [*pairs[:index], (pairs[index][0], oracle.mutate(pairs[index][1])), *pairs[index + 1 :]])
    for _ in range(7000):
        write_metadata(oracle, metadata_pairs(oracle))


# Metadata files


def file_bytes(oracle):
    newline = oracle.pick([b"\n", b"\n", b"\n", b"\r\n", b"\r"])
    lines = []
    for field, value in metadata_pairs(oracle):
        name = oracle.pick([field, field.title(), oracle.recase(field)])
        if oracle.chance(0.03):
            name = oracle.pick(["X-Unknown", "License-Files", "Naïve", "", "Name ", "From"])
        encoding = "latin-1" if oracle.chance(0.03) else "utf-8"
        value = value.replace("\n", oracle.pick(["\n  ", "\n\t", "\n        ", "\n"]))
        lines.append((name + oracle.pick([": ", ":", ":  \t", ": ", ": "]) + value).encode(encoding, "replace"))
        if oracle.chance(0.03):
            lines.append(oracle.pick([b"From here", b" continued", b"junk", b"\tcontinued\xff", b"Name: again", b":", b": x", b"From ", b"\x7f: x", b"Summary:"]))
    if oracle.chance(0.05):
        lines.insert(0, oracle.pick([b"From a@b", b" first", b"", b"\xef\xbb\xbfMetadata-Version: 2.1"]))
    data = newline.join(lines) + oracle.pick([newline, newline, b""])
    if oracle.chance(0.6):
        body = oracle.pick(["A description.\n\nMore.", "ünïcode\n", "\n\n", "From here\nx", " \n", "x\r\ny\rz\n"])
        data += oracle.pick([newline, newline, newline, b"From x" + newline, b""]) + body.encode(oracle.pick(["utf-8"] * 9 + ["latin-1"]), "replace")
    if oracle.chance(0.1):
        position = oracle.random.randrange(len(data) + 1)
        data = data[:position] + oracle.pick([b"\xff", b"\x00", b"\r", b"\n", b"\xe2\x82", b":", b" "]) + data[position:]
    return data


def text_of(value):
    return value.decode("latin-1") if isinstance(value, bytes) else "" if value is None else value


def write_file(oracle, data):
    head = data.lower()
    # Files that claim to be multipart or encoded mail are not ours to read.
    if b"content-t" in head:
        return
    try:
        raw, unparsed = parse_email(data)
    except Exception:
        return
    names = {raw_name: name for name, raw_name in _EMAIL_TO_RAW_MAPPING.items()}
    understood = []
    for key, value in raw.items():
        values = [value] if isinstance(value, str) else [label + PART_SEPARATOR + url for label, url in value.items()] if isinstance(value, dict) else value
        understood.append(VALUE_SEPARATOR.join([names[key], *values]))
    rest = [VALUE_SEPARATOR.join([name, *map(text_of, values)]) for name, values in unparsed.items()]
    fields = failing(lambda: Metadata.from_email(data))
    texts = ["\n".join(sorted(understood)), "\n".join(sorted(rest)), ",".join(fields or [])]
    if fields is not None and is_encodable(*texts):
        oracle.write("file", data.decode("latin-1"), *texts)


def files(oracle):
    write_file(oracle, b"")
    for distribution in importlib.metadata.distributions():
        path = pathlib.Path(distribution._path) / "METADATA"
        if path.exists():
            data = path.read_bytes()
            write_file(oracle, data)
            write_file(oracle, data.replace(b"\n", b"\r\n"))
            write_file(oracle, data[: len(data) // 2])
    for _ in range(8000):
        write_file(oracle, file_bytes(oracle))


# Addresses and URLs


def addresses(oracle):
    names = ["Alice", '"Alice, B."', "Alice (x) B", "", "Älice", "a.b", '"a\\"b"']
    local = ["alice", "a.b", "a..b", ".a", "a.", "a b", "a+b", '"a"', '"a b"', "ä", "a@b", "", "a" * 64, "a" * 70, "a(c)", "a . b", "o'x", "a:b", "a\\b", "!#$%&'*+-/=?^_`{|}~"]
    domain = ["example.org", "example", "localhost", "x.test", "x.invalid", "-a.org", "a-.org", "a..org", ".org", "a.org.", "[1.2.3.4]", "a.1", "a.c1", "xn--a", "aa--b.org",
              "sub.example.co", "a_b.org", "a b.org", "1.2.3.4", "a" * 63 + ".org", "a" * 64 + ".org", "example.org.arpa", "EXAMPLE.ORG", "", "a.ORG", "x.LOCAL", "exa,mple.org"]
    texts = installed_metadata("Author-email") + installed_metadata("Maintainer-email") + ["", " ", "Foo", "Foo <>", "<>", "a@b@c.org", "g: a@b.org, c@d.org;", "g:;", ";", ","]
    for _ in range(6000):
        text = oracle.pick(local) + oracle.pick(["@", "@", "@", "@", " @ ", ""]) + oracle.pick(domain)
        text = oracle.pick(["{}", "{}", "<{}>", "N <{}>", "N<{}>", "(c) {}", "{} (c)", "<@r.org:{}>", "g: {};", '"q" <{}', "{}>"]).format(text).replace("N", oracle.pick(names))
        if oracle.chance(0.2):
            text += oracle.pick([", b@example.org", ",", ";", " junk", ", <"])
        texts.append(oracle.mutate(text) if oracle.chance(0.2) else text)
    for text in filter(is_encodable, texts):
        try:
            address = parseaddr(text)[1]
        except Exception:
            continue
        try:
            if address:
                validate_email(address, check_deliverability=False)
            verdict = "1"
        except EmailNotValidError:
            verdict = ""
        # International domain names are checked with tables that we do not have.
        is_plain = address.isascii() and "xn--" not in address.lower()
        oracle.write("address", text, address, verdict, "1" if is_plain else "")


def urls(oracle):
    hosts = ["example.org", "", "a b", "ä.org", "user@example.org", "user:pw@example.org", "@x", "a@b@c", "1.2.3.4", "256.1.1.1", "1.2.3", "[::1]", "[::]", "[1::2::3]", "[1:2:3:4:5:6:7:8]",
             "[1:2:3:4:5:6:7::]", "[::1.2.3.4]", "[::1%25eth0]", "[::1%eth0]", "[v1.x]", "[x]", "[", "]", "a%20b", "a%2", "a_b", "a,b", "x\\y", "a;b", "[1:2:3:4:5:6:1.2.3.4]", "[::ffff:300.1.1.1]"]
    texts = ["", "http", "http:", "https:", "http:/", "http://", "HTTP://x", "ftp://x", "//x", "x", "http:x", "https:///x", "mailto:a@b.org", " http://x", "http://x ", "ht tp://x"]
    texts += [value.partition(",")[2].strip() for value in installed_metadata("Project-URL")] + installed_metadata("Home-page")
    for _ in range(6000):
        text = oracle.pick(["http", "https", "https", "HTTPS", "ftp", "h", "1http"]) + oracle.pick(["://", "://", "://", ":/", ":", ""]) + oracle.pick(hosts)
        text += oracle.maybe(0.3, lambda: ":" + oracle.pick(["80", "0", "65535", "65536", "99999", "100000", "", "x", "-1", "08"]))
        text += oracle.maybe(0.7, lambda: oracle.pick(["/", "/a b", "/ä", "/../..", "?q=ö x", "#f", "/%zz", "/a?b#c d", "/[x]", "\\x", "//", "/a:b"]))
        texts.append(oracle.mutate(text) if oracle.chance(0.3) else text)
    for text in filter(is_encodable, texts):
        try:
            reference = rfc3986.uri_reference(text).normalize()
            validator = rfc3986.validators.Validator().allow_schemes("http", "https").require_presence_of("scheme")
            validator.check_validity_of("scheme", "host", "port", "path", "query").validate(reference)
            verdict = "1"
        except (rfc3986.exceptions.RFC3986Exception, rfc3986.exceptions.ValidationError):
            verdict = ""
        except Exception:
            continue
        oracle.write("url", text, verdict)


if __name__ == "__main__":
    main({"licenses": licenses, "content-types": content_types, "metadata": metadata, "files": files, "addresses": addresses, "urls": urls})
