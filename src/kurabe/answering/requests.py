"""From trials to requests: threads make the pictures and the prompts before the engine needs them."""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Protocol

from kurabe.answering.cache_key import pictures_digest
from kurabe.answering.pictures import Pictures
from kurabe.answering.states import Prepared
from kurabe.answering.throttle import Throttle
from kurabe.cases.prompts import Prompt, Prompts
from kurabe.cases.trials import Trial, prompt_of
from kurabe.common.errors import ImageError, in_words
from kurabe.common.request import Place, Request
from kurabe.common.vocabulary import Layout
from kurabe.imaging.content import Names, Shown, name_pictures
from kurabe.models.protocol import Ahead


class PictureSink(Protocol):
    """Takes the pictures of trials, for whoever looks at the run later."""

    @property
    def keeps(self) -> bool:
        """Whether pictures can be found again by their names."""

    def add(self, shown: Shown) -> Names:
        """Name a trial's pictures, and keep them if this sink does."""


class NamesOnly:
    """A sink that keeps nothing."""

    keeps = False

    def add(self, shown: Shown) -> Names:
        """Name a trial's pictures."""
        return name_pictures(shown)


def place_of(shown: Shown, layout: Layout) -> Place | None:
    """Return where the test picture is in what is shown; it is the last one, or the first if exchanged."""
    if len(shown.pair) != 2:
        return None
    test = shown.pair[0 if shown.swapped else 1]
    joined = layout != "separate"
    index = 0 if joined or shown.swapped else len(shown.pictures) - 1
    whole = shown.pictures[index]
    # Whatever else is shown, the last picture ends where the joined one ends.
    left = whole.width - test.width if layout == "side-by-side" and not shown.swapped else 0
    top = whole.height - test.height if layout == "stacked" and not shown.swapped else 0
    return Place(index, whole.size, left, top, test.size)


_MOST = 8
"""Threads that make requests, where there are as many cores."""

_FEW = 2
"""Threads that make pictures while an engine works that goes on by itself, until it has to wait for them."""


class RequestMaker:
    """Makes the requests of trials, each once, in threads of its own."""

    def __init__(self, pictures: Pictures, sink: PictureSink, prompts: Mapping[str, Prompts]) -> None:
        """Take what requests are made of.

        Args:
            pictures: Makes a trial's pictures.
            sink: Takes them, too.
            prompts: Prompts by suite.
        """
        threads = max(1, min(_MOST, os.cpu_count() or 1))
        self.throttle = Throttle(threads, _FEW)
        self._pictures = pictures
        self._sink = sink
        self._prompts = prompts
        self._pool = ThreadPoolExecutor(threads)
        self._futures: dict[str, Future[Prepared]] = {}

    def start(self, window: Iterable[Trial]) -> None:
        """Begin with the requests of a window that have not been begun."""
        for trial in window:
            if trial.id not in self._futures:
                self._futures[trial.id] = self._pool.submit(self._throttled, trial)

    def take(self, window: Iterable[Trial]) -> list[Future[Prepared]]:
        """Hand over the requests of a window, in its order; they may still be in the making."""
        self.start(window)
        return [self._futures.pop(trial.id) for trial in window]

    def prepare_ahead(self, engine: Ahead, requests: Sequence[Request]) -> None:
        """Let an engine do ahead what it will need for these requests, and wait for it."""
        wait([self._pool.submit(self._prepare, engine, request) for request in requests])

    def close(self) -> None:
        """Stop; what has not begun never will."""
        self._pool.shutdown(cancel_futures=True)

    def _prepare(self, engine: Ahead, request: Request) -> None:
        with self.throttle:
            engine.prepare(request)

    def _throttled(self, trial: Trial) -> Prepared:
        with self.throttle:
            return self._make(trial)

    def _make(self, trial: Trial) -> Prepared:
        if trial.words is not None:
            return _in_words(trial, trial.words)
        try:
            shown = self._pictures.show(trial)
            names = self._sink.add(shown)
        except ImageError as error:
            return Prepared(error=str(error))
        except Exception as error:
            # The other trials of the window are not to suffer, and the message must say whose fault it is.
            return Prepared(error=f"case {trial.case_id}, variant {trial.variant}: {in_words(error)}")
        prompt = prompt_of(trial, trial.prompts or self._prompts[trial.suite.name])
        request = Request(
            trial=trial.id,
            question=trial.question,
            prompt=prompt.text,
            pictures=shown.pictures,
            pair=shown.pair,
            relation=trial.suite.relation(trial.case),
            yes=prompt.yes,
            no=prompt.no,
            options=prompt.options,
            max_new_tokens=prompt.max_new_tokens,
            seed=trial.repeat,
            contents=names.shown,
            files=shown.files,
            boxes=prompt.boxes,
            references=() if shown.good is None else shown.good.pictures,
            suite=shown.suite,
        )
        digest = pictures_digest(names, trial.swapped)
        return Prepared(
            request,
            prompt,
            digest,
            note=shown.note,
            pictures=names,
            kept=self._sink.keeps,
            good=shown.good,
            originals=shown.originals,
            place=place_of(shown, trial.layout),
        )


def _in_words(trial: Trial, prompt: Prompt) -> Prepared:
    """Return a question that shows nothing."""
    request = Request(
        trial=trial.id,
        question=trial.question,
        prompt=prompt.text,
        pictures=(),
        pair=(),
        relation=trial.suite.relation(trial.case),
        max_new_tokens=prompt.max_new_tokens,
        form=prompt.form,
    )
    return Prepared(request, prompt, digest="words alone")
