"""What happens to rounds, prices and ceilings; one verb, one transaction each."""

from catalogue.services.chains import (
    put_back,
    put_reference_prices_back,
    reference_chain,
    rows_of,
)
from catalogue.services.prices import end_cap, end_price, set_cap, set_price
from catalogue.services.rounds import CapCell, PriceCell, copy_round, save_round_table

__all__ = [
    "CapCell",
    "PriceCell",
    "copy_round",
    "end_cap",
    "end_price",
    "put_back",
    "put_reference_prices_back",
    "reference_chain",
    "rows_of",
    "save_round_table",
    "set_cap",
    "set_price",
]
