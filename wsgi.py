"""The WSGI entry: `gunicorn wsgi:app` and `flask --app wsgi`."""

from forsamlingshus.serving import start

app = start()
