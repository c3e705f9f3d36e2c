"""What is found by being there: kinds of pages, exports and rules are in modules of their package, and in no list."""

import pkgutil
from importlib import import_module
from types import ModuleType


def modules(package: ModuleType) -> list[ModuleType]:
    """Every module of a package, in the order of the alphabet."""
    found = sorted(one.name for one in pkgutil.iter_modules(package.__path__, f"{package.__name__}."))
    return [import_module(name) for name in found]


def offering(package: ModuleType, name: str) -> list[ModuleType]:
    """Those that have a function of this name."""
    return [module for module in modules(package) if hasattr(module, name)]
