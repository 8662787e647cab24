# SPDX-License-Identifier: Apache-2.0
"""Faults, hooks, the journal, the control API, the command."""
import json
import os
import signal
import subprocess
import sys
import threading
import time

import httpx
import pytest

from .support import Rpc, RpcFailure, hexed, sign


def ask(net, method="eth_chainId", **settings):
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": []}
    return httpx.post(net.rpc.url(), json=body, timeout=3, **settings)


def test_status_with_retry_after_on_chosen_occurrences(net):
    net.add_fault(action="status", server="chain", method="eth_chainId", occurrences=[2], status=429, retry_after=3)
    answers = [ask(net) for _ in range(3)]
    assert [a.status_code for a in answers] == [200, 429, 200] and answers[1].headers["Retry-After"] == "3"
    assert ask(net, "eth_blockNumber").status_code == 200


def test_probability_is_seeded(net):
    def run():
        net.clear_faults()
        net.add_fault(action="status", probability=0.5, seed=11)
        return [ask(net).status_code for _ in range(20)]
    first = run()
    assert first == run() and set(first) == {200, 503}


def test_a_connection_closed_before_or_after_processing(net, rpc):
    raw = sign(net)
    rule = net.add_fault(action="close-before", method="eth_sendRawTransaction")
    with pytest.raises(httpx.RemoteProtocolError):
        rpc("eth_sendRawTransaction", raw)
    assert not net.chain.pool.by_hash and rule.fired == 1
    net.clear_faults()
    net.add_fault(action="close-after", method="eth_sendRawTransaction")
    with pytest.raises(httpx.RemoteProtocolError):
        rpc("eth_sendRawTransaction", raw)
    assert len(net.chain.pool.by_hash) == 1


def test_a_failure_may_come_after_processing(net, rpc):
    net.add_fault(action="status", status=502, after=True, method="eth_sendRawTransaction")
    body = {"jsonrpc": "2.0", "id": 1, "method": "eth_sendRawTransaction", "params": [sign(net)]}
    assert httpx.post(net.rpc.url(), json=body).status_code == 502
    assert len(net.chain.pool.by_hash) == 1


def test_broken_bodies(net):
    net.add_fault(action="cut-body", bytes=5, first=1)
    with pytest.raises(httpx.RemoteProtocolError):
        ask(net)
    net.add_fault(action="not-json", first=1)
    with pytest.raises(json.JSONDecodeError):
        ask(net).json()
    net.add_fault(action="wrong-type", first=1, json="text")
    assert ask(net).json() == "text"
    net.add_fault(action="huge", first=1, bytes=100_000)
    assert len(ask(net).content) > 100_000


def test_a_timeout_never_answers(net):
    net.add_fault(action="timeout", server="cloud", path="/auth/me")
    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{net.cloud.url}/auth/me", timeout=0.2)


def test_answers_can_be_overridden(net, rpc):
    net.add_fault(action="merge", server="chain", method="eth_getBlockByNumber", json={"baseFeePerGas": "0x1"})
    block = rpc("eth_getBlockByNumber", "latest", False)
    assert block["baseFeePerGas"] == "0x1" and block["number"] == "0x0"
    net.add_fault(action="rpc-error", method="eth_gasPrice", code=-32005, message="limit exceeded")
    with pytest.raises(RpcFailure, match="limit exceeded"):
        rpc("eth_gasPrice")
    net.add_fault(action="override", method="eth_getBalance", function=lambda params, value: hex(int(value, 16) + 1))
    assert int(rpc("eth_getBalance", hexed(net.owner.address), "latest"), 16) == 10_000 * 10**18 + 1
    net.add_fault(action="merge", server="cloud", path="/cvms/[^/]+$", json={"compose_hash": "00"})
    answer = httpx.get(f"{net.cloud.url}/cvms/web", headers={"X-API-Key": net.info()["api_key"]}).json()
    assert answer["compose_hash"] == "00" and answer["name"] == "web"


def test_a_view_can_fail_alone_and_the_clouds_own_node_is_spared(net):
    second = Rpc(net.add_view("second"))
    net.add_fault(action="status", server="chain", view="main")
    assert ask(net).status_code == 503 and second("eth_chainId") == "0x7a69"
    net.add_fault(action="status", server="chain")
    assert net.cloud.check.onchain_status(net.cvm.app_id, net.cvm.hash, net.device_id)["is_allowed"]


def test_hooks_run_before_and_after_processing(net, rpc):
    seen = []
    remove = net.before(lambda info: seen.append(("before", info.rpc_methods, len(net.chain.pool.by_hash))))
    net.after(lambda info: seen.append(("after", info.rpc_methods, len(net.chain.pool.by_hash))))
    rpc("eth_sendRawTransaction", sign(net))
    remove()
    rpc("eth_chainId")
    assert seen == [("before", ["eth_sendRawTransaction"], 0), ("after", ["eth_sendRawTransaction"], 1),
                    ("after", ["eth_chainId"], 1)]


@pytest.mark.parametrize("when, pooled", [("before", 0), ("after", 1)])
def test_a_client_is_killed_at_a_chosen_request(net, when, pooled):
    script = ("import sys, httpx\n"
              "for method, params in (('eth_chainId', []), ('eth_sendRawTransaction', [sys.argv[2]])):\n"
              "    httpx.post(sys.argv[1], json={'jsonrpc': '2.0', 'id': 1, 'method': method, 'params': params})\n")
    client = []
    net.kill_at(2, when, lambda: client[0])
    client.append(subprocess.Popen([sys.executable, "-c", script, net.rpc.url(), sign(net)]))
    assert client[0].wait(10) == -signal.SIGKILL
    assert len(net.chain.pool.by_hash) == pooled
    assert ask(net).status_code == 200


def test_a_paused_request_goes_on_when_the_rule_goes(net):
    rule = net.add_fault(action="pause", method="eth_chainId")
    answers = []
    thread = threading.Thread(target=lambda: answers.append(ask(net).status_code))
    thread.start()
    end = time.monotonic() + 3
    while rule.waiting == 0:
        assert time.monotonic() < end
    assert answers == []
    net.clear_faults(rule.id)
    thread.join(3)
    assert answers == [200]


def test_unknown_actions_and_options_are_refused(net):
    for keys in ({"action": "explode"}, {"action": "delay", "minutes": 1}, {"action": "merge"}):
        with pytest.raises(ValueError):
            net.add_fault(**keys)


def test_the_journal_has_requests_but_no_secrets(net, rpc):
    rpc("eth_chainId")
    httpx.post(f"{net.cloud.url}/cvms/web/commit-update", json={"token": "secret-token"},
               headers={"X-API-Key": "secret-key", "X-Devnet-Unchecked": "a key where none belongs"})
    entries = net.requests()
    assert [e["server"] for e in entries] == ["chain", "cloud"] and entries[0]["rpc"] == ["eth_chainId"]
    assert "secret" not in json.dumps(entries) and entries[1]["headers"]["x-api-key"] == "(redacted)"


def test_the_control_api(net, rpc):
    def control(command, **arguments):
        answer = httpx.post(f"{net.control.http.url}/{command}", json=arguments)
        return answer.json()["result"] if answer.status_code == 200 else answer.status_code

    assert control("mine", blocks=3) == 3 and rpc("eth_blockNumber") == "0x3"
    assert control("add_fault", action="status", method="eth_chainId") == 1
    assert ask(net).status_code == 503
    assert control("faults")[0]["fired"] == 1 and control("clear_faults") is None
    made = control("create_cvm", name="second", owner="0x" + "12" * 20)
    assert net.call(bytes.fromhex(made["app_id"][2:]), "owner()")[12:] == b"\x12" * 20
    control("set_balance", address="0x" + "12" * 20, wei=5)
    assert rpc("eth_getBalance", "0x" + "12" * 20, "latest") == "0x5"
    made = control("make_account", name="alice", wei=7)
    assert rpc("eth_getBalance", made["address"], "latest") == "0x7" and os.path.exists(made["key_file"])
    assert control("allowed", compose=net.cvm.hash.hex()) is True and control("key_file", name="../x") == 400
    assert control("summary")["head"] == 6 and control("applied") == [] and control("mine", rocks=1) == 400
    assert control("no_such_thing") == 404 and control("reorg", depth=1) == []


def test_serve_prints_one_line_and_stops_on_sigterm(tmp_path):
    process = subprocess.Popen([sys.executable, "-m", "devnet", "serve", "--dir", str(tmp_path), "--chain-id", "1",
                                "--ready-file", str(tmp_path / "ready")], stdout=subprocess.PIPE, text=True)
    try:
        info = json.loads(process.stdout.readline())
        assert json.loads((tmp_path / "ready").read_text()) == info
        assert Rpc(info["rpc_url"])("eth_chainId") == "0x1"
        assert os.stat(info["owner_key_file"]).st_mode & 0o777 == 0o600
        from eth_account import Account

        key = open(info["owner_key_file"]).read().strip()
        assert Account.from_key(key).address.lower() == info["owner_address"]
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
