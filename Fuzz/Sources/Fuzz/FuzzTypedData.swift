// SPDX-License-Identifier: Apache-2.0

import EthTx
import StrictJSON

/// The hashes depend on what the text says and not on how it is spelled, and nothing unsigned is accepted.
func fuzzTypedData(_ input: [UInt8]) {
    guard let json = try? JSON(parsing: input) else {
        require((try? TypedData(parsing: input)) == nil, "no JSON was accepted")
        return
    }
    guard let data = try? TypedData(parsing: input) else { return }
    require((try? TypedData(json)) == data, "text and value differ")
    require((try? TypedData(json.sortedByKey())) == data, "the order of members matters")
    require((try? TypedData(parsing: Array(json.indentedText(by: 2).utf8))) == data, "white space matters")
    require(data.encodedType.hasPrefix(data.primaryType + "("), "the encoded type")
    require(
        data.digest
            == EIP191.structuredData(domainSeparator: data.domainSeparator, structHash: data.structHash), "the digest")
    // A member that no type has would not be signed.
    guard var root = json.object else { return }
    for part in ["message", "domain"] {
        guard var object = root[part]?.object else { continue }
        object["\u{1}"] = .null
        let kept = root[part]
        root[part] = .object(object)
        require((try? TypedData(.object(root))) == nil, "a member of \(part) is not signed")
        root[part] = kept
    }
}
