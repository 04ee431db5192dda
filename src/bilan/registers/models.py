"""Entries, their links, their history and everything that is kept beside them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class Content(models.Model):
    """What an entry is at one moment: the same columns now and in every revision, so that any date is read like today.

    Attributes:
        district: six-digit county code, empty for the whole city; `town`: nine-digit code, when known.
        organisation: code of the organisation the entry belongs to: who may see it as their own.
        valid_from, valid_to: when the thing itself was or is in being; empty for open.
        geometry: GeoJSON geometry in WGS 84.
        lon, lat: a place inside the geometry; `west` … `north`: its bounds [deg].
        cell: of a point, its place as one number (`bilan.tabular.places.tiles.cell`): a tile is a range of it.
        data: values of the declared fields.
        completeness: share of the applicable fields that are filled [%].
    """

    register = models.CharField(max_length=60)
    code = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=40, blank=True)
    district = models.CharField(max_length=6, blank=True)
    town = models.CharField(max_length=12, blank=True)
    organisation = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    geometry = models.JSONField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    west = models.FloatField(null=True, blank=True)
    south = models.FloatField(null=True, blank=True)
    east = models.FloatField(null=True, blank=True)
    north = models.FloatField(null=True, blank=True)
    cell = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(default=dict)
    archived = models.BooleanField(default=False)
    completeness = models.PositiveSmallIntegerField(default=0)
    schema = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name or self.code


class ChangeSet(models.Model):
    """One act of writing: who, when, why, from where; everything it changed carries it.

    Attributes:
        person: who; the name stays when the account goes.
        source: ``form``, ``import``, ``bulk``, ``api``, ``undo``, ``merge``, ``system``.
        file, digest: name and SHA-256 of the file it came from.
        counts: how many entries were ``new``, ``changed``, ``archived``, ``restored``.
        undoes: the change set that this one takes back.
    """

    made = models.DateTimeField(default=timezone.now, db_index=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    author = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    source = models.CharField(max_length=20)
    file = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    registers = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")

    def __str__(self) -> str:
        return f"{self.pk} {self.reason}"


class Entry(Content):
    """One thing in a register, as it is now.

    Attributes:
        version: counts its revisions; a writer who knows an older one is told.
        merged: the entry it was found to be the same as.
    """

    version = models.PositiveIntegerField(default=1)
    created = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    merged = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "code"], name="entry_code"),)
        indexes = (
            models.Index(fields=["register", "archived", "code"], name="entry_by_code"),
            models.Index(fields=["register", "archived", "name", "code"], name="entry_by_name"),
            models.Index(fields=["register", "archived", "status"], name="entry_by_status"),
            models.Index(fields=["register", "archived", "district", "code"], name="entry_by_district"),
            models.Index(fields=["register", "archived", "changed", "code"], name="entry_by_change"),
            models.Index(fields=["register", "archived", "organisation"], name="entry_by_organisation"),
            models.Index(fields=["register", "archived", "cell", "district"], name="entry_by_cell"),
            models.Index(fields=["register", "archived", "west", "east"], name="entry_by_box"),
        )

    @property
    def number(self) -> int:
        """Number of the entry, whichever moment it is read at."""
        return int(self.pk)


class Revision(Content):
    """An entry as one change set left it; never altered but for `until`, which the next revision sets.

    Attributes:
        since, until: when this was what the register said; `until` is empty while it still does.
        action: ``create``, ``update``, ``archive``, ``restore``, ``merge``, ``undo``.
    """

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="revisions")
    change = models.ForeignKey(ChangeSet, on_delete=models.PROTECT, related_name="revisions")
    version = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    action = models.CharField(max_length=10)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["entry", "version"], name="revision_version"),)
        indexes = (
            models.Index(fields=["register", "code", "since"], name="revision_by_code"),
            models.Index(fields=["register", "since", "until", "archived", "district"], name="revision_by_time"),
            models.Index(fields=["register", "cell"], name="revision_by_cell"),
        )

    @property
    def number(self) -> int:
        """Number of the entry, whichever moment it is read at."""
        return int(self.entry_id)


class Link(models.Model):
    """A typed edge from an entry to another, with both times: of the thing, and of what the register said.

    Attributes:
        kind: name of the link field of the source's register.
        position: place in a list of links.
    """

    source = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="links")
    target = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="linked")
    kind = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=["source", "kind", "until"], name="link_by_source"),
            models.Index(fields=["target", "kind", "until"], name="link_by_target"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class SearchText(models.Model):
    """The words under which an entry is found: names, codes, aliases, pinyin and its initials, searched fields."""

    entry = models.OneToOneField(Entry, primary_key=True, on_delete=models.CASCADE, related_name="search_text")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:80]


class Serial(models.Model):
    """The last number a code rule has given within what stands before it."""

    register = models.CharField(max_length=60)
    prefix = models.CharField(max_length=80)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "prefix"], name="serial_prefix"),)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last}"


class Attachment(models.Model):
    """A file of an entry; the content lies once in the city's files under its digest.

    Attributes:
        field: name of the attachment field.
        digest: SHA-256 of the content.
        removed: when it was taken off the entry; the content stays for the history.
    """

    entry = models.ForeignKey(Entry, null=True, blank=True, on_delete=models.PROTECT, related_name="attachments")
    register = models.CharField(max_length=60)
    field = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    mime = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64, db_index=True)
    made = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    removed = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """A list's address under a name: filters, sorting, columns."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="views")
    register = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "register", "name"], name="view_name"),)

    def __str__(self) -> str:
        return self.name


class ColumnMapping(models.Model):
    """How the columns of a kind of file were understood the last time."""

    register = models.CharField(max_length=60)
    signature = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    used = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["register", "signature"], name="mapping_signature"),)

    def __str__(self) -> str:
        return f"{self.register} {self.signature}"


class ListVersion(models.Model):
    """A yearly list as it was drawn up or published.

    Attributes:
        rule: name of the list rule.
        published: when it became binding; empty while it is a draft.
    """

    rule = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    made = models.DateTimeField(default=timezone.now)
    published = models.DateTimeField(null=True, blank=True)
    author = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["rule", "year"], name="list_year"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.year}"


class ListMember(models.Model):
    """An entry on a yearly list.

    Attributes:
        reasons: the criteria it meets, each ``{"zh", "en", "clause"}``.
        movement: ``entered``, ``kept`` or ``left`` against the year before.
        since: first year without a break.
        note: why a person put it on, or took it off, against the rule.
    """

    version = models.ForeignKey(ListVersion, on_delete=models.CASCADE, related_name="members")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="listings")
    reasons = models.JSONField(default=list)
    movement = models.CharField(max_length=10)
    since = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["version", "entry"], name="list_member"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.entry_id}"


class Suspicion(models.Model):
    """Two entries of a register that may be one thing, as the finder last saw them.

    Attributes:
        first, second: the pair; the one with the smaller number first.
        reasons: what they share, each ``{"by": "name" | "place" | "uscc" | field, "text", "metres"}``.
        different: when a person said that they are not the same; remembered whatever the finder finds.
        author, note: who said so, and why.
    """

    register = models.CharField(max_length=60)
    first = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list)
    weight = models.PositiveSmallIntegerField(default=1)
    found = models.DateTimeField(default=timezone.now)
    different = models.DateTimeField(null=True, blank=True)
    author = models.CharField(max_length=80, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["first", "second"], name="suspicion_pair"),)
        indexes = (models.Index(fields=["register", "different", "-weight"], name="suspicion_by_weight"),)

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


CONTENT = tuple(entry.name for entry in Content._meta.local_fields)
"""Names of the columns that entries and revisions share."""


def content_of(record: Content) -> dict[str, Any]:
    """The shared columns of an entry or a revision."""
    return {name: getattr(record, name) for name in CONTENT}
