"""Sentences that say outright, of the whole and without reserve, that two things are the same.

An answer that holds one of them and is read as "different" has been misread or contradicts itself, unless it
says the other thing outright, too. A sentence with an exception, a first impression, or a turn behind it
("However, …") is none of them.
"""

import re

from kurabe.reading.patterns import later

_OPENING = (
    r"(?:(?:so|thus|hence|therefore|overall|in short|all in all|as a result|in conclusion|in summary"
    r"|to sum up|for th(?:ese|is) reasons?|as far as i (?:can (?:see|tell|judge)|see)"
    r"|from what i (?:can )?see|my conclusion|conclusion|i conclude that"
    r"|i(?:'d| would)? say(?: that)?),?:? )*"
)
_TWO = r"(?:they|(?:the|these|those) two(?: [\w-]+){0,3}|both(?: [\w-]+){1,3})"
_WHOLLY = (
    r"(?:(?:completely|entirely|fully|exactly|visually|essentially|perfectly|all|absolutely|really|simply) )?"
)
_SAME = r"(?:identical|the same|unchanged|indistinguishable|equal|alike)(?: to each other)?"
_ENGLISH = later(
    rf"(?i)^{_OPENING}(?:"
    rf"{_TWO} (?:are|look|appear|can be (?:considered|regarded as)|have stayed|remain) {_WHOLLY}{_SAME}"
    rf"|{_TWO} (?:don't|do not) differ|the [\w-]+(?: [\w-]+)?s (?:don't|do not) differ"
    rf"|nothing (?:at all )?(?:differs|has changed|is different)(?: in the [\w -]{{2,24}} itself)?"
    rf"|the [\w -]{{2,24}} itself (?:has not|hasn't) changed"
    rf"|the [\w -]{{2,24}} itself (?:is|remains) (?:unchanged|the same)"
    rf"|there(?:'s| is) nothing that (?:would )?sets? (?:them|the two[\w -]{{0,24}}) apart"
    r")(?: in (?:both|the two) (?:pictures|images|photos))?$"
)
_NONE_AFTER_ALL = later(
    r"(?i)\b(?:so|and|thus|hence|therefore),? (?:this|that|it)(?: is not|'s not| isn't) (?:an?) "
    r"(?:real |actual )?difference$"
)
_TURN = later(
    r"(?i)^(?:however|but|yet|still|only|on (?:a )?closer|looking (?:closer|again)|a closer|zooming|upon"
    r"|when i|wait|actually|no|hmm|sorry|correction|scratch that|nevertheless|nonetheless|that said|except"
    r"|with one|apart from|the only|until|or so|almost|though|in fact)\b"
)
_SENTENCES = later(r"(?<=[.!?])\s+|\n+|[;:]\s+")

_PAIR = "(?:2つ|二つ|2枚|2本|2個|2台|2冊|2足|2着|両者|両方|双方)"
_UNCHANGED = (
    "(?:変わって(?:いません|いない)|変わりません|変わらない|変わりはありません"
    "|変化は?(?:ありません|ない|見られません|認められません)|同じです|同じだ|同一です|同一だ)"
)
_JAPANESE = later(
    f"^(?:(?:結論として|全体として|以上から|したがって|よって|つまり|結局)(?:、)?)?(?:"
    f"(?:どちら|両方|いずれ)(?:の(?:画像|写真))?にも(?:まったく|全く)?同一の[^、]{{1,15}}が写って(?:います|いる)"
    f"|同じ[^、]{{1,14}}が同じ状態で写って(?:います|いる)"
    f"|{_PAIR}(?:の[^、]{{1,12}})?は(?:すべて|完全に|まったく|全く)?(?:同じ|同一)(?:です|だ)"
    f"|[^、]{{1,12}}(?:自体|そのもの)(?:は|に){_UNCHANGED}"
    f"|2枚目の(?P<thing>[^、]{{1,12}})は1枚目の(?P=thing)と(?:一致し(?:ます|ています|ている)|同じです)"
    ")$|"
    f"^(?:結論として|全体として)、[^、]{{1,14}}(?:は|に){_UNCHANGED}$"
)
_TURN_JA = later(
    "^(?:しかし|ただ|だが|ですが|けれど|一方|でも|とはいえ|よく見|見直|拡大|もっとも|違い|唯一|例外|逆に|ところが|にもかかわらず)"
)


def states_sameness(text: str) -> str | None:
    """Return the first sentence that says outright that the two are the same; None if there is none."""
    for sentences, same, turn in (
        (_SENTENCES.split(text), _ENGLISH, _TURN),
        (re.split("[。\n]", text), _JAPANESE, _TURN_JA),
    ):
        said = [sentence.strip(" *#->\"'.!") for sentence in sentences]
        for sentence, behind in zip(said, [*said[1:], ""], strict=True):
            if same.match(sentence) and not turn.match(behind):
                return sentence
            if not behind and _NONE_AFTER_ALL.search(sentence):
                return sentence
    return None
