// SPDX-License-Identifier: Apache-2.0

import EthTx

/// Proposes transactions of a Safe, and tells whether one can be executed, after asking the chain all that matters.
///
/// Nothing here signs or sends.
public struct SafeInspector: Sendable {
    let chain: any SafeChain
    let chainID: UInt64
    let limits: Limits
    let clock: any EngineClock

    /// Prepares to ask a chain.
    ///
    /// - Parameter limits: the limits on the chain; facts are those of the block at the confirmation depth.
    public init(chain: any SafeChain, chainID: UInt64, limits: Limits, clock: any EngineClock = SystemClock()) {
        self.chain = chain
        self.chainID = chainID
        self.limits = limits
        self.clock = clock
    }

    /// Asks, again after a pause while the chain is only out of reach.
    func ask<Value: Sendable>(
        _ question: (any SafeChain) async throws(ChainFault) -> Value
    ) async throws(Failure) -> Value {
        var backoff = Backoff(limit: 4)
        while true {
            do throws(ChainFault) {
                return try await question(chain)
            } catch {
                guard error.isTransient, let rest = backoff.next(atLeast: error.retryAfter, jitter: 1) else {
                    let failure = error.failure
                    guard failure.code.isRetryable else { throw failure }
                    throw Failure(
                        failure.code, failure.message, hint: "Give another --rpc-url, or run the command again later.")
                }
                do { try await clock.sleep(for: rest) } catch { throw .interrupted }
            }
        }
    }

    /// Refuses what is no Safe, or none whose transactions are hashed as they are here.
    func refuseStranger(_ standing: SafeStanding, _ query: SafeQuery) throws(Failure) -> Facts {
        let safe = query.safe.checksummed
        guard standing.hasCode else {
            throw Failure(
                .noContract, "There is no code at \(safe). Nothing was signed.",
                hint: "Check the address and that --rpc-url is of its chain.")
        }
        guard let threshold = standing.threshold, let owners = standing.owners, let nonce = standing.nonce,
            let version = standing.version, threshold >= 1, UInt64(owners.count) >= threshold
        else {
            throw Failure(
                .unsupportedSafe, "The contract at \(safe) does not answer as a Safe does. Nothing was signed.",
                hint: "Owners of another kind send the call data of 'countersign tx calldata' themselves.")
        }
        guard version.isSupported else {
            throw Failure(
                .unsupportedSafe, "\(SafeProposalError.unsupportedVersion(version)). Nothing was signed.",
                hint: "Propose the call in the wallet's own app.")
        }
        guard standing.sampleHash == query.sample.digest else {
            throw Failure(
                .hashMismatch,
                "The Safe \(safe) hashes a transaction otherwise than it is done here, so signatures made here would be "
                    + "worth nothing. Nothing was signed.",
                hint: "Check --rpc-url and the Safe's version, and propose the call in the wallet's own app.")
        }
        return Facts(version: version, threshold: threshold, owners: owners, nonce: nonce)
    }

    /// A Safe as it is now.
    struct Facts {
        let version: SafeVersion
        let threshold: UInt64
        let owners: [Address]
        let nonce: UInt256
    }
}
