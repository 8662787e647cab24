// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Glibc
import Orchestrator

/// The process: from its arguments to its exit status.
@main
enum Program {
    static func main() {
        ProcessHardening.apply()
        SecretVariables.take()
        // Before the first other thread starts, since threads inherit what is blocked.
        Interruption.shared.hold()
        let arguments = Array(CommandLine.arguments.dropFirst())
        // Scripts ask for the version often; it needs no command tree.
        if arguments == ["--version"] { end(tell(ProgramVersion.text)) }
        do {
            let command = try Countersign.parseAsRoot(ArgumentOrder.normalized(arguments))
            if let command = command as? any ProgramCommand { run(command, environment: .process) }
            if command is any SubcommandHolder { throw ValidationError("A subcommand is missing.") }
            var helpful = command
            try helpful.run()
        } catch {
            end(report(error, arguments, environment: .process))
        }
    }

    /// Runs a command in a task, which the first signal cancels, while this thread waits.
    private static func run(_ command: any ProgramCommand, environment: Environment) -> Never {
        let context = Context(options: command.shared, environment: environment)
        let console = context.console
        Interruption.shared.onEnd { console.abandon(.interrupted) }
        Interruption.shared.listen()
        let task = Task {
            let status = await execute(command, context)
            guard let failure = console.outputFailure else { end(status) }
            console.note("Standard output could not be written: \(failure).")
            end(ExitStatus.worst(of: [status, .internalError]))
        }
        if command.canBeAskedToStop {
            Interruption.shared.onFirstSignal {
                console.stopping()
                task.cancel()
            }
        }
        while true { pause() }
    }

    private static func execute(_ command: any ProgramCommand, _ context: Context) async -> ExitStatus {
        do {
            return try await command.execute(context)
        } catch {
            let stop = Stop(any: error)
            context.console.fail(stop)
            return stop.exitStatus
        }
    }

    /// Help and versions go to standard output; what is wrong with the arguments is an error like any other.
    private static func report(_ error: any Error, _ arguments: [String], environment: Environment) -> ExitStatus {
        if Countersign.exitCode(for: error).isSuccess {
            return tell(Countersign.fullMessage(for: error))
        }
        let isJSON = ArgumentOrder.asksForJSON(arguments)
        let console = Console(
            json: isJSON, verbose: false, noColour: arguments.contains("--no-color"), environment: environment)
        let usage = SafeText.lines(Countersign.fullMessage(for: error)).dropFirst().joined(separator: "\n")
        let unknown = ArgumentOrder.unknownCommand(arguments)
        let message =
            unknown.map { "There is no command '\(SafeText.line($0, limit: 60))'." }
            ?? SafeText.lines(Countersign.message(for: error)).joined(separator: "\n")
        console.fail(Stop(.usage, message, hint: usage.isEmpty ? "See 'countersign --help'." : usage))
        return .usage
    }

    /// Writes what was asked for to standard output.
    private static func tell(_ text: String) -> ExitStatus {
        StandardStream.write(text + "\n", to: StandardStream.output) == nil ? .done : .internalError
    }

    /// Nothing is buffered and nothing more has to be said: the transport's threads need not be waited for.
    private static func end(_ status: ExitStatus) -> Never {
        _exit(status.rawValue)
    }
}

extension Stop {
    /// The operator or the system ended the process.
    static let interrupted = Stop(
        .timeout, "Interrupted. Nothing is lost: what was stored before stands.",
        hint: "If an operation was under way, 'countersign resume --all' carries it on.")
}
