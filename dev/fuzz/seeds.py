"""Makes the binary inputs that fuzzing starts from: small archives and tokens. Chance alone does not find a zip.

    dev/fuzz/seeds.py FOLDER     writes FOLDER/NAME/seeds/* for each target with binary input
"""

import gzip
import io
import pathlib
import sys
import tarfile
import zipfile

root = pathlib.Path(sys.argv[1])


def write(target: str, name: str, content: bytes) -> None:
    folder = root / target / "seeds"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)


def zipped(method: int, comment: bytes = b"", force_zip64: bool = False) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, content in [("a/b.py", b"x = 1\n" * 20), ("a/", b""), ("a-1.dist-info/METADATA", b"Name: a\n")]:
            entry = zipfile.ZipInfo(path, (2020, 1, 1, 0, 0, 0))
            entry.compress_type = method
            with archive.open(entry, "w", force_zip64=force_zip64) as member:
                member.write(content)
        archive.comment = comment
    return buffer.getvalue()


def tarred(form: int, *extra: tarfile.TarInfo) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for path in ["a-1/PKG-INFO", "a-1/b.py", "a-1/" + "long/" * 30 + "c.py", "a-1/\u00e9.py"]:
            entry = tarfile.TarInfo(path)
            entry.size = 8
            archive.addfile(entry, io.BytesIO(b"Name: a\n"))
        for entry in extra:
            archive.addfile(entry)
    # The padding to whole records teaches nothing.
    return buffer.getvalue().rstrip(b"\0") + b"\0" * 1024


def linked(kind: bytes, target: str) -> tarfile.TarInfo:
    entry = tarfile.TarInfo("a-1/link")
    entry.type = kind
    entry.linkname = target
    return entry


def aligned(tar: bytes) -> bytes:
    return tar + b"\0" * (-len(tar) % 512)


for target in ["Member", "ZipReader", "ZipFraming"]:
    write(target, "empty.zip", b"PK\5\6" + b"\0" * 18)
    write(target, "stored.zip", zipped(zipfile.ZIP_STORED))
    write(target, "deflated.zip", zipped(zipfile.ZIP_DEFLATED, b"a comment"))
    write(target, "zip64.zip", zipped(zipfile.ZIP_DEFLATED, force_zip64=True))

tars = {
    "gnu": tarred(tarfile.GNU_FORMAT, linked(tarfile.SYMTYPE, "b.py"), linked(tarfile.DIRTYPE, "")),
    "pax": tarred(tarfile.PAX_FORMAT, linked(tarfile.LNKTYPE, "a-1/b.py")),
}
for name, tar in tars.items():
    write("Tar", name, b"\x55" + aligned(tar))
    write("Member", name, aligned(tar))
    write("SourceDistribution", name, gzip.compress(aligned(tar), mtime=0))


def packet(*caveats: bytes) -> bytes:
    def field(number: int, value: bytes) -> bytes:
        return bytes([number, len(value)]) + value

    out = b"\2" + field(1, b"a.example") + field(2, b"an identifier") + b"\0"
    for caveat in caveats:
        out += field(2, caveat) + b"\0"
    return out + b"\0" + field(6, bytes(range(32)))


write("Macaroon", "plain", packet())
write("Macaroon", "restricted", packet(b"[0,20,10]", b'[1,["a","b"]]', b'[3,"user"]'))


def cbor(value) -> bytes:
    def head(kind: int, number: int) -> bytes:
        return bytes([kind << 5 | number]) if number < 24 else bytes([kind << 5 | 24, number]) if number < 256 else bytes([kind << 5 | 25]) + number.to_bytes(2, "big")

    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value)) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(map(cbor, value))
    return head(5, len(value)) + b"".join(cbor(key) + cbor(member) for key, member in value.items())


keys = {
    "es256": {1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32},
    "eddsa": {1: 1, 3: -8, -1: 6, -2: b"k" * 32},
    "rs256": {1: 3, 3: -257, -1: b"n" * 256, -2: b"\1\0\1"},
}
for name, key in keys.items():
    data = b"h" * 32 + b"\xc5" + b"\0\0\0\1" + b"a" * 16 + b"\0\x10" + b"i" * 16 + cbor(key) + cbor({"credProtect": 2})
    write("WebAuthn", f"{name}-data", data)
    write("WebAuthn", f"{name}-object", cbor({"fmt": "none", "attStmt": {}, "authData": data}))
write("WebAuthn", "packed", cbor({"fmt": "packed", "attStmt": {"alg": -7, "sig": b"s", "x5c": [b"c"]}, "authData": b"h" * 32 + b"\1\0\0\0\0"}))
write("WebAuthn", "assertion-data", b"h" * 32 + b"\x1d\0\0\0\2")
