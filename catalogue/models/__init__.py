from catalogue.models.cap import Cap
from catalogue.models.component import Component
from catalogue.models.life_domain import LifeDomain
from catalogue.models.price import Price
from catalogue.models.price_import import PriceImport
from catalogue.models.round import Round

__all__ = ["Cap", "Component", "LifeDomain", "Price", "PriceImport", "Round"]
