"""Create what results are counted in."""

from typing import ClassVar

from django.db import migrations
from django.db.migrations.operations.base import Operation


class Migration(migrations.Migration):
    """What results are counted in."""

    dependencies = [("surveys", "0001_initial")]

    operations: ClassVar[list[Operation]] = []
