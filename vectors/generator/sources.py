# SPDX-License-Identifier: Apache-2.0
"""Fetches the distributions of sources.txt and reads the cases out of their test modules."""

import ast
import contextlib
import importlib.util
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

CACHE = Path(sys.prefix) / "vector-sources"
LIST = Path(__file__).resolve().parent.parent / "sources.txt"


class Distribution:
    """One unpacked distribution, and how its cases are credited."""

    def __init__(self, name, version, kind, licence):
        self.name, self.version, self.kind, self.licence = name, version, kind, licence

    @property
    def root(self):
        return CACHE / f"{self.name}-{self.version}"

    def path(self, relative):
        return self.root / relative

    def credit(self, relative, ids, note=""):
        """A `source` entry for cases that come from one file."""
        return {
            "project": f"{self.name} (PyPI {self.kind})",
            "version": self.version,
            "path": relative + (f" ({note})" if note else ""),
            "licence": self.licence,
            "ids": ids,
        }

    def fetch(self):
        if self.root.is_dir():
            return
        CACHE.mkdir(parents=True, exist_ok=True)
        choice = ["--no-binary", ":all:"] if self.kind == "sdist" else ["--only-binary", ":all:"]
        download = CACHE / f"{self.name}.download"
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps"]
        subprocess.run(command + choice + ["-d", str(download), f"{self.name}=={self.version}"], check=True)
        (archive,) = download.iterdir()
        partial = CACHE / f"{self.name}.partial"
        if self.kind == "sdist":
            with tarfile.open(archive) as tar:
                tar.extractall(partial, filter="data")
            (inner,) = partial.iterdir()
            inner.rename(self.root)
            partial.rmdir()
        else:
            with zipfile.ZipFile(archive) as wheel:
                wheel.extractall(partial)
            partial.rename(self.root)


def distributions():
    """All distributions by name, fetched if they are not there yet."""
    lines = [line.split() for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
    found = {fields[0]: Distribution(*fields) for fields in lines}
    for distribution in found.values():
        distribution.fetch()
    return found


def load_module(path, name):
    """Executes one file as a module, its own distribution first on the path."""
    root = next(parent for parent in path.parents if parent.parent == CACHE)
    sys.path.insert(0, str(root))
    kept = {key: sys.modules.pop(key) for key in list(sys.modules) if key.split(".")[0] == "tests"}
    try:
        specification = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(specification)
        with contextlib.chdir(root):
            specification.loader.exec_module(module)
        return module
    finally:
        sys.path.remove(str(root))
        sys.modules.update(kept)


def parameters(function, index=0):
    """The rows of a test function's `pytest.mark.parametrize`."""
    marks = [mark for mark in function.pytestmark if mark.name == "parametrize"]
    return marks[index].args[1]


def constant(path, name):
    """The literal assigned to a module-level name, without executing the module."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and any(getattr(t, "id", None) == name for t in node.targets):
            return eval(compile(ast.Expression(node.value), str(path), "eval"), {"__builtins__": {}})  # noqa: S307
    raise LookupError(f"{path}: no {name}")
