// The views of the page: each fills the place left of the panel, opened by its tab or by the address.

// A view has `title` (a key of the interface), `show(holder, detail)`, which fills an empty holder from the
// data and the filters, and may have `available()` and `select()`, called when the selection has changed.
const views = new Map([["network", { title: "view_network", show: () => refresh() }]]);

function addView(name, view) {
  views.set(name, view);
}

function availableViews() {
  return [...views].filter(([, view]) => !view.available || view.available());
}

function openView(name, detail) {
  if (!availableViews().some(([known]) => known === name)) return;
  state.view = name;
  state.detail = detail || "";
  showView();
  tellAddress();
}

function showView() {
  const holder = document.getElementById("view"), covered = state.view !== "network";
  holder.hidden = !covered;
  document.getElementById("stage").inert = covered;
  document.body.setAttribute("data-view", state.view);
  showTabs();
  holder.replaceChildren();
  holder.scrollTop = 0;
  holder.setAttribute("aria-label", words(views.get(state.view).title));
  views.get(state.view).show(holder, state.detail);
}

function showTabs() {
  const tabs = document.getElementById("tabs"), focused = tabs.contains(document.activeElement);
  tabs.replaceChildren(...availableViews().map(([name, view]) => element("button", {
    type: "button", "data-view": name, "aria-current": name === state.view ? "page" : null,
    click: () => openView(name) }, words(view.title))));
  // The tab is a new button: who pressed it stays on it, and on a narrow screen it comes into view.
  const current = tabs.querySelector("[aria-current]");
  if (focused && current) current.focus();
  if (current) tabs.scrollLeft = Math.max(0, current.offsetLeft - tabs.offsetLeft - 40);
}

// The address tells view and selection: #IRI in the network, #!view/detail&IRI elsewhere. The network's detail, if
// any, tells what it is shown around and the ends of a path: #!network/around%20A%20B%20path%20C%20D&IRI.
function address() {
  const chosen = state.selection && state.selection.thing;
  const thing = chosen === undefined || chosen === null ? "" : encodeURIComponent(things[chosen].iri);
  const detail = state.view === "network" ? scopeDetail() : state.detail;
  if (state.view === "network" && !detail) return thing;
  return "!" + state.view + (detail ? "/" + encodeURIComponent(detail) : "") + (thing ? "&" + thing : "");
}

let following = false; // while an address is followed, it is not told anew
function tellAddress() {
  if (following) return;
  const wanted = address();
  if (wanted !== location.hash.slice(1)) location.hash = wanted;
}

function readAddress() {
  const plainly = (text) => {
    try {
      return decodeURIComponent(text);
    } catch (error) {
      return text; // not percent-encoded: taken as it is
    }
  };
  const said = location.hash.slice(1), found = /^!(\w+)(?:\/([^&]*))?(?:&(.*))?$/.exec(said);
  if (!found) return { view: "network", detail: "", iri: plainly(said) };
  return { view: found[1], detail: plainly(found[2] || ""), iri: plainly(found[3] || "") };
}

function followAddress() {
  const said = readAddress(), index = indexOf.get(said.iri);
  following = true;
  if (availableViews().some(([known]) => known === said.view)) {
    const detail = said.view === "network" ? "" : said.detail;
    const moved = said.view !== state.view || detail !== state.detail;
    state.view = said.view;
    state.detail = detail;
    if (moved) showView();
    if (said.view === "network") followScope(said.detail);
  }
  const current = state.selection && state.selection.thing;
  if (index !== undefined && index !== current) select({ thing: index }, { move: true });
  else if (!said.iri && current !== undefined && current !== null) select(null, {});
  following = false;
}
