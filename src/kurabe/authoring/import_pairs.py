"""Tables of image pairs: one row a case."""

from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from kurabe.authoring.pair_table import Boxed, Row, read_table
from kurabe.authoring.parts import Found, Hints, Mark, Part
from kurabe.common.errors import KurabeError, Problem
from kurabe.common.vocabulary import Relation


class PairsImporter:
    """Reads a CSV table of pairs.

    Columns: ``id``, ``before`` and ``after`` (paths relative to the table), ``label`` (same or different, or
    what else means good and bad); where there are such columns also ``kinds`` (JSON list),
    ``n_differences``, ``boxes`` (JSON ``[[x1, y1, x2, y2, kind], …]`` in pixels of ``after``), ``family``,
    ``pair_type`` (aligned or instance). Others are ignored. An empty cell or ``null`` is unknown and is not
    scored; ``[]`` is none.
    """

    title: ClassVar[str] = "Pairs"
    layout: ClassVar[str] = "a CSV file with the columns id, before, after and label"
    relation: ClassVar[Relation] = "aligned"

    def __init__(self, source: Path, hints: Hints) -> None:
        """Take the table."""
        if source.is_dir():
            raise KurabeError(f"{source}: is a folder; {self.layout} is meant (or import it as 'folder')")
        self._table = source
        self._hints = hints

    def parts(self) -> Iterator[Found]:
        """Give the rows."""
        for row in read_table(self._table, self._hints.relation or self.relation, self._hints.labels):
            yield row if isinstance(row, Problem) else self._part(row)

    def _part(self, row: Row) -> Part:
        listed = [box.kind for box in row.boxes or () if box.kind is not None]
        return Part(
            picture=row.after,
            good=row.label == "same",
            name=row.id,
            id=row.id,
            product=row.family,
            kinds=tuple(row.kinds if row.kinds is not None else listed),
            role="test",
            marks=None if row.boxes is None else tuple(_mark(box, row.kinds) for box in row.boxes),
            references=(row.before,),
            relation=row.relation,
            count=row.count,
            source=self._table,
            line=row.line,
        )


def _mark(box: Boxed, kinds: tuple[str, ...] | None) -> Mark:
    x1, y1, x2, y2 = box.edges
    # A kind that the row does not list tells how the box was drawn, not what can be seen in it.
    named = box.kind is not None and (kinds is None or box.kind in kinds)
    return Mark((x1, y1, x2, y2), box.kind if named else None)
