"""The shape of the code: imports go one way, modules stay small, words are data, chance decides nothing."""

from __future__ import annotations

import ast
import itertools
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from kg import model, terms

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "kg").rglob("*.py"))
}
EXPECTED_AT_LEAST = 60
LONGEST = 450

STAGES = ("reading", "segmenting", "recognising", "resolving", "relating")
# The order of docs/architecture.md: a part imports from parts before it only.
PARTS = (
    "base",
    "rules",
    *STAGES,
    "understanding",
    "graph",
    "analysing",
    "viewing",
    "access",
    "running",
    "fetching",
    "serving",
    "commands",
    "cli",
)
BASE = {"kg.model", "kg.ids", "kg.errors", "kg.terms", "kg.resources"}
# What a part may import besides the base, the rules and itself: stages are joined in understanding alone.
JOINS = {
    "understanding": set(STAGES),
    "analysing": {"graph"},
    "viewing": {"graph", "analysing"},
    "access": {"graph", "analysing"},
    "running": {"understanding", "graph", "viewing"},
    "fetching": {"running"},
    "serving": {"graph", "analysing", "viewing", "running"},
    "commands": {"graph", "analysing", "viewing", "running", "fetching", "serving"},
    "cli": {"commands"},
}

TELLS_THE_TIME = "fetching"
"""The one part that may: when a page was found is no part of any graph."""
SPEAKS_OF_TIME = {"kg.running.telling", "kg.running.stamps"}
"""How quick a build is, and when a file changed: neither is in any graph."""
CHANCE = {"random", "secrets", "uuid", "time", "locale"}
CLOCKS = {"now", "today", "utcnow", "fromtimestamp", "getpid", "urandom", "getrandom"}
CJK = re.compile(
    "[\u2e80-\u2fdf\u3001-\u303f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uffee]"
)


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def part(module: str) -> str:
    """Return the part of the architecture that a module belongs to."""
    if module in BASE:
        return "base"
    if module == "kg.__main__":
        return "cli"
    return module.split(".")[1] if "." in module else "package"


@cache
def imports(module: str) -> frozenset[str]:
    """Return the modules of the package that a module imports, at the top or inside a function."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module}: relative import"
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            modules = inside & set(MODULES)
            found |= modules | ({str(node.module)} if modules != inside else set())
    return frozenset(name for name in found if name in MODULES and name not in ("kg", module))


def test_all_modules_are_found() -> None:
    assert len(MODULES) >= EXPECTED_AT_LEAST
    assert {part(module) for module in MODULES} == {*PARTS, "package"}


def test_the_order_of_parts_is_the_documented_one() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    places = [text.index(f"\nkg/{name}") for name in PARTS if name != "base"]
    assert places == sorted(places)


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"kg"}))
def test_imports_go_one_way(module: str) -> None:
    own = part(module)
    allowed = {"base"} if own == "base" else {"base", "rules", own, *JOINS.get(own, ())}
    assert {part(name) for name in imports(module)} <= allowed
    assert all(PARTS.index(part(name)) <= PARTS.index(own) for name in imports(module))


def test_there_are_no_cycles_of_imports() -> None:
    done: set[str] = set()

    def visit(module: str, above: tuple[str, ...]) -> None:
        assert module not in above, f"cycle: {' -> '.join((*above[above.index(module) :], module))}"
        if module not in done:
            for name in sorted(imports(module)):
                visit(name, (*above, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


@pytest.mark.parametrize("module", sorted(MODULES))
def test_modules_stay_small_and_say_what_they_own(module: str) -> None:
    assert len(MODULES[module].read_text(encoding="utf-8").splitlines()) < LONGEST
    assert ast.get_docstring(tree(module)), "no docstring"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_depends_on_clocks_or_chance(module: str) -> None:
    clocks = {"time", "now"} if part(module) == TELLS_THE_TIME or module in SPEAKS_OF_TIME else set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found = {alias.name.split(".")[0] for alias in node.names} & CHANCE
            assert found <= clocks, f"line {node.lineno}"
        elif isinstance(node, ast.ImportFrom):
            assert str(node.module).split(".")[0] not in CHANCE, f"line {node.lineno}"
        elif isinstance(node, ast.Attribute) and node.attr in CLOCKS - {"getpid"} - clocks:
            raise AssertionError(f"line {node.lineno}: {node.attr}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"hash", "id"}, f"line {node.lineno}: differs between runs"


def docstring_lines(module: str) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree(module)):
        body = getattr(node, "body", None)
        for statement in body if isinstance(body, list) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                lines |= set(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return lines


ESCAPE = re.compile(r"\\u([0-9a-f]{4})")
NO_WORDS = {0x4E28, 0x9FFF}
"""A stroke that pages use as a bar; the end of the range of Chinese characters."""


def is_word(escape: str) -> bool:
    return 0x4E00 <= int(escape, 16) <= 0x9FFF and int(escape, 16) not in NO_WORDS


@pytest.mark.parametrize("module", sorted(MODULES))
def test_chinese_words_are_data_and_not_code(module: str) -> None:
    """Hold string literals to other scripts; marks that code must know are written as escapes."""
    prose = docstring_lines(module)
    with MODULES[module].open("rb") as stream:
        found = [
            f"line {token.start[0]}: {token.string}"
            for token in tokenize.tokenize(stream.readline)
            if "STRING" in tokenize.tok_name[token.type]
            and token.start[0] not in prose
            and (CJK.search(token.string) or any(map(is_word, ESCAPE.findall(token.string))))
        ]
    assert not found


TERM_CALL = {"gov"}


def test_terms_of_the_ontology_used_in_code_exist() -> None:
    used = set()
    for module in MODULES:
        for node in ast.walk(tree(module)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute | ast.Name)
                and (node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id) in TERM_CALL
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                used.add(str(node.args[0].value))
    assert used, "no term is used"
    assert used <= terms.TERMS


def test_predicates_in_rules_and_code_are_facts_of_the_ontology() -> None:
    stated = set()
    for module in MODULES:
        if part(module) not in ("relating", "understanding"):
            continue
        for node in ast.walk(tree(module)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "add"
            ):
                names = [
                    a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)
                ]
                stated |= {name for name in names[:1] if re.fullmatch("[a-z]+[A-Za-z]*", name)}
    assert stated <= terms.FACT_PREDICATES


def test_kinds_are_classes_of_the_ontology() -> None:
    assert {str(kind) for kind in model.Kind} == terms.ENTITY_CLASSES


TEXT_FILES = {
    path
    for pattern in ("*.py", "*.md", "*.tsv", "*.ttl", "*.rq", "*.sh", "*.js", "*.html", "*.css")
    for folder in ("kg", "docs", "ontology", "scripts", "tests")
    for path in (ROOT / folder).rglob(pattern)
}
MACHINE = re.compile(r"(?<![\w.])/(?:home|Users|root|workspace|work|mnt)/[\w.-]+")


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in itertools.chain(
            TEXT_FILES, ROOT.glob("*.md"), [ROOT / "Makefile", ROOT / "pyproject.toml"]
        )
        if path != Path(__file__)
        for match in MACHINE.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found
