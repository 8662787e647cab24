// SPDX-License-Identifier: Apache-2.0

// Looks at the answers of the service from outside of the module that reads them; in no product.
//
//   cloudcheck decode      a JSON object {"type", "value"} a line in, what became of it a line out
//   cloudcheck hostile     every call to a server of one's own: URL COUNT
//   cloudcheck fuzz        spoiled answers to every call: [--seed N] [--count N] [--from N]

import Glibc
import PhalaCloud
import StrictJSON

switch CommandLine.arguments.dropFirst().first {
case "decode"?:
    while let line = readLine() {
        do {
            print(try await Shapes.answer(try JSON(parsing: line)).text)
        } catch {
            print(JSON.object(["error": .string("\(error)")]).text)
        }
        fflush(nil)
    }
case "fuzz"?:
    let options = CommandLine.arguments.dropFirst(2)
    func option(_ name: String) -> UInt64? {
        options.firstIndex(of: name).flatMap { place in
            options.indices.contains(place + 1) ? UInt64(options[place + 1]) : nil
        }
    }
    var fuzz = Fuzz(seed: option("--seed") ?? UInt64.random(in: .min ... .max))
    fuzz.count = option("--count").map { Int(clamping: $0) } ?? fuzz.count
    fuzz.first = option("--from").map { Int(clamping: $0) } ?? fuzz.first
    exit(try await fuzz.run() ? 0 : 1)
case "hostile"?:
    let arguments = CommandLine.arguments
    guard arguments.count == 4, let count = Int(arguments[3]) else { exit(64) }
    try await Hostile(url: arguments[2], count: count).run()
case nil, _?:
    print("usage: cloudcheck decode | hostile URL COUNT | fuzz [--seed N] [--count N] [--from N]")
    exit(64)
}
