"""Write the figures of ``perf/results`` into docs/background/speed.md: ``python -m perf.speed_page``.

What stands between a pair of marks ``<!-- NAME -->`` and ``<!-- end -->`` is made anew, of the records that
are there; where one is missing, the page says so and which command makes it.
"""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FAMILIES = {"phi": "Phi-3.5-vision, 4 crops, two pictures", "mllama": "Llama-3.2-11B-Vision, stacked"}
Record = Mapping[str, Any]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown, the first column to the left."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def number(value: float | None, digits: int = 1) -> str:
    """Write a figure; a dash where there is none."""
    return "–" if value is None else f"{value:,.{digits}f}"


def percent(value: float | None) -> str:
    """Write a share."""
    return "–" if value is None else f"{100 * value:.0f}%"


def _at(record: Record, *keys: str) -> Any:
    """Return what lies under these keys; None where something on the way is missing."""
    found: Any = record
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def where(record: Record) -> str:
    """Say what a record was measured with."""
    versions = f"torch {record['torch']}, transformers {record['transformers']}"
    return " ".join([f"Measured on {record['card']}, {versions}, Python {record['python']}.", *notes(record)])


def notes(record: Record) -> list[str]:
    """Return what has to be known besides, in sentences: how old the code was, and what else was computed."""
    said = [record[key] for key in ("version", "beside") if key in record]
    return [f"{note[0].upper()}{note[1:]}." for note in said]


def floors(records: Mapping[str, Record]) -> str:
    """Return the floors of each family and the ceilings that they come from."""
    rows = []
    for family, record in records.items():
        ceilings = record.get("ceilings", {})
        if "flops" not in ceilings:
            continue
        for question in ("verdict", "words"):
            warm = _at(record, question, "warm") or {}
            rows.append(
                [
                    f"{FAMILIES[family]}: {question}",
                    number(_at(warm, "prompt_tokens_mean"), 0),
                    number(_at(warm, "vision_tflop_per_pair")),
                    number(_at(warm, "tflop_per_pair")),
                    number(_at(warm, "gigabytes_per_step")),
                    number(_at(warm, "rows_to_a_step"), 0),
                    number(_at(warm, "ceiling_pairs_per_second")),
                ]
            )
    head = [
        "pair",
        "tokens",
        "TFLOP of pictures",
        "TFLOP in all",
        "GB a step",
        "rows",
        "pairs/s at the ceilings",
    ]
    measured = next(record["ceilings"] for record in records.values() if "flops" in record["ceilings"])
    said = (
        f"A {measured['size']}³ product in {measured['dtype']} ran at {measured['flops'] / 1e12:.0f} "
        "TFLOP/s, "
        f"a copy at {measured['bandwidth'] / 1e12:.2f} TB/s (read and written)."
    )
    return f"{where(next(iter(records.values())))} {said}\n\n{table(head, rows)}"


def throughput(records: Mapping[str, Record]) -> str:
    """Return the table of what is reached."""
    rows = []
    ways = {
        "plain `generate`, one at a time": ("single", "plain_{}"),
        "the bench, batches of one": ("single", "{}"),
        "the bench, first 32 pairs": ("{}", "cold"),
        "the same again, without captured graphs": ("{}", "cold_without_graphs"),
        "the same again, captured anew": ("{}", "cold_again"),
        "the bench, warm": ("{}", "warm"),
    }
    for family, record in records.items():
        for question in ("verdict", "words"):
            for way, keys in ways.items():
                found = _at(record, *(key.format(question) for key in keys))
                if found is None:
                    continue
                rows.append(
                    [
                        f"{family}, {question}: {way}",
                        number(found["pairs_per_second"], 2),
                        number(found.get("new_tokens_per_second"), 0) if question == "words" else "–",
                        percent(found.get("share_of_ceiling")),
                        number(_at(found, "counts", "capture_seconds")),
                        number(found.get("peak_gib")),
                    ]
                )
    head = ["way", "pairs/s", "new tokens/s", "of the ceiling", "s capturing", "peak GiB"]
    said = [" ".join([f"{family}:", where(record)]) for family, record in records.items()]
    return "\n\n".join([*said, table(head, rows)])


def questions(records: Mapping[str, Record]) -> str:
    """Return the table of three questions about each pair."""
    rows = []
    ways = {
        "the first 32 pairs": "cold",
        "256 pairs": "warm",
        "4 tests of each reference": "shared_references",
    }
    for family, record in records.items():
        for way, key in ways.items():
            if (found := _at(record, "questions", key)) is None:
                continue
            apart = {"cold": "cold_without_sharing", "warm": "without_sharing"}.get(key, "")
            rows.append(
                [
                    f"{family}: {way}",
                    number(found["trials_per_second"]),
                    number(_at(record, "questions", apart, "trials_per_second")),
                    number(_at(record, "commit_4b6508c", "questions", key, "per_second")),
                    number(_at(found, "counts", "prefill_tokens"), 0),
                    number(_at(found, "counts", "prefix_tokens_reused"), 0),
                    number(found.get("peak_gib")),
                ]
            )
    head = ["run", "trials/s", "without sharing", "commit 4b6508c", "tokens computed", "shared", "peak GiB"]
    return table(head, rows)


def alone(records: Mapping[str, Record]) -> str:
    """Return the tables of the runtime alone: its rates, and what the GPU's time goes to."""
    rows, kernels = [], []
    ways = (("plain", "torch's operations"), ("fused", "kernels of our own"))
    for family, record in records.items():
        for key, called in ways:
            if (found := record.get(key)) is None:
                continue
            rates = (found[name]["pairs_per_second"] for name in ("verdicts_first", "verdicts", "words"))
            rows.append([f"{family}, {called}", *map(number, rates)])
            spent = found["verdicts_by_kernel"]["milliseconds"]
            kernels += [
                [f"{family}, {called}: {kind}", number(took, 0)]
                for kind, took in spent.items()
                if took >= 0.5
            ]
    said = [" ".join([f"{family}:", where(record)]) for family, record in records.items()]
    head = ["64 rows", "verdicts/s, first", "verdicts/s", "answers of 64 tokens/s"]
    return "\n\n".join([*said, table(head, rows), table(["64 verdicts", "ms"], kernels)])


def held(records: Mapping[str, Record]) -> str:
    """Return the table of what has to hold beside the rates."""
    rows = []
    for family, record in records.items():
        for name, value in record.get("ratios", {}).items():
            rows.append([f"{family}: {name.replace('_', ' ')}", f"{value:.1f} times"])
        if (ratio := _at(record, "reuse", "ratio")) is not None:
            rows.append(
                [f"{family}: verdicts, references with 4 tests, remembered or not", f"{ratio:.2f} times"]
            )
        for question in ("verdict", "words"):
            if (idle := _at(record, "idle", question, "share")) is not None:
                long = _at(record, "idle", question, "long_share")
                rows.append(
                    [
                        f"{family}, {question}: GPU idle (in gaps over 1 ms)",
                        f"{100 * idle:.1f}% ({100 * long:.1f}%)",
                    ]
                )
            single = _at(record, "single", question) or {}
            if (gap := single.get("largest_difference_of_p")) is not None:
                rows.append([f"{family}: largest difference of P, batch against alone", f"{gap:.1e}"])
            if question == "words" and "texts_equal" in single:
                rows.append(
                    [
                        f"{family}: texts equal, batch against alone",
                        f"{single['texts_equal']} of {single['compared']}",
                    ]
                )
        if (exact := record.get("float32", {})).get("compared"):
            said = "".join(f" ({note})" for note in [exact.get("version")] if note)
            rows.append(
                [
                    f"{family}, tiny, float32: texts equal{said}",
                    f"{exact['texts_equal']} of {exact['compared']}",
                ]
            )
    return table(["what", "measured"], rows)


def several_gpus(record: Record) -> str:
    """Return the table of several GPUs."""
    rows = []
    for name, called in (
        ("one", "1 worker"),
        ("many", f"{record['workers']} workers"),
        ("killed", "one killed"),
    ):
        found = record.get(name)
        if found is None:
            continue
        missing = _at(found, "against_one", "missing")
        rows.append(
            [
                called,
                number(found["seconds_without_loading"]),
                number(found["trials_per_second"]),
                str(len(found["loads"])),
                str(found["trials"]),
                "–" if missing is None else str(len(missing)),
                str(_at(found, "against_one", "unequal") if missing is not None else "–"),
            ]
        )
    head = ["run", "s without loading", "trials/s", "models loaded", "trials", "lost", "unequal to one"]
    return f"{where(record)} Ratio: {record.get('ratio', 0):.2f}.\n\n{table(head, rows)}"


def loading(record: Record) -> str:
    """Return the table of loading and switching."""
    rows = []
    for name, called in (
        ("first", "loading"), ("again", "loading again"), ("safetensors_alone", "safetensors alone"),
    ):  # fmt: skip
        found = record["load"][name]
        cells = [found.get(key) for key in ("seconds", "host_gib", "mapped_files_gib", "gpu_peak_gib")]
        rows.append([called, *(number(cell, 2) for cell in cells)])
    head = ["what", "s", "host GiB of its own", "GiB of mapped files", "GPU GiB"]
    size, switch, both = record["write"]["checkpoint_gib"], record.get("switch"), record.get("overlap")
    said = [f"{where(record)} The checkpoint has {size:.1f} GiB.", table(head, rows)]
    if switch is not None:
        said.append(
            f"Switching between two adapters of {record['write']['adapter_mib']:.0f} MiB takes "
            f"{switch['median_milliseconds']:.1f} ms, at most {switch['slowest_milliseconds']:.1f} ms."
        )
    if both is not None:
        said.append(
            f"{both['pairs']} verdicts take {both['answering_alone_seconds']:.1f} s, loading a second model "
            f"{both['loading_alone_seconds']:.1f} s, both at once {both['both_together_seconds']:.1f} s."
        )
    return "\n\n".join(said)


def cpu(record: Record) -> str:
    """Return the table of the default run's profile."""
    rows = [
        [room, percent(share), number(record["seconds"][room])] for room, share in record["shares"].items()
    ]
    said = f"`{record['command']}` on {record['cpus']} cores: {record['wall_seconds']:.0f} s."
    return f"{said}\n\n{table(['what', 'share of CPU time', 's'], rows)}"


def _read(name: str) -> Record | None:
    path = ROOT / "perf" / "results" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def parts() -> dict[str, str]:
    """Return what stands between each pair of marks, of the records that are there."""
    made: dict[str, str] = {}
    several: dict[str, tuple[Callable[[Mapping[str, Record]], str], str]] = {
        "floors": (floors, "throughput"),
        "throughput": (throughput, "throughput"),
        "questions": (questions, "throughput"),
        "held": (held, "throughput"),
        "rows": (alone, "rows"),
    }
    for name, (make_all, program) in several.items():
        found = {family: _read(f"{program}_{family}") for family in FAMILIES}
        families = {family: record for family, record in found.items() if record is not None}
        made[name] = make_all(families) if families else _missing(f"python -m perf.{program} PAIRS.csv")
    single: dict[str, tuple[Callable[[Record], str], str]] = {
        "several_gpus": (several_gpus, "python -m perf.several_gpus PAIRS.csv"),
        "loading": (loading, "python -m perf.loading PAIRS.csv"),
        "cpu_profile": (cpu, "python -m perf.cpu_profile"),
    }
    for name, (make, command) in single.items():
        record = _read(name)
        made[name] = _missing(command) if record is None else make(record)
    return made


def _missing(command: str) -> str:
    return f"Not measured yet: `{command}` does it."


def renewed(text: str) -> str:
    """Return the page's text with all figures made anew.

    Raises:
        SystemExit: If a mark is missing or stands twice.
    """
    for name, made in parts().items():
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- end -->)"
        text, count = re.subn(pattern, rf"\g<1>{made}\g<2>", text, flags=re.DOTALL)
        if count != 1:
            raise SystemExit(f"speed.md must hold the mark <!-- {name} --> once, not {count} times")
    return text


def main() -> None:
    """Rewrite docs/background/speed.md."""
    path = ROOT / "docs" / "background" / "speed.md"
    path.write_text(renewed(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
