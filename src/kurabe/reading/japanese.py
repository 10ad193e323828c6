"""The Japanese of sameness and difference: what a sentence claims about two pictures.

As in `kurabe.reading.english`, what is not understood claims nothing: 「ピンの色に違いはない」 speaks of
the pins' colour, not of the pair, and 「異なる角度」 of an angle.
"""

import re
from collections.abc import Iterator

from kurabe.reading.claims import DOUBT, OBJECTION, Claim, contrasted
from kurabe.reading.matching import JAPANESE


def _any(words: str) -> str:
    """Return an expression for one of the words, the longest first, so that repeats can be possessive."""
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


_WHOLE = (
    "(?:"
    + _any(
        "画像 写真 図 絵 部品 製品 基板 コネクタ コネクター サンプル 個体 もの 物 両者 両方 両画像 "
        "双方 二つ 2つ 2枚 二枚 ふたつ これら 上下 左右 上と下 左と右 上の 下の 左の 右の 1枚目 2枚目 "
        "参照 検査 この これ その どちら いずれ 全体 全て すべて 全部 どこ 何 なに 間違いなく "
        "それぞれ お互い 互い 間 と の は が に も で を には にも では 特に 特別な 明らかな 明確な "
        "明白な はっきり 目立った 目立つ 目に見える 見た目 外観 大きな 視覚的な 全く まったく 完全 "
        "一切 見た 見る 見て 限り 比較 した して すると 結果 一見 よく まず 結論 として 答え"
    )
    + r"|[\s、,:])*+"
)
"""What may stand before a statement without narrowing it to a part of the pair."""
_FILLER = (
    "(?:"
    + _any(
        "は が も を など 特に 全く まったく 一切 何も 一つも 1つも ひとつも どこにも 見た限り "
        "見る限り 画像 写真 両者 間 の に"
    )
    + r"|[\s、,])*+"
)
_TAIL = (
    "(?:"
    + _any(
        "です でした である だ た よう みたい もの ん の と 思います 思われます 思う 考えます "
        "考えられます 判断します 判断できます 言えます いえます 見えます 見える に ね よ こと という "
        "が で は わかります 分かります"
    )
    + r"|[、,\s])*+$"
)
_COUNTED = f"(?:[0-9]+|[一二三四五六七八九十]){_any('つ 個 箇所 か所 ヶ所 カ所 点 件')}"
_NOUN = (
    "(?:(?<![間勘筋手場桁])違い|(?<!間)ちがい|相違点?|差異|差分|差(?=[はがもなあ])|変化(?!し)|変更点?|変わった[点所]"
    "|(?:異なる|違う|異なっている|違っている|変わっている)(?:点|部分|箇所|ところ|所)|欠陥|不良|異常)(?:点|箇所|部分|個所)?"
)
_CAN_BE = _any(
    "あり 見られ 見当たり 見つかり 見つけられ 見え 見受けられ 確認でき 確認され 認められ 感じられ "
    "存在し 検出され 検出でき ござい"
)
_NO = (
    f"(?:{_CAN_BE}ません|(?:見つける|確認する|検出する)ことは?でき(?:ません|なかった)"
    "|(?:見られ|見当たら|見つから|見え|見受けられ|確認でき|確認され|認められ|存在し|検出され|検出でき)な(?:い|かった)"
    "|な(?:い|し|かった)|無(?:い|し)|ゼロ|0(?:個|つ|箇所|か所|点|件)?(?=です|$)|皆無)"
)
_IS = (
    f"(?:{_CAN_BE}ま(?:す|した)|(?:見られて|存在して|確認されて)い(?:る|ます)|あ(?:る|った)|見られる|見つか(?:る|った)|見える"
    "|見受けられる|確認できる|確認され(?:る|た)|認められる|存在する|検出された|あり(?=$))"
)
_NOT_SO = "(?:わけ|訳)では?(?:ない|ありません)"
_SAME = "(?:同じ|おなじ|同一)"
_DIFFER = (
    "(?:異な(?:ります|る|っています|っている|った|りました)|(?<!間)違(?:います|う|っています|っている|った|いました)"
    "|変わ(?:っています|っている|った|りました)|変化し(?:ています|ている|た|ました))"
)

_NOUN_NO = re.compile(f"{_WHOLE}{_NOUN}:?{_FILLER}{_NO}{_TAIL}")
_NOUN_NO_BELIEVED = re.compile(
    f"{_WHOLE}{_NOUN}(?:は|が|も)?(?:ある|見られる|存在する)(?:よう|と)に?は?(?:見え|思え|思い|思わ|考え|感じ)"
    "(?:られ)?(?:ません|ない)"
)
_NOUN_NO_ANYWHERE = re.compile(f"{_NOUN}[^違異差]{{0,30}}{_NO}")
_NOUN_IS = re.compile(f"{_NOUN}[^違異差]{{0,30}}?{_IS}(?!.*(?:ません|ない))")
_NOUN_NAMED = re.compile(
    f"{_NOUN}(?:として)?[は:が](?!{_FILLER}{_NO})[^違異差]+(?:です|だ|である|こと|点|ます|た|る|だけで|のみで)$"
)
_NOUN_COUNTED = re.compile(rf"(?<!0){_COUNTED}の{_NOUN}|{_NOUN}[はがも]?[、\s]*(?!0){_COUNTED}(?!目)")
_SAME_IS = re.compile(
    f"{_WHOLE}(?:{_SAME}|等しい)(?:もの|画像|写真|状態|内容|図)?"
    f"(?:に見え(?:ます|る)|です|でした|である|だ|ようです|ように見え(?:ます|る)|$){_TAIL}"
    f"|{_WHOLE}一致(?:して(?:います|いる)|し(?:ます|た|ました)|する|です|$){_TAIL}"
    f"|{_WHOLE}(?:異な(?:り|って(?:は)?い)|違(?:い|って(?:は)?い)|変わ(?:り|って(?:は)?い)|変化し(?:て(?:は)?い)?)(?:は)?(?:ません|ない){_TAIL}"
    f"|{_WHOLE}(?:異なら|違わ|変わら)ない{_TAIL}|{_WHOLE}変わりは?(?:ありません|ない|なし){_TAIL}"
)
_NOT_SAME = re.compile(
    f"{_SAME}(?:もの|画像|写真)?(?:で|に|と|だと)?(?:は|には)?(?:ない|ありません|なく|言えない|言えません|いえません|見えない|見えません)"
    f"|一致し(?:て)?(?:は)?(?:いません|いない|ません|ない)|不一致|{_SAME}(?:な|である|という|の)?{_NOT_SO}"
    f"|{_NOUN}{_FILLER}{_NO}{_NOT_SO}"
)
_DENIED = re.compile(f"(?:異な|違|変わ|変化し)[^、。]{{0,8}}(?:ません|ない)|{_DIFFER}{_NOT_SO}")
_DIFFERS = re.compile(
    f"{_DIFFER}(?:ことが(?:わかります|分かります|確認できます)|ように見えます|ようです)?{_TAIL}"
)
_OTHER = re.compile("他に|ほかに|その他|それ以上|これ以上|残り|他は|ほかは|他の")
_EXCEPT = re.compile("以外|を除[いきく]|を除けば")
_DOUBT = re.compile(
    "かも(?:しれ|知れ)|可能性|おそらく|恐らく|たぶん|多分|でしょう|だろう|(?:わか|分か|判)りません|(?:わか|分か|判)らない"
    "|(?:判断|判別|断定)(?:が|は)?(?:でき(?:ません|ない)$|つき|つか|しかね|しにく|難し|困難|不可)|不明|はっきりし(?:ません|ない)"
    "|とは(?:言|い|限)|自信が|難しい|かどうか|どちらとも|(?<!間)違いない"
)
_ALMOST = re.compile("ほとんど|ほぼ|おおむね|だいたい|大体|似て")
_CONDITION = re.compile("あれば|なければ|場合|あるか|ないか|かを|探し|探す|調べ")
_BUT = re.compile("(?:しかし(?:ながら)?|ただし|ただ|でも|けれども|だが|ところが|一方で?)[、,]?")
_CLAUSE_END = re.compile(
    r"(?P<but1>(?<=です|ます|した|せん)(?:が|けれども|けれど|けど)[、,\s]*|(?<=[だいるた])(?:が|けれども|けれど|けど)[、,]\s*"
    r"|ものの[、,\s]*)|(?<![はがにも])[、,;]\s*"
)
_QUESTION = re.compile(r"\?$|(?:ます|です|せん|でしょう)か[。\s]*$")
_KANA_OR_KANJI = re.compile(f"[{JAPANESE}]")


def claims(sentence: str) -> list[Claim]:
    """Return what a normalised sentence claims, in order; a question claims nothing."""
    if not _KANA_OR_KANJI.search(sentence):
        return []
    body = sentence.rstrip("。.!！ ")
    if _DOUBT.search(body):
        return [DOUBT]
    if _QUESTION.search(sentence):
        return []
    found: list[Claim] = []
    for text, contrast in _clauses(body):
        made = _clause(text)
        if contrast:
            made = [contrasted(claim) for claim in made] or [OBJECTION]
        found += made
    if _EXCEPT.search(body) and any(claim.verdict == "same" for claim in found):
        return [Claim("different")]
    return found


def _clauses(body: str) -> Iterator[tuple[str, bool]]:
    """Yield the clauses, and whether they come after a "but"."""
    contrast = False
    position = 0
    for mark in [*_CLAUSE_END.finditer(body), None]:
        text = body[position : mark.start() if mark else len(body)].strip()
        begin = _BUT.match(text)
        if begin:
            contrast, text = True, text[begin.end() :]
        if text:
            yield text, contrast
        if mark:
            position = mark.end()
            contrast = contrast or mark["but1"] is not None


def _clause(text: str) -> list[Claim]:
    """Read one clause; the order matters, for a denial holds the words of what it denies."""
    if _ALMOST.search(text) or _CONDITION.search(text):
        return []
    if _NOT_SAME.search(text):
        return [Claim("different")]
    whole = (
        text[text.rfind("以外") + 2 :].lstrip("には")
        if "以外" in text
        else re.sub(".*除(?:いて|けば|き|く)", "", text)
    )
    if _NOUN_NO.match(whole) or _SAME_IS.match(whole):
        return [] if _OTHER.search(text) else [Claim("same")]
    if _NOUN_NO_BELIEVED.match(whole):
        return [Claim("same")]
    if _NOUN_COUNTED.search(text) or _NOUN_IS.search(text):
        return [Claim("different")]
    if _NOUN_NAMED.search(text):
        return [Claim("different")]
    if _NOUN_NO_ANYWHERE.search(text) or _DENIED.search(text):
        return []
    return [Claim("different")] if _DIFFERS.search(text) else []


_CONTENTLESS = re.compile(
    rf"(?:はい|ええ|[、,\s])*{_WHOLE}(?:(?:いくつか|複数|{_COUNTED})の?)?"
    rf"(?:{_NOUN}(?:は|が|も|[、\s])*(?:いくつか|複数|{_COUNTED})?(?:{_IS}|です)"
    r"|異なります|違います|異なっています|違っています|異なる|違う)(?:\W|以下の(?:通り|とおり)です)*"
)


def contentless(sentence: str) -> bool:
    """Say whether a sentence only announces: 「違いは2つあります」."""
    return _CONTENTLESS.fullmatch(sentence) is not None
