// SPDX-License-Identifier: Apache-2.0

import PhalaCloud

/// The way of an operation from one store to another.
extension Operation {
    /// So often an operation can move.
    static let hopLimit = 10_000

    /// It goes on elsewhere.
    mutating func leave() {
        hop += 1
        failure = Failure(
            .finalConflict,
            "Operation \(id) was exported. It goes on where its file is imported; nothing was done here.",
            hint: "If the file is lost, 'countersign export \(id)' writes it again. An operation that was exported "
                + "elsewhere can be imported here again.")
        phase = .moved
    }

    /// It goes on here again, with the preparation that is valid now.
    ///
    /// One that comes back without its token does not take away the token that stayed here, nor what came with it.
    mutating func comeBack(_ hop: Int, _ preparation: Preparation?, isTokenWithheld: Bool) {
        self.hop = hop
        let keepsOurs = isTokenWithheld && !self.isTokenWithheld && self.preparation?.commitToken != nil
        if let preparation, !keepsOurs { self.preparation = preparation }
        self.isTokenWithheld = isTokenWithheld && !keepsOurs
        failure = nil
        phase = .awaitingApproval
    }

    /// It has its commit token from now on.
    mutating func take(token: String) {
        preparation = preparation?.with(token: token)
        isTokenWithheld = false
    }

    /// The operation as it goes on elsewhere; `nil` unless it is on its way.
    var underway: Operation? {
        guard phase == .moved else { return nil }
        var next = self
        next.phase = .awaitingApproval
        next.failure = nil
        next.revision = 0
        return next
    }
}

extension Preparation {
    /// The same preparation with another credential, or none.
    func with(token: String?) -> Preparation {
        Preparation(
            composeHash: composeHash, spelledHash: spelledHash, app: app, deviceID: deviceID, chainID: chainID,
            kms: kms,
            commitToken: token, commitURL: token == nil ? nil : commitURL, onchainStatus: onchainStatus)
    }
}
