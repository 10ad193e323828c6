"""The options of the command line: declared here, checked here, and read into one typed object."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from kurabe.common.vocabulary import LANGUAGES, LAYOUTS, QUESTIONS

if TYPE_CHECKING:
    from kurabe.common.vocabulary import Language, Layout

SHORT = "kurabe.plugin.short"
"""The plugin that declares every option without its prefix, too."""

_MANY: dict[str, Any] = {"action": "append", "default": []}
_FLAG: dict[str, Any] = {"action": "store_true"}

_OPTIONS: dict[str, dict[str, Any]] = {
    "model": {"metavar": "NAME", "help": "run this model; a name or a glob, repeatable", **_MANY},
    "variant": {
        "metavar": "NAME",
        "help": "show pairs processed like this; a name or a glob, repeatable",
        **_MANY,
    },
    "question": {
        "metavar": "KIND",
        "help": f"ask this question ({', '.join(QUESTIONS)}); a name or a glob, repeatable",
        **_MANY,
    },
    "layout": {"choices": LAYOUTS, "help": "show pairs in this layout; repeatable", **_MANY},
    "split": {
        "choices": ("test", "train", "calibration", "all"),
        "default": "test",
        "help": "which cases to run (default: test)",
    },
    "swap": {"help": "also ask with the two pictures exchanged", **_FLAG},
    "repeat": {"type": int, "default": 1, "metavar": "N", "help": "ask each question N times (default: 1)"},
    "shake": {
        "type": int,
        "default": 0,
        "metavar": "N",
        "help": "also ask about N harmless changes of each test picture (light, shift, JPEG, blur)",
    },
    "shots": {
        "type": int,
        "default": 1,
        "metavar": "K",
        "help": "show K good parts with each test picture, where a case has several (default: 1)",
    },
    "shard": {"metavar": "K/N", "help": "ask only part K of N, such as 2/4; 'kurabe merge' joins the runs"},
    "judge": {
        "metavar": "MODEL",
        "help": "let this model decide which difference an answer names (differences, describe)",
    },
    "no-controls": {"help": "do not add pairs of identical pictures", **_FLAG},
    "all-cases": {"help": "run all cases on a CPU, too, where a suite sets 'quick'", **_FLAG},
    "no-pictures": {"help": "do not keep the pictures that the report page shows", **_FLAG},
    # Whether a wrong answer fails is decided by pytest's own --strict (see the fixture kurabe_strict).
    "gate": {
        "metavar": "EXPR",
        "help": 'fail unless this holds, such as "suite=connector balanced_accuracy >= 0.9"; repeatable',
        **_MANY,
    },
    "at": {
        "metavar": "RULE",
        "help": 'write leaderboard_at.csv at this operating point, such as "miss_rate <= 0.01"; repeatable',
        **_MANY,
    },
    "line": {
        "metavar": "KEY=NUMBER...",
        "help": 'the line, such as "bad_share=0.01 escape_cost=200 overkill_cost=2 parts_per_hour=900"',
    },
    "compare": {"metavar": "RUN", "help": "show what got better or worse since RUN (a name, or 'latest')"},
    "compare-fail": {
        "metavar": "COLUMN:LIMIT",
        "help": 'fail if it got worse since RUN, such as "balanced_accuracy:5%%"; repeatable',
        **_MANY,
    },
    "fresh": {"help": "ignore cached answers", **_FLAG},
    "max-cost": {
        "type": float,
        "metavar": "AMOUNT",
        "help": "stop asking served models before their answers cost more, by the prices in models.toml",
    },
    "max-tokens": {
        "type": int,
        "metavar": "N",
        "help": "stop asking served models before they use more tokens, in and out",
    },
    "lang": {
        "choices": LANGUAGES,
        "help": "language of the summary, and in which the page opens (default: that of the locale)",
    },
    "cases": {"metavar": "DIR", "help": "folder of the suites (default: cases)"},
    "models-file": {"metavar": "FILE", "help": "file that declares the models (default: models.toml)"},
    "reports": {"metavar": "DIR", "help": "folder to write runs to (default: reports)"},
}
"""What argparse is told of each option, by its name without prefix."""


def declare(group: pytest.OptionGroup, prefix: str) -> None:
    """Declare every option under a prefix; all spellings of an option write to one place."""
    for name, settings in _OPTIONS.items():
        told = settings if prefix == "--kurabe-" else {**settings, "help": f"same as --kurabe-{name}"}
        group.addoption(prefix + name, dest=_dest(name), **told)


def spelled(config: pytest.Config, name: str) -> str:
    """Return an option as the user can type it, ``--model`` only where the short options are on."""
    return f"--{name}" if config.pluginmanager.has_plugin(SHORT) else f"--kurabe-{name}"


def _dest(name: str) -> str:
    return "kurabe_" + name.replace("-", "_")


class Options(NamedTuple):  # no dataclass: making one takes as long as all else here, in every session
    """What the user asked for on the command line; empty means "as the files say".

    Attributes:
        models: Names or globs of models.
        variants: Names or globs of variants.
        questions: Names or globs of questions.
        layouts: Layouts instead of the models' own.
        split: ``test``, ``train``, ``calibration`` or ``all``.
        swap: Also ask with the pictures exchanged.
        repeat: How often each question is asked.
        shake: Harmless changes of each test picture that are asked about, too.
        shots: How many good parts are shown.
        shard: The part that is asked, such as ``2/4``; None for all.
        judge: The model that decides which difference an answer names; None for the word matcher.
        fresh: Ignore cached answers.
        max_cost: Money that served models may cost; None for no limit.
        max_tokens: Tokens that served models may use; None for no limit.
        controls: Add pairs of identical pictures.
        pictures: Keep pictures for the page.
        all_cases: Run all cases of suites that set ``quick``.
        gates: Conditions on the leaderboard.
        at: Operating points to write the leaderboard at.
        line: Keys of the production line, in place of those of the models' file.
        compare: A run to compare with.
        compare_fail: What may not have got worse since that run.
        lang: Language of summary and page; None to go by the locale.
        cases: Folder of the suites, relative to the project.
        models_file: File of the models, relative to the project.
        reports: Folder of runs, relative to the project.
    """

    models: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    split: str = "test"
    swap: bool = False
    repeat: int = 1
    shake: int = 0
    shots: int = 1
    shard: str | None = None
    judge: str | None = None
    fresh: bool = False
    max_cost: float | None = None
    max_tokens: int | None = None
    controls: bool = True
    pictures: bool = True
    all_cases: bool = False
    gates: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    line: str | None = None
    compare: str | None = None
    compare_fail: tuple[str, ...] = ()
    lang: Language | None = None
    cases: str | None = None
    models_file: str | None = None
    reports: str | None = None


def options_of(config: pytest.Config) -> Options:
    """Read the options of a session."""

    def given(name: str) -> Any:
        return config.getoption(_dest(name))

    return Options(
        models=tuple(given("model")),
        variants=tuple(given("variant")),
        questions=tuple(given("question")),
        layouts=tuple(given("layout")),
        split=given("split"),
        swap=given("swap"),
        repeat=given("repeat"),
        shake=given("shake"),
        shots=given("shots"),
        shard=given("shard"),
        judge=given("judge"),
        fresh=given("fresh"),
        max_cost=given("max-cost"),
        max_tokens=given("max-tokens"),
        controls=not given("no-controls"),
        pictures=not given("no-pictures"),
        all_cases=given("all-cases") or _names_a_case(config),
        gates=tuple(given("gate")),
        at=tuple(given("at")),
        line=given("line"),
        compare=given("compare"),
        compare_fail=tuple(given("compare-fail")),
        lang=given("lang"),
        cases=given("cases"),
        models_file=given("models-file"),
        reports=given("reports"),
    )


def _names_a_case(config: pytest.Config) -> bool:
    """Say whether the command line names a case (``-k connector/c001``) or a trial: that one has to run."""
    return "/" in (config.getoption("keyword") or "") or any("::" in argument for argument in config.args)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options with their prefix."""
    declare(parser.getgroup("kurabe", "inspection bench (kurabe)"), "--kurabe-")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, parser: pytest.Parser, args: list[str]
) -> Generator[None, None, None]:
    """Add a hint to pytest's usage error if an option that nobody declares is one of ours without prefix."""
    yield
    words = {argument.partition("=")[0] for argument in args}
    if early_config.pluginmanager.has_plugin(SHORT) or words.isdisjoint(f"--{name}" for name in _OPTIONS):
        return
    unknown = {word.partition("=")[0] for word in parser.parse_known_and_unknown_args(args)[1]}
    if ours := sorted(word for word in unknown if word.removeprefix("--") in _OPTIONS):
        long = ", ".join(word.replace("--", "--kurabe-", 1) for word in ours)
        parser.extra_info["kurabe"] = f"use {long}, or turn on the short options with -p {SHORT}"


def _check_compared(config: pytest.Config) -> None:
    """Refuse a run to compare with that is not there or cannot be read."""
    from kurabe.common.errors import KurabeError
    from kurabe.plugin.stash import root_of
    from kurabe.results.run import find_run

    reports = root_of(config) / (config.getoption("kurabe_reports") or "reports")
    try:
        find_run(reports, config.getoption("kurabe_compare")).records()
    except KurabeError as error:
        raise pytest.UsageError(f"{spelled(config, 'compare')}: {error}") from error


def check_options(config: pytest.Config) -> None:
    """Check what can be checked now, not after hours of answering.

    Raises:
        pytest.UsageError: If an option cannot be used.
    """
    if config.getoption("kurabe_repeat") < 1:
        raise pytest.UsageError(f"{spelled(config, 'repeat')} takes a number from 1")
    if config.getoption("kurabe_shake") < 0:
        raise pytest.UsageError(f"{spelled(config, 'shake')} takes a number from 0")
    if config.getoption("kurabe_shots") < 1:
        raise pytest.UsageError(f"{spelled(config, 'shots')} takes a number from 1")
    if config.getoption("kurabe_shots") > 1 and config.getoption("kurabe_swap"):
        raise pytest.UsageError(
            f"{spelled(config, 'swap')} exchanges two pictures: it goes with one good part, without "
            f"{spelled(config, 'shots')}"
        )
    if config.getoption("kurabe_shard") is not None:
        _check_shard(config)
    for name in ("max-cost", "max-tokens"):
        limit = config.getoption(_dest(name))
        if limit is not None and not 0 < limit < float("inf"):
            raise pytest.UsageError(f"{spelled(config, name)} takes a number above 0")
    limits = config.getoption("kurabe_compare_fail")
    if limits and not config.getoption("kurabe_compare"):
        raise pytest.UsageError(f"{spelled(config, 'compare-fail')} needs {spelled(config, 'compare')} RUN")
    if config.getoption("kurabe_compare") and not hasattr(config, "workerinput"):
        _check_compared(config)
    asked: dict[str, Any] = {name: config.getoption(_dest(name)) or [] for name in _EXPRESSIONS}
    if any(asked.values()):
        _check_expressions(asked)


def _check_shard(config: pytest.Config) -> None:
    from kurabe.cases.shards import parse_shard

    try:
        parse_shard(config.getoption("kurabe_shard"))
    except ValueError as error:
        raise pytest.UsageError(f"{spelled(config, 'shard')} {error}") from error


_EXPRESSIONS = ("gate", "at", "line", "compare-fail")


def _check_expressions(asked: dict[str, Any]) -> None:
    from kurabe.report.compare import parse_compare_fail
    from kurabe.report.gate import parse_gate
    from kurabe.report.line import parse_line
    from kurabe.report.rules import parse_rule

    parsers: dict[str, Callable[[str], object]] = dict(
        zip(_EXPRESSIONS, (parse_gate, parse_rule, parse_line, parse_compare_fail), strict=True)
    )
    try:
        for name, told in asked.items():
            for text in [told] if isinstance(told, str) else told:
                parsers[name](text)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from error
