"""What was measured, as a table on the terminal, as lines of results.tsv and as a chart."""

import dataclasses
import datetime
import math
import os
import pathlib
import subprocess
from html import escape

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "docs/benchmarks"
NOTES = (
    "Ratios are medians over rounds of the servers in turn, each on one processor with the load generator on the other.",
    "CPU is what a server's processes used, user and system; its ratio is the yardstick's divided by Emporium's: more than 1 is cheaper.",
)


@dataclasses.dataclass
class Row:
    """One line of the table. Times are milliseconds, CPU is microseconds a request; what does not apply is None."""

    measurement: str
    unit: str
    emporium: float
    yardstick_name: str = ""
    yardstick: float | None = None
    ratio: float | None = None
    p50: float | None = None
    p99: float | None = None
    yardstick_p50: float | None = None
    yardstick_p99: float | None = None
    cpu: float | None = None
    yardstick_cpu: float | None = None
    cpu_ratio: float | None = None
    note: str = ""
    # What the row is to reach, and whether it did: in results.tsv they stand before the note.
    goal: str = ""
    verdict: str = ""


@dataclasses.dataclass
class Machine:
    date: str
    commit: str
    description: str

    @staticmethod
    def this(data: pathlib.Path) -> "Machine":
        def field(path: str, key: str) -> str:
            lines = pathlib.Path(path).read_text().splitlines()
            return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "unknown")

        def output(*command: str) -> str:
            return subprocess.run(command, capture_output=True, text=True, cwd=ROOT).stdout.strip() or "unknown"

        memory = int(field("/proc/meminfo", "MemTotal").split()[0]) / 1e6
        filesystem = output("stat", "-f", "-c", "%T", str(data))
        return Machine(
            datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            output("git", "describe", "--always", "--tags", "--dirty"),
            f"{len(os.sched_getaffinity(0))} x {field('/proc/cpuinfo', 'model name')}, {memory:.1f} GB, data on {filesystem}, "
            f"load {os.getloadavg()[0]:.1f} at the start",
        )


def number(value: float | None) -> str:
    """Three significant digits or all of the whole ones."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    return f"{value:.{max(0, 2 - math.floor(math.log10(abs(value))))}f}"


def show(rows: list[Row], machine: Machine, faults: list[str], seconds: float):
    titles = (
        "", "CPU us", "other's", "CPU ratio", "emporium", "", "other", "ratio", "p50 ms", "p99 ms", "other's", "other's", "", "verdict", "goal", "",
    )  # fmt: skip
    lines = [titles] + [
        (
            row.measurement, number(row.cpu), number(row.yardstick_cpu), number(1 / row.cpu_ratio if row.cpu_ratio else None),
            number(row.emporium), row.unit, number(row.yardstick), number(row.ratio),
            number(row.p50), number(row.p99), number(row.yardstick_p50), number(row.yardstick_p99),
            row.yardstick_name, row.verdict, row.goal, row.note,
        )
        for row in rows
    ]  # fmt: skip
    widths = [max(len(line[column]) for line in lines) for column in range(len(titles))]
    left = {0, 5, 12, 13, 14, 15}
    print(f"\nEmporium {machine.commit}, {machine.date}\n{machine.description}\n")
    for line in lines:
        cells = (text.ljust(width) if column in left else text.rjust(width) for column, (text, width) in enumerate(zip(line, widths)))
        print("  ".join(cells).rstrip())
    print()
    for note in NOTES:
        print(note)
    for fault in sorted(set(faults))[:10]:
        print(f"  error ({faults.count(fault)} times): {fault}")
    print(f"Measured in {seconds:.0f} s.", flush=True)


def keep(rows: list[Row], machine: Machine, with_chart: bool = True):
    FOLDER.mkdir(parents=True, exist_ok=True)
    table = FOLDER / "results.tsv"
    columns = [field.name for field in dataclasses.fields(Row) if field.name not in ("goal", "verdict")]
    with table.open("a") as output:
        if output.tell() == 0:
            output.write("\t".join(["date", "commit", "machine", *columns]) + "\n")
        for row in rows:
            texts = [f"{row.verdict}: {row.goal}" if row.goal else "", row.note]
            row = dataclasses.replace(row, note="; ".join(text for text in texts if text))
            values = [value if isinstance(value, str) else number(value) for value in (getattr(row, column) for column in columns)]
            output.write("\t".join([machine.date, machine.commit, machine.description, *values]) + "\n")
    print(f"Appended to {table.relative_to(ROOT)}.")
    if with_chart:
        compared = [row for row in rows if row.yardstick_name == "nginx" and row.cpu_ratio]
        (FOLDER / "latest.svg").write_text(chart(compared, machine))
        print(f"Drew {(FOLDER / 'latest.svg').relative_to(ROOT)}.")


def chart(rows: list[Row], machine: Machine) -> str:
    """Bars from the line where Emporium equals nginx, on a logarithmic scale: throughput to one side, CPU to the other."""
    left, right, top, line, bar = 270, 70, 92, 34, 11
    width = 900
    values = [value for row in rows for value in (row.ratio, row.cpu_ratio and 1 / row.cpu_ratio) if value]
    low = math.floor(math.log10(min(values + [1])))
    high = math.ceil(math.log10(max(values + [1])))
    # Room for the numbers at the ends of the bars.
    start, end = left + 50, width - right
    height = top + len(rows) * line + 60

    def x(value: float) -> float:
        return start + (math.log10(value) - low) / max(1, high - low) * (end - start)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#222">',
        f'<title>Emporium compared with nginx, {escape(machine.commit)}</title>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        '<text x="16" y="26" font-size="17" font-weight="600">Emporium compared with nginx serving the same bytes</text>',
        f'<text x="16" y="46" fill="#555">{escape(machine.commit)}, {machine.date[:10]}, {escape(machine.description)}</text>',
        '<rect x="16" y="58" width="11" height="11" fill="#2f6fb5"/><text x="32" y="68">throughput (more is better)</text>',
        '<rect x="230" y="58" width="11" height="11" fill="#d9822b"/><text x="246" y="68">CPU a request, that of nginx divided by ours (more is better)</text>',
    ]
    for exponent in range(low, high + 1):
        place = x(10**exponent)
        colour = "#222" if exponent == 0 else "#ddd"
        parts.append(f'<line x1="{place:.1f}" y1="{top - 6}" x2="{place:.1f}" y2="{height - 50}" stroke="{colour}"/>')
        label = "= nginx" if exponent == 0 else f"{10**exponent:g} x"
        parts.append(f'<text x="{place:.1f}" y="{height - 34}" text-anchor="middle" fill="#555">{label}</text>')
    for index, row in enumerate(rows):
        y = top + index * line
        parts.append(f'<text x="{left - 6}" y="{y + bar + 4}" text-anchor="end">{escape(row.measurement)}</text>')
        for offset, value, colour in ((0, row.ratio, "#2f6fb5"), (bar + 1, 1 / row.cpu_ratio if row.cpu_ratio else None, "#d9822b")):
            if not value:
                continue
            begin, stop = sorted((x(1), x(value)))
            anchor, place = ("end", begin - 4) if value < 1 else ("start", stop + 4)
            parts.append(f'<rect x="{begin:.1f}" y="{y + offset}" width="{max(1, stop - begin):.1f}" height="{bar}" fill="{colour}"/>')
            parts.append(f'<text x="{place:.1f}" y="{y + offset + 10}" text-anchor="{anchor}" font-size="11">{number(value)}</text>')
    parts.append(f'<text x="16" y="{height - 12}" fill="#555">{escape(NOTES[0])}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
