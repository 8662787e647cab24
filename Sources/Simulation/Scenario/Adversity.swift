// SPDX-License-Identifier: Apache-2.0

/// What goes wrong in a run, and how often; in thousandths unless said otherwise.
///
/// Each run has only some kinds of trouble, so that each kind is also met alone and unhidden by the rest.
struct Adversity {
    // The network, per request.
    var refused = 0
    var lost = 0
    var answerLost = 0
    var late = 0
    var duplicated = 0
    /// The longest ordinary delay of a message, in microseconds.
    var delay = 20_000
    /// Messages that take up to seconds.
    var slow = 0

    // Processes, per call.
    var crash = 0
    var pause = 0
    var storeFault = 0

    // The chain.
    /// Per block.
    var reorganisation = 0
    var eviction = 0
    var passedOver = 0
    var feeRise = 0
    var blockRoom = 8
    /// Per answer to a transaction.
    var refusedSend = 0
    /// Per request, an endpoint that shows an old state.
    var lag = 0
    var lyingFees = 0
    /// Uses of a signer's key from elsewhere, in the whole run.
    var outsiders = 0
    /// The outsider also takes hashes away or gives the contract to somebody else.
    var hostileOutsider = false

    // The cloud, per request or, for the last four, in the whole run.
    var unverified = 0
    var busy = 0
    var serverFault = 0
    var falseRefusal = 0
    var appliedAtOnce = 0
    var failedRestart = 0
    var otherHash = 0
    var foreignUpdates = 0
    var foreignPrepares = 0

    /// No trouble at all.
    static let none = Adversity()

    /// What a run meets.
    static func drawn(_ draw: inout Draw) -> Adversity {
        var trouble = Adversity()
        guard !draw.chance(30) else { return trouble }
        func sometimes(_ draw: inout Draw, _ likelihood: Int, _ most: Int) -> Int {
            draw.chance(likelihood) ? 1 + draw.below(most) : 0
        }
        trouble.refused = sometimes(&draw, 250, 150)
        trouble.lost = sometimes(&draw, 350, 120)
        trouble.answerLost = sometimes(&draw, 450, 200)
        trouble.late = sometimes(&draw, 300, 80)
        trouble.duplicated = sometimes(&draw, 350, 150)
        trouble.slow = sometimes(&draw, 300, 100)
        trouble.delay = draw.pick([2000, 20_000, 80_000, 400_000])
        trouble.crash = sometimes(&draw, 600, 25)
        trouble.pause = sometimes(&draw, 250, 12)
        trouble.storeFault = sometimes(&draw, 120, 12)
        trouble.reorganisation = sometimes(&draw, 450, 250)
        trouble.eviction = sometimes(&draw, 300, 200)
        trouble.passedOver = sometimes(&draw, 400, 900)
        trouble.feeRise = sometimes(&draw, 350, 500)
        trouble.blockRoom = draw.pick([1, 2, 8, 8])
        trouble.refusedSend = sometimes(&draw, 250, 150)
        trouble.lag = sometimes(&draw, 400, 300)
        trouble.lyingFees = sometimes(&draw, 150, 300)
        trouble.outsiders = sometimes(&draw, 350, 4)
        trouble.hostileOutsider = draw.chance(300)
        trouble.unverified = sometimes(&draw, 350, 500)
        trouble.busy = sometimes(&draw, 250, 250)
        trouble.serverFault = sometimes(&draw, 300, 150)
        trouble.falseRefusal = sometimes(&draw, 150, 250)
        trouble.appliedAtOnce = sometimes(&draw, 150, 300)
        trouble.failedRestart = sometimes(&draw, 100, 500)
        trouble.otherHash = sometimes(&draw, 60, 500)
        trouble.foreignUpdates = sometimes(&draw, 200, 2)
        trouble.foreignPrepares = sometimes(&draw, 300, 3)
        return trouble
    }
}
