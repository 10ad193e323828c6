"""Japanese answers of known meaning, from frames with slots that are filled at random."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Row = tuple[str, str, str, str, str]
Made = tuple[str, str]  # expected, text

LARGE = 4000  # distinct texts of a large heading
SMALL = 250  # distinct texts of a heading of short answers


@dataclass(frozen=True)
class Fault:
    """A fault: its noun, its clause up to '-te' with a slot for the place, and what may be said of it."""

    noun: str
    te: str
    lasting: bool = True  # can be there in both pictures: false for what is gone or new
    optical: bool = True  # can be mistaken for a shadow or a reflection


@dataclass(frozen=True)
class Thing:
    """A subject: its name, a scene with it, its features, sound states up to '-te', places and faults."""

    name: str
    scene: tuple[str, ...]
    features: tuple[str, ...]
    sound: tuple[str, ...]
    places: tuple[str, ...]
    faults: tuple[Fault, ...]


CORNERS = ("右上", "左上", "中央", "右下", "左下")
THINGS = (
    Thing(
        "コネクタ",
        ("2列のピンを備えた白いコネクタ", "黒いハウジングのコネクタ", "金色のピンが並ぶコネクタ"),
        ("ピンの本数", "ピンの並び", "ハウジングの形", "ピンの長さ", "端子の色"),
        ("ピンはすべてまっすぐに立って", "ピンは等間隔に並んで", "ハウジングは基板に密着して"),
        ("左端", "右端", "左から2番目", "右から3番目", "中央"),
        (
            Fault("ピンの曲がり", "{w}のピンが曲がって"),
            Fault("ピンの欠け", "{w}のピンが欠けて"),
            Fault("異物の付着", "{w}のピンに異物が付着して"),
            Fault("ピンの変色", "{w}のピンが変色して"),
            Fault("はんだブリッジ", "{w}のピンが隣のピンとはんだでつながって"),
            Fault("ピンの抜け", "{w}のピンが抜けて", optical=False),
        ),
    ),
    Thing(
        "基板",
        ("緑色の基板", "中央に黒いICが載った基板", "小さな部品が並んだ基板"),
        ("部品の数", "ICの向き", "配線の形", "部品の配置", "はんだの量"),
        ("部品はすべて所定の位置に載って", "はんだはきれいに盛られて", "ICは正しい向きに載って"),
        CORNERS,
        (
            Fault("抵抗の脱落", "{w}の抵抗が取れて", optical=False),
            Fault("コンデンサの傾き", "{w}のコンデンサが傾いて"),
            Fault("はんだボール", "{w}にはんだボールが付いて"),
            Fault("端子の浮き", "{w}の端子が浮いて"),
            Fault("パターンの断線", "{w}のパターンが切れて"),
            Fault("焦げ", "{w}が黒く焦げて"),
        ),
    ),
    Thing(
        "ボトル",
        ("透明なボトル", "青いキャップの付いたボトル", "ラベルの貼られたボトル"),
        ("キャップの色", "液面の高さ", "ラベルの位置", "胴の形", "中身の色"),
        ("キャップはしっかり閉まって", "ラベルはまっすぐ貼られて", "液面は肩の高さまで来て"),
        ("口の近く", "底の近く", "側面", "肩の部分", "胴の中央"),
        (
            Fault("ひび", "{w}にひびが入って"),
            Fault("へこみ", "{w}がへこんで"),
            Fault("傷", "{w}に傷が付いて"),
            Fault("汚れ", "{w}が汚れて"),
            Fault("欠け", "{w}が欠けて"),
        ),
    ),
    Thing(
        "クッキー",
        ("丸いクッキー", "チョコチップ入りのクッキー", "こんがり焼けたクッキー"),
        ("大きさ", "焼き色", "縁の形", "表面の模様", "厚み"),
        ("縁はきれいな円を描いて", "表面は均一に焼けて", "形は整って"),
        CORNERS,
        (
            Fault("欠け", "{w}が欠けて"),
            Fault("焦げ", "{w}が焦げて"),
            Fault("ひび", "{w}にひびが入って"),
            Fault("異物", "{w}に異物が付いて"),
            Fault("穴", "{w}に穴が開いて"),
        ),
    ),
    Thing(
        "カプセル",
        ("赤と白のカプセル", "印字のあるカプセル", "透明なカプセル"),
        ("色", "長さ", "印字の内容", "継ぎ目の位置", "表面のつや"),
        ("表面は滑らかに仕上がって", "継ぎ目はぴったり合って", "印字ははっきり読めて"),
        ("左側", "右側", "中央", "継ぎ目の近く", "先端"),
        (
            Fault("へこみ", "{w}がへこんで"),
            Fault("割れ", "{w}が割れて"),
            Fault("黒点", "{w}に黒い点が付いて"),
            Fault("傷", "{w}に傷が付いて"),
            Fault("変色", "{w}が変色して"),
        ),
    ),
    Thing(
        "ねじ",
        ("十字穴のねじ", "銀色のねじ", "板の上に置かれたねじ"),
        ("頭部の形", "ねじ山の数", "軸の長さ", "表面の色", "先端の形状"),
        ("ねじ山は均一に切られて", "頭部はきれいに仕上がって", "軸はまっすぐ伸びて"),
        ("頭部", "先端", "軸の中ほど", "首の部分", "先端寄り"),
        (
            Fault("錆", "{w}が錆びて"),
            Fault("欠け", "{w}が欠けて"),
            Fault("傷", "{w}に傷が付いて"),
            Fault("つぶれ", "{w}がつぶれて"),
            Fault("変色", "{w}が変色して"),
        ),
    ),
    Thing(
        "布",
        ("格子柄の布", "白い布", "目の細かい布"),
        ("織り目", "柄", "地の色", "糸の太さ", "縁の処理"),
        ("織り目は均一にそろって", "縁はきちんと縫われて", "柄はまっすぐ通って"),
        CORNERS,
        (
            Fault("穴", "{w}に穴が開いて"),
            Fault("ほつれ", "{w}がほつれて"),
            Fault("しみ", "{w}にしみが付いて"),
            Fault("異なる色の糸の混入", "{w}に赤い糸が混じって"),
            Fault("裂け", "{w}が裂けて"),
        ),
    ),
    Thing(
        "ファスナー",
        ("金属製のファスナー", "黒いテープのファスナー", "閉じたファスナー"),
        ("歯の数", "テープの色", "スライダーの位置", "歯の並び", "引手の形"),
        ("歯は端から端まで噛み合って", "スライダーは上端に収まって", "歯は等間隔に並んで"),
        ("上端", "下端", "中ほど", "上寄り", "下寄り"),
        (
            Fault("歯の欠け", "{w}の歯が欠けて"),
            Fault("歯の曲がり", "{w}の歯が曲がって"),
            Fault("噛み合わせの外れ", "{w}の噛み合わせが外れて"),
            Fault("テープのほつれ", "{w}のテープがほつれて"),
            Fault("汚れ", "{w}に汚れが付いて"),
        ),
    ),
    Thing(
        "ラベル",
        ("バーコード入りのラベル", "白地に黒い文字のラベル", "四角いラベル"),
        ("文字の内容", "ロゴの色", "貼り付け位置", "文字の大きさ", "枠線の太さ"),
        ("文字はすべて鮮明に印刷されて", "ラベルはまっすぐ貼られて", "四隅は密着して"),
        CORNERS,
        (
            Fault("めくれ", "{w}がめくれて"),
            Fault("気泡", "{w}に気泡が入って"),
            Fault("印字のかすれ", "{w}の印字がかすれて"),
            Fault("破れ", "{w}が破れて"),
            Fault("文字の消失", "{w}の文字が消えて", lasting=False),
        ),
    ),
    Thing(
        "鋳物",
        ("穴の開いた鋳物", "灰色の鋳物", "四角い鋳物"),
        ("穴の数", "外形", "表面の粗さ", "肉厚", "刻印の内容"),
        ("縁は滑らかに仕上がって", "穴はすべて貫通して", "鋳肌は均一に整って"),
        CORNERS,
        (
            Fault("巣穴", "{w}に巣穴が開いて"),
            Fault("ばり", "{w}にばりが残って"),
            Fault("欠け", "{w}が欠けて"),
            Fault("亀裂", "{w}に亀裂が入って"),
            Fault("穴のふさがり", "{w}の穴がふさがって"),
        ),
    ),
    Thing(
        "画面",
        ("表の並んだ画面", "メニューとボタンのある画面", "文字の並んだ画面"),
        ("ボタンの配置", "文字の内容", "背景の色", "アイコンの数", "表の行数"),
        ("文字は正しく表示されて", "ボタンは下に並んで", "メニューは左に表示されて"),
        CORNERS,
        (
            Fault("線状の表示不良", "{w}に線が入って"),
            Fault("ボタンの消失", "{w}のボタンが消えて", lasting=False, optical=False),
            Fault("文字化け", "{w}の文字が化けて", optical=False),
            Fault("ドット抜け", "{w}のドットが抜けて"),
            Fault("アイコンの欠け", "{w}のアイコンが欠けて"),
        ),
    ),
    Thing(
        "机の上の品物",
        ("マグカップと鍵とペン", "硬貨と鍵とマグカップ", "机に置かれた日用品"),
        ("品物の数", "マグカップの向き", "鍵の位置", "ペンの色", "硬貨の枚数"),
        ("マグカップは奥に置かれて", "鍵はペンの横に並んで", "硬貨は手前に並んで"),
        ("手前", "奥", "左側", "右側", "中央"),
        (
            Fault("鍵の欠品", "{w}の鍵がなくなって", lasting=False, optical=False),
            Fault("硬貨の追加", "{w}に硬貨が1枚増えて", lasting=False, optical=False),
            Fault("マグカップの割れ", "{w}のマグカップが割れて"),
            Fault("ペンの折れ", "{w}のペンが折れて"),
            Fault("クリップの追加", "{w}にクリップが加わって", lasting=False, optical=False),
        ),
    ),
)

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
TABLE = THINGS[-1]  # no product: nothing on it is called a good part
TOUCHED: dict[str, tuple[str, ...]] = {  # by the noun of a fault, the features that it changes
    "ピンの曲がり": ("ピンの並び",),
    "ピンの欠け": ("ピンの本数", "ピンの長さ"),
    "ピンの変色": ("端子の色",),
    "ピンの抜け": ("ピンの本数", "ピンの並び"),
    "抵抗の脱落": ("部品の数", "部品の配置"),
    "コンデンサの傾き": ("部品の配置",),
    "はんだボール": ("はんだの量",),
    "はんだブリッジ": ("ピンの並び",),
    "パターンの断線": ("配線の形",),
    "焦げ": ("焼き色",),
    "ひび": ("表面の模様", "胴の形"),
    "へこみ": ("胴の形", "表面のつや"),
    "傷": ("表面のつや",),
    "欠け": ("胴の形", "大きさ", "縁の形", "頭部の形", "先端の形状", "外形"),
    "穴": ("表面の模様", "織り目"),
    "割れ": ("表面のつや", "長さ"),
    "黒点": ("色",),
    "変色": ("色", "表面の色"),
    "錆": ("表面の色",),
    "つぶれ": ("頭部の形", "先端の形状"),
    "ほつれ": ("織り目", "縁の処理"),
    "しみ": ("地の色", "柄"),
    "異なる色の糸の混入": ("柄", "地の色"),
    "裂け": ("織り目", "縁の処理"),
    "歯の欠け": ("歯の数", "歯の並び"),
    "歯の曲がり": ("歯の並び",),
    "噛み合わせの外れ": ("歯の並び",),
    "汚れ": ("テープの色",),
    "めくれ": ("貼り付け位置",),
    "印字のかすれ": ("文字の内容",),
    "破れ": ("文字の内容", "枠線の太さ"),
    "文字の消失": ("文字の内容",),
    "巣穴": ("穴の数", "表面の粗さ"),
    "ばり": ("外形", "表面の粗さ"),
    "亀裂": ("外形",),
    "穴のふさがり": ("穴の数",),
    "線状の表示不良": ("背景の色",),
    "ボタンの消失": ("ボタンの配置",),
    "文字化け": ("文字の内容",),
    "アイコンの欠け": ("アイコンの数",),
    "鍵の欠品": ("品物の数", "鍵の位置"),
    "硬貨の追加": ("品物の数", "硬貨の枚数"),
    "クリップの追加": ("品物の数",),
    "マグカップの割れ": ("マグカップの向き",),
}
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


def _same_plain(t: Talk) -> str:
    """Features are alike."""
    a, b = t.features(2)
    return (
        t.opening()
        + t.pick(
            t.say(
                f"{t.first}と{t.second}は{a}も{b}も同じです。",
                f"{t.first}と{t.second}は{a}も{b}も同じである。",
            ),
            t.say(f"{a}、{b}ともに一致しています。", f"{a}、{b}ともに一致している。"),
            t.say(
                f"{t.first}と比べて、{t.second}の{a}や{b}に変化は見られません。",
                f"{t.first}と比べて、{t.second}の{a}や{b}に変化は見られない。",
            ),
        )
        + t.same_end()
    )


def _same_answer_first(t: Talk) -> str:
    """The asked word, then why."""
    a, b = t.features(2)
    t.polite = True
    return t.pick("いいえ、", "いいえ。", "**いいえ**\n\n", "いいえ。\n") + t.pick(
        f"{t.both}{a}は変わりません。",
        f"{t.first}と{t.second}の{t.thing.name}に違いはありません。{a}も{b}も同じです。",
        f"{a}と{b}を比べましたが、差は見つかりませんでした。",
        f"{t.second}の{t.thing.name}は{t.first}と同じ状態です。{t.iru(t.rng.choice(t.thing.sound))}。",
    )


def _same_list(t: Talk) -> str:
    """Likeness, feature by feature."""
    a, b, c = t.features(3)
    return t.say(
        t.pick(
            f"{a}は同じ、{b}も同じ、{c}も同じです。",
            f"{a}は一致、{b}も一致、{c}にも食い違いは一つもありません。",
            f"{a}、{b}、{c}のどれを取っても同じです。",
        ),
        t.pick(
            f"{a}は同じ、{b}も同じ、{c}も変わらない。",
            f"{a}、{b}、{c}のいずれにも食い違いは一つもない。",
        ),
    ) + t.pick("", t.same_end())


def _same_denied(t: Talk) -> str:
    """Faults denied."""
    (a, _), (b, _) = t.faults(2)
    c = t.features(1)[0]
    return (
        t.opening()
        + t.say(
            t.pick(
                f"{t.second}に{a}や{b}は見当たりません。",
                f"{a}も{b}も、{t.second}には見られません。",
                f"{a}や{b}といった異常は確認されず、{c}も{t.first}と同じです。",
                f"{t.second}に{a}があるわけではなく、{b}もありません。",
            ),
            t.pick(
                f"{t.second}に{a}や{b}は認められない。",
                f"{a}なし、{b}なし。{c}も{t.first}と変わらない。",
                f"{t.second}に{a}はなく、{b}もない。",
            ),
        )
        + t.same_end()
    )


def _same_shared(t: Talk) -> str:
    """A fault that both pictures show equally."""
    _, te = t.fault(lasting=True)
    return t.opening() + t.pick(
        t.say(
            f"{t.first}でも{t.second}でも{te}います。同じ状態なので、2枚の間に違いはありません。",
            f"{t.first}でも{t.second}でも{te}いる。両方に共通するので、差ではない。",
        ),
        t.say(
            f"{te}いますが、これは{t.first}にも{t.second}にも共通です。{t.same_end()}",
            f"{te}いるが、これは{t.first}にも{t.second}にも共通する。{t.same_end()}",
        ),
        t.say(
            f"{t.both}{te}います。程度も位置も同じです。{t.same_end()}",
            f"{t.both}{te}いる。程度も位置も同じである。{t.same_end()}",
        ),
    )


def _same_excluded(t: Talk) -> str:
    """Only what does not count differs: light, noise, shift."""
    noun, stem, plain = t.rng.choice(EXCLUDED)
    name, c = t.thing.name, t.features(1)[0]
    own = name if name == "机の上の品物" else f"{name}そのもの"
    return t.opening() + t.pick(
        t.say(
            f"{stem}ますが、{own}に変化はありません。{t.same_end()}",
            f"{plain}が、{own}に変化はない。{t.same_end()}",
        ),
        t.say(f"違うのは{noun}だけで、{own}は同じです。", f"違うのは{noun}だけで、{own}は同じである。"),
        t.say(
            f"{noun}の差を除けば、{c}も含めてすべて同じです。",
            f"{noun}の差を除けば、{c}も含めてすべて同じである。",
        ),
        t.say(
            f"{stem}ますが、{noun}は数えません。{c}は一致しています。{t.same_end()}",
            f"{plain}が、{noun}は数えない。{c}は一致している。{t.same_end()}",
        ),
    )


def _same_taken_back(t: Talk) -> str:
    """A fault seen at first and taken back."""
    _, te = t.fault(optical=True)
    why = t.pick("影でした", "光の反射でした", "光の加減でした", "思い違いでした", "画像のノイズでした")
    start = t.pick("最初は", "一見すると", "はじめは", "一瞬、")
    seems = "ように見えますが、" if start == "一見すると" else "ように見えましたが、"
    t.polite = True
    return t.pick(
        f"{start}{t.second}では{te}いる{seems}よく見ると{why}。{t.same_end()}",
        f"{start}{te}いる{seems}拡大すると{why}。{t.first}と{t.second}は同じ状態です。",
        f"{t.second}では{te}いるのかと思いましたが、確認すると{why}。{t.same_end()}",
    )


def _same_described(t: Talk) -> str:
    """Both described, then the conclusion."""
    scene, sound = t.rng.choice(t.thing.scene), t.rng.choice(t.thing.sound)
    a = t.features(1)[0]
    if t.first in GOODS:
        shown = t.say(f"{t.first}は{scene}です。", f"{t.first}は{scene}である。")
    else:
        shown = t.say(f"{t.first}には{scene}が写っています。", f"{t.first}には{scene}が写っている。")
    return (
        shown
        + t.pick(
            t.say(f"{t.second}も同様で、{sound}います。", f"{t.second}も同様で、{sound}いる。"),
            t.say(f"{sound}います。{t.second}も同じです。", f"{sound}いる。{t.second}も同じである。"),
            t.say(f"{t.second}でも{a}は変わりません。", f"{t.second}でも{a}は変わらない。"),
        )
        + t.same_end()
    )


def _same_hedged(t: Talk) -> str:
    """A hedge that commits to sameness."""
    a, b = t.features(2)
    t.polite = True
    return t.opening() + t.pick(
        f"おそらく{a}も{b}も同じで、違いはないと思います。",
        f"断言はできませんが、{t.second}の{t.thing.name}は{t.first}と同じように見えます。",
        f"見える範囲では、{a}にも{b}にも差はなさそうです。",
        f"{a}も{b}も変わっていないようです。たぶん「いいえ」です。",
        f"{a}も含め、ほぼ確実に同じだと思われます。",
    )


def _same_marked(t: Talk) -> str:
    """Likeness in markdown or a report."""
    a, b, c = t.features(3)
    end = t.pick("**結論**" + t.colon + "いいえ、違いはありません。", "以上より、**いいえ**。", "違いなし。")
    (m, _), (n, _) = t.faults(2)
    return t.pick(
        f"## 比較結果\n\n- **{a}**{t.colon}同じ\n- **{b}**{t.colon}同じ\n- **{c}**{t.colon}同じ\n\n{end}",
        f"| 項目 | {t.first} | {t.second} |\n|---|---|---|\n"
        f"| {m} | なし | なし |\n| {n} | なし | なし |\n\n{end}",
        f"1. {a}は同じ\n2. {b}は同じ\n3. {c}は同じ\n\n{end}",
        f"【検査結果】\n・{m}{t.colon}なし\n・{n}{t.colon}なし\n【判定】{t.first}との違いなし",
        f"**回答**{t.colon}いいえ\n\n**理由**{t.colon}{a}と{b}が一致しているため。",
    )


def _same_steps(t: Talk) -> str:
    """Likeness thought through step by step."""
    sound = t.rng.choice(t.thing.sound)
    a = t.features(1)[0]
    (m, _), (n, _) = t.faults(2)
    return t.pick(
        f"ステップ1{t.colon}{t.first}を見ると、{t.iru(sound)}。\nステップ2{t.colon}{t.second}でも{t.iru(sound)}。\n"
        f"ステップ3{t.colon}{m}も{n}もない。\n結論{t.colon}いいえ",
        f"まず{t.first}を見る。{sound}いる。次に{t.second}を見る。こちらも同じで、{a}も変わらない。よって答えはいいえ。",
        f"<think>\n{t.first}と{t.second}で{a}を比べる。同じ。{m}もない。\n</think>\nいいえ",
    )


def _same_negated(t: Talk) -> str:
    """Differences denied in other words."""
    a, b = t.features(2)
    return t.opening() + t.pick(
        t.say(
            f"{a}が変わったということはなく、{b}もそのままです。{t.same_end()}",
            f"{a}が変わったということはなく、{b}もそのままである。{t.same_end()}",
        ),
        t.say(
            f"{t.first}と{t.second}で食い違う点を探しましたが、{a}にも{b}にも一つもありませんでした。",
            f"{t.first}と{t.second}で食い違う点を探したが、{a}にも{b}にも一つもなかった。",
        ),
        t.say(
            f"{t.second}の{t.thing.name}には、{t.first}と異なる箇所がどこにもありません。{a}も{b}も同じです。",
            f"{t.second}の{t.thing.name}には、{t.first}と異なる箇所がどこにもない。{a}も{b}も同じである。",
        ),
    )


def _same_report(t: Talk) -> str:
    """Both described under headings, alike."""
    scene, sound = t.rng.choice(t.thing.scene), t.iru(t.rng.choice(t.thing.sound))
    noun = t.fault()[0]
    end = t.pick("いいえ、違いはありません。", "両者に差はありません。", "**いいえ**", "違いなし")
    return (
        f"### {t.first}\n- {scene}\n- {sound}\n\n### {t.second}\n- {scene}\n- {sound}\n- {noun}なし\n\n"
        f"### {t.pick('結論', '判定', '回答')}\n{end}"
    )


def _different_report(t: Talk) -> str:
    """Both described under headings, the second with a fault."""
    scene, sound = t.rng.choice(t.thing.scene), t.iru(t.rng.choice(t.thing.sound))
    te = t.iru(t.fault()[1])
    end = t.pick("はい、違いがあります。", "両者に差があります。", "**はい**", "違いあり")
    return (
        f"### {t.first}\n- {scene}\n- {sound}\n\n### {t.second}\n- {scene}\n- {te}\n\n"
        f"### {t.pick('結論', '判定', '回答')}\n{end}"
    )


def _different_changed(t: Talk) -> str:
    """One difference, and features that stay alike."""
    noun, te = t.fault()
    a, b = t.features(2, noun)
    return t.pick(
        t.say(
            f"{t.first}と比べると、{t.second}の{t.thing.name}は{te}います。{a}と{b}に差はありません。",
            f"{t.first}と比べると、{t.second}の{t.thing.name}は{te}いる。{a}と{b}に差はない。",
        ),
        t.say(
            f"{a}にも{b}にも違いはありません。違うのは、{t.second}で{te}いる点です。",
            f"{a}にも{b}にも違いはない。違うのは、{t.second}で{te}いる点である。",
        ),
        t.say(
            f"違いは1点だけです。{t.second}では{te}います。{a}は変わりません。",
            f"違いは1点だけである。{t.second}では{te}いる。{a}は変わらない。",
        ),
    )


def _different_plain(t: Talk) -> str:
    """A fault of the second picture only."""
    _, te = t.fault()
    return t.opening() + t.pick(
        f"{t.second}では{t.iru(te)}。{t.different_end()}",
        f"{t.second}だけ{t.iru(te)}。",
        f"{t.iru(f'{t.first}と違い、{t.second}では{te}')}。",
        t.say(
            f"{t.first}には異常がありませんが、{t.second}では{te}います。",
            f"{t.first}に異常はないが、{t.second}では{te}いる。",
        ),
    )


def _different_answer_first(t: Talk) -> str:
    """The asked word, then the fault."""
    noun, te = t.fault()
    a = t.features(1, noun)[0]
    t.polite = True
    return t.pick("はい、", "はい。", "**はい**\n\n", "はい。\n") + t.pick(
        f"{t.second}では{te}います。",
        f"{t.second}だけ{te}います。{a}は同じです。",
        f"違いがあります。{t.second}では{te}います。",
        f"{t.first}にはない{noun}が{t.second}に見られます。",
    )


def _different_except(t: Talk) -> str:
    """All alike but for one thing."""
    noun, te = t.fault()
    a, b, c = t.features(3, noun)
    return t.pick(
        t.say(
            f"{t.second}で{te}いることを除いて、{t.first}と{t.second}は同一です。",
            f"{t.second}で{te}いることを除いて、{t.first}と{t.second}は同一である。",
        ),
        t.say(
            f"{a}は同じ、{b}も同じ、{c}も同じです。ただし{t.second}だけ{te}います。",
            f"{a}は同じ、{b}も同じ、{c}も同じ。ただし{t.second}だけ{te}いる。",
        ),
        t.say(
            f"{t.second}の{noun}以外はすべて一致しています。",
            f"{t.second}の{noun}以外はすべて一致している。",
        ),
        t.say(
            f"ほとんど同じですが、{t.second}では{te}います。{t.different_end()}",
            f"ほとんど同じだが、{t.second}では{te}いる。{t.different_end()}",
        ),
    )


def _different_denied(t: Talk) -> str:
    """Some faults denied, one affirmed; or sameness denied."""
    (a, _), (b, _), (_, te) = t.faults(3)
    return t.opening() + t.pick(
        t.say(
            f"{a}も{b}もありませんが、{t.second}だけ{te}います。",
            f"{a}も{b}もないが、{t.second}だけ{te}いる。",
        ),
        t.say(
            f"{t.second}に{a}はありません。しかし、{t.first}と違って{te}います。{t.different_end()}",
            f"{t.second}に{a}はない。しかし、{t.first}と違って{te}いる。{t.different_end()}",
        ),
        t.say(
            f"{t.first}と{t.second}が同じとは言えません。{t.second}では{te}います。",
            f"{t.first}と{t.second}が同じとは言えない。{t.second}では{te}いる。",
        ),
        t.say(
            f"違いがないわけではありません。{t.second}だけ{te}います。",
            f"違いがないわけではない。{t.second}だけ{te}いる。",
        ),
    )


def _different_excluded(t: Talk) -> str:
    """What does not count differs, and a fault besides."""
    noun, stem, plain = t.rng.choice(EXCLUDED)
    _, te = t.fault()
    return t.opening() + t.pick(
        t.say(
            f"{stem}ますが、それとは別に、{t.second}では{te}います。",
            f"{plain}が、それとは別に、{t.second}では{te}いる。",
        ),
        t.say(
            f"{noun}の差は無視します。それでも、{t.second}だけ{te}います。{t.different_end()}",
            f"{noun}の差は無視する。それでも、{t.second}だけ{te}いる。{t.different_end()}",
        ),
        t.say(
            f"{noun}のせいではなく、{t.second}では実際に{te}います。",
            f"{noun}のせいではなく、{t.second}では実際に{te}いる。",
        ),
    )


def _different_taken_back(t: Talk) -> str:
    """Sameness seen at first and taken back."""
    _, te = t.fault()
    t.polite = True
    return t.pick(
        f"最初は同じに見えましたが、よく見ると{t.second}では{te}います。{t.different_end()}",
        f"一見すると同じですが、拡大すると{t.second}だけ{te}います。",
        f"はじめは違いがないと思いましたが、{t.second}では{te}います。{t.different_end()}",
        f"「いいえ」と答えかけましたが、{t.second}で{te}いることに気づきました。答えは「はい」です。",
    )


def _different_described(t: Talk) -> str:
    """The first described, then the fault of the second."""
    scene, sound = t.rng.choice(t.thing.scene), t.rng.choice(t.thing.sound)
    _, te = t.fault()
    turn = t.pick("一方、", "しかし、", "これに対して、")
    if t.first in GOODS:
        shown = t.say(f"{t.first}は{scene}です。", f"{t.first}は{scene}である。")
    else:
        shown = t.say(f"{t.first}には{scene}が写っています。", f"{t.first}には{scene}が写っている。")
    return t.pick(shown, f"{t.first}では{t.iru(sound)}。") + (
        f"{turn}{t.second}では{t.iru(te)}。" + t.pick("", t.different_end())
    )


def _different_hedged(t: Talk) -> str:
    """A hedge that commits to a difference."""
    _, te = t.fault()
    t.polite = True
    return t.opening() + t.pick(
        f"おそらく{t.second}では{te}います。",
        f"断定はできませんが、{t.second}だけ{te}いるようです。",
        f"{t.second}では{te}いるように見えます。たぶん「はい」です。",
        f"やや不鮮明ですが、{t.second}では{te}いると思われます。したがって、違いがあります。",
    )


def _different_marked(t: Talk) -> str:
    """A difference in markdown or a report."""
    (m, te), (n, _) = t.faults(2)
    a, b, c = t.features(3, m)
    te = t.iru(te)
    end = t.pick("**結論**" + t.colon + "はい、違いがあります。", "以上より、**はい**。", "違いあり。")
    return t.pick(
        f"## 比較結果\n\n- **{a}**{t.colon}同じ\n"
        f"- **{b}**{t.colon}同じ\n- **{m}**{t.colon}{t.second}のみあり\n\n{end}",
        f"| 項目 | {t.first} | {t.second} |\n|---|---|---|\n"
        f"| {n} | なし | なし |\n| {m} | なし | あり |\n\n{end}",
        f"1. {a}は同じ\n2. {b}は同じ\n3. {t.second}だけ{te}\n\n{end}",
        f"【検査結果】\n・{n}{t.colon}なし\n・{m}{t.colon}あり\n【判定】{t.first}との違いあり",
        f"**回答**{t.colon}はい\n\n**理由**{t.colon}{t.second}だけ{te}。",
        f"**共通点**\n- {a}\n- {c}\n\n**相違点**\n- {t.second}では{te}",
    )


def _different_steps(t: Talk) -> str:
    """A difference found step by step."""
    sound = t.rng.choice(t.thing.sound)
    noun, te = t.fault()
    a = t.features(1, noun)[0]
    return t.pick(
        f"ステップ1{t.colon}{t.first}に異常はない。\nステップ2{t.colon}{t.second}では{te}いる。\n結論{t.colon}はい",
        f"まず{t.first}を見る。{sound}いる。次に{t.second}を見る。こちらは{te}いる。よって答えははい。",
        f"<think>\n{t.first}と{t.second}で{a}を比べる。同じ。ただ、{t.second}だけ{te}いる。\n</think>\nはい",
    )


def _open_unclear(t: Talk) -> str:
    """It cannot be told."""
    a = t.features(1)[0]
    (m, _), (n, _) = t.faults(2)
    _, seen = t.fault(optical=True)
    why = t.pick("画像が不鮮明な", "解像度が低い", "ピントが合っていない", "全体が暗すぎる", "反射が強すぎる")
    return t.opening() + t.pick(
        t.say(
            f"{why}ため、{a}が同じかどうか判断できません。",
            f"{why}ため、{a}が同じかどうか判断できない。",
        ),
        t.say(
            f"{why}ため、{m}や{n}の有無は確認できません。違いがあるかどうかは分かりません。",
            f"{why}ため、{m}や{n}の有無は確認できない。判定不能である。",
        ),
        t.say(
            f"{t.second}で{seen}いるのか、影がそう見えるだけなのか、どちらとも言えません。",
            f"{t.second}で{seen}いるのか、影がそう見えるだけなのか、どちらとも言えない。",
        ),
        t.say(
            f"{a}が同じかもしれませんし、違うかもしれません。判断を保留します。",
            f"{a}が同じかもしれないし、違うかもしれない。判断を保留する。",
        ),
    )


def _open_description(t: Talk) -> str:
    """A description of one picture, no comparison."""
    scene, sound = t.rng.choice(t.thing.scene), t.rng.choice(t.thing.sound)
    a, b = t.features(2)
    return t.pick(
        t.say(f"これは{scene}の写真です。", f"これは{scene}の写真である。"),
        t.say(f"この画像には{scene}が写っています。", f"この画像には{scene}が写っている。"),
    ) + t.pick(
        "",
        f"{t.iru(sound)}。",
        t.say(f"{a}と{b}がよく分かります。", f"{a}と{b}がよく分かる。"),
        t.say("背景は無地です。", "背景は無地である。"),
    )


def _open_conditional(t: Talk) -> str:
    """What would be, how to look, what is wanted."""
    (m, te), (n, _) = t.faults(2)
    a = t.features(1)[0]
    return t.pick(
        f"もし{t.second}で{te}いれば「はい」、そうでなければ「いいえ」になります。",
        f"{t.thing.name}を比べるときは、まず{a}を見て、次に{m}や{n}の有無を確認します。",
        f"{t.second}の{m}や{n}を調べるには、もっと鮮明な写真が必要です。",
        f"{t.first}と{t.second}の{a}を比較します。",
        f"{t.thing.name}の{a}を比べればよいのでしょうか。それとも{m}の有無でしょうか。",
    )


def _open_refused(t: Talk) -> str:
    """A refusal."""
    sorry = t.pick("申し訳ありませんが、", "申し訳ございませんが、", "すみませんが、", "")
    return t.pick(
        f"{sorry}{t.thing.name}の画像を確認できません。",
        f"{sorry}{t.second}が見えないため、比較できません。",
        f"{sorry}{t.thing.name}の違いについてはお答えできません。",
        f"{sorry}画像がないので、{t.features(1)[0]}を比べることはできません。",
    )


def _open_contradiction(t: Talk) -> str:
    """Both at once, unresolved."""
    a = t.features(1)[0]
    return t.pick(
        f"{t.first}と{t.second}は完全に同じです。{t.first}と{t.second}は異なります。",
        f"はい、{a}が違います。いいえ、{a}は同じです。",
        f"{a}は一致しており、かつ一致していません。",
    )


SAME = (
    _same_plain,
    _same_answer_first,
    _same_list,
    _same_denied,
    _same_shared,
    _same_excluded,
    _same_taken_back,
    _same_described,
    _same_hedged,
    _same_marked,
    _same_steps,
    _same_negated,
    _same_report,
)
DIFFERENT = (
    _different_plain,
    _different_answer_first,
    _different_except,
    _different_denied,
    _different_excluded,
    _different_taken_back,
    _different_described,
    _different_hedged,
    _different_marked,
    _different_steps,
    _different_report,
    _different_changed,
)
OPEN = (
    _open_unclear,
    _open_unclear,
    _open_description,
    _open_conditional,
    _open_refused,
    _open_contradiction,
)
FRAMES: dict[str, tuple[Callable[[Talk], str], ...]] = {"same": SAME, "different": DIFFERENT, "?": OPEN}
FULL = str.maketrans("0123456789", "０１２３４５６７８９")


def _wide(rng: random.Random, text: str) -> str:
    """Sometimes with full-width digits, as many writers have them."""
    return text.translate(FULL) if rng.random() < 0.1 else text


def _truth(rng: random.Random) -> str:
    """What a verdict is to say."""
    return rng.choices(("same", "different", "?"), (42, 42, 16))[0]


def verdict_prose(rng: random.Random) -> Made:
    """A verdict in sentences."""
    truth = _truth(rng)
    return truth, _wide(rng, rng.choice(FRAMES[truth])(Talk(rng)))


SHORT: dict[str, tuple[str, ...]] = {
    "same": (
        "いいえ",
        "違いなし",
        "同じ",
        "同じです",
        "違いはありません",
        "同一",
        "一致しています",
        "変わりません",
        "差異なし",
        "いいえ、同じです",
        "相違なし",
        "異なりません",
        "変化なし",
        "差はありません",
    ),
    "different": (
        "はい",
        "違いあり",
        "違う",
        "違います",
        "違いがあります",
        "異なる",
        "異なります",
        "一致しません",
        "差異あり",
        "はい、違います",
        "相違あり",
        "同じではありません",
        "変化あり",
        "差があります",
    ),
    "?": (
        "不明",
        "わかりません",
        "判断できません",
        "判定不能",
        "どちらとも言えません",
        "はい/いいえ",
        "比較できません",
        "保留",
        "見えません",
    ),
}


def verdict_short(rng: random.Random) -> Made:
    """A verdict in a word or a few."""
    truth = _truth(rng)
    word = rng.choice(SHORT[truth])
    lead = rng.choice(("", "", "", "答え：", "回答:", "判定: ", "結論："))
    before, after = rng.choice((("", ""), ("", "。"), ("「", "」"), ("**", "**"), ("", "！"), ("『", "』")))
    return truth, f"{lead}{before}{word}{after}"


ALIKE = ("同一", "一致", "差異なし", "is_same", "identical", "no_difference", "同じか")
UNLIKE = (
    "違い",
    "差異",
    "相違の有無",
    "違いの有無",
    "difference",
    "has_difference",
    "different",
    "不一致",
    "変化の有無",
)
FREE = ("回答", "答え", "answer", "最終回答", "結論", "final_answer")
WORDED = ("判定", "比較結果", "結果", "result", "verdict", "総合判定")


def _judged(t: Talk, truth: str) -> tuple[str, object]:
    """A key and the value that gives the verdict under it."""
    rng, differ, kind = t.rng, truth == "different", t.rng.randrange(4)
    if truth == "?":
        key = rng.choice(ALIKE + UNLIKE + FREE + WORDED)
        return key, rng.choice((None, "不明", "判定不能", "わからない", "確認できない"))
    if kind == 0:
        key = rng.choice(ALIKE)
        if key in ("差異なし", "no_difference"):
            return key, not differ
        return key, rng.choice((not differ, "いいえ" if differ else "はい"))
    if kind == 1:
        key = rng.choice(UNLIKE)
        if key in ("相違の有無", "違いの有無", "変化の有無", "差異", "違い"):
            return key, rng.choice(("あり" if differ else "なし", "有" if differ else "無"))
        return key, rng.choice((differ, "はい" if differ else "いいえ"))
    if kind == 2:
        return rng.choice(FREE), "はい" if differ else "いいえ"
    same = ("同じ", "同一", "一致", "違いなし", "相違なし", "same")
    unlike = ("異なる", "相違あり", "不一致", "違いあり", "同じではない", "different")
    return rng.choice(WORDED), rng.choice(unlike if differ else same)


def _beside(t: Talk, truth: str) -> list[tuple[str, object]]:
    """Further keys that agree with the verdict or do not touch it."""
    rng = t.rng
    noun, te = t.fault(lasting=True)
    a, b = t.features(2, noun)
    other = rng.choice([f.noun for f in t.thing.faults if f.noun != noun])
    why = rng.choice(("理由", "説明", "reason", "備考", "comment", "根拠"))
    pairs: list[tuple[str, object]] = []
    if rng.random() < 0.4:
        pairs.append((rng.choice(("対象", "部品", "object", "品名")), t.thing.name))
    if rng.random() < 0.7:
        if truth == "same":
            text = rng.choice(
                (
                    f"{a}と{b}が同じ",
                    f"{noun}も{other}もない",
                    f"{t.first}でも{t.second}でも{te}いるため差ではない",
                    f"違うのは{rng.choice(EXCLUDED)[0]}だけ",
                    f"{t.second}に変化は見られない",
                    f"{a}に食い違いはない",
                )
            )
        elif truth == "different":
            text = rng.choice(
                (
                    f"{t.second}では{te}いる",
                    f"{other}はないが、{t.second}だけ{te}いる",
                    f"{a}は同じだが、{t.second}では{te}いる",
                    f"{t.second}に{noun}がある",
                )
            )
        else:
            text = rng.choice(
                (
                    f"{t.thing.name}が不鮮明",
                    f"{t.second}が暗すぎる",
                    f"{a}を確認できない",
                    f"{b}を見分けられない",
                )
            )
        pairs.append((why, text))
    if rng.random() < 0.35:
        pairs.append((rng.choice(("確信度", "confidence", "信頼度")), round(rng.uniform(0.51, 0.99), 2)))
    if truth != "?" and rng.random() < 0.3:
        keys = ("相違点", "differences", "違いの一覧", "欠陥", "defects")  # a shared fault is still a fault
        key = rng.choice(keys[:3] if truth == "same" else keys)
        pairs.append((key, [] if truth == "same" else [noun]))
    if truth != "?" and rng.random() < 0.25:
        checks = {a: "同じ", b: "同じ"}
        if truth == "different":
            checks[noun] = f"{t.second}のみあり"
        pairs.append((rng.choice(("比較", "項目", "checks", "確認項目")), checks))
    return pairs


def _spelled(value: object) -> str:
    """A value as it stands in 'key: value' lines."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "不明"
    if isinstance(value, dict):
        return "、".join(f"{key}は{entry}" for key, entry in value.items())
    if isinstance(value, list):
        return "、".join(map(str, value)) or "なし"
    return str(value)


def verdict_data(rng: random.Random) -> Made:
    """A verdict as data."""
    truth, talk = _truth(rng), Talk(rng)
    pairs = _beside(talk, truth)
    pairs.insert(rng.choice((0, 0, 0, len(pairs))), _judged(talk, truth))
    shape = rng.randrange(8)
    table = dict(pairs)
    if shape < 2:
        text = json.dumps(table, ensure_ascii=False)
    elif shape == 2:
        text = json.dumps(table, ensure_ascii=False, separators=(",", ":"))
    elif shape == 3:
        text = json.dumps(table, ensure_ascii=False, indent=2)
    elif shape == 4:
        text = "```json\n" + json.dumps(table, ensure_ascii=False, indent=rng.choice((None, 2, 4))) + "\n```"
    elif shape == 5:
        text = str(table)
    elif shape == 6:
        text = "\n".join(f"{key}{talk.colon}{_spelled(value)}" for key, value in pairs)
    else:
        text = "\n".join(f"- **{key}**{talk.colon}{_spelled(value)}" for key, value in pairs)
    return truth, text


MARKS = ("・", "- ", "* ", "", "{n}. ", "{n}) ", "({n}) ", "{n}．", "【{n}】", "・ ", "{c} ", "{c}")
CIRCLED = "①②③④⑤⑥"


def _no_difference(t: Talk) -> str:
    """An answer to 'name the differences' that says that there are none."""
    a, b = t.features(2)
    (m, _), (n, _) = t.faults(2)
    end = t.say(
        t.pick("違いはありません。", "違いは見当たりません。", "変わった点はありません。"),
        t.pick("違いはない。", "相違点はない。", "違いは認められない。"),
    )
    excluded = t.rng.choice(EXCLUDED)[0]
    _, te = t.fault(lasting=True)
    if t.rng.random() < 0.2:
        return f"- {m}{t.colon}なし\n- {n}{t.colon}なし\n\n{end}"
    return t.opening() + t.pick(
        f"{a}も{b}も{t.say('同じです', '同じである')}。{end}",
        f"{t.first}と{t.second}に{end}",
        f"{m}も{n}も{t.say('ありません', 'ない')}。{end}",
        f"{excluded}のほかに{end}",
        f"{t.first}でも{t.second}でも{t.iru(te)}。共通の特徴なので、{end}",
        f"{t.second}の{a}は{t.first}と{t.say('変わりません', '変わらない')}。{end}",
    )


def differences_list(rng: random.Random) -> Made:
    """The differences, listed; or that there are none; or nothing that decides."""
    t = Talk(rng)
    number = rng.choices((-1, 0, 1, 2, 3, 4, 5), (10, 15, 25, 22, 16, 8, 4))[0]
    if number < 0:
        frames = (_open_refused, _open_description)
        return "?", _wide(rng, rng.choice(frames)(t))
    if number == 0:
        return "0", _wide(rng, _no_difference(t))
    found = t.faults(number)
    style = rng.randrange(6)
    if style == 0 and number <= 3:
        text = _in_sentences(t, found)
    else:
        mark = rng.choice(MARKS)
        items = [_item(t, style, noun, te) for noun, te in found]
        lead = rng.choice(("", "", "", _lead(t, number)))
        text = lead + "\n".join(mark.format(n=n, c=CIRCLED[n - 1]) + item for n, item in enumerate(items, 1))
    return str(number), _wide(rng, text)


def _lead(t: Talk, number: int) -> str:
    """What stands ahead of a list."""
    return t.pick(
        f"違いは以下の{number}点です。\n\n",
        f"違い{t.colon.strip()}\n",
        "**違い**\n\n",
        f"{t.first}と{t.second}の違いは次のとおりです。\n",
        f"相違点（{number}件）\n",
        "## 違い\n\n",
    )


def _item(t: Talk, style: int, noun: str, te: str) -> str:
    """One entry of a list."""
    if style == 1:
        return noun
    if style == 2:
        return f"**{noun}**{t.colon}{t.iru(te)}"
    if style == 3:
        return f"{t.second}では{t.iru(te)}"
    if style == 4:
        return f"{t.iru(te)}。"
    return te + "いる"


def _in_sentences(t: Talk, found: list[tuple[str, str]]) -> str:
    """Differences told in sentences, one a line, as they were asked for."""
    leads = [f"{t.second}では", "また、", "さらに、"]
    return "\n".join(f"{lead}{t.iru(te)}。" for lead, (_, te) in zip(leads, found, strict=False))


KANJI = ("ゼロ", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十")


UNCOUNTED = ("不明", "わかりません", "数えられません", "判断できません", "複数あります", "はっきりしません")


def count_short(rng: random.Random) -> Made:
    """The number of differences."""
    if rng.random() < 0.1:
        word = rng.choice(UNCOUNTED)
        return "?", word + rng.choice(("", "。"))
    number = rng.choices(range(11), (6, 8, 8, 7, 5, 4, 2, 2, 1, 1, 1))[0]
    figure = rng.choice((str(number), str(number), str(number).translate(FULL)))
    unit = rng.choice(("", "", "つ" if 1 <= number <= 9 else "個", "か所", "箇所", "個", "ヶ所", "点"))
    if rng.random() < 0.2 and number:
        figure, unit = KANJI[number], rng.choice(("つ" if number <= 9 else "個", "か所", "点"))
    lead = rng.choice(("", "", "", "答え：", "違いは", "回答: ", "2枚の写真の違いは", "合計"))
    if lead.endswith("は"):
        return str(number), f"{lead}{figure}{unit}です。"
    return str(number), lead + figure + unit + rng.choice(("", "", "。", "です。"))


MAKERS: tuple[tuple[str, str, Callable[[random.Random], Made], int], ...] = (
    ("verdict", "prose", verdict_prose, LARGE),
    ("verdict", "short", verdict_short, SMALL),
    ("verdict", "data", verdict_data, LARGE),
    ("differences", "list", differences_list, LARGE),
    ("count", "short", count_short, SMALL),
)


def answers(seed: int) -> Iterator[Row]:
    """Answers as (kind, language, form, expected, text), no text twice under a heading; finite.

    The headings take turns, so a short head of the stream already holds some of each. Line breaks in a text
    are real ones.
    """
    rng = random.Random(seed)
    seen: dict[tuple[str, str], set[str]] = {(kind, form): set() for kind, form, _, _ in MAKERS}
    for _ in range(max(limit for *_, limit in MAKERS)):
        for kind, form, make, limit in MAKERS:
            texts = seen[kind, form]
            if len(texts) >= limit:
                continue
            for _ in range(200):
                expected, text = make(rng)
                if text not in texts:
                    texts.add(text)
                    yield kind, "ja", form, expected, text
                    break


if __name__ == "__main__":
    for row in answers(0):
        print("\t".join(row).replace("\n", "\\n"))
