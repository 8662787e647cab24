// SPDX-License-Identifier: Apache-2.0

public import HTTPTransport
import StrictJSON

/// A client of the Phala Cloud API in one version, whose types its calls return.
///
/// Each call is one HTTP request, or a second one where a deployment does not know the first way to ask (an answer
/// after which nothing has changed). ``retrying(_:)`` gives a client that repeats what is safe to repeat. After an error
/// that ``CloudError/leavesOutcomeUnknown``, look up what became of a write.
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
public struct PhalaCloudClient<Version: APIVersion>: Sendable {
    let baseURL: EndpointURL
    let credential: CloudCredential
    let transport: any HTTPTransport
    let options: CloudOptions

    /// Which ways of asking the deployment knows; shared by all copies.
    let routes: RouteMemory

    /// How many streams of states may be open; shared by all copies.
    let streamLimit: StreamLimit

    private(set) var retryPolicy: RetryPolicy?

    /// Sets up a client of a version; nothing is sent.
    ///
    /// - Parameters:
    ///   - baseURL: where the API is; a path such as `/api/v1` is part of it.
    ///   - credential: what the service knows the caller by.
    ///   - version: the version that is spoken.
    ///   - transport: what sends requests.
    ///   - options: the limits of each call.
    public init(
        baseURL: EndpointURL,
        credential: CloudCredential,
        version: Version.Type,
        transport: any HTTPTransport,
        options: CloudOptions = CloudOptions()
    ) {
        self.init(
            baseURL: baseURL, credential: credential, transport: transport, options: options, routes: RouteMemory(),
            streamLimit: StreamLimit(), retryPolicy: nil)
    }

    private init(
        baseURL: EndpointURL, credential: CloudCredential, transport: any HTTPTransport, options: CloudOptions,
        routes: RouteMemory, streamLimit: StreamLimit, retryPolicy: RetryPolicy?
    ) {
        self.baseURL = baseURL
        self.credential = credential
        self.transport = transport
        self.options = options
        self.routes = routes
        self.streamLimit = streamLimit
        self.retryPolicy = retryPolicy
    }
}

extension PhalaCloudClient where Version == V20260121 {
    /// Where the public service is.
    public static var defaultBaseURL: String { "https://cloud-api.phala.com/api/v1" }

    /// Sets up a client of the present version; nothing is sent.
    ///
    /// - Parameters:
    ///   - baseURL: where the API is; a path such as `/api/v1` is part of it.
    ///   - credential: what the service knows the caller by.
    ///   - transport: what sends requests.
    ///   - options: the limits of each call.
    public init(
        baseURL: EndpointURL,
        credential: CloudCredential,
        transport: any HTTPTransport,
        options: CloudOptions = CloudOptions()
    ) {
        self.init(
            baseURL: baseURL, credential: credential, version: V20260121.self, transport: transport, options: options)
    }
}

extension PhalaCloudClient {
    /// The same client, sharing the connections, which repeats what is safe to repeat after errors that pass.
    public func retrying(_ policy: RetryPolicy) -> PhalaCloudClient {
        var copy = self
        copy.retryPolicy = policy
        return copy
    }

    /// The same client, sharing the connections, in another version.
    public func withVersion<Other: APIVersion>(_ version: Other.Type) -> PhalaCloudClient<Other> {
        PhalaCloudClient<Other>(
            baseURL: baseURL, credential: credential, transport: transport, options: options, routes: routes,
            streamLimit: streamLimit, retryPolicy: retryPolicy)
    }
}
