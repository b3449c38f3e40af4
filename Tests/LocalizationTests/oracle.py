"""What gettext and Babel make of plurals and catalogs.

    oracle.py plurals LANGUAGE…      each language's rule by Babel, and its forms for numbers by gettext, as JSON
    oracle.py catalog                a PO file comes in: its entries by Babel, and what gettext says of them for numbers, as JSON
"""

import gettext
import io
import json
import sys

from babel.messages import mofile, plurals, pofile

numbers = [*range(0, 1200), 10_000, 12_345, 99_999, 100_000, 999_999, 1_000_000, 1_000_001, 2_000_000, 2_147_483_647]


def rules(languages):
    for language in languages:
        rule = plurals.get_plural(language)
        choose = gettext.c2py(rule.plural_expr)
        yield {"language": language, "rule": rule.plural_forms, "count": rule.num_plurals, "forms": [choose(number) for number in numbers]}


def entries(text):
    catalog = pofile.read_po(io.BytesIO(text))
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalog)
    compiled.seek(0)
    translations = gettext.GNUTranslations(compiled)
    for message in catalog:
        if not message.id or message.fuzzy or not message.string or not all([message.string] if isinstance(message.string, str) else message.string):
            continue
        if isinstance(message.id, str):
            one, many = message.id, None
            said = [translations.pgettext(message.context, one) if message.context else translations.gettext(one)]
        else:
            one, many = message.id
            context = message.context
            said = [
                translations.npgettext(context, one, many, number) if context else translations.ngettext(one, many, number) for number in range(0, 130)
            ]
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        yield {"context": message.context, "id": one, "pluralID": many, "translations": strings, "said": said}


if sys.argv[1] == "plurals":
    json.dump({"numbers": numbers, "rules": list(rules(sys.argv[2:]))}, sys.stdout)
else:
    json.dump(list(entries(sys.stdin.buffer.read())), sys.stdout)
