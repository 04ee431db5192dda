"""Accounts of the demo city: their passwords are shown, so they exist only where every value is invented."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth import get_user_model

from bilan.people.roles import Role

PASSWORD = "bilan-demo"
ENTERPRISE = "E0001"
"""Organisation of the demo's enterprise account: the code of the first enterprise in the register of enterprises."""


@dataclass(frozen=True, slots=True)
class Account:
    """A demo account as the login page and the terminal show it."""

    username: str
    password: str
    name: str
    role: str
    districts: tuple[str, ...] = ()
    organisation: str = ""

    @property
    def description(self) -> str:
        """Who it is and what it is limited to, in one line."""
        return " · ".join((self.name, *self.districts))


ACCOUNTS = (
    Account("viewer", PASSWORD, "值班员 Viewer", Role.VIEWER),
    Account("operator", PASSWORD, "运维员 Operator", Role.OPERATOR),
    Account("admin", PASSWORD, "管理员 Administrator", Role.ADMINISTRATOR, organisation="QZ-EEB"),
    Account("district", PASSWORD, "县区值班员 District", Role.VIEWER, ("350582",), "QZ-EEB-350582"),
    Account("clerk", PASSWORD, "台账管理员 Register clerk", "register-clerk", organisation="QZ-EEB-OFFICE"),
    Account("district-clerk", PASSWORD, "县区台账管理员 District clerk", "register-clerk", ("350582",), "QZ-EEB-350582"),
    Account("officer", PASSWORD, "执法人员 Enforcement officer", "enforcement-officer", ("350583",), "QZ-EEB-350583"),
    Account("chief", PASSWORD, "值班长 Duty chief", "duty-chief", organisation="QZ-EEB"),
    Account("reviewer", PASSWORD, "审核人员 Reviewer", "reviewer", organisation="QZ-EEB"),
    Account("grid", PASSWORD, "网格员 Grid member", "grid-member", ("350583",), "QZ-EEB-350583"),
    Account("enterprise", PASSWORD, "企业用户 Enterprise", "enterprise", organisation=ENTERPRISE),
    Account("system", PASSWORD, "系统管理员 System administrator", "system-administrator", organisation="QZ-EEB-OFFICE"),
    Account("security", PASSWORD, "安全管理员 Security administrator", "security-administrator", organisation="QZ-EEB-OFFICE"),
    Account("audit", PASSWORD, "审计管理员 Audit administrator", "audit-administrator", organisation="QZ-EEB-OFFICE"),
)

ORGANISATIONS = (
    ("QZ-EEB", "泉州市生态环境局", "Ecology and Environment Bureau", "bureau", "", ""),
    ("QZ-EEB-OFFICE", "办公室", "Office", "division", "QZ-EEB", ""),
    ("QZ-EEB-AIR", "大气环境科", "Air division", "division", "QZ-EEB", ""),
    ("QZ-EEB-WATER", "水生态环境科", "Water division", "division", "QZ-EEB", ""),
    ("QZ-EEB-SOIL", "土壤生态环境科", "Soil division", "division", "QZ-EEB", ""),
    ("QZ-EEB-350582", "晋江生态环境局", "Jinjiang bureau", "county", "QZ-EEB", "350582"),
    ("QZ-EEB-350583", "南安生态环境局", "Nan'an bureau", "county", "QZ-EEB", "350583"),
    ("QZ-OPERATOR", "演示运维公司", "Demo operation company", "operator", "", ""),
    (ENTERPRISE, "演示企业一号", "Demo enterprise one", "enterprise", "", "350582"),
)
"""Invented organisations: code, Chinese and English name, kind, code of what it belongs to, district."""


def create_accounts() -> list[Account]:
    """Make the demo's organisations and accounts that are not there yet and return all accounts; those there keep what was changed."""
    organisations = apps.get_model("people", "Organisation").objects
    for code, name_zh, name_en, kind, parent, district in ORGANISATIONS:
        above = organisations.filter(code=parent).first()
        known = {"name_zh": name_zh, "name_en": name_en, "kind": kind, "parent": above, "district": district}
        organisations.get_or_create(code=code, defaults=known)
    persons = get_user_model().objects
    for account in ACCOUNTS:
        if not persons.filter(username=account.username).exists():
            limits = {"districts": list(account.districts), "organisation": account.organisation}
            persons.create_user(account.username, account.password, name=account.name, role=account.role, **limits)
    return list(ACCOUNTS)
