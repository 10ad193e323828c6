"""Verdicts: what an answer says, in English and Japanese, and what it leaves open."""

import pytest

from kurabe.common.vocabulary import Language, Verdict
from kurabe.reading import read

ENGLISH_DIFFERENT = """
Same connector, different pin.
NG
NG: barcode worn
Result: FAIL
The label is missing.
Pin 3 is bent.
They are the same. Wait, actually they are different.
Only the brightness matches, the absence of the plug is a clear difference.
They are identical, but the left pin is missing.
They match, but the pin is bent.
They can be distinguished.
The left pin is missing. No other differences.
Yes
**Yes**
The only difference is the left pin.
not the same
They are not the same.
The two pictures are identical except for the left pin.
Differences: the left pin is missing
It is not true that there is no difference.
They are not without differences
There is a difference in the left pin.
They look the same, but the left pin differs.
Yes, the left pin is missing.
A difference can be seen.
Something has changed.
the images do not match
Is there a difference? Yes.
The answer is yes.
different
not identical
I would say yes
Yes there is a slight difference
The two images are not entirely identical.
I see two differences.
There are 3 differences between the two images: a, b, c
There is no pin so there is a difference
They do differ.
The images differ in the left pin
Ｙｅｓ
The pictures are the same. However, there is a difference in pin 3.
Although they look the same, there is a difference.
not indistinguishable
There is a defect on the left pin.
The images are different in color but not in shape.
Not all parts are the same.
Yes, I can see that the left pin is missing in the lower picture, but everything else is the same.
Yes, but everything else is identical
Yes, there is a difference. The first picture has 8 pins and the second has 7.
Yes, there are differences: the left pin is bent, the right pin is the same.
There are differences, but they are small.
The two pictures are very similar but there is a slight difference in the left pin.
I notice something different.
The difference between the two pictures is the missing pin.
One difference: the pin.
Yes! They differ.
Yep
YES
Sure. Yes.
Yes - the pin is bent
Answer: Yes. Explanation: the left pin is absent.
The final answer is "yes".
The left pin has a different length.
I think there is a difference.
It seems that there is a difference.
Without a doubt, they are different.
It's not that there is no difference.
I do not think they are the same.
I do not think that they are not different
They are never the same
They aren't the same.
They arent the same
Except for the left pin, the two images are identical.
There is nothing different except the label.
The difference is that there is no pin.
The difference is that the pin is not visible in the lower picture.
The first and second picture are not identical.
The lower picture is different from the upper one.
the test image does not match the reference.
Difference: Yes
Of course there is a difference.
There's a difference
They're different
In the lower picture the pin differs.
The pins in the lower picture are not the same.
The pins are the same, the housing is different.
The housing is the same, but the pin differs.
There is no difference in the housing, but the pins differ.
They are not the same, they are different.
Yes, they are not the same.
Yes, they are different.
Yes they do
Different
Upon close inspection, there is a noticeable difference: the third pin from the left is bent.
There is a difference. In the top picture, the pin is straight, while in the bottom one it is bent.
Yes. In the first picture pin 3 is straight but in the second it is not.
Yes, the difference is that the pin on the left is not there.
Yes, the two pictures are not identical.
It looks like there is one difference. The screw is missing.
There are a few differences between the two.
There are few differences.
There is only one difference.
There's just one small difference in the corner.
I see no differences in the left part, but the right part is different.
The test part has a defect.
They're not quite the same.
They are not exactly identical.
There is something different.
It is clear that the two differ.
If you look closely, the pins differ.
If you look closely, there is a difference.
They can't be the same.
Visible differences: 2
Same: no
The image is different.
With the exception of the pin, they are the same.
They match except for the pin.
They don't match.
The colors don't match.
The pictures do not match each other.
nothing is the same
Everything is the same except the pin.
There exists a difference.
Differences exist.
A change has occurred.
There has been a change.
The left pin has changed.
There is a deviation from the reference.
They are far from identical.
They are anything but identical.
They are by no means identical.
You can see a difference.
You can see the difference in the left pin.
These differences are visible.
I do see a difference.
At first glance they look the same, but there is a difference.
Despite looking the same, they differ.
There is a difference, however small.
The second picture has no pin 3, which differs from the first.
Is it the same? No. Is it different? Yes.
Are they the same: no
"""

ENGLISH_SAME = """
OK
Pass
PASS: all pins straight
Only the amount of light differs.
It is only the brightness that is not the same.
No rust spots or other differences are present.
It is impossible to tell the two pictures apart.
No.
no difference
No visible differences.
There are no differences between the images.
They are not different.
differences: none
I do not see any difference.
I don't think there is a difference
There doesn't appear to be any difference between the two images.
No differences can be seen
Differences are not visible.
nothing is different
Nothing has changed.
The images match.
Answer: No
So the answer is no.
Same
The same.
no they look identical
None
They don't differ.
They are indistinguishable.
I could not find any differences.
I can't see any difference
There are no defects or differences.
I see no change.
No defects.
Both are the same
Both are identical in every way.
No, the two pictures are identical.
No, there is no difference between the two pictures.
No. The two pictures show the same connector with the same number of pins.
I don't see a difference.
I am not able to see any differences.
I'm unable to detect any difference.
I see nothing different.
The images do not show any difference.
The two photos show no differences
The part has no defect
No difference is visible.
No differences were found.
There was no difference found.
Neither picture shows a difference.
The two connectors look exactly the same.
Nope
no
I'd say no.
I would say that there is no difference.
My answer is: no.
Final answer: **No**
I believe they are identical.
It appears to be the same.
they dont differ
A difference is not visible
The differences are not there.
Is there a difference? No, there is not.
I will compare the two and say if they differ. They do not differ.
The upper and lower images are identical.
The image above is the same as the image below.
The lower picture is identical to the upper picture.
The test picture matches the reference picture.
I can see no difference
No visible difference can be noticed.
Visible difference: none
Differences found: No
No significant differences.
No apparent differences
Number of differences: 0
0 differences
Zero differences
It is not the case that the pictures differ.
Not different
there's no difference
They're the same
There are no differences in the two pictures
the images are the same; there is no difference
They are not different, they are the same.
No, they are not different.
No they don't
These are two identical pictures.
The two images appear to be identical, with no visible differences in the connector, pins, or housing.
Both images show a white connector with eight pins. There are no noticeable differences between them.
Both images show a white connector. The pins look the same in both. No.
No, both pictures show the same white connector with 8 pins and there is no visible defect.
No, the pictures are the same. They both have a black bar between them.
The answer is no because there is no difference.
I have compared the two pictures carefully and I found no differences.
After comparing, no difference was found.
Looking at the two pictures, I can't identify any differences.
There is not a single difference.
No difference in the pictures.
The lower picture has no differences from the upper picture.
The part is free of defects.
They aren't any different.
They are no different.
There's nothing different between them.
These are pictures of the same connector.
I can confirm that there is no difference.
I am sure there is no difference.
I am certain that they are identical.
They cannot be different.
no, i don't see a difference
No - identical.
difference: none found
Identical: yes
Is there a difference between the two pictures? Answer: No
The two images are the same images.
With no differences, the images match.
Everything is the same.
All identical.
No it isn't
The difference is none.
The difference is zero.
There is zero difference.
There are 0 differences.
No difference exists.
There has been no change.
Nothing changed between the pictures.
The images have not changed.
unchanged
I couldn't see a difference.
None of the differences are visible.
I fail to see a difference.
No difference except the lighting.
No difference other than the lighting.
There never was a difference.
"""

ENGLISH_UNREADABLE = """
I cannot tell.
maybe
Yes, maybe.
Yes, they are the same.
Yes. Both pictures look fine, so they are identical.
Yes and no.
No pins are missing.
No, there is a difference.
No, they are different
The left pin is the same.
Both images show the same connector.
Let me look for differences.
The pictures are taken from different angles.
almost identical
The difference is not significant.
There is no difference in the housing.
It is hard to say whether there is a difference.
Yes/No
No. However, pin 3 is bent.
If there is a difference, it is small.
There may be a difference.
This could be different.
they are different, but they are the same
There are no scratches, differences or defects
The pictures are similar.
There is little difference.
There is hardly any difference.
I am unable to compare the images.
The left image shows no defect.
Yes; no difference
The images are the same size.
The same pin is bent in both.
They share the same background.
the pins have different lengths
They have the same number of pins.
I'm not sure, but there might be a difference.
I'm not sure.
The difference cannot be determined.
It is impossible to tell the difference.
I can't tell the difference.
There's no way to tell.
There isn't enough information.
It would be wrong to say there is no difference.
I can't say there is no difference.
I cannot say that they are the same.
They are neither the same nor identical.
Is there a difference between the two pictures?
The user asks whether there is a difference.
We need to determine if they are the same.
no,there is a difference
yes,no
Differences between the images:
No pin is different.
Not at all.
Yes: they're identical
not no
True
False
There is no difference in the pins and the housing.
No, they are not the same.
The pictures are the same?
Different connectors
Identical pictures.
two identical pictures
The two pictures are identical in terms of the connector's shape and pin count.
No difference in pin 3.
No differences were observed in the pins.
They show different connectors.
They show the same connector from different angles.
I am not certain that they are identical.
It is not clear whether the two differ.
It's unclear.
The pictures would be identical if the pin were there.
There should be a difference.
It can't be said that they differ.
Yes - identical.
yes no
No yes
yes?
No?
Yes, no, maybe
Not yes
not no, but yes
The statement that there is no difference is false.
It is false that they are the same.
It is wrong that there is a difference.
I deny that there is a difference.
I doubt that there is a difference.
I doubt they are the same.
Different images
The images are different from what I expected, but identical to each other.
There is a difference of opinion.
Without the missing pin they would be identical.
The colors match.
Same difference.
The same pin.
Yes, it's identical.
No. It is different.
The pin hasn't changed.
Good
Both are good.
They are hardly identical.
They could not be more different.
can you see the difference
See the difference in the left pin.
Spot the difference.
Find the difference.
Few would see a difference.
At first glance they look the same.
"""

JAPANESE_DIFFERENT = """
左のピンが曲がっています。
不合格（ラッチのへこみ）
2枚は同じですが、左のピンがありません。
違いが見られます
同じではない
同じではありません。
異なります
はい
はい、違いがあります。
違いは、左のピンがないことです。
左のピン以外は同じです。
違いがないわけではありません
違いは一つだけあります。
2枚の写真は異なっています。
違いはあります。
上下の写真は異なります。
はい、左のピンがありません。
違いがあると思います。
色が違います。
違いはありますか?はい。
ハウジングは同じですが、ピンが違います。
見た目は同じですが、色が異なります。
同じに見えますが、左のピンが違います。
一致していません。
不一致です
差異が認められます
欠陥があります
答えは「はい」です。
違いが確認できます。
異なる点があります。
違いは左のピンです。
違いが一つあります
同じ画像ではありません
左のピン以外に違いはありません
それ以外は同じです。
はい。違いがあります。下の写真では左のピンがありません。
違います
違う
変化が見られます
違いは3個です
はい違いがあります
はいけいが違います
間違いなく違います。
違いは小さいですがあります。
はい、違います。
上の写真と下の写真では、左から3番目のピンの形が異なります。
違いが見つかりました。
違いが見つかりました:左のピンが曲がっています。
違いはピンの色だけです。
違いはピンの色だけで、他は同じです。
ピンの色以外に違いはありません。
ピンの色を除いて同じです。
違いがあるようです。
同じではないと思います。
違うと思います。
大きな違いはありませんが、小さな違いがあります。
些細な違いがあります。
異常が認められます。
左のピンに異常があります。
左右の写真は一致しません。
ハイ
違いはある
違いあり
差異あり
相違あり
変化あり
同一ではありません
同じようですが違います
違いがないわけではない
2つの画像は同じ部品ですが、ピンの曲がりに違いがあります。
2枚の写真は似ていますが、違いがあります。
わずかな違いがあります。
上の写真にはピンがありますが、下の写真にはありません。
"""

JAPANESE_SAME = """
合格
良品どうしのばらつきの範囲で、違いは見られません。
特に違いはありません
同一です
違いはない
いいえ。
いいえ、違いはありません。
2枚の写真は同じです。
違いなし
相違点は見当たりません
両者は同一です。
2枚の画像に違いは見られません。
上下の写真は異なりません。
いいえ、同じです。
違いがないと思います
違いはないようです
どこも違いません。
何も変わっていません。
一致しています。
完全に一致しています
相違ありません
相違なし。
差はありません
欠陥はありません。
異常なし
回答：いいえ
「いいえ」
違いは確認できません。
異なる点はありません。
画像には違いがなく、同じものです。
全く同じ画像です。
いいえ。2枚の写真に違いはありません。
同じ
変わりません
変化はありません
違いが一つもありません
違いは0個です
いいえ違いはありません
違いは特にないと思われます
ピンの数は同じで、違いはありません。
間違いなく同じです。
違いは、特にありません。
いいえ、違いません。
2枚の写真を比較した結果、違いは見つかりませんでした。
比較したところ、違いはありませんでした。
上の写真と下の写真に違いはありません。
どちらの写真も同じです。
両方とも同じに見えます。
両方の写真は全く同じように見えます。
違い:なし
違いがあるようには見えません。
違いはないように見えます。
違いがあるとは思えません。
違いがあるとは思いません。
同じだと思います。
違わないと思います。
大きな違いはありません。
目立つ違いは見当たりません。
いいえ、目立つ違いは見当たりません。
欠陥は見当たりません。
異常は認められません。
いいえ
イイエ
違いは無い
違い無し
差異なし
変化なし
異ならない
違いが全くない
違いがまったく見られない。
違いが見られない
違いを確認できませんでした。
違いを見つけることはできませんでした。
違いは見えますか？いいえ。
"""

JAPANESE_UNREADABLE = """
いいえ、違います。
違いがあるかもしれません
わかりません
間違いありません
違いがないとは言えません
ピンの色に違いはありません。
異なる角度から撮影されています。
違いはほとんどありません
ほぼ同じです
他に違いはありません。
はい、同じです。
同じ部品です。
同じ位置にピンがあります。
違いがあるとは言えません
色は違いません。
色が同じです
違いはありますか。
差し込み口があります。
違いを探します。
違いがあれば教えます
はいといいえ
違いがわかりません。
判断できません。
違いない
同じに違いない
はい。しかし違いはありません。
同じとは言えません
違いがあるかどうかは判断できません。
はい、異常はありません。
左のピンに異常はありません。
同一とは言えません
違うようで同じです
違いがなくはない
違わなくはない
2枚の写真の違いは何ですか。
2枚の写真は似ています。
違いはほぼありません。
いいえ。左のピンが曲がっています。
"""


_TABLES: list[tuple[str, Language, Verdict | None]] = [
    (ENGLISH_DIFFERENT, "en", "different"),
    (ENGLISH_SAME, "en", "same"),
    (ENGLISH_UNREADABLE, "en", None),
    (JAPANESE_DIFFERENT, "ja", "different"),
    (JAPANESE_SAME, "ja", "same"),
    (JAPANESE_UNREADABLE, "ja", None),
]
TABLE = [
    (text, language, verdict) for table, language, verdict in _TABLES for text in table.strip().splitlines()
]


@pytest.mark.parametrize(("text", "language", "verdict"), TABLE)
def test_a_verdict_is_read_or_left_open(text: str, language: Language, verdict: Verdict | None) -> None:
    reading = read("verdict", text, language)
    assert reading.verdict == verdict
    assert bool(reading.reason) == (verdict is None)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("<think>They differ, yes.</think>No", "same"),
        ("The pins differ.</think>\n\nNo.", "same"),
        ("<think>Yes, they diff", None),
        ('{"answer": "yes"}', "different"),
        ('```json\n{"answer": "no", "explanation": "both look the same"}\n```', "same"),
        ('{"answer": "yes", "explanation": "both look identical, they are the same"}', None),
        ('{"different": false}', "same"),
        ('{"same": true}', "same"),
        ('{"same": "no"}', "different"),
        ('Here you are: {"verdict": "different"}', "different"),
        ("\\boxed{No}", "same"),
        ("<answer>Yes</answer>", "different"),
        ("No<|end|>", "same"),
        ("# Answer\n\n**Yes**", "different"),
        ("- Yes", "different"),
        ("1. Yes", "different"),
        ("Yes\nNo", None),
        ("Upper: Yes\nLower: No", None),
        ("", None),
        ("...", None),
        ("[" * 50_000, None),
    ],
)
def test_wrappings_of_an_answer_are_taken_off(text: str, verdict: Verdict | None) -> None:
    assert read("verdict", text, "en").verdict == verdict


@pytest.mark.parametrize(
    ("text", "yes", "no", "verdict"),
    [
        ("Same", ("Different",), ("Same",), "same"),
        ("Different.", ("Different",), ("Same",), "different"),
        ("NG", ("NG",), ("OK",), "different"),
        ("OK.", ("NG",), ("OK",), "same"),
        ("Not OK", ("NG",), ("OK",), None),
        ("Yes", ("Different",), ("Same",), None),
        ("Different connectors", ("Different",), ("Same",), None),
        ("Not good", ("Not good",), ("Good",), "different"),
        ("なし。", ("あり",), ("なし",), "same"),
        # The prompt asks whether they are identical: yes means same.
        ("Yes", ("No",), ("Yes",), "same"),
        ("No, they differ.", ("No",), ("Yes",), "different"),
        ("Yes, they are identical.", ("No",), ("Yes",), "same"),
        ("Yes, they differ.", ("No",), ("Yes",), None),
        ("No difference.", ("No",), ("Yes",), "same"),
    ],
)
def test_the_words_of_the_prompt_decide_what_an_answer_means(
    text: str, yes: tuple[str, ...], no: tuple[str, ...], verdict: Verdict | None
) -> None:
    assert read("verdict", text, "en", yes=yes, no=no).verdict == verdict


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Maybe.", "doubt"),
        ("Yes. They are identical.", "both"),
        ("A connector.", "neither"),
        ("They are identical, but one pin is short.", "but"),
        ("No. The left pin is missing.", "defect"),
    ],
)
def test_the_reason_says_why_nothing_was_read(text: str, reason: str) -> None:
    assert reason in read("verdict", text, "en").reason
