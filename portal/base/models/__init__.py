"""The ground's own tables, and the mixins that every floor builds its tables from."""

from portal.base.models.content_version import ContentVersion
from portal.base.models.due_job import DueJob
from portal.base.models.idempotency import IdempotencyKey
from portal.base.models.outbox import OutboxItem
from portal.base.models.versioned import Versioned

__all__ = ["ContentVersion", "DueJob", "IdempotencyKey", "OutboxItem", "Versioned"]
