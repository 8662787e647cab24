// SPDX-License-Identifier: Apache-2.0

extension SendVerdict {
    /// What a node's error about a broadcast transaction means.
    ///
    /// Compared are the letters and digits alone, in lower case, so that `InsufficientFunds` and `insufficient
    /// funds` are one. The first line of the table that fits decides.
    public static func reading(_ error: RPCNodeError) -> SendVerdict {
        let words = String(
            error.message.unicodeScalars.filter { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
                .map(Character.init)
        ).lowercased()
        for line in table where line.isPrefix ? words.hasPrefix(line.words) : words.contains(line.words) {
            return line.verdict
        }
        return .rejected(error.message)
    }

    private struct Line {
        let words: String
        let verdict: SendVerdict
        let isPrefix: Bool

        init(_ words: String, _ verdict: SendVerdict, isPrefix: Bool = false) {
            self.words = words
            self.verdict = verdict
            self.isPrefix = isPrefix
        }
    }

    /// Words of geth (also op-geth), reth, erigon, nethermind and besu; the comment names who says it alone.
    private static let table: [Line] = [
        Line("alreadyknown", .alreadyKnown),
        Line("knowntransaction", .alreadyKnown, isPrefix: true),  // besu; geth until 2019
        Line("alreadyimported", .alreadyKnown),
        Line("existingtxwithsamehash", .alreadyKnown),  // erigon
        Line("existingtxnwithsamehash", .alreadyKnown),  // erigon
        Line("mined", .alreadyKnown, isPrefix: true),  // erigon

        Line("noncetoolow", .nonceTooLow),
        Line("oldnonce", .nonceTooLow, isPrefix: true),  // nethermind
        Line("nonceistoolow", .nonceTooLow),

        Line("noncetoohigh", .nonceTooHigh),
        Line("noncegap", .nonceTooHigh, isPrefix: true),  // nethermind
        Line("noncetoofarinfuture", .nonceTooHigh),  // nethermind
        Line("noncetoodistant", .nonceTooHigh),
        Line("nonceistoodistant", .nonceTooHigh),  // besu
        Line("gappednonce", .nonceTooHigh),  // geth, delegated accounts
        Line("invalidtransactionwithalowernonceexists", .nonceTooHigh),  // besu

        Line("replacementtransactionunderpriced", .replacementUnderpriced),
        Line("replacementnotallowed", .replacementUnderpriced, isPrefix: true),  // nethermind
        Line("couldnotreplaceexistingtx", .replacementUnderpriced),  // erigon
        Line("futuretransactiontriestoreplacepending", .replacementUnderpriced),  // geth
        Line("higherminfeeneededtoreplace", .replacementUnderpriced),
        Line("insufficientgaspricetoreplace", .replacementUnderpriced),  // reth's pool
        Line("replacedbytransactionwithhighertip", .replacementUnderpriced),  // erigon

        Line("maxfeepergaslessthanblockbasefee", .feeCapBelowBaseFee),
        Line("feecaplessthanblockbasefee", .feeCapBelowBaseFee),  // erigon
        Line("gaspricebelowcurrentbasefee", .feeCapBelowBaseFee),  // besu
        Line("maxfeepergastoolow", .feeCapBelowBaseFee),

        Line("upfrontcostexceedsaccountbalance", .insufficientFunds),  // besu
        Line("insufficientfunds", .insufficientFunds),
        Line("insufficientbalance", .insufficientFunds),
        Line("overdrawsfromaccount", .insufficientFunds),  // reth's pool

        Line("exceedstheconfiguredcap", .feeAboveNodeCap),
        Line("transactionfeecapexceeded", .feeAboveNodeCap),  // besu

        Line("intrinsicgastoohigh", .gasLimitTooHigh),  // reth: above what a block holds
        Line("intrinsicgastoolow", .intrinsicGas),
        Line("intrinsicgasexceedsgaslimit", .intrinsicGas),  // besu
        Line("intrinsicgas", .intrinsicGas, isPrefix: true),  // erigon
        Line("insufficientgasforfloordatagascost", .intrinsicGas),
        Line("floordatagas", .intrinsicGas),

        Line("exceedsblockgaslimit", .gasLimitTooHigh),
        Line("gaslimitexceeded", .gasLimitTooHigh, isPrefix: true),  // nethermind
        Line("gaslimitreached", .gasLimitTooHigh),
        Line("gaslimittoohigh", .gasLimitTooHigh),
        Line("gaslimitistoohigh", .gasLimitTooHigh),
        Line("transactiongaslimittoohigh", .gasLimitTooHigh),
        Line("exceedsmaxtransactiongaslimit", .gasLimitTooHigh),  // reth
        Line("transactiongaslimitcapexceeded", .gasLimitTooHigh),  // besu

        Line("subpoolisfull", .poolFull),  // erigon
        Line("txpoolisfull", .poolFull),
        Line("transactionpoolisfull", .poolFull),
        Line("accountlimitexceeded", .poolFull),  // geth
        Line("inflighttransactionlimitreached", .poolFull),  // geth, delegated accounts
        Line("spammer", .poolFull, isPrefix: true),  // erigon
        Line("identifiedasaspammer", .poolFull),  // reth's pool
        Line("poolsizeconstraints", .poolFull),  // reth's pool
        Line("feetoolowtocompete", .poolFull, isPrefix: true),  // nethermind: its pool is full of dearer ones

        Line("underpriced", .underpriced),
        Line("feetoolow", .underpriced, isPrefix: true),  // erigon, nethermind
        Line("gaspricebelowminimum", .underpriced),  // geth
        Line("gaspricebelowconfiguredminimum", .underpriced),  // besu
        Line("gaspricetoolow", .underpriced),
        Line("gastipcapbelowminimum", .underpriced),
        Line("priorityfeebelowminimum", .underpriced),  // reth
        Line("belowchainminimum", .underpriced),  // reth's pool

        Line("invalidchainid", .wrongChain),
        Line("invalidtxchainid", .wrongChain),  // nethermind
        Line("wrongchainid", .wrongChain),  // besu
        Line("chainidmismatch", .wrongChain),
        Line("chainiddoesnotmatch", .wrongChain),
        Line("invalidsender", .wrongChain, isPrefix: true),
    ]
}
