// Calls of a served index, as Python's own client makes them.

import Registry
import TestSupport
import Testing

@testable import Web

extension Site {
    private static func body(_ method: String, _ parameters: [XMLRPCValue]) -> [UInt8] {
        var writer = XMLRPCWriter()
        for parameter in parameters {
            writer.write(raw: "<param>")
            writer.write(parameter)
            writer.write(raw: "</param>")
        }
        return Array("<?xml version='1.0'?>\n<methodCall><methodName>\(method)</methodName><params>".utf8) + writer.bytes
            + Array("</params></methodCall>".utf8)
    }

    /// The answer as it came.
    func answer(_ method: String, _ parameters: XMLRPCValue..., at target: String = "/RPC2", authorization: String = "", coding: String = "identity")
        async throws -> RawResponse
    {
        try await client.send(
            "POST",
            target,
            headers: ["Content-Type": "text/xml", "Authorization": authorization, "Accept-Encoding": coding],
            body: Self.body(method, parameters)
        )
    }

    /// What a method answers.
    ///
    /// - Throws: ``XMLRPCFault`` as it was told.
    func call(_ method: String, _ parameters: XMLRPCValue..., at target: String = "/RPC2") async throws -> XMLRPCValue {
        try Self.read(try await client.send("POST", target, headers: ["Content-Type": "text/xml"], body: Self.body(method, parameters)))
    }

    /// The fault that a method answers with.
    func fault(_ method: String, _ parameters: XMLRPCValue...) async throws -> XMLRPCFault {
        let answer = try await client.send("POST", "/RPC2", headers: ["Content-Type": "text/xml"], body: Self.body(method, parameters))
        do {
            return XMLRPCFault(0, "no fault but \(try Self.read(answer))")
        } catch let fault as XMLRPCFault {
            return fault
        }
    }

    static func read(_ answer: RawResponse) throws -> XMLRPCValue {
        #expect(answer.status == 200 && answer["Content-Type"] == "text/xml; charset=utf-8", "\(answer.statusLine)")
        // An answer is a call but for its names.
        let isFault = answer.text.contains("<fault>")
        var text = answer.text.replacing("methodResponse>", with: "methodCall>").replacing(
            "<methodCall>",
            with: "<methodCall><methodName>m</methodName>"
        )
        if isFault { text = text.replacing("<fault>", with: "<params><param>").replacing("</fault>", with: "</param></params>") }
        var limits = XMLRPCCall.Limits()
        (limits.bytes, limits.values) = (1 << 30, 1 << 30)
        let value = try #require(try XMLRPCCall(parsing: Array(text.utf8), limits: limits).parameters.first)
        guard isFault else { return value }
        guard case .structure(let members) = value, members.map(\.name) == ["faultCode", "faultString"], case .int(let code) = members[0].value,
            case .string(let reason) = members[1].value
        else { throw InvalidCall("a fault of another shape: \(value)") }
        throw XMLRPCFault(Int(code), reason)
    }
}
