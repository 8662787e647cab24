// SPDX-License-Identifier: Apache-2.0

import Orchestrator

/// How runs are made.
package struct SimulationOptions: Sendable {
    /// Whether the store holds text, encoded and decoded as the real one does.
    package var usesCodec: Bool

    /// Whether what happens is kept as text.
    package var keepsTrace: Bool

    /// Options of a run.
    package init(usesCodec: Bool = false, keepsTrace: Bool = false) {
        self.usesCodec = usesCodec
        self.keepsTrace = keepsTrace
    }
}

/// What came of a run.
package struct SimulationResult: Sendable {
    /// The seed that decided everything.
    package let seed: UInt64

    /// The promise that was broken, if one was.
    package let violation: Violation?

    /// A digest of all that happened.
    package let digest: UInt64

    /// What happened, if it was to be kept.
    package let trace: [String]

    /// What the run met.
    package let tally: Tally
}

/// Runs the engine in a simulated world.
package struct Simulation {
    private let kernel = Kernel()

    /// A simulation that is ready to run.
    package init() {}

    /// Makes one run.
    package func run(seed: UInt64, options: SimulationOptions = SimulationOptions()) -> SimulationResult {
        let world = World(seed: seed, options: options, kernel: kernel)
        world.run { world.isCalm }
        world.finish()
        world.dismiss()
        var tally = world.tally
        tally.runs = 1
        for operation in world.store.values {
            tally.operations += 1
            tally.noteEnd(in: operation.phase)
        }
        return SimulationResult(
            seed: seed, violation: world.violation, digest: world.trace.digest, trace: world.trace.lines, tally: tally)
    }
}
