// SPDX-License-Identifier: Apache-2.0

public import EthTx

extension HashRequirement {
    /// States a demand as the service would make it: for stand-ins of the service.
    public init(hash: ComposeHash, app: Address, commitToken: String? = nil) {
        composeHash = hash.hex
        self.hash = hash
        appID = app.hex
        deviceID = nil
        kmsInfo = nil
        self.commitToken = commitToken
        commitURL = nil
        apiCommitURL = nil
        onchainStatus = nil
        message = ""
        errorCode = nil
    }
}
