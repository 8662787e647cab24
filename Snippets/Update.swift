// SPDX-License-Identifier: Apache-2.0

// Updates a CVM through both phases, as `countersign update` does.
// Usage: Update CVM DOCKER_COMPOSE_FILE API_KEY_FILE KEY_FILE STORE

import EthTx
import Foundation
import HTTPTransport
import Orchestrator
import PhalaCloud

let arguments = CommandLine.arguments
guard arguments.count == 6 else {
    print("usage: Update CVM DOCKER_COMPOSE_FILE API_KEY_FILE KEY_FILE STORE")
    exit(64)
}

// The key: raw hex or, with a passphrase, a keystore. It stays in locked memory.
let signer = LocalSigner(try KeyFile.load(arguments[4], passphrase: nil))

// One transport for cloud and chain.
let transport = CurlTransport()
let address = ProcessInfo.processInfo.environment["PHALA_CLOUD_API_PREFIX"] ?? PhalaCloudClient.defaultBaseURL
let apiURL = try EndpointURL(address)
let apiKey = try SecretFile.read(arguments[3]).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
let client = PhalaCloudClient(
    baseURL: apiURL, credential: try .apiKey(apiKey.trimmingCharacters(in: .newlines)), transport: transport)

// Without endpoints of your own, the one that the cloud names is used, after its chain id was checked.
let engine = Engine(
    store: try SQLiteStore(path: arguments[5]),
    locks: LockFolder(storePath: arguments[5]),
    cloud: PhalaCloudService(client),
    chains: EthereumChains(urls: [], transport: transport, trustsLocalNames: apiURL.isLoopback),
    signer: signer,
    watcher: { progress in
        if case .advanced(let operation, let event) = progress {
            print("\(operation.phase.rawValue): \(event.name) \(event.detail)")
        }
    })

var patch = CvmPatch()
patch.dockerComposeFile = .value(try String(contentsOfFile: arguments[2], encoding: .utf8))

do {
    // On disk before anything is sent; an unfinished operation with the same change is carried on.
    let operation = try await engine.begin(
        Intent(cvm: arguments[1], apiURL: apiURL.text, change: .patch(patch.json), signer: signer.address))
    let done = try await engine.run(operation.id)
    print("\(done.id) has reached \(done.phase.rawValue)")
} catch {
    // What happened, what is certain, what to do next.
    print("\(error.failure.code.name): \(error.failure.message) \(error.failure.hint)")
    exit(error.failure.code.isRetryable ? 75 : 69)
}
