// SPDX-License-Identifier: Apache-2.0

import EthRPC
public import EthTx
import PhalaCloud

/// What stands behind an address, by one endpoint.
extension EthereumChain {
    /// What an account is at a block: by its code, and what the code answers to the questions of a Safe.
    public func account(_ address: Address, atBlock block: UInt64) async throws(ChainFault) -> AccountStanding {
        let tag = BlockTag.number(block)
        let (code, count, threshold, owners, version, nonce) = try await perform { node throws(RPCError) in
            try await node.batch(
                RPCCall<[UInt8]>.code(address, at: tag), RPCCall<UInt64>.transactionCount(address, at: tag),
                SafeRead.threshold.call(address, tag), SafeRead.owners.call(address, tag),
                SafeRead.version.call(address, tag), SafeRead.nonce.call(address, tag))
        }
        let transactionCount = try value(count)
        if let kind = AccountKind(code: try value(code)) {
            return AccountStanding(kind: kind, transactionCount: transactionCount)
        }
        let safe = SafeAccount(
            threshold: try returned(threshold), owners: try returned(owners), version: try returned(version),
            nonce: try returned(nonce))
        return AccountStanding(kind: safe.map(AccountKind.safe) ?? .contract, transactionCount: transactionCount)
    }

    /// What a contract returned; `nil` when it reverted.
    private func returned(_ result: Result<[UInt8], RPCCallError>) throws(ChainFault) -> [UInt8]? {
        if case .failure(.node(let error)) = result, error.isRevert { return nil }
        return try value(result)
    }
}

extension SafeRead {
    fileprivate func call(_ address: Address, _ tag: BlockTag) -> RPCCall<[UInt8]> {
        .call(to: address, data: calldata, at: tag)
    }
}

extension SafeAccount {
    /// Reads the answers; `nil` when one of them is none that a Safe gives.
    fileprivate init?(threshold: [UInt8]?, owners: [UInt8]?, version: [UInt8]?, nonce: [UInt8]?) {
        guard let threshold, let owners, let version, let nonce else { return nil }
        do throws(ABIError) {
            let accounts = try SafeRead.decodeOwners(owners)
            guard let least = UInt64(exactly: try SafeRead.decodeNumber(threshold)),
                let count = UInt64(exactly: try SafeRead.decodeNumber(nonce)),
                let text = try ABI.decode(version, as: [.string], strictness: .returned).first?.string,
                least >= 1, least <= UInt64(accounts.count)
            else { return nil }
            self.init(
                version: PrintableText.cleaned(text, limit: 40), threshold: least, owners: accounts, nonce: count)
        } catch {
            return nil
        }
    }
}
