#if !FUZZING
@testable import Web
#endif

/// A call that is read means the same when it is written as we write, and keeps to its limits; where there is a document type there is no call.
@Sendable func brokenCall(_ bytes: [UInt8]) -> String? {
    var limits = XMLRPCCall.Limits()
    (limits.bytes, limits.depth, limits.values, limits.nameBytes) = (4096, 20, 50, 40)
    guard let call = try? XMLRPCCall(parsing: bytes, limits: limits) else { return nil }
    guard bytes.count <= 4096, call.method.utf8.count <= 40 else { return "it is too long" }
    guard depth(of: call.parameters) <= 20, count(call.parameters) <= 50 else { return "it holds too much" }
    var writer = XMLRPCWriter()
    writer.write(raw: "<methodCall><methodName>")
    // The same way as any text, without what a value has around it.
    var name = XMLRPCWriter()
    name.write(.string(call.method))
    let text = name.bytes.dropFirst("<value><string>".utf8.count).dropLast("</string></value>".utf8.count)
    var parameters = XMLRPCWriter()
    for parameter in call.parameters {
        parameters.write(raw: "<param>")
        parameters.write(parameter)
        parameters.write(raw: "</param>")
    }
    let written = writer.bytes + text + Array("</methodName><params>".utf8) + parameters.bytes + Array("</params></methodCall>".utf8)
    (limits.bytes, limits.depth) = (1 << 20, 200)
    guard let same = try? XMLRPCCall(parsing: written, limits: limits) else { return "what was read can not be read again" }
    guard same == call else { return "written, it means something else" }
    guard !String(decoding: bytes, as: UTF8.self).hasPrefix("<!DOCTYPE") else { return "a document type was taken" }
    return nil
}

private func depth(of values: [XMLRPCValue]) -> Int {
    values.map { value in
        switch value {
        case .array(let elements): 1 + depth(of: elements)
        case .structure(let members): 1 + depth(of: members.map(\.value))
        default: 1
        }
    }.max() ?? 0
}

private func count(_ values: [XMLRPCValue]) -> Int {
    values.reduce(0) { sum, value in
        switch value {
        case .array(let elements): sum + 1 + count(elements)
        case .structure(let members): sum + 1 + count(members.map(\.value))
        default: sum + 1
        }
    }
}
