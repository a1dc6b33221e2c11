"""Send requests with random signatures to the mock at a URL, one after another, until killed.

python -m tests.bench.refused http://127.0.0.1:8091
"""

from __future__ import annotations

import base64
import http.client
import secrets
import sys
import time
from urllib.parse import urlsplit

from tests.bench import servers

TARGET = "/v3/clusters?page=1&perPage=10&sortBy=name"


def main() -> None:
    """Send for ever."""
    address = urlsplit(sys.argv[1]).netloc
    while True:
        connection = http.client.HTTPConnection(address, timeout=30)
        signature = base64.b64encode(secrets.token_bytes(32)).decode()
        headers = {
            "Authorization": f"Bearer {servers.ACCESS_KEY}:{signature}",
            "Couchbase-Timestamp": str(time.time_ns() // 1_000_000),
        }
        connection.request("GET", TARGET, headers=headers)
        connection.getresponse().read()
        connection.close()


if __name__ == "__main__":
    main()
