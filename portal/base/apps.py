import datetime as dt

from django.apps import AppConfig
from django.core.management import call_command
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "portal.base"
    label = "base"
    verbose_name = _("Tools")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.base import (  # noqa: F401
            checks,
            due,
            files,
            idempotency,
            mail,
            midnight,
            orphans,
            outbox,
            privacy,
            restored,
            worker,
        )

        outbox.register(mail.KIND, mail.deliver)
        outbox.register(files.REMOVAL, files.remove, repeatable=True)
        privacy.register()
        due.register("publish scheduled pages", _publish, every=dt.timedelta(seconds=30))
        due.register("turn of the day", midnight.turn, every=midnight.EVERY)
        due.register("rescue tasks", worker.rescue_tasks, every=dt.timedelta(minutes=5))
        for name, prune in (
            ("outbox", outbox.prune),
            ("idempotency keys", idempotency.prune),
            ("task results", worker.prune_tasks),
            ("files without a row", orphans.remove_orphans),
        ):
            due.register(f"prune {name}", prune, every=dt.timedelta(days=1))
        restored.register("outbox", outbox.hold)
        restored.register("repeated jobs", due.skip_missed)
        restored.register("public pages", _forget_pages)


def _publish(now: dt.datetime) -> None:
    call_command("publish_scheduled", verbosity=0)


def _forget_pages(now: dt.datetime) -> str:
    from portal.base import content_version

    content_version.move_on()
    return ""
