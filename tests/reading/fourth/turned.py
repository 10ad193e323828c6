"""Answers whose conclusion is turned round: harmless clauses before and after a denial, an exception, a "but".

Each comes with the verdict that it must not be read as. ``python -m tests.reading.fourth.turned`` prints how many
there are, and those that are read so.
"""
# ruff: noqa: T201, E501 - a program that prints, with one answer a line

from collections.abc import Iterator
from typing import NamedTuple

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import read

HARMLESS_EN = (
    "Both images show a white connector with twelve pins.",
    "The first image shows a round cookie.",
    "The pictures were taken from above.",
    "Let me compare the two images.",
    "The housing is beige in both images.",
    "I looked at the pins, the latch and the label.",
    "To the best of my ability to see, the pictures are sharp.",
    "Here is what I looked at:",
)
SAME_EN = (
    "The two images are identical.",
    "There is no difference.",
    "Nothing has changed.",
    "Shape, size and colour match in both images.",
    "The inspected part conforms to the reference.",
    "No anomalies were found in the second image.",
    "Both pictures show exactly the same thing.",
    "Every feature of the box matches in both pictures.",
    "I see nothing that sets one apart from the other.",
    "The part in the second image is in the same condition as the part in the first image.",
    "No part has been moved, added or taken away.",
    "It is the same part in the same state.",
    "The label is the same in both images, and everything else is identical too.",
    "Whichever feature I compare, it is the same in both.",
    "There is no visible difference in the pins, the housing or the latch.",
    "The condition of both parts is the same.",
    "The second part looks just like the first one.",
    "I compared the two images and found them to be identical.",
)
DIFFERENT_EN = (
    "The two images are not identical.",
    "There is a difference.",
    "The third pin is bent in the second image.",
    "The wire in the second image is red, not blue.",
    "The switch is on in one image and off in the other.",
    "There are more chips on the second cookie than on the first.",
    "The second part does not look like the first one.",
    "All pins but one are straight in the second image.",
    "The second image lacks the screw that the first image has.",
    "The cap in the second image has come loose.",
    "While both images show a zipper, the second one is open.",
)
TAKES_BACK_EN = (
    "{} That is not true.",
    "It is not true that {l}",
    "I would not say that {l}",
    "It would be wrong to conclude that {l}",
    "One cannot say that {l}",
    "I doubt that {l}",
    "At first I thought that {l}",
    "Somebody claimed that {l}",
    "If the latch were closed, I would say that {l}",
    "{} No, wait, I was wrong.",
    "It is a mistake to think that {l}",
    "It is not clear whether {l}",
    "{n}? I cannot say.",
    "Not that {l}",
)
RESTRICTS_EN = (
    "{n}, except for the bent pin.",
    "{n}, apart from a missing screw.",
    "{n}, but the third pin is bent.",
    "{n}; however, the label is torn in the second image.",
    "{} However, the second image has a crack.",
    "{} Only the cap is missing.",
    "{} But one of the pins is bent in the second image.",
    "{n}, with the exception of the latch.",
    "{n}, although the cap in the second image is tilted.",
    "{} The exception is the third pin.",
    "{} The label, on the other hand, is torn in the second image.",
    "Although {m}, one screw is missing in the second image.",
    "{n} - except that the seal is torn.",
    "Apart from the broken latch, {l}",
    "Were it not for the bent pin, I would say that {l}",
)
TURNED_EN: tuple[tuple[str, Verdict], ...] = (
    ("Shape, size and colour do not match in both images.", "same"),
    ("Shape, size and colour match, but not the print.", "same"),
    ("Shape, size and colour match in neither image.", "same"),
    ("Shape, size and colour are not consistent across both images.", "same"),
    ("Shape, size and colour are hardly the same.", "same"),
    ("Neither shape, size nor colour match.", "same"),
    ("Shape and size match; colour does not.", "same"),
    ("Shape, size and colour should match in both images.", "same"),
    ("Shape, size and colour might match in both images.", "same"),
    ("Shape, size and colour of the label are the same, yet the cap is gone.", "same"),
    ("Not every feature of the box matches.", "same"),
    ("Not all features are the same.", "same"),
    ("Every feature but one matches.", "same"),
    ("Hardly any feature matches.", "same"),
    ("Each feature of the two differs.", "same"),
    ("It is not the same part in the same state.", "same"),
    ("It is the same part in another state.", "same"),
    ("The same part, but not in the same state.", "same"),
    ("The part in the second image is not in the same condition as the part in the first image.", "same"),
    ("The part in the second image is in a worse condition than the part in the first image.", "same"),
    (
        "The part in the second image is no longer in the same condition as the part in the first image.",
        "same",
    ),
    ("The inspected part does not conform to the reference.", "same"),
    ("The inspected part fails to conform to the reference.", "same"),
    ("The inspected part conforms to the reference in colour only.", "same"),
    ("The part under inspection deviates from the reference.", "same"),
    ("Both pictures do not show exactly the same thing.", "same"),
    ("Both pictures show almost the same thing.", "same"),
    ("I do not see the same thing in both pictures.", "same"),
    ("There is something that sets one apart from the other.", "same"),
    ("There is not nothing that sets one apart from the other.", "same"),
    ("A torn label sets the two apart.", "same"),
    ("No part has been added, but one has been moved.", "same"),
    ("No part has been moved except the clip.", "same"),
    ("A part has been moved, added or taken away.", "same"),
    ("No anomalies except a dent were found in the second image.", "same"),
    ("No anomalies were found in the second image other than a bent pin.", "same"),
    ("No anomalies were found in the first image; the second one is cracked.", "same"),
    ("No anomalies were found in the second image, but one pin is missing.", "same"),
    ("Not only were anomalies found in the second image.", "same"),
    ("It is not the case that no anomalies were found in the second image.", "same"),
    ("There is no visible difference in the pins and the housing, but in the latch.", "same"),
    ("There is a visible difference in the pins, the housing and the latch.", "same"),
    ("There is no difference in the pins, the housing or the latch, but the cap is gone.", "same"),
    ("Nothing stands out but the bent pin.", "same"),
    ("Nothing stands out except a crack in the second image.", "same"),
    ("The second part does not look just like the first one.", "same"),
    ("The second part looks just like the first one would look if it were bent.", "same"),
    ("The condition of both parts is not the same.", "same"),
    ("The condition of both parts is hardly the same.", "same"),
    ("I compared the two images and did not find them to be identical.", "same"),
    ("I compared the bent pin with the straight one and found them to be different.", "same"),
    ("The images are identical in shape, size and colour, not in print.", "same"),
    ("The images are identical in nothing but shape, size and colour.", "same"),
    ("The label is the same, and the rest is not identical either.", "same"),
    ("The label differs, and the rest is identical too.", "same"),
    ("The pin is bent, and everything else is the same as well.", "same"),
    ("No, the label is torn in the second image, and nothing else has changed.", "same"),
    ("No. The second cap is red. Nothing else has changed.", "same"),
    ("### Differences\nNone of the pins is straight in the second image.", "same"),
    ("### Differences\nThe third pin\n\n### Others\nNone", "same"),
    ("**Image 1**\n- Twelve pins\n- No damage\n\n**Image 2**\n- Eleven pins\n- No damage", "same"),
    ("**Image 1**\n- No damage\n\n**Image 2**\n- A bent pin", "same"),
    ("Image 1: a nut, clean, no visible damage. Image 2: a nut, deep scratch.", "same"),
    ("Image 1: a nut, no damage. Image 2: a nut, cracked.", "same"),
    ("While both images show a zipper, neither one is open.", "different"),
    ("While both images show a zipper, the second one shows it, too.", "different"),
    ("While both images show a zipper, the second one is brighter.", "different"),
    ("While both images may have been taken on different days, nothing differs.", "different"),
    ("The wire is red, not blue, in both images.", "different"),
    ("The wire in both images is red, not blue.", "different"),
    ("The second image is bright, not dark.", "different"),
    ("The second image is the same, not different.", "different"),
    ("The wire in the second image is not red, not blue, but the same.", "different"),
    ("The switch is on in one image and on in the other.", "different"),
    ("The switch is not on in one image and off in the other.", "different"),
    ("The image is bright in one picture and dark in the other.", "different"),
    ("The shadow is long in one image and short in the other.", "different"),
    ("There are no more chips on the second cookie than on the first.", "different"),
    ("There are not more chips on the second cookie than on the first.", "different"),
    ("There is more light in the second image than in the first.", "different"),
    ("There is more noise on the second image than on the first.", "different"),
    ("The second part does not differ from the first one.", "different"),
    ("It is not true that the second part does not look like the first one.", "different"),
    ("All pins are straight in the second image but for the light.", "different"),
    ("The cap has not come loose in the second image.", "different"),
    ("No cap has come loose in the second image.", "different"),
    ("The connector has not been turned in the second image.", "different"),
    ("The main one is that nothing has changed.", "different"),
    ("The part on the right has no chipped corner, which is not the case on the left, either.", "different"),
    ("They are two different pictures of the same part.", "different"),
    ("They are not two different parts.", "different"),
    ("They are not the same picture, but the part is identical.", "different"),
    ("It is not true that these are not the same part.", "different"),
    ("The ring can not only be seen in the first image but in both.", "different"),
    ("The ring can only be seen in the first image if one looks closely.", "same"),
    ("The ring appears in just one of the corners in both images.", "different"),
    ("The ring does not appear in just one of the images.", "different"),
    ("Nothing suggests that the parts are the same.", "same"),
    ("Something suggests that the parts differ.", "same"),
    ("Nothing suggests that the parts differ but a bent pin.", "same"),
    ("I have no doubt that they are not identical.", "same"),
    ("I have no doubt that they do not differ.", "different"),
    ("There is some doubt that they are identical.", "same"),
    ("One does not look like the other.", "same"),
    ("One looks like the other would look without its cap.", "same"),
    ("One looks just like the other, except for the cap.", "same"),
    ("Left: closed. Right: closed.", "different"),
    ("Left: open. Right: closed.", "same"),
    ("First: 8 pins. Second: 8 pins.", "different"),
    ("First: 8 pins. Second: 7 pins. Otherwise the same.", "same"),
    ("The same part, photographed twice, but bent in the second image.", "same"),
    ("I see neither a scratch nor a dent, but another difference.", "same"),
    ("I see a scratch, yet neither a dent nor any other difference.", "same"),
    ("The only thing out of order is the lighting.", "different"),
    ("The only thing out of order is nothing.", "different"),
    ("The level is no lower in the second bottle.", "different"),
    ("The level is not lower in the second image.", "different"),
    ("The clip is not attached in either image.", "different"),
    ("The clip is not attached in both images.", "different"),
    ("It is not the case that the clip is not attached in the second image.", "different"),
    ("The crack is in the second image as well, so it does match the first.", "different"),
    ("The pin is straight, so they do not differ.", "different"),
    ("The pin is straight, so they do not match.", "same"),
    ("The pin is bent in the first image, and so it is in the second.", "different"),
    ("The pin is bent in the first image, and so is the pin in the second.", "different"),
    ("The ring is nowhere to be seen in both images.", "different"),
    ("The two gears are the same size, shape and colour, but not of the same material.", "same"),
    ("The two gears are not the same size, shape or colour.", "same"),
    ("The two gears have the same size, shape and colour, and the second one is cracked.", "same"),
    ("As far as the part is concerned, they are not the same.", "same"),
    ("As far as the lighting is concerned, they differ.", "different"),
    ("Pixel for pixel, the images are not the same.", "same"),
)
HARMLESS_JA = (
    "どちらの画像にも12本のピンを持つコネクタが写っています。",
    "1枚目は丸いクッキーです。",
    "画像は真上から撮影されています。",
    "二つの画像を比較します。",
    "ハウジングはどちらも白です。",
    "ピンと爪とラベルを確認しました。",
)
SAME_JA = (
    "二つの画像は同じです。",
    "違いはありません。",
    "何も変わっていません。",
    "形も色も位置も同じです。",
    "検査品は基準品どおりです。",
    "2枚目に異常は見つかりませんでした。",
    "どの部分を比べても同じです。",
    "一致しない点はありません。",
    "領域ごとに比べましたが、同一でした。",
    "線はどちらの画像でもつながっており、ほかの部分も同じです。",
)
DIFFERENT_JA = (
    "二つの画像は同じではありません。",
    "違いがあります。",
    "2枚目の3番目のピンが曲がっています。",
    "検査品は基準品と異なります。",
    "1枚目は閉じていますが、2枚目は開いています。",
)
TAKES_BACK_JA = (
    "{p}わけではありません。",
    "{p}とは言えません。",
    "{p}というのは誤りです。",
    "{p}と思っていましたが、間違いでした。",
    "{p}かどうかはわかりません。",
    "{}それは正しくありません。",
    "{p}と聞きました。",
    "{p}はずがありません。",
    "{p}可能性は低いです。",
)
RESTRICTS_JA = (
    "{}ただし、3番ピンが曲がっています。",
    "{}しかし、2枚目にはひびがあります。",
    "{b}が、2枚目はラベルが破れています。",
    "{}例外は左のねじです。",
    "{}ただ、2枚目はキャップがありません。",
    "左のピンを除いて、{}",
    "爪の破損以外は、{}",
    "{b}が、ねじが1本足りません。",
)
TURNED_JA: tuple[tuple[str, Verdict], ...] = (
    ("形も色も位置も同じではありません。", "same"),
    ("形も色も位置も同じですが、印字が違います。", "same"),
    ("形も色も同じで、位置だけが違います。", "same"),
    ("どの部分も同じではありません。", "same"),
    ("どの部分を比べても同じとは言えません。", "same"),
    ("どの部分を比べても違います。", "same"),
    ("検査品は基準品どおりではありません。", "same"),
    ("検査品は基準と違います。", "same"),
    ("検査品は基準と同じではない。", "same"),
    ("基準と同じなのは色だけです。", "same"),
    ("2枚目に異常は見つかりましたが、1枚目にはありません。", "same"),
    ("1枚目に異常は見つかりませんでしたが、2枚目は曲がっています。", "same"),
    ("2枚目にへこみ以外の異常は見つかりませんでした。", "same"),
    ("一致する点はありません。", "same"),
    ("一致しない点があります。", "same"),
    ("領域ごとに比べましたが、同一ではありませんでした。", "same"),
    ("ピンの曲がりを比べましたが、同じ向きです。", "different"),
    ("ほかの部分も同じではありません。", "same"),
    ("線は2枚目だけ外れており、ほかの部分は同じです。", "same"),
    ("### 違い\nなしとは言えません。", "same"),
    ("### 違い\n左のピン\n\n### その他\nなし", "same"),
    ("1枚目と比べて、2枚目に変わったところがあります。", "same"),
    ("1枚目と比べて、2枚目に変わったところはないとは言えません。", "same"),
    ("1枚目と比べて、2枚目に違いはありません。", "different"),
    ("同じコネクタで、2枚目はピンが曲がっています。", "same"),
    ("同じ角度から撮影された同じコネクタで、違いがあります。", "same"),
    ("同じ角度から撮影された同じコネクタで、違いはありません。", "different"),
    ("2枚目のほうが少し暗いですが、違いはありません。", "different"),
    ("ピンの曲がりはどちらにもなく、違いはありません。", "different"),
    ("クッキーの不良には、欠けやひびなどがありますが、どちらにもありません。", "different"),
    ("場所：なし\n違い：あり", "same"),
    ("違い：なし\n場所：右上のピンが曲がっている", "same"),
    ('{"判定": "不合格"}', "same"),
    ('{"判定": "合格ではない"}', "same"),
    ('{"判定": "合格", "違い": true}', "same"),
    ("2枚目も1枚目と同じく上段のピンが曲がっています。", "different"),
    ("上段のピンは1枚目でも2枚目でも曲がっています。", "different"),
    ("2枚目では上段の左から3番目のピンが曲がっていません。", "different"),
    ("2枚目では上段の左から3番目のピンが曲がっています。", "same"),
    ("液面の高さも、キャップも、ラベルも同じではありません。", "same"),
    ("液面の高さも、キャップも、ラベルも同じですが、色が違います。", "same"),
    ("ピンがまっすぐではないとは言えません。", "different"),
    ("ピンはどちらもまっすぐではありません。", "different"),
    ("確認しましたが、同じとは言えません。", "same"),
    ("ピンを確認しましたが、違いはありません。", "different"),
)  # fmt: skip


class Turned(NamedTuple):
    """An answer, and the verdict that it must not be read as."""

    text: str
    language: Language
    never: Verdict


def answers() -> Iterator[Turned]:
    """Every turned answer, once."""
    seen: set[tuple[str, Verdict]] = set()
    for one in _all():
        if (one.text, one.never) not in seen:
            seen.add((one.text, one.never))
            yield one


def _all() -> Iterator[Turned]:
    sides: tuple[tuple[Verdict, tuple[str, ...]], ...] = (("same", SAME_EN), ("different", DIFFERENT_EN))
    for verdict, statements in sides:
        yield from _among(HARMLESS_EN, statements, "en", "different" if verdict == "same" else "same", " ")
        for statement in statements:
            for frame in TAKES_BACK_EN:
                turned = _english(frame, statement)
                yield Turned(turned, "en", verdict)
                yield from _among(HARMLESS_EN[:3], (turned,), "en", verdict, " ")
    for statement in SAME_EN:
        for frame in RESTRICTS_EN:
            turned = _english(frame, statement)
            yield Turned(turned, "en", "same")
            yield from _among(HARMLESS_EN, (turned,), "en", "same", "\n")
    for text, never in TURNED_EN:
        yield Turned(text, "en", never)
        yield from _among(HARMLESS_EN, (text,), "en", never, " ")
    yield from _japanese()


def _english(frame: str, statement: str) -> str:
    lowered = statement if statement.startswith("I ") else statement[0].lower() + statement[1:]
    return frame.format(statement, l=lowered, n=statement.rstrip("."), m=lowered.rstrip("."))


def _among(
    harmless: tuple[str, ...], statements: tuple[str, ...], language: Language, never: Verdict, join: str
) -> Iterator[Turned]:
    """Each statement after each harmless clause, and before it."""
    for clause in harmless:
        for statement in statements:
            yield Turned(clause + join + statement, language, never)
            if not clause.endswith(":"):
                yield Turned(statement + join + clause, language, never)


_PLAIN = (
    ("ではありません", "ではない"), ("はありません", "はない"), ("ませんでした", "なかった"), ("ていません", "ていない"),
    ("があります", "がある"), ("異なります", "異なる"), ("ています", "ている"), ("でした", "だった"), ("です", "だ"),
)  # fmt: skip


def _japanese() -> Iterator[Turned]:
    sides: tuple[tuple[Verdict, tuple[str, ...]], ...] = (("same", SAME_JA), ("different", DIFFERENT_JA))
    for verdict, statements in sides:
        yield from _among(HARMLESS_JA, statements, "ja", "different" if verdict == "same" else "same", "")
        for statement in statements:
            bare = statement.rstrip("。")
            plain = next((bare.removesuffix(a) + b for a, b in _PLAIN if bare.endswith(a)), bare)
            frames = TAKES_BACK_JA if verdict == "different" else (*TAKES_BACK_JA, *RESTRICTS_JA)
            for frame in frames:
                # 「だわけでは」 is not said: だ becomes な before a noun.
                fit = (
                    plain[:-1] + "な"
                    if plain.endswith("だ") and frame.startswith(("{p}わけ", "{p}はず", "{p}可能"))
                    else plain
                )
                turned = frame.format(statement, p=fit, b=bare)
                yield Turned(turned, "ja", verdict)
                yield from _among(HARMLESS_JA, (turned,), "ja", verdict, "")
    for text, never in TURNED_JA:
        yield Turned(text, "ja", never)
        yield from _among(HARMLESS_JA, (text,), "ja", never, "\n")


def reversed_ones() -> list[Turned]:
    """The answers that are read as what they must not be."""
    return [one for one in answers() if read("verdict", one.text, one.language).verdict == one.never]


def main() -> None:
    """Print how many answers there are, and those that are read wrongly."""
    wrong = reversed_ones()
    print(f"{sum(1 for _ in answers()):,} turned answers, {len(wrong)} read as their opposite")
    for one in wrong:
        print(f"{one.never:10}{one.text!r}")


if __name__ == "__main__":
    main()
