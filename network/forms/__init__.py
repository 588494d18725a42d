"""The shape of what is typed about resources."""

from network.forms.resource import ResourceForm
from network.forms.small import AvailabilityForm, DecideForm, ReasonForm

__all__ = ["AvailabilityForm", "DecideForm", "ReasonForm", "ResourceForm"]
