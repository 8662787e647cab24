// SPDX-License-Identifier: Apache-2.0

/// Why the store did not do what it was asked; nothing is half written.
public enum StoreError: Error, Sendable, Hashable {
    /// Another process has written the operation since it was read.
    case staleRevision
    /// Another registration holds the nonce, or one below it has been given up since the lane was read.
    case nonceTaken(UInt64)
    /// Later nonces of the signer wait for a nonce that was to be released.
    case nonceNeeded(UInt64)
    /// An unfinished operation of the same CVM exists.
    case unfinishedOperation(OperationID)
    /// There is no such operation.
    case noSuchOperation
    /// The file is of a schema that this program does not know.
    case unknownSchema(found: String, supported: String)
    /// The file is no store, or its contents make no sense.
    case corrupt(String)
    /// File or folder is open to others, or somebody else's.
    case unsafePermissions(String)
    /// Another process held the whole store for longer than this one waits.
    case busy
    /// The file was deleted or replaced while this process used it: what was written last is not in the file of that
    /// name. `rescued` names a copy of everything, if one could be made.
    case displaced(path: String, rescued: String?)
    /// The database or the file system refused.
    case inputOutput(String)
}

extension StoreError {
    /// The failure that stops work on an operation.
    public var failure: Failure {
        switch self {
        case .staleRevision:
            Failure(
                .locked, "Another process has moved the operation on; this one stopped without doing anything.",
                hint: "Run 'countersign status' to see where it is, 'countersign resume' to carry it on.")
        case .nonceTaken(let nonce):
            Failure(
                .locked,
                "Nonce \(nonce) was taken by another operation of the same signer; nothing was signed with it.",
                hint: "Run 'countersign resume'.")
        case .nonceNeeded(let nonce):
            Failure(
                .conflict,
                "Nonce \(nonce) is signed and was not sent, but later transactions of the same signer wait for it.",
                hint: "Run 'countersign resume', or 'countersign cancel --replace' to use the nonce up.")
        case .unfinishedOperation(let id):
            Failure(
                .conflict, "Operation \(id) of the same CVM is unfinished; nothing was changed.",
                hint: "Run 'countersign resume \(id)' or 'countersign cancel \(id)' first.")
        case .noSuchOperation:
            Failure(
                .notFound, "The store has no such operation.",
                hint: "Run 'countersign status --all' to list them; --store names another store.")
        case .unknownSchema(let found, let supported):
            Failure(
                .store, "The store has schema \(found), this program knows \(supported). Nothing was read or written.",
                hint: "Use the program version that wrote it, or another --store.")
        case .corrupt(let what):
            Failure(
                .store, "The store cannot be read: \(what). Nothing was written.",
                hint:
                    "Restore the file from a copy, or name another --store; do not delete it while transactions are out."
            )
        case .unsafePermissions(let what):
            Failure(.store, what, hint: "Correct owner and mode, then run the command again.")
        case .busy:
            Failure(
                .locked, "Another process holds the store and did not let go in time; nothing was changed.",
                hint: "Wait for it, or see whether it is stopped; then run 'countersign resume --all'.")
        case .displaced(let path, let rescued?):
            Failure(
                .store,
                "\(path) was deleted or replaced while it was in use. Nothing is done after this; everything that was "
                    + "stored is in \(rescued).",
                // A log that is left behind would be played back into the copy.
                hint:
                    "End every countersign that uses the store, remove \(path)-wal and \(path)-shm if they are there, "
                    + "move that file to \(path), then run 'countersign resume --all'.")
        case .displaced(let path, nil):
            Failure(
                .store,
                "\(path) was deleted or replaced while it was in use. Nothing is done after this, but what was written "
                    + "last is not in that file.",
                hint: "Put the file and those beside it back, then run 'countersign resume --all'.")
        case .inputOutput(let what):
            Failure(
                .store, "The store could not be read or written: \(what). What was stored before is intact.",
                hint: "Make room or correct the permissions, then run 'countersign resume --all'.")
        }
    }
}
