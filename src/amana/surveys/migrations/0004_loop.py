"""Create what is done about a visit that went wrong."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """What is done about a visit that went wrong."""

    dependencies = [("surveys", "0003_reading")]

    operations: ClassVar[list[Operation]] = []
