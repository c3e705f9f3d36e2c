"""Edge: remembers templates as Python code, since to compile one takes longer than to make a page with it."""

import hashlib
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from generator.cache import TEMPLATES, keep, kept, program

HERE = Path(__file__).parent.parent.parent


class Compiled(BytecodeCache):
    """Compiled templates in a folder, one file for each, which holds for one text and one version of the program."""

    def __init__(self, folder: Path = HERE / TEMPLATES) -> None:
        self.folder = folder

    def get_source_checksum(self, source: str) -> str:
        return hashlib.sha256(f"{program()}\0{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        if not self._is_elsewhere() and (code := kept(self.folder / bucket.key)):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if not self._is_elsewhere():
            keep(self.folder / bucket.key, bucket.bytecode_to_string())

    def _is_elsewhere(self) -> bool:
        return self.folder.is_symlink() or self.folder.parent.is_symlink()  # what is remembered stays in the project
