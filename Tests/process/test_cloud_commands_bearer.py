# SPDX-License-Identifier: Apache-2.0
"""Tokens of OAuth instead of API keys: wherever a key works, a token does."""
import pytest

from support import assert_exactly_once


@pytest.fixture
def token(tool) -> str:
    """A file with a token; no API key is set."""
    tool.environment.pop("PHALA_CLOUD_API_KEY")
    return tool.write("token", tool.net.info()["bearer_token"] + "\n")


def assert_only_tokens(tool) -> None:
    """Each request but those whose commit token is the credential had the token, and none an API key."""
    for request in tool.net.requests("cloud"):
        names = set(request["headers"])
        assert "x-api-key" not in names
        assert ("authorization" in names) == (not request["path"].endswith("/commit-update")), request


@pytest.mark.parametrize("arguments", [("whoami",), ("cvm", "list"), ("cvm", "get", "web"), ("doctor", "web")], ids=" ".join)
def test_a_token_in_place_of_a_key(tool, token, arguments):
    tool(*arguments, "--bearer-token-file", token).must()
    tool("--bearer-token-file", token, *arguments).must()
    assert_only_tokens(tool)


def test_a_token_from_the_configuration(tool, token):
    config = tool.write("config.yaml", f"bearer-token-file: {token}\n")
    tool("cvm", "visibility", "web", "--listed", "true", "--config", config).must()
    assert_only_tokens(tool)


def test_an_update_and_its_resume_by_a_token(tool, token):
    live = tool.start_update("--bearer-token-file", token)
    live.wait_phase("broadcast")
    live.kill()
    tool.resume("--all", "--bearer-token-file", token).must()
    assert_exactly_once(tool)
    assert_only_tokens(tool)
    assert tool.net.info()["bearer_token"].encode() not in tool.store.read_bytes()


def test_a_commit_by_a_token(tool, token):
    prepared = tool.update("--prepare-only", "--bearer-token-file", token).must()
    tool.net.register_external(tool.expected())
    tool("commit", prepared.operation, "--await-approval", "10", "--bearer-token-file", token).must()
    assert len(tool.net.applied()) == 1
    assert_only_tokens(tool)


def test_an_option_beats_the_variable(tool):
    token = tool.write("token", tool.net.info()["bearer_token"])
    tool("whoami", "--bearer-token-file", token, environment={"PHALA_CLOUD_API_KEY": "phak_wrong"}).must()
    assert_only_tokens(tool)
    key = tool.write("key", tool.net.info()["api_key"])
    tool("whoami", "--bearer-token-file", token, "--api-key-file", key).must(64, "usage")


def test_a_token_that_is_not_accepted(tool, token):
    wrong = tool.write("wrong", "not-the-token")
    run = tool("cvm", "list", "--bearer-token-file", wrong).must(69, "unauthorized")
    assert "not-the-token" not in run.stdout + run.stderr and "token" in run.error["hint"]
    assert tool("doctor", "--bearer-token-file", wrong).exit == 69


@pytest.mark.parametrize("text, mode, status, code", [
    ("secret-token", 0o644, 77, "key-file"), ("secret-token", 0o640, 77, "key-file"), ("", 0o600, 78, "config"),
    ("two\nlines", 0o600, 78, "config"), (None, 0, 78, "config")])
def test_a_file_that_is_not_fit_for_a_secret(tool, token, text, mode, status, code):
    path = str(tool.home / "none") if text is None else tool.write("bad", text, mode)
    run = tool("cvm", "list", "--bearer-token-file", path).must(status, code)
    assert "secret-token" not in run.stdout + run.stderr and tool.net.requests() == []
    assert tool.update("--bearer-token-file", path).exit == status and not tool.store.exists()
