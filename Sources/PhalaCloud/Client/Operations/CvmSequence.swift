// SPDX-License-Identifier: Apache-2.0

/// All CVMs of a workspace, read page by page while they are used (``PhalaCloudClient/allCvms(pageSize:)``).
///
/// One page is in memory at a time, and none is asked for before it is needed. CVMs that come or go meanwhile may be
/// missed or seen twice, since the service counts pages anew for each.
public struct CvmSequence<Version: APIVersion, Element: CloudSchema>: AsyncSequence, Sendable {
    /// What ends the sequence early.
    public typealias Failure = CloudError

    let client: PhalaCloudClient<Version>
    let pageSize: Int

    /// Starts at the first page.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(client: client, pageSize: pageSize)
    }

    /// Where a reader of the sequence is.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let client: PhalaCloudClient<Version>
        let pageSize: Int
        private var page = 0
        private var isLast = false
        private var items: ArraySlice<Element> = []

        init(client: PhalaCloudClient<Version>, pageSize: Int) {
            self.client = client
            self.pageSize = pageSize
        }

        /// The next CVM; `nil` after the last one.
        ///
        /// After an error the same page can be asked for again.
        public mutating func next() async throws(CloudError) -> Element? {
            try await next(isolation: nil)
        }

        /// The next CVM; `nil` after the last one.
        ///
        /// After an error the same page can be asked for again.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(CloudError) -> Element? {
            if items.isEmpty, !isLast {
                let answer = try await client.cvmPage(page + 1, pageSize: pageSize, as: Page<Element>.self)
                page += 1
                isLast = answer.items.isEmpty || page >= answer.pages
                items = answer.items[...]
            }
            return items.popFirst()
        }
    }
}
