"""Fields of a register: their types and what may be declared of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bilan.pack.expressions import Expression
from bilan.pack.registers.words import SILENT, Bilingual


class FieldType(StrEnum):
    """What a field holds, with the JSON it is stored as."""

    TEXT = "text"
    """str, one line."""
    LONG = "long"
    """str, several lines."""
    INTEGER = "integer"
    """int."""
    DECIMAL = "decimal"
    """float, in `unit`."""
    DATE = "date"
    """ISO date."""
    PERIOD = "period"
    """``[ISO date or null, ISO date or null]``, both ends included."""
    BOOLEAN = "boolean"
    """bool."""
    CHOICE = "choice"
    """Code of a term of the vocabulary `of`; a list of codes with `many`."""
    PARAMETER = "parameter"
    """``{"parameter": code, "limit": float or null, "unit": str, "clause": str}``; a list of them with `many`."""
    PERSON = "person"
    """``{"name": str, "phone": str}``, personal data."""
    ORGANISATION = "organisation"
    """Code of an organisation, or of an entry of the register `enterprise`."""
    DISTRICT = "district"
    """Administrative code."""
    LINK = "link"
    """Code of an entry of the register `of`; a list of codes with `many`."""
    ATTACHMENT = "attachment"
    """List of ``{"id": int, "name": str, "digest": sha256, "mime": str, "size": bytes}``."""
    URL = "url"
    """Address of a video stream or a document elsewhere: shown, never fetched."""
    TABLE = "table"
    """List of rows, each a mapping by the names of `columns`."""
    COMPUTED = "computed"
    """What `formula` gives, never entered; stored when written, unless it is one of `Register.volatile`."""


class Sensitivity(StrEnum):
    """Who may read a register or a field, from everybody who has logged in to few."""

    PUBLIC = "public"
    INTERNAL = "internal"
    RESTRICTED = "restricted"
    PERSONAL = "personal"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a register.

    Attributes:
        name: key in an entry's data: lower case letters, digits, underscores.
        title, help: what people read.
        unit, decimals, lower, upper: of numbers; `lower` and `upper` are the bounds allowed, both included.
        of: vocabulary of a choice; register of a link.
        many: whether it holds a list.
        reverse: title of a link seen from its target.
        required: True, False, or a condition over the entry's values.
        visible: condition under which the field applies; None for always.
        default: value of a new entry's form.
        sensitivity: who may read it; None for the register's own.
        unique: whether no two entries may have the same value.
        listed: whether it is a column of the list until the reader chooses.
        filter: whether lists can be filtered by it (an expression index is kept).
        search: weight in search; 0 for not searched.
        aliases: column headings under which imports know it.
        formula: of a computed field.
        columns: of a table.
        pattern: regular expression that a text must match as a whole.
        check: name of a built-in check: ``uscc`` (GB 32100 code), ``phone``, ``mn``, ``section_code``.
    """

    name: str
    type: FieldType
    title: Bilingual
    help: Bilingual = SILENT
    unit: str = ""
    decimals: int | None = None
    lower: float | None = None
    upper: float | None = None
    of: str = ""
    many: bool = False
    reverse: Bilingual = SILENT
    required: bool | Expression = False
    visible: Expression | None = None
    default: str | int | float | bool | None = None
    sensitivity: Sensitivity | None = None
    unique: bool = False
    listed: bool = False
    filter: bool = False
    search: int = 0
    aliases: tuple[str, ...] = ()
    formula: Expression | None = None
    columns: tuple[Field, ...] = ()
    pattern: str = ""
    check: str = ""
    line: int = 0

    @property
    def numeric(self) -> bool:
        """Whether it holds one number."""
        return self.type in {FieldType.INTEGER, FieldType.DECIMAL}


COMMON: dict[str, Bilingual] = {
    "code": Bilingual("编码", "Code"),
    "name": Bilingual("名称", "Name"),
    "aliases": Bilingual("别名", "Other names"),
    "status": Bilingual("状态", "State"),
    "district": Bilingual("区县", "District"),
    "town": Bilingual("乡镇（街道）", "Town"),
    "organisation": Bilingual("所属单位", "Organisation"),
    "valid_from": Bilingual("启用日期", "In being from"),
    "valid_to": Bilingual("终止日期", "In being until"),
    "geometry": Bilingual("位置", "Place"),
}
"""What every entry has beside its declared fields, under names that no field may take, with what people read everywhere."""

KEPT: dict[str, Bilingual] = {
    "completeness": Bilingual("完整度", "Completeness"),
    "changed": Bilingual("更新时间", "Changed"),
    "archived": Bilingual("已停用", "Archived"),
}
"""What the platform keeps of every entry by itself."""
