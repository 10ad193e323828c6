"""The registry of processors: functions that take a pair of pictures and give a pair of pictures.

A processor of one's own, in a package (entry-point group ``kurabe.processors``) or in ``conftest.py``::

    from PIL import ImageOps
    from kurabe.imaging.processors import processor

    @processor("inverted")
    def inverted(reference, test):
        return ImageOps.invert(reference), ImageOps.invert(test)
"""

import hashlib
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import FunctionType
from typing import TypeVar

from PIL import Image

from kurabe.common.errors import ImageError, did_you_mean
from kurabe.common.vocabulary import Relation

Pair = tuple[Image.Image, Image.Image]
Process = Callable[[Image.Image, Image.Image], Pair]
_P = TypeVar("_P", bound=Process)

_GROUP = "kurabe.processors"
# By name, so that collecting cases imports no image processing.
_BUILT_IN = {
    **dict.fromkeys(
        ("absdiff", "clahe", "diff", "edges", "gray", "overlay", "ssim-map"), "kurabe.imaging.views"
    ),
    **dict.fromkeys(("n-soartc", "rt-beta", "rt-residual", "soart3"), "kurabe.imaging.rt"),
}


@dataclass(frozen=True, slots=True)
class Processor:
    """A processor with its name and the version that belongs into cache keys."""

    name: str
    function: Process
    version: str


@dataclass(frozen=True, slots=True)
class Processed:
    """What became of a pair.

    Attributes:
        reference: The processed reference, mode RGB.
        test: The processed test picture, mode RGB.
        note: What else was done to the pair, such as fitting the test to the reference's size; or "".
    """

    reference: Image.Image
    test: Image.Image
    note: str = ""


_registry: dict[str, Processor] = {}
_broken: dict[str, str] = {}
_discovered = False


def processor(name: str, version: str | None = None) -> Callable[[_P], _P]:
    """Register the decorated function as a processor.

    Args:
        name: What users write as variant.
        version: Goes into cache keys; change it when the pictures change. Without one, the
            source of the function's module stands for it.

    Raises:
        ImageError: If another function has that name already.
    """

    def register(function: _P) -> _P:
        own = _identity(function)
        known = _registry.get(name)
        other = _BUILT_IN.get(name, own[0]) if known is None else ".".join(_identity(known.function))
        if other not in (own[0], ".".join(own)):
            raise ImageError(
                f"processor {name!r} is registered twice, by {other} and {'.'.join(own)}; rename one"
            )
        _registry[name] = Processor(name, function, version or _source_hash(function))
        return function

    return register


def names() -> tuple[str, ...]:
    """Return the names of all processors, ``raw`` first."""
    _discover()
    return ("raw", *sorted(({*_registry} | {*_BUILT_IN}) - {"raw"}))


def get_processor(name: str) -> Processor:
    """Look a processor up.

    Raises:
        ImageError: If there is none of that name; the nearest names are suggested.
    """
    if name not in _registry:
        if name in _BUILT_IN:
            importlib.import_module(_BUILT_IN[name])
        else:
            _discover()
    found = _registry.get(name)
    if found is not None:
        return found
    hint = did_you_mean(name, names(), most=3, cutoff=0.5) or f": there are {', '.join(names())}"
    broken = "".join(f"; entry point {key!r} could not be loaded: {why}" for key, why in _broken.items())
    raise ImageError(f"unknown processor {name!r}{hint}{broken}")


def apply(name: str, reference: Image.Image, test: Image.Image, relation: Relation) -> Processed:
    """Process a pair.

    Args:
        name: Name of the processor.
        reference: The good picture, mode RGB.
        test: The suspect picture, mode RGB.
        relation: ``aligned`` pairs must be of one size. The test of an ``instance`` pair is scaled to
            the reference's size; ``raw`` alone leaves it as it is.

    Raises:
        ImageError: If the name is unknown, the sizes do not fit, or the processor raises or returns
            anything but two RGB pictures.
    """
    chosen = get_processor(name)
    note = ""
    if reference.size != test.size:
        sizes = "{}x{} and {}x{}".format(*reference.size, *test.size)
        if relation == "aligned":
            raise ImageError(
                f"reference and test are of different size ({sizes}), but the relation is 'aligned'; "
                "cut them to one size or declare the relation 'instance'"
            )
        if name != "raw":
            test = test.resize(reference.size, Image.Resampling.LANCZOS)
            note = f"test fitted to the reference's size ({sizes})"
    # Copies, so that a processor that draws into its arguments spoils nothing but its own.
    own = (reference, test) if name == "raw" else (reference.copy(), test.copy())
    try:
        result: object = chosen.function(*own)
    except Exception as error:
        raise ImageError(f"processor {name!r} raised {type(error).__name__}: {error}") from error
    checked = _checked(name, result)
    return Processed(*checked, note=note)


def _checked(name: str, result: object) -> Pair:
    if not (isinstance(result, tuple | list) and len(result) == 2):
        raise ImageError(f"processor {name!r} must return two pictures, not {_shown(result)}")
    pair = []
    for side, picture in zip(("reference", "test"), result, strict=True):
        if not isinstance(picture, Image.Image):
            raise ImageError(f"processor {name!r} returned {_shown(picture)} as {side}, not a picture")
        if picture.mode != "RGB":
            raise ImageError(f"processor {name!r} returned the {side} in mode {picture.mode}, not RGB")
        width, height = picture.size
        limit = Image.MAX_IMAGE_PIXELS or width * height
        if not 0 < width * height <= limit:
            raise ImageError(f"processor {name!r} returned a {side} of {width}x{height} pixels")
        pair.append(picture)
    return pair[0], pair[1]


def _shown(value: object) -> str:
    size = f" of {len(value)}" if isinstance(value, tuple | list) else ""
    return f"{type(value).__name__}{size}"


def _identity(function: Process) -> tuple[str, str]:
    return getattr(function, "__module__", ""), getattr(function, "__qualname__", repr(function))


def _source_hash(function: Process) -> str:
    """Identify the code that makes the pictures: a function may call others of its module.

    The built-in processors share registration and filters, so all of this folder counts for them.
    """
    file = inspect.getsourcefile(function) if isinstance(function, FunctionType) else None
    if file is None or not Path(file).is_file():
        return hashlib.sha256(repr(function).encode()).hexdigest()[:12]
    here = Path(__file__).parent
    files = sorted(here.glob("*.py")) if Path(file).parent == here else [Path(file)]
    own = inspect.getsource(function).encode()
    return hashlib.sha256(b"".join([own, *(path.read_bytes() for path in files)])).hexdigest()[:12]


def _discover() -> None:
    """Import other packages' processors, once."""
    global _discovered
    if _discovered:
        return
    _discovered = True
    for point in entry_points(group=_GROUP):
        try:
            loaded = point.load()
            if callable(loaded) and all(known.function is not loaded for known in _registry.values()):
                processor(point.name)(loaded)
        # A broken package must not take the others' processors with it; its names are missed by name.
        except Exception as error:
            _broken[point.name] = f"{type(error).__name__}: {error}"


@processor("raw")
def raw(reference: Image.Image, test: Image.Image) -> Pair:
    """Leave the pair as it is."""
    return reference, test
