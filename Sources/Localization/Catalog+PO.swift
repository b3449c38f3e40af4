// Reads PO files.

extension Catalog {
    /// - Parameter text: a PO file in UTF-8.
    /// - Throws: ``InvalidCatalog``, with the line.
    public init(po text: String) throws(InvalidCatalog) {
        guard text.utf8.count <= 8 << 20 else { throw InvalidCatalog(line: 1, reason: .tooLarge) }
        var reader = POReader()
        var number = 0
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            do throws(InvalidCatalog.Reason) { try reader.read(line) } catch { throw InvalidCatalog(line: number, reason: error) }
        }
        do throws(InvalidCatalog.Reason) { try reader.finish() } catch { throw InvalidCatalog(line: number, reason: error) }
        let rule: PluralRule
        do throws(InvalidPluralRule) {
            rule = try reader.header["plural-forms"].map { text throws(InvalidPluralRule) in try PluralRule(text) } ?? .germanic
        } catch {
            throw InvalidCatalog(line: reader.headerLine, reason: .pluralForms(error))
        }
        if let charset = reader.header["content-type"]?.lowercased().split(separator: "charset=").dropFirst().first,
            !["utf-8", "utf8", "ascii", "us-ascii"].contains(charset.prefix { $0 != ";" && $0 != " " })
        {
            throw InvalidCatalog(line: reader.headerLine, reason: .charset)
        }
        var entries: [Entry] = []
        for (entry, line) in reader.entries {
            guard entry.pluralID == nil || entry.translations.count == rule.count else {
                throw InvalidCatalog(line: line, reason: .wrongNumberOfForms)
            }
            entries.append(entry)
        }
        let language = reader.header["language"].flatMap { $0.isEmpty ? nil : $0 }
        self.init(language: language, rule: rule, entries: entries)
    }
}

/// Why a text is no catalog.
public struct InvalidCatalog: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: Error, Sendable, Hashable {
        case tooLarge
        case tooManyEntries
        /// Neither a comment nor a keyword with a string in quotation marks.
        case line
        /// A keyword where it can not be: a `msgstr` without a `msgid`, one that is said twice.
        case keyword(String)
        case escape
        /// Bytes that an escape makes, which are no UTF-8, or a NUL.
        case encoding
        case duplicate
        case wrongNumberOfForms
        case charset
        case pluralForms(InvalidPluralRule)
    }

    /// From 1.
    public let line: Int
    public let reason: Reason

    public var description: String {
        let what =
            switch reason {
            case .tooLarge: "a catalog has no more than 8 MiB"
            case .tooManyEntries: "a catalog has no more than \(POReader.entryLimit) entries"
            case .line: "a line is a comment, or a keyword and a string in quotation marks"
            case .keyword(let keyword): "\(keyword) can not be here"
            case .escape: "there is no such escape"
            case .encoding: "it is no UTF-8"
            case .duplicate: "the message is there already"
            case .wrongNumberOfForms: "it has not as many forms as Plural-Forms says"
            case .charset: "the charset must be UTF-8"
            case .pluralForms(let error): "\(error)"
            }
        return "line \(line): \(what)"
    }
}
