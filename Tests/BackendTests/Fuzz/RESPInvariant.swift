// What must hold for whatever a Redis says.

#if !FUZZING
import Backends
#endif

/// The first byte chooses the size of the pieces; the rest is what the server says. The same values come of it however it is cut, none beyond the limits, and
/// what was read is read again from what is written of it.
@Sendable func brokenRESP(_ bytes: [UInt8]) -> String? {
    guard let first = bytes.first else { return nil }
    let said = Array(bytes.dropFirst())
    let whole = read([said[...]])
    let size = Int(first % 32) + 1
    let pieces = stride(from: 0, to: said.count, by: size).map { said[$0..<min($0 + size, said.count)] }
    guard whole.told == read(pieces).told else { return "pieces of \(size) bytes are read differently" }
    for value in whole.values {
        let elements = count(value)
        guard elements <= limits.elements + 1, depth(value) <= limits.depth else { return "a value of \(elements) elements is too large" }
        let written = RESPWriter.value(value)
        var wider = RESPParser.Limits()
        wider.bytes = 1 << 20
        var parser = RESPParser(limits: wider)
        var again: [RESPValue] = []
        do throws(RESPFault) {
            try parser.consume(written[...]) { again.append($0) }
        } catch {
            return "what is written is no RESP: \(error)"
        }
        // By their bytes: a number that is none is not equal to itself.
        guard parser.isBetweenValues, again.count == 1, RESPWriter.value(again[0]) == written else { return "what is written is read differently" }
    }
    return nil
}

private let limits: RESPParser.Limits = {
    var limits = RESPParser.Limits()
    limits.depth = 5
    limits.elements = 40
    limits.bytes = 2000
    limits.lineBytes = 300
    return limits
}()

private func read(_ pieces: [ArraySlice<UInt8>]) -> (values: [RESPValue], told: [[UInt8]]) {
    var parser = RESPParser(limits: limits)
    var values: [RESPValue] = []
    var end: [UInt8] = []
    do throws(RESPFault) {
        for piece in pieces { try parser.consume(piece) { values.append($0) } }
        end = parser.isBetweenValues ? [1] : [0]
    } catch {
        end = Array("\(error)".utf8)
    }
    return (values, values.map { RESPWriter.value($0) } + [end])
}

private func count(_ value: RESPValue) -> Int { 1 + (value.elements ?? []).reduce(0) { $0 + count($1) } }

private func depth(_ value: RESPValue) -> Int { value.elements.map { 1 + ($0.map(depth).max() ?? 0) } ?? 0 }
