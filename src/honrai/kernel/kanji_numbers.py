"""Numbers written in kanji, as in articles of law and house numbers."""

_DIGITS = {digit: n for n, digit in enumerate("〇一二三四五六七八九")}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def arabic(number: str) -> str:
    """Return a number below ten thousand in Arabic digits: 二十 is 20, 百三 is 103, 一二 is 12, 12 stays 12.

    Args:
        number: kanji digits and 十百千, or decimal digits only; nothing else.
    """
    if number.isdecimal():
        return str(int(number))
    if not set(number) & set(_UNITS):
        return "".join(str(_DIGITS[kanji]) for kanji in number)
    total, digit = 0, 0
    for kanji in number:
        if kanji in _UNITS:
            total, digit = total + (digit or 1) * _UNITS[kanji], 0
        else:
            digit = _DIGITS[kanji]
    return str(total + digit)
