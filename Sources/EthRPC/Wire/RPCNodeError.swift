// SPDX-License-Identifier: Apache-2.0

internal import EthTx
public import StrictJSON

/// An error in the words of a node (JSON-RPC 2.0, section 5.1).
public struct RPCNodeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The code.
    public let code: Int

    /// The message: at most 500 characters, control characters replaced.
    public let message: String

    /// More about it, as it came.
    public let data: JSON?

    /// Describes an error; the message is shortened and cleaned.
    public init(code: Int, message: String, data: JSON? = nil) {
        self.code = code
        self.message = RPCText.printable(message, limit: 500)
        self.data = data
    }

    /// Code and message.
    public var description: String { "\(message) (code \(code))" }
}

extension RPCNodeError {
    /// Whether a contract reverted, as opposed to the node failing.
    public var isRevert: Bool {
        if code == 3 { return true }
        let text = message.lowercased()
        return text.hasPrefix("execution reverted") || text.hasPrefix("vm execution error")
            || text.hasPrefix("reverted") || text.hasPrefix("vm exception while processing transaction: revert")
            || text == "revert"
    }

    /// The bytes that a contract reverted with, where the node tells them.
    ///
    /// Read are the hex text itself (geth, reth, erigon, besu), text with a word before it (`Reverted 0x…`), and an
    /// object that holds it as `data` (development chains).
    public var revertData: [UInt8]? {
        switch data {
        case .string(let text)?: RPCNodeError.hex(in: text)
        case .object(let object)?: object["data"]?.string.flatMap(RPCNodeError.hex)
        case .null?, .bool?, .number?, .array?, nil: nil
        }
    }

    /// Whether the endpoint asks to slow down.
    public var isRateLimit: Bool {
        if code == 429 { return true }
        let text = message.lowercased()
        let words = [
            "rate limit", "too many requests", "request limit", "requests per second", "compute units",
            "throughput", "daily limit", "quota", "throttle",
        ]
        return words.contains { text.contains($0) }
    }
}

extension RPCNodeError {
    /// The bytes of the hex text that begins with the first `0x` and reaches to the end.
    private static func hex(in text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 1 << 20,
            let start = bytes.indices.dropLast().first(where: { bytes[$0] == 0x30 && bytes[$0 + 1] == 0x78 })
        else { return nil }
        do {
            return try Hex.decode(String(decoding: bytes[start...], as: UTF8.self))
        } catch {
            return nil
        }
    }
}
