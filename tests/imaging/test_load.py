from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from kurabe.common.errors import ImageError
from kurabe.imaging.load import FORMATS, image_size, load_image, to_rgb


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
    with pytest.raises(ImageError, match=r"notes\.png: not a picture"):
        load_image(tmp_path / "notes.png")
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


HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 40
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


@pytest.mark.parametrize(
    ("content", "remedy"),
    [
        (POINTER, "git lfs pull"),
        (HEIC, "HEIC picture.*save it as JPEG or PNG"),
        (b"", "empty: copy the picture"),
    ],
)
def test_files_that_people_take_for_pictures_are_told_with_the_remedy(
    tmp_path: Path, content: bytes, remedy: str
) -> None:
    (tmp_path / "a.png").write_bytes(content)
    for read in (load_image, image_size):
        with pytest.raises(ImageError, match=remedy):
            read(tmp_path / "a.png")


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_turned_once(tmp_path: Path, photo: Image.Image, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for name in ("a.tif", "a.png"):
        photo.save(tmp_path / name, exif=exif)
    loaded = [load_image(tmp_path / name) for name in ("a.tif", "a.png")]
    assert loaded[0].tobytes() == loaded[1].tobytes()
    assert image_size(tmp_path / "a.tif") == loaded[0].size == image_size(tmp_path / "a.png")


@pytest.mark.parametrize(("bits", "factor"), [(12, 16), (10, 64), (8, 256)])
def test_a_few_bits_in_sixteen_are_told_with_their_factor(tmp_path: Path, bits: int, factor: int) -> None:
    ramp = np.linspace(0, 2**bits - 1, 40 * 30).reshape(30, 40).astype(np.uint16)
    for name in ("a.png", "a.tif"):
        Image.fromarray(ramp).save(tmp_path / name)
        with pytest.raises(
            ImageError, match=f"holds {bits} bits.*nearly black; multiply its values by {factor},"
        ):
            load_image(tmp_path / name)
        Image.fromarray(ramp * np.uint16(factor)).save(tmp_path / name)
        assert np.asarray(load_image(tmp_path / name)).max() >= 254


def test_a_black_picture_of_sixteen_bits_is_black(tmp_path: Path) -> None:
    Image.fromarray(np.zeros((3, 4), np.uint16)).save(tmp_path / "a.png")
    assert load_image(tmp_path / "a.png").getextrema() == ((0, 0),) * 3


@pytest.mark.parametrize("error", [AssertionError("chunk"), MemoryError(), KeyError(1), TypeError("none")])
def test_whatever_a_decoder_raises_is_an_error_of_that_file(
    tmp_path: Path, photo: Image.Image, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def raises(*_: object) -> None:
        raise error

    photo.save(tmp_path / "a.png")
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "load_prepare", raises)
    with pytest.raises(
        ImageError, match=rf"a\.png: the picture is damaged.*{type(error).__name__}.*save it anew"
    ):
        load_image(tmp_path / "a.png")
    monkeypatch.setattr(PngImagePlugin.PngImageFile, "_open", raises)
    for read in (load_image, image_size):
        with pytest.raises(ImageError, match=r"a\.png: "):
            read(tmp_path / "a.png")


def test_a_damaged_avif_is_an_error_of_that_file(tmp_path: Path, photo: Image.Image) -> None:
    photo.save(tmp_path / "a.avif")
    whole = (tmp_path / "a.avif").read_bytes()
    refused = []
    for byte in range(len(whole)):
        (tmp_path / "a.avif").write_bytes(whole[:byte] + bytes([whole[byte] ^ 0xFF]) + whole[byte + 1 :])
        try:
            load_image(tmp_path / "a.avif")
        except ImageError as error:
            refused.append(str(error))
    assert len(refused) > 50
    assert all(what.startswith(f"{tmp_path / 'a.avif'}: ") for what in refused)


@pytest.mark.parametrize("kind", ["EPS", "PDF", "ICO", "TGA", "PCX"])
def test_formats_that_nobody_named_are_not_opened(tmp_path: Path, photo: Image.Image, kind: str) -> None:
    photo.save(tmp_path / "a.png", kind)
    with pytest.raises(ImageError, match="not a picture that can be read"):
        load_image(tmp_path / "a.png")


@pytest.mark.parametrize("kind", FORMATS)
def test_a_format_is_told_by_its_content(tmp_path: Path, photo: Image.Image, kind: str) -> None:
    photo.save(tmp_path / "a.dat", kind)
    assert load_image(tmp_path / "a.dat").size == (40, 30) == image_size(tmp_path / "a.dat")
