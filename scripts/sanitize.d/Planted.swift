// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// What the sanitizers must find although the suppressions are in force, and what they must not report.
@main
struct Planted {
    /// A counter that two threads change without a lock.
    final class Bare: @unchecked Sendable {
        var value = 0
    }

    /// A counter behind a mutex, changed by two threads.
    final class Locked: Sendable {
        let value = Mutex(0)
    }

    static func main() async {
        switch CommandLine.arguments.dropFirst().first {
        case "race": await race()
        case "race-beside-a-mutex": await raceBesideAMutex()
        case "mutex": await mutex()
        case "use-after-free": useAfterFree()
        case "leak": leak()
        case _: exit(64)
        }
    }

    private static func race() async {
        let bare = Bare()
        await twice { for _ in 0..<300_000 { bare.value += 1 } }
        print(bare.value)
    }

    /// A lock that is held at other times orders nothing.
    private static func raceBesideAMutex() async {
        let (bare, locked) = (Bare(), Locked())
        await twice {
            for _ in 0..<300_000 {
                locked.value.withLock { $0 += 1 }
                bare.value += 1
            }
        }
        print(bare.value)
    }

    private static func mutex() async {
        let locked = Locked()
        await twice { for _ in 0..<300_000 { locked.value.withLock { $0 += 1 } } }
        print(locked.value.withLock { $0 })
    }

    private static func twice(_ body: @escaping @Sendable () -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 { group.addTask { body() } }
        }
    }

    private static func useAfterFree() {
        let memory = UnsafeMutablePointer<Int>.allocate(capacity: 4)
        memory.initialize(repeating: 7, count: 4)
        memory.deallocate()
        print(memory[2])
    }

    private static func leak() {
        for _ in 0..<10 { _ = malloc(1000) }
        print("leaked")
    }
}
