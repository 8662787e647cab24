# SPDX-License-Identifier: Apache-2.0
"""Keccak and EthTx (and StrictJSON, which it needs) refer to nothing of Foundation, and EthTx opens no socket.

CROSSCHECK_BINARY names a program of the build to look at (default: the debug build's crosscheck).
"""
import shutil
import subprocess
from pathlib import Path

import pytest

from test_transactions import program

SOCKETS = {"socket", "connect", "bind", "listen", "accept", "sendto", "getaddrinfo", "gethostbyname"}


def symbols(module: str, *options: str) -> set[str]:
    """Of all object files of a module; with --undefined-only those that others must provide."""
    nm = shutil.which("llvm-nm") or shutil.which("nm")
    assert nm, "nm is needed"
    folder = Path(program()).parent / f"{module}.build"
    objects = sorted(folder.rglob("*.o"))
    assert objects, f"no object files in {folder}: build first"
    listed = subprocess.run([nm, "--just-symbol-name", *options, *objects] if nm.endswith("llvm-nm") else
                            [nm, "--format=just-symbols", *options, *objects],
                            capture_output=True, text=True, check=True).stdout
    return {line.strip() for line in listed.splitlines() if line.strip() and not line.endswith(":")}


@pytest.mark.parametrize("module", ["Keccak", "StrictJSON", "EthTx"])
def test_no_symbol_of_foundation(module):
    found = symbols(module)
    assert any(name.startswith("$s") for name in found), "the list of symbols must be readable"
    assert [name for name in found if "Foundation" in name or name.startswith(("NS", "_OBJC_", "CF"))] == []


@pytest.mark.parametrize("module", ["Keccak", "StrictJSON", "EthTx"])
def test_no_socket(module):
    assert symbols(module, "--undefined-only") & SOCKETS == set()


@pytest.mark.parametrize("module", ["Keccak", "StrictJSON", "EthTx"])
def test_no_import_of_foundation(module):
    sources = Path(__file__).resolve().parents[2] / "Sources" / module
    files = list(sources.rglob("*.swift"))
    assert files
    assert [str(path) for path in files for line in path.read_text().splitlines()
            if line.split("//")[0].split()[-2:-1] == ["import"] and line.split()[-1].startswith("Foundation")] == []
