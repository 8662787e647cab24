// SPDX-License-Identifier: Apache-2.0

public import HTTPTransport

/// How an ``HTTPNode`` asks its endpoint.
public struct HTTPNodeOptions: Sendable, Hashable {
    /// How long one HTTP request may take.
    public var deadline: Duration

    /// How long the body of an answer may be, in bytes.
    public var maximumBodyBytes: Int

    /// How many JSON-RPC requests go into one HTTP request at most.
    public var maximumBatch: Int

    /// How long an endpoint that refused a batch is spared larger ones.
    public var batchMemory: Duration

    /// Which addresses the endpoint may have.
    public var peers: PeerPolicy

    /// Sets the behaviour.
    public init(
        deadline: Duration = .seconds(15),
        maximumBodyBytes: Int = 16 * 1024 * 1024,
        maximumBatch: Int = 100,
        batchMemory: Duration = .seconds(300),
        peers: PeerPolicy = .any
    ) {
        self.deadline = deadline
        self.maximumBodyBytes = maximumBodyBytes
        self.maximumBatch = maximumBatch
        self.batchMemory = batchMemory
        self.peers = peers
    }
}
