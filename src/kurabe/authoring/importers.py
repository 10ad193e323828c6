"""The formats that can be imported: those that come with kurabe, and those of other packages."""

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

from kurabe.authoring.import_coco import CocoImporter
from kurabe.authoring.import_cvat import CvatImporter
from kurabe.authoring.import_deeppcb import DeeppcbImporter
from kurabe.authoring.import_folder import FolderImporter
from kurabe.authoring.import_imagefolder import ImagefolderImporter
from kurabe.authoring.import_kaputt import KaputtImporter
from kurabe.authoring.import_label_studio import LabelStudioImporter
from kurabe.authoring.import_labelme import LabelmeImporter
from kurabe.authoring.import_lookout import LookoutImporter
from kurabe.authoring.import_mmad import MmadImporter
from kurabe.authoring.import_mvtec import MvtecImporter
from kurabe.authoring.import_pairs import PairsImporter
from kurabe.authoring.import_real_iad import RealIadImporter
from kurabe.authoring.import_visa import VisaImporter
from kurabe.authoring.import_voc import VocImporter
from kurabe.authoring.import_yolo import YoloImporter
from kurabe.authoring.parts import Hints, Importer
from kurabe.common.errors import KurabeError, did_you_mean

GROUP = "kurabe.importers"
"""Entry points of this group name importers: ``acme = "acme_kurabe:AcmeImporter"``."""

_OWN: dict[str, Callable[[Path, Hints], Importer]] = {
    "pairs": PairsImporter,
    "folder": FolderImporter,
    "mvtec": MvtecImporter,
    "visa": VisaImporter,
    "deeppcb": DeeppcbImporter,
    "coco": CocoImporter,
    "yolo": YoloImporter,
    "voc": VocImporter,
    "labelme": LabelmeImporter,
    "cvat": CvatImporter,
    "imagefolder": ImagefolderImporter,
    "kaputt": KaputtImporter,
    "label-studio": LabelStudioImporter,
    "lookout": LookoutImporter,
    "mmad": MmadImporter,
    "real-iad": RealIadImporter,
}


def names() -> list[str]:
    """Return the names of all formats."""
    return [*_OWN, *sorted({point.name for point in entry_points(group=GROUP)} - _OWN.keys())]


def importer(name: str, source: Path, hints: Hints) -> Importer:
    """Return the importer of a format for a source.

    Raises:
        KurabeError: If there is no such format, its package cannot be loaded, or the source is in another.
    """
    if name in names() and not source.exists():
        raise KurabeError(f"{source}: there is no such file or folder")
    if name in _OWN:
        return _OWN[name](source, hints)
    for point in entry_points(group=GROUP, name=name):
        try:
            made = point.load()
        except Exception as error:
            raise KurabeError(f"the importer {name!r} ({point.value}) cannot be loaded: {error}") from error
        found: Importer = made(source, hints)
        return found
    raise KurabeError(
        f"there is no format {name!r}{did_you_mean(name, names())} (known: {', '.join(names())})"
    )
