"""Files that are sent as they are: what arrives is what the bench has read, and nothing else."""

import base64
import io
import os
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image
from PIL.PngImagePlugin import PngInfo

from kurabe.common.request import Request
from kurabe.imaging.load import load_image
from kurabe.models.engines.served.pictures import Encoder
from kurabe.models.engines.served.png_file import pixels_alone
from kurabe.models.engines.served.settings import ServedSettings

SIZE = (40, 30)


def noise(seed: int = 0, mode: str = "RGB") -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (SIZE[1], SIZE[0], 3), np.uint8)
    return Image.fromarray(values).convert(mode)


def saved(picture: Image.Image, **more: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "PNG", **more)
    return stream.getvalue()


def file_of(folder: Path, data: bytes) -> Path:
    """Write a file that was there before the run."""
    path = folder / "picture.png"
    path.write_bytes(data)
    time.sleep(0.02)
    return path


def sent(path: Path, more: str = "png", max_pixels: int | None = None) -> bytes:
    picture = load_image(path)
    request = Request("t", "verdict", "?", (picture,), (picture,), "aligned", files=(path,))
    settings = ServedSettings(model="m", picture=more, max_pixels=max_pixels)
    (encoded,) = Encoder(settings).encode(request)
    return base64.b64decode(encoded.data)


def pixels(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB").tobytes()


@pytest.mark.parametrize("more", [{}, {"dpi": (300, 300)}, {"optimize": True}, {"icc_profile": b"none"}])
def test_a_plain_file_is_sent_without_what_is_no_pixel(tmp_path: Path, more: dict[str, object]) -> None:
    data = saved(noise(), **more)
    found = sent(file_of(tmp_path, data))
    assert pixels(found) == noise().tobytes()
    assert found == pixels_alone(data, SIZE)
    for chunk in (b"pHYs", b"iCCP", b"tIME"):
        assert chunk not in found


def secret() -> PngInfo:
    facts = PngInfo()
    facts.add_text("Comment", "line 4, Osaka")
    return facts


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3
    return exif


@pytest.mark.parametrize(
    ("picture", "more"),
    [
        (noise(), {"pnginfo": secret()}),
        (noise(), {"exif": turned()}),
        (noise(), {"transparency": (1, 2, 3)}),
        (noise(mode="L"), {}),
        (noise(mode="P"), {}),
        (noise(mode="RGBA"), {}),
        (noise(), {"save_all": True, "append_images": [noise(1)]}),
    ],
    ids=["text", "exif", "transparency", "grey", "palette", "alpha", "frames"],
)
def test_anything_else_is_encoded_from_its_pixels(
    tmp_path: Path, picture: Image.Image, more: dict[str, object]
) -> None:
    data = saved(picture, **more)
    assert pixels_alone(data, SIZE) is None
    path = file_of(tmp_path, data)
    found = sent(path)
    assert pixels(found) == load_image(path).tobytes()
    assert b"Osaka" not in found


def test_a_file_that_changes_while_the_bench_runs_is_not_sent(tmp_path: Path) -> None:
    path = file_of(tmp_path, saved(noise(0)))
    picture = load_image(path)
    encoder = Encoder(ServedSettings(model="m"))
    time.sleep(0.02)
    path.write_bytes(saved(noise(1)))
    os.utime(path, (0, 0))  # as copying programs do
    (encoded,) = encoder.encode(
        Request("t", "verdict", "?", (picture,), (picture,), "aligned", files=(path,))
    )
    assert pixels(base64.b64decode(encoded.data)) == noise(0).tobytes()


def test_smaller_pictures_and_other_formats_are_made(tmp_path: Path) -> None:
    path = file_of(tmp_path, saved(noise().resize((100, 80))))
    with Image.open(io.BytesIO(sent(path, max_pixels=2000))) as small:
        assert small.width * small.height <= 2000
    assert sent(path, "jpeg").startswith(b"\xff\xd8")


def test_a_file_that_is_gone_is_encoded_from_its_pixels(tmp_path: Path) -> None:
    picture = noise()
    path = tmp_path / "gone.png"
    request = Request("t", "verdict", "?", (picture,), (picture,), "aligned", files=(path,))
    (encoded,) = Encoder(ServedSettings(model="m")).encode(request)
    assert pixels(base64.b64decode(encoded.data)) == picture.tobytes()


def test_no_part_of_a_file_is_a_file() -> None:
    data = saved(noise())
    for length in range(0, len(data), 7):
        assert pixels_alone(data[:length], SIZE) is None
    assert pixels_alone(data, (SIZE[1], SIZE[0])) is None
