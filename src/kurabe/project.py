"""A user's project: where its cases, models and reports are, and what a run of it consists of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kurabe.cases import suites as suite_files
from kurabe.cases.prompts import Prompts, load_prompts
from kurabe.cases.suites import Suites
from kurabe.cases.trials import Participant
from kurabe.common.errors import CaseError, KurabeError, ModelError, Problem
from kurabe.imaging import processors
from kurabe.models import config, functions
from kurabe.models.protocol import Priced, is_greedy
from kurabe.models.registry import Registry
from kurabe.models.weights import Hasher


@dataclass(frozen=True, slots=True)
class Project:
    """The places of a project.

    Attributes:
        cases: Folder of the suites.
        models: The file ``models.toml``.
        reports: Folder of what runs leave.
        cases_option: How the user names another folder of suites on the command line; for messages.
        root: The project's own folder. A ``models.toml`` outside it may not name Python code.
    """

    cases: Path
    models: Path
    reports: Path
    cases_option: str = "--cases"
    root: Path = Path()

    @classmethod
    def at(
        cls,
        root: Path,
        cases: str | None = None,
        models: str | None = None,
        reports: str | None = None,
        cases_option: str = "--cases",
    ) -> "Project":
        """Return the project in ``root``; the places that are given differ from the usual ones."""
        return cls(
            root / (cases or "cases"),
            root / (models or config.FILE_NAME),
            root / (reports or "reports"),
            cases_option,
            root,
        )

    @property
    def cache(self) -> Path:
        """Folder of what later runs use again."""
        return self.reports / "cache"

    @property
    def album(self) -> Path:
        """Folder of the pictures that trials show, by content."""
        return self.cache / "album"

    def suites(self, outside: Sequence[Path] = ()) -> Suites:
        """Read all suites; what is broken is told in the result.

        Args:
            outside: Suites that are not below the folder of cases, which then need not be there.

        Raises:
            CaseError: If there is no folder of cases, or no suite in it.
        """
        if not self.cases.is_dir() and not outside:
            raise CaseError(
                [
                    Problem(
                        f"there is no folder {self.cases}: make it, or name another with {self.cases_option}"
                    )
                ]
            )
        found = [*(suite_files.find(self.cases) if self.cases.is_dir() else ()), *outside]
        if not found:
            raise CaseError([Problem(f"{self.cases} holds no suite: write one with 'kurabe new'")])
        return suite_files.read(found)

    def registry(self) -> Registry:
        """Return the registry of ``models.toml`` and of the functions that ``conftest.py`` has declared.

        Raises:
            ModelError: If the file is missing and nothing is declared, or if anything is wrong with them.
        """
        ours = self.models.resolve().is_relative_to(self.root.resolve())
        models = config.Models(self.models, {}) if self._only_functions else config.read(self.models)
        with_all = functions.with_functions(models)
        return Registry(with_all, Hasher(self.cache / "hashes.json"), may_import=ours)

    @property
    def _only_functions(self) -> bool:
        return bool(functions.declared()) and not self.models.exists()

    def prompts(self, suites: Suites) -> dict[str, Prompts]:
        """Return each suite's prompts.

        Raises:
            CaseError: If prompts are wrong, with file and line.
        """
        path = self.cases / suite_files.PROMPTS_FILE
        common = load_prompts(path if path.is_file() else None)
        return {s.name: common.overlay(s.file.prompts, s.path, ("prompts",)) for s in suites.good}


@dataclass(frozen=True, slots=True)
class Participants:
    """Who takes part in a run.

    Attributes:
        chosen: The models that are asked.
        left_out: Models of the defaults that cannot run here, with the reason.
    """

    chosen: tuple[Participant, ...]
    left_out: dict[str, str]


def participants(registry: Registry, patterns: Sequence[str]) -> Participants:
    """Choose the models: those that are named, or the defaults that are ready.

    A model that a glob or the defaults bring in is left out if it cannot run here; one that is named has
    to run, and its weights are fetched if that is all it lacks.

    Raises:
        ModelError: If a model is named that is not there or cannot run here; if none can run.
    """
    entries = registry.models.entries
    chosen: list[Participant] = []
    left_out: dict[str, str] = {}
    for name in registry.models.select(patterns) if patterns else list(entries):
        common = entries[name].common
        if not patterns and not common.default:
            continue
        named = name in patterns
        engine, readiness = registry.engine(name), registry.readiness(name)
        if readiness.ready or (named and readiness.fetchable):
            slow = common.engine == "local" and engine.needs().device == "cpu"
            greedy = is_greedy(engine)
            chosen.append(
                Participant(name, common.layout, engine.questions, slow, greedy, boxes=common.boxes)
            )
        elif named:
            raise ModelError(f"model {name!r} cannot run here: {readiness.reason}")
        else:
            left_out[name] = readiness.reason
    if not chosen:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
        raise ModelError(f"no model can run here ({reasons or 'none is marked default'})")
    return Participants(tuple(chosen), left_out)


def check_priced(registry: Registry, names: Sequence[str]) -> None:
    """Check that a limit of money can be kept.

    Raises:
        ModelError: If answers of a model cost money, and nobody has said how much.
    """
    for name in names:
        engine, entry = registry.engine(name), registry.models.entries[name]
        if isinstance(engine, Priced) and not engine.priced:
            what = (
                "a limit of cost needs 'prices' here, as { input = 1.0, output = 4.0 } for a million tokens"
            )
            raise ModelError(str(Problem(what, entry.path, entry.line, f"model {name}")))


def processor_names() -> tuple[str, ...]:
    """Return the names of all registered processors."""
    return processors.names()


def load_conftest() -> None:
    """Run the project's conftest.py, as pytest would: its processors and models may stand there.

    Raises:
        KurabeError: If it fails.
    """
    from importlib.util import module_from_spec, spec_from_file_location

    functions.forget()
    path = Path("conftest.py")
    spec = spec_from_file_location("conftest", path)
    if not path.is_file() or spec is None or spec.loader is None:
        return
    try:
        spec.loader.exec_module(module_from_spec(spec))
    except Exception as error:
        raise KurabeError(f"{path}: cannot be imported: {type(error).__name__}: {error}") from error
