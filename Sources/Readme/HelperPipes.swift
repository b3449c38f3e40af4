// Says something to a helper and waits for its answer.

import Subprocess

struct HelperPipes {
    enum Outcome {
        case frame(RendererFrame)
        /// The process is gone, or has closed a pipe.
        case ended
        case rubbish
    }

    private let input: StandardInputWriter
    private var output: SubprocessOutputSequence.AsyncIterator
    private var reader: RendererFrameReader

    init<Complaint>(_ execution: Execution<CustomWriteInput, SequenceOutput, Complaint>, answerSize: Int) {
        input = execution.standardInputWriter
        output = execution.standardOutput.makeAsyncIterator()
        reader = RendererFrameReader(maximumSize: answerSize)
    }

    /// A helper reads all of a message before it answers: writing first and reading then cannot block for good.
    mutating func exchange(_ message: [UInt8]) async -> Outcome {
        do {
            guard try await input.write(message) == message.count else { return .ended }
            while true {
                guard let piece = try await output.next() else { return .ended }
                piece.withUnsafeBytes { reader.append($0) }
                if let frame = try reader.next() { return .frame(frame) }
            }
        } catch is RendererFrameReader.Rubbish {
            return .rubbish
        } catch {
            return .ended
        }
    }
}
