import Markup
import Registry

/// Downloads by day, as a line.
struct DownloadChart {
    private static let width = 300
    private static let height = 60

    let days: [DownloadStatistics.Entry]

    /// A drawing in the page, in the colours of its scheme. What it shows stands in a table beside it.
    func html(_ label: Message) -> HTML {
        """
        <svg class="spark" viewBox="0 0 \(Self.width) \(Self.height)" preserveAspectRatio="none" role="img" aria-label="\(text: label)">\
        <path class="area" d="\(line) V\(Self.height) H0z"/><path class="line" d="\(line)"/></svg>
        """
    }

    /// A drawing for itself, in colours that can be seen on light and on dark.
    var document: HTML {
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Self.width) \(Self.height)" width="\(Self.width)" height="\(Self.height)" \
        preserveAspectRatio="none"><path fill="#2a9d8c" fill-opacity="0.15" d="\(line) V\(Self.height) H0z"/>\
        <path fill="none" stroke="#2a9d8c" stroke-width="2" vector-effect="non-scaling-stroke" d="\(line)"/></svg>

        """
    }

    private var line: String {
        let most = max(1, days.map(\.count).max() ?? 1)
        let points = days.enumerated().map { place, day in
            let x = days.count > 1 ? place * Self.width / (days.count - 1) : 0
            // A little below the edge, where a thick line is still whole.
            let y = Self.height - 3 - Int(day.count * Int64(Self.height - 8) / most)
            return "\(x) \(y)"
        }
        return "M" + points.joined(separator: " L")
    }
}
