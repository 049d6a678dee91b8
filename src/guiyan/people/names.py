"""Sorting and finding Chinese names: by their sounds, kept beside the name, because the database knows no pinyin."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

KEY_MAX = 300
SEARCH_MAX = 400

# Surnames that are read differently from the same character elsewhere (《通用规范汉字表》 readings for surnames).
_SURNAMES = {
    "单": "shan4", "仇": "qiu2", "解": "xie4", "查": "zha1", "曾": "zeng1", "任": "ren2", "区": "ou1", "朴": "piao2",
    "盖": "ge3", "华": "hua4", "覃": "qin2", "翟": "zhai2", "乐": "yue4", "员": "yun4", "缪": "miao4", "纪": "ji3",
    "尉迟": "yu4 chi2", "万俟": "mo4 qi2", "长孙": "zhang3 sun1", "单于": "chan2 yu2", "令狐": "ling2 hu2",
    "宁": "ning4", "种": "chong2", "黑": "he4", "秘": "bi4", "那": "na1", "石": "shi2", "柏": "bai3", "尹": "yin3",
}  # fmt: skip
_HAN = re.compile(r"[〇㐀-䶿一-鿿豈-﫿]")


def syllables(name: str) -> list[str]:
    """Return the sounds of a name, tone last ("lin2", "xiao3"); what is not Han stands as it is, in lower case."""
    text = name.strip()
    head: list[str] = []
    for length in (2, 1):
        reading = _SURNAMES.get(text[:length])
        if reading and len(text) > length:
            head, text = reading.split(), text[length:]
            break
    sounds = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)
    return [*head, *(sound.strip().lower() for sound in sounds if sound.strip())]


def sort_key(name: str) -> str:
    """Return what to sort a name by: its sounds, then the name itself, so that equal sounds keep one order."""
    return f"{' '.join(syllables(name))} {name}"[:KEY_MAX]


def search_text(name: str, aliases: str = "") -> str:
    """Return what is searched: the name, its sounds without tones, joined and as initials, and the aliases."""
    parts: list[str] = []
    for each in (name, *aliases.split("、")):
        if not each.strip():
            continue
        plain = [re.sub(r"[^a-zà-ÿ]", "", sound) if _HAN.search(each) else sound for sound in syllables(each)]
        parts += [
            each.lower(),
            "".join(plain).replace(" ", ""),
            "".join(word[:1] for sound in plain for word in sound.split()),
        ]
    return " ".join(dict.fromkeys(parts))[:SEARCH_MAX]
