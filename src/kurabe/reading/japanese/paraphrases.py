"""Japanese wordings that say what the grammar knows in another way, turned into the way that it knows.

Each rule keeps the meaning and the polarity of what it replaces; what a rule does not know stays as it is.
"""

import re

from kurabe.reading.japanese.sentences import tokens

_NOUN = "(?:違い|差異|差|相違点?|変化|異なる(?:点|箇所)|違う(?:点|箇所))"
_RULES: list[tuple[re.Pattern[str], str]] = [
    # A list of nouns, which a comma must not cut: 「ピンの曲がり、傷、欠けはありません」
    (
        re.compile(
            "(の(?:[^、。はがをにも]{0,8}?|[^、。はをにも]{0,4}曲が)(?:り|れ|け|み|傷|キズ|ち|ひび))、(?=[^、。はがを]{1,10}(?:、[^、。はがを]{1,10}){0,5}(?:は|が|も)[^、。]{0,8}(?:ません|ない|なし))"
        ),
        r"\1や",
    ),
    # What only points to a defect: 「傷の兆候はありません」
    (re.compile("の(?:兆候|痕跡|形跡|気配)(?=[はがも])"), ""),
    # However one looks: 「細かく見ても違いはありません」
    (
        re.compile(
            "^(?:細かく|よく|詳しく|注意深く|拡大して|どれだけ|いくら|何度)(?:見|比べ|調べ|確認し|見比べ)ても、?(?!.*(?:分か|判))"
        ),
        "",
    ),
    (re.compile("上の([一-龠ァ-ヶー]{1,8})と下の\\1の(?=間)"), "2枚の写真の"),
    # Light that makes a thing look different: 「違って見えるのは照明のせいで、…」
    (
        re.compile(
            "^[^。、]{1,16}が?(?:少し|やや|わずかに)?(?:違って|異なって|変わって|暗く|明るく)見えるのは(?:照明|光|影|反射|撮影|露出"
            "|カメラ)[^。、ないく]{0,8}(?:せい|ため|影響|違い|によるもの)(?:で(?:あり)?、|ですが、|だが、)"
        ),
        "明るさは違いますが、",
    ),
    # An error on the thing, and not one of the writer: 「ロット番号の誤り」
    (re.compile("(?<=[^とる]の)(?:誤り|間違い)(?=です|があり|が見|、|$|を)"), "誤記"),
    # The writer's own question within a sentence: 「違いがあるかというと、あります」
    (
        re.compile(
            f"({_NOUN})が?(?:ある|見られる|存在する)か(?:どうか)?(?:というと|と言うと|といえば|と言えば)、?"
            "(?=(?:あり|見られ|存在し|な))"
        ),
        r"\1は",
    ),
]


_ITSELF = re.compile("(?<![一-龠ァ-ヶー])([一-龠ァ-ヶー]{2,8})(?:自体|そのもの)(?=[はがにも])")


_PAIR = re.compile("上の(?!写真|画像|図|部品)([一-龠ァ-ヶー]{1,8})(?P<between>[^。]{2,80})下の\\1(?!に?も)")


def _paired(match: re.Match[str]) -> str:
    """Write "the upper part … the lower part" for two of the things that are compared."""
    whole = all(word.code == "P" for word in tokens(match[1]))
    return f"上の部品{match['between']}下の部品" if whole else match[0]


def _itself(match: re.Match[str]) -> str:
    """Write "the thing itself" for an object that is not known, but not for a part of one."""
    unknown = all(word.code == "x" for word in tokens(match[1]))
    return "対象自体" if unknown else match[0]


_LONGEST = 500
"""Characters; a longer sentence is a list, or comes from a model that repeats itself."""


def paraphrased(sentence: str) -> str:
    """Return a normalised sentence in the wording that the grammar knows."""
    if len(sentence) > _LONGEST:
        return sentence
    for pattern, replacement in _RULES:
        sentence = pattern.sub(replacement, sentence)
    return _PAIR.sub(_paired, _ITSELF.sub(_itself, sentence))
