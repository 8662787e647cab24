// SPDX-License-Identifier: Apache-2.0

import EthTx
import PhalaCloud

/// Before a compose hash is withdrawn: whether something still needs it.
extension OperationRun {
    /// Refuses to withdraw a hash that a CVM of the app has, or that an unfinished operation of this store is about,
    /// unless the operator named the hash a second time.
    ///
    /// A CVM that does not run counts, too, since it could not boot again; and so does one whose hash is not told.
    mutating func refuseHashInUse() async throws(Failure) {
        guard case .app(let app, .removeComposeHash(let hash))? = operation.call,
            operation.intent.acceptedHash?.bytes32 != hash
        else { return }
        let cvms = try await ask { cloud throws(CloudError) in try await cloud.cvms(of: app) }
        var uses = cvms.compactMap { cvm -> String? in
            let name = PrintableText.cleaned(cvm.name ?? cvm.target.cvmID, limit: 60)
            let status = PrintableText.cleaned(cvm.status, limit: 30)
            guard let present = cvm.target.baseHash else {
                return "CVM \(name) (\(status)) may have it: its hash is not told"
            }
            return present.bytes32 == hash ? "CVM \(name) (\(status)) has it" : nil
        }
        let others: [Operation]
        do {
            others = try await engine.store.operations(unfinishedOnly: true)
        } catch {
            throw error.failure
        }
        for other in others where other.id != operation.id {
            guard let preparation = other.preparation, preparation.app == app, preparation.composeHash.bytes32 == hash
            else { continue }
            uses.append("operation \(other.id) is about to bring it")
        }
        guard uses.isEmpty else { throw .hashInUse(hash, by: app, uses) }
    }
}

extension Failure {
    fileprivate static func hashInUse(_ hash: Bytes32, by app: Address, _ uses: [String]) -> Failure {
        Failure(
            .hashInUse,
            "The compose hash \(hash) of \(app.checksummed) is in use: \(uses.joined(separator: "; ")). Without it the app "
                + "cannot boot. Nothing was signed.",
            hint: "Update the CVMs first. To withdraw it all the same, type it again: --force \(hash)")
    }
}
