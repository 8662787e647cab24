// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

/// A CVM in the plain list (`GET /cvms`), in either of the two forms that the service has.
public enum CvmListEntry: CloudSchema, Hashable {
    /// With the machine that hosts it.
    case hosted(HostedCvm)

    /// As the pages of version 2026-01-21 show it.
    case info(CvmInfoV20260121)

    /// Reads either; only the first has a member `hosted`.
    public init(decoding cursor: JSONCursor) throws(JSONShapeError) {
        self =
            cursor["hosted"].isAbsent && !cursor["resource"].isAbsent
            ? .info(try CvmInfoV20260121(decoding: cursor)) : .hosted(try HostedCvm(decoding: cursor))
    }
}
