// The shortest way from one thing to another over what is shown, told link by link.

// What a step costs: what is done explains more than what is planned, a body and its place are nearly one, all
// places lie in one country. As in kg path.
const COST = { serves: 0.5, within: 3, plan: 2.5, fact: 1, link: 1.5 };
const PASSING = 0.35; // for each doubling of the lines of what is passed: what all have explains little

function stepCost(fact) {
  if (Object.hasOwn(COST, fact.predicate)) return COST[fact.predicate];
  return fact.planned ? COST.plan : fact.evidence.length ? COST.fact : COST.link;
}
const costOf = (line) => Math.min(...line.facts.filter((at) => state.factShown[at]).map((at) => stepCost(facts[at])));

// A heap of [cost, index], the smallest first.
class Heap {
  constructor() {
    this.items = [];
  }
  push(item) {
    const { items } = this;
    let at = items.push(item) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (items[above][0] <= items[at][0]) break;
      [items[above], items[at]] = [items[at], items[above]];
      at = above;
    }
  }
  pop() {
    const { items } = this, first = items[0], last = items.pop();
    if (items.length) {
      items[0] = last;
      for (let at = 0, next = 1; next < items.length; next = 2 * at + 1) {
        if (next + 1 < items.length && items[next + 1][0] < items[next][0]) next += 1;
        if (items[at][0] <= items[next][0]) break;
        [items[at], items[next]] = [items[next], items[at]];
        at = next;
      }
    }
    return first;
  }
}

// The cheapest way: its things and lines from one end to the other, no lines where there is none. That two stand in
// one report is no tie: ways do not pass through reports.
function findPath(from, to) {
  const shownLines = (index) => linesOf[index].filter((line) => state.lineShown[line.id]);
  const weight = new Map();
  const passing = (index) => {
    if (!weight.has(index)) weight.set(index, PASSING * Math.log2(neighbours(index).size || 1) / 2);
    return weight.get(index);
  };
  const cost = new Map([[from, 0]]), via = new Map(), done = new Set(), heap = new Heap();
  if (state.thingShown[from] && state.thingShown[to]) heap.push([0, from]);
  while (heap.items.length) {
    const [spent, at] = heap.pop();
    if (at === to) break;
    if (done.has(at) || (at !== from && things[at].kind === "Report")) continue;
    done.add(at);
    for (const line of shownLines(at)) {
      const next = line.from === at ? line.to : line.from;
      const sum = spent + costOf(line) + passing(at) + passing(next);
      if (done.has(next) || (cost.has(next) && cost.get(next) <= sum)) continue;
      cost.set(next, sum);
      via.set(next, line);
      heap.push([sum, next]);
    }
  }
  const found = { from: from, to: to, things: [to], lines: [] };
  for (let at = to; at !== from;) {
    const line = via.get(at);
    if (!line) return { from: from, to: to, things: [from, to], lines: [] };
    at = line.from === at ? line.to : line.from;
    found.lines.unshift(line.id);
    found.things.unshift(at);
  }
  return found;
}

function showPath(from, to, how) {
  select({ path: findPath(from, to) }, { move: true, focus: Boolean(how && how.focus) });
}

// Picking: the next thing that the reader points at, in the picture or a list, is the other end.
function beginPath(index) {
  state.pathFrom = index;
  showScope();
  document.getElementById("announcement").textContent = words("path_picking", things[index].label);
  // With a keyboard at hand the other end is best searched for; on a phone one would cover the picture.
  if (window.matchMedia("(hover: hover)").matches) document.getElementById("query").focus();
}
function endPath() {
  state.pathFrom = null;
  showScope();
}

// Whether the shift key was held when the reader last pointed at something or pressed a key.
let shifted = false;
for (const name of ["pointerdown", "keydown"]) {
  document.addEventListener(name, (event) => { shifted = event.shiftKey; }, true);
}

// The reader points at something: select it, or take it for the other end of a path.
function pick(chosen, how) {
  const present = state.selection && state.selection.thing;
  const from = state.pathFrom !== null ? state.pathFrom : shifted ? present : undefined;
  const other = chosen ? chosen.thing : undefined;
  if (other === undefined || from === undefined || from === null || other === from) {
    if (!chosen && state.pathFrom !== null) endPath();
    select(chosen, how);
    return;
  }
  endPath();
  // What was searched for is found: the list of hits gives way to the path.
  document.getElementById("query").value = "";
  showHits();
  showPath(from, other, how);
}

function bestFirst(line) {
  return line.facts.map((at) => facts[at]).filter((fact) => state.factShown[fact.index])
    .sort((one, other) => stepCost(one) - stepCost(other) || other.evidence.length - one.evidence.length);
}

function pathPanel(path) {
  const parts = [backButton(), element("h2", {}, words("path_title", things[path.from].label, things[path.to].label))];
  if (!path.lines.length) {
    return [...parts, element("p", {}, words("no_path")),
      element("div", { class: "actions" }, activeFilters() ? toolButton("unfilter", words("show_all"), true, resetFilters) : null,
        state.around.length ? toolButton("everything", words("show_everything"), true, showEverything) : null),
      element("p", {}, thingButton(path.from)), element("p", {}, thingButton(path.to))];
  }
  // First the chain at a glance, then each link with its sentences.
  const links = path.lines.map((id) => bestFirst(lines[id]));
  const glance = [thingButton(path.things[0])];
  links.forEach(([first], at) => {
    const said = phrase(first.predicate, false);
    glance.push(element("span", { class: "link-name" }, first.source === path.things[at] ? "—" + said + "→" : "←" + said + "—"),
      thingButton(path.things[at + 1]));
  });
  const steps = links.map(([first, ...more]) => element("li", {}, factItem(first, null),
    more.length ? group(words("more_facts"), more.length, () => more.map((fact) => () => factItem(fact, null)), false) : null));
  return [...parts, element("p", { class: "soft" }, words("path_steps", path.lines.length)),
    element("p", { class: "chain" }, ...glance), element("ol", { class: "path" }, ...steps)];
}
