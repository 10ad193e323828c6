"""What a Japanese sentence decides: 「答えはいいえに落ち着きました」, 「花が減った、だから違う」.

Each vote is taken at the end of its sentence, where Japanese says what it holds for true. What follows the
word that decides may only be polite or conclude; what stands before it may not suppose, report or doubt it.
"""

import re
from functools import lru_cache
from typing import Literal

from kurabe.reading.japanese import lexicon
from kurabe.reading.patterns import later

Vote = Literal["same", "different"]

_NOUN = (
    "(?:違い|相違点?|差異?|差分|変化|変わり|変更|異同|食い違い|不一致|変わった(?:ところ|点|箇所|もの)|変わるところ|異なる(?:ところ|点|箇所)"
    "|違う(?:ところ|点|箇所)|異状|著変|増減|列挙すべきもの|(?:変化|違い)(?:と|として)(?:呼べる|言える|数える(?:べき)?)(?:もの|点|ところ)"
    "|(?:変わった|動いた)ところ)"
)
_NONE = (
    "(?:な(?:い|し|く|かった|さそう)|ありません|ございません|無(?:い|し)|ゼロ|皆無|見られ(?:な|ま|ず)|見つか(?:らな|りま|らず)|見つけられま|認め(?:な|ま|ず|られ(?:な|ま|ず))"
    "|起き(?:てい(?:な|ま)|ておら)|生じ(?:てい(?:な|ま)|ておら)|出て(?:い(?:な|ま)|おら)|検出され(?:な|ず|ま)|発見され(?:な|ず|ま)|確認され(?:な|ず|ま)|感じられ(?:な|ま)"
    "|(?:に|とは|には)(?:当たりま|当たらな|なりま|ならな|呼べま|呼べな)|数え(?:ま|な)|得られな|指摘できま)"
)
_UNCHANGED = (
    "(?:(?:変わ(?:って|り)|変化(?:して|はして|は)?|変更(?:されて|は)|違って|異なって)(?:は)?(?:い|お)?(?:ない|ません|なかった|らず|りません)"
    "|違わ(?:ない|ず|なかった)|変わら(?:ない|ず|なかった)|変わりません|異なりません|無変化|保存されて(?:いる|います|おり))"
)
_SAME_WORD = (
    "(?:同じ(?:もの|状態|品)?|同一(?:品|物)?|同等|同レベル|一緒|等しい|不変|一致(?:し(?:て(?:いる|います|おり)|ます)|する)?|合致(?:し(?:て(?:いる|います)|ます)|する)?"
    "|(?:すべて|全部|全て|最後まで|いずれも)、?(?:二枚で|2枚で)?(?:合って(?:いる|い(?:ま|る))|合い(?:ま)|合う|揃って(?:い)))"
)
_PAIR = (
    "(?:(?:2|二)枚(?:の(?:写真|画像|袋|[一-龠ァ-ヶ]{1,8}))?|両者|二者|両(?:写真|画像)|(?:もの|物|品物|現物|本体|被写体|パン)(?:自体|そのもの)?|双方|ふたつ|二つ(?:の[^、。]{1,6})?|状態"
    "|外観|[^、。]{1,12}と[^、。]{1,12})"
)
_POLITELY = (
    "(?:です|だ|である|でした|ます|ました|といたし|と|という|いう|こと|になり|となり|なる|判断|判定|結論|回答|お?答え|答|ご?報告|申し上げ|処理|述べ|言え|いえ|言い|思い|思う|考え|存じ|見て|見|み|みな"
    "|認め|記録|し|する|いたし|て|おき|おり|おく|よい|いい|よろしい|扱い|ので|から|ため|ね|よ|わ|かと(?!思)|もの|ん|の(?:で|です|だ)|というのが私の(?:結論|答え)|が(?:私の)?(?:結論|答え|判断)|で|、|さ|せて"
    "|いただき|ましょう|とします|でしょう|ところ|次第|を(?:選択|選び|採用|選)|に(?:入れ|し)|ざるを得|以上|まで)"
)
_TAIL = (
    "(?P<tail>(?:いる|います|い|せん|し|く|かった|んで|って|て|った|ました|りません|ません)?(?:でした)?"
    f"{_POLITELY}*)$"
)


def _ending(text: str) -> re.Pattern[str]:
    """Return an expression of several endings, each with the words behind it in a group of its own."""
    parts = text.split("P<tail>")
    return later("".join(f"{part}P<tail{place}>" for place, part in enumerate(parts[:-1])) + parts[-1])


_SAME = _ending(
    f"(?:^|[^間]){_NOUN}(?:点|所)?(?:は|が|も|を|に|とは|には|という|(?=な[しく]|ゼロ|無し|皆無|を認|認め))、?(?:もう|全く|まったく|何も|何一つ|一つも|一切|どこにも|特に|これといって|[.…]+)*、?{_NONE}{_TAIL}"
    f"|{_UNCHANGED}{_TAIL}"
    f"|(?:^|、|。|は)(?:した?がって|よって|ゆえに|以上より|結論として|つまり|だから|だったら)?、?{_PAIR}(?:は|が|も|とも)、?(?:まったく|全く|ほぼ|完全に|正確に)?{_SAME_WORD}{_TAIL}"
    f"|(?:変わ(?:って(?:い)?な|らな)い|(?:違い|変化|差)の(?:な|無)い)(?:2枚|二枚|[一-龠ァ-ヶー]{{1,6}}|もの){_TAIL}"
    f"|同じ[^、。]{{1,12}}(?:の|が|で)、?同じ(?:状態|もの|姿){_TAIL}"
    f"|^(?:総合|結論|判定|全体)?[:：、は]?{_SAME_WORD}{_TAIL}"
)
_DIFFERENT = _ending(
    f"{_NOUN}(?:は|が|も)?、?(?:明らかに|確かに|1つ|一つ|一件|1件|1か所|一か所)?(?:ある|あり(?:ます|ました)?|あった|ございます|存在(?:する|します|しました)|出(?:た|ました|ています)"
    f"|生じ(?:た|て|ました)|認め(?:る|ます|られ(?:る|ます|ました))|残(?:る|ります|りました)|見つか(?:った|りました)){_TAIL}"
    f"|(?:^|[、はがもとで])(?:前(?:回)?と|前とは|両者は|二者は|だから|よって|ゆえに|すなわち|したがって)?(?:違う|違い(?:ます|ました)|異な(?:る|ります|って(?:いる|います|おり))|変わ(?:った|りました|っています|っている)"
    f"|相違(?!な|を|は|が|箇|点)|不一致|不同|別状態|別物|変化(?=です|だ|と(?:判定|み|見)|$)){_TAIL}"
    f"|(?:一致し(?:ない|ません|なかった)|合わ(?:ない|ません)|同じ(?:だ)?(?:とは|では|で|、とは)(?:到底)?(?:言え(?:な|ま)|なら(?:な|ま)|な|ありま)){_TAIL}"
)
_ANSWER = later(
    "(?P<head>.*?)(?:^|[、はをにがで:：→=＝… ]|から|ので|ため|という|だったら|よって|ゆえに"
    "|したがって|つまり|結論)(?P<say>はい|いいえ"
    "|肯定|否定|陽性|陰性|イエス|ノー)(?P<tail>、?(?:のほう|で(?:ある|す|ございます)|だ|ね|わ"
    "|を(?:採用|選択|選び|選)"
    "|で(?:動きません|大丈夫|よい|いい|よろしい|結構)|に(?:落ち着き|決め|入れ|なり|傾き)|と(?:なり|する|し(?:ま|て)|させて|お?答え|ご理解|記入|応答|言うほか|申し上げ|回答|報告|述べ|判断|結論|考え|判定|評価)"
    "|が(?:妥当|適切|正し)|、(?:違い|差|変化|相違)|と$|、理由|、なぜなら)[^。]{0,30})?$"
)
_LEADS = later("^(?:はい|いいえ)、")
_SUPPOSES = later(
    "もし|仮に|(?:れ|け|せ|て|め|べ|ね|げ|え)ば(?!か|ね|い)|なら(?!ず|な|べ)|たら(?!し)|ようで|場合|ところでした|期待|かもしれ|可能性|でしょうか|だろうか|[?？]$|とは限|わけでは|とは言え(?=な|ま)|思いき"
    "|と書|という(?:文字|宣伝|説明|タイトル|字|題|名)|と言いたく|断じるには|主張する|言いかけ|はずです|はずだ|とのこと|らしい|迷|ほとんど|あまり|それほど|大差|大した|さほど|かと思|気がし|ように(?:思|感)|とも(?:言|い)え|多分|確実では|(?:とき|時|際)(?:は|に|$)|人によ|質問は|設問|ある人|誰も|言う人|ということは(?:あ?りま|な)|ないところ|でないもの|ほか(?:に|は)|他に(?:は)?|以外に|その他|ように見え|かに思え|か(?:どうか|否か)|ではない(?:でしょう)?か"
)
_BACK = later(
    "^か(?!と)|^とも|ない(?!と(?:い|判|思|考|報|見|述|結|回|答)|こと|もの)|ません(?!でした)|ず$|(?<!せ)んが|が、|けれど|けど|ものの|とは(?:言|い)え|わけでは|か$|嘘|誤|撤回|疑"
    "|言われ(?!ね)|聞|仮定|予定|べき|がた|難|なくも|に等し|としても|言い切|かも|もら|はず|つもり|ふり|見え|とする(?!$)|根拠"
)
_OF_PICTURE = later(
    f"{lexicon.LIGHT.pattern}|露出|濃淡|色かぶり|ざら|粗さ|立ち位置|撮る位置|写真として|写真上|画像として|背景|サイズ|ファイル|日時|時刻|解像"
)
_PART = later(
    "(?:明暗|光|影|照明|背景|写真として|写真上|画質|写り|見え方|色味|雰囲気|印象|可能性|自信|問題|支障)(?:の|は|が|に|には)?[^、。]{0,6}$"
)


def _said(say: str) -> Vote:
    return "same" if say in ("いいえ", "否定", "陰性", "ノー") else "different"


_SURELY = later(
    "(?:言わ|答え|認め|判断せ|せ|考え)ざるを得(?:ません|ない)|(?:言わ|せ|答え)(?:ね|なけれ)ばなりません|と(?:言|いう|言う)ほか(?:あ?りません|ない)|で動きません"
    "|(?:て)?差し支え(?:は)?(?:あ?りません|ない)|(?:に|は)?(?:間違い|違い)(?:は)?ありません(?=$|。)|に疑い(?:は)?(?:ありません|ない)|と見るべき(?:です|だ|である)?"
)
"""What denies nothing, though it holds a denial."""
_SET_APART = later(
    "^[^、。]{0,24}(?:(?:言え|よけれ|まとめる)(?:ば|と)、|質問に[^、。]{0,8}答えるなら、|(?:度外視|無視|除外|除|惑わされなけ|差し引|見|比べ)(?:す)?(?:れ?ば|ると)、?)"
)
_BECAUSE = later("、?(?:なぜなら|というのも).*$")
CONCEDES = later("(?<=[すいたるだん])(?:が|けど|けれども?|ものの)、")
_KEY = later("^(?P<key>[^:：。、]{1,14})[:：]")
_DECIDING = later("判定|結果|結論|総合|回答|答え|評価|最終|差|違い|変化|一致|所見$")
_STEP = later("^(?:まず|次に|続いて|最後に|一つ目|二つ目|三つ目)")
"""One step of a comparison: what it says, it says of one thing."""


def _plainly(text: str) -> str:
    """Return a sentence without what only leads to its end: concessions, and how one looked."""
    text = _BECAUSE.sub("", _SURELY.sub("とします", text.strip(" 。.!！").rstrip("ねよわ")))
    last = CONCEDES.split(text)[-1]
    return _SET_APART.sub("", last)


def _of_something(text: str, place: int) -> bool:
    """Say whether a yes or no answers a key that does not ask for the answer: 「傷:いいえ」."""
    before = text[:place].rstrip("「『 　")
    return before.endswith((":", "：", "=", "＝")) and not _ASKS.search(before[:-1].rsplit("。", 1)[-1])


_ASKS = later("答え|回答(?!例)|判定|結論|結果|総合|最終|一言|評価|結び|判断")


def _labelled(text: str) -> bool:
    """Say whether a line gives the state of one thing behind its name: 「寸法：差なし」."""
    key = _KEY.match(text)
    return key is not None and not _DECIDING.search(key["key"])


@lru_cache(maxsize=4096)
def answered(text: str) -> Vote | None:
    """Return what a sentence answers by a word for yes or no at its end."""
    text = _plainly(text)
    match = _ANSWER.fullmatch(text)
    if match is None:
        return None
    head, tail = match["head"], match["tail"] or ""
    if _SUPPOSES.search(head.removesuffix("だったら")) or _of_something(text, match.start("say")):
        return None
    if "とは" in tail or (
        tail and _BACK.search(tail) and not tail.startswith(("と言うほか", "で動き", "、", "で大丈夫"))
    ):
        return None
    if "はい" in tail or "いいえ" in tail:
        return None
    if ("はい" in head or "いいえ" in head) and not head.endswith(("ではなく", "でなく", "ではなくて")):
        return None
    return _said(match["say"])


_LED = later(
    "^(?:以上(?:により|から|より)?|した?がって|よって|ゆえに|そのため|結論|つまり|総合|要するに|ですから|だから|従って|という(?:こと|わけ)で)|(?:ので|ため|から|以上)、"
)
_SUBJECT = later("(?P<what>[^、。はもが]{1,24}?)(?:に(?:は|も)?|の|は|も|が|と)(?=[^、。]{0,12}$)")
_WHOLE = later(
    "(?:枚|両|写真|画像|物|もの|品|間|本体|状態|比較|検査|お尋ね|意味|自体|そのもの|全体|前後|対象|全部|両者|二者|双方|ひとつ|一つ|判定|答え|結論(?:として)?|すべて|全て|どこ|結果|限り|範囲|とおり|通り|二者|二点|ふたつ|二つ|同士|他方|互い)(?:の|に|は|には|も|が)?$"
)


def of_a_part(text: str) -> bool:
    """Say whether a sentence says of one thing alone that it has not changed, and concludes nothing."""
    step = _STEP.match(text)
    text = _plainly(text)
    match = _SAME.search(text)
    if step:
        return match is not None
    if match is None or _LED.search(text):
        return False
    before = text[: match.start() + (match.start() > 0)]
    named = _SUBJECT.search(before)
    return (
        named is not None
        and not _WHOLE.search(named["what"])
        and not _WHOLE.search(before.rsplit("、", 1)[-1])
    )


_ONLY_LIGHT = later(
    "(?:違|異な|変わ|変化し|差は|気づい|気付い)[^。]{0,24}(?:だけ|のみ|くらい|ぐらい|に尽き|に過ぎ|にすぎ)(?!で(?:は|な)|では?な)[^。]{0,14}$"
)
_EXCEPTS = later("を除|以外|例外|を別に|だけは|だけが")


def only_light(text: str) -> bool:
    """Say whether a sentence says that all that differs is light: 「違うのは露出だけです」."""
    lit = _ONLY_LIGHT.search(text) and _OF_PICTURE.search(text)
    return bool(lit) and not lexicon.FAULT.search(lexicon.masked(text))


@lru_cache(maxsize=4096)
def stated(text: str) -> Vote | None:
    """Return what a sentence states of the pair at its end."""
    text = _plainly(text)
    if _SUPPOSES.search(text) or _labelled(text):
        return None
    if (
        _ONLY_LIGHT.search(text)
        and _OF_PICTURE.search(text)
        and not lexicon.FAULT.search(lexicon.masked(text))
    ):
        return "same"
    if _EXCEPTS.search(text) and not _OF_PICTURE.search(text):
        return None
    if (match := _SAME.search(text)) and not _turned(match) and not _PART.search(text[: match.start() + 1]):
        return "same"
    if (
        (match := _DIFFERENT.search(text))
        and not _turned(match)
        and not _OF_PICTURE.search(_last(text[: match.start() + 1]))
    ):
        return "different"
    return None


def _turned(match: re.Match[str]) -> bool:
    """Say whether the words behind the one that decides may take it back."""
    return any(told and _BACK.search(told) for told in match.groupdict().values())


def _lit(text: str) -> bool:
    return _OF_PICTURE.search(text) is not None and not _NOT_LIT.search(text)


_NOT_LIT = later("(?:では|として|で(?:は)?)(?:説明|片づけ|片付け)?(?:でき|られ)?(?:な(?:い|く)|ませ|ありま)")


def _last(text: str) -> str:
    return text.rsplit("、", 1)[-1]
