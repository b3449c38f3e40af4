"""Signs requests with botocore: cases come in as JSON, signatures go out."""

import datetime
import json
import sys
import urllib.parse

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials


def quoted(text, safe):
    return urllib.parse.quote(text, safe=safe)


def signature(case):
    now = datetime.datetime.fromtimestamp(case["time"], datetime.timezone.utc).replace(tzinfo=None)
    auth.get_current_datetime = lambda *_, **__: now
    credentials = Credentials("AKIDEXAMPLE", "secret/+key", case.get("token"))
    query = "&".join(f"{quoted(name, '~')}={quoted(value, '~')}" for name, value in case["query"])
    url = "http://s3.example:9000" + quoted(case["path"], "/~") + ("?" + query if query else "")
    body = b"" if case.get("lifetime") else case["body"].encode()
    request = AWSRequest(case["method"], url, data=body, headers={name: value for name, value in case["headers"]})
    request.context["client_config"] = Config(s3={"payload_signing_enabled": True})
    request.context["payload_signing_enabled"] = True
    if case.get("lifetime"):
        auth.S3SigV4QueryAuth(credentials, "s3", "eu-west-3", expires=case["lifetime"]).add_auth(request)
        return urllib.parse.parse_qs(urllib.parse.urlsplit(request.url).query)["X-Amz-Signature"][0]
    auth.S3SigV4Auth(credentials, "s3", "eu-west-3").add_auth(request)
    return request.headers["Authorization"].rsplit("Signature=", 1)[1]


json.dump([signature(case) for case in json.load(sys.stdin)], sys.stdout)
