"""The names of the roles, and nothing else: who may do what stands in each app's policies.

No other file invents a role. A person has a role through a position, a membership or a
representation that holds for a time; the role is kept with that row, never on the account.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What somebody is in the network, on a case or in the running of the system."""

    # On a case.
    BASE_SUPPORT = "base_support", _("base support provider")
    ADDITIONAL_SUPPORT = "additional_support", _("additional support provider")
    CASE_MANAGER = "case_manager", _("municipal case manager")
    PARTNER = "partner", _("partner")
    # In a region.
    COORDINATOR = "coordinator", _("regional coordinator")
    STEERING = "steering", _("member of the steering group")
    # In an organisation.
    ORGANISATION_LEAD = "organisation_lead", _("lead of the organisation")
    OFFER_EDITOR = "offer_editor", _("editor of the organisation's offers")
    # The person the case is about, and who stands for them.
    PERSON = "person", _("the person")
    REPRESENTATIVE = "representative", _("representative")
    # For the whole portal.
    CATALOGUE_EDITOR = "catalogue_editor", _("catalogue editor")
    CONTENT_EDITOR = "content_editor", _("content editor")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")
