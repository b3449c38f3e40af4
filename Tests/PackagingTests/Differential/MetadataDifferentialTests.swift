// The rules for metadata against PyPA `packaging` and the libraries an index rests on.

import Testing

@testable import Packaging

@Suite struct MetadataDifferentialTests {
    private func oracle(_ stream: String) -> OracleStream {
        OracleStream(script: "metadata_oracle.py", stream: stream, environment: "metadata", requirements: "metadata-requirements.txt")
    }

    private static let valueSeparator = "\u{1F}"

    @Test func `licence expressions agree with packaging`() throws {
        try oracle("licenses").compare(atLeast: 15_000) { record, tally in
            let expression = try? LicenseExpression(record[1])
            tally.check("validity", record, theirs: record.kind == "license", ours: expression != nil)
            tally.check("text", record, theirs: record[2], ours: expression?.normalized ?? "")
        }
    }

    @Test func `description content types agree with packaging`() throws {
        try oracle("content-types").compare(atLeast: 10_000) { record, tally in
            tally.check("validity", record, theirs: record[2] == "1", ours: (try? DescriptionContentType(record[1])) != nil)
        }
    }

    @Test func `faulty fields and stored values agree with packaging`() throws {
        try oracle("metadata").compare(atLeast: 30_000) { record, tally in
            var values: [MetadataField: [String]] = [:]
            for index in stride(from: 9, to: record.fields.count, by: 2) {
                values[try #require(MetadataField(rawValue: record[index])), default: []].append(record[index + 1])
            }
            var metadata = CoreMetadata()
            for (field, given) in values where !metadata.set(field, to: given) {
                Issue.record("cannot set \(field)")
            }

            let faulty = Set(metadata.libraryErrors(by: .packagingLibrary).map(\.field))
            tally.check("faulty fields", record, theirs: record[1], ours: faulty.sorted().joined(separator: ","))

            let stored = metadata.normalized(by: .packagingLibrary)
            let texts: [(String, String?)] = [
                ("version", stored.version), ("requires-python", stored.requiresPython), ("license-expression", stored.licenseExpression),
                ("requires-dist", stored.requiresDist?.joined(separator: Self.valueSeparator)),
                ("provides-extra", stored.providesExtra?.joined(separator: Self.valueSeparator)),
                ("dynamic", stored.dynamic?.map { $0.lowercased() }.joined(separator: Self.valueSeparator)),
                ("keywords", stored.keywords?.joined(separator: Self.valueSeparator)),
            ]
            for (index, (field, text)) in texts.enumerated() {
                tally.check(field, record, theirs: record[index + 2], ours: faulty.contains(field) ? "" : text ?? "")
            }
        }
    }

    @Test func `metadata files agree with packaging`() throws {
        try oracle("files").compare(atLeast: 20_000) { record, tally in
            let file = CoreMetadata.parse(file: record[1].unicodeScalars.map { UInt8($0.value) })
            let understood = file.metadata.presentFields.map { field in
                var parts = [field.rawValue]
                if let path = CoreMetadata.textPath(field) { parts.append(file.metadata[keyPath: path]!) }
                if let path = CoreMetadata.listPath(field) { parts += file.metadata[keyPath: path]! }
                if field == .projectURL { parts += file.metadata.projectURLs!.map { $0.label + "\u{1E}" + $0.url } }
                return parts.joined(separator: Self.valueSeparator)
            }
            tally.check("fields", record, theirs: record[2], ours: Self.lines(understood))
            let rest = file.unparsed.map { ([$0] + $1).joined(separator: Self.valueSeparator) }
            tally.check("unparsed", record, theirs: record[3], ours: Self.lines(rest))
            let faulty = file.errors(by: .packagingLibrary).map(\.field)
            tally.check("faulty fields", record, theirs: record[4], ours: faulty.sorted().joined(separator: ","))
        }
    }

    @Test func `addresses agree with email and email-validator`() throws {
        try oracle("addresses").compare(atLeast: 6_000) { record, tally in
            let address = EmailAddressList.firstAddress(in: record[1]) ?? ""
            tally.check("first address", record, theirs: record[2], ours: address)
            guard record[4] == "1" else { return }
            tally.check("validity", record, theirs: record[3] == "1", ours: address.isEmpty || EmailAddress.fault(of: address) == nil)
        }
    }

    @Test func `URLs agree with rfc3986`() throws {
        try oracle("urls").compare(atLeast: 6_000) { record, tally in
            tally.check("validity", record, theirs: record[2] == "1", ours: WebAddress.isValid(record[1]))
        }
    }

    /// Sorted by code points, as Python sorts.
    private static func lines(_ texts: [String]) -> String {
        texts.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: "\n")
    }
}
