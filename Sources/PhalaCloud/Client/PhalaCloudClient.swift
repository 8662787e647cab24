// SPDX-License-Identifier: Apache-2.0

public import HTTPTransport
import StrictJSON

/// A client of the Phala Cloud API, version 2026-01-21.
///
/// Each call is one HTTP request, sent once; ``retrying(_:)`` gives a client that repeats reads. Writes are never
/// repeated here: after an error that ``CloudError/leavesOutcomeUnknown``, look up what became of them.
///
/// ```swift
/// let client = PhalaCloudClient(
///     baseURL: try EndpointURL(PhalaCloudClient.defaultBaseURL),
///     credential: try .apiKey(key),
///     transport: CurlTransport())
/// let cvm = try await client.cvmInfo("my-app")
/// print(cvm.status)
/// ```
///
/// No redirect is followed and no link of an answer is ever fetched.
public struct PhalaCloudClient: Sendable {
    /// Where the public service is.
    public static let defaultBaseURL = "https://cloud-api.phala.com/api/v1"

    /// The version that calls for a type of the caller's own ask for.
    public let version: APIVersion

    private let baseURL: EndpointURL
    private let credential: CloudCredential
    private let transport: any HTTPTransport
    private let options: CloudOptions
    private var retryPolicy: RetryPolicy?

    /// Sets up a client; nothing is sent.
    ///
    /// - Parameters:
    ///   - baseURL: where the API is; a path such as `/api/v1` is part of it.
    ///   - credential: what the service knows the caller by.
    ///   - version: the version that calls with `as:` ask for; typed calls ask for that of their type.
    ///   - transport: what sends requests.
    ///   - options: the limits of each call.
    public init(
        baseURL: EndpointURL,
        credential: CloudCredential,
        version: APIVersion = .v20260121,
        transport: any HTTPTransport,
        options: CloudOptions = CloudOptions()
    ) {
        self.baseURL = baseURL
        self.credential = credential
        self.version = version
        self.transport = transport
        self.options = options
    }

    /// The same client, sharing the connections, which repeats reads after errors that pass.
    public func retrying(_ policy: RetryPolicy) -> PhalaCloudClient {
        var copy = self
        copy.retryPolicy = policy
        return copy
    }

    /// Sends a read, as often as the policy allows.
    func read<Value: CloudSchema>(_ request: CloudRequest, as type: Value.Type) async throws(CloudError) -> Value {
        guard let retryPolicy else { return try await send(request).value() }
        return try await retryPolicy.run { () async throws(CloudError) -> Value in
            try await send(request).value()
        }
    }

    /// Sends a request once.
    func send(_ request: CloudRequest) async throws(CloudError) -> CloudAnswer {
        let httpRequest = request.httpRequest(base: baseURL, credential: credential, options: options)
        do {
            return CloudAnswer(response: try await transport.send(httpRequest))
        } catch {
            throw .transport(error)
        }
    }

    /// An identifier that can be part of a path.
    static func checked(_ identifier: String, _ name: String = "the CVM identifier") throws(CloudError) -> String {
        guard (1...256).contains(identifier.utf8.count), identifier != ".", identifier != "..",
            identifier.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
        else { throw .invalidRequest(.identifier(name: name)) }
        return identifier
    }
}
