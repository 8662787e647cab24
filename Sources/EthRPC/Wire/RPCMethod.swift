// SPDX-License-Identifier: Apache-2.0

/// The name of a JSON-RPC method.
///
/// The names of the Ethereum execution API that are used live here.
public struct RPCMethod: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name on the wire.
    public let rawValue: String

    /// Takes a name as it is.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name.
    public var description: String { rawValue }

    /// `eth_signTransaction`, as Web3Signer, geth and most others call it.
    public static let signTransaction = RPCMethod(rawValue: "eth_signTransaction")

    /// `account_signTransaction`, as clef calls it.
    public static let clefSignTransaction = RPCMethod(rawValue: "account_signTransaction")

    static let chainID = RPCMethod(rawValue: "eth_chainId")
    static let blockNumber = RPCMethod(rawValue: "eth_blockNumber")
    static let blockByNumber = RPCMethod(rawValue: "eth_getBlockByNumber")
    static let blockByHash = RPCMethod(rawValue: "eth_getBlockByHash")
    static let transactionByHash = RPCMethod(rawValue: "eth_getTransactionByHash")
    static let transactionReceipt = RPCMethod(rawValue: "eth_getTransactionReceipt")
    static let transactionCount = RPCMethod(rawValue: "eth_getTransactionCount")
    static let balance = RPCMethod(rawValue: "eth_getBalance")
    static let code = RPCMethod(rawValue: "eth_getCode")
    static let storageAt = RPCMethod(rawValue: "eth_getStorageAt")
    static let call = RPCMethod(rawValue: "eth_call")
    static let estimateGas = RPCMethod(rawValue: "eth_estimateGas")
    static let gasPrice = RPCMethod(rawValue: "eth_gasPrice")
    static let maxPriorityFeePerGas = RPCMethod(rawValue: "eth_maxPriorityFeePerGas")
    static let feeHistory = RPCMethod(rawValue: "eth_feeHistory")
    static let logs = RPCMethod(rawValue: "eth_getLogs")
    static let sendRawTransaction = RPCMethod(rawValue: "eth_sendRawTransaction")
    static let syncing = RPCMethod(rawValue: "eth_syncing")
    static let clientVersion = RPCMethod(rawValue: "web3_clientVersion")
}
