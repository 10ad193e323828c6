"""Japanese wordings that say what the grammar knows in another way, turned into the way that it knows.

Each rule keeps the meaning and the polarity of what it replaces; what a rule does not know stays as it is.
"""

import re

from kurabe.reading.japanese.denials import DENIALS
from kurabe.reading.japanese.endings import ENDINGS
from kurabe.reading.japanese.framing import FRAMING
from kurabe.reading.japanese.hedges import FRAMED, committed
from kurabe.reading.japanese.pardons import PARDONS
from kurabe.reading.japanese.pictures import PICTURES, SUBJECTS
from kurabe.reading.japanese.sentences import tokens
from kurabe.reading.patterns import later
from kurabe.reading.wording import Rule, reworded

_NOUN = "(?:違い|差異|差|相違点?|変化|異なる(?:点|箇所)|違う(?:点|箇所))"
_RULES: list[Rule] = [
    # A list of nouns, which a comma must not cut: 「ピンの曲がり、傷、欠けはありません」
    (
        later(
            "(の(?:[^、。はがをにも]{0,8}?|[^、。はをにも]{0,4}曲が)(?:(?<![であお])り|れ|け|み|傷"
            "|キズ|ち|ひび))、(?=[^、。はがを]{1,10}(?:、[^、。はがを]{1,10}){0,5}(?:は|が"
            "|も)[^、。]{0,8}(?:ません|ない|なし))"
        ),
        r"\1や",
    ),
    # What only points to a defect: 「傷の兆候はありません」
    (later("の(?:兆候|痕跡|形跡|気配)(?=[はがも])"), ""),
    # However one looks: 「細かく見ても違いはありません」
    (
        later(
            "^(?:細かく|よく|詳しく|注意深く|拡大して|どれだけ|いくら|何度)(?:見|比べ|調べ|確認し"
            "|見比べ)ても、?(?!.*(?:分か|判))"
        ),
        "",
    ),
    # What is photographed, and then what is said of it: 「…撮影されたコネクタで、…」
    (later("(撮影された|写した|写っている|同じ)([ァ-ヶー一-龠]{1,10})で、"), r"\1\2であり、"),
    (later("(?:一致し|合致し|合わ|符合し)ない(点|箇所|部分|ところ|もの)(?=[はがも])"), r"異なる\1"),
    # What a picture is compared with belongs to the clause after it.
    (
        later("((?:と比べ|と比較し|に比べ)て(?:も)?|と(?:比べる|比較する)と|と(?:比べて|比較して)も)、"),
        r"\1",
    ),
    (later("(?<=目の画像に)は、(?=[^、。]{1,12}(?:と比べ|と比較|に比べ))"), "は"),
    # Whatever one looks at: 「どの部分を比べても同じです」
    (
        later(
            "(?:^|(?<=、))(?:どの|いずれの)(?:特徴|部分|点|箇所|項目|要素|面|細部|部位|観点)(?:を"
            "|から|に(?:注目|着目)し(?=て))?"
            "(?:見|比べ|調べ|確認し|比較し|見比べ|取っ)?ても、?(?!.*(?:分か|判))"
        ),
        "",
    ),
    # As the reference is: 「基準品どおりです」
    (
        later(
            "(基準(?:品|画像)?|見本|良品|1枚目|参照(?:画像|品)?|図面)の?(?:どおり|通り)(?=です|だ"
            "|である|で[、。]|$)"
        ),
        r"\1と同じ",
    ),
    (
        later(
            "(?:基準|見本|参照)(?=(?:と(?:同|比|異|違|一致|完全|全)|より|に比べ|からの?(?:ずれ|逸脱)"
            "|との(?:差|違|相違)))"
        ),
        "基準品",
    ),
    (later("(基準品|基準画像|1枚目)からの(?:ずれ|ズレ|逸脱|乖離)は"), r"\1との違いは"),
    (later("上の([一-龠ァ-ヶー]{1,8})と下の\\1の(?=間)"), "2枚の写真の"),
    # Light that makes a thing look different: 「違って見えるのは照明のせいで、…」
    (
        later(
            "^[^。、]{1,16}が?(?:少し|やや|わずかに)?(?:違って|異なって|変わって|暗く"
            "|明るく)見えるのは(?:照明|光|影|反射|撮影|露出"
            "|カメラ)[^。、ないく]{0,8}(?:せい|ため|影響|違い|によるもの)(?:で(?:あり)?、|ですが、|だが、)"
        ),
        "明るさは違いますが、",
    ),
    # An error on the thing, and not one of the writer: 「ロット番号の誤り」
    (later("(?<=[^とる]の)(?:誤り|間違い)(?=です|があり|が見|、|$|を)"), "誤記"),
    # The writer's own question within a sentence: 「違いがあるかというと、あります」
    (
        later(
            f"({_NOUN})が?(?:ある|見られる|存在する)か(?:どうか)?(?:というと|と言うと|といえば|と言えば)、?"
            "(?=(?:あり|見られ|存在し|な))"
        ),
        r"\1は",
    ),
]


_ITSELF = later("(?<![一-龠ァ-ヶー])([一-龠ァ-ヶー]{2,8})(?:自体|そのもの)(?=[はがにも])")


_PAIR = later("上の(?!写真|画像|図|部品)([一-龠ァ-ヶー]{1,8})(?P<between>[^。]{2,80})下の\\1(?!に?も)")


def _paired(match: re.Match[str]) -> str:
    """Write "the upper part … the lower part" for two of the things that are compared."""
    whole = all(word.code == "P" for word in tokens(match[1]))
    return f"上の部品{match['between']}下の部品" if whole else match[0]


def _itself(match: re.Match[str]) -> str:
    """Write "the thing itself" for an object that is not known, but not for a part of one."""
    unknown = all(word.code == "x" for word in tokens(match[1]))
    return "対象自体" if unknown else match[0]


_LOOKED = later(
    "^(?P<what>[^、。]{0,24})(?:比べ|比較し|確認し|調べ|見比べ|検査し|点検し|観察し"
    "|チェックし)(?:てみ)?(?:ました|た|てい)が、"
)


def _unless_told(match: re.Match[str]) -> str:
    """Leave out 「領域ごとに比べましたが、」, but nothing that names a difference, a state or a denial."""
    return match[0] if any(word.code in "DKSeXFCGJdno*OR" for word in tokens(match["what"])) else ""


_FIRST = (*PARDONS, *ENDINGS, *DENIALS, *SUBJECTS, *FRAMING, *PICTURES)


def paraphrased(sentence: str) -> str:
    """Return a normalised sentence in the wording that the grammar knows."""
    sentence = reworded(committed(reworded(sentence, _FIRST)), FRAMED)
    return reworded(_LOOKED.sub(_unless_told, sentence), (*_RULES, (_ITSELF, _itself), (_PAIR, _paired)))
