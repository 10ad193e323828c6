"""What turns, hedges or takes back a statement: one frame a line, to be put round any statement.

``{s}`` is the statement without its full stop, ``{S}`` the same at a beginning, ``{p}`` its plain form in
Japanese, ``{o}`` and ``{ol}`` a statement of the opposite.
"""

from kurabe.common.vocabulary import Verdict

ENGLISH: dict[Verdict, tuple[str, ...]] = {
    "same": (
        "They are identical.",
        "There is no difference.",
        "There are no differences between the two images.",
        "I see no difference.",
        "Nothing differs.",
        "No difference is visible.",
        "Both pictures look the same.",
        "They do not differ.",
    ),
    "different": (
        "They are different.",
        "There is a difference.",
        "They are not the same.",
        "The left pin is missing in the lower picture.",
        "One pin is bent in the second image.",
        "They are the same except for the left pin.",
        "A scratch is visible in the lower picture only.",
        "The lower picture lacks the label.",
    ),
}

JAPANESE: dict[Verdict, tuple[str, ...]] = {
    "same": (
        "違いはありません。",
        "同じです。",
        "2枚の写真は同じです。",
        "違いは見られません。",
        "両者は一致しています。",
        "違いはなさそうです。",
        "どちらも同じです。",
    ),
    "different": (
        "違いがあります。",
        "2枚の写真は異なります。",
        "同じではありません。",
        "下の写真では左のピンが欠けています。",
        "左のピン以外は同じです。",
        "下の画像にだけ傷があります。",
        "ピンの色が違います。",
    ),
}

NEGATORS = r"""
It is not true that {s}.
It isn't true that {s}.
It is untrue that {s}.
It's false that {s}.
It is not the case that {s}.
It is wrong that {s}.
It would be wrong to say that {s}.
It would be incorrect to claim that {s}.
It is a mistake to think that {s}.
It is a lie that {s}.
It is a myth that {s}.
It is hardly true that {s}.
It is by no means true that {s}.
It cannot be said that {s}.
It can't be claimed that {s}.
It is impossible that {s}.
It is unlikely that {s}.
It is doubtful that {s}.
It is doubtful whether {s}.
It is questionable whether {s}.
It is not clear that {s}.
It is not obvious that {s}.
It is far from clear that {s}.
It is far from true that {s}.
It is anything but true that {s}.
It does not appear that {s}.
It doesn't seem that {s}.
It doesn't look as if {s}.
It does not look like {s}.
It is no longer true that {s}.
It is inaccurate to say {s}.
It is unreasonable to conclude that {s}.
It is unfair to say that {s}.
It is disputed that {s}.
It has not been shown that {s}.
It was never the case that {s}.
It remains unproven that {s}.
I cannot say that {s}.
I can't say {s}.
I cannot confirm that {s}.
I can not agree that {s}.
I do not think that {s}.
I don't think {s}.
I don't believe {s}.
I do not see that {s}.
I don't find that {s}.
I doubt that {s}.
I doubt {s}.
I deny that {s}.
I refute that {s}.
I reject the idea that {s}.
I reject the claim that {s}.
I dispute that {s}.
I refuse to say that {s}.
I disagree that {s}.
I disagree with the statement that {s}.
I would never say that {s}.
I would hesitate to say that {s}.
I would be lying if I said that {s}.
I wouldn't say {s}.
I would not claim that {s}.
I would not go so far as to say that {s}.
I am not convinced that {s}.
I'm not sure that {s}.
I am not certain {s}.
I am unable to say that {s}.
I am unable to confirm that {s}.
I fail to see that {s}.
I fail to see how {s}.
I find it hard to believe that {s}.
I have no reason to say that {s}.
I have no evidence that {s}.
I see no evidence that {s}.
I see no indication that {s}.
I see no sign that {s}.
I see nothing to suggest that {s}.
I find nothing that shows that {s}.
I have my doubts that {s}.
I used to think that {s}.
I wish {s}.
I wish I could say that {s}.
I wanted to say that {s}.
I almost said that {s}.
I thought that {s}.
I initially thought {s}.
I wrongly assumed that {s}.
I expected that {s}.
I assumed {s}.
Nobody would say that {s}.
No one could claim that {s}.
Nobody can say that {s}.
No careful inspector would say that {s}.
Few people would say that {s}.
Only a fool would say that {s}.
Who would say that {s}?
Nothing suggests that {s}.
Nothing indicates that {s}.
There is nothing to suggest that {s}.
There is no evidence that {s}.
There is no indication that {s}.
There is no reason to believe that {s}.
There is no proof that {s}.
There is no sign that {s}.
There is no way that {s}.
There is little evidence that {s}.
There is no chance that {s}.
There is no basis for saying that {s}.
There is doubt that {s}.
The claim that {s} is false.
The statement that {s} is not true.
The statement "{s}" is false.
The idea that {s} is wrong.
The notion that {s} does not hold.
The suggestion that {s} is absurd.
The assertion that {s} is mistaken.
That {s} is false.
That {s} is not true.
That {s} is not the case.
That {s} cannot be said.
To say that {s} would be wrong.
Saying that {s} would be a mistake.
To claim that {s} is an error.
Claiming {s} is wrong.
Whoever says that {s} is wrong.
Anyone who says that {s} is mistaken.
If I said that {s}, I would be wrong.
Were I to say that {s}, I would be lying.
{S}, which is false.
{S}, which is not true.
{S} is false.
{S} is not true.
{S} is wrong.
{S}? No way.
{S} — not.
{S}, not!
{S}: false.
{S}: not true.
{S}: incorrect.
{S}. That is false.
{S}. That is not true.
{S}. That is wrong.
{S}. This is incorrect.
{S}. This is not the case.
{S}. Just kidding.
{S}. Scratch that.
{S}. I was wrong.
{S}. On second thought, the opposite is true.
{S}. The opposite is true.
{S}. Or rather not.
{S}. But I am wrong.
{S}. Not really.
{S}. I take that back.
{S}. Ignore that.
{S}, but that is not true.
{S}, but this is false.
{S}, but I am wrong.
{S}, or rather the opposite.
{S}, said nobody.
{S} in no way.
{S} would be a lie.
{S} would be wrong to say.
{S} is what I cannot say.
{S}, is what a careless inspector would say.
{S}, I would not say.
{S}, I do not think.
{S}, I don't think so.
{S}, I doubt it.
Not: {s}.
Not that {s}.
Never would I say that {s}.
By no means {s}.
In no way can it be said that {s}.
Under no circumstances can I say that {s}.
Far from it that {s}.
Contrary to what was said, {s} is false.
Contrary to the claim that {s}, the opposite holds.
Hardly can one say that {s}.
Rarely is it said that {s}.
Neither can I say that {s}.
No, it is not so that {s}.
False: {s}.
Wrong: {s}.
Untrue: {s}.
The opposite of "{s}".
The opposite of what I see is that {s}.
It is not only doubtful but false that {s}.
I am far from saying that {s}.
I am far from convinced that {s}.
I stop short of saying that {s}.
I can hardly say that {s}.
I can scarcely say that {s}.
I can barely claim that {s}.
I hesitate to say that {s}.
I am reluctant to say that {s}.
I am not in a position to say that {s}.
I have failed to establish that {s}.
I was unable to find that {s}.
I could not find that {s}.
I didn't notice that {s}.
My answer is not that {s}.
My conclusion is not that {s}.
The answer is not that {s}.
The truth is not that {s}.
"""

HEDGES = r"""
Maybe {s}.
Perhaps {s}.
Possibly {s}.
Probably {s}.
It is possible that {s}.
It may be that {s}.
It might be that {s}.
It could be that {s}.
It is conceivable that {s}.
I guess {s}.
I suppose {s}.
I suspect {s}.
I am inclined to say {s}.
If the light were better, I might say {s}.
If I had to guess, {s}.
Assuming the pictures are complete, {s}.
Supposing that {s}, I would pass the part.
Suppose that {s}.
If {s}, the part is good.
Unless {s}, the part is bad.
Whether {s} is unclear.
Whether {s} I cannot tell.
Had I looked closer, I could say that {s}.
Some would say that {s}.
Some people think that {s}.
The prompt says that {s}.
The user claims that {s}.
The label says {s}.
One might think that {s}.
You might think {s}.
At first I thought that {s}.
Someone told me that {s}.
They say that {s}.
A careless inspector would say that {s}.
Imagine that {s}.
Let us assume that {s}.
Let's say {s}.
Pretend that {s}.
Either {s}, or not.
{S}, or maybe not.
{S}, perhaps.
{S}, maybe.
{S}, but I am not sure.
{S}, but I could be wrong.
{S}, I think, but cannot be certain.
{S}. However, I am not sure.
{S}. But I might be wrong.
{S}. I am not certain.
{S}. Hard to say, though.
{S}?
Do you think that {s}?
Is it that {s}?
Can one say that {s}?
{S}, right?
{S}, isn't it?
I was asked whether {s}.
The question is whether {s}.
We need to determine whether {s}.
Check if {s}.
Please tell me whether {s}.
I would say that {s} if I saw them better.
{S} unless I am mistaken.
{S}, provided the pictures are right.
{S}, assuming I see it right.
Ideally, {s}.
Normally {s}.
In theory {s}.
Supposedly {s}.
Allegedly {s}.
Apparently it is claimed that {s}.
It is said that {s}.
It is rumoured that {s}.
It is hoped that {s}.
I hope that {s}.
I fear that {s}.
I want to believe that {s}.
They should show that {s}.
It ought to be that {s}.
It should be that {s}.
Next time {s}.
In the past {s}.
Were it not for the scratch, {s}.
Without the scratch, I would say {s}.
But for the scratch, I'd say {s}.
"""

CORRECTIONS = r"""
{S}. Wait, no.
{S}. No, wait.
{S}. Actually, no.
{S}... actually no.
{S}. Hmm, no.
{S}. Correction: {o}.
{S}. Wait, {ol}.
{S}. Actually, {ol}.
{S}. No, {ol}.
{S} - no, {ol}.
{S}, no, {ol}.
{S}. Sorry, I mean {ol}.
{S}. On second look, {ol}.
{S}. Let me look again. {o}.
{S}. I was wrong: {ol}.
{S}, or rather {ol}.
At first glance {s}, but {ol}.
Initially I thought {s}, but {ol}.
{S} is what I thought first; {ol}.
You may think {s}. {o}.
{S} would be expected. {o}.
{S}? No. {o}.
"""

NEGATORS_JA = r"""
{p}とは言えません。
{p}とは言えない。
{p}とはいえません。
{p}とは言い切れません。
{p}とは思いません。
{p}とは思えません。
{p}とは限りません。
{p}とは考えられません。
{p}とは断言できません。
{p}とは判断できません。
{p}というわけではありません。
{p}わけではありません。
{p}わけではない。
{p}わけがありません。
{p}はずがありません。
{p}はずはない。
{p}ということはありません。
{p}ということはない。
{p}というのは誤りです。
{p}というのは間違いです。
{p}というのは嘘です。
{p}というのは正しくありません。
{p}というのは本当ではありません。
{p}と言うのは誤りです。
{p}と言うことはできません。
{p}と言うことはできない。
{p}と言ったら嘘になります。
{p}と言えば嘘になる。
{p}とはとても言えません。
{p}とは到底言えない。
{p}との主張は誤りです。
{p}という主張は間違っています。
{p}という意見には賛成できません。
{p}という証拠はありません。
{p}という根拠はない。
{p}という兆候は見られません。
{p}ことを否定します。
{p}というのは事実ではありません。
{p}とするのは適切ではありません。
{p}と判断するのは誤りです。
{p}と結論づけることはできません。
{p}と結論付けられません。
{p}とは見なせません。
{p}とは認められません。
{p}とは確認できませんでした。
{p}ようには見えません。
{p}ように見えません。
{p}ようには思えない。
{p}とは決して言えない。
{p}と言うには無理があります。
{p}という可能性はありません。
{p}と答えるのは間違いです。
{p}なんてことはありません。
{p}どころではありません。
{p}とは言いがたい。
{p}とは言い難いです。
{p}というのは真実ではない。
{p}と言う人はいません。
{p}とは誰も言わないでしょう。
{s}というのは嘘です。
{s}、というのは冗談です。
{s}、ではありません。
{s}。これは誤りです。
{s}。それは間違いです。
{s}。いえ、違います。
{s}。いや、そうではありません。
{s}。訂正します。
{s}。そうではありません。
{s}。逆です。
{s}。前言を撤回します。
{s}。これは正しくありません。
{s}。嘘です。
「{s}」は誤りです。
「{s}」とは言えません。
「{s}」は正しくありません。
「{s}」という記述は間違いです。
「{s}」の反対です。
{p}と考えるのは早計です。
{p}と言うのは早い。
{p}に違いないとは言えない。
{p}ことはない。
{p}ことはありません。
{p}などとは言えない。
{p}などということはありません。
{p}とまでは言えません。
{p}と断定できません。
{p}と見るべきではありません。
{p}と言うべきではない。
{p}かは疑わしい。
{p}というのは疑わしいです。
{p}とは信じられません。
"""

HEDGES_JA = r"""
{p}かもしれません。
{p}可能性があります。
おそらく{s}。
たぶん{s}。
もしかすると{s}。
{p}でしょう。
{p}だろう。
{p}と思われますが、確信はありません。
{s}が、断言はできません。
{s}が、自信がありません。
{p}かどうか分かりません。
{p}かどうかは不明です。
{p}かどうかを判断します。
{p}のか分かりません。
{p}ならば合格です。
もし{p}なら、合格です。
{p}場合は合格です。
{p}とすれば、合格です。
{p}と仮定します。
仮に{p}としましょう。
{p}はずです。
{p}べきです。
{p}と言われています。
{p}と聞きました。
{p}と言う人もいます。
{p}とのことです。
{p}と期待していました。
最初は{p}と思いました。
{p}と言いたいところです。
{p}ように見えるかもしれません。
{p}か、または逆です。
{p}か？
{p}でしょうか。
{p}のでしょうか？
{p}のではないでしょうか。
{p}のではないか。
{p}と考えがちです。
{p}といいのですが。
{p}ことを望みます。
{p}ことが期待されます。
{p}という説もあります。
{p}と想像してください。
{p}と誤解されがちです。
{p}ふりをしています。
本来なら{s}。
理想的には{s}。
{p}恐れがあります。
{p}と疑われます。
{p}と予想されます。
{p}ことが必要です。
"""

CORRECTIONS_JA = r"""
{s}。いや、{o}
{s}。いいえ、{o}
{s}。訂正：{o}
{s}。すみません、{o}
{s}と思いましたが、{o}
最初は{p}と思いましたが、{o}
一見{s}が、{o}
{s}。よく見ると{o}
{s}…いや、{o}
{s}。実際には{o}
"""
