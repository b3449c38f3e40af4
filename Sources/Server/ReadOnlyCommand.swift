import ArgumentParser
import Registry
import SQLDatabase

struct ReadOnlyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read-only",
        abstract: "Freeze the index, or open it again; every process obeys at once.",
        discussion: "A frozen index is read as always. Uploads get 503 and may try again; jobs wait."
    )

    enum Choice: String, ExpressibleByArgument, CaseIterable {
        case on
        case off
    }

    @OptionGroup var options: IndexOptions

    @Argument(help: "on or off; nothing to ask.")
    var choice: Choice?

    func run() async throws {
        let assembly = try await Assembly(try await options.settings(), migrating: false)
        let engine = assembly.index.engine
        let now = assembly.index.clock.now()
        let state = try await engine.read { try $0.freeze.state(now: now) }
        switch (choice, state) {
        case (.some, .arriving):
            throw CommandFailure("This index is on its way here: end its restore or move first (run it again).")
        case (.on, _): try await engine.write { try $0.freeze.set(.forGood) }
        case (.off, _): try await engine.write { try $0.freeze.set(.open) }
        case (nil, _): break
        }
        let after = try await engine.read { try $0.freeze.state(now: now) }
        let sentence =
            switch after {
            case .open: "The index is open."
            case .until: "The index is frozen by a move that is at work, for a minute at most after that ends."
            case .arriving: "The index is on its way here: nothing can be written."
            case .forGood: "The index is frozen: it can only be read."
            }
        print(sentence)
        await assembly.index.close()
    }
}
