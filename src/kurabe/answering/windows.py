"""Which trials are answered together: consecutive ones of the plan, of one model and one group."""

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path

from kurabe.cases.trials import Trial
from kurabe.common.errors import ImageError
from kurabe.imaging.load import image_size


class Windows:
    """Cuts a plan into windows, as they are asked for.

    Attributes:
        taken: Ids of the trials that are answered, or on their way.
    """

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self._plan: list[Trial] = []
        self._place: dict[str, int] = {}
        self._groups: Mapping[str, str] = {}
        self._sizes: dict[Path, int] = {}

    def __len__(self) -> int:
        return len(self._plan)

    def plan(self, trials: Sequence[Trial], groups: Mapping[str, str]) -> None:
        """Take a new plan; see `kurabe.answering.answerer.Answerer.plan`."""
        self._groups = groups
        self._plan = list(trials)
        self._place = {trial.id: place for place, trial in enumerate(self._plan)}
        self.taken.clear()

    def add(self, trials: Sequence[Trial]) -> None:
        """Take more trials, behind all others."""
        self._place.update({trial.id: place for place, trial in enumerate(trials, len(self._plan))})
        self._plan += trials

    def window(self, first: Trial, size: int, limit: int, *, pairs: bool = False) -> list[Trial]:
        """Return the trials of one model from ``first`` on that are answered together.

        Args:
            first: Comes in any case, be it in the plan or not.
            size: The most trials.
            limit: The most bytes of their pictures, decoded.
            pairs: Whether trials that show the same pictures count once.
        """
        if first.id not in self._place:
            return [first]
        window: list[Trial] = []
        counted: set[Hashable] = set()
        held = 0
        for trial in self._plan[self._place[first.id] :]:
            if trial.model != first.model or self._group(trial) != self._group(first):
                break
            if trial.id in self.taken:
                continue
            counted.add(_shown(trial) if pairs else trial.id)
            held += self._decoded_bytes(trial)
            if window and (held > limit or len(counted) > size):
                return _whole_cases(window, trial)
            window.append(trial)
        return window

    def following(self, window: Sequence[Trial]) -> Trial | None:
        """Return the trial after a window; None at the plan's end, and where another process may get it."""
        last = window[-1]
        place = self._place.get(last.id)
        if place is None or place + 1 == len(self._plan):
            return None
        following = self._plan[place + 1]
        return following if self._group(following) == self._group(last) else None

    def _group(self, trial: Trial) -> str | None:
        return self._groups.get(trial.id)

    def _decoded_bytes(self, trial: Trial) -> int:
        """Return the memory of a trial's pictures, before and after layout; from the files' headers."""
        total = 0
        if trial.words is not None:
            return total
        for name in (*trial.case.good[:1] * trial.shots, trial.case.test):
            if name is None:
                continue
            path = trial.suite.image(name)
            if path not in self._sizes:
                try:
                    width, height = image_size(path)
                except ImageError:
                    width = height = 0  # preparing the trial will say what is wrong
                self._sizes[path] = 3 * width * height
            total += self._sizes[path]
        return total if trial.layout == "separate" else 2 * total  # only then nothing is joined


def _shown(trial: Trial) -> Hashable:
    """Return what is equal for trials that show the same pictures."""
    if trial.words is not None:
        return trial.id
    return trial.case_id, trial.variant, trial.layout, trial.swapped, trial.control, trial.shake, trial.shots


def _whole_cases(window: list[Trial], following: Trial) -> list[Trial]:
    """Leave away what is asked about a case in the next window, too: all of it is cheaper together."""
    whole = len(window)
    while whole and window[whole - 1].case_id == following.case_id:
        whole -= 1
    return window[:whole] if 2 * whole >= len(window) else window
