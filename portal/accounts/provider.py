"""Where allauth looks for the providers of this app."""

from portal.accounts.tara.provider import TaraProvider

provider_classes = [TaraProvider]
