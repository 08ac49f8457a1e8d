"""Create the look at why somebody cannot be answered yet."""

from django.db import migrations

from amana.kernel.sqlfiles import install


class Migration(migrations.Migration):
    """Why somebody cannot be answered yet."""

    dependencies = [("gate", "0002_operations")]
    operations = install("gate", functions=["answerable.sql"])
