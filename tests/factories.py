"""The smallest valid thing of each kind; further fields are given by the test that needs them."""

import factory
from factory.django import DjangoModelFactory

from portal.accounts.models import User

PASSWORD = "õige hobuse patarei klamber"


class UserFactory(DjangoModelFactory):
    """Somebody who can sign in with PASSWORD and may do nothing."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"inimene{n}@naidis.example")
    first_name = "Mari"
    last_name = factory.Sequence(lambda n: f"Näidis{n}")

    @classmethod
    def _create(cls, model_class, *args, password=PASSWORD, **kwargs):
        return model_class.objects.create_user(password=password, **kwargs)
