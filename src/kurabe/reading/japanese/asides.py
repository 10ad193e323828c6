"""Japanese sentences that state nothing of the pair: requests, advice, and messages of a system.

「…を確認してください」 asks for something, whatever it names on the way; 「エラーが発生しました」 tells of a
program, and not of a part. What an answer says is what is left without them.
"""

import re

from kurabe.reading.patterns import later

_REQUEST = later(
    "(?:ください|下さい|くださいませ|て(?:ほしい|欲しい)(?:です)?|(?:て|で)(?:いただけ|もらえ)ますか"
    "|お願い(?:し|いたし|致し)ます"
    "|(?:し|い|り|き|ち|み|べ|め|け|げ|せ|て|ね|れ|び|に)ましょう"
    "|(?:る|う|く|す|つ|ぬ|ぶ|む|ぐ)と(?:よ|良|い)い(?:です|でしょう|と思います|かと思います|ですよ)?"
    "|たら(?:よい|良い|いい)(?:です|でしょう|と思います)?|ては?(?:いかが|どう)(?:です|でしょう)(?:か)?"
    "|た(?:ほう|方)が(?:よ|良|い)い(?:です|でしょう|と思います)?"
    "|こと(?:を|が)(?:お勧め|おすすめ|お薦め|お奨め|推奨)(?:し|いたし|致し|され)?(?:ます|です)"
    "|(?:の|こと)(?:を|が)(?:お勧め|おすすめ|お薦め)(?:です|します))[ねよ]?"
)
_ASSERTS = later(
    "と(?:お|ご)?(?:考え|判断|判定|みな|見な|思|理解|回答|答え|して|し(?=まし)|言|い[えっ]|結論|とらえ|捉え)"
    "[^、。]{0,8}$|(?:言|い)えましょう$"
)
"""A request to take something for so: 「違いがあるとお考えください」 says that there is one."""
_BEFORE = later(
    "(?P<head>.*(?:です|ます|ません|でした|ました|[るたいだ]))"
    "(?:ので|から|ため|が|けれども|けれど|けど|ものの|し)、?[^。]*?$"
)
_OFTEN = later("こと(?:が|も)(?:ある|あります|多い|多いです)$|やすい(?:です)?$")
"""What is told of such parts in general, as the reason of an advice."""

_SYSTEM = (
    "(?:内部|予期(?:し|せ)ぬ|予期しない|予期せぬ|不明な|何らかの|致命的な|一時的な|重大な|サーバー?"
    "|システム|通信|ネットワーク|接続|処理|実行|解析|推論|生成|読み込み|読込|アップロード|画像|写真|ファイル"
    "|データ|モデル|api|メモリ|時間|応答|リクエスト|入力|プログラム|アプリ(?:ケーション)?|技術的な|側|内|中|時"
    "|の|に|で|が|は|を|と|を?完了|処理中|実行中|送信|受信|取得|申し訳(?:ありません|ございません)が?|、|大変|現在|只今|ただいま"
    "|[0-9]+(?![0-9])|:|エラー|コード|上)"
)
_MESSAGE = later(
    f"(?:{_SYSTEM}{{0,5}}(?:エラー|問題|障害|不具合|例外|トラブル|タイムアウト|error|timeout)"
    "(?:が|は|に)?(?:発生|起き|起こり|生じ|なり|検出され)(?:し)?(?:まし|てい|ており)?(?:た|ます|る)?"
    f"|{_SYSTEM}{{1,5}}(?:(?:読み込|開|取得|受信|送信|処理|完了|接続|表示|解析|アクセス|デコード|実行|生成)"
    "(?:(?:が|は|に|を)?(?:でき|め|け|することができ|することはでき|し|され))(?:ません|ない)(?:でした)?"
    "|失敗し(?:まし)?た|失敗(?:です)?|切れ(?:まし)?た|切れです|中断(?:され|し)(?:まし)?た|超過し(?:まし)?た|タイムアウト(?:し(?:まし)?た|です)?)"
    f"|(?:{_SYSTEM}{{0,5}})(?:エラー|タイムアウト|時間切れ)(?:です|しました|でした|になりました)?"
    "|[^、。]{0,14}(?:再試行|リトライ|再起動|再読み込み|再送)[^、。]{0,10})",
    re.IGNORECASE,
)
_LONGEST = 60
"""Characters of a message."""
_SENTENCE = later("[^。！!?？\n]+[。！!?？]?")


def stated(text: str) -> str:
    """Return a text without what only asks for something, and without messages of a system."""
    return _SENTENCE.sub(lambda match: _left(match[0]), text)


def _left(sentence: str) -> str:
    """Return what a sentence states: nothing where it is a message, its reason where it asks."""
    said = sentence.strip(" \u3000・*-。！!?？")
    if len(said) <= _LONGEST and _MESSAGE.fullmatch(said):
        return ""
    if not _asks(said):
        return sentence
    before = _BEFORE.fullmatch(said)
    if before is None or _OFTEN.search(before["head"]):
        return ""
    return before["head"] + "。"


def _asks(said: str) -> bool:
    end = _REQUEST.search(said)
    while end is not None and end.end() != len(said):
        end = _REQUEST.search(said, end.start() + 1)
    return end is not None and _ASSERTS.search(said) is None
