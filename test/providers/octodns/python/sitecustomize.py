"""Sends what is meant for an API to a fake of it: MAILSYNC_TEST_REDIRECT is {"https://api.example": "http://127.0.0.1:1234"}."""

import json
import os

redirects = json.loads(os.environ.get('MAILSYNC_TEST_REDIRECT', '{}'))

if redirects:
    from requests.adapters import HTTPAdapter

    send = HTTPAdapter.send

    def redirected(self, request, *args, **kwargs):
        for origin, place in redirects.items():
            if request.url.startswith(origin):
                request.url = place + request.url[len(origin) :]
        return send(self, request, *args, **kwargs)

    HTTPAdapter.send = redirected
