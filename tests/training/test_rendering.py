"""Pictures that are rendered together are those that `scenes` renders one by one."""

from dataclasses import replace

import numpy as np
import torch

from scenes.board import paint_board
from scenes.camera import develop, expose
from scenes.connector import UNREST, draw_flaw, draw_part, first_shot, retake, surroundings
from scenes.pair import GRADES
from scenes.part import build
from training.rendering import camera
from training.rendering.filters import box, even_box, gaussian, largest
from training.rendering.sheets import board_of, painted
from training.rendering.takes import Takes, shot_of, solids_of

SIZE = (72, 96)


def test_pictures_rendered_together_equal_those_rendered_alone() -> None:
    """Of every grade, with flaws of every form of body, within what rounding and paint as bytes cost."""
    solids, shots, boards, alone = [], [], [], []
    for number, grade in enumerate(GRADES):
        rng = np.random.default_rng(40 + number)
        part = draw_part(rng, grade)
        shot = first_shot(rng, part, SIZE)
        others, wanted = surroundings(rng, part, shot, SIZE)
        flaws = [draw_flaw(rng, kind, part, 1.2, grade) for kind in ("foreign", "bridged", "bent")]
        taken = replace(retake(rng, shot, UNREST[grade]), noise=0.0)
        state = rng.bit_generator.state
        sheet = paint_board(rng, **wanted)
        rng.bit_generator.state = state
        boards.append(board_of(rng, wanted))
        scene = [*build(part, flaws), *others]
        alone.append(develop(expose(scene, taken, sheet, SIZE, 2), taken, rng, 2))
        solids.append(solids_of(scene))
        shots.append(shot_of(taken))
    tags = [np.zeros(len(rows), np.int64) for rows in solids]
    takes = Takes.on("cpu", solids, tags, np.stack(shots), np.arange(3))
    frames = camera.expose(takes, painted(boards, "cpu"), SIZE)
    together = camera.develop(frames, takes, SIZE)[1].permute(0, 2, 3, 1).numpy()
    for first, second in zip(alone, together, strict=True):
        apart = np.abs(first.astype(int) - second.astype(int)).max(2)
        assert apart.mean() < 0.6
        assert (apart > 6).mean() < 0.01


def test_filters_are_those_of_scipy() -> None:
    """Mirrored edges, odd and even windows, one window for each picture."""
    from scipy import ndimage

    rng = np.random.default_rng(0)
    pictures = rng.random((3, 31, 40), np.float32)
    given = torch.from_numpy(pictures)
    sides = torch.tensor([3, 9, 15])
    for found, picture, side in zip(box(given, sides), pictures, sides.tolist(), strict=True):
        np.testing.assert_allclose(found, ndimage.uniform_filter(picture, side), atol=1e-5)
    for found, picture, reach in zip(largest(given, sides // 2), pictures, (1, 4, 7), strict=True):
        np.testing.assert_array_equal(found, ndimage.maximum_filter(picture, 2 * reach + 1))
    for side in (4, 5):
        expected = [ndimage.uniform_filter(picture, side) for picture in pictures]
        np.testing.assert_allclose(even_box(given, side), np.stack(expected), atol=1e-5)
    blurred = gaussian(given[None], 1.4, 2.5)[0]
    expected = [ndimage.gaussian_filter(picture, 1.4, truncate=2.5) for picture in pictures]
    np.testing.assert_allclose(blurred, np.stack(expected), atol=1e-5)


def test_boxes_enclose_what_is_true() -> None:
    """Right and bottom are exclusive; nothing has a box of zeros."""
    masks = torch.zeros(2, 8, 10, dtype=torch.bool)
    masks[0, 2:5, 3:7] = True
    assert camera.boxes(masks).tolist() == [[3, 2, 7, 5], [0, 0, 0, 0]]
