"""Hedges that commit, what is dismissed, and what must not pass for a description."""

import pytest

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import read


@pytest.mark.parametrize(
    ("text", "language", "verdict"),
    [
        ("They are most likely the same.", "en", "same"),
        ("They are probably not the same.", "en", "different"),
        (
            "At first it looks as if a pin is bent, but that is only a shadow. They are identical.",
            "en",
            "same",
        ),
        ("The second picture is a little darker, which is to be ignored. No.", "en", "same"),
        ("The two images are identical, but the weave has a hole on the right.", "en", None),
        ("The images are the same except that there is a hole in the weave.", "en", "different"),
        ("Maybe they are the same.", "en", None),
        ("One could think that they are the same; this is an illusion caused by a shadow.", "en", None),
        ("| Part | Same? |\n|---|---|\n| Cap | yes |\n| Label | no |", "en", "different"),
        ('{"missing": false, "bent": true, "bridged": false}', "en", "different"),
        ('{"has_difference": null}', "en", None),
        ("おそらく同じです。", "ja", "same"),
        ("同じかもしれません。", "ja", None),
        ("一見すると同じですが、拡大すると2枚目だけ左下が破れています。", "ja", "different"),
        ("形状は一致しており、かつ一致していません。", "ja", None),
        ("割れも欠けもありませんが、2枚目だけ左下に線が入っています。", "ja", "different"),
        ('{"違いの有無": "判定不能"}', "ja", None),
    ],
)
def test_what_commits_is_read(text: str, language: Language, verdict: Verdict | None) -> None:
    assert read("verdict", text, language).verdict == verdict


def test_one_sentence_may_name_several_differences() -> None:
    listed = read("differences", "The apple is missing, the cap is bent and the label is torn.", "en")
    assert len(listed.items) == 3


@pytest.mark.parametrize(
    "text", ["一見すると" + "や傷" * 200, "割れも" * 150, "it might look like the " + "not " * 700]
)
def test_what_repeats_itself_is_read_in_no_time(text: str) -> None:
    import time

    start = time.thread_time()
    read("verdict", text, "ja" if text[0] != "i" else "en")
    assert time.thread_time() - start < 0.5
