"""What gunicorn and the ``flask`` command import."""

from grants.factory import create_app

app = create_app()
