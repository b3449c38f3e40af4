// What a description may cost, and how many helper processes render.

/// The limits of `ReadmeRenderer`.
public struct RendererLimits: Sendable, Hashable {
    /// The most helper processes at a time. One sender's texts never occupy the last of several.
    public var helpers = 2

    /// Wall time in seconds for one text; a helper that needs longer is killed.
    public var seconds = 10

    /// Address space of one helper in bytes.
    public var memory = 1 << 30

    /// The most bytes of UTF-8 of a text; larger ones are refused.
    public var largestText = 2 << 20

    /// The most bytes of one answer; a text that comes to more is refused.
    public var answerSize = 16 << 20

    /// How many texts a helper renders before another one takes its place.
    public var textsPerHelper = 1_000

    /// How long a helper may wait for a text before it ends and gives its memory back.
    public var idleTime: Duration = .seconds(60)

    /// How long an interpreter may need to say that it is ready.
    public var startTime: Duration = .seconds(20)

    /// How long a missing renderer is taken for missing without looking again.
    public var probeInterval: Duration = .seconds(30)

    /// How long no helper need start, while one was ready lately, before the renderer is taken for missing.
    public var shortage: Duration = .seconds(60)

    /// How long ago "lately" is.
    public var trust: Duration = .seconds(600)

    /// How many texts may wait for a helper; more are turned away as `busy`.
    public var waitingTexts = 512

    /// How many bytes all texts that wait may have; more are turned away as `busy`.
    public var waitingBytes = 128 << 20

    /// How many texts of one sender may wait or be in work; more are turned away as `busy`. Senders take turns, so many of one keep nobody else waiting.
    public var textsPerSender = 256

    /// How long a text may wait before it is begun; then it is turned away as `busy`.
    public var longestWait: Duration = .seconds(60)

    /// The defaults.
    public init() {}
}
