// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Single transactions.
struct TxCommand: SubcommandHolder {
    static let configuration = CommandConfiguration(
        commandName: "tx", abstract: "Build, sign, send and read single transactions.",
        subcommands: [
            TxCalldataCommand.self, TxSignCommand.self, TxSendCommand.self, TxDecodeCommand.self, TxReceiptCommand.self,
        ])
}
