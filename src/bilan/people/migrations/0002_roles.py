"""A person may have several roles, and belongs to an organisation."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def gather(apps: Any, _schema: Any) -> None:
    """Make the one role the first of several."""
    for person in apps.get_model("people", "Person").objects.all():
        person.roles = [person.role] if person.role else []
        person.save(update_fields=["roles"])


def choose(apps: Any, _schema: Any) -> None:
    """Make the first of several roles the only one."""
    for person in apps.get_model("people", "Person").objects.all():
        person.role = person.roles[0] if person.roles else ""
        person.save(update_fields=["role"])


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("person", "roles", models.JSONField(blank=True, default=list, verbose_name="Roles")),
        migrations.AddField("person", "organisation", models.CharField(blank=True, max_length=40, verbose_name="Organisation")),
        migrations.RunPython(gather, choose),
        migrations.RemoveField("person", "role"),
    ]
