// SPDX-License-Identifier: Apache-2.0

/// A page of a list that comes in pages.
public protocol CloudPage: CloudSchema {
    /// What the list is of.
    associatedtype Item: CloudSchema

    /// The entries of this page.
    var items: [Item] { get }

    /// How many entries all pages have together.
    var total: Int { get }

    /// The number of this page; the first is 1.
    var page: Int { get }

    /// How many entries a page has at most.
    var pageSize: Int { get }

    /// How many pages there are.
    var pages: Int { get }
}
