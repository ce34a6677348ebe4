"""Signs with urlencode over the flat names in order, as Python clients of the API do."""

import hashlib
import hmac
import json
import os
import socket
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request

resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **options: resolve("127.0.0.1", *rest, **options)

base = os.environ["TINYCERT_URL"]
key = os.environ["TINYCERT_API_KEY"].encode()
context = ssl.create_default_context(cafile=os.environ["TINYCERT_CA_FILE"])


def call(endpoint, parameters):
    query = urllib.parse.urlencode(sorted(parameters))
    digest = hmac.new(key, query.encode(), hashlib.sha256).hexdigest()
    body = (query + "&digest=" + digest).encode()
    try:
        with urllib.request.urlopen(base + "/" + endpoint, body, context=context) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


for line in sys.stdin:
    endpoint, *rest = line.rstrip("\n").split("\t")
    status, body = call(endpoint, list(zip(rest[::2], rest[1::2])))
    json.loads(body)
    print(status, body, sep="\t", flush=True)
