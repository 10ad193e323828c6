"""``kurabe process``: processed pictures of one pair as files, for a person to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from kurabe.cases.trials import RAW
from kurabe.common.errors import ImageError
from kurabe.common.vocabulary import Relation
from kurabe.imaging import processors
from kurabe.imaging.layout import lay_out
from kurabe.imaging.load import load_image

CONTACT = "contact.png"
"""The picture that shows the raw pair and all processed ones beside each other."""

_MARGIN = 8


@dataclass(frozen=True, slots=True)
class Written:
    """What was made of a pair.

    Attributes:
        written: The files.
        notes: What else was done to the pair.
        problems: Processors that failed, and why.
    """

    written: tuple[Path, ...]
    notes: tuple[str, ...]
    problems: tuple[str, ...]


def process_pair(reference: Path, test: Path, names: Sequence[str], out: Path, relation: Relation) -> Written:
    """Write ``NAME-reference.png`` and ``NAME-test.png`` of each processor, and `CONTACT`.

    A processor that fails does not keep the others from being written.

    Args:
        reference: The good picture.
        test: The suspect picture.
        names: Names of processors.
        out: Folder for the pictures; made if need be.
        relation: How the two belong together.

    Raises:
        ImageError: If a picture cannot be read or a processor is unknown.
    """
    for name in names:
        processors.get_processor(name)
    pair = (load_image(reference), load_image(test))
    shown = {RAW: pair}
    notes, problems, written = [], [], []
    for name in dict.fromkeys(names):
        try:
            done = processors.apply(name, *pair, relation)
        except ImageError as error:
            problems.append(str(error))
            continue
        shown[name] = (done.reference, done.test)
        if done.note:
            notes.append(f"{name}: {done.note}")
        out.mkdir(parents=True, exist_ok=True)
        for side, picture in zip(("reference", "test"), shown[name], strict=True):
            written.append(out / f"{name}-{side}.png")
            picture.save(written[-1])
    if written:
        written.append(out / CONTACT)
        contact(shown).save(written[-1])
    return Written(tuple(written), tuple(notes), tuple(problems))


def contact(shown: dict[str, processors.Pair]) -> Image.Image:
    """Return one picture of all pairs: a column each, reference above test, the name above both."""
    columns = [lay_out(pair, "stacked")[0] for pair in shown.values()]
    size = max(12, columns[0].width // 24)
    font = ImageFont.load_default(size)
    head = size + 2 * _MARGIN
    width = sum(
        max(column.width, int(font.getlength(name))) for name, column in zip(shown, columns, strict=True)
    )
    height = head + max(column.height for column in columns)
    sheet = Image.new("RGB", (width + _MARGIN * (len(columns) + 1), height + _MARGIN), "white")
    draw = ImageDraw.Draw(sheet)
    left = _MARGIN
    for name, column in zip(shown, columns, strict=True):
        draw.text((left, _MARGIN), name, fill="black", font=font)
        sheet.paste(column, (left, head))
        left += max(column.width, int(font.getlength(name))) + _MARGIN
    return sheet
