// SPDX-License-Identifier: Apache-2.0

import EthTx
import Orchestrator

/// A store for commands that only read: it is empty and takes nothing.
struct NoStore: OperationStore, KmsPinStore {
    private static let refusal = StoreError.inputOutput("this command only reads")

    func create(_ operation: Operation, entry: HistoryEntry) async throws(StoreError) -> Operation {
        throw Self.refusal
    }

    func operation(_ id: OperationID) async throws(StoreError) -> Operation? { nil }

    func operations(unfinishedOnly: Bool) async throws(StoreError) -> [Operation] { [] }

    func commit(_ change: StoreChange) async throws(StoreError) -> Operation { throw Self.refusal }

    func note(_ entry: HistoryEntry, of id: OperationID) async throws(StoreError) {}

    func history(of id: OperationID) async throws(StoreError) -> [HistoryEntry] { [] }

    func nonces(of lane: Lane, from first: UInt64) async throws(StoreError) -> [SignedNonce] { [] }

    func openNonces() async throws(StoreError) -> [SignedNonce] { [] }

    func kmsPin(apiURL: String, kmsID: String) async throws(StoreError) -> KmsPin? { nil }

    func keep(_ pin: KmsPin) async throws(StoreError) -> KmsPin { throw Self.refusal }

    func forget(apiURL: String, kmsID: String) async throws(StoreError) -> Bool { false }

    func markSpent(_ nonce: UInt64, in lane: Lane) async throws(StoreError) { throw Self.refusal }
}
