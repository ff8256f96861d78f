"""Where the figures go: one JSON a size, a table, and a chart over all sizes that were measured."""

import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

RESULTS = Path(__file__).parent / "results"
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 760, 420, 60, 190, 40, 50
_COLOURS = ("#0b6e6e", "#b04a00", "#5a3fa0")


def describe_machine() -> str:
    """Processors, memory and system, in a line."""
    memory = next(
        (line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal")), "0"
    )
    cores = Path("/proc/cpuinfo").read_text().count("processor\t:")
    return f"{cores} cores, {int(memory) / 2**20:.0f} GiB, {platform.system()} {platform.machine()}"


def save(rows: int, figures: dict[str, Any], results: Path = RESULTS) -> Path:
    """Add these figures to those of this size, and draw table and chart anew; returns the JSON's path."""
    results.mkdir(exist_ok=True)
    path = results / f"{rows}.json"
    known = orjson.loads(path.read_bytes()) if path.exists() else {}
    path.write_bytes(orjson.dumps({**known, "rows": rows, **figures}, option=orjson.OPT_INDENT_2) + b"\n")
    sizes = sorted(
        (orjson.loads(file.read_bytes()) for file in results.glob("[0-9]*.json")), key=lambda result: result["rows"]
    )
    (results / f"{rows}.md").write_text(write_table(orjson.loads(path.read_bytes())), encoding="utf-8")
    if drawn := [result for result in sizes if "mix" in result]:
        (results / "size.svg").write_text(draw_chart(drawn), encoding="utf-8")
    return path


def write_table(result: dict[str, Any]) -> str:
    """One size's figures as Markdown."""
    lines = [f"# {result['rows']:,} listings", "", result.get("machine", ""), ""]
    if "mix" in result:
        lines += [
            "| search, p50 / p95 ms | service | bare engine | relay | PostGIS | p50 ratio | p95 ratio |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        cases = [("**the whole mix**", result["mix"]), *result["cases"].items(), ("opening page", result["opening"])]
        lines += [_row(name, case) for name, case in cases]
    if "degraded" in result:
        lines += _degraded(result["degraded"])
    for name in ("throughput", "line", "rebuild", "lanes", "console", "import", "synth"):
        if name in result:
            lines += ["", f"## {name.capitalize()}", "", "| | |", "| --- | ---: |"]
            lines += [f"| {key.replace('_', ' ')} | {_cell(value)} |" for key, value in result[name].items()]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    """A figure, or the median and the 95th percentile of one."""
    return f"{value['p50_ms']} / {value['p95_ms']} ms" if isinstance(value, dict) and "p50_ms" in value else str(value)


def _degraded(result: dict[str, Any]) -> list[str]:
    keys = ("share_in_time", "refused", "total_at_least", "facets_left_out")
    rows = [("**the whole mix**", result["mix"]), *result["cases"].items()]
    return [
        "",
        "## Without OpenSearch",
        "",
        f"| p50 / p95 ms | | within {result['within_s']:g} s | refused | total at least | facets left out |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *(
            f"| {name} | {case['p50_ms']:.1f} / {case['p95_ms']:.1f} | {' | '.join(str(case[key]) for key in keys)} |"
            for name, case in rows
        ),
    ]


def _row(name: str, case: dict[str, Any]) -> str:
    sides = (case.get(side) for side in ("us", "engine", "relay", "postgis"))
    cells = [f"{side['p50_ms']:.1f} / {side['p95_ms']:.1f}" if side else "" for side in sides]
    shares = [f"{case[ratio]:.2f}" if ratio in case else "" for ratio in ("ratio_p50", "ratio_p95")]
    return "| " + " | ".join((name, *cells, *shares)) + " |"


def draw_chart(results: Sequence[dict[str, Any]]) -> str:
    """p50 and p95 of the mix against the number of listings, each line named at its end; both axes are logarithmic."""
    import math  # noqa: PLC0415

    lines = {
        f"{side_name} {p}": [(result["rows"], result["mix"][side][f"{p}_ms"]) for result in results]
        for side, side_name in (("us", "service"), ("engine", "bare engine"))
        for p in ("p50", "p95")
    }
    rows = [result["rows"] for result in results]
    times = [time for line in lines.values() for _, time in line]
    low, high = math.log10(min(rows)) - 0.1, math.log10(max(rows)) + 0.1
    bottom, top = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))

    def x(count: float) -> float:
        return _LEFT + (math.log10(count) - low) / (high - low) * (_WIDTH - _LEFT - _RIGHT)

    def y(time: float) -> float:
        return _HEIGHT - _BOTTOM - (math.log10(time) - bottom) / max(top - bottom, 1) * (_HEIGHT - _TOP - _BOTTOM)

    drawn = [f'<text x="{_LEFT}" y="24" font-weight="bold">Milliseconds of a search, over the whole mix</text>']
    drawn += [_grid_line(y(10.0**power), f"{10.0**power:g} ms") for power in range(bottom, top + 1)]
    drawn += [
        f'<text x="{x(count):.0f}" y="{_HEIGHT - 18}" text-anchor="middle">{count:,} listings</text>' for count in rows
    ]
    for number, (name, points) in enumerate(lines.items()):
        drawn += _draw_line(name, [(x(count), y(time)) for count, time in points], points[-1][1], number)
    style = "font-family:system-ui,sans-serif;font-size:13px"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" style="{style}" role="img">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *drawn, "</svg>"]) + "\n"


def _grid_line(height: float, label: str) -> str:
    return (
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{height:.1f}" y2="{height:.1f}" stroke="#ddd"/>'
        f'<text x="{_LEFT - 6}" y="{height + 4:.1f}" text-anchor="end">{label}</text>'
    )


def _draw_line(name: str, points: Sequence[tuple[float, float]], last: float, number: int) -> list[str]:
    colour = _COLOURS[number // 2]
    dashes = ' stroke-dasharray="6 4"' if name.endswith("p50") else ""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    # Lines that end close to each other keep their names apart.
    end_x, end_y = points[-1][0], points[-1][1] + (-4 if number < 2 else 12)
    return [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>',
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points),
        f'<text x="{end_x + 8:.1f}" y="{end_y:.1f}" fill="{colour}">{name}: {last:g} ms</text>',
    ]
