from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kurabe.common.errors import ImageError
from kurabe.imaging.load import image_size, load_image, to_rgb


@pytest.fixture
def photo() -> Image.Image:
    ramp = np.linspace(0, 255, 40 * 30 * 3).reshape(30, 40, 3).astype(np.uint8)
    return Image.fromarray(ramp)


@pytest.mark.parametrize(
    ("orientation", "size"), [(1, (40, 30)), (3, (40, 30)), (6, (30, 40)), (8, (30, 40))]
)
def test_exif_orientation_is_applied(
    tmp_path: Path, photo: Image.Image, orientation: int, size: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for name in ("a.jpg", "a.png"):
        photo.save(tmp_path / name, exif=exif, quality=95)
        assert load_image(tmp_path / name).size == size == image_size(tmp_path / name)
    # Orientation 6 is shown after a quarter turn to the right: the stored first pixel comes upper right.
    corner = {1: (0, 0), 3: (39, 29), 6: (29, 0), 8: (0, 39)}[orientation]
    assert load_image(tmp_path / "a.png").getpixel(corner) == photo.getpixel((0, 0))


def test_sixteen_bit_grey_keeps_its_range(tmp_path: Path) -> None:
    values = np.array([[0, 257, 32896, 65535]], np.uint16)
    Image.fromarray(values).save(tmp_path / "deep.png")
    assert np.asarray(load_image(tmp_path / "deep.png"))[0].tolist() == [[v] * 3 for v in (0, 1, 128, 255)]


@pytest.mark.parametrize("kind", ["RGBA", "LA", "P"])
def test_transparency_is_laid_on_white(tmp_path: Path, kind: str) -> None:
    clear = Image.new("RGBA", (4, 4), (10, 200, 30, 0))
    clear.putpixel((1, 1), (10, 10, 10, 255))
    (clear.quantize(8) if kind == "P" else clear.convert(kind)).save(tmp_path / "clear.png")
    loaded = load_image(tmp_path / "clear.png")
    assert loaded.mode == "RGB"
    assert loaded.getpixel((0, 0)) == (255, 255, 255)
    assert loaded.getpixel((1, 1)) == (10, 10, 10)


def test_palette_and_cmyk_and_bilevel(tmp_path: Path, photo: Image.Image) -> None:
    photo.quantize(16).save(tmp_path / "palette.png")
    photo.convert("CMYK").save(tmp_path / "print.jpg", quality=95)
    photo.convert("1").save(tmp_path / "fax.png")
    for name in ("palette.png", "print.jpg", "fax.png"):
        assert load_image(tmp_path / name).mode == "RGB"
    gap = np.abs(np.asarray(load_image(tmp_path / "print.jpg"), np.int16) - np.asarray(photo))
    assert gap.mean() < 4


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    assert load_image(tmp_path / "moving.gif").getpixel((3, 3)) == (255, 0, 0)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    for read in (load_image, image_size):
        with pytest.raises(ImageError, match=r"none\.png.*no such file"):
            read(tmp_path / "none.png")


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.png").write_text("not a picture")
    (tmp_path / "empty.png").write_bytes(b"")
    for name in ("notes.png", "empty.png"):
        with pytest.raises(ImageError, match=f"{name}: not a picture"):
            load_image(tmp_path / name)
    with pytest.raises(ImageError, match="cannot be opened"):
        load_image(tmp_path)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tif", "a.bmp", "a.gif"])
def test_a_truncated_file_is_named_and_still_has_a_size(
    tmp_path: Path, photo: Image.Image, name: str
) -> None:
    whole = tmp_path / f"whole-{name}"
    photo.resize((400, 300)).save(whole)
    (tmp_path / name).write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(ImageError, match=name):
        load_image(tmp_path / name)


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_decompression_bomb_names_file_and_size(
    tmp_path: Path, photo: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo.save(tmp_path / "bomb.png")
    for limit in (1000, 400):  # Pillow itself only warns below twice its limit
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", limit)
        for read in (load_image, image_size):
            with pytest.raises(ImageError, match=r"bomb\.png: too large.*(40x30|1200 pixels)"):
                read(tmp_path / "bomb.png")


def test_values_without_a_known_white_are_refused(tmp_path: Path) -> None:
    Image.fromarray(np.ones((4, 4), np.float32)).save(tmp_path / "float.tif")
    with pytest.raises(ImageError, match=r"float\.tif.*8 or 16 bits"):
        load_image(tmp_path / "float.tif")
    with pytest.raises(ImageError, match="8 or 16 bits"):
        to_rgb(Image.fromarray(np.full((2, 2), 70000, np.int32)))


def test_size_is_read_without_decoding(tmp_path: Path, photo: Image.Image) -> None:
    photo.save(tmp_path / "a.png")
    (tmp_path / "head.png").write_bytes((tmp_path / "a.png").read_bytes()[:60])
    assert image_size(tmp_path / "head.png") == (40, 30)
