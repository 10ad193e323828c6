"""What the page shows where scripts do not run: the tables that lead, and some trials with their pictures.

It is markup in a ``noscript`` element, which a browser with JavaScript skips. All of it is bounded, so that
the page of a large run stays as small and quick as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any
from urllib.parse import quote

from kurabe.report.columns import ALL
from kurabe.results.album import PICTURES

ROWS = 60
"""Rows of a table."""

TRIALS = 24
"""Trials; their thumbnails are in a single file a second time, 2 to 4 kB each."""

LONGEST = 160
"""Characters of an answer."""

_RANKS = {"wrong": 0, "unparsed": 1, "error": 2, "correct": 3}

_KANA = re.compile("[\u3041-\u30fe]")
_LATIN = re.compile("[A-Za-z]")
_OTHER = re.compile("[^\u0000-\u024f\u2000-\u22ff]")

Say = Callable[..., str]


def static_part(
    data: Mapping[str, Any], thumbs: Mapping[str, str], words: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the template's static part shows: tables as rows of text, and trials.

    Args:
        data: What `kurabe.report.page.data` makes of a run.
        thumbs: Thumbnails as data URIs, by picture id.
        words: The page's words.
    """

    def say(name: str, **values: object) -> str:
        text = words[name]
        for key, value in values.items():
            text = text.replace(f"{{{key}}}", str(value))
        return text

    single = "pictures_bound" in data["run"]
    folder = "" if single else data["pictures_at"].removesuffix("/").removesuffix(PICTURES)
    places = _some(data["trials"])
    trials = len(data["trials"]["trial"])
    left = trials - len(places)
    return {
        "tables": [
            _table(say, "board.title", "leaderboard", _board(data["leaderboard"], say), folder, single),
            _table(
                say,
                "paired.title",
                "raw_vs_processed",
                _paired(data["raw_vs_processed"], say),
                folder,
                single,
            ),
        ],
        "trials": [_trial(data, thumbs, place, say, single) for place in places],
        "left": say("static.left", n=f"{left:,}", all=f"{trials:,}") if left else "",
        "file": None if single else f"{folder}trials.csv",
        "where": say("static.where", folder=f"reports/runs/{data['run']['name']}"),
    }


def _table(
    say: Say, title: str, file: str, rows: list[dict[str, str]], folder: str, single: bool
) -> dict[str, Any]:
    heads = [head for head in (rows[0] if rows else {}) if any(row[head] for row in rows)]
    left = len(rows) - ROWS
    return {
        "title": say(title),
        "heads": heads,
        "rows": [[row[head] for head in heads] for row in rows[:ROWS]],
        "left": say("static.rows_left", n=f"{left:,}") if left > 0 else "",
        "name": f"{file}.csv",
        "file": None if single else f"{folder}{file}.csv",
    }


def _board(rows: Sequence[Mapping[str, Any]], say: Say) -> list[dict[str, str]]:
    chosen = _of_all(rows)
    return [
        {
            **_whose(row, chosen, say),
            say("board.n"): f"{row['n']:,}",
            say("board.recall"): _rate(row["difference_recall"]),
            say("board.precision"): _rate(row["difference_precision"]),
            say("board.balanced"): _between(row, "balanced_accuracy", say),
            say("board.miss"): _wrong(row, "miss_rate", "missed", "n_bad", say),
            say("board.overkill"): _wrong(row, "overkill_rate", "overkilled", "n_good", say),
            say("board.accuracy"): _between(row, "accuracy", say),
            say("board.unparsed"): f"{row['unparsed']:,}",
            say("board.errors"): f"{row['errors']:,}",
        }
        for row in chosen
    ]


def _paired(rows: Sequence[Mapping[str, Any]], say: Say) -> list[dict[str, str]]:
    chosen = _of_all(rows)
    balanced = say("paired.balanced")
    return [
        {
            **_whose(row, chosen, say),
            say("paired.cases"): f"{row['n']:,}",
            f"{say('paired.key_raw')}: {balanced}": _rate(row["raw_balanced_accuracy"]),
            f"{say('paired.key_processed')}: {balanced}": _rate(row["processed_balanced_accuracy"]),
            say("paired.delta_balanced"): _change(row, "delta_balanced_accuracy", say),
            say("paired.p_holm"): _p(row["p_holm"]),
            say("paired.delta"): _change(row, "delta", say),
            say("paired.raw_only"): f"{row['raw_only_correct']:,}",
            say("paired.processed_only"): f"{row['processed_only_correct']:,}",
        }
        for row in chosen
    ]


def _of_all(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of the total, question by question."""
    return [row for row in rows if row["suite"] == ALL]


def _whose(row: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], say: Say) -> dict[str, str]:
    """Return whose figures a row has; what is the same everywhere goes without saying."""
    several = {name: len({each[name] for each in rows}) > 1 for name in ("question", "layout")}
    return {
        say("board.model"): row["model"],
        say("filter.question"): say(f"question.{row['question']}") if several["question"] else "",
        say("board.variant"): row["variant"],
        say("board.layout"): say(f"layout.{row['layout']}") if several["layout"] else "",
    }


def _some(trials: Mapping[str, Sequence[Any]]) -> list[int]:
    """Return the places of some trials: wrong ones first, of all models in turn."""
    ranked: list[dict[str, list[int]]] = [{} for _ in range(len(_RANKS))]
    for place, (outcome, model) in enumerate(zip(trials["outcome"], trials["model"], strict=True)):
        if not (trials["control"][place] or trials["swapped"][place] or trials["repeat"][place]):
            held = ranked[_RANKS[outcome]].setdefault(model, [])
            if len(held) < TRIALS:
                held.append(place)
    return list(_in_turns(ranked))[:TRIALS]


def _in_turns(ranked: Sequence[Mapping[str, Sequence[int]]]) -> Iterator[int]:
    for models in ranked:
        for turn in zip_longest(*models.values()):
            yield from (place for place in turn if place is not None)


def _trial(
    data: Mapping[str, Any], thumbs: Mapping[str, str], place: int, say: Say, single: bool
) -> dict[str, Any]:
    of = {name: column[place] for name, column in data["trials"].items()}
    answer = of["text"] if len(of["text"]) <= LONGEST else f"{of['text'][:LONGEST]} …"
    said = say(f"verdict.{of['verdict']}") if of["verdict"] else say("gallery.unread")
    expected = of["expected_verdict"]
    return {
        "outcome": of["outcome"],
        "called": say(f"outcome.{of['outcome']}"),
        "case": of["case"],
        "asked": f"{of['model']} · {of['variant']} · {say('question.' + of['question'])}",
        "expected": say(f"verdict.{expected}") if expected else (of["expected"] or ""),
        "said": said + ("" if of["p"] is None else f" · P {of['p']:.2f}"),
        "answer": of["error"] or answer,
        "lang": _lang_of(of["error"] or answer),
        "pictures": [_picture(data, thumbs, name, single) for name in of["pair"]],
    }


def _lang_of(text: str) -> str | None:
    """Return the language of a text of a model or a user, where it can be seen, as ``words.js`` does."""
    if _KANA.search(text):
        return "ja"
    return "en" if _LATIN.search(text) and not _OTHER.search(text) else None


def _picture(data: Mapping[str, Any], thumbs: Mapping[str, str], name: str, single: bool) -> dict[str, Any]:
    """Return where a picture is, small and in full size; None where it is missing."""
    file = data["pictures"][name]["file"]
    if single:
        return {"small": thumbs.get(name), "full": None}
    if not file:
        return {"small": None, "full": None}
    full = data["pictures_at"] + quote(file)
    return {"small": full.removesuffix(".png") + ".webp" if name in thumbs else full, "full": full}


def _rate(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _p(value: float | None) -> str:
    return "" if value is None else "< 0.001" if value < 0.001 else f"{value:.3f}"


def _between(row: Mapping[str, Any], name: str, say: Say) -> str:
    low, high = row[f"{name}_lo"], row[f"{name}_hi"]
    if row[name] is None:
        return ""
    return f"{row[name]:.2f} [{say('board.too_few') if low is None else f'{low:.2f}–{high:.2f}'}]"


def _change(row: Mapping[str, Any], name: str, say: Say) -> str:
    low, high = row[f"{name}_lo"], row[f"{name}_hi"]
    if row[name] is None:
        return ""
    ends = say("board.too_few") if low is None else f"{_signed(low)} … {_signed(high)}"
    return f"{_signed(row[name])} [{ends}]"


def _signed(value: float) -> str:
    """Return a change as the page's own tables write it."""
    size = f"{abs(value):.2f}"
    return ("±" if float(size) == 0 else "+" if value > 0 else "−") + size


def _wrong(row: Mapping[str, Any], rate: str, part: str, whole: str, say: Say) -> str:
    if row[rate] is None:
        return ""
    limit = row[f"{rate}_hi"]
    most = say("board.too_few") if limit is None else f"{limit:.2f}"
    return f"{row[rate]:.2f} {say('board.rate_of', part=row[part], whole=row[whole], limit=most)}"
