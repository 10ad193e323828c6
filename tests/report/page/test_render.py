"""Pages as files: where their pictures are, what is in them, and what they refuse."""

import base64
import gzip
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from typer.testing import CliRunner

from kurabe.cli import app
from kurabe.common.errors import KurabeError
from kurabe.report.page import pictures
from kurabe.report.page.render import write_page
from kurabe.results.run import MANIFEST, Run
from tests.support.pages import make_run


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return make_run(tmp_path_factory.mktemp("made"), trials=24, models=2)


def packed(page: Path, name: str) -> Any:
    """Return what a page carries, as a browser would unpack it."""
    found = re.search(rf'id="kurabe-{name}"[^>]*>([A-Za-z0-9+/=\s]+)<', page.read_text(encoding="utf-8"))
    assert found is not None
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_a_session_leaves_a_page_in_its_folder_and_beside_all_runs(made: Run) -> None:
    reports = made.folder.parents[1]
    for page in (made.folder / "index.html", reports / "index.html"):
        data = packed(page, "data")
        for facts in data["pictures"].values():
            assert (page.parent / data["pictures_at"] / facts["file"]).is_file()
    assert packed(reports / "index.html", "data")["pictures_at"] == f"runs/{made.name}/pictures/"


def test_each_picture_on_a_card_has_a_thumbnail_in_the_page(made: Run) -> None:
    page = made.folder / "index.html"
    thumbs = packed(page, "thumbs")
    data = packed(page, "data")
    assert thumbs.keys() == {name for pair in data["trials"]["pair"] for name in pair}
    assert thumbs.keys() < data["pictures"].keys()
    assert all(uri.startswith("data:image/webp;base64,") for uri in thumbs.values())


def test_a_single_file_has_all_pictures_in_it(made: Run, tmp_path: Path) -> None:
    page = write_page(made, tmp_path, single_file=True)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    for name, facts in packed(page, "data")["pictures"].items():
        content = base64.b64decode(facts["file"].removeprefix("data:image/webp;base64,"))
        with Image.open(BytesIO(content)) as picture, Image.open(made.pictures / f"{name}.png") as original:
            assert picture.size == original.size == (facts["w"], facts["h"])
            difference = ImageChops.difference(picture.convert("RGB"), original.convert("RGB"))
            assert max(ImageStat.Stat(difference).mean) < 6
    assert "no side above 1024 pixels" in page.read_text(encoding="utf-8")


def test_pictures_of_a_single_file_are_made_smaller_until_they_fit(made: Run) -> None:
    names = [path.stem for path in made.pictures.glob("*.png")]
    whole, first = pictures.in_one_file(made.pictures, names)
    held = sum(map(len, whole.values()))
    assert first == pictures.BOUNDS[0]
    smaller, bound = pictures.in_one_file(made.pictures, names, held - 1)
    assert bound != first
    assert smaller.keys() == whole.keys() == set(names)
    assert sum(map(len, smaller.values())) < held
    assert pictures.in_one_file(made.pictures, [*names, "00"], 0)[1] == pictures.BOUNDS[-1]


def test_there_is_a_page_in_japanese_and_in_no_language_that_is_not_there(made: Run, tmp_path: Path) -> None:
    page = write_page(made, tmp_path / "ja", lang="ja").read_text(encoding="utf-8")
    assert '<html lang="ja"' in page
    with pytest.raises(KurabeError, match="en, ja"):
        write_page(made, tmp_path / "fr", lang="fr")
    assert not (tmp_path / "fr").exists()


def test_thumbnails_stay_within_their_budget(made: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    names = sorted({name for record in made.records() for name in record.pictures})
    whole = pictures.thumbnails(made.pictures, names)
    assert list(whole) == names
    monkeypatch.setattr(pictures, "THUMBNAILS", sum(map(len, whole.values())) // 2)
    part = pictures.thumbnails(made.pictures, names)
    assert 0 < len(part) < len(whole)
    assert list(part) == names[: len(part)]


def test_a_thumbnail_that_is_gone_is_made_again(tmp_path: Path) -> None:
    run = make_run(tmp_path, trials=6, models=1)
    (first, second), third = run.records()[0].pair or (), run.records()[1].pair[1]  # type: ignore[index]
    (run.pictures / f"{first}.webp").unlink()
    (run.pictures / f"{second}.webp").unlink()
    (run.pictures / f"{second}.png").write_bytes(b"\x89PNG\r\n\x1a\n cut off")
    thumbs = pictures.thumbnails(run.pictures, [first, second, "0" * 32, third])
    assert list(thumbs) == [first, third]
    assert (run.pictures / f"{first}.webp").is_file()


def test_the_command_makes_pages_again(made: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reports = made.folder.parents[1]
    monkeypatch.chdir(reports.parent)
    for page in (made.folder / "index.html", reports / "index.html"):
        page.unlink()

    def report(*options: str) -> str:
        done = CliRunner().invoke(app, ["report", "latest", *options])
        assert done.exit_code == 0, done.output
        return done.stdout

    assert "wrote reports/index.html" in report().replace("\n", " ")
    assert (made.folder / "index.html").is_file()
    report("--into", str(tmp_path / "elsewhere"), "--lang", "ja")
    page = tmp_path / "elsewhere" / "index.html"
    data = packed(page, "data")
    name = next(iter(data["pictures"]))
    assert data["pictures_at"] == "pictures/"
    assert (page.parent / "pictures" / f"{name}.png").is_file()
    assert {path.name for path in (page.parent / "pictures").iterdir()} == {
        path.name for path in made.pictures.iterdir()
    }
    report("--into", str(tmp_path / "one"), "--single-file")
    assert (tmp_path / "one" / f"{made.name}.html").stat().st_size > 100_000
    assert {path.suffix for path in (tmp_path / "one").iterdir()} == {".html", ".csv"}
    before = {path: path.stat().st_mtime_ns for path in reports.rglob("*.*")}
    text = report("--markdown")
    assert text.startswith(f"### kurabe: run `{made.name}`")
    assert "Raw against processed" in text
    assert before == {path: path.stat().st_mtime_ns for path in reports.rglob("*.*")}


def test_an_older_run_is_not_put_in_the_newest_ones_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer = (make_run(tmp_path, trials=6, models=1, seed=seed) for seed in (0, 1))
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["report", older.name]).exit_code == 0
    assert packed(tmp_path / "reports/index.html", "data")["run"]["name"] == newer.name
    assert packed(older.folder / "index.html", "data")["run"]["name"] == older.name


def test_what_is_of_another_format_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run(tmp_path, trials=6, models=1)
    manifest = json.loads((run.folder / MANIFEST).read_text())
    (run.folder / MANIFEST).write_text(json.dumps(manifest | {"format": 0}))
    monkeypatch.chdir(tmp_path)
    for command in (["report", run.name], ["compare", run.name, run.name]):
        done = CliRunner().invoke(app, command)
        assert done.exit_code == 1
        assert f"{run.name} was left by kurabe" in done.stderr
        assert "in format 0, which cannot be read" in done.stderr


def test_the_command_speaks_the_locales_language(
    made: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(made.folder.parents[2])
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")

    def report(*options: str) -> tuple[str, str]:
        done = CliRunner().invoke(app, ["report", "latest", "--into", str(tmp_path), *options])
        assert done.exit_code == 0, done.output
        return done.stdout, (tmp_path / "index.html").read_text(encoding="utf-8")

    told, page = report()
    assert "リーダーボード: 判定" in told
    assert "書き込み: " in told
    assert '<html lang="ja"' in page
    told, page = report("--lang", "en")
    assert "Leaderboard: verdict" in told
    assert '<html lang="en"' in page
    assert '"リーダーボード"' in page  # it has both tables, whatever it opens in
    assert '"Leaderboard"' in page
