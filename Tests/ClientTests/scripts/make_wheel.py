"""Makes a small wheel by hand, with a right RECORD; prints its path."""

import argparse
import base64
import hashlib
import os
import zipfile

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("project")
parser.add_argument("version")
parser.add_argument("tags", help="such as py3-none-any; each part may be a compressed set")
parser.add_argument("--says", default="hello")
parser.add_argument("--padding", type=int, default=0)
parser.add_argument("--requires", action="append", default=[])
options = parser.parse_args()

module = options.project.replace("-", "_")
info = f"{module}-{options.version}.dist-info"
pythons, abis, platforms = (part.split(".") for part in options.tags.split("-"))
is_pure = platforms == ["any"]
tags = [f"Tag: {python}-{abi}-{platform}\n" for python in pythons for abi in abis for platform in platforms]
metadata = ["Metadata-Version: 2.1", f"Name: {options.project}", f"Version: {options.version}", "Summary: A sample", "Requires-Python: >=3.8"]
metadata += [f"Requires-Dist: {requirement}" for requirement in options.requires]

files = {f"{module}/__init__.py": f"def main():\n    print({options.says!r})\n".encode()}
if not is_pure:
    # Nobody loads it: it only has to look like an extension.
    files[f"{module}/_speedups.cpython-311-x86_64-linux-gnu.so"] = b"\x7fELF" + bytes(60)
if options.padding:
    files[f"{module}/data.bin"] = os.urandom(options.padding)
files[f"{info}/METADATA"] = ("\n".join(metadata) + "\n\nA sample.\n").encode()
purity = "true" if is_pure else "false"
files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: emporium-tests\nRoot-Is-Purelib: {purity}\n{''.join(tags)}".encode()


def record_line(name, content):
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(content)}\n"


record = "".join(record_line(name, content) for name, content in files.items()) + f"{info}/RECORD,,\n"
files[f"{info}/RECORD"] = record.encode()

os.makedirs(options.folder, exist_ok=True)
path = os.path.join(options.folder, f"{module}-{options.version}-{options.tags}.whl")
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in files.items():
        archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
print(path)
