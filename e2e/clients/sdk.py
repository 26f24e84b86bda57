"""An unmodified server SDK from the Python package index, pointed at this server.

ROLLCALL_URL, ROLLCALL_APP and ROLLCALL_KEY say where. The SDK has the vendor's address built in; an adapter of its HTTP
library sends everything to the server instead, and changes nothing else.
"""

import os
from urllib.parse import urlsplit, urlunsplit

import requests
from timsdk import TimClient

URL = os.environ["ROLLCALL_URL"]
APP = int(os.environ["ROLLCALL_APP"])
KEY = os.environ["ROLLCALL_KEY"]


class ToRollcall(requests.adapters.HTTPAdapter):
    """Sends requests for any host to the server."""

    def send(self, request, **options):
        here = urlsplit(URL)
        request.url = urlunsplit(urlsplit(request.url)._replace(scheme=here.scheme, netloc=here.netloc))
        return super().send(request, **options)


def client(identifier="administrator", key=KEY):
    """The SDK as this account."""
    made = TimClient(APP, key, identifier)
    made.profile.get_client()._http.mount("https://", ToRollcall())
    return made
