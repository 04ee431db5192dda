"""Files that are brought to a form: at once while one fills it in, or together with it."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from bilan.pack.registers import FieldType, Register
from bilan.people.roles import Capability
from bilan.people.visibility import NotVisible
from bilan.problems import BilanError
from bilan.registers import attachments
from bilan.registers.models import Attachment
from bilan.web.areas.registers.lookup import EDITS, SEES
from bilan.web.components import numbers
from bilan.web.components.entries import link
from bilan.web.registry import Request, page

MOST = 20
"""Files one form may bring."""
SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif"})
"""Kinds that may be shown in the browser; all others are only handed over as files."""


@page("registers/<slug:register>/upload/<slug:field>", name="register-upload", section="registers", reads=EDITS, writes=EDITS)
def upload(request: Request, register: str, field: str) -> HttpResponse:
    """Keep a file for an attachment field of an entry that is being filled in; says how it is referred to."""
    declaration = request.ledger.register(register)
    request.ledger.require(Capability.EDIT, declaration)
    if field not in _fields(declaration):
        raise NotVisible(field)
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"message": _("No file has arrived")}, status=400)
    try:
        kept = attachments.store(file, file.name or "", register, field, request.user)
    except BilanError as error:
        return JsonResponse({"message": error.text(numbers.language())}, status=400)
    return JsonResponse({**attachments.reference(kept), "href": link("register-attachment", kept.pk)})


@page("registers/attachments/<int:number>", name="register-attachment", section="registers", reads=SEES, writes=EDITS)
def attachment(request: Request, number: int) -> HttpResponse:
    """A file of an entry that the reader may see; small with ``small=1``, in the browser with ``show=1`` where that is safe."""
    found = _visible(request, number)
    small = bool(request.GET.get("small"))
    path = attachments.thumbnail_of(found.digest) if small else attachments.path_of(found.digest)
    if not path.is_file():
        raise NotVisible(number)
    shown = small or (bool(request.GET.get("show")) and found.mime in SHOWN)
    mime = "image/webp" if small else found.mime
    response = FileResponse(path.open("rb"), as_attachment=not shown, filename=found.name, content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    own = "object-src 'self'" if found.mime == "application/pdf" else "sandbox"
    response["Content-Security-Policy"] = f"default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; {own}"
    response["Cache-Control"] = "private, max-age=3600"
    response["ETag"] = f'"{found.digest[:32]}{"s" if small else ""}"'
    return response


def take(request: Request, register: Register) -> None:
    """Keep the files that came with a form and name them in it, so that nothing is lost when the form is shown again."""
    names = _fields(register)
    brought = [(name, file) for name in names for file in request.FILES.getlist(f"{name}.file") if file]
    if not brought:
        return
    values = request.POST.copy()
    for name, file in brought[:MOST]:
        kept = attachments.store(file, file.name or "", register.name, name, request.user)
        values.appendlist(name, str(kept.pk))
    request.POST = values


def limit_text() -> str:
    """What may be attached, in words."""
    return _("At most %(most)d MB each: %(endings)s") % {
        "most": attachments.LARGEST >> 20,
        "endings": " ".join(ending.lstrip(".") for ending in attachments.endings()),
    }


def _fields(register: Register) -> list[str]:
    return [field.name for field in register.fields.values() if field.type is FieldType.ATTACHMENT]


def _visible(request: Request, number: int) -> Attachment:
    """The file, if the reader may see its entry and read its field, or has just brought it.

    Raises:
        NotVisible: they may not, or there is none.
    """
    found = Attachment.objects.filter(pk=number).select_related("entry").first()
    if found is None:
        raise NotVisible(number)
    if found.entry is None:
        if found.person_id != request.user.pk:
            raise NotVisible(number)
        return found
    record = request.ledger.entry(found.register, found.entry.code)
    register = request.ledger.register(found.register)
    if register.sensitivity_of(found.field) not in request.ledger.sensitivities(record):
        raise NotVisible(number)
    return found
