"""From the editor's hand to the public: whoever may not publish sends the page to a publisher.

The CMS calls it a workflow. Names are stored in the database, so they stand in Estonian here.
"""

from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

WORKFLOW = "Kinnitamine enne avaldamist"
TASK = "Avaldaja vaatab üle"
# Wagtail brings one of its own; its group goes (cms_groups.STOCK_GROUPS), so nobody could approve.
STOCK_WORKFLOW = "Moderators approval"


def ensure_moderation(publishers: Group) -> Workflow:
    """One step over the whole tree: any of `publishers` approves or sends back.

    What an administrator has set up instead for the whole tree stays.
    """
    workflow = Workflow.objects.filter(name=WORKFLOW).first()
    if workflow is None:
        workflow = Workflow.objects.create(name=WORKFLOW)
        task = GroupApprovalTask.objects.create(name=TASK)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        task.groups.set([publishers])
    root = Page.get_first_root_node()
    standing = WorkflowPage.objects.filter(page=root).select_related("workflow").first()
    if standing is None or standing.workflow.name == STOCK_WORKFLOW:
        WorkflowPage.objects.update_or_create(page=root, defaults={"workflow": workflow})
    _retire_stock()
    return workflow


def _retire_stock() -> None:
    """Wagtail's own workflow and task, unless somebody can still approve by them."""
    for task in GroupApprovalTask.objects.filter(name=STOCK_WORKFLOW, active=True):
        if not task.groups.exists():
            task.deactivate()
    for workflow in Workflow.objects.filter(name=STOCK_WORKFLOW, active=True):
        if not workflow.tasks.filter(active=True).exists():
            workflow.deactivate()
