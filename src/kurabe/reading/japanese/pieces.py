"""From a Japanese sentence to pieces that end in a predicate, without what only introduces or asserts it."""

import re
from typing import NamedTuple

from kurabe.reading.japanese import lexicon
from kurabe.reading.patterns import later


class Piece(NamedTuple):
    """A part of a sentence with one predicate.

    Attributes:
        text: Its words, normalised and masked (`kurabe.reading.japanese.lexicon.masked`).
        core: The same without endings that only assert: 「と思います」, 「ことを確認しました」.
        sentence: The number of its sentence.
        contrast: True if it comes after a "but".
        conceded: True if a "but" comes after it.
        side: The picture that it speaks of, 1 or 2; 0 if none or both.
        last: True for the last piece of its sentence.
    """

    text: str
    core: str
    sentence: int
    contrast: bool
    conceded: bool
    side: int
    last: bool


LONGEST = 250
"""Characters of a sentence; a longer one is no prose that a person would write."""

_BUT = later(
    r"(?:(?<=です|ます)|(?<=ません|でした|ました))(?:が|けれども|けれど|けど|ものの)、?"
    r"|(?<=[るたいだ])(?:が|けれども|けれど|けど|ものの|のに|とはいえ|にもかかわらず)、|(?<=あれ)ど、"
)
_SO = later(
    r"(?:(?<=です|ます)|(?<=ません|でした|ました))(?:ので|から|し|ため)、?"
    r"|(?<=[るたいだな])(?:ので|から|ため|ことから)、|(?<=[るたいだ])し、|(?<=[一-龠])な(?:ので|ため)、?"
)
_TOPIC = later(r"[はがもを]")
_ADVERBIAL = later(
    r"(?:すべて|全て|として|について|によって|に対して|に比べて|と比べて|にとって|をもって|加えて|改めて|続いて|初めて|合わせて"
    r"|含めて|除いて|おいて|限って|従って|したがって|基づいて|通して|つれて|かけて|よって|はじめて|だけで|のみで|程度で|また)$"
)
_PREDICATE = later(
    r"(?:[てず]|です|ます|ません|[っしいれけきりちえみびぎんせ]た|ない|なく|なし|ている|ある|いる|れる|える|なる|する|できる|である|であり"
    r"|おり|[をが][^、はがもを]{0,14}[りれけしちみきいえげせめべ])$"
)
_LEAD = later(
    r"^(?:(?P<but>しかし(?:ながら)?|ですが|だが|けれども|ただし?|でも|それでも|とはいえ|ところが|一方(?:で|、)?|むしろ|もっとも)"
    r"|ゆえに|故に|すなわち|よって|したがって|従って|そのため|このため|ですから|ですので|だから|なので|というわけで|つまり|結果として|結果的に|以上(?:から|より|のことから)?"
    r"|総合的に見て|総合すると|まとめると|まとめ|要約すると|要するに|結論として(?:は)?|結論から言うと|結論|また|なお|そして|さらに|特に|念のため|まず(?:は)?|次に"
    r"|最後に|第[一二三四]に|えっと|ええと|うーん|さて|はい、確認しました|実際に?は|実際|つまるところ|正直|どう見ても|明らかに|確かに|たしかに|全体として"
    r"|本件|ちなみに|加えて|比較した結果|比較の結果|確認した結果|検査の結果|見た限り(?:では)?|見る限り(?:では)?|目視の範囲では|これらから|その結果|ここから|同様に)"
    r"(?:、|は、|(?<=なので|だから|しかし)|(?<=というわけで)|(?<=よって)|(?<=したがって)|(?<=ゆえに))"
)
_LABEL = later(
    r"^(?:ご?質問への|私の|最終的な|最終|総合|検査の?|比較の?)*(?:判断|結論|回答|答え|判定|結果)(?:として)?[は:]、?(?=.)"
)
_LOOK = later(
    r"^[^、。]{0,24}?(?:見る|見て|見ても|見比べ[てる]|比べる|比べて|比べても|比較する|比較して|考える|考えて|照合する|確認する|拡大する|した限り|見た限り|見比べた限り"
    r"|見たところ|した結果|したところ|除いて考える|比べた限り|ご依頼の件ですが)(?:と|も|では|は)?、"
)
_VERDICT_END = (
    r"(?:(?:いた)?し(?:ます|ました|た|て(?:おります|います))|する"
    r"|でき(?:ます|る|ました)|され(?:ます|る|ました)|いたします|)"
)
_TAILS = later(
    r"(?:"
    rf"と(?:判断|判定|結論|評価|認定|回答|推定|確認|報告|結論づけ|結論付け){_VERDICT_END}"
    r"|と(?:思い(?:ます|ました)|思[うっ]た?|思われ(?:ます|る)|考え(?:ます|る|ました|られ(?:ます|る))|言え(?:ます|る)|いえ(?:ます|る)|見られ(?:ます|る)"
    r"|見受けられ(?:ます|る)|見な(?:します|せます|す)|みな(?:します|せます|す)|お?答え(?:ます|します|る|いたします)|なり(?:ます|ました)|なる"
    r"|(?:考え|言っ|見|み|思っ|判断し)て(?:差し支え(?:ありません|ない)|よい|良い|いい|問題(?:ありません|ない)|間違い(?:ありません|ない))"
    r"|(?:言い切れ|いい切れ|断言でき|断定でき)(?:ます|る)|(?:見|み)(?:ます|る|ております)|考えられ|思われ|見られ"
    r"|(?:見る|考える)の?が(?:自然|妥当|適切)(?:で)?"
    r"|しか(?:言え|いえ|考えられ)(?:ません|ない)|(?:言|い)うほか(?:は)?(?:ありません|ない)|(?:言|い)わざるを得(?:ません|ない)"
    r"|(?:考える|見る|言う|するの)の?が妥当|(?:せ|し)ざるを得(?:ません|ない))"
    r"|(?:(?<=[しり一じ格良品gkえ])|(?<=はい))と(?:します|しました|いたします|する)"
    r"|(?<=同じ)に見え(?:ます|る|ました)|(?<=[じ一])の?ように見え(?:ます|る)"
    r"|(?:という|との)(?:判断|結論|お?答え|回答|判定|結果|こと|見解|評価|所見|状態|わけ)(?:に(?:なり|至り|達し)ま(?:す|した)|になる|となり(?:ます|ました))?"
    r"|(?<=[るたいな])こと(?:に(?:なり|至り)ま(?:す|した)|になる)"
    r"|ことを(?:確認|確かめ|見届け)(?:し|でき)?(?:ました|た|ています)"
    r"|(?:こと|の)が(?:確認(?:でき|され)|分かり|わかり|判明し|見て取れ|見え|うかがえ)(?:ま(?:す|した)|る|た)"
    r"|の?かな(?=と|$)|(?:の|(?<!せ)ん|もの|わけ|こと|よう|みたい)?(?:です|でした|だ|だった|である|であります|でしょう"
    r"|だろう)(?:よね|ね|よ)?|(?<=[るたいん])(?:よね|ね|よ)"
    r"|(?<=[るたいなの])(?:もの|わけ|状態にあり(?:ます|る)?|様子|状態|ため|ところ|よう)"
    r"|が(?:私の)?(?:答え|結論|回答)|(?<=[一-龠じァ-ヶー])な"
    r"|に(?:なり|至り)ます(?<=[えい]になります)|にお答えします"
    r")$"
)


def bare(text: str) -> str:
    """Return a piece without the endings that only assert it; those that deny or doubt it stay."""
    for _ in range(6):
        shorter = _TAILS.sub("", text)
        if shorter == text or not shorter:
            break
        text = shorter
    return text


_COMPARED = later(
    r"(?:の[^、はがも]{1,8})?(?:と(?!も|い|思)|に比べ|より|のよう|のとおり|の通り|のまま|どおり|通り)"
)


def side_of(text: str) -> int:
    """Return the picture that a piece speaks of; one that another is only compared with is none."""
    first = any(not _COMPARED.match(text, match.end()) for match in lexicon.FIRST.finditer(text))
    second = lexicon.SECOND.search(text) is not None
    if lexicon.BOTH.search(text) or first == second:
        return 0
    return 1 if first else 2


def cut(sentence: str, number: int) -> list[Piece]:
    """Return the pieces of a sentence that is normalised and holds no quotation marks."""
    text = lexicon.masked(sentence.strip(" 。.!！、"))
    text = re.sub(r"^(はい|いいえ)(?=、)", r"\1。", text)
    text = _SO.sub("。", _BUT.sub("§", text))
    found: list[Piece] = []
    contrast = False
    side = 0
    parts = re.split("([。§])", text)
    for place in range(0, len(parts), 2):
        mark = parts[place + 1] if place + 1 < len(parts) else ""
        for piece in _at_commas(parts[place].strip("、 ")):
            piece, against = _without_lead(piece)
            if not piece:
                continue
            side = side_of(piece) or (0 if lexicon.BOTH.search(piece) else side)
            contrast = contrast or against
            found.append(Piece(piece, bare(piece), number, contrast, False, side, False))
            contrast = False
        if mark == "§" and found:
            found[-1] = found[-1]._replace(conceded=True)
            contrast = True
            side = 0
    if found:
        found[-1] = found[-1]._replace(last=True)
    return found


def _at_commas(text: str) -> list[str]:
    """Cut at the commas that come after a predicate; others stand between nouns or after a topic."""
    found: list[str] = []
    current = ""
    for chunk in text.split("、"):
        if current and _other_side(current, chunk):
            found.append(current)
            current = ""
        current = f"{current}、{chunk}" if current else chunk
        ends = _PREDICATE.search(current) and not _ADVERBIAL.search(current)
        if ends or (chunk.endswith("で") and _TOPIC.search(current[:-1]) and not _ADVERBIAL.search(current)):
            found.append(current)
            current = ""
    return [*found, current] if current else found


_OF_SIDE = later(r"(?:の[^、は]{1,14})?[でに]?は")


def _other_side(before: str, chunk: str) -> bool:
    """Say whether a chunk turns to the other picture: 「1枚目は青、2枚目は赤」."""
    if not side_of(before) or not _OF_SIDE.search(before):
        return False
    opens = lexicon.FIRST.match(chunk) or lexicon.SECOND.match(chunk) or lexicon.OTHER.match(chunk)
    return opens is not None and _OF_SIDE.match(chunk, opens.end()) is not None


def _without_lead(piece: str) -> tuple[str, bool]:
    """Return a piece without the words that only lead to it, and whether they set it against another."""
    against = False
    for _ in range(4):
        match = _LEAD.match(piece)
        if match:
            against = against or match["but"] is not None
            piece = piece[match.end() :]
            continue
        label = _LABEL.match(piece)
        if label:
            piece = piece[label.end() :]
            continue
        look = _LOOK.match(piece)
        if look is None or lexicon.DOUBT.search(look[0]) or lexicon.FAULT.search(look[0]):
            break
        if lexicon.ALIKE.search(look[0]) or lexicon.BARE_NO.search(look[0]):
            break
        if lexicon.LIGHT.search(look[0]) and "除" in look[0]:
            piece = piece[look.end() :]
            continue
        piece = piece[look.end() :]
    return piece, against
