"""Picture files as a case shows them: painted over where parts may differ, cut to the region."""

from pathlib import Path
from typing import NamedTuple

from PIL import Image

from kurabe.cases.case import Case
from kurabe.cases.suites import Suite
from kurabe.common.vocabulary import Box
from kurabe.imaging.load import load_image
from kurabe.imaging.masking import cut_out, paint_over
from kurabe.imaging.shake import Shake


class Source(NamedTuple):
    """A picture before it is read.

    Attributes:
        path: The file.
        ignored: What is painted over: boxes, or a mask file.
        region: What is looked at; None for all.
        shake: A harmless change of the file; what is ignored and looked at keeps its place.
    """

    path: Path
    ignored: tuple[Box, ...] | Path = ()
    region: Box | None = None
    shake: Shake | None = None

    def read(self) -> Image.Image:
        """Return the picture.

        Raises:
            ImageError: If the file or its mask cannot be read, or they do not fit together.
        """
        picture = load_image(self.path)
        if self.shake is not None:
            picture = self.shake.apply(picture)
        if self.ignored != ():
            picture = paint_over(picture, self.ignored)
        return picture if self.region is None else cut_out(picture, self.region)


def source_of(suite: Suite, case: Case, relative: str) -> Source:
    """Return a picture that a case names."""
    ignored = suite.ignore(case)
    if isinstance(ignored, str):
        return Source(suite.image(relative), suite.image(ignored), suite.region(case))
    return Source(suite.image(relative), ignored or (), suite.region(case))
