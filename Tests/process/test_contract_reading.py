# SPDX-License-Identifier: Apache-2.0
"""What the tool tells of an app's contract: owner, compose hashes and devices, by the log and by the contract's word."""
import pytest
from devnet.faults import KEEP

from apps import DEVICES, HASHES, ZERO, deploy, owned_by, without_cloud
from lies import tell
from support import Tool, calls


@pytest.fixture
def quick(make) -> Tool:
    """A devnet with a block for each transaction."""
    return make(block_time=None)


def listed(run, name: str, key: str) -> dict[str, tuple]:
    """What a listing says: for each whether it is allowed, and the events."""
    return {r[key]: (r["allowed"], [e["event"] for e in r["events"]]) for r in run.result[name]}


def searches(tool: Tool) -> list[dict]:
    """The searches of the log, in all requests."""
    return [c for r in tool.net.requests("chain") for c in calls(r) if c["method"] == "eth_getLogs"]


def history(app) -> dict[str, str]:
    """Adds, removes and adds again; the transactions."""
    return {
        "added": app.write("addComposeHash(bytes32)", HASHES[0]),
        "removed": app.write("removeComposeHash(bytes32)", HASHES[0]),
        "other": app.write("addComposeHash(bytes32)", HASHES[1]),
        "device": app.write("addDevice(bytes32)", DEVICES[1]),
        "gone": app.write("removeDevice(bytes32)", DEVICES[0]),
    }


def test_compose_hashes_with_blocks_and_transactions(quick):
    app = deploy(quick)
    made = history(app)
    run = quick("contract", "compose-hashes", app.cvm.id).must()
    assert listed(run, "compose_hashes", "compose_hash") == {
        app.first_hash: (True, ["added"]), HASHES[0]: (False, ["added", "removed"]), HASHES[1]: (True, ["added"])}
    rows = {r["compose_hash"]: r for r in run.result["compose_hashes"]}
    assert [e["transaction_hash"] for e in rows[HASHES[0]]["events"]] == [made["added"], made["removed"]]
    assert rows[app.first_hash]["events"][0]["block_number"] == app.block
    assert [h for h, r in rows.items() if r["running"]] == [app.first_hash] == [run.result["running_hash"]]
    assert run.result["app_id"] == app.address and run.result["chain_id"] == 31337
    assert run.result["log"]["since_creation"] is True and run.result["contradictions"] == []


def test_devices_with_the_contract_s_word(quick):
    app = deploy(quick)
    history(app)
    run = quick("device", "list", app.cvm.id).must()
    here = "0x" + app.cvm.device_id
    assert listed(run, "devices", "device_id") == {
        DEVICES[0]: (False, ["added", "removed"]), DEVICES[1]: (True, ["added"]), here: (False, [])}
    assert [r["device_id"] for r in run.result["devices"] if r["current"]] == [here]
    assert run.result["allow_any_device"] is False
    app.write("setAllowAnyDevice(bool)", True)
    assert quick("device", "list", app.cvm.id).must().result["allow_any_device"] is True


def test_a_contract_without_any_cloud(quick):
    app = deploy(quick, cvm=None)
    quick.net.journal.clear()
    for command in (["device", "list"], ["contract", "compose-hashes"], ["contract", "owner"]):
        run = quick(*command, *app.subject, environment=without_cloud(quick)).must()
        assert run.result["app_id"] == app.address and run.result["cvm_id"] is None, run
    assert quick.net.requests("cloud") == []
    assert all(r["running"] is None for r in quick("contract", "compose-hashes", *app.subject).must()
               .result["compose_hashes"])


def test_the_owner_and_to_whom_it_is_offered(quick):
    app = deploy(quick)
    run = quick("contract", "owner", app.cvm.id).must()
    assert (run.result["owner"], run.result["pending_owner"], run.result["transfer"]) == (
        owned_by("owner"), None, "two-step")
    assert run.result["signer_is_owner"] is True and run.result["owner_kind"] == "account"
    app.write("transferOwnership(address)", owned_by("second-owner"))
    assert quick("contract", "owner", app.cvm.id).must().result["pending_owner"] == owned_by("second-owner")
    text = quick("contract", "owner", app.cvm.id, as_json=False).must().stdout
    assert "0x" in text and owned_by("owner") not in text, "addresses for people carry their checksum"


def test_a_contract_whose_ownership_passes_in_one_step(quick):
    app = deploy(quick, "DstackAppOneStep")
    run = quick("contract", "owner", *app.subject).must()
    assert (run.result["owner"], run.result["pending_owner"], run.result["transfer"]) == (
        owned_by("owner"), None, "one-step")


@pytest.mark.parametrize("limit", [None, 1000, 7])
def test_a_log_that_the_endpoint_gives_in_pieces_is_read_from_the_creation_on(make, limit):
    tool = make(block_time=None, log_range=limit)
    tool.net.mine(300)
    app = deploy(tool)
    tool.net.mine(150)
    history(app)
    tool.net.mine(50)
    tool.net.journal.clear()
    run = tool("contract", "compose-hashes", app.cvm.id).must()
    assert set(listed(run, "compose_hashes", "compose_hash")) == {app.first_hash, HASHES[0], HASHES[1]}
    log = run.result["log"]
    assert log["since_creation"] is True
    assert (log["start"], log["from_block"]) == (("creation", app.block) if limit == 7 else ("genesis", 0))


def test_an_owner_that_is_a_safe_or_another_contract(quick):
    app = deploy(quick)
    safe = quick.net.make_safe(["owner", "stranger", "operator"], 2, app=app.address)
    run = quick("contract", "owner", app.cvm.id).must()
    assert (run.result["owner"], run.result["owner_kind"]) == (safe["safe"], "safe")
    assert run.result["safe"] == {"version": "1.4.1", "threshold": 2, "nonce": 0,
                                  "owners": [o["address"] for o in safe["owners"]]}
    text = quick("contract", "owner", app.cvm.id, as_json=False).must().stdout
    assert "2 of 3 owners" in text and "which is the key" in text
    other = deploy(quick, owner=app.address, cvm="other")
    assert quick("contract", "owner", other.cvm.id).must().result["owner_kind"] == "contract"


def test_the_log_from_a_block_on(quick):
    app = deploy(quick)
    history(app)
    start = app.block + 3
    run = quick("contract", "compose-hashes", app.cvm.id, "--from-block", str(start)).must()
    assert listed(run, "compose_hashes", "compose_hash")[HASHES[0]] == (False, ["removed"])
    assert run.result["log"] == {"from_block": start, "to_block": quick.net.summary()["head"], "start": "named",
                                 "since_creation": False}
    assert "not looked at" in quick("contract", "compose-hashes", app.cvm.id, "--from-block", str(start),
                                    as_json=False).must().stdout
    quick("contract", "compose-hashes", app.cvm.id, "--from-block", "1000000").must(64, "usage")


def test_an_endpoint_without_old_states_is_asked_for_all_of_the_log_that_is_in_reach(make):
    tool = make(block_time=None, log_range=100)
    app = deploy(tool)
    tool.net.mine(300)
    tool.net.set_view("main", state_depth=128)
    run = tool("contract", "compose-hashes", app.cvm.id).must()
    assert (run.result["log"]["start"], run.result["log"]["from_block"]) == ("genesis", 0)
    assert set(listed(run, "compose_hashes", "compose_hash")) == {app.first_hash}
    tool.net.mine(200)
    app = deploy(tool, cvm="late")
    tool.net.mine(20)
    run = tool("contract", "compose-hashes", app.cvm.id).must()
    assert (run.result["log"]["start"], run.result["log"]["from_block"]) == ("creation", app.block)


def test_state_and_log_that_do_not_fit_together_are_told(quick):
    app = deploy(quick)
    history(app)
    tell(quick, "eth_getLogs", lambda params, value: [] if value else KEEP)
    run = quick("contract", "compose-hashes", app.cvm.id).must()
    assert run.result["contradictions"] == [app.first_hash]
    assert "do not fit together" in quick("contract", "compose-hashes", app.cvm.id, as_json=False).must().stdout


def test_a_log_of_something_else_is_no_answer(quick):
    app = deploy(quick)
    tell(quick, "eth_getLogs", lambda params, value: [{**log, "address": ZERO} for log in value] or KEEP)
    quick("contract", "compose-hashes", app.cvm.id, "--timeout", "5").must(75, "unavailable")


@pytest.mark.parametrize("method,lie,exits", [
    ("eth_getBlockByNumber", {"number": hex((1 << 64) - 1)}, (75,)), ("eth_getCode", "0x", (77,)),
    ("eth_getCode", 7, (75,)), ("eth_call", "0x", (0,)), ("eth_call", "0x" + "ff" * 32, (0,)),
    ("eth_call", "0x" + "ff" * 5000, (0,)), ("eth_getLogs", {}, (75,)), ("eth_getTransactionCount", "-0x1", (75,)),
], ids=str)
def test_lies_never_crash_what_reads(quick, method, lie, exits):
    app = deploy(quick)
    tell(quick, method, lambda params, value: {**value, **lie} if isinstance(value, dict) else lie)
    for command in (["contract", "owner"], ["contract", "compose-hashes"], ["device", "list"]):
        run = quick(*command, *app.subject, "--timeout", "2", environment=without_cloud(quick))
        assert run.exit in (*exits, 0, 75) and run.exit != 1, run


def test_a_key_that_cannot_be_unlocked_keeps_nobody_from_reading(quick):
    app = deploy(quick)
    quick("key", "encrypt", quick.net.owner_key_file, "-o", str(quick.home / "key.json"), "--passphrase-file",
          quick.write("passphrase", "secret"), "--light").must()
    run = quick("contract", "owner", app.cvm.id, "--key-file", str(quick.home / "key.json")).must()
    assert run.result["signer_is_owner"] is True


def test_with_a_quorum_a_hidden_event_is_found_out(quick):
    app = deploy(quick)
    history(app)
    liar = quick.net.add_view("liar")
    quick.net.add_fault(action="override", method="eth_getLogs", view="liar",
                        function=lambda params, value: value[:-1] if value else KEEP)
    main = quick.net.info()["rpc_url"]
    quick("contract", "compose-hashes", app.cvm.id, "--rpc-url", liar).must()
    run = quick("contract", "compose-hashes", app.cvm.id, "--rpc-url", liar, "--rpc-url", main, "--rpc-quorum", "2",
                "--timeout", "6").must(75, "unavailable")
    assert "do not agree on the log" in run.error["message"]
    honest = quick.net.add_view("honest")
    run = quick("contract", "compose-hashes", app.cvm.id, "--rpc-url", liar, "--rpc-url", main, "--rpc-url", honest,
                "--rpc-quorum", "2").must()
    assert set(listed(run, "compose_hashes", "compose_hash")) == {app.first_hash, HASHES[0], HASHES[1]}


@pytest.mark.parametrize("words,status,code", [
    (["contract", "owner"], 64, "usage"), (["contract", "owner", "a", "b"], 64, "usage"),
    (["contract", "owner", "--app", "0x12"], 64, "usage"), (["contract", "owner", "nobody"], 69, "not-found"),
    (["contract", "owner", "plain"], 77, "no-contract"),
    (["contract", "owner", "--app", "0x" + "12" * 20], 78, "config"),
])
def test_subjects_that_are_none(quick, words, status, code):
    quick(*words).must(status, code)


def test_an_address_without_code_is_no_contract(quick):
    address = "0x" + "12" * 20
    quick("contract", "owner", "--app", address, "--rpc-url", quick.net.info()["rpc_url"]).must(77, "no-contract")


def test_the_text_is_fit_for_people(quick):
    app = deploy(quick)
    history(app)
    text = quick("device", "list", app.cvm.id, as_json=False).must().stdout
    assert DEVICES[1] in text and "only those below" in text and "the CVM is on it" in text
