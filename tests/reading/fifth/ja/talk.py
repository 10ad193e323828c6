"""What one Japanese answer draws: its subject, the names of the pictures and its style."""

import random

from tests.reading.fifth.ja.things import TABLE, THINGS, TOUCHED, Fault

Made = tuple[str, str]  # expected, text
PAIRS = (
    ("1枚目", "2枚目"),
    ("1枚目の写真", "2枚目の写真"),
    ("上の写真", "下の写真"),
    ("左の写真", "右の写真"),
    ("良品", "検査対象"),
    ("基準品", "検査対象"),
    ("画像1", "画像2"),
    ("最初の写真", "最後の写真"),
)
GOODS = ("良品", "基準品")
EXCLUDED = (
    ("明るさ", "明るさが少し違い", "明るさが少し違う"),
    ("照明", "照明の当たり方が違い", "照明の当たり方が違う"),
    ("ノイズ", "ノイズの量が違い", "ノイズの量が違う"),
    ("わずかな位置ずれ", "位置がわずかにずれてい", "位置がわずかにずれている"),
    ("露出", "露出がやや違い", "露出がやや違う"),
    ("影の濃さ", "影の濃さが異なり", "影の濃さが異なる"),
)


class Talk:
    """One answer's surroundings: chance, subject, names of the pictures, and polite or plain style."""

    def __init__(self, rng: random.Random) -> None:
        """Draw the surroundings."""
        self.rng = rng
        self.thing = rng.choice(THINGS)
        pairs = [pair for pair in PAIRS if pair[0] not in GOODS or self.thing is not TABLE]
        self.first, self.second = rng.choice(pairs)
        self.polite = rng.random() < 0.7
        self.colon = rng.choice((":", "：", ": "))
        pictures = self.first not in GOODS
        self.both = rng.choice(("2枚とも", "どちらも", "両方とも") if pictures else ("どちらも", "両者とも"))

    def say(self, polite: str, plain: str) -> str:
        """The wording that suits the style."""
        return polite if self.polite else plain

    def iru(self, te: str) -> str:
        """Finish a '-te' clause as a state."""
        return te + self.say("います", "いる")

    def pick(self, *options: str) -> str:
        """One of some wordings."""
        return self.rng.choice(options)

    def fault(self, lasting: bool = False, optical: bool = False) -> tuple[str, str]:
        """Noun and '-te' clause of one fault of the subject."""
        fits = [f for f in self.thing.faults if (f.lasting or not lasting) and (f.optical or not optical)]
        return self.placed(self.rng.choice(fits))

    def placed(self, fault: Fault) -> tuple[str, str]:
        """Noun and '-te' clause of a fault, at some place."""
        return fault.noun, fault.te.format(w=self.rng.choice(self.thing.places))

    def faults(self, number: int) -> list[tuple[str, str]]:
        """Several faults of the subject, no two of them alike or at one place."""
        places = self.rng.sample(self.thing.places, number)
        faults = self.rng.sample(self.thing.faults, number)
        return [(fault.noun, fault.te.format(w=place)) for fault, place in zip(faults, places, strict=True)]

    def features(self, number: int, but: str = "") -> list[str]:
        """Several features of the subject, none of them changed by the fault given."""
        return self.rng.sample([f for f in self.thing.features if f not in TOUCHED.get(but, ())], number)

    def same_end(self) -> str:
        """A closing sentence: they are alike."""
        return self.say(
            self.pick(
                "違いはありません。",
                "したがって、答えは「いいえ」です。",
                "よって、いいえ。",
                "差はないと判断します。",
                "両者は同じです。",
                "以上より、違いなしと判定します。",
                "変わったところはないと言えます。",
                "結論は「いいえ」です。",
            ),
            self.pick(
                "違いはない。",
                "したがって答えは「いいえ」である。",
                "よって差異なし。",
                "両者は同一と判断する。",
                "変化はないと言える。",
                "以上より、相違なしとする。",
            ),
        )

    def different_end(self) -> str:
        """A closing sentence: they differ."""
        return self.say(
            self.pick(
                "違いがあります。",
                "したがって、答えは「はい」です。",
                "よって、はい。",
                "この点が異なります。",
                "両者は同じではありません。",
                "以上より、違いありと判定します。",
                "結論は「はい」です。",
            ),
            self.pick(
                "違いがある。",
                "したがって答えは「はい」である。",
                "よって差異あり。",
                "両者は同一ではないと判断する。",
                "この点で両者は異なる。",
                "以上より、相違ありとする。",
            ),
        )

    def opening(self) -> str:
        """A sentence that decides nothing, or none."""
        name, first, second = self.thing.name, self.first, self.second
        return self.say(
            self.pick(
                "",
                "",
                f"{first}と{second}を比べました。",
                f"{name}の写真を順に確認しました。",
                f"写っているのは{name}です。",
                f"{first}と{second}の{name}を確認します。",
                "ご提示の写真を拝見しました。",
            ),
            self.pick(
                "",
                "",
                f"{first}と{second}を比較した。",
                f"{name}の外観を確認した。",
                f"対象は{name}である。",
            ),
        )


FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def wide(rng: random.Random, text: str) -> str:
    """Sometimes with full-width digits, as many writers have them."""
    return text.translate(FULL) if rng.random() < 0.1 else text


def drawn_truth(rng: random.Random) -> str:
    """What a verdict is to say."""
    return rng.choices(("same", "different", "?"), (42, 42, 16))[0]
