"""What a Japanese statement stands in: 「〜とは言えません」, 「〜と聞きました」, 「〜というのは嘘です」.

A statement counts only if what stands round it asserts it. The endings that assert 「と思います」,
「ことが分かります」 are words of their own (class ``t``); every other quotation, and all else that is
said of a whole statement, asserts nothing.
"""

from kurabe.reading.japanese.sentences import Word
from kurabe.reading.patterns import later

_QUOTES = frozenset(
    [
        *("と", "とは", "とも", "との", "という", "といった", "として", "としては", "こと", "ところ"),
        *("など", "って", "は", "を", "も", "の", "かは", "どころ", "なんて", "とか", "か"),
    ]
)
_FINITE = (
    "です",
    "ます",
    "だ",
    "る",
    "た",
    "ない",
    "せん",
    "である",
    "なし",
    "ある",
    "無い",
    "う",
    "じ",
    "い",
)
_NOUNS = "DKedOX"  # 「…という違いがあります」, 「…ことを確認しました」
_PLACES = frozenset(("点", "部分", "箇所", "ところ", "状態", "ため", "もの"))
_TAKEN_BACK = later(
    r"訂正|撤回|取り消し|取消|冗談|前言|言い間違|言いまちが|間違えました|間違えて|勘違い|嘘です|うそです|嘘だ"
    r"|(?:^|[、。.…])いや[、。]?(?:そう|それは|これは)(?:では|じゃ|は)|(?<!^)[、。…]いや[、.…]|[.…]いや"
    r"|^(?:[、。]|しかし|でも|ただ|いや|いえ|いいえ|実は|実際は)*(?:(?:それ|これ|そう|あれ|上記|以上)(?:の)?"
    r"(?:回答|答え|主張|判断|文|記述|説明|結論|見方|表現|内容)?|(?:今の|この|その)"
    r"(?:回答|答え|主張|判断|文|記述|説明|結論|見方|表現|内容))"
    r"(?:は|が|も|では|じゃ)?[^。]{0,6}?"
    r"(?:誤り|間違|嘘|うそ|逆|反対|正しくな|正しくあ|(?:事実|真実|本当|正解)(?:では|じゃ)|ではありません"
    r"|ではない|じゃない|ではなく)"
    r"|^(?:[、。]|しかし|でも|いや|いえ|むしろ)*(?:その|この|全く|まったく)?(?:逆|反対|ぎゃく)(?:です|だ"
    r"|である|でした|になります)?[。]*$"
    r"|か[、]?(?:または|あるいは|もしくは|それとも)|(?:[.…]|[^。]、|。)いや[、.…]"
    r"|(?:ません|ない|です|ます|だ|る|た)[、。.…—-]+(?:では|じゃ)(?:ありません|ない|なく)"
    r"|^(?:では|じゃ)(?:ありません|ない|なく)"
    r"|^(?:最初|はじめ|初め|当初|始め)(?:は|に)?.*と(?:思い|考え|判断し|見え|感じ)(?!.*が、)"
    r"|(?:などという|なんて|といった)こと(?:は|など)(?:ありません|ない)|(?:違い|差異?|同じ|同一|異常)[^、]{0,10}(?:よ|か|い|し)とあり(?:ます)?$|どころか|装って(?:い|お)|見せかけ|(?:ない|ある|いる|た|だ)そうです"
    r"|と(?:見られ|され|考えられ|思われ|言われ)て(?:いました|いた|きました)$"
    r"|もしかすると|ひょっとすると|ひょっとして|もしかして|仮に|理想的には|理論上|建前"
)


def taken_back(text: str) -> bool:
    """Say whether a sentence takes back or only imagines what is said: 「訂正します」, 「それは誤りです」."""
    return _TAKEN_BACK.search(text) is not None


def asserted(words: list[Word]) -> bool:
    """Say whether what follows each statement of a sentence asserts it."""
    for place in range(1, len(words) - 1):
        before, word = words[place - 1], words[place]
        if not _ends(before, place):
            continue
        if word.code == "x" and before.code == "n":
            return False  # 「違いはないふり」
        if word.text in _QUOTES and not _allowed(before, word, words[place + 1 :]):
            return False
    return True


def _ends(word: Word, number: int) -> bool:
    """Say whether a word, the sentence's first, second or later one, may end a statement."""
    if word.code == "n":
        return True
    return word.code in "tSXe" and word.text.endswith(_FINITE) and number > 1


def _allowed(before: Word, mark: Word, rest: list[Word]) -> bool:
    """Say whether what comes after a quoted statement keeps its meaning."""
    if mark.text == "ところ" and rest[0].code == ",":
        return True  # 「探したところ、…」
    polite = before.code == "n" or before.text.endswith(("です", "ます", "ました", "でした"))
    if mark.text in ("は", "を", "も", "の", "か") and not polite:
        return True
    if mark.text in ("も", "か", "の") and rest[0].code in "tn,":
        return True
    if mark.text == "という" and rest[0].code == "n" and len(rest[0].text) >= 5:
        return True  # 「…というわけではない」 denies, and is read so
    if mark.text == "と" and rest[0].text in ("します", "する", "しよう"):
        return False  # 「…とします」 supposes
    told = []
    for word in rest:
        if word.code in "^|":
            break
        if word.code not in "ptr,f" and word.text not in _PLACES:
            told.append(word.code)
    codes = "".join(told)
    if not codes:
        return mark.text in ("こと", "ところ", "など", "として", "としては", "という", "と") and _plain_end(
            rest
        )
    return not codes.strip(_NOUNS) and mark.text not in ("は", "も", "の")


_REPORTS = later(
    "言|云|聞|伝|述べ|期待|予想|望|仮定|想定|誤解|主張|説|のこと|い(?:い|ー)の|いいな|いいけど|[良よ]いの"
)


def _plain_end(rest: list[Word]) -> bool:
    return _REPORTS.search("".join(word.text for word in rest)) is None
