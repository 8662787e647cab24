// SPDX-License-Identifier: Apache-2.0

public import EthRPC
public import EthTx

/// What the engine asks a chain.
///
/// Each call is one HTTP request to a JSON-RPC endpoint in the first implementation.
///
/// An implementation answers only from endpoints whose `eth_chainId` this process has compared with the
/// operation's chain.
public protocol Chain: Sendable {
    /// The endpoint that is asked first, without path or query: for people and records.
    var endpointName: String { get }

    /// Asks another endpoint first from now on, where there is one: what this one says does not fit the rest.
    func turnToAnotherEndpoint()

    /// The newest block.
    func head() async throws(ChainFault) -> ChainHead

    /// All that is to be known of contract and signer before anything is signed.
    func examine(_ query: Examination) async throws(ChainFault) -> Findings

    /// Sends signed bytes.
    func send(_ raw: [UInt8]) async throws(ChainFault) -> SendVerdict

    /// Where the attempts stand.
    func look(for query: Lookout) async throws(ChainFault) -> Sighting

    /// The transaction that spent a nonce: found in a block, or `nil` when no canonical block from `first` to `last`
    /// holds one.
    func spender(
        of nonce: UInt64, by signer: Address, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> SpentNonce?

    /// The newest transaction whose log says that a call happened, searched from `first` to `last`.
    func transaction(
        of call: ContractCall, from first: UInt64, through last: UInt64
    ) async throws(ChainFault) -> Receipt?

    /// The secp256k1 key that the contract of a KMS holds in `kmsInfo()` (`k256Pubkey`) at a block; `nil` when it holds
    /// none.
    func kmsPublicKey(of contract: Address, atBlock block: UInt64) async throws(ChainFault) -> [UInt8]?

    /// Why a call would revert at a block; `nil` when it would not.
    func revertReason(
        from sender: Address, to contract: Address, data: [UInt8], atBlock block: UInt64
    ) async throws(ChainFault) -> RevertReason?
}

/// Why a chain gave no answer that counts.
public enum ChainFault: Error, Sendable, Hashable {
    /// No endpoint answered in a usable way this time; the text names endpoints without their paths.
    case unavailable(String)
    /// Fewer endpoints agree on a fact than have to; the text says who said what, endpoints without their paths.
    case disagreement(String)
    /// An endpoint asks for a pause.
    case rateLimited(after: Duration?)
    /// An endpoint is of another chain.
    case wrongChain(expected: UInt64, found: UInt64, endpoint: String)
    /// What answers at the URL does not speak Ethereum JSON-RPC.
    case notAnEndpoint(String)
    /// The URL must not be used.
    case insecureURL(String)
}

/// The newest block of a chain.
public struct ChainHead: Sendable, Hashable {
    /// Its number.
    public let number: UInt64

    /// Wei per gas that the next block asks at least about; 0 before EIP-1559.
    public let baseFeePerGas: UInt256

    /// Names a head.
    public init(number: UInt64, baseFeePerGas: UInt256) {
        self.number = number
        self.baseFeePerGas = baseFeePerGas
    }
}

/// What to find out before signing.
public struct Examination: Sendable, Hashable {
    /// The call that is to be signed.
    public let call: ContractCall

    /// The KMS contract that must know the contract of the call, if one is named.
    public let kms: Address?

    /// Who is to sign; `nil` simulates the call from whoever may make it.
    public let signer: Address?

    /// What the contracts say when the call is in effect.
    public let effect: ContractFact

    /// The hash that the CVM runs.
    public let baseHash: Bytes32?

    /// The block at which facts count.
    public let depthBlock: UInt64

    /// Asks about a call; without another effect that of the call.
    init(
        call: ContractCall, effect: ContractFact? = nil, kms: Address?, signer: Address?, baseHash: Bytes32?,
        depthBlock: UInt64
    ) {
        self.call = call
        self.effect = effect ?? call.effect
        self.kms = kms
        self.signer = signer
        self.baseHash = baseHash
        self.depthBlock = depthBlock
    }
}

/// What was found out before signing.
public struct Findings: Sendable, Hashable {
    /// The newest block that who answered has; the depth block is deep only if it is by this one, too.
    public let head: ChainHead

    /// Whether there is code at the contract's address.
    public let hasCode: Bool

    /// Who may make the call; `nil` when the contract names nobody.
    public let owner: Address?

    /// Whether the call is in effect at the depth block.
    public let isInEffect: Bool

    /// Whether the hash that the CVM runs is allowed at the depth block.
    public let isBaseAllowed: Bool

    /// Whether the KMS contract knows the app; `nil` when no KMS contract was named.
    public let isRegistered: Bool?

    /// Why the exact call would revert; `nil` when it would succeed.
    public let simulationRevert: RevertReason?

    /// Gas that the call takes by the endpoint's word; `nil` when it gave none.
    public let gasEstimate: UInt64?

    /// A tip that the endpoint suggests, in wei per gas.
    public let suggestedTip: UInt256

    /// The L1 data fee of such a transaction, in wei; 0 where the chain has none.
    public let l1Fee: UInt256

    /// The signer's side; `nil` without a signer.
    public internal(set) var account: AccountState?

    /// States findings.
    public init(
        head: ChainHead, hasCode: Bool, owner: Address?, isInEffect: Bool, isBaseAllowed: Bool, isRegistered: Bool?,
        simulationRevert: RevertReason?, gasEstimate: UInt64?, suggestedTip: UInt256, l1Fee: UInt256,
        account: AccountState?
    ) {
        self.head = head
        self.hasCode = hasCode
        self.owner = owner
        self.isInEffect = isInEffect
        self.isBaseAllowed = isBaseAllowed
        self.isRegistered = isRegistered
        self.simulationRevert = simulationRevert
        self.gasEstimate = gasEstimate
        self.suggestedTip = suggestedTip
        self.l1Fee = l1Fee
        self.account = account
    }
}

/// A signer's account.
public struct AccountState: Sendable, Hashable {
    /// Transactions up to the depth block.
    public let countAtDepth: UInt64

    /// Transactions up to the head.
    public private(set) var countAtHead: UInt64

    /// Transactions including the pool's.
    public let countPending: UInt64

    /// Wei at the head.
    public let balance: UInt256

    /// Describes an account.
    public init(countAtDepth: UInt64, countAtHead: UInt64, countPending: UInt64, balance: UInt256) {
        self.countAtDepth = countAtDepth
        self.countAtHead = countAtHead
        self.countPending = countPending
        self.balance = balance
    }

    /// The head has moved since; what is up to the head is never less than what is at depth.
    mutating func note(countAtHead count: UInt64) {
        countAtHead = max(count, countAtDepth)
    }
}

/// What to look for after signing.
public struct Lookout: Sendable, Hashable {
    /// The attempts' hashes.
    public let hashes: [TransactionHash]

    /// Whose nonce is watched.
    public let signer: Address?

    /// What is asked of contracts, if their state matters now.
    public let question: Question?

    /// Blocks whose hashes on the canonical chain are wanted.
    public let blocks: [UInt64]

    /// Whether something is true at a block.
    public struct Question: Sendable, Hashable {
        /// What may be true.
        public let fact: ContractFact

        /// The block; `nil` is the newest.
        public let block: UInt64?
    }
}

/// What was seen after signing.
public struct Sighting: Sendable, Hashable {
    /// The newest block.
    public let head: ChainHead

    /// The receipts that exist.
    public let receipts: [TransactionHash: Receipt]

    /// The attempts that the endpoint knows, mined or in its pool.
    public let known: Set<TransactionHash>

    /// The signer's count at the head; `nil` when no signer was asked for.
    public let countAtHead: UInt64?

    /// Hashes of the blocks that were asked for, where they exist.
    public let blockHashes: [UInt64: BlockHash]

    /// Whether what was asked of the contracts is true; `nil` when nothing was asked.
    public let isInEffect: Bool?

    /// States what was seen.
    public init(
        head: ChainHead, receipts: [TransactionHash: Receipt], known: Set<TransactionHash>, countAtHead: UInt64?,
        blockHashes: [UInt64: BlockHash], isInEffect: Bool?
    ) {
        self.head = head
        self.receipts = receipts
        self.known = known
        self.countAtHead = countAtHead
        self.blockHashes = blockHashes
        self.isInEffect = isInEffect
    }
}

/// A canonical transaction that spent a nonce.
public struct SpentNonce: Sendable, Hashable {
    /// Its hash.
    public let hash: TransactionHash

    /// Its block.
    public let blockNumber: UInt64

    /// The hash of that block, 32 bytes.
    public let blockHash: BlockHash

    /// Names a transaction and its block.
    public init(hash: TransactionHash, blockNumber: UInt64, blockHash: BlockHash) {
        self.hash = hash
        self.blockNumber = blockNumber
        self.blockHash = blockHash
    }

    /// Whether one answer shows the block at depth and canonical: the endpoint that named the block may have been on a
    /// branch that is gone, where it never was that deep.
    func isDeep(in seen: Sighting, _ limits: Limits) -> Bool {
        seen.blockHashes[blockNumber] == blockHash && limits.isDeep(blockNumber, head: seen.head.number)
    }

    /// From where a nonce's spender is searched, one after the other: since the signature; then further back, for a
    /// nonce that was spent before it was signed, because an endpoint gave too small a count.
    ///
    /// Nodes keep the state of their last 128 blocks at least.
    static func searchStarts(signedAt: UInt64, through last: UInt64) -> [UInt64] {
        let first = min(signedAt, last)
        let recent = first - min(first, 100)
        return recent == first ? [first] : recent == 0 ? [first, 0] : [first, recent, 0]
    }
}

/// Gives the chain of an operation; a library's user brings endpoints of its own.
public protocol ChainProvider: Sendable {
    /// The chain with an id, reached by the operator's endpoints or else by the one that the cloud names.
    func chain(id: UInt64, named endpoint: String?) throws(Failure) -> any Chain
}
