// SPDX-License-Identifier: Apache-2.0

import Simulation
import Testing

@Suite("The simulation")
struct SimulationTests {
    @Test("keeps every promise in some hundred runs, with values and with stored text", arguments: [false, true])
    func promises(usesCodec: Bool) {
        let simulation = Simulation()
        let options = SimulationOptions(usesCodec: usesCodec)
        var tally = Tally()
        for seed in 1...(usesCodec ? 100 : 300) as ClosedRange<UInt64> {
            let result = simulation.run(seed: seed, options: options)
            tally.add(result.tally)
            #expect(result.violation == nil, "seed \(seed)")
        }
        #expect(tally.operations > tally.runs)
    }

    @Test("replays a seed exactly, and the codec changes nothing of what happens")
    func replay() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let first = Simulation().run(seed: seed)
            #expect(Simulation().run(seed: seed).digest == first.digest, "seed \(seed)")
            let traced = Simulation().run(seed: seed, options: SimulationOptions(keepsTrace: true))
            #expect(traced.digest == first.digest, "seed \(seed)")
            #expect(!traced.trace.isEmpty)
            let stored = Simulation().run(seed: seed, options: SimulationOptions(usesCodec: true))
            #expect(stored.digest == first.digest, "seed \(seed)")
        }
    }

    @Test("another seed is another run")
    func seeds() {
        let digests = Set((1...20 as ClosedRange<UInt64>).map { Simulation().run(seed: $0).digest })
        #expect(digests.count == 20)
    }
}
