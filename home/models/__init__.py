from home.models.catalogue import CataloguePage, ComponentLimit, ComponentPage
from home.models.content import ContactPage, ContentPage, HelpPage
from home.models.front import FrontPage
from home.models.map import MapPage
from home.models.navigation import Navigation, NavigationItem
from home.models.news import NewsIndexPage, NewsPage
from home.models.outside import OutsideLink
from home.models.search import Synonym, UnansweredQuestion
from home.models.sections import OrganisationsPage, SearchPage
from home.models.supply import SupplyPage

__all__ = [
    "CataloguePage",
    "ComponentLimit",
    "ComponentPage",
    "ContactPage",
    "ContentPage",
    "FrontPage",
    "HelpPage",
    "MapPage",
    "Navigation",
    "NavigationItem",
    "NewsIndexPage",
    "NewsPage",
    "OrganisationsPage",
    "OutsideLink",
    "SearchPage",
    "SupplyPage",
    "Synonym",
    "UnansweredQuestion",
]
