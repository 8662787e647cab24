// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// What the machine of a CVM has.
public struct MachineInfo: CloudSchema, Hashable {
    /// Virtual CPUs.
    public let vcpu: JSONNumber
    /// Memory in MB.
    public let memory: JSONNumber
    /// Disk in GB.
    public let diskSize: JSONNumber
    /// GPUs; 0 when there is none.
    public let gpuCount: JSONNumber

    /// Reads the object.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        _ = try cursor.object()
        vcpu = try cursor["vcpu"].required()
        memory = try cursor["memory"].required()
        diskSize = try cursor["disk_size"].required()
        gpuCount = try cursor["gpu_count"].required()
    }
}
