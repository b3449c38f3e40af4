// A small catalog with everything that a catalog may have.

let polishCatalog = #"""
    # Translations of the tests.
    msgid ""
    msgstr ""
    "Project-Id-Version: tests\n"
    "Language: pl\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=utf-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

    #. For translators.
    #: Web/LoginPage.swift:12
    msgid "Log in"
    msgstr "Zaloguj się"

    msgctxt "verb"
    msgid "Release"
    msgstr "Wydaj"

    msgctxt "noun"
    msgid "Release"
    msgstr "Wydanie"

    msgid "Hello {name}, you are {role} of {project}"
    msgstr "{project}: {name} to {role}"

    msgid "{count} file of {project}"
    msgid_plural "{count} files of {project}"
    msgstr[0] "Plik {project}"
    msgstr[1] "{count} pliki {project}"
    msgstr[2] "{count} plików {project}"

    msgctxt "mail"
    msgid "one token"
    msgid_plural "{count} tokens"
    msgstr[0] "jeden token"
    msgstr[1] "{count} tokeny"
    msgstr[2] "{count} tokenów"

    msgid ""
    "Several lines,\n"
    "a tab\tand a \"quotation\" with a \\ backslash"
    msgstr ""
    "Kilka wierszy,\n"
    "tabulator\ti \"cytat\" z \\ ukośnikiem 🎉"

    #, fuzzy
    #| msgid "Log on"
    msgid "Log out"
    msgstr "Zaloguj się"

    #, python-format, fuzzy
    msgid "one"
    msgid_plural "many"
    msgstr[0] "a"
    msgstr[1] "b"
    msgstr[2] "c"

    msgid "Not translated"
    msgstr ""

    #~ msgid "Obsolete"
    #~ msgstr "Przestarzałe"

    """#
