#!/usr/bin/env python3
"""Posts chat events with Python's own JSON and HTTP, as Eventyay's worker does: the bytes are Python's, not ours.

  eventyay_sender.py URL SECRET < events

Reads one JSON object a line. Prints for each one line of JSON: {"status", "answer", "body"}, `body` being what was
sent. A line `{"filler": n}` posts n bytes that are no JSON. Standard library only.
"""
import hashlib
import hmac
import json
import sys
import urllib.error
import urllib.request

TIMEOUT_SECONDS = 5


def to_bytes(event):
    if "filler" in event:
        return b"x" * event["filler"]
    return json.dumps(event, separators=(",", ":"), sort_keys=True).encode()


def post(url, secret, body):
    digest = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Eventyay-Signature": f"sha256={digest}"}
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=body, headers=headers, method="POST"), timeout=TIMEOUT_SECONDS
        ) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as refusal:
        return refusal.code, refusal.read()
    except OSError as error:
        return 0, json.dumps({"message": repr(error)}).encode()


def main():
    url, secret = sys.argv[1:]
    for line in sys.stdin:
        body = to_bytes(json.loads(line))
        status, answer = post(url, secret, body)
        sent = body.decode() if len(body) < 70_000 else None
        print(json.dumps({"status": status, "answer": json.loads(answer), "body": sent}), flush=True)


if __name__ == "__main__":
    main()
