"""The list of one register."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bilan.pack.registers import Register
from bilan.people.roles import Capability
from bilan.registers import exporting
from bilan.web.areas.registers import savedviews
from bilan.web.areas.registers.asof import AsOf
from bilan.web.areas.registers.listing import Wanted, table_of
from bilan.web.areas.registers.lookup import EDITS, SEES
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.pages import show
from bilan.web.registry import Request, page


@page("registers/<slug:register>", name="register-list", section="registers", reads=SEES, writes=EDITS)
def listing(request: Request, register: str) -> HttpResponse:
    """Entries of a register, filtered, sorted and paged in the database; as a file when the address asks for one."""
    declaration = request.ledger.register(register)
    form = request.GET.get("export", "")
    if form:
        request.ledger.require(Capability.EXPORT, declaration)
    language = numbers.language()
    now = request.ledger.as_of is None
    table = table_of(
        request,
        declaration,
        forms=exporting.forms_of(declaration) if request.ledger.can(Capability.EXPORT, declaration) else {},
        picked=link("register-bulk", register) if now and request.ledger.can(Capability.BULK, declaration) else "",
    )
    if form:
        wanted = Wanted.of(request.ledger, declaration, request.GET, request.district)
        names = [column.name for column in table.visible] if request.GET.get("columns") else ()
        return exporting.respond(request, wanted.entries(), declaration, form, names)
    group = request.ledger.declared.groups.get(declaration.group)
    return show(
        request,
        "registers/list.html",
        register=declaration,
        name=declaration.name,
        title=declaration.title.text(language),
        about=declaration.about.text(language),
        group=group.title.text(language) if group else "",
        table=table,
        as_of=AsOf.of(request),
        new=link("register-new", register) if now and request.ledger.can(Capability.EDIT, declaration) else "",
        actions=actions(request, declaration),
        views=savedviews.of(request, declaration),
    )


def actions(request: Request, register: Register) -> list[dict[str, str]]:
    """What else can be done with a register, as far as this site has pages for it and the reader may."""
    ledger = request.ledger
    wanted = [
        ("register-import", "upload", _("Import"), Capability.IMPORT, ""),
        ("register-template", "table", _("Excel template"), Capability.IMPORT, ""),
        ("register-duplicates", "copy", _("Duplicates"), Capability.EDIT, ""),
        ("map", "map-2", _("On the map"), Capability.SEE, f"?register={register.name}"),
        ("register-about", "book", _("About this register"), Capability.SEE, ""),
    ]
    found = []
    for name, icon, title, capability, query in wanted:
        address = link(name) if query else link(name, register.name)
        if address and ledger.can(capability, register) and (name != "map" or register.mapped):
            found.append({"href": address + query, "icon": icon, "title": title})
    return found
