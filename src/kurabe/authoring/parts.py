"""What importers give: parts with their pictures, as a format tells them.

An importer reads one format and says nothing about pairs, ids or YAML: `kurabe.authoring.importing` makes
suites of what it gives. Other packages offer importers as entry points of the group ``kurabe.importers``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal, Protocol

from kurabe.authoring.labels import Labels
from kurabe.common.errors import Problem
from kurabe.common.vocabulary import QuestionKind, Relation

Role = Literal["reference", "test", "any"]
"""``reference``: only compared with. ``test``: asked about. ``any``: a good part may be either."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place that was labelled.

    Attributes:
        box: Left, top, right, bottom; right and bottom are exclusive.
        kind: What is there, if the format tells.
        relative: True if the box is in shares of the picture's width and height, not in pixels.
    """

    box: tuple[float, float, float, float]
    kind: str | None = None
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Mask:
    """A picture of where the defects are: not black there, or in the colours of ``kinds``.

    Attributes:
        files: The picture; several are laid over each other.
        kinds: Kind of each colour (red, green, blue); empty: all that is not black is a defect.
    """

    files: tuple[Path, ...]
    kinds: Mapping[tuple[int, int, int], str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A picture of a part, and what is known of it.

    Attributes:
        picture: The file.
        good: Whether it is a good part.
        name: What the case's id is made of: folders and file name without suffix, with forward slashes.
        id: The case's id, where the format has ids.
        product: What is shown; pairs are made within a product.
        pool: Pairs are made within this, too: the camera, for instance.
        kinds: Kinds of its defects.
        role: What it may be used for.
        marks: Its labelled places; ``()`` if there are none, None if nobody labelled places.
        mask: Where its defects are, instead of ``marks``.
        size: Width and height in pixels of the picture that was labelled, to find pictures scaled since.
        references: The good parts to compare with, where the format names them.
        relation: How the pair belongs together; None: as the importer says.
        specimen: The part that the picture shows, if several pictures may show it.
        split: ``train`` or ``test``; None leaves it out.
        tags: Words to select by, besides product and kinds.
        count: Number of differences, if known.
        ask: The questions; None: all that is known.
        expect: More to expect, as in case files: ``choice`` or ``describe``.
        source: The file that tells this; None: the picture's place does.
        line: Line in ``source``.
    """

    picture: Path
    good: bool
    name: str
    id: str | None = None
    product: str = ""
    pool: str = ""
    kinds: tuple[str, ...] = ()
    role: Role = "any"
    marks: tuple[Mark, ...] | None = None
    mask: Mask | None = None
    size: tuple[int, int] | None = None
    references: tuple[Path, ...] = ()
    relation: Relation | None = None
    specimen: str | None = None
    split: Literal["train", "test"] | None = None
    tags: tuple[str, ...] = ()
    count: int | None = None
    ask: tuple[QuestionKind, ...] | None = None
    expect: Mapping[str, Any] | None = None
    source: Path | None = None
    line: int | None = None

    @property
    def place(self) -> tuple[str, str]:
        """Pairs are made of parts that agree in this."""
        return self.product, self.pool

    @property
    def stratum(self) -> tuple[str, str]:
        """Samples are balanced over this: the product, and the kind of defect."""
        kinds = self.named_kinds
        return self.product, kinds[0] if len(kinds) == 1 else "several kinds"

    @property
    def named_kinds(self) -> tuple[str, ...]:
        """The kinds of its defects, each once; ``good`` for a good part, ``bad`` where no kind is known."""
        return ("good",) if self.good else tuple(dict.fromkeys(self.kinds)) or ("bad",)

    def problem(self, what: str) -> Problem:
        """Return something that is wrong with this part, at the file that tells it."""
        if self.source is None:
            return Problem(what, self.picture)
        return Problem(what, self.source, self.line, f"case {self.id}" if self.id else str(self.name))


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in the source that no suite can use, and that is nobody's mistake.

    Attributes:
        what: What it is, and why it is left out.
        path: The file or folder.
    """

    what: str
    path: Path


Found = Part | Problem | LeftOut


@dataclass(frozen=True, slots=True)
class Hints:
    """What the user tells about a source.

    Attributes:
        images: Folder of the pictures, where it is not the usual one.
        labels: Which words mean good, and which bad.
        relation: How pairs belong together where the source does not tell.
        unlabelled_good: Whether pictures without labels are good parts.
        copy: Whether the pictures are copied, so that they need not be files of the source.
    """

    images: Path | None = None
    labels: Labels = field(default_factory=Labels)
    relation: Relation | None = None
    unlabelled_good: bool = False
    copy: bool = False


class Importer(Protocol):
    """Reads one format.

    ``kurabe import NAME SOURCE`` makes one with the source and the user's hints. `parts` is called several
    times and gives the same each time; it should go through the source piece by piece, because sets of
    100,000 pictures are imported, too.
    """

    title: ClassVar[str]
    """The format's name, for people."""
    layout: ClassVar[str]
    """What is looked for in the source, in a line."""
    relation: ClassVar[Relation]
    """How pairs belong together where nothing else tells."""

    def __init__(self, source: Path, hints: Hints) -> None:
        """Take the source.

        Raises:
            KurabeError: If the source is not in this format; says what was looked for.
        """

    def parts(self) -> Iterator[Found]:
        """Give the parts, what is wrong, and what is left out, in a fixed order."""
        ...
