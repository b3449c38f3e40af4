"""What every oracle shares: the record format, seeded random strings, and the metadata of installed projects.

An oracle is a script `NAME.py STREAM SEED` that writes records to standard output; `OracleStream.swift` starts it and reads them.
A record is a line of fields separated by tabs. In a field, the backslash and the bytes 00-1F and 7F are written as a backslash and two hex digits.
"""

import importlib.metadata
import random
import sys

_ESCAPES = {code: f"\\{code:02x}" for code in [*range(0x20), 0x5C, 0x7F]}

# Characters that have broken parsers before: controls, every kind of white space, digits and letters that only look like ASCII.
NASTY = list("\x00\t\n\r\x0b\x1c\x1f \x7f\x85\xa0\u1680\u2003\u2028\u202f\u3000\u200b\ufeff٣𝟘²½\u017f\u212a\u0131\u0130éßΣσς中aαZ'\"\\#%&/:;,@()[]{}<>=!~*+-_.0123456789vV")
INSERTIONS = [*NASTY, "..", "--", "__", ".*", "==", "===", ">=", "~=", "!", "1!", "+local", "post", "dev", "rc", " and ", " or ", " in ", "not in", "\r\n"]


class Oracle:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def write(self, *fields):
        """Writes one record. Text that UTF-8 cannot hold must not come here."""
        sys.stdout.write("\t".join(str(field).translate(_ESCAPES) for field in fields) + "\n")

    def chance(self, probability):
        return self.random.random() < probability

    def pick(self, items):
        return self.random.choice(items)

    def maybe(self, probability, produce):
        return produce() if self.chance(probability) else ""

    def mutate(self, text, edits=None):
        """A few random insertions, deletions, replacements, repetitions and exchanges."""
        characters = list(text)
        for _ in range(edits or self.pick([1, 1, 1, 2, 3])):
            position = self.random.randrange(len(characters) + 1)
            action = self.random.randrange(6)
            if action <= 1 or not characters:
                characters[position:position] = self.pick(INSERTIONS)
            elif action == 2:
                del characters[position : position + self.pick([1, 1, 2])]
            elif action == 3:
                characters[position : position + 1] = self.pick(NASTY)
            elif action == 4:
                characters[position:position] = characters[max(0, position - 3) : position]
            else:
                other = self.random.randrange(len(characters))
                position = min(position, len(characters) - 1)
                characters[position], characters[other] = characters[other], characters[position]
        return "".join(characters)

    def recase(self, text):
        return "".join(self.pick([c.lower(), c.upper()]) if c.isascii() else c for c in text)


def main(streams):
    """Runs the stream that the command line names."""
    stream, seed = sys.argv[1], sys.argv[2]
    sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
    # The stream's name is part of the seed, so that streams do not repeat each other's strings.
    streams[stream](Oracle(f"{seed}/{stream}"))


def is_encodable(*texts):
    """Whether Python's strings have a UTF-8 form; those with lone surrogates have none."""
    try:
        "".join(texts).encode()
    except UnicodeEncodeError:
        return False
    return True


def installed_metadata(field):
    """All values of one metadata field of everything installed."""
    values = []
    for distribution in importlib.metadata.distributions():
        values.extend(distribution.metadata.get_all(field) or [])
    return sorted(set(values))
