"""Things that can differ, and the parts they are found on, as this corpus names them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference in words.

    Attributes:
        thing: As a noun phrase: "a bent pin".
        happening: As a sentence without capital and full stop: "the third pin is bent".
        good: What the other picture shows instead, as a sentence without capital and full stop.
        part: The part it is found on, without article.
        word: A word that each wording of it holds.
    """

    thing: str
    happening: str
    good: str
    part: str
    word: str


ENGLISH = (
    Fault(
        "a bent pin in the top row",
        "the third pin in the top row is bent",
        "all pins are straight",
        "connector",
        "pin",
    ),
    Fault(
        "a scratch next to the logo",
        "a scratch runs next to the logo",
        "the area by the logo is clean",
        "cover",
        "logo",
    ),
    Fault(
        "a missing screw in the lower right corner",
        "the screw in the lower right corner is missing",
        "the screw sits in the lower right corner",
        "plate",
        "screw",
    ),
    Fault(
        "a dark smudge on the label",
        "the label carries a dark smudge",
        "the label is clean",
        "bottle",
        "label",
    ),
    Fault("a crack along the rim", "a crack runs along the rim", "the rim is whole", "cap", "rim"),
    Fault("a snapped latch", "the latch has snapped off", "the latch is in place", "housing", "latch"),
    Fault("a dent in the lid", "the lid is dented near the hinge", "the lid is flat", "tin", "lid"),
    Fault(
        "a solder bridge between pads 4 and 5",
        "solder connects pads 4 and 5",
        "the pads are separate",
        "board",
        "pads",
    ),
    Fault(
        "a chipped tooth on the gear",
        "one tooth of the gear is chipped",
        "all teeth are whole",
        "gear",
        "gear",
    ),
    Fault(
        "a loose red wire",
        "the red wire has slipped out of its terminal",
        "the red wire is plugged in",
        "terminal block",
        "wire",
    ),
    Fault(
        "a capacitor turned by 180 degrees",
        "the capacitor has been mounted the wrong way round",
        "the capacitor points to the left",
        "board",
        "capacitor",
    ),
    Fault(
        "an additional hole at the bottom",
        "there is an additional hole at the bottom",
        "there are two holes",
        "bracket",
        "hole",
    ),
    Fault(
        "a blue cap instead of a red one", "the cap is blue instead of red", "the cap is red", "vial", "cap"
    ),
    Fault("a torn seal", "the seal is torn at one end", "the seal is closed all round", "jar", "seal"),
    Fault(
        "specks of dust on the lens",
        "the lens is contaminated with specks",
        "the lens is clear",
        "camera",
        "lens",
    ),
    Fault(
        "the absence of the mug", "the mug on the shelf is gone", "a mug stands on the shelf", "shelf", "mug"
    ),
    Fault(
        "a misprinted lot number",
        "the lot number ends in 7 rather than 1",
        "the lot number ends in 1",
        "box",
        "lot number",
    ),
    Fault(
        "a cut in the cable sheath",
        "the sheath of the cable has been cut open",
        "the sheath is closed",
        "cable",
        "sheath",
    ),
    Fault(
        "a larger gap at the door",
        "the gap at the door is noticeably wider",
        "the gap is even",
        "cabinet",
        "gap",
    ),
    Fault("a second nut on the bolt", "the bolt holds two nuts", "the bolt holds one nut", "bolt", "bolt"),
)

JAPANESE = (
    Fault(
        "上段のピンの曲がり",
        "上段の3番目のピンが曲がっています",
        "ピンはすべてまっすぐです",
        "コネクタ",
        "ピン",
    ),
    Fault("ロゴ横の傷", "ロゴの横に傷があります", "ロゴの横はきれいです", "カバー", "ロゴ"),
    Fault("右下のねじの欠品", "右下のねじがありません", "右下にねじがあります", "プレート", "ねじ"),
    Fault("ラベルの黒い汚れ", "ラベルに黒い汚れが付いています", "ラベルはきれいです", "ボトル", "ラベル"),
    Fault("縁のひび割れ", "縁にひびが入っています", "縁は無傷です", "キャップ", "縁"),
    Fault("ラッチの破損", "ラッチが折れています", "ラッチは正常です", "ハウジング", "ラッチ"),
    Fault("ふたのへこみ", "ふたがへこんでいます", "ふたは平らです", "缶", "ふた"),
    Fault(
        "4番と5番のパッド間のはんだブリッジ",
        "4番と5番のパッドがはんだでつながっています",
        "パッドは離れています",
        "基板",
        "パッド",
    ),
    Fault("歯車の歯の欠け", "歯車の歯が1つ欠けています", "歯車の歯はそろっています", "歯車", "歯車"),
    Fault(
        "赤い配線の抜け",
        "赤い配線が端子から抜けています",
        "赤い配線は端子に差し込まれています",
        "端子台",
        "配線",
    ),
    Fault(
        "コンデンサの逆付け",
        "コンデンサの向きが逆になっています",
        "コンデンサは左向きです",
        "基板",
        "コンデンサ",
    ),
    Fault("下側の余分な穴", "下側に穴が1つ増えています", "穴は2つです", "金具", "穴"),
    Fault(
        "キャップの色の変化",
        "キャップの色が赤から青に変わっています",
        "キャップは赤色です",
        "容器",
        "キャップ",
    ),
    Fault("シールの破れ", "シールの端が破れています", "シールは閉じています", "瓶", "シール"),
    Fault("レンズへの異物付着", "レンズに異物が付着しています", "レンズはきれいです", "カメラ", "レンズ"),
    Fault(
        "マグカップの消失",
        "棚の上のマグカップがなくなっています",
        "棚の上にマグカップがあります",
        "棚",
        "マグカップ",
    ),
    Fault(
        "ロット番号の誤り",
        "ロット番号の末尾が1ではなく7になっています",
        "ロット番号の末尾は1です",
        "箱",
        "ロット番号",
    ),
    Fault("ケーブルの被覆の切れ目", "ケーブルの被覆が切れています", "被覆は正常です", "ケーブル", "被覆"),
)


def capital(sentence: str) -> str:
    """The sentence with a capital letter."""
    return sentence[:1].upper() + sentence[1:]
