# SPDX-License-Identifier: Apache-2.0
"""scripts/schema-fields derives the fields from the documents each time: what changes there is a difference here.

CLOUDCHECK_BINARY names the program that reads answers (default: the debug build's).
"""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from test_transactions import ROOT, program

SHARED = ROOT.parent / "shared" / "seeds"

# A document of our own, with a type of the module.
DOCUMENT = """Nested Objects
WorkspaceRef
{
object_type: "workspace";
id: string; // Hashed
name: string;
slug?: string | null;
avatar_url?: string | null;
}
CurrentUserV20251028
Flat.
{
username: string;
email: string;
credits: number;
granted_credits: number;
avatar: string;
team_name: string;
team_tier: string;
}
"""


def compare(seeds: Path) -> tuple[int, str]:
    binary = os.environ.get("CLOUDCHECK_BINARY") or str(Path(program()).with_name("cloudcheck"))
    done = subprocess.run([ROOT / "scripts" / "schema-fields", "--seeds", seeds, "--program", binary],
                          capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_without_documents_there_is_nothing_to_do(tmp_path):
    assert compare(tmp_path)[0] == 69


def test_a_document_that_says_what_the_types_say(tmp_path):
    (tmp_path / "own.txt").write_text(DOCUMENT)
    code, out = compare(tmp_path)
    assert code == 0 and "2 types, 12 fields" in out, out


@pytest.mark.parametrize("old, new, told", [
    ("name: string;", "title: string;", "$.name: the sample is refused"),
    ("name: string;", "name: number;", "$.name: the sample is refused"),
    ("name: string;", "name?: string | null;", "$.name: absent is refused"),
    ("slug?: string | null;", "slug: string;", "is an optional, but the field is always there"),
    ("slug?: string | null;", "slug?: string;", "$.slug: null is accepted"),
    ("slug?: string | null;\n", "", ".slug: a property that the document does not have"),
    ('object_type: "workspace";', 'object_type: "space";', "the sample is refused"),
    ("credits: number;", "credits: { amount: number };", "the sample is refused"),
    ("WorkspaceRef", "WorkspaceReference", "there is no type of this name"),
])
def test_what_changes_in_a_document_is_a_difference(tmp_path, old, new, told):
    assert old in DOCUMENT
    (tmp_path / "own.txt").write_text(DOCUMENT.replace(old, new, 1))
    code, out = compare(tmp_path)
    assert code == 1 and any(line.startswith("difference: ") and told in line for line in out.splitlines()), out


@pytest.mark.skipif(not SHARED.is_dir(), reason="the documents are not here")
@pytest.mark.parametrize("name, old, new", [
    ("002", "storage_fs?: string;", "storage_fs?: string | null;"),
    ("002", "app_url: string | null;", "app_url: string;"),
    ("003", "created_at\nstring<date-time>\nrequired", "created_at\nstring<date-time> | null"),
    ("003", "vcpu\ninteger\nrequired", "vcpu\nstring\nrequired"),
    ("004", "contract_address\nstring | null", "contract_address\nboolean | null"),
    ("000", "statusstringUpdate status", "statenumberUpdate status"),
    ("000", "commitTokenstring?", "commitTokennumber?"),
    ("001", "vcpu\ninteger | null", "vcpu\ninteger"),
])
def test_what_changes_in_the_real_documents_is_a_difference(tmp_path, name, old, new):
    for path in SHARED.glob("*.txt"):
        shutil.copy(path, tmp_path)
    [changed] = tmp_path.glob(name + "_*.txt")
    changed.chmod(0o644)
    text = changed.read_text()
    assert old in text
    changed.write_text(text[::-1].replace(old[::-1], new[::-1], 1)[::-1])
    code, out = compare(tmp_path)
    assert code == 1 and "difference: " in out, out
