// SPDX-License-Identifier: Apache-2.0

// Looks at the answers of the service from outside of the module that reads them; in no product.
//
//   cloudcheck decode      a JSON object {"type", "value"} a line in, what became of it a line out

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
case nil, _?:
    print("usage: cloudcheck decode")
    exit(64)
}
