"""What is known of words before a page is read: which occur in names, which in titles, sounds of names.

Nothing here decides anything: `bibkit.formats.listing.evidence` weighs it, and what the pages themselves
say weighs more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from bibkit.model.word_tables import read_words

PINYIN: Final = re.compile(
    "(?:(?:zh|ch|sh)(?:ang|eng|ong|uang|uai|uan|ai|an|ao|ei|en|ou|ua|ui|un|uo|[aeiu])"
    "|[bpm](?:iang|iao|ian|ang|eng|ing|ai|an|ao|ei|en|ie|in|iu|ou|[aiou])"
    "|f(?:ang|eng|an|ei|en|ou|[aou])"
    "|[dtnl](?:iang|iong|uang|iao|ian|ang|eng|ing|ong|uan|ai|an|ao|ei|en|ia|ie|in|iu|ou|ue|ui|un|uo|[aeiuv])"
    "|[gkh](?:uang|uai|uan|ang|eng|ong|ai|an|ao|ei|en|ou|ua|ui|un|uo|[aeu])"
    "|[jqx](?:iang|iong|uan|iao|ian|ing|ia|ie|in|iu|ue|un|[iu])"
    "|[zcsr](?:ang|eng|ong|uan|ai|an|ao|ei|en|ou|ui|un|uo|[aeiu])"
    "|y(?:ang|ing|ong|uan|an|ao|in|ou|ue|un|[aeiu])"
    "|w(?:ang|eng|ai|an|ei|en|[aou])"
    "|ang|ai|an|ao|ei|en|er|ou|[aeo]){1,3}"
)
"""One to three syllables of pinyin, without tones; English words match it too (`change`, `shape`)."""

KOREAN: Final = re.compile(
    "(?:(?:a|ae|ah|beom|bin|bo|bong|bum|byeong|byung|chae|chan|chang|cheol|chul|chun|chung|dae|deok|do|dong|doo|duk|eui"
    "|eun|ga|gang|geon|geun|gi|gil|go|gon|gu|gwang|gyeong|gyu|ha|hae|hak|han|haeng|he|hee|heon|ho|hong|hoon|hun|hwa|hwan"
    "|hye|hyeok|hyeon|hyo|hyuk|hyun|hyung|il|in|jae|jeong|ji|jin|jong|joo|joon|ju|jun|jung|kang|keun|ki|kil|kwan|kwang"
    "|kyeong|kyoung|kyu|kyun|kyung|man|mi|min|moon|mun|myeong|myung|na|nam|oh|ok|pil|rae|ri|rim|ryong|sam|sang|se|seo"
    "|seok|seol|seon|seong|seop|seung|shik|shin|si|sik|so|soo|sook|soon|su|suk|sun|sung|sup|tae|taek|ui|uk|wan|won|woo"
    "|wook|yeo|yeol|yeon|yeong|yeop|yong|yoo|yoon|youn|young|yu|yul|yun|yup)-?){1,3}"
)
"""One to three syllables of romanised Korean given names."""

NAME_ENDING: Final = re.compile(
    r".{3,}(?:ov|ova|ev|eva|sky|ski|ska|skyi|skiy|enko|chuk|czyk|wicz|vich|vić|ić|ic|ović|escu|oglu|oğlu|zadeh|nejad"
    r"|nezhad|pour|poor|abadi|dottir|dóttir|sson|ssen|stein|berg|burg|mann|opoulos|akis|idis|adis|yan|shvili|dze"
    r"|swamy|swami|eswaran|murthy|murti|nathan|singh|kumar|inho|eira|etti|elli|ini|ucci|aert|aerts|huis|veld|stra"
    r"|quist|qvist|gaard|land|feld|heimer|moto|gawa|yama|mura|naka|shita|saki|hara|wami|athi)"
)
"""Endings that family names have in several languages, in lower case."""

CAMEL_NAME: Final = re.compile(
    r"(?:Mc|Mac|O['’]|D['’]|L['’]|N['’]|De|Des|Di|Da|Du|Del|La|Le|Lo|Van|Von|Vander|Fitz|El|Al|Abd|Abdul|Abu|Bin|Ben|Ibn"
    r"|Ja|Sha|Ke|Ta|Ra|Jo|Mary|Jean|Anne|Ann|Marie|Maria|ap|Ap|Nic|Ní|Ó)[^\W\d_a-zß-ÿ][^\W\d_A-Z]{2,}"
)
"""Names with an inner capital after a first part that names have (`McKenna`, `DeShawn`, `D'Arcy`)."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words by where they occur; in lower case but for `spellings` (inner capitals, acronyms).

    `function` has the words that a name does not have in lower case; `ambiguous` those of them that are
    also names (`An Lu`, `Will Smith`); `han_families` the characters that are Chinese family names.
    """

    names: frozenset[str]
    titles: frozenset[str]
    function: frozenset[str]
    ambiguous: frozenset[str]
    spellings: frozenset[str]
    han_families: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """Return the words, read when first asked for."""
    return Lexicon(
        names=read_words("given names") | read_words("family names"),
        titles=read_words("title words"),
        function=read_words("function words"),
        ambiguous=read_words("function words that are names"),
        spellings=read_words("spellings"),
        han_families=read_words("han family names"),
    )
