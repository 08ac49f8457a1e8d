"""The settings under test: the real ones, in a home of their own that is thrown away."""

import atexit
import os
import shutil
import tempfile

# Before the real settings are read: a test never sees the developer's own state.
HOME = tempfile.mkdtemp(prefix="amana-home-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
KEPT = ("AMANA_TEST_", "AMANA_SCREENSHOTS")
for name in [name for name in os.environ if name.startswith("AMANA_") and not name.startswith(KEPT)]:
    del os.environ[name]
os.environ["AMANA_HOME"] = HOME

from amana.web.settings import *  # noqa: E402, F403
from amana.web.settings import INSTALLED_APPS as ALL_APPS  # noqa: E402

# AMANA_TEST_ROOMS=kernel,ledger migrates and runs only these rooms.
only = os.environ.get("AMANA_TEST_ROOMS")
INSTALLED_APPS = [
    app
    for app in ALL_APPS
    if not only or not app.startswith("amana.") or app.split(".")[1] in only.split(",")
]
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
