// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A transaction of a Safe, a wallet that several owners sign for (Safe contracts 1.3.0 and 1.4.1).
public struct SafeTransaction: Sendable, Hashable {
    /// How the Safe runs it.
    public enum Operation: UInt8, Sendable, Hashable {
        /// A call to another contract.
        case call = 0
        /// Code of another contract, run as the Safe itself.
        case delegateCall = 1
    }

    /// The chain that the Safe is on.
    public var chainID: UInt256
    /// The address of the Safe.
    public var safe: Address
    /// The account that is called.
    public var to: Address
    /// The amount sent, in wei.
    public var value: UInt256
    /// The call data.
    public var data: [UInt8]
    /// How it is run.
    public var operation: Operation
    /// The gas for the call itself; 0 for all there is.
    public var safeTxGas: UInt256
    /// Gas that is refunded besides.
    public var baseGas: UInt256
    /// The price of refunded gas; 0 for no refund.
    public var gasPrice: UInt256
    /// The token of the refund; zero for ether.
    public var gasToken: Address
    /// Who gets the refund; zero for whoever sends it.
    public var refundReceiver: Address
    /// How many transactions the Safe has made before.
    public var nonce: UInt256

    /// Sets all fields; those about refunds are zero unless given.
    public init(
        chainID: UInt256, safe: Address, to: Address, value: UInt256 = 0, data: [UInt8], operation: Operation = .call,
        safeTxGas: UInt256 = 0, baseGas: UInt256 = 0, gasPrice: UInt256 = 0, gasToken: Address = .zero,
        refundReceiver: Address = .zero, nonce: UInt256
    ) {
        self.chainID = chainID
        self.safe = safe
        self.to = to
        self.value = value
        self.data = data
        self.operation = operation
        self.safeTxGas = safeTxGas
        self.baseGas = baseGas
        self.gasPrice = gasPrice
        self.gasToken = gasToken
        self.refundReceiver = refundReceiver
        self.nonce = nonce
    }
}

extension SafeTransaction {
    /// The text of the domain's type.
    static let domainType = "EIP712Domain(uint256 chainId,address verifyingContract)"

    /// The text of the transaction's type.
    static let transactionType =
        "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,"
        + "uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)"

    /// The hash of the domain: chain and Safe.
    public var domainSeparator: Bytes32 {
        Bytes32.keccak256(
            Bytes32.keccak256(Array(Self.domainType.utf8)).bytes + chainID.bigEndianBytes + Self.word(safe))
    }

    /// The hash of the transaction.
    public var structHash: Bytes32 {
        var encoded = Bytes32.keccak256(Array(Self.transactionType.utf8)).bytes
        encoded += Self.word(to) + value.bigEndianBytes + Bytes32.keccak256(data).bytes
        encoded += UInt256(UInt64(operation.rawValue)).bigEndianBytes
        encoded += safeTxGas.bigEndianBytes + baseGas.bigEndianBytes + gasPrice.bigEndianBytes
        encoded += Self.word(gasToken) + Self.word(refundReceiver) + nonce.bigEndianBytes
        return Bytes32.keccak256(encoded)
    }

    /// What the owners sign, and the name of the transaction in Safe's services (`safeTxHash`).
    public var digest: Bytes32 {
        EIP191.structuredData(domainSeparator: domainSeparator, structHash: structHash)
    }

    /// The same as typed data of `eth_signTypedData_v4`, for other wallets to sign.
    public var typedData: JSON {
        func members(_ pairs: [(String, String)]) -> JSON {
            .array(pairs.map { ["name": .string($0.0), "type": .string($0.1)] })
        }
        let transaction = [
            ("to", "address"), ("value", "uint256"), ("data", "bytes"), ("operation", "uint8"),
            ("safeTxGas", "uint256"), ("baseGas", "uint256"), ("gasPrice", "uint256"), ("gasToken", "address"),
            ("refundReceiver", "address"), ("nonce", "uint256"),
        ]
        return [
            "types": [
                "EIP712Domain": members([("chainId", "uint256"), ("verifyingContract", "address")]),
                "SafeTx": members(transaction),
            ],
            "primaryType": "SafeTx",
            "domain": ["chainId": .string(chainID.decimal), "verifyingContract": .string(safe.checksummed)],
            "message": [
                "to": .string(to.checksummed), "value": .string(value.decimal), "data": .string(Hex.encode(data)),
                "operation": .number(JSONNumber(operation.rawValue)), "safeTxGas": .string(safeTxGas.decimal),
                "baseGas": .string(baseGas.decimal), "gasPrice": .string(gasPrice.decimal),
                "gasToken": .string(gasToken.checksummed), "refundReceiver": .string(refundReceiver.checksummed),
                "nonce": .string(nonce.decimal),
            ],
        ]
    }
}
