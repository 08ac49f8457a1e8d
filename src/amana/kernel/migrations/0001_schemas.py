"""Create the schemas and default privileges before any table exists."""

from django.db import migrations

from amana.kernel.sqlfiles import run


class Migration(migrations.Migration):
    """The floor plan: locked schemas, and what the application may do in `public`."""

    initial = True
    run_before = [("procrastinate", "0001_initial")]
    operations = [run("kernel", "schemas.sql")]
