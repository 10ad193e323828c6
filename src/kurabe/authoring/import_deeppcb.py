"""DeepPCB: aligned pairs of bare boards with boxes (https://github.com/tangsanli5201/DeepPCB).

``NAME_temp.jpg`` is the good board, ``NAME_test.jpg`` the tested one, and ``NAME.txt`` in the folder beside,
with ``_not`` behind its name, has a line ``x1 y1 x2 y2 type`` for each defect.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from kurabe.authoring.import_files import decoded, name_of, need_folder, pictures_below, unknown_layout
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import Relation

_KINDS = {1: "open", 2: "short", 3: "mousebite", 4: "spur", 5: "spurious copper", 6: "pin-hole"}
_TEST, _GOOD = "_test", "_temp"


class DeeppcbImporter:
    """Reads the pairs below a folder."""

    title: ClassVar[str] = "DeepPCB"
    layout: ClassVar[str] = "GROUP/NAME_test.jpg and GROUP/NAME_temp.jpg with GROUP_not/NAME.txt beside"
    relation: ClassVar[Relation] = "aligned"

    def __init__(self, source: Path, hints: Hints) -> None:  # noqa: ARG002 - the format leaves nothing open
        """Look for a pair."""
        need_folder(source, self.layout)
        self._source = source
        if next(self._tests(), None) is None:
            raise unknown_layout(source, self.layout)
        lists = [path for folder in (source, source / "PCBData") for path in (folder / "trainval.txt",)]
        self._training = {
            Path(line.split()[0]).stem
            for path in lists
            if path.is_file()
            for line in decoded(path).splitlines()
            if line
        }

    def _tests(self) -> Iterator[Path]:
        return (path for path in pictures_below(self._source) if path.stem.endswith(_TEST))

    def parts(self) -> Iterator[Found]:
        """Give the tested boards; the training list's are of split ``train``."""
        for picture in self._tests():
            stem = picture.stem.removesuffix(_TEST)
            template = picture.with_name(f"{stem}{_GOOD}{picture.suffix}")
            group = picture.parent
            tables = [group.with_name(f"{group.name}_not") / f"{stem}.txt", picture.with_name(f"{stem}.txt")]
            table = next((path for path in tables if path.is_file()), None)
            if not template.is_file():
                yield Problem(f"there is no {template.name} beside it: add the good board's picture", picture)
            elif table is None:
                yield Problem(
                    f"there is no {tables[0]}: add it; an empty file says that nothing is wrong", picture
                )
            else:
                yield from self._part(
                    picture, template, table, name_of(picture, self._source).removesuffix(_TEST)
                )

    def _part(self, picture: Path, template: Path, table: Path, name: str) -> Iterator[Found]:
        marks = []
        for number, line in enumerate(decoded(table).splitlines(), 1):
            values = line.replace(",", " ").split()
            if not values:
                continue
            try:
                x1, y1, x2, y2, kind = map(int, values)
            except ValueError:
                yield Problem(
                    f"not 'x1 y1 x2 y2 type' in whole numbers: {line.strip()[:60]!r}", table, number
                )
                return
            if kind not in _KINDS:
                yield Problem(
                    f"there is no defect of type {kind}: types are 1 to {len(_KINDS)}", table, number
                )
                return
            marks.append(Mark((x1, y1, x2, y2), _KINDS[kind]))
        yield Part(
            picture=picture,
            good=not marks,
            name=name,
            kinds=tuple(dict.fromkeys(mark.kind for mark in marks if mark.kind)),
            role="test",
            marks=tuple(marks),
            references=(template,),
            split="train" if Path(name).name in self._training else None,
            count=len(marks),
            source=table,
        )
