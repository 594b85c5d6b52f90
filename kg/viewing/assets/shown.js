// What is shown: what the filters admit, of that what is around some things if so chosen, less what is folded away.

// The level (province, city, county …) of the place that a thing is or that a body serves.
const NO_LEVEL = "";
const levelOf = (() => {
  const own = things.map((thing) => (thing.attributes.find(([name]) => name === "level") || ["", NO_LEVEL])[1]);
  const levels = [...own];
  for (const fact of facts) if (fact.predicate === "serves" && !own[fact.source]) levels[fact.source] = own[fact.target];
  return levels;
})();

// Levels from the top: by how much of its places' codes says something (two digits of a province, four of a
// prefecture), then by how many places a place lies in; those without codes behind.
function levelsFromTop() {
  const above = new Map(), found = new Map(levelOf.map((level) => [level, { digits: [], depths: [] }]));
  for (const fact of facts) if (fact.predicate === "within") above.set(fact.source, fact.target);
  things.forEach((thing, index) => {
    if (thing.kind !== "Jurisdiction") return;
    const [, code] = thing.attributes.find(([name]) => name === "code") || [];
    if (code) found.get(levelOf[index]).digits.push(code.replace(/(00)+$/, "").length);
    let depth = 0;
    for (let at = index; above.has(at) && depth < 9; at = above.get(at)) depth += 1;
    found.get(levelOf[index]).depths.push(depth);
  });
  const mean = (numbers, none) => numbers.length ? numbers.reduce((sum, each) => sum + each, 0) / numbers.length : none;
  const rank = (level) => [level === NO_LEVEL ? 1 : 0, mean(found.get(level).digits, 99), mean(found.get(level).depths, 99)];
  return [...found.keys()].map((level) => [rank(level), level]).sort(([one, left], [other, right]) =>
    one[0] - other[0] || one[1] - other[1] || one[2] - other[2] || (left < right ? -1 : 1)).map(([, level]) => level);
}

// What documents say that are not hidden.
function evidenceShown(each) {
  if (!state.hiddenDocuments.size) return each.evidence;
  return each.evidence.filter(([passage]) => !state.hiddenDocuments.has(data.passages[passage][2]));
}

function applyFilters() {
  state.discsAround = null;
  state.hiddenDocuments = new Set(data.documents.map((each, position) => position).filter((position) =>
    state.clearedDocuments.has(position) || state.hiddenYears.has(data.documents[position].year)));
  const shown = admittedThings();
  const evident = (evidence) => evidence.length === 0
    || evidence.some(([passage]) => !state.hiddenDocuments.has(data.passages[passage][2]));
  const done = (each) => state.showPlanned || !each.planned;
  facts.forEach((fact, index) => {
    state.factShown[index] = shown[fact.source] && shown[fact.target] && evident(fact.evidence)
      && !state.hiddenPredicates.has(fact.predicate) && done(fact);
  });
  tellLines();
  state.lineAdmitted = [...state.lineShown];
  const narrow = (keep) => {
    shown.forEach((is, index) => { shown[index] = is && keep(index); });
    facts.forEach((fact, index) => {
      state.factShown[index] = state.factShown[index] && shown[fact.source] && shown[fact.target];
    });
    tellLines();
  };
  if (state.around.length) {
    const kept = new Set(state.around.flatMap((index) => [index, ...neighbours(index)]));
    narrow((index) => kept.has(index));
  }
  state.foldedInto = foldable(shown);
  if (state.foldedInto.size) narrow((index) => !state.foldedInto.has(index));
  const foldedHere = new Set(state.foldedInto.values());
  things.forEach((thing, index) => {
    const linked = !state.hideLonely || foldedHere.has(index) || linesOf[index].some((line) => state.lineShown[line.id]);
    state.thingShown[index] = shown[index] && linked;
  });
  data.observations.forEach((seen, index) => {
    state.numberShown[index] = state.thingShown[seen.of] && evident(seen.evidence) && done(seen);
  });
}

// The things that kinds, levels and documents admit.
function admittedThings() {
  const admitted = (thing, index) => !state.hiddenKinds.has(knownKind(thing.kind)) && !state.hiddenLevels.has(levelOf[index]);
  if (!state.hiddenDocuments.size) return things.map(admitted);
  const told = (thing) => thing.documents.some((position) => !state.hiddenDocuments.has(position));
  const shown = things.map((thing, index) => admitted(thing, index) && told(thing));
  // What no document mentions (a province that only contains) stays beside what it belongs to.
  things.forEach((thing, index) => {
    if (thing.documents.length === 0 && admitted(thing, index)) {
      shown[index] = linesOf[index].some((line) => {
        const other = line.from === index ? line.to : line.from;
        return things[other].documents.length > 0 && shown[other];
      });
    }
  });
  return shown;
}

function tellLines() {
  lines.forEach((line, index) => {
    state.lineShown[index] = line.facts.some((fact) => state.factShown[fact]);
  });
}

// What is folded away, and into which thing: what has shown lines to that one alone.
function foldable(shown) {
  const into = new Map();
  for (const hub of state.folded) if (shown[hub]) for (const leaf of leavesOf(hub)) into.set(leaf, hub);
  return into;
}
function leavesOf(hub) {
  return [...neighbours(hub)].filter((index) => !state.folded.has(index) && neighbours(index).size === 1);
}

function clearFilters() {
  for (const each of ["hiddenKinds", "clearedDocuments", "hiddenYears", "hiddenLevels", "hiddenPredicates"]) state[each].clear();
  state.hideLonely = false;
  state.showPlanned = true;
}

// How many filters hide something or could: one for each group of boxes.
function activeFilters() {
  return ["hiddenKinds", "clearedDocuments", "hiddenYears", "hiddenLevels", "hiddenPredicates"]
    .filter((each) => state[each].size > 0).length + Number(state.hideLonely) + Number(!state.showPlanned);
}
