from ace_partners.core.models.audit import AuditChain, AuditEvent
from ace_partners.core.models.files import StoredFile
from ace_partners.core.models.mail import OutgoingMail
from ace_partners.core.models.once import PostReceipt
from ace_partners.core.models.users import AceRole, User

__all__ = ["AceRole", "AuditChain", "AuditEvent", "OutgoingMail", "PostReceipt", "StoredFile", "User"]
