// SPDX-License-Identifier: Apache-2.0

import Simulation

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// `simulate`: runs the engine in simulated worlds, one a seed, and stops at the first broken promise.
@main
enum Simulate {
    static func main() {
        let command: SimulateCommand
        switch SimulateCommand.parsed(Array(CommandLine.arguments.dropFirst())) {
        case .success(let parsed): command = parsed
        case .failure(let problem):
            print(problem.text)
            exit(problem.isHelp ? 0 : 64)
        }
        DeterministicHashing.ensure()
        exit(command.run())
    }
}

/// Hashing with a random seed would change the order of sets and dictionaries from run to run.
enum DeterministicHashing {
    private static let name = "SWIFT_DETERMINISTIC_HASHING"

    /// Runs this program again with the variable set, unless it is.
    static func ensure() {
        guard getenv(name) == nil else { return }
        setenv(name, "1", 1)
        var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
        arguments.append(nil)
        execv("/proc/self/exe", &arguments)
        print("simulate: cannot run itself again with \(name)=1")
        exit(71)
    }
}
