// Lists of identifiers out of the Python packages that carry them.

import Foundation
import Packaging
import Registry
import Subprocess
import SystemPackage

/// Runs `identifiers.py` with an interpreter of the operator's choice.
struct IdentifierPackages {
    let python: String

    struct Collected {
        var lists: [FetchedList] = []
        /// Packages that are not there, by the list that needs them.
        var missing: [String: String] = [:]
    }

    private struct Output: Decodable {
        struct List: Decodable {
            let source: String
            let identifiers: [String]
        }

        let lists: [String: List]
        let missing: [String: String]
    }

    /// - Throws: ``CommandFailure`` when the interpreter is not there or says nothing sensible.
    func collect() async throws -> Collected {
        let output = try await run()
        guard let decoded = try? JSONDecoder().decode(Output.self, from: Data(output)) else {
            throw CommandFailure("\(python) did not answer with lists of identifiers.")
        }
        var collected = Collected(missing: decoded.missing)
        for list in IdentifierList.allCases {
            guard let found = decoded.lists[list.rawValue] else { continue }
            collected.lists.append(FetchedList(list, source: found.source, identifiers: found.identifiers))
        }
        return collected
    }

    private func run() async throws -> [UInt8] {
        let script = String(decoding: PackageResources.identifiers_py, as: UTF8.self)
        let executable: Executable = python.contains("/") ? .path(FilePath(python)) : .name(python)
        do {
            let result = try await Subprocess.run(
                executable,
                // Nothing is imported from the working directory, and nothing is written beside what is.
                arguments: ["-I", "-B", "-X", "utf8", "-c", script],
                output: .bytes(limit: 16 << 20),
                error: .string(limit: 1 << 20)
            )
            guard result.terminationStatus.isSuccess else {
                let complaint = (result.standardError ?? "").split(separator: "\n").last.map(String.init) ?? "\(result.terminationStatus)"
                throw CommandFailure("\(python) failed: \(complaint)")
            }
            return result.standardOutput
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure("\(python) can not be run (EMPORIUM_PYTHON names the interpreter): \(error)")
        }
    }
}
