// SPDX-License-Identifier: Apache-2.0

import Simulation

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// What the command line asks for.
struct SimulateCommand {
    /// Why there is nothing to run.
    struct Problem: Error {
        let text: String
        let isHelp: Bool
    }

    private static let usage = """
        usage: simulate [--seed N] [--runs M] [--codec] [--trace] [--twice K] [--seconds S] [--keep-going]

          --seed N      the first seed (default 1)
          --runs M      how many seeds, one after the other (default 1000)
          --codec       the simulated store holds text, encoded and decoded as the real one does
          --trace       print everything that happens; a failing seed is always printed so
          --twice K     run every K-th seed a second time and compare the digests (default 100, 0 never)
          --seconds S   end after so many seconds, if M runs are not over before
          --keep-going  count broken promises instead of ending at the first
        """

    var seed: UInt64 = 1
    var runs: UInt64 = 1000
    var twice: UInt64 = 100
    var seconds: Double = .infinity
    var keepsGoing = false
    var printsTrace = false
    var options = SimulationOptions()

    static func parsed(_ arguments: [String]) -> Result<SimulateCommand, Problem> {
        var command = SimulateCommand()
        var rest = arguments[...]
        func number<Number: LosslessStringConvertible>(_ type: Number.Type = Number.self) -> Number? {
            rest.popFirst().flatMap(Number.init)
        }
        while let option = rest.popFirst() {
            var isUnderstood = true
            switch option {
            case "--seed": command.seed = number() ?? 0
            case "--runs": command.runs = number() ?? 0
            case "--twice": command.twice = number() ?? 0
            case "--seconds": command.seconds = number() ?? 0
            case "--codec": command.options.usesCodec = true
            case "--trace": command.printsTrace = true
            case "--keep-going": command.keepsGoing = true
            case "--help", "-h": return .failure(Problem(text: usage, isHelp: true))
            case _: isUnderstood = false
            }
            if !isUnderstood {
                return .failure(Problem(text: "simulate: unknown option '\(option)'\n\n" + usage, isHelp: false))
            }
        }
        guard command.runs > 0 else { return .failure(Problem(text: usage, isHelp: false)) }
        return .success(command)
    }

    /// Makes the runs.
    ///
    /// - Returns: the exit code: 0, or 1 when a promise was broken or a run did not replay.
    func run() -> Int32 {
        let simulation = Simulation()
        let start = Self.seconds()
        let startBusy = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)
        var tally = Tally()
        var broken: [Int: Int] = [:]
        var replayed = 0
        var digest: UInt64 = 0
        for offset in 0..<runs {
            let seed = seed &+ offset
            let result = simulation.run(seed: seed, options: options)
            tally.add(result.tally)
            digest = (digest ^ result.digest) &* 0x0000_0100_0000_01b3
            if printsTrace { show(seed, simulation) }
            if let violation = result.violation {
                broken[violation.assertion.rawValue, default: 0] += 1
                print("seed \(seed): \(violation)")
                fflush(nil)
                guard keepsGoing else {
                    if !printsTrace { show(seed, simulation) }
                    print("replay: simulate --seed \(seed) --runs 1 --trace\(options.usesCodec ? " --codec" : "")")
                    return 1
                }
            }
            if twice > 0, offset % twice == 0 {
                replayed += 1
                guard simulation.run(seed: seed, options: options).digest == result.digest else {
                    print("seed \(seed) does not replay: the digests differ")
                    return 1
                }
            }
            if offset % 64 == 0, Self.seconds() - start > seconds { break }
        }
        for line in tally.lines { print(line) }
        let busy = max(Self.seconds(CLOCK_PROCESS_CPUTIME_ID) - startBusy, 0.001)
        let rate = Int(Double(tally.runs + replayed) / busy)
        print(
            "\(tally.runs) runs from seed \(seed), \(replayed) of them twice with equal digests, "
                + "\(rate) runs/s of processor time, digest \(String(digest, radix: 16))")
        let count = broken.values.reduce(0, +)
        for (assertion, times) in broken.sorted(by: { $0.key < $1.key }) {
            print("assertion \(assertion) broken in \(times) runs")
        }
        print("\(tally.runs - count) passed, \(count) failed")
        return count == 0 ? 0 : 1
    }

    private func show(_ seed: UInt64, _ simulation: Simulation) {
        var options = options
        options.keepsTrace = true
        for line in simulation.run(seed: seed, options: options).trace { print(line) }
    }

    private static func seconds(_ clock: clockid_t = CLOCK_MONOTONIC) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
