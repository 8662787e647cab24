// SPDX-License-Identifier: Apache-2.0

import SelfTest
import StrictJSON
import TestSupport
import Testing

@Suite struct ChangedDigitTests {
    /// Without the file's hash, so that the cases stand for themselves.
    @Test(arguments: VectorFile.embedded)
    func `a changed digit in a case that can show it makes that case fail`(file: VectorFile) throws {
        var random = SeededGenerator()
        let root = try JSON(parsing: file.bytes)
        var changedCases = 0
        for vector in root["cases"]?.array ?? [] where vector["slow"] == nil {
            let places = Mutation.places(in: vector).filter { Mutation.shows(at: $0, in: vector, kind: file.name) }
            guard let place = places.randomElement(using: &random) else { continue }
            let changed = Mutation.changed(vector, at: place.steps[...], by: &random)
            let report = SelfTest.run(Mutation.file(file.name, holding: [changed]))
            #expect(report.failed == 1, "\(random): \(vector["id"]?.string ?? "") passes with another \(place)")
            changedCases += 1
        }
        #expect(changedCases > 0 || file.name == "rlp_invalid")
    }

    @Test(arguments: VectorFile.embedded)
    func `a changed digit in any case at all makes the file fail`(file: VectorFile) throws {
        var random = SeededGenerator()
        let root = try JSON(parsing: file.bytes)
        let cases = root["cases"]?.array ?? []
        for index in (0..<cases.count).shuffled(using: &random).prefix(4) {
            guard let place = Mutation.places(in: cases[index]).randomElement(using: &random) else { continue }
            let steps = [JSONPlace.Step.key("cases"), .index(index)] + place.steps
            let changed = Mutation.changed(root, at: steps[...], by: &random)
            let report = SelfTest.run(VectorFile(name: file.name, bytes: Array(changed.text.utf8)))
            #expect(report.failed > 0, "\(random): the file passes with another \(place) in case \(index)")
        }
    }
}
