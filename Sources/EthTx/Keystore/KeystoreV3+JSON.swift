// SPDX-License-Identifier: Apache-2.0

public import StrictJSON

extension KeystoreV3 {
    /// Reads the JSON text of a keystore file.
    public init(parsing text: [UInt8]) throws(KeystoreError) {
        let json: JSON
        do {
            json = try JSON(parsing: text, limits: JSONLimits(bytes: 64 * 1024, depth: 16))
        } catch {
            throw .notJSON(error)
        }
        try self.init(json)
    }

    /// Reads the object of a keystore file; members that the format does not know are ignored.
    public init(_ json: JSON) throws(KeystoreError) {
        let root = JSONCursor(json)
        let version = root["version"]
        guard version.value?.number?.exactly(Int.self) == 3 else {
            throw .unsupportedVersion(KeystoreV3.shortened(version.value?.text ?? "(none)"))
        }
        let crypto = root["Crypto"].isAbsent ? root["crypto"] : root["Crypto"]
        try KeystoreV3.requireObject(crypto)
        let cipher = try KeystoreV3.string(crypto["cipher"])
        guard cipher.utf8.elementsEqual("aes-128-ctr".utf8) else {
            throw .unsupportedCipher(KeystoreV3.shortened(cipher))
        }
        let parameters = crypto["kdfparams"]
        try KeystoreV3.requireObject(parameters)
        let derivation = try KeystoreV3.derivation(try KeystoreV3.string(crypto["kdf"]), parameters)
        let byteCount = try KeystoreV3.integer(parameters["dklen"])
        guard (32...1024).contains(byteCount) else {
            throw .invalidParameter(name: "dklen", reason: "must be between 32 and 1024")
        }
        let salt = try KeystoreV3.hex(parameters["salt"])
        guard salt.count <= 4096 else { throw .invalidParameter(name: "salt", reason: "is too long") }
        let mac = try KeystoreV3.hex(crypto["mac"], count: 32)
        self.init(
            id: root["id"].isMissing ? nil : try KeystoreV3.string(root["id"]),
            address: try KeystoreV3.address(root["address"]),
            derivation: derivation, derivedByteCount: byteCount, salt: salt,
            iv: try KeystoreV3.hex(crypto["cipherparams"]["iv"], count: 16),
            ciphertext: try KeystoreV3.hex(crypto["ciphertext"], count: 32),
            mac: Bytes32(bytes: mac) ?? .zero)
    }

    private static func derivation(
        _ name: String, _ parameters: JSONCursor
    ) throws(KeystoreError) -> KeyDerivation {
        let derivation: KeyDerivation
        switch name {
        case "scrypt":
            derivation = .scrypt(
                n: try integer(parameters["n"]), r: try integer(parameters["r"]), p: try integer(parameters["p"]))
        case "pbkdf2":
            let prf = try string(parameters["prf"])
            guard prf.utf8.elementsEqual("hmac-sha256".utf8) else { throw .unsupportedPRF(shortened(prf)) }
            derivation = .pbkdf2(iterations: try integer(parameters["c"]))
        case let other:
            throw .unsupportedKDF(shortened(other))
        }
        try derivation.validate()
        return derivation
    }

    /// The stated address, which some write with and some without `0x`; an empty text states none.
    private static func address(_ cursor: JSONCursor) throws(KeystoreError) -> Address? {
        guard !cursor.isMissing else { return nil }
        let text = try string(cursor)
        guard !text.isEmpty else { return nil }
        let bytes: [UInt8]
        do { bytes = try Hex.decodeBare(text) } catch { throw .notHex(field: cursor.path, error) }
        guard let address = Address(bytes: bytes) else {
            throw .notHex(field: cursor.path, .wrongLength(expected: 20, found: bytes.count))
        }
        return address
    }

    /// Bare hex digits, of a fixed number of bytes if one is given.
    private static func hex(_ cursor: JSONCursor, count: Int? = nil) throws(KeystoreError) -> [UInt8] {
        let text = try string(cursor)
        let bytes: [UInt8]
        do { bytes = try Hex.decodeBare(text) } catch { throw .notHex(field: cursor.path, error) }
        if let count, bytes.count != count {
            throw .notHex(field: cursor.path, .wrongLength(expected: count, found: bytes.count))
        }
        return bytes
    }

    /// A name for a message: what a hostile file says need not fill the screen.
    private static func shortened(_ text: String) -> String {
        text.count <= 40 ? text : text.prefix(40) + "…"
    }

    private static func string(_ cursor: JSONCursor) throws(KeystoreError) -> String {
        do { return try cursor.string() } catch { throw .shape(error) }
    }

    private static func integer(_ cursor: JSONCursor) throws(KeystoreError) -> Int {
        do { return try cursor.integer() } catch { throw .shape(error) }
    }

    private static func requireObject(_ cursor: JSONCursor) throws(KeystoreError) {
        do { _ = try cursor.object() } catch { throw .shape(error) }
    }

    /// The object of a keystore file.
    public var json: JSON {
        let kdf: JSON
        var parameters: JSON
        switch derivation {
        case .scrypt(let n, let r, let p):
            kdf = "scrypt"
            parameters = ["dklen": number(derivedByteCount), "n": number(n), "r": number(r), "p": number(p)]
        case .pbkdf2(let iterations):
            kdf = "pbkdf2"
            parameters = ["dklen": number(derivedByteCount), "c": number(iterations), "prf": "hmac-sha256"]
        }
        if case .object(var object) = parameters {
            object["salt"] = .string(Hex.encodeBare(salt))
            parameters = .object(object)
        }
        let crypto: JSON = [
            "cipher": "aes-128-ctr",
            "cipherparams": ["iv": .string(Hex.encodeBare(iv))],
            "ciphertext": .string(Hex.encodeBare(ciphertext)),
            "kdf": kdf,
            "kdfparams": parameters,
            "mac": .string(Hex.encodeBare(mac.bytes)),
        ]
        var root = JSONObject()
        root["version"] = 3
        if let id { root["id"] = .string(id) }
        if let address { root["address"] = .string(Hex.encodeBare(address.bytes)) }
        root["crypto"] = crypto
        return .object(root)
    }

    private func number(_ value: Int) -> JSON { .number(JSONNumber(value)) }
}
