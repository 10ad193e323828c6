"""Write the figures of ``perf/results`` into the README and the docs: ``uv run python tools/readme.py``.

What stands between a pair of marks ``<!-- NAME -->`` and ``<!-- end -->`` is written by a function of this
program, in the language of the file. A test fails if a file says anything else.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
Language = Literal["en", "ja"]


def _results(name: str) -> Any:
    return json.loads((ROOT / "perf" / "results" / f"{name}.json").read_text(encoding="utf-8"))


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


_PHOTOGRAPHS = "https://github.com/aws-samples/amazon-lookout-for-vision"
_LICENCE = "https://creativecommons.org/licenses/by-sa/4.0/"


def pair(language: Language) -> str:
    """Return the caption of the README's first picture: what it shows, and whose it is."""
    found = _results("pair")
    model, goods = found["model"], found["good_parts"]
    if language == "ja":
        return (
            f"*[写真]({_PHOTOGRAPHS}) © Amazon.com、[CC BY-SA 4.0]({_LICENCE})、縮小・枠を追記："
            f"良品、検査対象、そして `{model}` が示した違いの位置。"
            f"学習したのは良品 {goods} 枚だけです。*"
        )
    return (
        f"*A good part, a suspect one, and where `{model}` sees the difference from {goods} good parts "
        f"([photographs]({_PHOTOGRAPHS}) © Amazon.com, [CC BY-SA 4.0]({_LICENCE}), changed).*"
    )


_RUN: dict[Language, dict[str, str]] = {
    "en": {
        "head": "| model | raw, {all} cases | raw, {fresh} fresh pairs | n-soartc, {all} cases "
        "| n-soartc, {fresh} fresh pairs |",
        "note": "Balanced accuracy with its 95 % interval, on all cases of the suite and on pairs rendered "
        "from other seeds (`{scenes}`). The first command runs {some} cases: {trials} trials took "
        "{seconds} s on {cpus} CPU cores.",
        "part": "{asked} of {there}",
        "above": "**Takeaway:** on the fresh pairs, better than guessing (the interval lies above 0.50) are "
        "{raw} on raw images and {processed} on processed ones. Where intervals overlap, the "
        "order means nothing.",
        "none": "no model",
        "comma": ", ",
        "and": " and ",
    },
    "ja": {
        "head": "| モデル | raw（{all}ケース） | raw（新規{fresh}ペア） | n-soartc（{all}ケース） "
        "| n-soartc（新規{fresh}ペア） |",
        "note": "数値はバランス正解率と95%信頼区間。スイートの全ケースと、別のシードで生成したペア"
        "（`{scenes}`）で測定。最初のコマンドが実行するのは{some}ケースで、"
        "CPU {cpus}コアで{trials}試行、{seconds}秒。",
        "part": "{there}のうち{asked}",
        "above": "**要点：** 新規ペアでランダム推測の水準を上回った（信頼区間が0.50より上）のは、"
        "生画像では{raw}、処理画像では{processed}。信頼区間が重なるモデルの順位に意味はありません。",
        "none": "該当なし",
        "comma": "、",
        "and": "、",
    },
}
_VARIANTS = ("raw", "n-soartc")


def default_run(language: Language) -> str:
    """Return the verdicts on all cases and on fresh pairs, a line a model, as in ``models.toml``."""
    found, words = _results("default_run"), _RUN[language]
    sides = {side: {(row["model"], row["variant"]): row for row in found[side]} for side in ("all", "fresh")}
    size = {side: next(iter(rows.values()))["n"] for side, rows in sides.items()}
    lines = [words["head"].format(**size), "|---|---|---|---|---|"]
    models = _in_order({model for model, _ in sides["all"]})
    for model in models:
        cells = [_with_interval(sides[side][model, variant]) for variant in _VARIANTS for side in sides]
        lines.append(f"| `{model}` | {' | '.join(cells)} |")
    asked, there = found["fewer"] or (size["all"],) * 2
    some = words["part"].format(asked=asked, there=there) if asked != there else str(asked)
    told = {"trials": found["trials"], "seconds": round(found["seconds"]), "cpus": found["cpus"]}
    note = words["note"].format(scenes=found["scenes"], some=some, **told)
    better = {
        variant: [m for m in models if (sides["fresh"][m, variant]["balanced_accuracy_lo"] or 0) > 0.5]
        for variant in _VARIANTS
    }
    raw, processed = (_listed(better[variant], words) for variant in _VARIANTS)
    return "\n".join([*lines, "", note, "", words["above"].format(raw=raw, processed=processed)])


def _with_interval(row: Mapping[str, Any]) -> str:
    low, high = row["balanced_accuracy_lo"], row["balanced_accuracy_hi"]
    return f"{_figure(row['balanced_accuracy'])}" + ("" if low is None else f" [{low:.2f}, {high:.2f}]")


def _listed(models: Sequence[str], words: Mapping[str, str]) -> str:
    *first, last = [f"`{model}`" for model in models] or [words["none"]]
    return words["and"].join([words["comma"].join(first), last]) if first else last


def _in_order(models: set[str]) -> list[str]:
    import tomllib

    entries = tomllib.loads((ROOT / "models.toml").read_text(encoding="utf-8"))["models"]
    return [name for name in entries if name in models]


def pixel_diff(language: Language) -> str:  # noqa: ARG001
    """Return the table of `pixel-diff` on real pairs."""
    lines = [
        "| pairs | n | balanced accuracy | box precision | box recall | exact count |",
        "|---|---|---|---|---|---|",
    ]
    for group in _results("pixel_diff")["groups"]:
        figures = (group[key] for key in ("balanced_accuracy", "box_precision", "box_recall", "exact_count"))
        lines.append(f"| {group['group']} | {group['pairs']} | {' | '.join(map(_figure, figures))} |")
    return "\n".join(lines)


def fullsize(language: Language) -> str:  # noqa: ARG001
    """Return the table of memory at full size."""
    lines = ["| model | weights | peak, one pair | peak, batches of 32 |", "|---|---|---|---|"]
    names = {
        "phi": "Phi-3.5-vision (4.15 B), 4 crops",
        "mllama": "Llama-3.2-11B-Vision (10.67 B)",
    }
    record = _results("fullsize")
    for family, name in names.items():
        found = record[family]
        peaks = [found[f"batch_{batch}"]["differences"]["peak_gib"] for batch in (1, 32)]
        cells = [f"{size:.1f} GiB" for size in (found["weights_gib"], *peaks)]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def memory(language: Language) -> str:  # noqa: ARG001
    """Return the sentence about speed and memory of the bench's own loops."""
    found = [_results(f"throughput_{family}") for family in ("phi", "mllama")]
    assert len({record["card"] for record in found}) == 1
    (phi, phi_words), (llama, llama_words) = (
        [record[question]["warm"] for question in ("verdict", "words")] for record in found
    )
    rates = [f"{warm['pairs_per_second']:.1f}" for warm in (phi, phi_words, llama, llama_words)]
    peaks = [f"{warm['peak_gib']:.1f} GiB" for warm in (phi_words, llama_words)]
    return (
        f"On one {found[0]['card']}, Phi-3.5-vision gives {rates[0]} verdicts or {rates[1]} answers of 64 "
        f"tokens a second; Llama-3.2-11B-Vision gives {rates[2]} or {rates[3]}. Answers in words take at "
        f"most {peaks[0]} and {peaks[1]}."
    )


def collection(language: Language) -> str:  # noqa: ARG001
    """Return the sentence about the bench's own cost."""
    found = _results("collection")
    return (
        f"pytest collects {found['cases']:,} cases in {found['collection_seconds']:.1f} s and "
        f"{found['collection_peak_mb']} MB, and the shipped suites in "
        f"{found['collect_shipped_suites_seconds']:.1f} s. Besides the model, a trial costs "
        f"{found['milliseconds_per_trial']:.1f} ms, pytest included."
    )


_TRIED = {
    "kill": "workers killed at random, most of them late",
    "disk": "disks that fill up during a run",
    "fuzz_yaml": "damaged suites (YAML)",
    "fuzz_toml": "damaged `models.toml`",
    "fuzz_csv": "damaged tables of pairs (CSV)",
    "fuzz_pictures": "damaged pictures of all formats",
    "fuzz_answers": "answers",
}


def reliability(language: Language) -> str:  # noqa: ARG001
    """Return the table of what was tried, and how often something went wrong."""
    found = _results("reliability")
    lines = ["| what | how often | faults | beside |", "|---|---|---|---|"]
    for name, what in _TRIED.items():
        if (each := found.get(name)) is None:
            continue
        often = each.get("files") or each.get("kills") or each.get("answers") or each["tries"]
        faults = each.get("faults", each.get("failed"))
        beside = []
        if "kills" in each:
            beside.append(f"in {each['tries']} runs")
        if "read" in each:
            beside.append(
                f"{each['read']:,} read, {each['refused']:,} refused, at most {each['most_mib']} MiB"
            )
        number = faults if isinstance(faults, int) else len(faults)
        lines.append(f"| {what} | {often:,} | {number} | {', '.join(beside)} |")
    return "\n".join(lines)


def flat_memory(language: Language) -> str:  # noqa: ARG001
    """Return the sentences about memory over many pairs and runs, and about large reports."""
    flat, large = _results("memory"), _results("report_size")
    width, height = flat["size"]
    mib, each = flat["mib"], flat["each"]
    after = flat["mib_after_runs"]
    return (
        f"- One run over {flat['pairs']} pairs of {width}×{height} with `pixel-diff` holds {mib[0]:,} MiB "
        f"after {each} pairs, {mib[len(mib) // 2 - 1]:,} MiB after half of them and {mib[-1]:,} MiB at the "
        "end (`perf/memory.py`).\n"
        f"- {flat['runs']} runs in one process: {after[0]:,} MiB after the first, {after[-1]:,} MiB after "
        "the last.\n"
        f"- A report of {large['trials']:,} trials takes {large['seconds']:.0f} s on {large['cores']} cores "
        f"and {large['most_mib']:,} MiB; its page of {large['page_mib']:.1f} MiB opens in "
        f"{large['all_figures_s']:.0f} s (`perf/report_size.py`)."
    )


PARTS: dict[str, Callable[[Language], str]] = {
    "pair": pair,
    "default-run": default_run,
    "pixel-diff": pixel_diff,
    "fullsize": fullsize,
    "memory": memory,
    "collection": collection,
    "reliability": reliability,
    "flat-memory": flat_memory,
}


def files() -> Iterator[Path]:
    """Return the files that may hold marks."""
    yield from sorted(ROOT.glob("README*.md"))
    yield from sorted((ROOT / "docs").rglob("*.md"))


def marks(text: str) -> list[str]:
    """Return the names of this program's marks in a text, each as often as it stands there."""
    return [name for name in re.findall(r"<!-- ([\w-]+) -->", text) if name in PARTS]


def _between(made: str, found: re.Match[str]) -> str:
    """Return what was made, between the marks that were found."""
    return f"{found[1]}{made}{found[2]}"


def renewed(text: str, language: Language) -> str:
    """Return a file's text with the figures between its marks made anew.

    Raises:
        SystemExit: If a mark stands twice or has no end.
    """
    for name in marks(text):
        pattern = rf"(<!-- {name} -->\n).*?(\n<!-- end -->)"
        made = PARTS[name](language)
        text, count = re.subn(pattern, partial(_between, made), text, flags=re.DOTALL)
        if count != 1:
            raise SystemExit(f"the mark <!-- {name} --> must stand once and have an <!-- end -->")
    return text


def language_of(path: Path) -> Language:
    """Return the language of a file by its name."""
    return "ja" if path.name.endswith(".ja.md") else "en"


def main() -> None:
    """Rewrite every file that holds a mark."""
    for path in files():
        text = path.read_text(encoding="utf-8")
        new = renewed(text, language_of(path))
        if new != text:
            path.write_text(new, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")  # noqa: T201


if __name__ == "__main__":
    main()
