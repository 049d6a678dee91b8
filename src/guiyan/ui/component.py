"""Components as template tags with declared props and slots.

A component is a function whose parameters are its props and whose result is what its template needs beside them::

    @component(library, "card", slots=("header", "footer"), block=True)
    def card(*, title: str = "") -> Extra: ...

gives ``{% c_card title="…" %}…{% endc_card %}`` rendered by ``ui/components/card.html``. A prop that is not declared, a
required prop that is absent, a slot that is not declared and a word outside a declared choice are TemplateSyntaxErrors,
most of them when the template is compiled. In the component's template ``body`` is the default slot and ``slots.NAME``
a named one; inside a block component ``{% c_slot "NAME" %}…{% endc_slot %}`` fills it.
"""

import inspect
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.template.library import parse_bits
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

Extra = Mapping[str, object] | None
Choices = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Prop:
    """One declared prop, as the style guide shows it."""

    name: str
    kind: str
    required: bool
    default: object
    choices: tuple[str, ...] = ()


class Drawn:
    """What a pure component or a still part drew before, by language and values; the oldest goes when it is full."""

    def __init__(self, most: int = 4096) -> None:
        self._most = most
        self._kept: dict[Hashable, SafeString] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> SafeString | None:
        """Return what was drawn for ``key``, or None."""
        return self._kept.get(key)

    def keep(self, key: Hashable, drawn: SafeString) -> SafeString:
        """Keep what was drawn for ``key``."""
        with self._lock:
            if len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = drawn
        return drawn


@dataclass(frozen=True)
class Component:
    """A registered component: its tag, props, slots and template."""

    tag: str
    template_name: str
    function: Callable[..., Extra]
    props: tuple[Prop, ...]
    slots: tuple[str, ...]
    block: bool
    doc: str
    defaults: Mapping[str, object] = field(default_factory=dict)
    drawn: "Drawn | None" = None

    def refuse_unknown_choice(self, name: str, value: object) -> None:
        """Raise TemplateSyntaxError when the prop has declared words and this is none of them."""
        allowed = next((prop.choices for prop in self.props if prop.name == name), ())
        if allowed and value not in allowed:
            raise TemplateSyntaxError(
                f"{{% {self.tag} %}}: {name}={value!r} is none of {', '.join(map(repr, allowed))}"
            )


REGISTRY: dict[str, Component] = {}


def component(
    library: Library,
    name: str,
    *,
    slots: tuple[str, ...] = (),
    block: bool = False,
    choices: Choices | None = None,
    pure: bool = False,
) -> Callable[[Callable[..., Extra]], Callable[..., Extra]]:
    """Register a function as ``{% c_NAME %}`` (and ``{% endc_NAME %}`` when it is a block).

    ``pure`` says that its props and the language alone decide what it draws: it is then drawn once for equal props.
    """
    assert not (pure and block), "a block's body is no prop"

    def register(function: Callable[..., Extra]) -> Callable[..., Extra]:
        props = tuple(_props(function, choices or {}))
        built = Component(
            tag=f"c_{name}",
            template_name=f"ui/components/{name}.html",
            function=function,
            props=props,
            slots=slots,
            block=block,
            doc=inspect.cleandoc(function.__doc__ or ""),
            defaults={prop.name: prop.default for prop in props if not prop.required},
            drawn=Drawn() if pure else None,
        )
        library.tag(built.tag, _compiler(built))
        REGISTRY[built.tag] = built
        return function

    return register


def _props(function: Callable[..., Extra], choices: Choices) -> Iterator[Prop]:
    for parameter in inspect.signature(function).parameters.values():
        required = parameter.default is inspect.Parameter.empty
        kind = parameter.annotation
        yield Prop(
            name=parameter.name,
            kind=kind.__name__ if isinstance(kind, type) else str(kind).replace("guiyan.ui.values.", ""),
            required=required,
            default=None if required else parameter.default,
            choices=choices.get(parameter.name, ()),
        )


def _compiler(built: Component) -> Callable[[Parser, Token], "ComponentNode"]:
    spec = inspect.getfullargspec(built.function)
    parse: Any = parse_bits  # its type stub describes another release of Django

    def compile_tag(parser: Parser, token: Token) -> ComponentNode:
        bits = token.split_contents()[1:]
        args, kwargs = parse(
            parser,
            bits,
            spec.args,
            spec.varargs,
            spec.varkw,
            spec.defaults,
            spec.kwonlyargs,
            spec.kwonlydefaults,
            takes_context=False,
            name=built.tag,
        )
        given: dict[str, FilterExpression] = {**dict(zip(spec.args, args, strict=False)), **kwargs}
        for name, expression in given.items():
            if isinstance(expression.var, str) and not expression.filters:
                built.refuse_unknown_choice(name, str(expression.var))
        body = NodeList()
        slots: dict[str, NodeList] = {}
        if built.block:
            body = parser.parse((f"end{built.tag}",))
            parser.delete_first_token()
            body, slots = _split_slots(built, body)
        return ComponentNode(built, given, body, slots)

    return compile_tag


def _split_slots(built: Component, nodes: NodeList) -> tuple[NodeList, dict[str, NodeList]]:
    body = NodeList()
    slots: dict[str, NodeList] = {}
    for node in nodes:
        if not isinstance(node, SlotNode):
            body.append(node)
        elif node.name not in built.slots:
            raise TemplateSyntaxError(f"{{% {built.tag} %}} has no slot {node.name!r}; it has {built.slots}")
        else:
            slots[node.name] = node.nodelist
    if body.get_nodes_by_type(SlotNode):
        raise TemplateSyntaxError(f"A c_slot must stand directly inside {{% {built.tag} %}}, not inside another tag")
    return body, slots


def _key(values: Iterable[object]) -> tuple[object, ...]:
    """Return what a drawing is kept by: the language and all values, lazy words as they are said in it."""
    return (get_language(), *((str(value) if isinstance(value, Promise) else value) for value in values))


def draw(tag: str, **props: object) -> SafeString:
    """Draw a pure component from Python, as its tag would. Raises TypeError for one that is not pure."""
    built = REGISTRY[tag]
    if built.drawn is None:
        raise TypeError(f"{tag} is not pure: only its tag draws it")
    data: dict[str, Any] = {**built.defaults, **props}
    key = _key(data[prop.name] for prop in built.props)
    kept = built.drawn.get(key)
    if kept is not None:
        return kept
    for name in props:
        built.refuse_unknown_choice(name, data[name])
    data.update(built.function(**data) or {})
    return built.drawn.keep(key, SafeString(render_to_string(built.template_name, data)))


class StillNode(Node):
    """A part of a page that its values and the language alone decide: drawn once for equal ones."""

    def __init__(self, template_name: str, given: dict[str, FilterExpression]) -> None:
        self.template_name = template_name
        self.given = given
        self.drawn = Drawn(most=256)

    def render(self, context: Context) -> SafeString:
        """Return what was drawn for these values before, or draw it; values that cannot be a key are drawn anew."""
        data = {name: expression.resolve(context) for name, expression in self.given.items()}
        key = _key(data.values())
        try:
            return self.drawn.get(key) or self.drawn.keep(key, self._draw(context, data))
        except TypeError:
            return self._draw(context, data)

    def _draw(self, context: Context, data: dict[str, Any]) -> SafeString:
        assert context.template is not None
        return context.template.engine.get_template(self.template_name).render(Context(data))


def compile_still(parser: Parser, token: Token) -> StillNode:
    """``{% still "template.html" name=value … %}``: includes a template that sees these values and nothing else."""
    bits = token.split_contents()
    if len(bits) < 2 or bits[1][0] not in "\"'" or bits[1][-1] != bits[1][0]:
        raise TemplateSyntaxError('{% still %} takes one quoted template, as in {% still "ui/_css.html" %}')
    rest = bits[2:]
    given = token_kwargs(rest, parser)
    if rest:
        raise TemplateSyntaxError(f"{{% still %}}: {rest[0]!r} is not of the form name=value")
    return StillNode(bits[1][1:-1], given)


class SlotNode(Node):
    """The content of a named slot; taken out by the component around it when the template is compiled."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name = name
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Refuse: a slot that is still here stands in no component."""
        raise TemplateSyntaxError(f"The c_slot {self.name!r} stands in no component")


def compile_slot(parser: Parser, token: Token) -> SlotNode:
    """``{% c_slot "name" %}…{% endc_slot %}``; the name is a literal."""
    bits = token.split_contents()
    if len(bits) != 2 or bits[1][0] not in "\"'" or bits[1][-1] != bits[1][0]:
        raise TemplateSyntaxError('{% c_slot %} takes one quoted name, as in {% c_slot "header" %}')
    nodelist = parser.parse(("endc_slot",))
    parser.delete_first_token()
    return SlotNode(bits[1][1:-1], nodelist)


class ComponentNode(Node):
    """Renders one use of a component. Only its props, slots, the request and the CSRF token reach its template."""

    child_nodelists = ("nodelist", "slot_nodelist")

    def __init__(
        self, built: Component, given: dict[str, FilterExpression], body: NodeList, slots: dict[str, NodeList]
    ) -> None:
        self.component = built
        self.given = given
        self.nodelist = body
        self.slots = slots
        self.slot_nodelist = NodeList(node for nodes in slots.values() for node in nodes)
        self.checked = {prop.name for prop in built.props if prop.choices} & set(given)

    def render(self, context: Context) -> SafeString:
        """Resolve the props, ask the function for the rest, render the component's template."""
        built = self.component
        data: dict[str, Any] = dict(built.defaults)
        for name, expression in self.given.items():
            data[name] = expression.resolve(context)
        for name in self.checked:
            built.refuse_unknown_choice(name, data[name])
        if built.drawn is None:
            return self._draw(context, data)
        key = _key(data[prop.name] for prop in built.props)
        return built.drawn.get(key) or built.drawn.keep(key, self._draw(context, data))

    def _draw(self, context: Context, data: dict[str, Any]) -> SafeString:
        built = self.component
        extra = built.function(**data)
        if extra:
            data.update(extra)
        if built.block:
            data["body"] = self.nodelist.render(context)
            data["slots"] = {name: nodes.render(context) for name, nodes in self.slots.items()}
        data["request"] = context.get("request")
        data["csrf_token"] = context.get("csrf_token")
        assert context.template is not None
        template = context.template.engine.get_template(built.template_name)
        # A bare context instead of context.new(): lists render components by the hundred, and copies cost.
        inner = Context(data, autoescape=context.autoescape, use_l10n=context.use_l10n, use_tz=context.use_tz)
        inner.template = inner.render_context.template = template
        return template.nodelist.render(inner)
