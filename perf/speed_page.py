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
FILES = {"fp8": "fp8_phi", "sampling": "sampling_phi"}
"""Records that are not called as their mark."""

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


def throughput(records: Mapping[str, Record]) -> str:
    """Return the table of what is reached."""
    ways = (("single", "plain_{}"), ("single", "{}"), ("{}", "cold"), ("{}", "warm"))
    rows = []
    for family, record in records.items():
        for question in ("verdict", "words"):
            found = [_at(record, *(key.format(question) for key in keys)) or {} for keys in ways]
            rates = [number(each.get("pairs_per_second"), 1 if each.get("pairs_per_second", 9) > 2 else 2)
                     for each in found]  # fmt: skip
            warm = found[-1]
            rows.append(
                [
                    f"{family}, {question}",
                    *rates,
                    number(warm.get("ceiling_pairs_per_second")),
                    percent(warm.get("share_of_ceiling")),
                ]
            )
    head = ["pairs/s", "plain `generate`", "batches of one", "first 32", "the bench, warm"]
    first = next(iter(records.values()))
    measured = first["ceilings"]
    said = (
        f"{where(first)} A {measured['size']}³ product in {measured['dtype']} ran at "
        f"{measured['flops'] / 1e12:.0f} TFLOP/s, a copy at {measured['bandwidth'] / 1e12:.2f} TB/s."
    )
    return f"{said}\n\n{table([*head, 'at the ceilings', 'reached'], rows)}"


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
                ]
            )
    head = ["run", "trials/s", "without sharing", "commit 4b6508c"]
    return table(head, rows)


def sharing(record: Record) -> str:
    """Return a sentence about the models of other families that were tried."""
    tried = [name for name in ("llava", "qwen2_vl") if name in record]
    parts = [
        f"{name} of {of['parameters'] / 1e6:.0f} million parameters takes {of['ratio']:.2f} "
        f"({of['equal_texts']} of {of['questions']} texts equal)"
        for name, of in ((name, record[name]) for name in tried)
    ]
    return (
        f"Of the processor time without sharing, on one thread with torch {record['torch']} and transformers "
        f"{record['transformers']}, three questions a pair: {', '.join(parts)}."
    )


def sharing_on_gpu(record: Record) -> str:
    """Return the same of a model of full size."""
    of = record["qwen2_vl"]
    return (
        f"{where(record)} A Qwen2-VL of {of['parameters'] / 1e9:.1f} billion parameters with random weights, "
        f"{of['pairs']} pairs with three questions each, takes {of['ratio']:.2f} of the time without "
        f"sharing. P differs by at most {of['largest_difference_of_p']:.2f}, and {of['equal_texts']} of "
        f"{of['questions']} texts are equal, as bfloat16 rounds differently."
    )


def held(records: Mapping[str, Record]) -> str:
    """Return a sentence a family about what has to hold beside the rates."""
    said = []
    for family, record in records.items():
        single, exact = record["single"], record["float32"]
        shares = [_at(record, "idle", question, "share") for question in ("verdict", "words")]
        idle = " and ".join(f"{100 * share:.1f} %" for share in shares if share is not None)
        said.append(
            f"{family}: "
            + (f"the GPU is idle for {idle} of verdicts and words; " if idle else "")
            + f"P differs by at most {single['verdict']['largest_difference_of_p']:.0e}; texts equal in "
            f"{single['words']['texts_equal']} of {single['words']['compared']}, in float32 in "
            f"{exact['texts_equal']} of {exact['compared']} of the tiny model."
        )
    return "\n".join(f"- {line}" for line in said)


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
                "–" if missing is None else str(len(missing)),
                str(_at(found, "against_one", "unequal") if missing is not None else "–"),
            ]
        )
    head = ["run", "s without loading", "trials/s", "lost", "unequal to one"]
    return f"{where(record)} Ratio: {record.get('ratio', 0):.2f}.\n\n{table(head, rows)}"


def loading(record: Record) -> str:
    """Return the table of loading and switching."""
    first, alone = record["load"]["first"], record["load"]["safetensors_alone"]
    size, switch, both = record["write"]["checkpoint_gib"], record.get("switch"), record.get("overlap")
    said = [
        f"{where(record)} A checkpoint of {size:.1f} GiB is loaded in {first['seconds']:.1f} s (safetensors "
        f"alone: {alone['seconds']:.1f} s), with {first['host_gib']:.2f} GiB of host memory."
    ]
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
    return " ".join(said)


def eights(record: Record) -> str:
    """Return the table of 8 bits against bfloat16, and how far P(different) moves."""
    kinds = ("bfloat16", "fp8")
    rows = []
    for what, called in (("verdict", "verdicts"), ("words", "64 tokens")):
        if f"{what}_fp8" not in record:
            continue
        # The first pairs are not told: bfloat16 comes first, and pays for what a process needs once.
        found = [record[f"{what}_{kind}"] for kind in kinds]
        found = [each.get("warm", each) for each in found]
        rates = [each["pairs_per_second"] for each in found]
        memory = [number(each["peak_gib"]) for each in found]
        rows.append([called, *(number(rate) for rate in rates), number(rates[1] / rates[0], 2), *memory])
    moved = record["compared"]
    head = ["pairs/s", *kinds, "ratio", "GiB, bfloat16", "GiB, fp8"]
    said = (
        f"P(different) moves by {moved['mean_difference_of_p']:.2f} on the mean of "
        f"{record['verdict_fp8']['warm']['pairs']} pairs and by {moved['largest_difference_of_p']:.2f} at "
        f"most; {moved['verdicts_changed']} verdicts change. Weights are random, so most are near ties."
    )
    return f"{where(record)}\n\n{table(head, rows)}\n\n{said}"


def sampled(record: Record) -> str:
    """Return the table of repeated sampled answers."""
    ways = {
        "greedy": "greedy, once",
        "sampled": f"sampled, {record['repeat']} repeats",
        "sampled_narrowed": "the same with `top_k` and `top_p`",
        "generate": "greedy, by transformers' `generate`, one by one",
    }
    rows = [
        [called, number(rate, 1 if rate > 2 else 2)]
        for way, called in ways.items()
        for rate in (record[way]["trials_per_second"],)
    ]
    same = record["draws"]
    head = [f"answers of {record['new_tokens']} tokens", "trials/s"]
    said = (
        f"Drawn alone and in batches of 64, {same['texts_equal']} of {same['compared']} answers of the tiny "
        "model are equal in float32."
    )
    return f"{where(record)}\n\n{table(head, rows)}\n\n{said}"


MARKS = {
    "collected": "pytest has collected",
    "torch imported": "torch is imported",
    "transformers imported": "transformers is imported, but for its models",
    "kernels there": "kernels are there",
    "weights there": "weights are on the GPU",
    "batch handed over": "first batch is on the GPU",
    "first answer": "first answer",
}


def first_answer(record: Record) -> str:
    """Return the table of how a run gets to its first answer."""
    rows = [
        [called, *(number(record[run]["marks"][mark]) for run in ("first", "again"))]
        for mark, called in MARKS.items()
    ]
    said = f"{where(record)} `{record['command']}`, a checkpoint of {record['gib']:.1f} GiB."
    return f"{said}\n\n{table(['seconds from the command', 'nothing compiled', 'again'], rows)}"


def first_answer_alone(record: Record) -> str:
    """Say in a sentence how long a run takes to its first answer."""
    cold, warm = (record[run]["marks"]["first answer"] for run in ("first", "again"))
    return (
        f"Llama-3.2-11B-Vision, a checkpoint of {record['gib']:.1f} GiB, has its first answer after "
        f"{cold:.1f} s on the same machine, and after {warm:.1f} s again."
    )


def cpu(record: Record) -> str:
    """Return the table of the default run's profile."""
    rows = [[room, percent(share)] for room, share in record["shares"].items() if share >= 0.015]
    said = f"`{record['command']}` on {record['cpus']} cores: {record['wall_seconds']:.0f} s."
    return f"{said}\n\n{table(['what', 'share of CPU time'], rows)}"


def start_end(record: Record) -> str:
    """Return the table of a short run against a plain script."""
    ways = {
        "plain": f"a plain script, {record['verdicts']} verdicts",
        "without_controls": "the bench, the same",
        "bench": "the bench, with controls",
        "cached": "the same again, from the cache",
    }
    rows = [
        [
            called,
            number(record[way]["seconds"]),
            number(record[way]["cpu_seconds"]),
            number(record[way].get("seconds_to_plain"), 2),
        ]
        for way, called in ways.items()
    ]
    said = (
        f"tiny-mllama on {record['cpus']} cores, torch {record['torch']}, transformers "
        f"{record['transformers']}, Python {record['python']}; medians of {len(record['rounds']['plain'])} "
        "rounds."
    )
    head = ["from command to prompt", "s", "CPU s", "of the script's s"]
    return f"{said}\n\n{table(head, rows)}"


def against(record: Record) -> str:
    """Return the sentence about the default run and an earlier commit."""
    now, earlier = record["now"], record["earlier"]
    return (
        f"The models and cases of commit {record['earlier_commit']}, {now['trials']:,.0f} trials on "
        f"{record['cpus']} cores, take {now['seconds']:.0f} s and {now['cpu_seconds']:.0f} CPU s; that "
        f"commit takes {earlier['seconds']:.0f} and {earlier['cpu_seconds']:.0f}. The ratios are "
        f"{record['seconds_ratio']:.2f} and {record['cpu_seconds_ratio']:.2f}."
    )


def _read(name: str) -> Record | None:
    path = ROOT / "perf" / "results" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def parts() -> dict[str, str]:
    """Return what stands between each pair of marks, of the records that are there."""
    made: dict[str, str] = {}
    several: dict[str, tuple[Callable[[Mapping[str, Record]], str], str]] = {
        "throughput": (throughput, "throughput"),
        "questions": (questions, "throughput"),
        "held": (held, "throughput"),
    }
    for name, (make_all, program) in several.items():
        found = {family: _read(f"{program}_{family}") for family in FAMILIES}
        families = {family: record for family, record in found.items() if record is not None}
        made[name] = make_all(families) if families else _missing(f"python -m perf.{program} PAIRS.csv")
    single: dict[str, tuple[Callable[[Record], str], str]] = {
        "several_gpus": (several_gpus, "python -m perf.several_gpus PAIRS.csv"),
        "loading": (loading, "python -m perf.loading PAIRS.csv"),
        "sharing_generic": (sharing, "python -m perf.sharing_generic"),
        "sharing_generic_gpu": (sharing_on_gpu, "python -m perf.sharing_generic --cuda"),
        "fp8": (eights, "python -m perf.fp8 PAIRS.csv"),
        "fp8_mllama": (eights, "python -m perf.fp8 PAIRS.csv --family mllama"),
        "sampling": (sampled, "python -m perf.sampling PAIRS.csv"),
        "first_answer": (first_answer, "python -m perf.first_answer"),
        "first_answer_mllama": (first_answer_alone, "python -m perf.first_answer --family mllama"),
        "cpu_profile": (cpu, "python -m perf.cpu_profile"),
        "start_end": (start_end, "python -m perf.start_end"),
        "against": (against, "python -m perf.against CHECKOUT"),
    }
    for name, (make, command) in single.items():
        record = _read(FILES.get(name, name))
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
