// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A port of the node that leads to a port of the virtual machine.
public struct PortMapping: CloudSchema, Hashable {
    /// `tcp` or `udp`; an open list.
    public let `protocol`: String
    /// The port of the node.
    public let hostPort: Int
    /// The port of the virtual machine.
    public let vmPort: Int
    /// The address of the node that the port is open on.
    public let hostAddress: String?

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        self.protocol = try cursor["protocol"].required()
        hostPort = try cursor["host_port"].required()
        vmPort = try cursor["vm_port"].required()
        hostAddress = try cursor["host_address"].optional()
    }
}
