"""The WSGI entry: `gunicorn wsgi:app` and `flask --app wsgi`."""

from forsamlingshus.app import start

app = start()
