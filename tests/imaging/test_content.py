"""Names of pictures by their content."""

import gc

import pytest
from PIL import Image

from kurabe.imaging import content
from kurabe.imaging.content import content_id, known_id


def test_a_picture_is_named_by_its_content_once(monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[Image.Image] = []

    def count(picture: Image.Image) -> str:
        named.append(picture)
        return content_id(picture)

    monkeypatch.setattr(content, "content_id", count)
    picture = Image.new("RGB", (4, 3), (1, 2, 3))
    assert known_id(picture) == known_id(picture) == content_id(picture)
    assert len(named) == 1
    assert known_id(picture.copy()) == known_id(picture)
    assert len(named) == 2  # another picture, of equal content


def test_a_picture_that_is_gone_lends_its_name_to_no_other() -> None:
    gc.collect()
    before = len(content._known)
    for shade in range(200):
        # The memory of the one before is free again, and mostly taken by this one.
        picture = Image.new("L", (2, 2), shade)
        assert known_id(picture) == content_id(picture)
        del picture
    gc.collect()
    assert len(content._known) == before
