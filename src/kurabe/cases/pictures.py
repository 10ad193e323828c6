"""The pictures that cases name: patterns become files, sizes and boxes are checked, regions are applied."""

import glob
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from kurabe.cases.case import Case, Defaults, Ignore
from kurabe.cases.yaml_lines import Path as Loc
from kurabe.common.errors import ImageError, did_you_mean
from kurabe.common.paths import is_there, located, shortened
from kurabe.common.vocabulary import Box

Size = tuple[int, int]
Found = tuple[str, Loc]
"""What is wrong, and where in the case it stands."""

_PICTURES = frozenset(
    ".png .jpg .jpeg .jpe .bmp .tif .tiff .webp .gif .pgm .ppm .pnm .jp2 .avif".split()  # noqa: SIM905
)
"""What a pattern without a file type of its own takes: folders of pictures hold Thumbs.db and notes, too."""


class NamedPictures:
    """The pictures of one suite; each is measured once, each pattern looked up once.

    Args:
        folder: Where they are.
        file_name: The suite's file, for messages.
        root: How the suite names the folder; None if it is that of the file.
    """

    def __init__(self, folder: Path, file_name: str, root: str | None = None) -> None:
        self._folder = folder
        self._file_name = file_name
        self._root = root
        self._real_folder = folder.resolve()
        self._resolved: dict[Path, Path] = {}
        self._sizes: dict[str, Size | str] = {}
        self._sets: dict[tuple[str, ...], tuple[str, ...] | str] = {}
        self._checked: dict[tuple[str, ...], set[Size] | str] = {}

    def settled(self, case: Case, defaults: Defaults) -> tuple[Case, list[Found]]:
        """Return a case with its patterns as files and its boxes in the region, and all that is wrong."""
        if case.references is not None:
            good = self.files(case.good)
            if isinstance(good, str):
                return case, [(good, ("references",))]
            case = case.model_copy(update={"references": good})
        problems = list(self._pictures(case, defaults))
        region = case.region or defaults.region
        if region is not None and case.expect.differences and not problems:
            case = _moved(case, region)
        return case, problems

    def files(self, named: tuple[str, ...]) -> tuple[str, ...] | str:
        """Return the files that names and patterns stand for, or what is wrong with these.

        The files of a pattern are sorted. A name that is a file is no pattern, whatever it is made of.
        """
        if named not in self._sets:
            found: dict[str, None] = {}
            for each in named:
                matches = self._matches(each)
                if not matches:
                    self._sets[named] = f"no picture matches {each!r} in {self._folder}: correct the pattern"
                    break
                found.update(dict.fromkeys(matches))
            else:
                self._sets[named] = tuple(found)
        return self._sets[named]

    def _matches(self, name: str) -> list[str]:
        if glob.escape(name) == name or is_there(self._folder / name):
            return [name]
        every = PurePosixPath(name).suffix in ("", ".*")
        return sorted(
            PurePosixPath(match.replace(os.sep, "/")).as_posix()
            for match in glob.iglob(name, root_dir=self._folder, recursive=True)  # noqa: PTH207 (relative)
            if not every or Path(match).suffix.lower() in _PICTURES
            if (self._folder / match).is_file()
        )

    def _pictures(self, case: Case, defaults: Defaults) -> Iterator[Found]:
        several = case.references is not None
        goods = self._good_sizes(case.good)
        if isinstance(goods, str):
            yield goods, ("references" if several else "reference",)
        test = None
        if case.test is not None:
            test = self.size(case.test)
            if isinstance(test, str):
                yield test, ("test",)
        for variant, pair in case.processed.items():
            for key, relative in (("reference", pair.reference), ("test", pair.test)):
                size = self.size(relative)
                if isinstance(size, str):
                    yield size, ("processed", variant, key)
        if several and case.test is not None:
            yield from _own_test(case)
        if isinstance(goods, str) or isinstance(test, str):
            return
        ignore, region = case.ignore or defaults.ignore, case.region or defaults.region
        if test is not None:
            yield from _sizes_differ(case, defaults, goods, test, fixed=bool(ignore or region))
        sizes = {test} if test is not None else goods
        for size in list(sizes)[:1]:
            yield from self._places(ignore, region, size)
            yield from _boxes(case, region, size)

    def _good_sizes(self, good: tuple[str, ...]) -> set[Size] | str:
        """Return the sizes of good parts, or what is wrong with one of them."""
        if good not in self._checked:
            sizes = [self.size(relative) for relative in good]
            wrong = next((size for size in sizes if isinstance(size, str)), None)
            self._checked[good] = wrong or {size for size in sizes if not isinstance(size, str)}
        return self._checked[good]

    def _places(self, ignore: Ignore | None, region: Box | None, size: Size) -> Iterator[Found]:
        """Check that what is ignored and what is looked at lies in pictures of a size."""
        if isinstance(ignore, str):
            mask = self.size(ignore)
            if isinstance(mask, str):
                yield mask, ("ignore",)
            elif mask != size:
                what = (
                    f"the mask {ignore!r} has {mask[0]}x{mask[1]} pixels and the test image "
                    f"{size[0]}x{size[1]}: a mask has the size of the pictures"
                )
                yield what, ("ignore",)
        for name, box in [("ignore", box) for box in ignore or () if isinstance(box, Box)] + [
            ("region", region)
        ]:
            if box is not None and (box.x2 > size[0] or box.y2 > size[1]):
                yield f"{name}: the box {_edges(box)} leaves the test image of {size[0]}x{size[1]}", (name,)

    def size(self, relative: str) -> Size | str:
        """Return the picture's (width, height), or what is wrong with it."""
        if relative not in self._sizes:
            self._sizes[relative] = self._measure(relative)
        return self._sizes[relative]

    def _measure(self, relative: str) -> Size | str:
        from kurabe.imaging.load import image_size

        path = located(self._folder, relative)
        inside = os.path.normpath(os.path.relpath(path, self._folder) if is_there(path) else relative)
        if Path(relative).is_absolute() or inside.startswith(".."):
            return f"the image {relative!r} lies outside {self._widen()}"
        if not is_there(path) or not path.is_file():
            folder = path.parent
            names = [each.name for each in folder.glob("*")] if is_there(folder) and folder.is_dir() else []
            near = did_you_mean(path.name, names)
            return f"there is no image {shortened(relative, 120)!r} in {self._folder}{near}"
        if out := self._leads_out(path):
            return f"the image {relative!r} is a link to {out}, outside {self._widen()}"
        try:
            return image_size(path)
        except ImageError as error:
            return str(error)

    def _widen(self) -> str:
        """Return where pictures may be, and what to do about one that is elsewhere."""
        if self._root is not None:
            return f"the suite's root {self._root!r}: widen 'root'"
        return (
            f"the suite's folder: copy it beside {self._file_name}, or name the folder of the pictures as "
            "the suite's 'root'"
        )

    def _leads_out(self, path: Path) -> Path | None:
        """Return where a picture really is, if links lead out of the folder; None if they do not."""
        folder = path.parent
        if folder not in self._resolved:
            self._resolved[folder] = folder.resolve()
        real = path.resolve() if path.is_symlink() else self._resolved[folder] / path.name
        return None if real.is_relative_to(self._real_folder) else real


def others(case: Case) -> tuple[int, ...]:
    """Return the places of the good parts that a case's test picture can be compared with.

    A part is not compared with itself: a pattern such as ``good/*.png`` may name the test picture, too.
    """
    test = case.test and os.path.normpath(case.test)
    if len(case.good) < 2:
        return tuple(range(len(case.good)))
    return tuple(place for place, each in enumerate(case.good) if os.path.normpath(each) != test)


def _own_test(case: Case) -> Iterator[Found]:
    """Check what it means that the test picture is one of the good parts."""
    left = others(case)
    if case.good == (case.test,) or not left:
        yield f"the only good part is the test picture itself, {case.test!r}: add others", ("references",)
    elif len(left) < len(case.good) and case.expect.known_verdict == "different":
        yield f"{case.test!r} is one of the good parts, yet the verdict is different", ("test",)


def _sizes_differ(
    case: Case, defaults: Defaults, goods: set[Size], test: Size, *, fixed: bool
) -> Iterator[Found]:
    relation = case.relation or defaults.relation
    other = next((size for size in goods if size != test), None)
    if other is None:
        return
    sizes = f"the reference has {other[0]}x{other[1]} pixels and the test {test[0]}x{test[1]}"
    if relation == "aligned":
        what = f"the relation is aligned, yet {sizes}: give pictures of one size, or 'relation: instance'"
        yield what, ("test",)
    elif fixed:
        yield f"{sizes}: 'ignore' and 'region' take pictures of one size", ("test",)


def _boxes(case: Case, region: Box | None, size: Size) -> Iterator[Found]:
    """Check that the boxes of differences lie where a model can see them."""
    for number, difference in enumerate(case.expect.differences or ()):
        box = difference.box
        if box is None:
            continue
        place = ("expect", "differences", number, "box")
        if box.x2 > size[0] or box.y2 > size[1]:
            yield f"the box {_edges(box)} leaves the test image of {size[0]}x{size[1]}", place
        elif region is not None and not (
            region.x1 <= box.x1 and region.y1 <= box.y1 and box.x2 <= region.x2 and box.y2 <= region.y2
        ):
            yield f"the box {_edges(box)} leaves the region {_edges(region)}: enlarge the region", place


def _moved(case: Case, region: Box) -> Case:
    """Return a case whose boxes count from the region's corner, as the pictures do that models see."""
    left, top = round(region.x1), round(region.y1)
    moved = [
        difference
        if (box := difference.box) is None
        else difference.model_copy(
            update={"box": Box(box.x1 - left, box.y1 - top, box.x2 - left, box.y2 - top)}
        )
        for difference in case.expect.differences or ()
    ]
    return case.model_copy(update={"expect": case.expect.model_copy(update={"differences": moved})})


def _edges(box: Box) -> list[int]:
    return [round(edge) for edge in box]
