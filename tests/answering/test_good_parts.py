"""Several good parts: the nearest is compared, the others are at hand, and what is ignored is never seen."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from kurabe.answering.cache_key import cache_key
from kurabe.answering.pictures import Pictures
from kurabe.answering.requests import NamesOnly, RequestMaker
from kurabe.answering.states import Prepared
from kurabe.cases import suites
from kurabe.cases.prompts import load_prompts
from kurabe.cases.trials import Participant, Selection, Trial, expand
from kurabe.imaging import processors
from kurabe.imaging.content import Listed, content_id, set_id
from kurabe.imaging.load import load_image
from kurabe.imaging.masking import PAINT

SIZE = (64, 48)


def part(path: Path, place: int, *, light: float = 1.0, defect: bool = False) -> Path:
    """Draw a bright block at one of six places, with a small black spot if it is defective."""
    image = Image.new("RGB", SIZE, (40, 60, 90))
    draw = ImageDraw.Draw(image)
    draw.rectangle((4 + 9 * place, 10, 14 + 9 * place, 38), fill=(180, 170, 120))
    if defect:
        draw.rectangle((6 + 9 * place, 20, 9 + 9 * place, 23), fill=(0, 0, 0))
    path.parent.mkdir(parents=True, exist_ok=True)
    image.point(lambda value: round(value * light)).save(path)
    return path


def write(root: Path, cases: list[dict[str, Any]], **defaults: Any) -> Path:
    folder = root / "cases"
    for place in range(6):
        part(folder / f"good/{place}.png", place)
    path = folder / "blocks.yaml"
    path.write_text(json.dumps({"defaults": defaults, "cases": cases}), encoding="utf-8")
    return path


def trials(path: Path, shots: int = 1, layout: Any = "separate", **more: Any) -> list[Trial]:
    found = suites.read([path])
    assert [str(problem) for problem in found.problems] == []
    asker = Participant("m", layout, frozenset({"verdict"}))
    return expand(found, Selection([asker], shots=shots, processors=processors.names(), **more))


def prepared(asked: list[Trial]) -> list[Prepared]:
    maker = RequestMaker(Pictures(), NamesOnly(), {"blocks": load_prompts()})
    try:
        return [future.result() for future in maker.take(asked)]
    finally:
        maker.close()


def case(name: str, verdict: str = "different", **more: Any) -> dict[str, Any]:
    return {"id": name, "test": f"test/{name}.png", "expect": {"verdict": verdict}, **more}


@pytest.mark.parametrize("light", [1.0, 0.8, 1.25])
def test_the_nearest_good_part_is_chosen_whatever_the_light_and_the_defect(
    tmp_path: Path, light: float
) -> None:
    path = write(tmp_path, [case(f"t{place}") for place in range(6)], references="good/*.png")
    for place in range(6):
        part(tmp_path / f"cases/test/t{place}.png", place, light=light, defect=True)
    made = prepared(trials(path, controls=False))
    goods = [content_id(load_image(tmp_path / f"cases/good/{place}.png")) for place in range(6)]
    for place, each in enumerate(made):
        assert each.request is not None
        assert each.good is not None
        assert each.good.chosen == goods[place] == content_id(each.request.pair[0])
        assert each.good.set == set_id(goods)
        assert [picture.content for picture in each.request.references] == goods
        assert [content_id(picture.load()) for picture in each.request.references] == goods


def test_shots_come_in_the_cases_order_with_the_test_last(tmp_path: Path) -> None:
    path = write(tmp_path, [case("t3"), case("t4")], references="good/*.png")
    for place in (3, 4):
        part(tmp_path / f"cases/test/t{place}.png", place, defect=True)
    one, other = prepared(trials(path, shots=3, controls=False))
    assert one.request is not None
    assert other.request is not None
    shown = [
        [content_id(picture) for picture in request.pictures] for request in (one.request, other.request)
    ]
    goods = [content_id(load_image(tmp_path / f"cases/good/{place}.png")) for place in range(6)]
    assert [goods.index(name) for name in shown[0][:-1]] == [2, 3, 4]
    assert [goods.index(name) for name in shown[1][:-1]] == [3, 4, 5]
    assert shown[0][-1] == content_id(load_image(tmp_path / "cases/test/t3.png"))
    assert "The first 3 pictures are good parts" in one.request.prompt
    assert "Does the last picture differ" in one.request.prompt
    (stacked,) = prepared(trials(path, shots=3, layout="stacked", controls=False)[:1])
    assert stacked.request is not None
    (joined,) = stacked.request.pictures
    assert joined.size == (SIZE[0], 4 * SIZE[1] + 3 * 8)


def test_all_shots_are_the_same_beginning_for_all_tests(tmp_path: Path) -> None:
    path = write(tmp_path, [case("t0"), case("t5")], references="good/*.png")
    for place in (0, 5):
        part(tmp_path / f"cases/test/t{place}.png", place, defect=True)
    asked = trials(path, shots=99, controls=False)
    assert [trial.shots for trial in asked] == [6, 6]
    first, second = (each.request.pictures for each in prepared(asked) if each.request is not None)
    assert [picture.tobytes() for picture in first[:-1]] == [picture.tobytes() for picture in second[:-1]]


def test_processed_shots_are_seen_against_the_chosen_one(tmp_path: Path) -> None:
    path = write(tmp_path, [case("t3")], references=["good/1.png", "good/3.png"])
    part(tmp_path / "cases/test/t3.png", 3)
    (trial,) = trials(path, shots=2, controls=False, variants=["overlay"])
    other, chosen, test = Pictures().show(trial).pictures
    files = [load_image(tmp_path / f"cases/{name}.png") for name in ("good/1", "good/3", "test/t3")]
    beside = processors.apply("overlay", files[1], files[0], "aligned")
    pair = processors.apply("overlay", files[1], files[2], "aligned")
    expected = (beside.test, pair.reference, pair.test)
    assert [p.tobytes() for p in (other, chosen, test)] == [p.tobytes() for p in expected]


def test_a_part_is_not_compared_with_itself_and_the_set_stays_one(tmp_path: Path) -> None:
    own = {"id": "own", "test": "good/2.png", "expect": {"verdict": "same"}}
    path = write(tmp_path, [own, case("t0")], references="good/*.png")
    part(tmp_path / "cases/test/t0.png", 0, defect=True)
    asked = trials(path)
    assert [trial.id for trial in asked if trial.control] == ["blocks/control.0-verdict-raw-m"]
    mine, other, control = prepared(asked)
    assert mine.good is not None
    assert other.good is not None
    assert control.good is not None
    assert mine.good.set == other.good.set == control.good.set
    assert len(mine.good.pictures) == 5
    test = content_id(load_image(tmp_path / "cases/good/2.png"))
    assert test not in {picture.content for picture in mine.good.pictures}
    assert control.good.chosen == content_id(load_image(tmp_path / "cases/good/0.png"))


def test_a_model_is_refused_pairs_of_which_it_learned_any_good_part(tmp_path: Path) -> None:
    path = write(tmp_path, [case("t0")], references="good/*.png", ignore=[[0, 0, 8, 8]])
    part(tmp_path / "cases/test/t0.png", 0, defect=True)
    (made,) = prepared(trials(path, controls=False))
    unpainted = content_id(load_image(tmp_path / "cases/good/5.png"))
    assert made.shows(Listed([unpainted[:16]]))
    assert made.good is not None
    assert made.shows(Listed([made.good.pictures[5].content[:16]]))
    assert not made.shows(Listed(["0" * 16]))


def test_an_engine_that_reads_all_good_parts_has_its_answers_by_all_of_them(tmp_path: Path) -> None:
    path = write(tmp_path, [case("t0")], references="good/*.png")
    part(tmp_path / "cases/test/t0.png", 0, defect=True)

    def keys() -> tuple[str, str]:
        (made,) = prepared(trials(path, controls=False))
        assert made.request is not None
        one, every = (
            cache_key("engine", made.request, made.digest, all_references=every) for every in (False, True)
        )
        return one, every

    before = keys()
    part(tmp_path / "cases/good/6.png", 5, light=0.5)
    after = keys()
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_what_is_ignored_is_painted_and_the_region_cut_in_all_pictures(tmp_path: Path) -> None:
    box = [40, 30, 60, 44]
    bad = case("t0", region=[20, 8, 64, 48])
    bad["expect"] = {"differences": [{"kind": "spot", "box": [25, 10, 30, 20]}]}
    path = write(tmp_path, [bad], references="good/*.png", ignore=[box])
    part(tmp_path / "cases/test/t0.png", 0, defect=True)
    (trial,) = trials(path, shots=2, controls=False)
    shown = Pictures().show(trial)
    for picture in shown.pictures:
        assert picture.size == (44, 40)
        painted = np.asarray(picture)[22:36, 20:40]
        assert (painted == PAINT).all()
        assert not (np.asarray(picture)[21, 20:40] == PAINT).all()
    (difference,) = trial.case.expect.differences or []
    assert difference.box == (5, 2, 10, 12)


def test_a_mask_is_painted_as_its_boxes_would_be(tmp_path: Path) -> None:
    mask = Image.new("L", SIZE)
    mask.paste(255, (3, 4, 20, 30))
    path = write(tmp_path, [case("t0", ignore="mask.png")], references="good/*.png")
    mask.save(tmp_path / "cases/mask.png")
    part(tmp_path / "cases/test/t0.png", 0, defect=True)
    by_mask = Pictures().show(trials(path, controls=False)[0])
    path = write(tmp_path, [case("t0", ignore=[[3, 4, 20, 30]])], references="good/*.png")
    by_box = Pictures().show(trials(path, controls=False)[0])
    assert [p.tobytes() for p in by_mask.pictures] == [p.tobytes() for p in by_box.pictures]


def test_an_unreadable_good_part_of_another_case_is_left_out_and_told_once(tmp_path: Path) -> None:
    cases = [case("t0", reference="good/0.png"), case("t1", reference="good/1.png")]
    path = write(tmp_path, [*cases, case("t2", reference="good/2.png")])
    for place in range(3):
        part(tmp_path / f"cases/test/t{place}.png", place, defect=True)
    asked = [trial for trial in trials(path, controls=False) if "t1" not in trial.id]
    (tmp_path / "cases/good/1.png").write_bytes(b"no picture")
    told: list[str] = []
    pictures = Pictures(say=told.append)
    shown = [pictures.show(trial) for trial in asked]
    goods = [content_id(load_image(tmp_path / f"cases/good/{place}.png")) for place in (0, 2)]
    assert len(shown) == 2
    for each in shown:
        assert each.suite is not None
        assert [picture.content for picture in each.suite()] == goods
    (message,) = told
    assert "good/1.png" in message
    assert message.startswith("blocks: ")
