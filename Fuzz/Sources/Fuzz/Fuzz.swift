// SPDX-License-Identifier: Apache-2.0

import CFuzzer
import Glibc

/// Fuzzes the target that the environment names: `FUZZ_TARGET=rlp Fuzz [option of libFuzzer …] [corpus …]`.
///
/// It is no argument, because libFuzzer starts copies of itself with the arguments that it knows. With `FUZZ_SEEDS` in
/// the environment, `operation` prints its seeds, one a line.
@main
struct Fuzz {
    static func main() {
        guard let name = getenv("FUZZ_TARGET"), let target = FuzzTarget(rawValue: String(cString: name)) else {
            print("FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue).joined(separator: ", "))")
            exit(64)
        }
        if getenv("FUZZ_SEEDS") != nil, target == .operation {
            OperationSeeds.all().forEach { print($0) }
            exit(0)
        }
        var count = CommandLine.argc
        var arguments = CommandLine.unsafeArgv
        exit(target.run(&count, &arguments))
    }
}

/// What can be fuzzed.
enum FuzzTarget: String, CaseIterable {
    case rlp
    case transaction
    case abi
    case eip712
    case keystore
    case json
    case jsonrpc
    case operation
    case env
    case events

    /// Hands over to libFuzzer, which usually ends the process itself.
    func run(
        _ argc: UnsafeMutablePointer<CInt>,
        _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>
    ) -> CInt {
        // A function of C captures nothing, so each target has its own.
        switch self {
        case .rlp: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzRLP) }
        case .transaction: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzTransaction) }
        case .abi: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzABI) }
        case .eip712: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzTypedData) }
        case .keystore: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzKeystore) }
        case .json: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzJSON) }
        case .jsonrpc: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzJSONRPC) }
        case .operation: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzOperation) }
        case .env: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzEnvFile) }
        case .events: LLVMFuzzerRunDriver(argc, argv) { lend($0, $1, fuzzEvents) }
        }
    }
}

/// Gives an input to a target as an array.
private func lend(_ data: UnsafePointer<UInt8>?, _ size: Int, _ target: ([UInt8]) -> Void) -> CInt {
    target([UInt8](UnsafeBufferPointer(start: data, count: data == nil ? 0 : size)))
    return 0
}

/// Says which property does not hold and ends the process; libFuzzer keeps the input.
func require(_ condition: Bool, _ rule: @autoclosure () -> String, line: UInt = #line, file: StaticString = #fileID) {
    if condition { return }
    let text = Array("does not hold: \(rule()) (\(file):\(line))\n".utf8)
    _ = write(STDERR_FILENO, text, text.count)
    abort()
}
