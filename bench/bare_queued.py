"""`bare:app` with Redis between the process that is posted to and the one that holds the sockets."""

import os

os.environ["BARE_QUEUE"] = os.environ["FORSAMLINGSHUS_REDIS_URL"]

from bare import app

__all__ = ["app"]
