"""The description of the interface: OpenAPI made from the views, in the language of the moment."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from home.api import shapes

# By name of the view.
SUMMARIES = {
    "ApiDetails": _("Which version of the standard this is"),
    "ServiceList": _("Services with their organisation, or with everything around them"),
    "ServiceOne": _("One service with prices, areas, languages, free places and where it is given"),
    "ServiceAtLocationList": _("Which service is given at which place"),
    "ServiceAtLocationOne": _("One service at one place"),
    "LocationList": _("Places; a confidential one is told by its municipality alone"),
    "LocationOne": _("One place"),
    "OrganizationList": _("Organisations, or organisations with contact, places and services"),
    "OrganizationOne": _("One organisation with contact, places and services"),
    "TaxonomyList": _("Taxonomies: by what services are told apart"),
    "TaxonomyOne": _("One taxonomy"),
    "TaxonomyTermList": _("Terms: life domains, service components, ways of giving"),
    "TaxonomyTermOne": _("One term"),
}
QUESTIONS: dict[str, tuple[type, Any]] = {
    "search": (str, _("Rows with this text in a name.")),
    "page": (int, _("Which page, from 1.")),
    "per_page": (int, _("Rows on a page: 50 without this, 100 at most.")),
    "format": (str, _("Always json.")),
    "taxonomy_term_id": (str, _("Rows with this term.")),
    "taxonomy_id": (str, _("Rows with any term of this taxonomy.")),
    "organization_id": (str, _("Rows of this organisation.")),
    "modified_after": (str, _("Rows changed at this moment or later.")),
    "minimal": (bool, _("Only id, name, state and time of the last change.")),
    "full": (bool, _("Whole records.")),
    "top_only": (bool, _("Only terms without a parent.")),
    "parent_id": (str, _("Only terms right under this one.")),
}


class Described(AutoSchema):
    """Reads from a `DataView` what its answers look like and what may be asked."""

    view: Any

    def get_operation_id(self) -> str:
        return type(self.view).__name__

    def get_tags(self) -> list[str]:
        return ["HSDS"]

    def get_auth(self) -> list[Any]:
        return []

    def get_summary(self) -> str:
        return str(SUMMARIES[type(self.view).__name__])

    def get_description(self) -> str:  # type: ignore[override]
        return ""

    def get_request_serializer(self) -> Any:
        return None

    def get_override_parameters(self) -> list[Any]:
        found: list[Any] = [
            OpenApiParameter(name, QUESTIONS[name][0], description=str(QUESTIONS[name][1]))
            for name in self.view.parameters
        ]
        if hasattr(self.view, "record"):
            found.append(
                OpenApiParameter("id", {"type": "string", "format": "uuid"}, OpenApiParameter.PATH)
            )
        return found

    def get_response_serializers(self) -> Any:
        shape = self.view.shape
        found: dict[int, Any] = {200: shapes.page_of(shape) if self.view.is_list else shape}
        if self.view.is_list:
            found[400] = OpenApiResponse(
                shapes.Problem, str(_("The address asks for what cannot be."))
            )
        elif hasattr(self.view, "record"):
            found[404] = OpenApiResponse(
                shapes.Problem, str(_("There is nothing at this address."))
            )
        return found
