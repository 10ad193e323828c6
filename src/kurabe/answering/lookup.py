"""What is known of a window without asking: cached answers, broken pictures, pictures learned by heart."""

from collections.abc import Mapping, Sequence

from kurabe.answering.cache import AnswerCache
from kurabe.answering.cache_key import cache_key
from kurabe.answering.engines import Engines
from kurabe.answering.requests import RequestMaker
from kurabe.answering.states import Asked, Failed, Prepared, Ready, Result
from kurabe.cases.trials import Trial
from kurabe.common.request import Answer
from kurabe.models.protocol import Ahead, is_cacheable, reads_references, reads_suite


class Lookup:
    """Settles the trials of a window that need no engine, and makes the others ready for it."""

    def __init__(
        self,
        engines: Engines,
        requests: RequestMaker,
        cache: AnswerCache,
        fresh: bool,
        resumed: Mapping[str, float],
    ) -> None:
        """Take what is looked at; with ``fresh``, of the cache only what `Answerer` says of ``resumed``."""
        self._engines = engines
        self._requests = requests
        self._cache = cache
        self._fresh = fresh
        self._resumed = resumed

    def ready(self, window: Sequence[Trial], ahead: bool = False, load: bool = False) -> Ready | Failed:
        """Wait for a window's pictures, and look up what has been answered before.

        Windows that follow each other wait for each other here, so that no picture of the later one is made
        before all that the engine needs of the earlier one.

        Args:
            window: The window.
            ahead: Whether the engine may prepare, too; before the very first window it has to load.
            load: Load the engine while the pictures are made, if the window's first request has to be asked.
                Nothing else may be with an engine meanwhile.
        """
        model = window[0].model
        futures = self._requests.take(window)
        try:
            engine = self._engines.get(model)
            fingerprint = engine.fingerprint()
            learned = self._engines.learned(model)
        except Exception as error:
            return Failed(window, self._engines.give_up(model, error))
        every, cached = reads_references(engine), is_cacheable(engine)
        suite = reads_suite(engine)

        def key_of(prepared: Prepared) -> str:
            if not cached or prepared.request is None:
                return ""
            request, shown = prepared.request, prepared.digest
            return cache_key(fingerprint, request, shown, all_references=every, whole_suite=suite)

        if load:
            first = futures[0].result()
            if first.request and not first.shows(learned) and not self._known(window[:1], [key_of(first)]):
                self._load(model)
        prepared = [future.result() for future in futures]
        keys = [key_of(each) for each in prepared]
        known = self._known(window, keys)
        settled, asked = [], []
        for trial, p, key in zip(window, prepared, keys, strict=True):
            if p.request is None:
                settled.append(Result(trial, p.answered(Answer(error=p.error))))
            elif p.shows(learned):
                refused = f"{model} was trained on these pictures"
                settled.append(Result(trial, p.answered(Answer(), refused=refused)))
            elif key in known:
                settled.append(Result(trial, p.answered(known[key], cached=True)))
            else:
                asked.append(Asked(trial, p, p.request, key))
        if isinstance(engine, Ahead) and ahead:
            self._requests.prepare_ahead(engine, [each.request for each in asked])
        return Ready(model, tuple(settled), tuple(asked))

    def _load(self, model: str) -> None:
        """Load a model; why it cannot be, whoever asks it is told."""
        try:
            self._engines.loaded(model)
        except Exception as error:
            self._engines.give_up(model, error)

    def _known(self, window: Sequence[Trial], keys: Sequence[str]) -> dict[str, Answer]:
        """Return the stored answers of a window that count, by key; what has none is not looked for."""
        if not self._fresh:
            return self._cache.get([key for key in keys if key])
        known: dict[str, Answer] = {}
        for trial, key in zip(window, keys, strict=True):
            if key and trial.id in self._resumed:
                known |= self._cache.get([key], self._resumed[trial.id])
        return known
