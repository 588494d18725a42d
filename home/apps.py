from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    verbose_name = _("Public site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from wagtail.models import Collection, Locale, Page, PageViewRestriction, Site

        from home import cms_days, letters, models, privacy
        from home.upkeep import outside
        from portal.base import content_version, due
        from portal.search import synonyms

        # Whatever the public can see: a change of it empties every kept page.
        content_version.watch(
            Page,
            PageViewRestriction,
            Site,
            Locale,
            Collection,
            models.CataloguePage,
            models.ComponentPage,
            models.ComponentLimit,
            models.ContactPage,
            models.ContentPage,
            models.FrontPage,
            models.HelpPage,
            models.MapPage,
            models.NewsIndexPage,
            models.NewsPage,
            models.OrganisationsPage,
            models.SearchPage,
            models.SupplyPage,
            models.Navigation,
            models.NavigationItem,
            models.Synonym,
        )
        synonyms.register(models.Synonym.lines)
        privacy.register()
        cms_days.register()
        letters.register()
        due.register("ask at outside links", outside.check_links, every=outside.EVERY)
