import numpy as np
import pytest
from PIL import Image

from kurabe.imaging.processors import apply
from scenes.linking import (
    FAMILIES,
    LINKS,
    PROCESSORS,
    SHARE,
    Family,
    Link,
    Processor,
    Subject,
    counterpart,
    processed,
    relations,
    render_pair,
    shown,
    telling,
)

SIZE = (84, 112)
CYLINDER_OR_PRISM = Subject("body", 600, "easy")
CONNECTOR = Subject("connector", 601, "hard")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_second_shot_differs_from_the_first_and_the_first_does_not_depend_on_it(family: Family) -> None:
    subject = Subject(family, 602, "hard")
    first = subject.first(SIZE)
    shots = [subject.shot(seed, SIZE) for seed in (1, 2)]
    assert np.array_equal(subject.first(SIZE), first)
    for one, other in ((first, shots[0]), (first, shots[1]), (shots[0], shots[1])):
        assert one.shape == other.shape == (*SIZE, 3)
        assert np.abs(one.astype(int) - other).mean() > 1


@pytest.mark.parametrize("processor", PROCESSORS)
def test_what_is_processed_is_the_second_shot_against_the_subjects_own_first(processor: Processor) -> None:
    subject = CYLINDER_OR_PRISM
    a, b = Image.fromarray(subject.first(SIZE)), Image.fromarray(subject.shot(3, SIZE))
    found = processed(subject, 3, processor, SIZE)
    assert np.array_equal(found, np.asarray(apply(processor, a, b, "instance").test))
    # Against the first shot of the body cast the other way it would be another picture.
    wrong = Image.fromarray(counterpart(subject, 0).first(SIZE))
    assert not np.array_equal(found, np.asarray(apply(processor, wrong, b, "instance").test))


def test_a_body_cast_the_other_way_is_another_one_of_the_same_material() -> None:
    other = counterpart(CYLINDER_OR_PRISM, 0)
    assert counterpart(other, 0) == CYLINDER_OR_PRISM
    pictures = [subject.first(SIZE).astype(float) for subject in (CYLINDER_OR_PRISM, other)]
    assert np.abs(pictures[0] - pictures[1]).mean() > 3
    # The table is one: its colour in the corners is alike.
    corners = [picture[:8, :8].mean((0, 1)) / picture[:8, :8].mean() for picture in pictures]
    assert np.allclose(corners[0], corners[1], atol=0.06)


@pytest.mark.parametrize("link", LINKS)
def test_a_link_holds_if_and_only_if_both_pictures_show_one_subject(link: Link) -> None:
    shot = 7 if link == "processed" else None
    other = counterpart(CONNECTOR, 699)
    linked = render_pair(8, link, (CONNECTOR, CONNECTOR), "soart3", shot=shot, size=SIZE)
    unlinked = render_pair(8, link, (CONNECTOR, other), "soart3", shot=shot, size=SIZE)
    assert not linked.differences
    (change,) = unlinked.differences
    assert tuple(change.box) == (0, 0, SIZE[1], SIZE[0])
    assert np.array_equal(linked.reference, unlinked.reference)
    assert not np.array_equal(linked.test, unlinked.test)


def test_the_taught_link_is_of_the_very_shot_and_the_concluded_one_of_another() -> None:
    taught = render_pair(8, "processed", (CONNECTOR, CONNECTOR), "n-soartc", shot=7, size=SIZE)
    seed = telling(CONNECTOR, 7, "n-soartc", SIZE)
    assert np.array_equal(taught.reference, CONNECTOR.shot(seed, SIZE))
    assert np.array_equal(taught.test, processed(CONNECTOR, seed, "n-soartc", SIZE))
    concluded = render_pair(8, "concluded", (CONNECTOR, CONNECTOR), "n-soartc", size=SIZE)
    assert np.array_equal(concluded.reference, CONNECTOR.first(SIZE))
    assert shown(concluded.test) >= SHARE


def test_a_shot_is_given_to_taught_links_alone() -> None:
    with pytest.raises(ValueError, match="given shot"):
        render_pair(8, "processed", (CONNECTOR, CONNECTOR), "soart3", size=SIZE)
    with pytest.raises(ValueError, match="given shot"):
        render_pair(8, "taken", (CONNECTOR, CONNECTOR), "soart3", shot=7, size=SIZE)


def test_a_subject_of_which_the_processor_shows_nothing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenes.linking.SHARE", 1.01)
    monkeypatch.setattr("scenes.linking.TRIES", 2)
    with pytest.raises(ValueError, match="shows nothing"):
        telling(Subject("body", 603, "easy"), 1, "n-soartc", SIZE)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_four_relations_are_told_apart(family: Family) -> None:
    assert len(set(relations(family).values())) == 4
