"""Two Japanese descriptions of the pictures, held against each other: whether they contradict in anything.

「8ピンのコネクタ」 and 「灰色の台の上に置かれたコネクタ」 tell of one thing, in words that go together. A
number, a colour or a state differs only where both descriptions give one of the same kind.
"""

from kurabe.reading.matching import JAPANESE
from kurabe.reading.patterns import later

_JAPANESE = later(f"[{JAPANESE}]")
_PICTURE = later(
    "(?:[12一二]枚目|画像[12ab一二]|写真[12ab一二]|[上下左右](?:側|段)?の(?=画像|写真)|最初の|最後の|基準|検査|参照|もう一方)"
    "(?:の?(?:画像|写真|品|方))?(?:に(?:は|も)|で(?:は|も)|は|が|も)?、?|(?:画像|写真)(?:に|で)?(?:は|も)、?|一方(?:で)?、?"
)
_SURROUNDINGS = (
    "(?:台|机|テーブル|背景|布|床|皿|トレイ|トレー|マット"
    "|シート|紙|板|棚|芝生|地面|ベンチ|デスク|作業台|手|手のひら|箱|壁|窓)"
)
_LIES = later(
    f"[^、。はがを]{{0,10}}?{_SURROUNDINGS}(?:の(?:上|中|前|横|そば|隣|端|間|[左右]側?|中央))?(?:に|で|を|の)"
    "(?:[^、。はがを]{0,6}?(?:置かれ|載っ|載せられ|乗っ|乗せられ|のせられ|並べられ|立てかけられ|寝かされ|持たれ|広げられ|し|撮影され|写っ|写され)"
    "(?:て(?:いる|ある)|た)?)?(?:の)?、?"
)
_SEEN = later(
    "(?:真上|真横|正面|斜め(?:[上下前横])?|上(?:方)?|下(?:方)?|横|近く|遠く|至近距離|やや離れたところ)から(?:見|撮影し|撮影され|撮|写し|写され|捉え)"
    "(?:られ)?た|(?:大きく|小さく|明るく|暗く|中央に|手前に|拡大して)(?:写った|写された|映った)|拡大された|接写された"
)
_NUMBER = later(
    r"([0-9]+|[二三四五六七八九十]|一(?!枚目))(ピン|極|穴|本|個|つ|枚|段|列|色|[一-龠ァ-ヶー]{0,2})の?"
)
_COLOUR = later("(?:真っ)?([赤青緑黄黒白灰茶紫])(?:色|みがかった)?(?:い|の)?")
_STATES = later("開|閉|オン|オフ|点灯|消灯")
_NOISE = later(
    r"(?:写|映)(?:って(?:い(?:ます|る)|おり(?:ます)?)|り)|あり(?:ます)?$|(?:です|である|だ)$|[はがもをにでの]|[\W_]"
)


def goes_together(first: str, second: str) -> bool:
    """Say whether two Japanese descriptions are of one thing, and neither denies what the other tells."""
    if not _JAPANESE.search(first + second):
        return False
    one, two = (_PICTURE.sub("", text) for text in (first, second))
    for modifier in (_LIES, _SEEN, _NUMBER, _COLOUR):
        if (modifier.search(one) is None) != (modifier.search(two) is None):
            one, two = modifier.sub("", one), modifier.sub("", two)
    bare = _NOISE.sub("", one)
    return bare != "" and bare == _NOISE.sub("", two)


def clashes(first: str, second: str) -> bool:
    """Say whether two Japanese descriptions differ in a number, a colour or a state that both give."""
    one, two = (_LIES.sub("", _PICTURE.sub("", text)) for text in (first, second))
    for pattern in (_COLOUR, _STATES):
        found = [pattern.findall(text) for text in (one, two)]
        if all(found) and found[0] != found[1]:
            return True
    numbers = [_NUMBER.findall(text) for text in (one, two)]
    alike = [
        (a, b)
        for a, counter in numbers[0]
        for b, other in numbers[1]
        if counter == other or not counter or not other or counter in two or other in one
    ]
    return bool(alike) and [number for number, _ in numbers[0]] != [number for number, _ in numbers[1]]


def is_japanese(text: str) -> bool:
    """Say whether a description is Japanese."""
    return _JAPANESE.search(text) is not None
