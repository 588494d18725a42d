"""Faults that follow from the code itself: a new policy, service or entry has its own at once.

Read from the source, so nothing of the portal is loaded: the tree to look at is only a folder.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from portal.make.mutants.mutant import Mutant, asked_twice

FLOORS = ("portal", "catalogue", "network", "home")
# No rule of these guards anything at a request.
LEFT_OUT = ("/migrations/", "portal/make/", "portal/starter/", "portal/settings/")
ENTRIES = {"record", "record_list", "_record_unknown"}
REFUSALS = {"PermissionDenied", "Http404", "NotOpen", "TaraRefused"}
# What a guarded view finds its rows through.
PASSES = {"ticket", "door", "pass_of(request)"}
# Tables that are asked first, before what stands near the file.
ROWS = ("tests/access/test_caught_rows.py",)
SERVICES = ("tests/access/test_caught_services.py",)
# Who is asked what, by the day; a fault here is a former member who still sees.
PERIODS = ("policies.py", "querysets.py", "access.py", "roles.py")


def generated(root: Path) -> Iterator[Mutant]:
    """All faults of the kinds below that something can show, file by file."""
    twice = asked_twice(root)
    return (mutant for mutant in every(root) if mutant.name not in twice)


def every(root: Path) -> Iterator[Mutant]:
    """All faults of the kinds below."""
    for floor in FLOORS:
        for path in sorted((root / floor).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if not any(part in name for part in LEFT_OUT):
                source = path.read_text(encoding="utf-8")
                yield from _File(name, source).mutants()


class _File:
    """One module and what can go wrong in it."""

    def __init__(self, name: str, source: str) -> None:
        self.name = name
        self.source = source
        self.lines = source.splitlines(keepends=True)
        self.tree = ast.parse(source)
        self.inside: dict[ast.AST, str] = {}
        self._walk(self.tree, "")
        self.numbers: dict[str, int] = {}

    def _walk(self, node: ast.AST, place: str) -> None:
        for child in ast.iter_child_nodes(node):
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            here = f"{place}.{child.name}".lstrip(".") if named else place  # type: ignore[attr-defined]
            self.inside[child] = here
            self._walk(child, here)

    def mutants(self) -> Iterator[Mutant]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ClassDef):
                yield from self._policy(node)
            elif isinstance(node, ast.Expr):
                yield from self._entry(node)
            elif isinstance(node, ast.If):
                yield from self._refusal(node)
            elif isinstance(node, ast.Call):
                yield from self._once(node)
                yield from self._version(node)
                yield from self._period(node)
                yield from self._door(node)

    # --- A policy whose rows for one action are all rows --------------------------------------

    def _policy(self, node: ast.ClassDef) -> Iterator[Mutant]:
        bases = [base.value for base in node.bases if isinstance(base, ast.Subscript)]
        if not any(isinstance(base, ast.Name) and base.id == "Policy" for base in bases):
            return
        rows_for = next(
            (
                one
                for one in node.body
                if isinstance(one, ast.FunctionDef) and one.name == "rows_for"
            ),
            None,
        )
        if rows_for is None:
            return
        first = rows_for.body[0]
        line = self.lines[first.lineno - 1]
        indent = line[: len(line) - len(line.lstrip())]
        for action in self._actions(node):
            fault = f'{indent}if action == "{action}":\n'
            fault += f"{indent}    return cls.model._default_manager.all()\n"
            yield Mutant(
                name=f"policy {node.name}.{action}",
                rule="2",
                says=f"{node.name}.{action}: every row is open to everybody who is signed in",
                file=self.name,
                find=line,
                put=fault + line,
                line=first.lineno,
                first=ROWS,
            )

    def _actions(self, node: ast.ClassDef) -> list[str]:
        for one in node.body:
            if isinstance(one, ast.AnnAssign) and getattr(one.target, "id", "") == "actions":
                return sorted(
                    constant.value
                    for constant in ast.walk(one.value or one)
                    if isinstance(constant, ast.Constant) and isinstance(constant.value, str)
                )
        return []

    # --- An act that nobody writes down --------------------------------------------------------

    def _entry(self, node: ast.Expr) -> Iterator[Mutant]:
        call = node.value
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Name)
            and call.func.id in ENTRIES
        ):
            yield self._change("entry", "8", node, "pass", "it is done and not written down")

    # --- A refusal that never comes -------------------------------------------------------------

    def _refusal(self, node: ast.If) -> Iterator[Mutant]:
        first = node.body[0]
        if not isinstance(first, ast.Raise) or first.exc is None:
            return
        raised = first.exc.func if isinstance(first.exc, ast.Call) else first.exc
        if isinstance(raised, ast.Name) and raised.id in REFUSALS:
            asked = " ".join(ast.unparse(node.test).split())
            yield self._change("refusal", "9", node.test, "False", f"nobody asks: {asked}"[:90])

    # --- The same form twice, two at the same row, a period that is over ------------------------

    def _once(self, node: ast.Call) -> Iterator[Mutant]:
        if isinstance(node.func, ast.Name) and node.func.id == "once" and node.args:
            fresh = '__import__("uuid").uuid4()'
            yield self._change("once", "9", node.args[0], fresh, "sent twice, it is done twice")

    def _version(self, node: ast.Call) -> Iterator[Mutant]:
        if (
            isinstance(node.func, ast.Name)
            and node.func.id == "save_versioned"
            and isinstance(node.args[1], ast.Name)
        ):
            now = f"{ast.unparse(node.args[0])}.version"
            what = "who saves last wins, and nobody is told"
            yield self._change("version", "9", node.args[1], now, what)

    def _period(self, node: ast.Call) -> Iterator[Mutant]:
        if (
            isinstance(node.func, ast.Attribute)
            and node.func.attr == "valid_on"
            and self.name.rpartition("/")[2] in PERIODS
        ):
            plain = ast.get_source_segment(self.source, node.func.value) or ""
            whole = f"{plain}.all()" if plain.endswith(".objects") else plain
            yield self._change("period", "7", node, whole, "what is over counts still")

    # --- A view that finds its rows past its guard ---------------------------------------------

    def _door(self, node: ast.Call) -> Iterator[Mutant]:
        if not (isinstance(node.func, ast.Attribute) and node.func.attr in ("rows", "find")):
            return
        asked = ast.unparse(node.func.value)
        if asked not in PASSES or "/views/" not in self.name:
            return
        plain = f"{asked}.policy.model._default_manager"
        if node.func.attr == "rows":
            yield self._change("door", "2", node, f"{plain}.all()", "the view shows every row")
        else:
            words = ", ".join(ast.unparse(one) for one in node.keywords)
            found = f'__import__("django.shortcuts").shortcuts.get_object_or_404({plain}, {words})'
            yield self._change("door", "2", node, found, "the view finds every row")

    def _change(self, kind: str, rule: str, node: ast.AST, put: str, says: str) -> Mutant:
        """The text of `node` becomes `put`."""
        place = f"{kind} {self.name} {self.inside.get(node, '')}".strip()
        self.numbers[place] = self.numbers.get(place, 0) + 1
        number = self.numbers[place]
        start, end = node.lineno, node.end_lineno or node.lineno  # type: ignore[attr-defined]
        text = "".join(self.lines[start - 1 : end])
        # Columns are counted in bytes.
        head = self.lines[start - 1].encode()[: node.col_offset].decode()  # type: ignore[attr-defined]
        first = SERVICES if kind == "refusal" and "/services/" in self.name else ()
        tail = self.lines[end - 1].encode()[node.end_col_offset :].decode()  # type: ignore[attr-defined]
        return Mutant(
            name=place if number == 1 else f"{place} {number}",
            rule=rule,
            says=says,
            file=self.name,
            find=text,
            put=head + put + tail,
            line=start,
            first=ROWS if kind == "period" else first,
        )
