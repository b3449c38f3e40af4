// Calls as they are read and answers as they are written, without a server.

import Foundation
import Testing

@testable import Web

struct XMLRPCCallTests {
    private func call(_ parameters: String, method: String = "m") throws -> XMLRPCCall {
        try XMLRPCCall(parsing: Array("<methodCall><methodName>\(method)</methodName><params>\(parameters)</params></methodCall>".utf8))
    }

    /// What `<value>…</value>` means.
    private func value(_ content: String) throws -> XMLRPCValue {
        try #require(try call("<param><value>\(content)</value></param>").parameters.first)
    }

    @Test func `a call as Python sends it`() throws {
        let text = """
            <?xml version='1.0'?>
            <methodCall>
            <methodName>changelog_since_serial</methodName>
            <params>
            <param>
            <value><int>42</int></value>
            </param>
            </params>
            </methodCall>

            """
        #expect(try XMLRPCCall(parsing: Array(text.utf8)) == XMLRPCCall(method: "changelog_since_serial", parameters: [.int(42)]))
    }

    @Test func `params may be missing, and a mark of the byte order stand first`() throws {
        for text in [
            "<methodCall><methodName>m</methodName></methodCall>", "<methodCall><methodName>m</methodName><params/></methodCall>",
            "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes' ?><methodCall><methodName>m</methodName></methodCall >",
            // As bandersnatch sends it.
            "<?xml version='1.0' encoding='ASCII'?>\n<methodCall>\n  <methodName>m</methodName>\n  <params/>\n</methodCall>\n",
            "<?xml version='1.0'?><!-- a - b --><?php ?><methodCall xmlns:ex='x' a=\"&lt;1\"><methodName>m</methodName></methodCall><!---->\n",
        ] { #expect(try XMLRPCCall(parsing: Array(text.utf8)) == XMLRPCCall(method: "m"), "\(text)") }
    }

    @Test func `every type is read`() throws {
        #expect(try value("<int>-1</int>") == .int(-1))
        #expect(try value(" <i4> +7\n</i4> ") == .int(7))
        #expect(try value("<i8>9223372036854775807</i8>") == .int(.max))
        #expect(try value("<boolean>1</boolean>") == .bool(true))
        #expect(try value("<double>-1.5e3</double>") == .double(-1500))
        #expect(try value("<string></string>") == .string(""))
        #expect(try value("<string/>") == .string(""))
        #expect(try value("") == .string(""))
        #expect(try value(" a b ") == .string(" a b "))
        #expect(try value("<nil/>") == .none)
        #expect(try value("<ex:nil></ex:nil>") == .none)
        #expect(try value("<dateTime.iso8601>20260101T00:00:00</dateTime.iso8601>") == .date("20260101T00:00:00"))
        #expect(try value("<base64>AAA=</base64>") == .base64("AAA="))
        #expect(try value("<array><data> <value>a</value><value><int>1</int></value> </data></array>") == .array([.string("a"), .int(1)]))
        #expect(try value("<array><data/></array>") == .array([]))
        let member = "<member><name>a</name><value><struct/></value></member>"
        #expect(try value("<struct>\(member)</struct>") == .structure([.init(name: "a", value: .structure([]))]))
    }

    @Test func `references, sections and line ends are resolved`() throws {
        #expect(try value("a&lt;&gt;&amp;&quot;&apos;&#233;&#xE9;&#x1F40D;z") == .string("a<>&\"'éé🐍z"))
        #expect(try value("<string>a<![CDATA[<b>&amp;]]]]><![CDATA[>]]>c<!-- no -->d</string>") == .string("a<b>&amp;]]>cd"))
        #expect(try value("a\r\nb\rc&#13;d<![CDATA[\r\n\r]]>") == .string("a\nb\nc\rd\n\n"))
    }

    @Test(arguments: [
        "", " ", "x", "<methodCall>", "<methodCall/>", "<methodCall></methodcall>", "<methodResponse/>",
        "<methodCall><methodName></methodName></methodCall>", "<methodCall><methodName>m<b/></methodName></methodCall>",
        "<methodCall><methodName>m</methodName></methodCall><a/>", "<methodCall><methodName>m</methodName></methodCall>x",
        "<methodCall><methodName>m</methodName><params>x</params></methodCall>", "<methodCall><methodName>m</methodName>x</methodCall>",
        "<methodCall><methodName>m</methodName><params><value>1</value></params></methodCall>",
        "<methodCall><methodName>m</methodName><params><param>1</param></params></methodCall>",
        // Nothing is declared, and nothing comes from elsewhere.
        "<!DOCTYPE methodCall><methodCall><methodName>m</methodName></methodCall>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><methodCall><methodName>&x;</methodName></methodCall>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><methodCall><methodName>m</methodName></methodCall>",
        "<methodCall><methodName>&x;</methodName></methodCall>", "<methodCall><methodName>&#0;</methodName></methodCall>",
        "<methodCall><methodName>&#xFFFE;</methodName></methodCall>", "<methodCall><methodName>&#xD800;</methodName></methodCall>",
        "<methodCall><methodName>&#x;</methodName></methodCall>", "<methodCall><methodName>&#+1;</methodName></methodCall>",
        "<methodCall><methodName>a & b</methodName></methodCall>", "<methodCall><methodName>a\u{1}</methodName></methodCall>",
        "<methodCall><methodName>a\u{FFFF}</methodName></methodCall>", "<methodCall><methodName>a]]>b</methodName></methodCall>",
        "<methodCall a='1' a='2'><methodName>m</methodName></methodCall>", "<methodCall a=1><methodName>m</methodName></methodCall>",
        "<methodCall a='<'><methodName>m</methodName></methodCall>", "<methodCall a><methodName>m</methodName></methodCall>",
        "<methodCall><!-- a -- b --><methodName>m</methodName></methodCall>", "<methodCall><!-- a",
        " <?xml version='1.0'?><methodCall><methodName>m</methodName></methodCall>",
        "<?xml version='1.0' encoding='iso-8859-1'?><methodCall><methodName>m</methodName></methodCall>",
        "<?xml encoding='utf-8'?><methodCall><methodName>m</methodName></methodCall>",
        "<?xml version='2.0'?><methodCall><methodName>m</methodName></methodCall>", "<![CDATA[x]]>",
    ])
    func `what is no call is refused`(text: String) {
        #expect(throws: InvalidCall.self) { try XMLRPCCall(parsing: Array(text.utf8)) }
    }

    @Test(arguments: [
        "<int>1.0</int>", "<int/>", "<int>9223372036854775808</int>", "<int>0x1</int>", "<boolean>true</boolean>", "<double>nan</double>",
        "<double>inf</double>", "<double>0x1p3</double>", "<nil>x</nil>", "<text>a</text>", "x<int>1</int>", "<int>1</int>x",
        "<int>1</int><int>2</int>",
        "<array/>", "<array><data>x</data></array>", "<array><data/><data/></array>", "<struct><name>a</name></struct>",
        "<struct><member><name>a</name><value/></member><member><name>a</name><value/></member></struct>",
    ])
    func `a value that is not what it says is refused`(content: String) {
        #expect(throws: InvalidCall.self) { try value(content) }
    }

    @Test func `it has to be UTF-8`() {
        let bytes = Array("<methodCall><methodName>m".utf8) + [0xE9] + Array("</methodName></methodCall>".utf8)
        #expect(throws: InvalidCall("it is not UTF-8 (at byte 0)")) { try XMLRPCCall(parsing: bytes) }
    }

    @Test func `a call has limits`() throws {
        var limits = XMLRPCCall.Limits()
        limits.values = 3
        limits.depth = 12
        func read(_ parameters: String) throws -> XMLRPCCall {
            try XMLRPCCall(parsing: Array("<methodCall><methodName>m</methodName><params>\(parameters)</params></methodCall>".utf8), limits: limits)
        }
        func list(_ count: Int) -> String {
            "<param><value><array><data>\(String(repeating: "<value>a</value>", count: count))</data></array></value></param>"
        }
        #expect(try read(list(2)).parameters == [.array([.string("a"), .string("a")])])
        #expect(throws: InvalidCall("it holds more than 3 values")) { try read(list(3)) }
        let deep = "<param><value><array><data><value><array><data><value>\("<array><data>")"
        #expect(try read("\(deep)</data></array></value></data></array></value></data></array></value></param>").parameters.count == 1)
        limits.depth = 11
        #expect(throws: InvalidCall.self) { try read("\(deep)</data></array></value></data></array></value></data></array></value></param>") }
        #expect(throws: InvalidCall.self) { try call("", method: String(repeating: "m", count: 201)) }
        #expect(throws: InvalidCall("it has more than 262144 bytes")) { try XMLRPCCall(parsing: [UInt8](repeating: 0x20, count: 262_145)) }
        // What never ends is told so before it fills anything.
        #expect(throws: InvalidCall.self) { try XMLRPCCall(parsing: Array(String(repeating: "<a>", count: 60_000).utf8)) }
    }

    @Test func `an answer is written so that it reads back, without what XML can not hold`() throws {
        let values: [XMLRPCValue] = [
            .none, .int(.min), .bool(false), .string("a<b>&\"'\r\n\té🐍"), .string(""), .array([]),
            .structure([.init(name: "<a>", value: .array([.int(1)]))]),
        ]
        var writer = XMLRPCWriter()
        for value in values {
            writer.write(raw: "<param>")
            writer.write(value)
            writer.write(raw: "</param>")
        }
        #expect(try call(String(decoding: writer.bytes, as: UTF8.self)).parameters == values)
        let text = String(decoding: XMLRPCWriter.answer(.string("a\u{0}\u{B}\u{FFFE}b")), as: UTF8.self)
        #expect(text.contains("<value><string>ab</string></value>"))
        let fault = String(decoding: XMLRPCWriter.answer(.unknownMethod("<x>")), as: UTF8.self)
        #expect(fault.contains("<name>faultCode</name><value><int>-32601</int></value>") && fault.contains("&lt;x&gt;"))
    }
}
