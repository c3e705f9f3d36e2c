"""What is found by being there: kinds of pages and exports are modules of their package, and stand in no list."""

import pkgutil
from importlib import import_module
from types import ModuleType


def offering(package: ModuleType, name: str) -> list[ModuleType]:
    """The modules of a package that have a function of this name, in the order of the alphabet."""
    modules = [import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    return [module for module in sorted(modules, key=lambda module: module.__name__) if hasattr(module, name)]
