import Testing

@testable import Distributions

@Suite struct MemberTextTests {
    @Test(
        arguments: [
            ("", [], true), ("a", ["a"], false), ("a\n", ["a"], true), ("a\r\nb\rc\n\nd", ["a", "b", "c", "", "d"], false), ("\r", [""], true),
            ("\n\r\n", ["", ""], true), ("a\u{2028}b\u{B}c", ["a⟨U+2028⟩b␋c"], false),
        ] as [(String, [String], Bool)]
    )
    func `lines end where Python ends them`(text: String, lines: [String], ends: Bool) throws {
        let found = try #require(MemberText(Array(text.utf8)))
        #expect(found.lines == lines)
        #expect(found.endsWithNewline == ends)
    }

    @Test func `nothing is hidden`() throws {
        let text = try #require(MemberText(Array("a\u{1B}[31m\tb\u{202E}c\u{200B}\u{7F}\u{E000}\u{3164}\n".utf8)))
        #expect(text.lines == ["a␛[31m\tb⟨U+202E⟩c⟨U+200B⟩␡⟨U+E000⟩⟨U+3164⟩"])
        #expect(text.hasHiddenCharacters)
        #expect(try #require(MemberText(Array("grün ❤\u{FE0F}\t語\n".utf8))).hasHiddenCharacters == false)
    }

    @Test(arguments: [[0x61, 0], [0xFF, 0xFE, 0x61, 0], [0xC3, 0x28], [0xE9], [0xED, 0xA0, 0x80]] as [[UInt8]])
    func `what has a NUL or is in no encoding is no text`(bytes: [UInt8]) {
        #expect(MemberText(bytes) == nil)
    }

    @Test func `a mark at the beginning is no part of the text`() throws {
        let text = try #require(MemberText([0xEF, 0xBB, 0xBF, 0x61], isPython: true))
        #expect(text.lines == ["a"])
        #expect(text.encoding == .markedUTF8)
    }

    @Test(arguments: [
        ("# coding: latin-1\n\u{E9}", SourceEncoding.latin1, "é"), ("#!/usr/bin/python\n# -*- coding: ISO_8859_1 -*-\n\u{E9}", .latin1, "é"),
        ("\t\u{C}# vim: set fileencoding=iso-8859-1-unix :\n\u{E9}", .latin1, "é"), ("# coding=cp1252\n\u{80}\u{9F}", .windows1252, "€Ÿ"),
        ("\r\n# coding:latin1\r\n\u{E9}", .latin1, "é"), ("# encoding coding:\n#coding:l1\n\u{E9}", .latin1, "é"),
    ])
    func `a declared encoding of bytes counts in Python files`(latin: String, encoding: SourceEncoding, last: String) throws {
        let bytes = latin.unicodeScalars.map { UInt8($0.value) }
        let text = try #require(MemberText(bytes, isPython: true))
        #expect(text.encoding == encoding)
        #expect(text.lines.last == last)
        #expect(MemberText(bytes, isPython: false) == nil)
    }

    @Test(arguments: [
        ("x = 1\n# coding: latin-1\n", SourceEncoding.utf8), ("\n\n# coding: latin-1\n", .utf8), ("# coding latin-1\n", .utf8),
        ("'# coding: latin-1'\n", .utf8), ("# coding: utf_8_sig\n", .utf8), ("# coding: utf-7\n+AGE-", .undecoded("utf-7")),
        ("# coding: unicode_escape\nx = '\\x0a'", .undecoded("unicode_escape")), ("", .utf8), ("# coding:", .utf8),
    ])
    func `a declaration counts where Python looks for it, and one that changes the meaning is told`(text: String, encoding: SourceEncoding) throws {
        #expect(try #require(MemberText(Array(text.utf8), isPython: true)).encoding == encoding)
    }

    @Test func `a character that was cut through is left out`() throws {
        for character in ["é", "語", "😀", "a"] {
            let whole = Array("ab\(character)".utf8)
            for count in 2..<whole.count {
                let text = MemberText(Array(whole.prefix(count)), isCut: true)
                #expect(text?.lines == ["ab"])
                #expect(MemberText(Array(whole.prefix(count))) == nil || count == 2)
            }
            #expect(MemberText(whole, isCut: true)?.lines == ["ab\(character)"])
        }
        #expect(MemberText([0x61, 0x80, 0x80, 0x80, 0x80], isCut: true) == nil)
    }
}
