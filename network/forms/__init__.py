"""The shape of what is typed about resources."""

from network.forms.resource import ResourceForm
from network.forms.small import AvailabilityForm, DecideForm, OwnRowForm, ReasonForm

__all__ = ["AvailabilityForm", "DecideForm", "OwnRowForm", "ReasonForm", "ResourceForm"]
