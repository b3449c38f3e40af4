// METADATA files and upload forms.

#if !FUZZING
@testable import Packaging
#endif

/// What a file says can be sent as a form and says the same there.
@Sendable func brokenMetadata(_ bytes: [UInt8]) -> String? {
    let file = CoreMetadata.parse(file: bytes)
    let metadata = file.metadata
    // Of two descriptions one can be read while the other, the body, is no UTF-8.
    for field in metadata.presentFields where field != .description && file.unparsed[field.rawValue] != nil {
        return "\(field.rawValue) is both read and unreadable"
    }
    let faults = file.errors()
    guard faults.allSatisfy({ !$0.message.isEmpty }) else { return "a fault without a message" }
    let normalized = metadata.normalized()
    guard normalized.normalized() == normalized else { return "the metadata normalizes twice" }
    guard let valid = try? metadata.validated() else { return nil }
    guard valid == normalized else { return "valid metadata is not the normalized metadata" }
    guard (try? valid.validated()) == valid else { return "valid metadata is valid only once" }

    let form: CoreMetadata
    do { form = try CoreMetadata(form: valid.formFields) } catch { return "valid metadata can not be sent as a form: \(error)" }
    guard let received = try? form.validated() else { return "valid metadata is not valid as a form" }
    guard file.unparsed.isEmpty, let found = received.contradiction(in: file, of: .wheel) else { return nil }
    return "a form contradicts the file it was made from: \(found)"
}
