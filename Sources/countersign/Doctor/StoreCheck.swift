// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// Whether the store is as it must be for a crash to be harmless.
struct StoreCheck {
    let settings: Settings

    /// Opens the store if there is one; none is made.
    func verdict() async throws -> CheckReport.Verdict {
        let path = try settings.storePath
        guard let store = try SQLiteStore.existing(path: path) else {
            return .well("\(path): none yet, the first update makes it")
        }
        let journal = try await store.pragma("journal_mode")
        let synchronous = try await store.pragma("synchronous")
        guard journal?.lowercased() == "wal", synchronous == "2" else {
            return .failed(
                Stop(
                    .store,
                    "The store is not durable: journal_mode \(journal ?? "?"), synchronous \(synchronous ?? "?").",
                    hint: "Use a store on a local file system."))
        }
        try await store.checkSoundness()
        let unfinished = try await store.operations(unfinishedOnly: true).filter { !$0.isFinished }
        let open = try await store.openNonces()
        var detail = "\(path), sound, WAL, synchronous=FULL, \(unfinished.count) unfinished"
        if !open.isEmpty {
            let nonces = open.prefix(5).map {
                "\($0.nonce) of \($0.lane.signer.checksummed) on chain \($0.lane.chainID)"
            }
            detail += ", open nonces: " + nonces.joined(separator: "; ") + (open.count > 5 ? "; …" : "")
        }
        return .well(detail)
    }
}
