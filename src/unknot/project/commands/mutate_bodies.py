"""Move the body of each decorated function into a plain one beside it.

mutmut leaves decorated functions alone, and ours hold rules: validators, properties and cached
readers. In the copy that it works on, `@property def blocked` only calls `_body_of_blocked`.
"""

import libcst as cst

PREFIX = "_body_of_"
#: What mutmut can change under its decorator.
PLAIN = {"staticmethod", "classmethod"}


def freed(source: str) -> str:
    """The source of a module in which no decorated function has a body of its own."""
    return cst.parse_module(source).visit(_Bodies()).code


class _Bodies(cst.CSTTransformer):
    def __init__(self) -> None:
        super().__init__()
        self.around: list[str] = []

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self.around.append("class")

    def leave_ClassDef(
        self, original_node: cst.ClassDef, updated_node: cst.ClassDef
    ) -> cst.ClassDef:
        self.around.pop()
        return updated_node

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.around.append("function")

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef | cst.FlattenSentinel[cst.FunctionDef]:
        self.around.pop()
        decorators = {_name(one) for one in updated_node.decorators}
        alone = len(updated_node.decorators) == 1 and decorators <= PLAIN
        if not decorators or alone or "function" in self.around:
            return updated_node
        kept = [one for one in updated_node.decorators if _name(one) in PLAIN]
        name = PREFIX + updated_node.name.value
        body = updated_node.with_changes(
            name=cst.Name(name), decorators=kept, params=_without_defaults(updated_node.params)
        )
        return cst.FlattenSentinel([body, self._calling(updated_node, name)])

    def _calling(self, function: cst.FunctionDef, name: str) -> cst.FunctionDef:
        names = [one.name.value for one in function.params.params]
        if self.around:
            name = f"{names.pop(0)}.{name}"
        given = [
            *names,
            *(f"{one.name.value}={one.name.value}" for one in function.params.kwonly_params),
        ]
        call = cst.parse_statement(f"return {name}({', '.join(given)})")
        return function.with_changes(body=cst.IndentedBlock([call]))


def _name(decorator: cst.Decorator) -> str:
    return decorator.decorator.value if isinstance(decorator.decorator, cst.Name) else "other"


def _without_defaults(params: cst.Parameters) -> cst.Parameters:
    """Nobody calls the body without its arguments, so a default in it would change nothing."""
    return params.with_changes(
        params=[_required(one) for one in params.params],
        kwonly_params=[_required(one) for one in params.kwonly_params],
    )


def _required(param: cst.Param) -> cst.Param:
    return param.with_changes(default=None, equal=cst.MaybeSentinel.DEFAULT)
