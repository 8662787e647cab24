// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// The GPUs of a CVM as a PATCH sets them, in either of the two forms that the service accepts.
public enum GpuPatch: Sendable, Hashable {
    /// The form of the wire: each device by its slot, or all of them.
    case devices([GpuSpec], attachMode: GpuAttachMode?)

    /// The form of the SDK: how many, and of which product.
    case count(Int, productName: String?)
}

/// Which GPUs of the node are attached.
public enum GpuAttachMode: String, Sendable, Hashable, CaseIterable {
    /// Those that are listed.
    case listed

    /// All.
    case all
}

/// One GPU of a node.
public struct GpuSpec: Sendable, Hashable {
    /// The slot on the node's bus.
    public let slot: String

    /// The product, where it matters.
    public let productID: String?

    /// Names a GPU.
    public init(slot: String, productID: String? = nil) {
        self.slot = slot
        self.productID = productID
    }
}

extension GpuPatch: CloudSchema {
    /// Reads either form; a field of neither is refused, and so is a mixture.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        if cursor["count"].isAbsent {
            try cursor.refuseMembers(otherThan: ["gpus", "attach_mode"])
            self = .devices(try cursor["gpus"].required(), attachMode: try cursor["attach_mode"].optional())
        } else {
            try cursor.refuseMembers(otherThan: ["count", "product_name"])
            let count: Int = try cursor["count"].required()
            guard count >= 0 else { throw cursor["count"].mismatch("0 or more") }
            self = .count(count, productName: try cursor["product_name"].optional())
        }
    }

    /// The value on the wire, members in the order of the API document.
    public var json: JSON {
        var object = JSONObject()
        switch self {
        case .devices(let devices, let attachMode):
            object["gpus"] = .array(devices.map(\.json))
            if let attachMode { object["attach_mode"] = .string(attachMode.rawValue) }
        case .count(let count, let productName):
            object["count"] = .number(JSONNumber(count))
            if let productName { object["product_name"] = .string(productName) }
        }
        return .object(object)
    }
}

extension GpuAttachMode: CloudSchema {
    /// Reads one of the two words.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        guard let mode = GpuAttachMode(rawValue: try cursor.string()) else {
            throw cursor.mismatch("\"listed\" or \"all\"")
        }
        self = mode
    }
}

extension GpuSpec: CloudSchema {
    /// Reads `slot` and, if it is there, `product_id`; anything else is refused.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        try cursor.refuseMembers(otherThan: ["slot", "product_id"])
        slot = try cursor["slot"].required()
        productID = try cursor["product_id"].optional()
    }

    /// The value on the wire.
    var json: JSON {
        var object = JSONObject()
        object["slot"] = .string(slot)
        if let productID { object["product_id"] = .string(productID) }
        return .object(object)
    }
}

extension JSONCursor {
    /// Throws unless this is an object with no other members than these.
    func refuseMembers(otherThan known: [String]) throws(JSONShapeError) {
        for key in try object().keys where !known.contains(key) {
            throw self[key].mismatch("no field of this name")
        }
    }
}
