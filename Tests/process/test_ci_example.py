# SPDX-License-Identifier: Apache-2.0
"""The shell steps of the CI example, as they stand in the workflow, each job on a machine of its own."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support import COMPOSE, ROOT, Tool, assert_nothing_signed, binary, wait_until

WORKFLOW = ROOT / "examples/ci/update.yml"


def jobs() -> dict[str, str]:
    """The text of each job of the workflow, by name."""
    text = WORKFLOW.read_text()
    body = text[text.index("\njobs:\n") + 7:]
    parts = re.split(r"^  (\w+):\n", body, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def steps(job: str) -> list[tuple[str, str]]:
    """Name and script of each step with a `run: |`."""
    found = re.findall(r"^      - name: (.+)\n        run: \|\n((?:          .*\n|\n)+)", job, flags=re.M)
    return [(name, re.sub(r"^ {10}", "", script, flags=re.M)) for name, script in found]


class Runner:
    """A machine with the program in its PATH, a store and a working folder of its own, and no key."""

    def __init__(self, tool: Tool, folder: Path, **environment: str):
        self.folder = folder
        bin_folder = folder / "bin"
        self.work = folder / "work"
        for each in (folder, bin_folder, self.work):
            each.mkdir()
        (bin_folder / "countersign").symlink_to(binary())
        self.summary = folder / "summary.md"
        self.summary.touch()
        self.environment = {
            "PATH": f"{bin_folder}:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8",
            "GITHUB_STEP_SUMMARY": str(self.summary), "CVM": tool.net.cvm.name,
            "PHALA_CLOUD_API_PREFIX": tool.environment["PHALA_CLOUD_API_PREFIX"],
            "PHALA_CLOUD_API_KEY": tool.environment["PHALA_CLOUD_API_KEY"], "ETH_RPC_URL": tool.net.rpc.url("main"),
            "COUNTERSIGN_STORE": str(folder / "temp/countersign/operations.sqlite"), **environment}

    def run(self, script: str) -> subprocess.CompletedProcess:
        path = self.folder / "step.sh"
        path.write_text(script)
        return subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", str(path)], cwd=self.work,
                              env=self.environment, capture_output=True, text=True, timeout=60)

    def all(self, job: str) -> subprocess.CompletedProcess:
        """Runs the steps of a job until one fails; the last one."""
        for name, script in steps(job):
            done = self.run(script)
            if done.returncode != 0:
                return done
        return done


def test_the_workflow_has_the_steps_that_are_run_here():
    assert {name: [step for step, _ in steps(job)] for name, job in jobs().items()} == {
        "prepare": ["Prepare", "Export"], "commit": ["Import", "Commit"]}
    text = WORKFLOW.read_text()
    scripts = "".join(script for job in jobs().values() for _, script in steps(job))
    assert text.count("run: |") == 4 and "${{" not in scripts
    programs = set(re.findall(r"^ *(?:code=0\n)?([a-z]+)\b", scripts, flags=re.M))
    assert programs <= {"countersign", "echo", "cat", "case", "esac", "exit", "code"}, programs


@pytest.fixture
def prepared(tool, tmp_path):
    """The runner of the first job, after its steps."""
    first = Runner(tool, tmp_path / "prepare")
    shutil.copy(tool.compose_file, first.work / "docker-compose.yml")
    done = first.all(jobs()["prepare"])
    assert done.returncode == 0, done
    return first


def second_runner(tool, tmp_path, prepared, name="commit", **environment) -> Runner:
    """A machine for the second job, with the artifact of the first."""
    artifact = re.search(r"^          path: (.+)$", jobs()["prepare"], flags=re.M).group(1)
    runner = Runner(tool, tmp_path / name, **environment)
    shutil.copy(prepared.work / artifact, runner.work)
    return runner


def test_two_jobs_on_two_machines_update_the_cvm_once_the_owner_has_approved(tool, tmp_path, prepared):
    summary = prepared.summary.read_text()
    assert tool.expected() in summary and "nginx:1.28" in summary and "```diff" in summary
    token = tool.net.cloud.find(tool.net.cvm.id, None).pending.token
    assert token and token not in summary
    second = second_runner(tool, tmp_path, prepared, WAIT="30")
    tool.net.register_external(tool.expected())
    done = second.all(jobs()["commit"])
    assert done.returncode == 0, done
    assert "runs with the update" in second.summary.read_text()
    assert [a["compose_hash"] for a in tool.net.applied()] == [tool.expected(COMPOSE)]
    assert len(tool.net.registrations()[tool.expected()]) == 1


def test_a_job_that_waited_in_vain_is_run_again_on_another_machine(tool, tmp_path, prepared):
    first = second_runner(tool, tmp_path, prepared, WAIT="1")
    done = first.all(jobs()["commit"])
    assert done.returncode == 75 and "::warning::" in done.stdout, done
    assert_nothing_signed(tool)
    tool.net.register_external(tool.expected())
    wait_until(lambda: tool.net.registrations(), "registration by somebody else")
    again = second_runner(tool, tmp_path, prepared, name="again", WAIT="30")
    assert again.all(jobs()["commit"]).returncode == 0
    assert len(tool.net.applied()) == 1


def test_the_first_job_run_again_goes_on_where_it_was(tool, tmp_path):
    first = Runner(tool, tmp_path / "prepare")
    shutil.copy(tool.compose_file, first.work / "docker-compose.yml")
    prepare, export = [script for _, script in steps(jobs()["prepare"])]
    for _ in range(2):
        assert first.run(prepare).returncode == 0
    assert first.run(export).returncode == 0
    assert [r["method"] for r in tool.net.requests("cloud") if r["method"] != "GET"] == ["PATCH"]


def test_what_needs_no_approval_fails_the_first_job_with_its_own_code(tool, tmp_path):
    runner = Runner(tool, tmp_path / "prepare", CVM=tool.net.plain_cvm.id)
    shutil.copy(tool.compose_file, runner.work / "docker-compose.yml")
    assert runner.all(jobs()["prepare"]).returncode == 64
