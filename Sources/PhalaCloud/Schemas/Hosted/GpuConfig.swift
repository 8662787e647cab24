// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The GPUs of a virtual machine.
public struct GpuConfig: CloudSchema, Hashable {
    /// The GPUs.
    public let gpus: [Device]
    /// Which GPUs of the node are attached; those that are listed when it is not said.
    public let attachMode: AttachMode

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        gpus = try cursor["gpus"].required()
        attachMode = try cursor["attach_mode"].ifPresent() ?? .listed
    }

    /// One GPU of a node.
    public struct Device: CloudSchema, Hashable {
        /// The slot on the bus of the node.
        public let slot: String
        /// The product.
        public let productID: String?

        /// Reads the object.
        public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
            _ = try cursor.object()
            slot = try cursor["slot"].required()
            productID = try cursor["product_id"].optional()
        }
    }

    /// Which GPUs of the node are attached.
    public enum AttachMode: OpenWord {
        /// Those that are listed.
        case listed
        /// All.
        case all
        /// A way that this version does not know.
        case other(String)

        /// The word as the service spells it.
        public var word: String {
            switch self {
            case .listed: "listed"
            case .all: "all"
            case .other(let word): word
            }
        }

        /// Recognises a word.
        public init(word: String) {
            switch word {
            case "listed": self = .listed
            case "all": self = .all
            case let word: self = .other(word)
            }
        }
    }
}
