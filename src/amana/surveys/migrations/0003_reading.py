"""Create what was read out of words."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """What was read out of words."""

    dependencies = [("surveys", "0002_counts")]

    operations: ClassVar[list[Operation]] = []
