"""The entry of the role live: `gunicorn wsgi_live:app`. Sockets, files and locks become gevent's before all else."""

from gevent import monkey

monkey.patch_all()

from forsamlingshus.serving import start  # noqa: E402

app = start()
