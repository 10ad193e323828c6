"""MMAD: questions about pictures of four anomaly sets (https://github.com/jam-cc/MMAD).

``mmad.json`` has for each picture a ``conversation`` of questions with lettered options, the good parts
nearest to it (``similar_templates``), and its mask. Whether there is a defect becomes a verdict, other
questions a choice, and those without options a description.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar

from kurabe.authoring.import_files import read_json, unknown_layout
from kurabe.authoring.parts import Found, Hints, Mask, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_DETECTION = "anomaly detection"


class MmadImporter:
    """Reads ``mmad.json``."""

    title: ClassVar[str] = "MMAD"
    layout: ClassVar[str] = (
        "mmad.json, and beside it the sets (DS-MVTec/, MVTec-LOCO/, VisA/, GoodsAD/) beside it"
    )
    relation: ClassVar[Relation] = "instance"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Read the questions."""
        self._file = source / "mmad.json" if source.is_dir() else source
        if not self._file.is_file():
            raise unknown_layout(source, self.layout)
        self._home = hints.images or self._file.parent
        found = read_json(self._file)
        if not isinstance(found, dict) or not any(
            "conversation" in v for v in found.values() if isinstance(v, dict)
        ):
            raise unknown_layout(source, self.layout)
        self._pictures: dict[str, dict[str, Any]] = found

    def parts(self) -> Iterator[Found]:
        """Give the questions of each picture."""
        for key, entry in self._pictures.items():
            for number, asked in enumerate(entry.get("conversation", []), 1):
                yield self._part(key, entry, number, asked)

    def _part(self, key: str, entry: dict[str, Any], number: int, asked: dict[str, Any]) -> Found:
        kind = str(asked.get("type") or "question")
        options = {str(letter): str(text) for letter, text in (asked.get("Options") or {}).items()}
        answer = str(asked.get("Answer", "")).strip()
        right = options.get(answer, answer)
        if options and right not in options.values():
            what = (
                f"{key}: question {number}: the answer {answer!r} is none of the options {', '.join(options)}"
            )
            return Problem(what, self._file)
        path = PurePosixPath(key)
        shared: dict[str, Any] = {
            "picture": self._home / path,
            "name": f"{path.with_suffix('').as_posix()}/q{number}",
            "product": path.parts[1] if len(path.parts) > 2 else "",
            "role": "test",
            "references": tuple(self._home / name for name in entry.get("similar_templates", [])),
            "specimen": path.with_suffix("").as_posix(),
            "tags": (path.parts[0], kind),
            "source": self._file,
        }
        if kind.casefold() == _DETECTION and options:
            good = right.casefold().startswith("no")
            mask = None if good else self._mask(path, entry.get("mask_path"))
            folder = path.parent.name
            kinds = () if good or folder in ("good", "Anomaly", "bad") else (folder,)
            return Part(**shared, good=good, kinds=kinds, mask=mask)
        question = str(asked.get("Question", "")).strip()
        if options:
            choice = {"question": question, "options": list(options.values()), "answer": right}
            return Part(**shared, good=False, kinds=(kind,), expect={"choice": choice})
        words = [[word] for word in re.findall(r"\w+", right) if len(word) > 3] or [[right or "?"]]
        return Part(**shared, good=False, kinds=(kind,), expect={"describe": {"says": words}})

    def _mask(self, picture: PurePosixPath, named: str | None) -> Mask | None:
        """Return a picture's mask, if it was downloaded: its path begins at one of the picture's folders."""
        if not named:
            return None
        for depth in (3, 2, 1, 0):
            path = self._home.joinpath(*picture.parts[:depth], named)
            if path.is_file():
                return Mask((path,))
        return None
