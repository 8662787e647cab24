// SPDX-License-Identifier: Apache-2.0

// Calls a function of a contract by a transaction, waits for its receipt, and reads the contract back.
// The function is addComposeHash(bytes32) of a DstackApp contract, which only the contract's owner may call.
// Usage: CallContract RPC_URL CHAIN_ID KEY_FILE CONTRACT COMPOSE_HASH

import EthRPC
import EthTx
import Glibc
import HTTPTransport

let arguments = CommandLine.arguments
guard arguments.count == 6, let chainID = UInt64(arguments[2]) else {
    print("usage: CallContract RPC_URL CHAIN_ID KEY_FILE CONTRACT COMPOSE_HASH")
    exit(64)
}

do {
    let contract = try Address(hex: arguments[4])
    let composeHash = try Bytes32(hex: arguments[5])
    let signer = LocalSigner(try KeyFile.load(arguments[3], passphrase: nil))

    // Several URLs would stand in for each other. None of their answers counts before the chain id was compared.
    let node = FailoverNode(urls: [try EndpointURL(arguments[1])], chainID: chainID, transport: CurlTransport())

    // A function by its signature, and its call data: four bytes of selector, then the arguments.
    let addComposeHash = try ABIFunction("addComposeHash(bytes32)")
    let data = try addComposeHash.encodeCall([.bytes32(composeHash)])
    let call = CallMessage(from: signer.address, to: contract, data: data)

    // All that must be known beforehand, in one HTTP request. Each answer is a Result of its own: the request as a
    // whole can fail (that throws), and each question can (a revert shows here, before anything is paid for).
    let (nonce, fees, tip, gas) = try await node.batch(
        RPCCall<UInt64>.transactionCount(signer.address, at: .pending),
        RPCCall<FeeHistory>.feeHistory(blocks: 1, percentiles: []),
        RPCCall<UInt256>.maxPriorityFeePerGas,
        RPCCall<UInt64>.estimateGas(call))
    let baseFee = try fees.get().nextBaseFeePerGas
    let gasLimit = try gas.get()

    // Twice the base fee lasts for six full blocks; a tenth more gas than estimated leaves room for a changed state.
    guard let maxFee = baseFee.multiplied(by: 2)?.adding(try tip.get()) else {
        print("the endpoint names fees that cannot be")
        exit(69)
    }
    let transaction = Transaction.eip1559(
        EIP1559Transaction(
            chainID: UInt256(chainID), nonce: try nonce.get(), maxPriorityFeePerGas: try tip.get(),
            maxFeePerGas: maxFee, gasLimit: gasLimit + gasLimit / 10, to: contract, data: data))
    let signed = try await signer.sign(transaction)
    print("hash \(signed.hash)")

    // The same bytes may be sent again at any time: they can take effect only once.
    let verdict = SendVerdict(try await node.call(.sendRawTransaction(signed.raw)))
    guard verdict.isTaken else {
        print("not sent: \(verdict)")
        exit(69)
    }

    // "Not mined yet" is nil, not an error. What is looked for is bounded; the hash above finds it later, too.
    var receipt: Receipt?
    for _ in 0..<100 where receipt == nil {
        try await Task.sleep(for: .milliseconds(200))
        receipt = try await node.call(.transactionReceipt(signed.hash)).get()
    }
    guard let receipt else {
        print("not mined yet")
        exit(75)
    }
    guard receipt.isSuccess else {
        print("reverted in block \(receipt.blockNumber)")
        exit(69)
    }
    print("mined in block \(receipt.blockNumber) for \(receipt.gasUsed) gas")

    // What the contract logged, decoded by the event's signature.
    let added = try ABIEvent("ComposeHashAdded(bytes32)")
    for log in receipt.logs where log.address == contract {
        if let values = try added.decode(topics: log.topics, data: log.data), let hash = values.first?.bytes {
            print("logged \(added.name) \(Hex.encode(hash))")
        }
    }

    // A read costs nothing and needs no key.
    let allowed = try ABIFunction("allowedComposeHashes(bytes32)", returns: "(bool)")
    let answer = try await node.call(.call(to: contract, data: try allowed.encodeCall([.bytes32(composeHash)])))
    let isAllowed = try allowed.decodeReturn(try answer.get()).first?.bool ?? false
    print("allowed \(isAllowed)")
} catch let error as RPCCallError {
    // The node answered with an error. What a contract reverted with, it says itself.
    print("refused: \(error)")
    if let data = error.nodeError?.revertData { print("reason: \(RevertReason(data: data))") }
    exit(69)
} catch {
    print("failed: \(error)")
    exit(65)
}
