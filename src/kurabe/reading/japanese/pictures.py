"""The two things that are compared, by the many names that they have: 「上のボトル」, 「2枚の布」.

Rules for `kurabe.reading.wording.reworded`; they write 「上の写真」 and 「2枚の写真」.
"""

import re

from kurabe.reading.japanese.sentences import tokens
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule

PRODUCT = (
    "(?:コネクタ[ー]?|基板|ボトル|瓶|缶|鋳物|鋳造品|クッキー|ビスケット|錠剤|カプセル|布地?|生地|織物"
    "|ねじ|ネジ|ボルト|ナット|ラベル|歯車|ギア|マグカップ"
    "|カップ|ケーブル|タイル|箱|袋|図面?|画面|ファスナー|スイッチ|プラグ|歯ブラシ|チューブ|ハーネス"
    "|シール|カーペット|革|皮|木材|板|グリッド|ヘーゼルナッツ"
    "|ナッツ|時計|容器|トレイ|電池|トランジスタ|ワッシャー?|バネ|ばね|ペン|鍵|机|テーブル|シーン"
    "|スクリーンショット|グラフ|表|イラスト|パッケージ|金具|部材|ワーク"
    "|対象物|被写体|物体)"
)
_PLACED = "(?:ねじ|ネジ|ボルト|ナット|ラベル|シール|板|タイル|スイッチ|ペン|鍵|ワッシャー?|表)"
"""Products that are as often parts of one: with 「左の」 they may stand in one picture."""


def _pair_of(match: re.Match[str]) -> str:
    """Write "the two pictures" for the two things that are compared, but not for two parts of one."""
    known = {word.code for word in tokens(match["what"])}
    whole = re.fullmatch(PRODUCT, match["what"]) is not None
    paired = match["count"] in ("2枚の", "二枚の", "この2枚の")
    return "2枚の写真" if whole or known <= {"P"} or (paired and not known & set("DKSeFIXn")) else match[0]


def _sides(match: re.Match[str]) -> str:
    """Write "the upper picture" for the upper thing, unless a picture is named beside it."""
    named = _NAMES_PICTURE.search(match.string[: match.start()] + match.string[match.end() :])
    return match[0] if named else f"{match['row']}の写真"


def _subject(match: re.Match[str]) -> str:
    """Take the comma after a subject away, but not between one picture and the other."""
    return match[0] if _NAMES_PICTURE.search(match.string[: match.start()]) else "が"


_NAMES_PICTURE = later("枚目|写真|画像|検査|基準|図[12ab]")
"""Where pictures are named, 「左のボトル」 is a thing in one of them."""


SUBJECTS: tuple[Rule, ...] = (
    # A subject before a comma, which is no "but": 「白い斑点が、…」.
    (later("(?<=[一-龠ァ-ヶー])が、"), _subject),
    (
        later("(基準(?:画像|品)|1枚目(?:の(?:画像|写真))?|良品|見本|参照画像)に対し(?:て)?(?=[^、のて])"),
        r"\1と比べて",
    ),
)
"""To be used first."""
PICTURES: tuple[Rule, ...] = (
    (later(f"(?P<which>基準|良品|見本|検査)の{PRODUCT}(?=[にはでがとも])"), r"\g<which>の写真"),
    (
        later(
            "(?:^|(?<=[、が]))(?P<row>[上下左右])は(?P<one>[^、。はが]{1,16})(?P<end>、|(?:です|だ"
            "|ます|る)が、)(?:一方、?)?"
            "(?P<other>[上下左右])は(?P<two>[^、。はが]{1,20})$"
        ),
        r"\g<row>の写真は\g<one>\g<end>\g<other>の写真は\g<two>",
    ),
    # The two things that are compared.
    (
        later(
            "(?<![0-9一二三四五六七八九十])(?P<count>(?:この|これら)?(?:2枚|二枚|2つ|二つ|ふたつ|2個"
            "|二個|両方|双方|両者)の"
            f"|両)(?P<what>(?:(?!写真|画像|図[はがも])[^、。はがもをにとの\\s]){{1,10}}"
            f"|{PRODUCT})(?=(?:は|が|とも|も、|に(?:は|違|差|相|変)|の間|同士)(?!の))"
        ),
        _pair_of,
    ),
    (
        later(
            f"(?<![上下左右番目最のも])(?P<row>[上下](?:段|側)?|(?:上|下)部)の{PRODUCT}(?:の(?:方"
            f"|ほう))?(?=[はがにもでのだ]|と[^、]{{0,10}}は)"
        ),
        _sides,
    ),
    (
        later(
            f"(?<![上下左右番目最のも])(?P<row>[左右])の(?!{_PLACED}){PRODUCT}(?:の(?:方"
            f"|ほう))?(?=[はがにもでのだ]|と[^、]{{0,10}}は)"
        ),
        _sides,
    ),
    (
        later("(?<![上下左右番目最のも])(?P<row>[上下左右])の(?:やつ|ほう|方|もの)(?=[はがにもでのだ])"),
        _sides,
    ),
    (
        later(
            "(?<![上下左右番目最のも])(?P<row>[上下左右])(?=は(?:、)?[^、。]{1,24}(?:、|(?:ですが"
            "|だが|ますが|るが)、)(?:一方)?[上下左右]は)"
        ),
        _sides,
    ),
    (
        later(
            "(?<=[、。がし])(?P<row>[上下左右])(?=は(?:、)?[^、。]{1,24}(?:です|だ|である|ます|る|た"
            "|ない|ません)?$)"
        ),
        _sides,
    ),
    (
        later("どちらの(?:[^、。はがもをにでの]{1,8})(?=[もに](?:も)?(?:、|そのような|同|傷|欠|割))"),
        "どちらの写真",
    ),
    # Pictures by their number.
    (
        later("(?:最初|はじめ|初め|前半|先|ほか|他)の(?:[2-9]枚|写真)(?=[はがにのとで]|すべて)"),
        "1枚目の写真",
    ),
    (
        later("(?:(?<!\\d)[2-9]枚の良品(?:画像|写真)?|良品(?:の)?[2-9]枚|良品(?:画像|写真)[2-9]枚)"),
        "1枚目の写真",
    ),
    (
        later(
            "^(?P<said>[^()]{3,60})[ ]?\\((?P<where>[12一二]枚目|[上下左右](?:の(?:写真|画像))?)(?:のみ)?\\)$"
        ),
        r"\g<where>では\g<said>",
    ),
)
