"""Writing a laid out flow as SVG that follows the page's colours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from bilan.casework.diagram.layout import HEIGHT, WIDTH, Drawing, Edge, Node, laid_out
from bilan.pack.flows import Flow

TONES = {"ok": "green", "risk": "amber", "bad": "red", "info": "azure", "quiet": "track"}
"""Tone of a state → name of the page's colour."""
LINE = 15
WORDS = {
    "present": ("当前", "now"),
    "stay": ("不变：", "stays: "),
    "any": ("各状态均可：", "from anywhere: "),
    "open": ("{} 件", "{} open"),
}
ZH_EM, EN_EM = 1.0, 0.55
"""Width of a letter in the height of the script."""


def diagram(
    flow: Flow,
    *,
    language: str = "zh-hans",
    present: Collection[str] = (),
    visited: Collection[str] = (),
    counts: Mapping[str, int] | None = None,
) -> SafeString:
    """A flow as an SVG picture, with a text of all it shows for those who do not see it.

    Parameters:
        present: states in which a case stands; `visited`: those it has been in.
        counts: state → number of cases that stand there.
    """
    drawing = _drawn(_Kept(flow))
    parts = [_defs(), *(_line(edge, visited, present, language) for edge in drawing.edges)]
    parts += [_words_of(edge, language) for edge in drawing.edges if edge.titles]
    parts += [_node(node, present, visited, (counts or {}).get(node.state.name), language) for node in drawing.nodes]
    label = _pick((flow.title.zh, flow.title.en), language)
    now = [_pick((node.state.title.zh, node.state.title.en), language) for node in drawing.nodes if node.state.name in present]
    label = f"{label}: {_pick(WORDS['present'], language)} {', '.join(now)}" if now else label
    return format_html(
        '<svg class="flow-diagram" role="img" aria-label="{}" viewBox="0 0 {} {}" width="{}" height="{}" '
        'style="max-width:100%;height:auto;font-family:var(--font);color:var(--ink)" xmlns="http://www.w3.org/2000/svg">{}</svg>',
        label,
        f"{drawing.width:g}",
        f"{drawing.height:g}",
        f"{drawing.width:g}",
        f"{drawing.height:g}",
        mark_safe("".join(parts)),  # every part escapes what it shows
    )


def fitted(text: str, width: float, size: float, lines: int) -> list[str]:
    """A text in as many lines as it needs and may have, the last one cut where it does not fit.

    Examples:
        >>> fitted("Sampling and tracing of the source", 100, 12, 2)
        ['Sampling and', 'tracing of the…']
        >>> fitted("入河排污口查测溯治管", 60, 12, 2)
        ['入河排污口', '查测溯治管']
    """
    found: list[str] = [""]
    for word in _words(text):
        if _width(found[-1] + word.rstrip(), size) <= width or not found[-1]:
            found[-1] += word
        elif len(found) < lines:
            found.append(word)
        else:
            rest = found[-1] + word
            while rest and _width(rest + "…", size) > width:
                rest = rest[:-1]
            return [*(line.strip() for line in found[:-1]), rest.strip() + "…"]
    return [line.strip() for line in found]


def _words(text: str) -> list[str]:
    """Where a text may be broken: after each Chinese letter, after each blank."""
    found = [""]
    for letter in text:
        if found[-1] and (ord(letter) > 0x2E80 or ord(found[-1][-1]) > 0x2E80 or found[-1][-1] == " "):
            found.append("")
        found[-1] += letter
    return found


def _width(text: str, size: float) -> float:
    return sum((ZH_EM if ord(letter) > 0x2E80 else EN_EM) * size for letter in text)


class _Kept:
    """A flow that compares by what was declared."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.flow.text == self.flow.text

    def __hash__(self) -> int:
        return hash(self.flow.text)


@lru_cache(256)
def _drawn(kept: _Kept) -> Drawing:
    return laid_out(kept.flow)


def _pick(pair: tuple[str, str], language: str) -> str:
    return pair[1] if language == "en" else pair[0]


def _defs() -> str:
    return "".join(
        f'<marker id="flow-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
        f'<path d="M0 0L8 4L0 8z" style="fill:var({colour})"/></marker>'
        for name, colour in (("on", "--line-strong"), ("done", "--azure"), ("back", "--amber"), ("part", "--teal"))
    )


def _line(edge: Edge, visited: Collection[str], present: Collection[str], language: str) -> str:
    gone = edge.kind == "on" and edge.source in visited and (edge.target in visited or edge.target in present)
    kind = "done" if gone else edge.kind
    colour = {"on": "--line-strong", "done": "--azure", "back": "--amber", "part": "--teal"}[kind]
    dashes = ";stroke-dasharray:5 4" if edge.kind in {"back", "part"} else ""
    full = " / ".join(title.text(language) for title in edge.titles)
    return (
        f'<g class="flow-edge flow-edge--{kind}"><title>{escape(full)}</title>'
        f'<path d="{edge.path}" marker-end="url(#flow-{kind})" style="fill:none;stroke:var({colour});stroke-width:1.5{dashes}"/></g>'
    )


def _words_of(edge: Edge, language: str) -> str:
    """The titles of a way, over all lines so that none runs through them."""
    shown = [fitted(title.text(language), 118, 11, 1)[0] for title in edge.titles[:3]]
    if len(edge.titles) > len(shown):
        shown[-1] += " …"
    top = edge.y - (len(shown) - 1) * LINE / 2
    words = "".join(f'<tspan x="{edge.x:g}" y="{top + number * LINE:g}">{escape(line)}</tspan>' for number, line in enumerate(shown))
    return (
        f'<text text-anchor="{edge.anchor}" '
        f'style="font-size:11px;fill:var(--soft);paint-order:stroke;stroke:var(--card);stroke-width:4px">{words}</text>'
    )


def _node(node: Node, present: Collection[str], visited: Collection[str], count: int | None, language: str) -> str:
    state, here = node.state, node.state.name in present
    tone = TONES.get(state.tone, "azure")
    fill = f"var(--{tone})" if here else f"var(--{tone}-tint)" if tone != "track" else "var(--track)"
    ink = "var(--card)" if here else "var(--ink)"
    if here and tone == "track":
        fill, ink = "var(--soft)", "var(--card)"
    border = f"var(--{tone if tone != 'track' else 'line-strong'})"
    weight = "2.5" if here else "1.5" if state.name in visited else "1"
    radius = 24 if state.final else 10
    classes = " ".join(
        [
            "flow-node",
            f"flow-node--{state.tone}",
            *(["flow-node--present"] if here else []),
            *(["flow-node--visited"] if state.name in visited else []),
        ]
    )
    lines = fitted(state.title.text(language), WIDTH - 20, 13, 2)
    small = _small(node, here, count, language)
    top = node.y + HEIGHT / 2 + 4.5 - (len(lines) - 1 + (0.8 if small else 0)) * LINE / 2
    text = "".join(
        f'<tspan x="{node.x + WIDTH / 2:g}" y="{top + number * LINE:g}">{escape(line)}</tspan>' for number, line in enumerate(lines)
    )
    if small and len(lines) == 1:
        text += f'<tspan x="{node.x + WIDTH / 2:g}" y="{top + LINE:g}" style="font-size:11px;font-weight:400">{escape(small)}</tspan>'
    return (
        f'<g class="{classes}"><title>{escape(_full(node, count, language))}</title>'
        f'<rect x="{node.x:g}" y="{node.y:g}" width="{WIDTH}" height="{HEIGHT}" rx="{radius}" '
        f'style="fill:{fill};stroke:{border};stroke-width:{weight}"/>'
        f'<text text-anchor="middle" style="font-size:13px;font-weight:{600 if here else 500};fill:{ink}">{text}</text></g>'
    )


def _small(node: Node, here: bool, count: int | None, language: str) -> str:
    """The second line of a state: where the case stands, how many stand there, the part, or the term."""
    if here:
        return f"● {_pick(WORDS['present'], language)}"
    if count:
        return _pick(WORDS["open"], language).format(count)
    if node.inside.zh:
        return fitted(node.inside.text(language), WIDTH - 20, 11, 1)[0]
    return node.state.term.text(language) if node.state.term else ""


def _full(node: Node, count: int | None, language: str) -> str:
    said = [node.state.title.text(language), node.state.about.text(language)]
    if node.state.term:
        said.append(node.state.term.text(language))
    if count:
        said.append(_pick(WORDS["open"], language).format(count))
    if node.staying:
        said.append(_pick(WORDS["stay"], language) + ", ".join(title.text(language) for title in node.staying))
    if node.anywhere:
        said.append(_pick(WORDS["any"], language) + ", ".join(title.text(language) for title in node.anywhere))
    return " · ".join(part for part in said if part)
