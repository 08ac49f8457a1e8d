"""The desk's world: a request begins with a mail."""

from tests.desk.conftest import (  # noqa: F401
    carrier,
    desk,
    mailhost,
    post_world,
    signer,
    world,
)
