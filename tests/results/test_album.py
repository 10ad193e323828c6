"""The pictures of a run: named by content, written once, and never lost."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kurabe.imaging.content import Shown, content_id
from kurabe.results import album as albums
from kurabe.results.album import THUMBNAIL, Album, link, place
from kurabe.results.run import runs_of

ROOT = Path(__file__).parents[2]


def noise(seed: int, size: tuple[int, int] = (160, 120)) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def shown(*, swapped: bool = False) -> Shown:
    raw = (noise(1), noise(2))
    pair = (noise(3), noise(4))
    return Shown(raw, pair[::-1] if swapped else pair, (noise(5),), swapped=swapped)


def test_a_name_is_of_the_pixels_and_of_nothing_else(tmp_path: Path) -> None:
    picture = noise(1)
    picture.save(tmp_path / "a.png", compress_level=9)
    with Image.open(tmp_path / "a.png") as again:
        assert content_id(again) == content_id(picture)
    assert content_id(picture.resize((120, 160))) != content_id(picture)
    turned = Image.frombytes("RGB", (120, 160), picture.tobytes())
    assert content_id(turned) != content_id(picture)
    assert content_id(Image.frombytes("L", (480, 120), picture.tobytes())) != content_id(picture)


def test_pictures_are_written_without_loss_with_thumbnails(tmp_path: Path) -> None:
    what = shown()
    names = Album(tmp_path).add(what)
    for name, picture in zip(
        (*names.raw, *names.pair, *names.shown), (*what.raw, *what.pair, *what.pictures), strict=True
    ):
        with Image.open(place(tmp_path, f"{name}.png")) as kept:
            assert kept.tobytes() == picture.tobytes()
    for name in names.pair:
        with Image.open(place(tmp_path, f"{name}.webp")) as small:
            assert max(small.size) == THUMBNAIL
            assert small.size == (120, 90)
    assert len(list(tmp_path.rglob("*.webp"))) == 2  # those that the page shows small


def test_a_swapped_pair_is_named_in_the_cases_order(tmp_path: Path) -> None:
    assert Album(tmp_path).add(shown(swapped=True)).pair == Album(tmp_path).add(shown()).pair


def test_a_picture_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Path] = []
    save = albums._save

    def note(picture: Image.Image, path: Path, **options: int) -> None:
        written.append(path)
        save(picture, path, **options)

    monkeypatch.setattr(albums, "_save", note)
    album = Album(tmp_path)
    album.add(shown())
    first = len(written)
    album.add(shown(swapped=True))
    Album(tmp_path).add(shown())  # a later run, another model's process
    assert len(written) == first == 7
    assert len(set(written)) == 7


def test_a_small_picture_is_not_blown_up(tmp_path: Path) -> None:
    small = noise(1, (50, 30))
    (name,) = Album(tmp_path).add(Shown((small,), (small,), (small,))).shown
    with Image.open(place(tmp_path, f"{name}.png").with_suffix(".webp")) as thumbnail:
        assert thumbnail.size == (50, 30)


def test_without_a_folder_pictures_are_named_alone() -> None:
    album = Album(None)
    assert not album.keeps
    assert album.add(shown()).shown == (content_id(noise(5)),)


def test_a_folder_that_cannot_be_written_to_is_told_and_fails_nothing(tmp_path: Path) -> None:
    (tmp_path / "album").write_text("a file where the folder should be")
    album = Album(tmp_path / "album")
    assert len(album.add(shown()).raw) == 2
    assert "could not be kept" in album.problem


def test_links_survive_the_album_and_need_no_space(tmp_path: Path) -> None:
    names = Album(tmp_path / "album").add(shown())
    files = [f"{names.pair[0]}.png", f"{names.pair[0]}.webp", f"{'0' * 32}.png"]
    link(tmp_path / "album", files, tmp_path / "run")
    link(tmp_path / "album", files, tmp_path / "run")  # again, as a later result might
    kept = tmp_path / "run" / files[0]
    assert kept.stat().st_nlink == 2
    place(tmp_path / "album", files[0]).unlink()
    with Image.open(kept) as picture:
        assert content_id(picture) == names.pair[0]
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == files[:2]


def test_where_there_are_no_links_pictures_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: object, target: object) -> None:
        raise OSError(95, "no links here")

    names = Album(tmp_path / "album").add(shown())
    monkeypatch.setattr(os, "link", refuse)
    files = [f"{names.shown[0]}.png", f"{'0' * 32}.png"]
    link(tmp_path / "album", files, tmp_path / "run")
    with Image.open(tmp_path / "run" / files[0]) as picture:
        assert content_id(picture) == names.shown[0]
    assert [path.name for path in (tmp_path / "run").iterdir()] == files[:1]


def test_a_run_that_is_killed_has_the_pictures_of_all_its_results(tmp_path: Path) -> None:
    program = f"""
import os, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from kurabe.plugin.session import Session
from tests.support import pages
keep = Session.keep
def kept(self, record):
    keep(self, record)
    if len(self.records) == 12:
        os.kill(os.getpid(), signal.SIGKILL)
Session.keep = kept
from pathlib import Path
pages.make_run(Path({str(tmp_path)!r}), trials=40, models=2)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode < 0, done.stderr
    (run,) = runs_of(tmp_path / "reports")
    records = run.records()
    assert len(records) == 12
    for record in records:
        assert len(record.raw or ()) == len(record.pair or ()) == 2
        assert len(record.shown or ()) == 1
        for name in record.pictures:
            with Image.open(run.pictures / f"{name}.png") as picture:
                assert content_id(picture) == name
