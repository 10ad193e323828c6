"""Writes ``docs/background/study.md`` and its figures from what `perf.study.kept` holds, without a model."""

import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from perf.study import charts, figures, findings
from perf.study.figures import Estimate, Paired
from perf.study.findings import Finding, interval, number
from perf.study.kept import BASE, KINDS, PIXELS, Kept
from perf.study.words import HEAD, LIMITS, LINKING_NOTE, READING

PAGE = "study.md"
MODELS = {PIXELS: "pixel-diff", BASE: "base", "plain": "adapter", "linked": "adapter with linking"}
VARIANTS = charts.VARIANTS
ADAPTED = (BASE, *KINDS)
DEFECTS = ("missing", "bent", "shifted", "discoloured", "bridged", "foreign")
GRADES = ("easy", "medium", "hard")


def write(kept: Kept, docs: Path) -> list[Path]:
    """Write the page and its figures; return the files."""
    files = pages(kept)
    docs.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (docs / name).write_text(text, encoding="utf-8")
    return [docs / name for name in files]


def pages(kept: Kept) -> dict[str, str]:
    """Return the texts of the page and its figures, by file name."""
    cases = figures.cases_of(kept.records, "verdict")
    named = figures.cases_of(kept.records, "differences")
    return {
        PAGE: _page(kept, cases, named),
        "study-sight.svg": charts.sight(_sight_rows(cases, named)),
        "study-variants.svg": charts.variants(*_variant_rows(kept, cases)),
        "study-loss.svg": charts.losses(*_loss_rows(kept)),
        "study-kinds.svg": charts.kinds(_kind_rows(cases)),
    }


def results(kept: Kept, cases: pd.DataFrame) -> list[Finding]:
    """Return the three findings."""
    connector = cases[cases["suite"] == "connector"]
    raw = {
        model: figures.estimate(_way(connector, model, "raw"), figures.balanced).value for model in ADAPTED
    }
    return [
        findings.sight(cases),
        findings.loss(figures.linking(kept.losses)),
        findings.processing(_processed(connector), raw),
    ]


def _page(kept: Kept, cases: pd.DataFrame, named: pd.DataFrame) -> str:
    connector = cases[cases["suite"] == "connector"]
    found = results(kept, cases)
    parts = [HEAD, _filled(_what_was_run(kept, cases)), "", "## What came out", ""]
    parts += [_filled(f"{place}. *{each.claim}* **{_capital(each.verdict)} here.** {each.reason}", "   ")
              for place, each in enumerate(found, 1)]  # fmt: skip
    parts += ["", _filled(_gain(connector)), ""]
    parts += [
        "## The base: general against industrial pictures",
        "",
        _picture("sight", "The base by suite"),
        "",
    ]
    parts += [_sight_table(cases, named)]
    parts += [
        "## Base, adapter, adapter with linking",
        "",
        _picture("variants", "Balanced accuracy by variant"),
        "",
    ]
    parts += [_variant_table(kept, connector)]
    parts += [
        "Fine-tuned against not, and linked against not, on the same pairs:",
        "",
        _paired_table(_tuned(connector)),
    ]
    parts += ["Processed against raw, on the same pairs:", "", _paired_table(_processed(connector))]
    parts += ["What the answers to the other questions are worth:", "", _question_table(kept)]
    parts += ["## The loss", "", _picture("loss", "Loss curves and losses on the shared held-out pairs"), ""]
    parts += [_filled(LINKING_NOTE + _trained(kept)), "", _loss_table(kept)]
    parts += ["## What is missed", "", _picture("kinds", "Miss rates by kind and difficulty"), ""]
    parts += [_filled(_missed(connector)), "", _control_table(kept)]
    parts += ["## How to read this, and the rules", "", READING]
    parts += [_filled(f"- Finding {place}: {each.rule}", "  ") for place, each in enumerate(found, 1)]
    return "\n".join([*parts, "", LIMITS])


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _picture(name: str, text: str) -> str:
    return f"![{text}](study-{name}.svg)"


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(text, 110, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], left: int = 1) -> str:
    """Return a table; the first ``left`` columns are text, the others figures."""
    rule = ["---" if column < left else "---:" for column in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in [list(head), rule, *rows]) + "\n"


def _way(cases: pd.DataFrame, model: str, variant: str) -> pd.DataFrame:
    return cases[(cases["model"] == model) & (cases["variant"] == variant)]


def _p(value: float) -> str:
    return "<0.001" if value < 0.001 else f"{value:.3f}"


def _models(cases: pd.DataFrame) -> list[str]:
    return [model for model in MODELS if model in set(cases["model"])]


# The tests


def _processed(connector: pd.DataFrame) -> list[Paired]:
    """Return each model's processed pairs against its raw ones."""
    return figures.compare(
        connector,
        [((model, "raw"), (model, variant)) for model in ADAPTED for variant in findings.PROCESSED],
    )


def _tuned(connector: pd.DataFrame) -> list[Paired]:
    """Return adapter against base, and with linking against without."""
    steps = [(BASE, "plain"), ("plain", "linked")]
    return figures.compare(
        connector, [((one, variant), (other, variant)) for one, other in steps for variant in VARIANTS]
    )


# What is drawn


def _with(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _sight_rows(cases: pd.DataFrame, named: pd.DataFrame) -> pd.DataFrame:
    panels = {
        "balanced accuracy": (cases, figures.balanced),
        "miss rate": (cases, figures.missed),
        "overkill rate": (cases, figures.overkill),
        "differences named": (named, figures.recall),
    }
    suites = (*findings.GENERAL, *findings.INDUSTRIAL)
    return pd.DataFrame(
        {"suite": suite, "figure": name,
         **_with(figures.estimate(figures.of_kind(table, BASE, "raw", [suite]), rate))}
        for name, (table, rate) in panels.items() for suite in suites
    )  # fmt: skip


def _variant_rows(kept: Kept, cases: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    connector = cases[cases["suite"] == "connector"]
    rows = pd.DataFrame(
        {"model": MODELS[model], "variant": variant,
         **_with(figures.estimate(_way(connector, model, variant), figures.balanced))}
        for model in _models(connector) for variant in VARIANTS
    )  # fmt: skip
    seeds = [
        {"model": MODELS[model], "variant": variant, "value": value}
        for model in KINDS for variant in VARIANTS for value in _by_seed(kept, model, variant)
    ]  # fmt: skip
    return rows, pd.DataFrame(seeds)


def _by_seed(kept: Kept, model: str, variant: str) -> list[float]:
    """Return the balanced accuracy of each seed on connectors."""
    seeds = sorted({record.repeat for record in kept.records if record.model == model})
    mine = [r for r in kept.records if (r.model, r.variant, r.suite) == (model, variant, "connector")]
    tables = (figures.cases_of([r for r in mine if r.repeat == seed], "verdict") for seed in seeds)
    return [figures.estimate(table, figures.balanced).value for table in tables]


def _loss_rows(kept: Kept) -> tuple[pd.DataFrame, pd.DataFrame]:
    curves = [
        {
            "model": MODELS[name.rpartition("-")[0]],
            "seed": name,
            "step": row["step"],
            "eval_loss": row["eval_loss"],
        }
        for name, curve in kept.curves.items()
        for row in curve[curve["eval_loss"].notna()].to_dict("records")
    ]
    final = []
    for variant in (*VARIANTS, "all"):
        table = kept.losses if variant == "all" else kept.losses[kept.losses["variant"] == variant]
        for kind in ADAPTED:
            values = enumerate(figures.per_seed(table, kind))
            final += [{"model": MODELS[kind], "seed": s, "variant": variant, "loss": v} for s, v in values]
    return pd.DataFrame(curves), pd.DataFrame(final)


def _kind_rows(cases: pd.DataFrame) -> pd.DataFrame:
    connector = cases[cases["suite"] == "connector"]
    rows = []
    for what, part in _parts(connector):
        for model in _models(connector):
            for variant in VARIANTS:
                value = figures.missed(
                    _way(part, model, variant)[list(figures.SUMS)].sum().to_numpy(np.float64)
                )
                rows.append({"what": what, "model": MODELS[model], "variant": variant, "value": float(value)})
    return pd.DataFrame(rows)


def _parts(connector: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Return the bad pairs of each kind of defect, and of each difficulty."""
    bad = connector[connector["bad"] > 0]
    parts = [(kind, bad[[kind in kinds for kinds in bad["kinds"]]]) for kind in DEFECTS]
    parts += [(grade, bad[bad["grade"] == grade]) for grade in GRADES]
    named = ((name, part, part["case"].nunique()) for name, part in parts)
    return [(f"{name} ({pairs})", part) for name, part, pairs in named if pairs]


# What is said


def _what_was_run(kept: Kept, cases: pd.DataFrame) -> str:
    facts, pairs = kept.facts, cases.groupby("suite")["case"].nunique()
    references = cases.groupby("suite")["reference"].nunique()
    suites = ", ".join(
        f"{pairs[suite]} pairs of {references[suite]} references of `{suite}`"
        for suite in (*findings.INDUSTRIAL, *findings.GENERAL)
    )
    adapters = facts["adapters"]
    seeds = len({card["settings"]["seed"] for card in adapters.values()})
    held, seconds = facts["held_out"], facts["seconds"]
    return (
        f"What was run: the test splits, {suites}; the base, {len(adapters)} adapters of {seeds} seeds and "
        f"`pixel-diff`, which learns nothing and is held beside them; {facts['trials']} trials, and losses "
        f"on {held['pairs']} more pairs of {held['references']} references. On {facts['workers']} CPU "
        f"cores that took {(seconds['asking'] + seconds['losses']) / 60:.0f} minutes."
    )


def _gain(connector: pd.DataFrame) -> str:
    """Say what fine-tuning gains, which the articles take for granted."""
    [gain] = figures.compare(connector, [((BASE, "raw"), ("plain", "raw"))])
    change = interval(gain.delta, sign=True)
    if gain.better:
        return f"Fine-tuning itself raises the balanced accuracy on raw connectors by {change}."
    if gain.worse:
        return f"Fine-tuning itself lowers the balanced accuracy on raw connectors: {change}."
    return (
        f"Fine-tuning itself is not shown to change the balanced accuracy on raw connectors: {change}. "
        "What follows is then about adapters that have not learned to inspect."
    )


def _sight_table(cases: pd.DataFrame, named: pd.DataFrame) -> str:
    rows = []
    for model in (BASE, PIXELS):
        for suite in (*findings.GENERAL, *findings.INDUSTRIAL):
            judged = figures.of_kind(cases, model, "raw", [suite])
            told = figures.of_kind(named, model, "raw", [suite])
            if judged.empty:
                continue
            rates = (figures.balanced, figures.missed, figures.overkill)
            cells = [interval(figures.estimate(judged, rate)) for rate in rates]
            cells.append("–" if told.empty else interval(figures.estimate(told, figures.recall)))
            rows.append([MODELS[model], f"`{suite}`", str(len(judged)), *cells])
    head = ("model", "suite", "pairs", "balanced accuracy", "missed", "overkill", "differences named")
    return _table(head, rows, 2)


def _variant_table(kept: Kept, connector: pd.DataFrame) -> str:
    rows = []
    for model in _models(connector):
        for variant in VARIANTS:
            way = _way(connector, model, variant)
            rates = (figures.balanced, figures.missed, figures.overkill)
            cells = [interval(figures.estimate(way, rate)) for rate in rates]
            seeds = _by_seed(kept, model, variant) if model in KINDS else []
            rows.append([MODELS[model], f"`{variant}`", *cells, ", ".join(map(number, seeds)) or "–"])
    return _table(("model", "variant", "balanced accuracy", "missed", "overkill", "seeds"), rows, 2)


def _paired_table(compared: Sequence[Paired]) -> str:
    rows = []
    for each in compared:
        way = [f"{MODELS[model]}, `{variant}`" for model, variant in (each.first, each.second)]
        counts = [str(each.first_only), str(each.second_only)]
        rows.append([*way, interval(each.delta, sign=True), *counts, _p(each.p), _p(each.p_holm)])
    head = ("first", "second", "Δ balanced accuracy", "only first", "only second", "p", "p (Holm)")
    return _table(head, rows, 2)


def _question_table(kept: Kept) -> str:
    """Return the share of correct answers by question, model and variant."""
    lines = []
    for question in ("differences", "count", "choice"):
        asked = [
            r for r in kept.records if r.question == question and r.suite == "connector" and not r.control
        ]
        for model in MODELS:
            mine = [record for record in asked if record.model == model]
            if not mine:
                continue
            # Each case has the same seeds, so that their mean is that of the cases' means.
            right = [[r.outcome == "correct" for r in mine if r.variant == variant] for variant in VARIANTS]
            cells = [number(sum(each) / len(each)) if each else "–" for each in right]
            lines.append([f"`{question}`", MODELS[model], str(len({r.case for r in mine})), *cells])
    return _table(("question", "model", "cases", *(f"`{variant}`" for variant in VARIANTS)), lines, 2)


def _trained(kept: Kept) -> str:
    """Say what the trainings had in common and what not."""
    cards = kept.facts["adapters"]
    steps = sorted({card["steps"] for card in cards.values()})
    told = []
    for kind in KINDS:
        records = [card["records"] for name, card in cards.items() if name.startswith(kind)]
        if not records:
            continue
        sizes = sorted({each["training"] + each["validation"] for each in records})
        links = {key: value for key, value in records[0]["link"].items() if key != "none"}
        about = ", ".join(f"{value} of the link `{key}`" for key, value in links.items())
        told.append(f"{MODELS[kind]}: {_counts(sizes)} records" + (f", {about} among them" if links else ""))
    batch = next(iter(cards.values()))["settings"]["batch_size"]
    return (
        f" Every training took {_counts(steps)} steps of {batch} records ({'; '.join(told)}). At equal "
        "steps an adapter with linking has seen each connector record less often."
    )


def _counts(values: Sequence[int]) -> str:
    return " to ".join(f"{value:,}" for value in dict.fromkeys((values[0], values[-1])))


def _loss_table(kept: Kept) -> str:
    rows = []
    for variant in (*VARIANTS, None):
        compared = figures.linking(kept.losses, variant)
        table = kept.losses if variant is None else kept.losses[kept.losses["variant"] == variant]
        [base] = figures.per_seed(table, BASE)
        seeds = [", ".join(f"{value:.3f}" for value in each) for each in (compared.plain, compared.linked)]
        change = interval(compared.change, sign=True, percent=True)
        rows.append([f"`{variant}`" if variant else "all", f"{base:.3f}", *seeds, change])
    return _table(("held-out pairs", "base", "adapter, by seed", "with linking, by seed", "change"), rows)


def _missed(connector: pd.DataFrame) -> str:
    """Name what each kind of adapter misses most on raw pairs."""
    told = []
    for model in ADAPTED:
        rates = {
            name: float(
                figures.missed(_way(part, model, "raw")[list(figures.SUMS)].sum().to_numpy(np.float64))
            )
            for name, part in _parts(connector)
            if name.split()[0] in DEFECTS
        }
        most = max(rates.values())
        names = [name.split()[0] for name, rate in rates.items() if rate == most]
        told.append(
            f"{_capital(findings.NAMES[model])} misses no kind at all"
            if most == 0
            else f"{_capital(findings.NAMES[model])} misses {' and '.join(names)} most ({most:.0%})"
        )
    return (
        "Share of the bad pairs called good, by kind of defect and by difficulty; in brackets the number "
        f"of pairs. A pair with several defects counts for each. On raw pairs: {'. '.join(told)}. With so "
        "few pairs of a kind, one more or less is ten points."
    )


def _control_table(kept: Kept) -> str:
    rows = []
    for model in MODELS:
        for variant in VARIANTS:
            own = [r for r in kept.records if r.control and r.suite == "connector"]
            own = [r for r in own if (r.model, r.variant) == (model, variant)]
            if own:
                wrong = sum(r.verdict != "same" for r in own)
                rows.append([MODELS[model], f"`{variant}`", str(len(own)), str(wrong)])
    head = ("model", "variant", "identical pairs", "not called same")
    return "Each reference against itself, re-encoded; of the adapters, the first seed:\n\n" + _table(
        head, rows, 2
    )
