// SPDX-License-Identifier: Apache-2.0

import SelfTest
import StrictJSON

extension Mutation {
    /// Whether another digit at this place must show in the case itself.
    ///
    /// It cannot where the case only says that something is refused: other bad input is refused as well. Nor can it in
    /// what the operation leaves out: the arguments of an unknown error, the end of a long derived key, members that are dropped before hashing, members of
    /// a keystore that mean nothing, the width of a type whose values fit the other width too.
    static func shows(at place: JSONPlace, in vector: JSON, kind: String) -> Bool {
        switch kind {
        case "rlp_invalid":
            return false
        case "tx_invalid":
            return vector["sender"] != nil && place.field != "published"
        case "keystore_v3":
            return vector["error"] == nil && isUsed(place, inKeystoreOf: vector)
        case "ecdsa_recover":
            return vector["valid"] != false && vector["pubkey"] != .null
        case "address_eip55":
            // Another address may by chance have its few letters in the right case.
            return vector["op"] != "parse"
        case "abi":
            let isRefused = vector["values"] == .null || vector["kind"] == "malformed"
            // Bytes behind the returned values mean nothing.
            let isOpen = vector["kind"] == "unknown" || (vector["op"] == "return" && place.field == "data")
            return !isRefused && !isOpen && place.field != "types"
        case "compose_hash":
            let dropped: Set<JSONPlace.Step> = [
                .key("docker_compose_file"), .key("bash_script"), .key("pre_launch_script"),
            ]
            return place.steps.count < 2 || vector["normalize"] == false || !dropped.contains(place.steps[1])
        case "x25519_aesgcm":
            // Some bits of keys mean nothing (RFC 7748, section 5), and the input of env_decrypt begins with one; an
            // unknown operation is unsupported.
            let keys: Set<String> = ["private", "public", "recipient_private", "ephemeral_private", "input", "op"]
            return vector["valid"] != false && vector["plaintext"] != .null && !keys.contains(place.field)
        case "env_pubkey_signature":
            if vector["message"] == .null || ["now", "variant"].contains(place.field) { return false }
            return vector["signer"] != .null || ["message", "digest", "public_key"].contains(place.field)
        default:
            return true
        }
    }

    private static func isUsed(_ place: JSONPlace, inKeystoreOf vector: JSON) -> Bool {
        guard place.field == "keystore", place.steps.count > 1 else { return true }
        if place.steps.last == .key("dklen") { return false }
        let known: Set<JSONPlace.Step> = [.key("version"), .key("address"), .key("crypto"), .key("Crypto")]
        return known.contains(place.steps[1])
    }

    /// A vector file with just these cases.
    static func file(_ kind: String, holding cases: [JSON]) -> VectorFile {
        let root: JSON = ["kind": .string(kind), "cases": .array(cases)]
        return VectorFile(name: kind, bytes: Array(root.text.utf8))
    }
}
