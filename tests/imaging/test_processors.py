import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from kurabe.common.errors import ImageError
from kurabe.imaging import processors
from kurabe.imaging.load import to_rgb
from kurabe.imaging.processors import Pair, apply, get_processor, names, processor

BUILT_IN = ["raw", "absdiff", "clahe", "diff", "edges", "gray", "overlay", "ssim-map"]
BUILT_IN += ["rt-beta", "rt-residual", "soart3", "n-soartc"]


@pytest.fixture(autouse=True)
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        get_processor(name)
    monkeypatch.setattr(processors, "_registry", dict(processors._registry))
    monkeypatch.setattr(processors, "_broken", {})


def part(seed: int = 0, size: tuple[int, int] = (96, 80)) -> Image.Image:
    random = np.random.default_rng(seed)
    picture = Image.fromarray(random.integers(90, 110, (size[1], size[0], 3), np.uint8))
    draw = ImageDraw.Draw(picture)
    for k in range(6):
        draw.rectangle((8 + 14 * k, 20, 14 + 14 * k, 50), fill=(200 - 10 * k, 190, 60 + 20 * k))
    return picture


def test_all_are_there_and_raw_leads() -> None:
    assert set(BUILT_IN) <= set(names())
    assert names()[0] == "raw"


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_processor_gives_two_pictures_and_the_same_bytes_again(name: str) -> None:
    reference, test = part(0), part(1)
    first, again = (apply(name, reference, test, "aligned") for _ in range(2))
    assert first.reference.size == first.test.size == reference.size
    assert first.reference.tobytes() == again.reference.tobytes()
    assert first.test.tobytes() == again.test.tobytes()


@pytest.mark.parametrize("name", sorted(set(BUILT_IN) - {"raw"}))
def test_a_copy_of_the_reference_is_shown_like_the_reference(name: str) -> None:
    reference = part()
    done = apply(name, reference, reference.copy(), "aligned")
    assert done.reference.tobytes() == done.test.tobytes()


@pytest.mark.parametrize("name", ["absdiff", "n-soartc", "rt-residual", "soart3", "ssim-map"])
def test_a_defect_is_shown_where_it_is(name: str) -> None:
    reference = part()
    test = reference.copy()
    ImageDraw.Draw(test).rectangle((36, 60, 41, 65), fill=(240, 240, 40))
    done = apply(name, reference, test, "aligned")
    gap = np.abs(np.asarray(done.test, np.int16) - np.asarray(done.reference)).max(axis=2)
    inside = np.zeros(gap.shape, bool)
    inside[50:76, 26:52] = True
    assert gap[inside].max() > 100
    assert gap[~inside].max() < 40


picture_modes = st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])


@st.composite
def odd_pictures(draw: st.DrawFn, size: tuple[int, int]) -> Image.Image:
    mode = draw(picture_modes)
    values = draw(
        st.one_of(
            st.sampled_from([0, 128, 255]).map(lambda v: np.full((size[1], size[0]), v, np.uint8)),
            st.integers(0, 2**32 - 1).map(
                lambda seed: np.random.default_rng(seed).integers(0, 256, (size[1], size[0])).astype(np.uint8)
            ),
        )
    )
    if mode == "I;16":
        return Image.fromarray(values.astype(np.uint16) * 257)
    return Image.fromarray(values).convert("RGB").convert(mode)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(BUILT_IN))
@pytest.mark.filterwarnings("error")
def test_no_input_makes_a_processor_fail(data: st.DataObject, name: str) -> None:
    size = data.draw(st.tuples(st.integers(1, 24), st.integers(1, 24)))
    reference, test = (to_rgb(data.draw(odd_pictures(size))) for _ in range(2))
    done = apply(name, reference, test, "aligned")
    assert done.reference.size == done.test.size == size


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(ImageError, match=r"'soart33'.*'soart3'"):
        get_processor("soart33")


def test_pairs_of_different_size() -> None:
    reference, test = part(), part(size=(90, 70))
    with pytest.raises(ImageError, match="96x80 and 90x70"):
        apply("gray", reference, test, "aligned")
    fitted = apply("gray", reference, test, "instance")
    assert fitted.test.size == reference.size
    assert "96x80 and 90x70" in fitted.note
    assert apply("raw", reference, test, "instance").test.size == test.size


@pytest.mark.parametrize(
    ("result", "message"),
    [
        (None, "two pictures, not NoneType"),
        ((1, 2), "int as reference"),
        ((Image.new("RGB", (2, 2)),), "not tuple of 1"),
        ((Image.new("RGB", (2, 2)), Image.new("L", (2, 2))), "test in mode L"),
        ((Image.new("RGB", (0, 2)), Image.new("RGB", (2, 2))), "0x2"),
    ],
)
def test_a_processor_that_returns_the_wrong_thing_is_named(result: object, message: str) -> None:
    @processor("wrong")
    def wrong(reference: Image.Image, test: Image.Image) -> Pair:
        return result  # type: ignore[return-value]

    with pytest.raises(ImageError, match=f"processor 'wrong'.*{message}"):
        apply("wrong", part(), part(), "aligned")


def test_a_processor_that_raises_is_named() -> None:
    @processor("broken")
    def broken(reference: Image.Image, test: Image.Image) -> Pair:
        raise ZeroDivisionError("oh")

    with pytest.raises(ImageError, match="processor 'broken' raised ZeroDivisionError: oh"):
        apply("broken", part(), part(), "aligned")


def test_a_processor_cannot_spoil_its_arguments() -> None:
    @processor("painter")
    def painter(reference: Image.Image, test: Image.Image) -> Pair:
        reference.paste("red", (0, 0, 10, 10))
        return reference, test

    reference = part()
    apply("painter", reference, part(), "aligned")
    assert reference.tobytes() == part().tobytes()


def test_one_name_for_two_functions_is_refused() -> None:
    with pytest.raises(ImageError, match="registered twice"):
        processor("gray")(lambda reference, test: (reference, test))


def test_a_built_in_name_is_taken_before_it_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processors, "_registry", {})
    with pytest.raises(ImageError, match=r"registered twice, by kurabe\.imaging\.rt and "):
        processor("soart3")(lambda reference, test: (reference, test))


def test_names_import_no_image_processing() -> None:
    code = "import sys; from kurabe.imaging import processors as p; p.names(); print('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_version_follows_the_source() -> None:
    one = processor("one")(lambda a, b: (a, b))
    processor("two")(lambda a, b: (b, a))
    processor("three", version="7")(one)
    versions = {name: get_processor(name).version for name in ("one", "two", "three")}
    assert versions["one"] != versions["two"]
    assert versions["three"] == "7"


def test_another_package_brings_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs.py").write_text(
        textwrap.dedent("""
            from PIL import ImageOps
            from kurabe.imaging.processors import processor

            @processor("inverted")
            def inverted(reference, test):
                return ImageOps.invert(reference), ImageOps.invert(test)
        """)
    )
    info = tmp_path / "theirs-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[kurabe.processors]\ninverted = theirs\nlost = not_there\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(processors, "_discovered", False)
    try:
        white = Image.new("RGB", (3, 3), "white")
        assert apply("inverted", white, white, "aligned").test.getpixel((0, 0)) == (0, 0, 0)
        with pytest.raises(ImageError, match="'lost' could not be loaded"):
            get_processor("lost")
    finally:
        sys.modules.pop("theirs", None)
