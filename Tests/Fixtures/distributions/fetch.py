"""Fetches a few source distributions, and takes out of them the good and bad archives that their own tests use.

    fetch.py FOLDER     leaves *.whl and *.tar.gz in FOLDER; does nothing when they are there
"""

import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

SOURCES = ["twine==7.0.0", "pkginfo==2.0", "wheel==0.48.0"]

folder = pathlib.Path(sys.argv[1])
if folder.exists():
    sys.exit(0)
folder.parent.mkdir(parents=True, exist_ok=True)
with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
    found = pathlib.Path(scratch, "found")
    found.mkdir()
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*download, "--no-binary", ":all:", "--no-build-isolation", "--dest", found, *SOURCES], check=True, stdout=sys.stderr)
    for sdist in list(found.glob("*.tar.gz")):
        with tarfile.open(sdist) as tar:
            for member in tar.getmembers():
                name = member.name.rpartition("/")[2]
                if member.isfile() and name.endswith((".whl", ".tar.gz")):
                    with tar.extractfile(member) as inside, open(found / name, "wb") as file:
                        shutil.copyfileobj(inside, file)
    try:
        found.rename(folder)
    except OSError:
        # Another test was faster.
        if not folder.exists():
            raise
