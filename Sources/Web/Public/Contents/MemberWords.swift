import Distributions
import Markup
import Registry

/// What members are called on pages.
enum MemberWords {
    static func kind(_ kind: MemberKind) -> Message {
        switch kind {
        case .python: "Python"
        case .metadata: Message("metadata")
        case .license: Message("licence")
        case .nativeLibrary: Message("native library")
        case .pathConfiguration: Message("path file")
        case .startupHook: Message("runs at every start")
        case .script: Message("script")
        case .data: Message("data")
        }
    }

    /// What has to be said of few members.
    static func marks(_ marks: MemberSummary.Marks) -> [Message] {
        let words: [(MemberSummary.Marks, Message)] = [
            (.runsCode, Message("runs code at every start")), (.unsafePath, Message("dubious path")), (.unreadable, Message("can not be read")),
            (.contradictsRecord, Message("not what RECORD says")), (.missingFromRecord, Message("not in RECORD")),
            (.notAFile, Message("link or device")),
        ]
        return words.filter { marks.contains($0.0) }.map(\.1)
    }

    static func typing(_ typing: DistributionContents.Typing) -> Message {
        switch typing {
        case .none: Message("no")
        case .marker: Message("yes")
        case .stubs: Message("stubs for another package")
        }
    }
}
