"""Coming from one page to another: which choices go along, and an address that always says what is shown.

Conventions: scope, cost measure, currency and filters mean the same on every page and go along; what two pages only
call by the same name (such as "over" or "by") begins anew. The browser's back and forward, and links with choices in
them, load the page that their address names: Streamlit by itself drops choices that two pages both have.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st

from costlib.focus import LABELS, label

#: Keys of the session: the page that was shown last, and the choices that were left on the way.
_AT, _LEFT = "page-shown", "choices-left"
#: Choices of one value that mean the same everywhere; filters, which are lists, do too.
_COMMON: Final = frozenset({"scope", "measure", "currency"})
#: Choices of one page alone that another page has by the same name; so may be what is called like a filter (whose
#: statement is shown, say). A page drops what the last one left under any of them.
_OWN: Final = frozenset({"by", "grain", "over", "show", "month"})
#: On leaving a page Streamlit writes its address once more without its choices: only another page is a step of history.
#: What a popover holds is at the end of the document: the tab key goes into it from its button, and on from there.
#: The canvas of a table of numbers is a stop of the tab key without a name of its own: it gets that of its region.
#: So is a box of code: it gets the line above it as its name.
#: In a table the arrow keys go from cell to cell; the tab key leaves it, else each cell of a row would be a stop.
_SCRIPT: Final = """<script>
(() => {
  if (window.followsAddress) return;
  window.followsAddress = true;
  let waiting;
  const push = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    clearTimeout(waiting);
    if (new URL(url || "", location.href).pathname !== location.pathname) return push(state, title, url);
    waiting = setTimeout(() => history.replaceState(state, title, url), 300);
  };
  window.addEventListener("popstate", (event) => {
    if (location.hash) return;
    event.stopImmediatePropagation();
    location.reload();
  }, true);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-testid=stPageLink-NavLink]");
    if (!link || !link.search || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    location.assign(link.href);
  }, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Tab" && event.target.closest("canvas")) event.stopImmediatePropagation();
  }, true);
  document.addEventListener("keydown", (event) => {
    const bodies = [...document.querySelectorAll("[data-testid=stPopoverBody]")];
    const body = bodies.find((one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true}));
    const opener = document.querySelector("[data-testid=stPopover] button[aria-expanded=true]");
    if (event.key !== "Tab" || !body || !opener) return;
    const able = "button:enabled, input:enabled, textarea:enabled, a[href], summary, [tabindex='0']";
    const meant = (one) => one.tabIndex >= 0 || (one.dataset.tabindex ?? "-1") !== "-1";  // set aside while it is left
    const stops = [...body.querySelectorAll(able)].filter((one) => meant(one) && one.getClientRects().length);
    const at = document.activeElement, last = stops[stops.length - 1];
    const to = !event.shiftKey && at === opener ? stops[0] : event.shiftKey && at === stops[0] ? opener : null;
    if (to) { event.preventDefault(); to.focus(); }
    if (!event.shiftKey && at === last) opener.focus();
  }, true);
  const nameTables = () => document.querySelectorAll("canvas[tabindex='0']:not([aria-label])").forEach((canvas) => {
    const region = canvas.closest("[role=region][aria-label]");
    if (!region) return;
    canvas.setAttribute("role", "group");
    canvas.setAttribute("aria-label", region.getAttribute("aria-label"));
  });
  const nameCode = () => document.querySelectorAll("[data-testid=stCode]:not([aria-label])").forEach((box) => {
    const title = box.closest("[data-testid=stElementContainer]")?.previousElementSibling?.textContent.trim();
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", title || "Text to copy");
  });
  let looking = 0;
  const look = () => { looking ||= requestAnimationFrame(() => { looking = 0; nameTables(); nameCode(); }); };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
  look();
})();
</script>"""


def query_key(dimension: str) -> str:
    """The name of a dimension in the address, which is that of its filter.

    >>> query_key("x_Team"), query_key("ServiceName")
    ('team', 'service')
    """
    return label(dimension).lower().replace(" ", "-").replace(",", "")


def follow_address() -> None:
    """Have the browser load what its address says on back, forward and links with choices."""
    st.html("<style>:has(> .st-key-address) {display: none;}</style>")
    with st.container(key="address"):  # takes no room on the page
        st.html(_SCRIPT, unsafe_allow_javascript=True)


def arrive() -> None:
    """Note which page is shown; on another one than before, put aside what was chosen on the last."""
    here = urlsplit(st.context.url or "").path
    if st.session_state.get(_AT, here) != here:
        shared = {*_COMMON, *_OWN, *map(query_key, LABELS)}
        found = {name: st.session_state.pop(name) for name in shared if name in st.session_state}
        common = {name: value for name, value in found.items() if name in _COMMON or isinstance(value, list)}
        st.session_state[_LEFT] = st.session_state.get(_LEFT, {}) | common
    st.session_state[_AT] = here


def carry(name: str, offered: Collection[Any], said: Callable[[Any], str] = str) -> None:
    """Begin the choice of that name with what was chosen on the page before, as far as it is offered here.

    The first that is offered is the default of a choice of one value; ``said`` is how the address writes a value.
    """
    left = st.session_state.get(_LEFT, {})
    if name not in left or name in st.query_params:
        return
    held = left.pop(name)
    values = held if isinstance(held, list) else [held]
    if all(value in offered for value in values):
        st.session_state[name] = held
        if held and held != next(iter(offered)):
            st.query_params[name] = [said(value) for value in values]
