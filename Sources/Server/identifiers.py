"""Collects lists of identifiers from installed packages and prints them as JSON.

Run by `emporium data update`, and imported by dev/data.py. Each list names the package it comes from; a package that is
not installed is named under "missing" and its lists are left out. Nothing of a package is run that need not be: names
that live in a data file are read from the file.
"""

import importlib.metadata
import json
import re
import sys


def normalized(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def classifiers():
    import trove_classifiers

    return list(trove_classifiers.sorted_classifiers)


def retired_classifiers():
    """`old => new, new` a line; nothing after the arrow where no replacement is named."""
    import trove_classifiers

    lines = []
    for old, replacements in sorted(trove_classifiers.deprecated_classifiers.items()):
        assert "=>" not in old and not any(", " in new for new in replacements), old
        lines.append(f"{old} => {', '.join(replacements)}".rstrip())
    return lines


def standard_library():
    """Every module of every Python version known, and each dotted prefix, as the project name it would collide with."""
    import stdlib_list

    names = set()
    for version in stdlib_list.short_versions:
        for module in stdlib_list.stdlib_list(version):
            parts = module.split(".")
            for length in range(1, len(parts) + 1):
                names.add(normalized(".".join(parts[:length]).strip("-_.")))
    return sorted(names - {""})


def spdx(is_exception):
    """The identifiers in force, and the ones SPDX gave up but builders may still write (`GPL-2.0`).

    Of the latter, license-expression also lists spellings that SPDX never had; PyPA's copy of the list, where it is
    installed, tells which are real.
    """
    from license_expression import get_license_index

    current, former = set(), set()
    for entry in get_license_index():
        if bool(entry.get("is_exception")) == is_exception:
            current.add(entry.get("spdx_license_key") or "LicenseRef-")
            former.update(entry.get("other_spdx_license_keys", []))
    try:
        from packaging.licenses import _spdx

        tables = (_spdx.LICENSES, _spdx.EXCEPTIONS)
        former = {entry["id"] for entry in tables[is_exception].values()}
        # What was one identifier for a license with an exception is a license here and an exception there.
        current -= {entry["id"] for entry in tables[not is_exception].values()}
    except ImportError:
        pass
    return sorted((name for name in current | former if " " not in name and not name.startswith("LicenseRef-")), key=str.lower)


def licenses():
    return spdx(is_exception=False)


def license_exceptions():
    return spdx(is_exception=True)


def popular_names():
    for file in importlib.metadata.files("guarddog") or []:
        if file.name == "top_pypi_packages.json":
            found = json.loads(file.read_text(encoding="utf-8"))
            if isinstance(found, dict):
                found = found.get("packages") or found.get("rows") or found
            names = (entry if isinstance(entry, str) else entry.get("project") for entry in found)
            return sorted({normalized(name) for name in list(names)[:10000] if name})
    raise ImportError("guarddog has no list of popular names")


LISTS = {
    "classifiers": ("trove-classifiers", classifiers),
    "retired-classifiers": ("trove-classifiers", retired_classifiers),
    "standard-library": ("stdlib-list", standard_library),
    "licenses": ("license-expression", licenses),
    "license-exceptions": ("license-expression", license_exceptions),
    "popular-names": ("guarddog", popular_names),
}


def collect():
    result = {"lists": {}, "missing": {}}
    for name, (package, read) in LISTS.items():
        try:
            version = importlib.metadata.version(package)
            result["lists"][name] = {"source": f"{package} {version}", "identifiers": read()}
        except (ImportError, importlib.metadata.PackageNotFoundError):
            result["missing"][name] = package
    return result


if __name__ == "__main__":
    json.dump(collect(), sys.stdout)
