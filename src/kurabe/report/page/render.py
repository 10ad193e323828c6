"""From what a run left to its page: one HTML file that opens from a folder, without a network."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kurabe.common.atomic import write_text
from kurabe.common.errors import KurabeError
from kurabe.common.vocabulary import LANGUAGES
from kurabe.report.page.bundle import page_html
from kurabe.report.page.data import Material, page_data
from kurabe.report.page.pictures import in_one_file, thumbnails
from kurabe.report.tables import Tables
from kurabe.results.album import PICTURES
from kurabe.results.record import Record
from kurabe.results.run import Run

PAGE = "index.html"


def write_page(
    run: Run | Material,
    into: Path,
    *,
    lang: str = "en",
    single_file: bool = False,
    pictures_at: str = f"{PICTURES}/",
    name: str = PAGE,
) -> Path:
    """Write a run's page.

    Args:
        run: The run, or what was read of it.
        into: Folder of the page; it is made if need be.
        lang: Language in which the page opens; it holds all of them.
        single_file: Put the pictures into the page, too, made smaller so that it can be sent.
        pictures_at: Folder of the full-size pictures, relative to ``into``, with a slash at its end.
        name: Name of the file.

    Returns:
        The file.

    Raises:
        KurabeError: If the run's files are damaged, or of a kurabe that is too old or too new; if there is
            no such language.
        OSError: If the page cannot be written.
    """
    if lang not in LANGUAGES:
        raise KurabeError(f"the page cannot be had in {lang!r}: there are {', '.join(LANGUAGES)}")
    material = Material.of(run) if isinstance(run, Run) else run
    data = page_data(material, pictures_at=pictures_at)
    folder = material.run.pictures
    if single_file:
        uris, bound = in_one_file(folder, list(data["pictures"]))
        for picture, facts in data["pictures"].items():
            facts["file"] = uris.get(picture)  # none that lies beside it: it is complete wherever it is moved
        data["run"]["pictures_bound"] = {"side": bound.side, "quality": bound.quality}
    return _write(data, thumbnails(folder, _on_cards(data)), into / name, lang)


def write_pages(
    run: Run,
    reports: Path | None,
    records: Sequence[Record] | None = None,
    tables: Tables | None = None,
    *,
    lang: str = "en",
) -> list[Path]:
    """Write the page of the newest run: into its folder, and beside all runs.

    Args:
        run: The run.
        reports: Folder of the reports; None where another run's page stays there.
        records: Its results, if they are in memory already.
        tables: Their tables, if they have been made already.
        lang: Language in which the pages open.

    Raises:
        KurabeError: If the run's files are damaged.
        OSError: If the pages cannot be written.
    """
    data = page_data(Material.of(run, records, tables))
    thumbs = thumbnails(run.pictures, _on_cards(data))
    own = _write(data, thumbs, run.folder / PAGE, lang)
    if reports is None:
        return [own]
    return [own, _write(data | {"pictures_at": pictures_from(reports, run)}, thumbs, reports / PAGE, lang)]


def _write(data: Mapping[str, Any], thumbs: Mapping[str, str], path: Path, lang: str = "en") -> Path:
    write_text(path, page_html(data, thumbs, lang=lang))
    return path


def pictures_from(page: Path, run: Run) -> str:
    """Return where a run's pictures are as seen from the folder of a page."""
    return Path(os.path.relpath(run.pictures.resolve(), page.resolve())).as_posix() + "/"


def _on_cards(data: Mapping[str, Any]) -> list[str]:
    """Return the pictures that the gallery shows small: the pairs as they were asked about."""
    return [name for pair in data["trials"]["pair"] for name in pair]
