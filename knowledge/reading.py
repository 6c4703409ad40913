"""A folder of YAML becomes a Guide, or says with file and line what stands in the way.

The only module of the two inner rooms that touches files, and only here, at load. YAML's traps (a phone read as a
number, a bare date, yes/no, a full-width colon) are refused with the mend rather than repaired: what an editor sees in
the file is what the visitor gets.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.canned import CannedTexts, canned_faults
from knowledge.desk_hours import DeskHours
from knowledge.guide import Contact, Direction, District, Fact, Guide
from knowledge.rules import DirectionRules, GeneralRules, Rules
from knowledge.tellings import Tellings
from knowledge.wording import Wording
from knowledge.words import Words

Path_: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "dict[str, Any] | list[Any] | str | int | bool | None"
M = TypeVar("M", bound=BaseModel)

GUIDE_FILE, CONTACTS_FILE, DISTRICTS_FILE, FACTS_FILE = "guide.yaml", "contacts.yaml", "districts.yaml", "facts.yaml"
TELLINGS_FILE, EXAMPLES_FILE = "tellings.yaml", "examples.yaml"
SOURCE_FILE = "source.txt"
PHRASINGS = "phrasings"
"""The folder of how people ask, one file a direction and one for the general rules."""
RULES_FOLDER, GENERAL_RULES = "rules", "rules/00-general.yaml"
GUIDES = Path(__file__).parent / "guides"
NEWEST = GUIDES / "2023-batch-1"


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in which file and line, and what would be right; one Chinese sentence."""

    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.file} 第{self.line}行：{self.says}" if self.line else f"{self.file}：{self.says}"


class BrokenGuide(Exception):
    """An editor's fault: the folder can't be served. `faults` holds every one that was found."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass
class Document:
    """One YAML file: its data, and the line on which each key or item stands."""

    file: str
    data: Data = None
    lines: dict[Path_, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, *path: str | int) -> int:
        """The line of a path, or of the nearest thing around it that has one."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


@dataclass
class Draft:
    """A guide that was read but not yet proved, with the documents to point into."""

    guide: Guide
    documents: dict[str, Document]
    direction_files: dict[str, str]
    rules_files: dict[str, str]

    def fault(self, file: str, path: Path_, says: str) -> Fault:
        """A fault at a path of a file."""
        return Fault(file, self.documents[file].line(*path), says)


def read_text(path: Path, name: str = "") -> str:
    """A text file as UTF-8; BrokenGuide where it is missing or is something else."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BrokenGuide([Fault(name or path.name, 0, f"缺少这个文件，应在 {path.parent.name}/ 里")]) from None
    except (UnicodeDecodeError, OSError):
        raise BrokenGuide([Fault(name or path.name, 0, "读不出来，应是UTF-8编码的文本文件")]) from None


def read_document(path: Path, name: str = "") -> Document:
    """One YAML file with its lines and the faults found in it; BrokenGuide only where nothing can be read."""
    return document_of(read_text(path, name), name or path.name)


def document_of(text: str, name: str) -> Document:
    """The same for a text that stands elsewhere than in a file."""
    document = Document(name)
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise BrokenGuide([_syntax_fault(document.file, text, error)]) from None
    if node is None:
        raise BrokenGuide([Fault(document.file, 0, "是空的，应有内容")])
    document.data = _plain(node, (), document)
    return document


def _syntax_fault(file: str, text: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 0
    near = "\n".join(text.splitlines()[max(0, line - 2) : line])
    if re.search(r"^\s*(?:- )?\w+：", near, re.M):
        return Fault(file, line, "冒号用了全角“：”，键后面请用半角冒号加一个空格")
    if "\t" in near:
        return Fault(file, line, "用了制表符缩进，请改用空格")
    return Fault(file, line, "YAML写法不对，请检查这一行的缩进、引号和括号是否成对")


_BOOLEAN_WORDS = {"yes", "no", "on", "off"}
"""What YAML 1.1 reads as true or false."""


def _plain(node: yaml.Node, path: Path_, document: Document) -> Data:
    """A YAML node as plain data; notes each path's line and refuses what YAML would silently read as something else."""
    document.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            name = str(key.value)
            document.lines[(*path, name)] = key.start_mark.line + 1
            if name in found:
                document.faults.append(
                    Fault(document.file, key.start_mark.line + 1, f"“{name}”写了两次，请合并或删去一个")
                )
            found[name] = _plain(value, (*path, name), document)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*path, index), document) for index, item in enumerate(node.value)]
    return _scalar(node, document)


def _scalar(node: yaml.Node, document: Document) -> Data:
    text, line = str(node.value), node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode) and node.style:  # quoted: taken as written
        return text
    if node.tag.endswith(":timestamp"):
        document.faults.append(Fault(document.file, line, f'日期{text}没有加引号，请写成"{text}"'))
        return text
    if re.match(r"^[a-z_]+：", text):
        document.faults.append(Fault(document.file, line, f"“{text[:12]}”里的冒号是全角“：”，请改成半角冒号加空格"))
        return text
    if node.tag.endswith(":null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if text.lower() in _BOOLEAN_WORDS:
        document.faults.append(
            Fault(document.file, line, f'“{text}”会被当成真假值，真假请写true或false，文字请加引号写成"{text}"')
        )
        return text
    if node.tag.endswith(":int") and re.fullmatch(r"0|[1-9]\d{0,4}", text):
        return int(text)
    if node.tag.endswith((":int", ":float")):
        document.faults.append(Fault(document.file, line, f'{text}没有加引号会被当成数字，电话和编号请写成"{text}"'))
        return text
    return text


def read_draft(folder: Path) -> Draft:
    """A guide's folder, read whole; raises BrokenGuide with every fault of form (missing files, keys, kinds, YAML)."""
    if not folder.is_dir():
        raise BrokenGuide([Fault(str(folder), 0, "没有这个文件夹，请用 --folder 指向指南的文件夹")])
    names = [GUIDE_FILE, CONTACTS_FILE, DISTRICTS_FILE, FACTS_FILE]
    direction_names = sorted(path.name for path in folder.glob("[0-9][0-9]-*.yaml"))
    rules_names = sorted(f"{RULES_FOLDER}/{p.name}" for p in (folder / RULES_FOLDER).glob("[0-9][0-9]-*.yaml"))
    rules_names = [name for name in rules_names if name != GENERAL_RULES]
    documents: dict[str, Document] = {}
    faults: list[Fault] = []
    source = ""
    for name in [*names, *direction_names, GENERAL_RULES, *rules_names]:
        try:
            documents[name] = read_document(folder / name, name)
            faults += documents[name].faults
        except BrokenGuide as broken:
            faults += broken.faults
    try:
        source = read_text(folder / SOURCE_FILE)
    except BrokenGuide as broken:
        faults += broken.faults
    if not direction_names:
        faults.append(Fault(folder.name, 0, "里面没有方向的文件，方向的文件名应像01-first-tape-out.yaml"))
    if faults:
        raise BrokenGuide(sorted(faults))
    phrasings = dict(_phrasings(folder, documents, faults))
    directions = list(_models(Direction, documents, direction_names, faults))
    rules = list(_models(DirectionRules, documents, rules_names, faults))
    general = _model(GeneralRules, documents[GENERAL_RULES].data, documents[GENERAL_RULES], (), faults)
    data = documents[GUIDE_FILE].data
    whole = {
        **(data if isinstance(data, dict) else {}),
        "directions": (),
        "contacts": tuple(_list(Contact, documents[CONTACTS_FILE], "contacts", faults)),
        "districts": tuple(_list(District, documents[DISTRICTS_FILE], "districts", faults)),
        "facts": tuple(_list(Fact, documents[FACTS_FILE], "facts", faults)),
        "phrasings": phrasings,
        "source": source,
    }
    if faults or general is None:
        raise BrokenGuide(sorted(faults))
    whole["deciding"] = Rules(general=general, directions=tuple(found for _, found in rules))
    guide = _model(Guide, whole, documents[GUIDE_FILE], (), faults)
    if faults or guide is None:
        raise BrokenGuide(sorted(faults))
    directions.sort(key=lambda pair: int(pair[1].direction) if pair[1].direction.isdigit() else 0)
    guide = guide.model_copy(update={"directions": tuple(direction for _, direction in directions)})
    return Draft(
        guide,
        documents,
        {direction.direction: name for name, direction in directions},
        {found.direction: name for name, found in rules},
    )


def _phrasings(
    folder: Path, documents: dict[str, Document], faults: list[Fault]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The phrasings of every file of the folder; a key that stands in two files is a fault."""
    seen: set[str] = set()
    for path in sorted((folder / PHRASINGS).glob("*.yaml")):
        document = read_document(path)
        documents[f"{PHRASINGS}/{path.name}"] = document
        faults += document.faults
        for key, questions in document.data.items() if isinstance(document.data, dict) else ():
            if key in seen or not isinstance(questions, list) or not all(isinstance(one, str) for one in questions):
                faults.append(
                    Fault(
                        document.file,
                        document.line(key),
                        f"“{key}”下面应是一行一句问话的列表，且只在一个文件里出现一次",
                    )
                )
                continue
            seen.add(key)
            yield key, tuple(questions)


def _models(
    model: type[M], documents: dict[str, Document], names: list[str], faults: list[Fault]
) -> Iterator[tuple[str, M]]:
    for name in names:
        made = _model(model, documents[name].data, documents[name], (), faults)
        if made is not None:
            yield name, made


def _list(model: type[M], document: Document, key: str, faults: list[Fault]) -> Iterator[M]:
    data = document.data
    rows = data.get(key) if isinstance(data, dict) else None
    if not isinstance(rows, list):
        faults.append(Fault(document.file, 1, f"最上面应是“{key}:”，下面列出各行"))
        return
    for index, row in enumerate(rows):
        made = _model(model, row, document, (key, index), faults)
        if made is not None:
            yield made


def _model(model: type[M], data: object, document: Document, at: Path_, faults: list[Fault]) -> M | None:
    try:
        return model.model_validate(_tuples(data))
    except ValidationError as error:
        for trouble in error.errors():
            path = (*at, *(part for part in trouble["loc"]))
            faults.append(Fault(document.file, document.line(*path), _sentence(model, trouble)))
        return None


def modelled(model: type[M], data: object, document: Document, faults: list[Fault]) -> M | None:
    """The model of a document's data; None, and the faults told, where it is none."""
    return _model(model, data, document, (), faults)


def _tuples(data: object) -> object:
    """Lists as tuples, as the frozen strict models want them."""
    if isinstance(data, dict):
        return {key: _tuples(value) for key, value in data.items()}
    if isinstance(data, list):
        return tuple(_tuples(value) for value in data)
    return data


def _sentence(model: type[BaseModel], trouble: Any) -> str:
    where = "、".join(str(part) for part in trouble["loc"][-1:]) or "这里"
    kind, given = trouble["type"], trouble.get("input")
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(where), sorted(_keys(model)), 1)
        return f"不认识的键“{where}”" + (f"，是不是“{near[0]}”？" if near else "，请对照docs/editing.md改成认识的键")
    if kind == "missing":
        return f"缺少“{where}”，请补上"
    if kind == "value_error":
        return str(trouble["ctx"]["error"])
    if kind == "bool_type":
        return f"“{where}”应写true或false，现在是“{given}”"
    if kind == "string_type":
        return f'“{where}”应是文字，现在是{given!r}；数字和编号请加引号写成"{given}"'
    if kind == "literal_error":
        return f"“{where}”写的是“{given}”，只能是{str(trouble['ctx']['expected']).replace(' or ', '、')}"
    return f"“{where}”的写法不对（现在是{str(given)[:30]!r}），请对照docs/editing.md"


def _keys(model: object, seen: set[object] | None = None) -> set[str]:
    """Every key that a model and the models inside it know."""
    seen = set() if seen is None else seen
    if model in seen:
        return set()
    seen.add(model)
    if isinstance(model, type) and issubclass(model, BaseModel):
        own = {info.alias or name for name, info in model.model_fields.items()}
        return own.union(*(_keys(info.annotation, seen) for info in model.model_fields.values()))
    return set().union(*(_keys(part, seen) for part in get_args(model)))


def read_examples(folder: Path) -> tuple[tuple[str, ...], ...]:
    """Questions that a change is tried on, each with its turns; none where the folder has none."""
    if not (folder / EXAMPLES_FILE).is_file():
        return ()
    document = read_document(folder / EXAMPLES_FILE)
    data = document.data
    held = data.get("questions") if isinstance(data, dict) else None
    faults = list(document.faults)
    if not isinstance(held, list):
        raise BrokenGuide([*faults, Fault(EXAMPLES_FILE, 1, "最上面应是“questions:”，下面一行一句问话")])
    turns = [one if isinstance(one, list) else [one] for one in held]
    for at, one in enumerate(turns):
        if not one or not all(isinstance(text, str) and text for text in one):
            faults.append(Fault(EXAMPLES_FILE, document.line("questions", at), "应是一句问话，或几句问话的列表"))
    if faults:
        raise BrokenGuide(sorted(faults))
    return tuple(tuple(map(str, one)) for one in turns)


def read_tellings(folder: Path) -> tuple[Tellings, Document]:
    """How people tell the facts of a guide, with its document; raises BrokenGuide with every fault of form."""
    document = read_document(folder / TELLINGS_FILE)
    faults = list(document.faults)
    tellings = _model(Tellings, document.data, document, (), faults)
    if faults or tellings is None:
        raise BrokenGuide(sorted(faults))
    return tellings, document


_WORD_FILES = {
    "facets": "facets.yaml",
    "fillers": "fillers.yaml",
    "places": "places.yaml",
    "elsewhere": "elsewhere.yaml",
    "facet_asks": "facet-asks.yaml",
    "elsewhere_asks": "elsewhere-asks.yaml",
    "smalltalk": "smalltalk.yaml",
    "variants": "spellings.yaml",
    "replies": "replies.yaml",
    "commands": "commands.yaml",
}


def read_words(folder: Path) -> Words:
    """How people speak, from the YAML files beside this module; raises BrokenGuide with every fault of form."""
    faults: list[Fault] = []
    whole: dict[str, object] = {}
    for key, name in _WORD_FILES.items():
        document = read_document(folder / name)
        faults += document.faults
        part = {key: document.data}
        try:
            Words.model_validate({**_NO_WORDS, **{key: _tuples(document.data)}})
        except ValidationError as error:
            for trouble in error.errors():
                path = trouble["loc"][1:]
                faults.append(Fault(name, document.line(*path), _sentence(Words, trouble)))
        whole |= part
    if faults:
        raise BrokenGuide(sorted(faults))
    return Words.model_validate(_tuples(whole))


_NO_WORDS: dict[str, object] = {
    "facets": {},
    "fillers": {},
    "places": {"beijing": {}, "outside": ()},
    "elsewhere": {"policy": (), "matter": ()},
    "facet_asks": {},
    "elsewhere_asks": {},
    "smalltalk": {},
    "variants": {},
    "replies": {"yes": (), "no": (), "unknown": (), "doubt": (), "asks": ()},
    "commands": {"whole": {}, "within": {}},
}


def read_wording(folder: Path) -> Wording:
    """What any question may carry, from `wording.yaml` beside this module; raises BrokenGuide with every fault."""
    document = read_document(folder / "wording.yaml")
    faults = list(document.faults)
    wording = _model(Wording, _tuples(document.data), document, (), faults)
    if wording is None or faults:
        raise BrokenGuide(sorted(faults))
    return wording


def read_desk(folder: Path) -> DeskHours:
    """When the desk is manned, from `desk.yaml` beside this module; raises BrokenGuide with every fault."""
    document = read_document(folder / "desk.yaml")
    faults = list(document.faults)
    desk = _model(DeskHours, _tuples(document.data), document, (), faults)
    if desk is None or faults:
        raise BrokenGuide(sorted(faults))
    return desk


def read_canned(folder: Path, guide: Guide) -> CannedTexts:
    """What officers often say, from `canned.yaml` beside this module, proved; raises BrokenGuide with every fault."""
    document = read_document(folder / "canned.yaml")
    faults = list(document.faults)
    canned = _model(CannedTexts, _tuples(document.data), document, (), faults)
    if canned is not None:
        faults += [Fault(document.file, document.line(*path), says) for path, says in canned_faults(canned, guide)]
    if canned is None or faults:
        raise BrokenGuide(sorted(faults))
    return canned
