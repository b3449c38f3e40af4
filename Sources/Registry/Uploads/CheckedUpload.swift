import Distributions
import Packaging

/// An upload that has passed every check and waits for its bytes to be stored and its rows to be written.
struct CheckedUpload: Sendable {
    let form: UploadForm
    let target: UploadTarget
    let identity: Identity
    let source: RequestSource
    let description: RenderedDescription?
    let inspection: UploadInspection

    /// The Pythons this very file is for. Where it contradicts its form and this index only notes that, the file is believed: installers that open
    /// it do so.
    var requiresPython: String? {
        guard let contradiction = inspection.contradiction, contradiction.field == .requiresPython else { return form.metadata.requiresPython }
        return contradiction.inFile.flatMap { try? VersionSpecifierSet($0) }.map(\.description) ?? form.metadata.requiresPython
    }

    /// The relaxed rules that the file breaks.
    var remarks: [UploadRemark] { form.remarks + target.remarks + (description?.remark.map { [$0] } ?? []) + inspection.remarks }

    /// What is no reason to refuse the file but worth knowing, each a whole sentence.
    var warnings: [String] {
        var warnings = remarks.map(\.sentence)
        if let record = inspection.record, !record.isFaithful {
            warnings.append("RECORD does not say what is in the wheel: \(record.sentence).")
        }
        if let contradiction = inspection.contradiction {
            warnings.append("The file's metadata contradicts the upload form: \(contradiction).")
        }
        if let description, description.renderer == nil, !description.isBroken {
            warnings.append("The description is shown as plain text: this index has no renderer for descriptions.")
        }
        return warnings
    }
}

extension RecordVerdict {
    /// The differences, as clauses.
    fileprivate var sentence: String {
        func names(_ list: [String]) -> String {
            list.prefix(3).map(MetadataError.echo).joined(separator: ", ") + (list.count > 3 ? " and \(list.count - 3) more" : "")
        }
        var clauses: [String] = []
        if !missing.isEmpty { clauses.append("it leaves out \(names(missing))") }
        if !extra.isEmpty { clauses.append("it lists \(names(extra)), which \(extra.count == 1 ? "is" : "are") not there") }
        if !wrongHash.isEmpty { clauses.append("the hash of \(names(wrongHash)) is wrong") }
        if !wrongSize.isEmpty { clauses.append("the size of \(names(wrongSize)) is wrong") }
        return clauses.joined(separator: "; ")
    }
}
