// The program's own counters, as swift-metrics makes them (`Counter(label:)`), for the page of metrics.

package import CoreMetrics
import Synchronization

/// Keeps every counter, gauge and histogram that the program makes, by name and labels. One that is made again goes on where it was.
package final class MetricsRegistry: MetricsFactory {
    /// A label that takes ever new values is a mistake: what comes after this many is not kept.
    private static let seriesLimit = 5000

    private struct Key: Hashable {
        let name: String
        let labels: [String]
    }

    private struct State {
        var series: [Key: Series] = [:]
        var kinds: [String: MetricsText.Kind] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter)
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge)
    }

    package func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        series(label, dimensions, aggregate ? .histogram : .gauge)
    }

    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram)
    }

    // Kept: whoever counts for a moment still has counted.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    private func series(_ label: String, _ dimensions: [(String, String)], _ kind: MetricsText.Kind) -> Series {
        let name = MetricsText.name(label)
        let labels = dimensions.map { (MetricsText.name($0.0), $0.1) }
        let key = Key(name: name, labels: labels.flatMap { [$0.0, $0.1] })
        return state.withLock { state in
            if let series = state.series[key], series.kind == kind { return series }
            let series = Series(kind: kind, labels: labels)
            // A name is of one kind: a second one would make the whole page unreadable.
            guard state.series.count < Self.seriesLimit, state.kinds[name, default: kind] == kind else { return series }
            state.kinds[name] = kind
            state.series[key] = series
            return series
        }
    }

    func write(to text: inout MetricsText) {
        let (all, kinds) = state.withLock { ($0.series, $0.kinds) }
        let families = Dictionary(grouping: all, by: \.key.name)
        for (name, family) in families.sorted(by: { $0.key < $1.key }) {
            text.family(name, kinds[name] ?? .gauge)
            for (_, series) in family.sorted(by: { $0.key.labels.lexicographicallyPrecedes($1.key.labels) }) { series.write(name, to: &text) }
        }
    }
}

/// One name with one set of labels.
private final class Series: CounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// Seconds, for times; whatever the recorder records otherwise.
    private static let bounds: [Double] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300]

    private struct Values {
        var value = 0.0
        var counts: [Int]
    }

    let kind: MetricsText.Kind
    private let labels: [(String, String)]
    /// The count or level; of a histogram the sum.
    private let values: Mutex<Values>

    init(kind: MetricsText.Kind, labels: [(String, String)]) {
        self.kind = kind
        self.labels = labels
        values = Mutex(Values(counts: kind == .histogram ? Array(repeating: 0, count: Self.bounds.count + 1) : []))
    }

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { values.withLock { $0.value += amount } }
    func decrement(by amount: Double) { increment(by: -amount) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { values.withLock { $0.value = value } }
    func reset() { set(0.0) }
    func record(_ value: Int64) { record(Double(value)) }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func record(_ value: Double) {
        guard kind == .histogram else { return set(value) }
        values.withLock { values in
            values.value += value
            values.counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
        }
    }

    func write(_ name: String, to text: inout MetricsText) {
        let values = values.withLock { $0 }
        if kind == .histogram {
            text.histogram(name, labels, bounds: Self.bounds, counts: values.counts, sum: values.value)
        } else {
            text.sample(name, labels, values.value)
        }
    }
}
