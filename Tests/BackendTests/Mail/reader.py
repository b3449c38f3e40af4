"""Reads mails with Python's email package: a JSON list of mails in base64 comes in, what they say goes out."""

import base64
import email
import email.policy
import json
import sys


def part(message, kind):
    body = message.get_body((kind,))
    return None if body is None else body.get_content().replace("\r\n", "\n")


def read(content):
    # As text: of bytes it takes headers that are not ASCII for broken ones (RFC 6532 allows them for SMTPUTF8).
    message = email.message_from_string(content.decode(), policy=email.policy.default.clone(utf8=True))
    defects = [str(defect) for walked in message.walk() for defect in walked.defects]
    for value in message.values():
        defects += [str(defect) for defect in getattr(value, "defects", [])]

    def mailbox(name):
        (address,) = message[name].addresses
        return [address.display_name, address.addr_spec]

    return {
        "defects": defects,
        "from": mailbox("From"),
        "to": mailbox("To"),
        "subject": str(message["Subject"]),
        "date": int(message["Date"].datetime.timestamp()),
        "id": str(message["Message-ID"]),
        "names": message.keys(),
        "extra": [[name, str(value)] for name, value in message.items() if name.startswith("X-") or name.startswith("List-") or name.startswith("Auto-")],
        "text": part(message, "plain"),
        "html": part(message, "html"),
        "kinds": [walked.get_content_type() for walked in message.walk()],
        "longestEncoded": max([len(line) for line in content.split(b"\r\n") if b"=?utf-8?" in line] or [0]),
        "longest": max(map(len, content.split(b"\r\n"))),
    }


json.dump([read(base64.b64decode(mail)) for mail in json.load(sys.stdin)], sys.stdout)
