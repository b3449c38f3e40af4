// What a description may cost, and how many helper processes render.

/// The limits of `ReadmeRenderer`.
public struct RendererLimits: Sendable, Hashable {
    /// The most helper processes at a time.
    public var helpers = 2

    /// Wall time in seconds for one text; a helper that needs longer is killed.
    public var seconds = 10

    /// Address space of one helper in bytes.
    public var memory = 1 << 30

    /// The size of one answer in bytes above which it is taken for rubbish.
    public var answerSize = 256 << 20

    /// How many texts a helper renders before another one takes its place.
    public var textsPerHelper = 1_000

    /// How long a helper may wait for a text before it ends and gives its memory back.
    public var idleTime: Duration = .seconds(60)

    /// How long an interpreter may need to say that it is ready.
    public var startTime: Duration = .seconds(20)

    /// How long a missing renderer is taken for missing without looking again.
    public var probeInterval: Duration = .seconds(30)

    /// How many texts may wait for a helper; more are turned away as `busy`.
    public var waitingTexts = 1_000

    /// The defaults.
    public init() {}
}
