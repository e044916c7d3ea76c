"""Names and subjects in letters that look like letters.  SPDX-License-Identifier: GPL-3.0-or-later"""

LOOKALIKE = str.maketrans("aceiopxyABCEHIKMOPTX", "асеіорхуАВСЕНІКМОРТХ")
SMALL_CAPITALS = str.maketrans("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ")


def _shifted(upper, lower, digit=None):
    def change(text):
        out = []
        for c in text:
            if "A" <= c <= "Z":
                out.append(chr(upper + ord(c) - ord("A")))
            elif "a" <= c <= "z":
                out.append(chr(lower + ord(c) - ord("a")))
            elif digit and "0" <= c <= "9":
                out.append(chr(digit + ord(c) - ord("0")))
            else:
                out.append(c)
        return "".join(out)
    return change


bold = _shifted(0x1D400, 0x1D41A, 0x1D7CE)
sans_bold = _shifted(0x1D5D4, 0x1D5EE, 0x1D7EC)
bold_italic = _shifted(0x1D63C, 0x1D656)
double = _shifted(0x1D538, 0x1D552, 0x1D7D8)
sans = _shifted(0x1D5A0, 0x1D5BA, 0x1D7E2)
full_width = _shifted(0xFF21, 0xFF41, 0xFF10)


def cyrillic(text):
    return text.translate(LOOKALIKE)


def small_capitals(text):
    return text.lower().translate(SMALL_CAPITALS)


def zero_width(text):
    return "\u200b".join(text)


def soft_hyphens(text):
    return "\u00ad".join(text)


def selectors(text):
    """Variation selectors of the supplementary kind between the letters: nothing is shown."""
    return "".join(c + "\U000E0139\U000E0139" if i % 2 else c for i, c in enumerate(text))


def swapped(text):
    """l for I, O for 0: letters of ASCII that look alike."""
    return text.replace("l", "I").replace("i", "l", 1).replace("o", "0", 1)


def spaced(text):
    return " ".join(text)


def punctuated(text):
    return "-'" + "..".join(text.replace("a", "a.", 1).split()) + "!"


def accents(text):
    return "".join(c + "\u0307" if c in "aeou" else c for c in text)


def cut(text):
    """First letters torn off: S tore R ewards."""
    return " ".join(f"{word[0]} {word[1:]}" if len(word) > 3 else word for word in text.split())
