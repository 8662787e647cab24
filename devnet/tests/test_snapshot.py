# SPDX-License-Identifier: Apache-2.0
"""Going back to a moment: chain, pool, CVMs and the request log."""
from devnet import Devnet


def test_a_snapshot_is_gone_back_to_as_often_as_wanted():
    with Devnet(manual=True) as net:
        first, cvm = net.snapshot(), net.cvm
        net.hold_new()
        held = net.send_external("owner")
        second = net.snapshot()
        for _ in range(2):
            net.release()
            net.mine(3)
            net.set_cvm(cvm.id, compose={**cvm.compose, "name": "other"})
            net.create_cvm("more")
            assert net.summary()["owner_nonce"] == 1 and len(net.cloud.cvms) == 3
            net.revert(second)
            assert [t["hash"] for t in net.summary()["pool"]] == [held] and net.summary()["pool"][0]["held"]
            assert net.summary()["head"] == 0 and net.cvm is cvm and cvm.compose["name"] == "web"
            assert len(net.cloud.cvms) == 2 and cvm.kms is net.kms and cvm.workspace is net.workspace
        net.revert(first)
        assert net.summary()["pool"] == []
        net.mine()
        assert net.summary()["owner_nonce"] == 0
