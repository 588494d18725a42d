"""Panels of the page editor that are ours."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import Panel


class MissingPanel(Panel):
    """Tells the editor which expected parts of a page are still empty."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("heading", _("What is missing"))
        super().__init__(**kwargs)

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/panels/missing.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.missing)
