import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lockout",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=120, unique=True)),
                ("failures", models.PositiveIntegerField(default=0)),
                ("last", models.DateTimeField(default=django.utils.timezone.now)),
                ("until", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.RemoveField(
            model_name="person",
            name="failures",
        ),
        migrations.RemoveField(
            model_name="person",
            name="resting_until",
        ),
        migrations.AddField(
            model_name="person",
            name="must_change",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="person",
            name="password_since",
            field=models.DateTimeField(default=django.utils.timezone.now),
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("moment", models.CharField(max_length=32)),
                ("who", models.CharField(blank=True, max_length=80)),
                ("action", models.CharField(max_length=40)),
                ("about", models.CharField(blank=True, max_length=200)),
                ("detail", models.TextField(default="{}")),
                ("address", models.CharField(blank=True, max_length=45)),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("-number",),
                "indexes": [
                    models.Index(fields=["who", "-number"], name="audit_who"),
                    models.Index(fields=["action", "-number"], name="audit_action"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FormerPassword",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=128)),
                ("since", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="former_passwords", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("-since", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="Code")),
                ("name_zh", models.CharField(max_length=120, verbose_name="Chinese name")),
                ("name_en", models.CharField(blank=True, max_length=160, verbose_name="English name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("bureau", "Bureau"),
                            ("division", "Division"),
                            ("county", "County"),
                            ("town", "Town"),
                            ("grid", "Grid cell"),
                            ("department", "Department"),
                            ("enterprise", "Enterprise"),
                            ("operator", "Operation company"),
                        ],
                        max_length=12,
                        verbose_name="Kind",
                    ),
                ),
                ("district", models.CharField(blank=True, max_length=9, verbose_name="District")),
                ("uscc", models.CharField(blank=True, max_length=18, verbose_name="Unified social credit code")),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="Valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="Valid to")),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="people.organisation",
                        verbose_name="Belongs to",
                    ),
                ),
            ],
            options={
                "ordering": ("code",),
            },
        ),
        migrations.CreateModel(
            name="PersonSession",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("address", models.CharField(blank=True, max_length=45)),
                ("agent", models.CharField(blank=True, max_length=300)),
                ("began", models.DateTimeField(null=True)),
                ("seen", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "session",
                "verbose_name_plural": "sessions",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("roles", models.JSONField(default=list, verbose_name="Roles")),
                ("begins", models.DateTimeField(default=django.utils.timezone.now, verbose_name="Begins")),
                ("ends", models.DateTimeField(verbose_name="Ends")),
                ("reason", models.CharField(max_length=200, verbose_name="Reason")),
                ("made", models.DateTimeField(default=django.utils.timezone.now)),
                ("made_by", models.CharField(blank=True, max_length=80)),
                ("revoked", models.DateTimeField(blank=True, null=True)),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Lent by",
                    ),
                ),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="received",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Lent to",
                    ),
                ),
            ],
            options={
                "ordering": ("-begins",),
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("ends__gt", models.F("begins"))), name="delegation_ends_after_it_begins")
                ],
            },
        ),
    ]
