"""What happens to persons and in the log, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "login": _("Logged in"),
    "logout": _("Logged out"),
    "login.failed": _("Log-in failed"),
    "login.refused": _("Log-in refused: resting"),
    "password.change": _("Password changed"),
    "password.reset": _("Password reset"),
    "factor.set": _("Second factor set up"),
    "factor.removed": _("Second factor removed"),
    "token.add": _("Token made"),
    "token.revoke": _("Token revoked"),
    "person.add": _("Person added"),
    "person.edit": _("Person changed"),
    "person.unlock": _("Person unlocked"),
    "organisation.add": _("Organisation added"),
    "organisation.edit": _("Organisation changed"),
    "delegation.add": _("Delegation made"),
    "delegation.revoke": _("Delegation revoked"),
    "session.end": _("Session ended"),
    "export": _("Exported"),
    "report.make": _("Report drawn up"),
    "report.publish": _("Report published or withdrawn"),
    "plan.read": _("Plan handed in"),
    "plan.describe": _("Plan described"),
    "plan.confirm": _("Commitments confirmed"),
    "plan.correct": _("Commitment corrected"),
    "plan.reject": _("Commitment rejected"),
    "plan.reopen": _("Commitment opened again"),
    "plan.link": _("Commitment linked to an indicator"),
    "plan.split": _("Commitment split"),
    "plan.merge": _("Commitments merged"),
    "plan.add-commitment": _("Commitment added"),
    "plan.target": _("Target made or changed from a commitment"),
    "appraisal.score": _("Appraisal scored"),
    "appraisal.appeal": _("Score appealed"),
    "appraisal.answer": _("Appeal answered"),
    "declarations.reload": _("Declarations loaded again"),
    "audit.anchor-lost": _("The log's anchor file was gone"),
}
"""Action of the log → what happened; kernels above may record further ones."""
BROKEN = {
    "changed": _("Entry %(number)d is not as it was written, or was written by somebody else."),
    "missing": _("Entry %(number)d is missing."),
    "cut": _("The end of the log is missing, from entry %(number)d on."),
    "anchor": _("The file that holds the end of the log is gone; whether anything is missing from entry %(number)d on cannot be told."),
}
DELEGATION = {
    "waiting": ("info", _("Not yet begun")),
    "active": ("ok", _("In force")),
    "ended": ("quiet", _("Ended")),
    "revoked": ("quiet", _("Revoked")),
}
PERSON = {"active": ("ok", _("Active")), "resting": ("risk", _("Resting")), "closed": ("quiet", _("Closed"))}
CAPABILITIES = {
    "see": _("see"),
    "edit": _("edit"),
    "import": _("import"),
    "export": _("export"),
    "undo": _("undo"),
    "merge": _("merge"),
    "bulk": _("change many at once"),
    "declare": _("declare"),
    "operate": _("operate"),
    "administer": _("administer"),
    "configure": _("configure"),
    "handle": _("handle"),
    "assign": _("assign"),
}
EXTENTS = {
    "city": _("Whole city"),
    "district": _("Own districts"),
    "town": _("Own towns"),
    "organisation": _("Own organisation"),
}
SENSITIVITIES = {"public": _("public"), "internal": _("internal"), "restricted": _("restricted"), "personal": _("personal data")}
KERNELS = {
    "telemetry": _("Monitoring data and devices"),
    "casework": _("Alerts and cases"),
    "plans": _("Plans"),
    "people": _("Persons"),
    "audit": _("Audit log"),
    "settings": _("Settings"),
    "jobs": _("Jobs"),
    "packs": _("Packs"),
}
