// What the reader does: select, search, filter, switch the language; the address names what is selected.

function select(chosen, how) {
  state.selection = chosen;
  state.cell = how.cell || null;
  tellAddress();
  refresh();
  showPanel();
  showSaving();
  if (views.get(state.view).select) views.get(state.view).select();
  if (how.move && chosen && chosen.thing !== undefined && state.thingShown[chosen.thing]) visit(chosen.thing);
  else if (how.move && chosen && chosen.path) visitPath(chosen.path);
  if (how.focus) document.getElementById("panel").focus({ preventScroll: true });
}

// Tell in the panel what a cell of a view stands for.
function selectCell(title, factIndexes, numberIndexes) {
  select(null, { cell: { title: title, facts: factIndexes, numbers: numberIndexes || [] }, focus: true });
}

// Words.
function showSummary() {
  const count = (flags) => flags.filter(Boolean).length;
  const told = toldDocuments().filter((position) => !state.hiddenDocuments.has(position));
  document.getElementById("summary").textContent = words("summary", number(count(state.thingShown)),
    number(count(state.factShown.map((shown, fact) => shown && facts[fact].evidence.length))), number(told.length));
  picture.frame.setAttribute("role", "application");
  picture.frame.setAttribute("aria-label", words("canvas", count(state.thingShown), count(state.lineShown)));
}

function showWords() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : state.language;
  for (const each of document.querySelectorAll("[data-text]")) each.textContent = words(each.dataset.text);
  for (const each of document.querySelectorAll("[data-label]")) {
    each.setAttribute("aria-label", words(each.dataset.label));
    if (each.tagName === "BUTTON") each.title = words(each.dataset.label);
  }
  for (const each of document.querySelectorAll("[data-hint]")) each.placeholder = words(each.dataset.hint);
  document.getElementById("heading").textContent = document.title = data.subject || words("title");
  const button = document.getElementById("language");
  button.textContent = words("language");
  button.lang = state.language === "zh" ? "en" : "zh-CN"; // said by a voice of that language
  button.title = words("language_label");
  document.getElementById("home").hidden = !data.home;
  showFilters();
  showSaving();
  showSummary();
  showHits();
  showScope();
  showPanel();
  showView();
}

function start() {
  const on = (id, event, act) => document.getElementById(id).addEventListener(event, act);
  on("query", "input", showHits);
  on("query", "focus", allSearchable);
  on("query", "keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const found = showHits();
    if (found.length) pick({ thing: found[0].index }, { move: true });
  });
  on("search", "keydown", moveInHits);
  on("skip", "click", () => document.getElementById("panel").focus());
  on("zoom-in", "click", () => zoom(1.5));
  on("zoom-out", "click", () => zoom(1 / 1.5));
  on("fit", "click", () => fitAll(true));
  on("show-planned", "change", (event) => {
    state.showPlanned = event.target.checked;
    filtersChanged();
  });
  on("hide-lonely", "change", (event) => {
    state.hideLonely = event.target.checked;
    filtersChanged();
  });
  on("save", "toggle", showSaving);
  // One menu at a time; that of saving closes when the reader turns elsewhere.
  const menus = ["save", "filters"].map((id) => document.getElementById(id));
  for (const menu of menus) {
    menu.addEventListener("toggle", () => menus.forEach((other) => { if (menu.open && other !== menu) other.open = false; }));
  }
  document.addEventListener("pointerdown", (event) => {
    if (!menus[0].contains(event.target)) menus[0].open = false;
  });
  on("language", "click", () => {
    state.language = state.language === "zh" ? "en" : "zh";
    showWords();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("#bar details[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
      return;
    }
    if (state.pathFrom !== null) {
      endPath();
      return;
    }
    const query = document.getElementById("query");
    if (query.value) {
      query.value = "";
      showHits();
    }
    select(null, {});
  });
  window.addEventListener("hashchange", followAddress);
  window.addEventListener("resize", () => {
    if (!state.selection) fitAll(false);
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    readTheme();
    refresh();
  });
  if (window.innerWidth <= 820) document.getElementById("legend").open = false;
  document.getElementById("home").href = data.home;
  readTheme();
  applyFilters();
  showWords();
  refresh();
  picture.resize();
  fitAll(false);
  followAddress();
  document.documentElement.setAttribute("data-ready", "true");
}

start();
