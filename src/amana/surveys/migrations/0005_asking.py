"""Create who was asked, and when."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """Who was asked, and when."""

    dependencies = [("surveys", "0004_loop")]

    operations: ClassVar[list[Operation]] = []
