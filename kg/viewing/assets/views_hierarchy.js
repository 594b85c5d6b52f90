// The hierarchy: places within places, the bodies of each, and the parts of these.
{
  const OPEN_ROWS = 60; // so many places are open at first

  function collect() {
    const inside = new Map(), bodies = new Map(), parts = new Map(), roots = [], loose = [];
    const add = (map, key, value) => map.has(key) ? map.get(key).push(value) : map.set(key, [value]);
    const above = new Map();
    for (const fact of facts) {
      if (!state.factShown[fact.index] || above.has(fact.source)) continue;
      const bodyOf = things[fact.source].kind === "Institution";
      if (fact.predicate === "within") above.set(fact.source, [inside, fact.target]);
      // A part of a body stands under the body, other bodies under the place that they serve.
      else if (fact.predicate === "partOf" && bodyOf) above.set(fact.source, [parts, fact.target]);
    }
    for (const fact of facts) {
      if (state.factShown[fact.index] && fact.predicate === "serves" && !above.has(fact.source)) {
        above.set(fact.source, [bodies, fact.target]);
      }
    }
    // What lies within itself, by whatever detour, stands at the top.
    const looped = (index) => {
      const seen = new Set();
      for (let at = index; above.has(at); [, at] = above.get(at)) {
        if (seen.has(at)) return true;
        seen.add(at);
      }
      return false;
    };
    things.forEach((thing, index) => {
      if (!state.thingShown[index] || !["Jurisdiction", "Institution"].includes(thing.kind)) return;
      if (above.has(index) && !looped(index)) add(above.get(index)[0], above.get(index)[1], index);
      else (thing.kind === "Jurisdiction" ? roots : loose).push(index);
    });
    return { inside: inside, bodies: bodies, parts: parts, roots: roots, loose: loose };
  }

  const under = (found, index) => [...(found.bodies.get(index) || []), ...(found.parts.get(index) || []),
    ...(found.inside.get(index) || [])];

  // Facts and documents of a thing and of all below it, each counted once.
  function counted(found) {
    const counts = new Map();
    const count = (index) => {
      const told = new Set(factsOf[index].filter((fact) => state.factShown[fact.index] && fact.evidence.length)
        .map((fact) => fact.index));
      const documents = new Set(things[index].documents.filter((position) => !state.hiddenDocuments.has(position)));
      let bodies = things[index].kind === "Institution" ? 1 : 0;
      for (const below of under(found, index)) {
        const inner = count(below);
        inner.facts.forEach((each) => told.add(each));
        inner.documents.forEach((each) => documents.add(each));
        bodies += inner.bodies;
      }
      counts.set(index, { facts: told, documents: documents, bodies: bodies });
      return counts.get(index);
    };
    [...found.roots, ...found.loose].forEach(count);
    return counts;
  }

  const MOST_FACTS = 200; // told in the panel at once
  function counter(index, count) {
    const told = [...count.facts];
    const parts = [];
    if (count.bodies && things[index].kind === "Jurisdiction") parts.push(element("span", {}, words("bodies_count", number(count.bodies))));
    if (told.length) {
      const title = things[index].label + (told.length > MOST_FACTS ? " · " + words("first_of", number(MOST_FACTS), number(told.length)) : "");
      const button = element("button", { type: "button", class: "link tell", "data-facts": told.length,
        click: () => openCell(button, title, told.slice(0, MOST_FACTS)) }, words("facts_count", number(told.length)));
      parts.push(button);
    }
    if (count.documents.size) parts.push(element("span", {}, words("documents_count", number(count.documents.size))));
    return element("span", { class: "counts soft" }, ...parts);
  }

  function node(found, counts, index, open, wanted) {
    const places = found.inside.get(index) || [], bodies = [...(found.bodies.get(index) || []), ...(found.parts.get(index) || [])];
    const level = conceptLabel(attributeOf(index, "level") || attributeOf(index, "institutionType"));
    const keep = (each) => !wanted || wanted.has(each);
    const children = [...bodies.filter(keep), ...places.filter(keep)];
    const isPlace = things[index].kind === "Jurisdiction";
    const inner = () => {
      const shown = places.filter(keep).map((each) => node(found, counts, each, open, wanted));
      const served = bodies.filter(keep);
      if (!served.length) return shown;
      // The bodies of a place that holds other places fold, so that these are not pushed away.
      const own = served.map((each) => node(found, counts, each, open, wanted));
      if (!isPlace || (!places.length && !wanted)) return [...own, ...shown];
      return [{ content: [element("span", { class: "soft" }, words("own_bodies", number(served.length)))], class: "bodies",
        label: words("own_bodies", number(served.length)) + " · " + things[index].label, children: () => own, open: Boolean(wanted) }, ...shown];
    };
    return { label: words("open_branch", things[index].label), open: open(index),
      content: [thingButton(index), level ? element("span", { class: "soft level" }, level) : null,
        counter(index, counts.get(index))].filter(Boolean),
      children: children.length ? inner : null };
  }

  // As many levels of places are open as fit one page.
  function firstOpen(found) {
    const opened = new Set();
    let level = found.roots, rows = found.roots.length;
    while (level.length) {
      const next = level.flatMap((index) => found.inside.get(index) || []);
      rows += next.length;
      if (rows > OPEN_ROWS && opened.size) break;
      level.filter((index) => (found.inside.get(index) || []).length).forEach((index) => opened.add(index));
      level = next;
    }
    return opened;
  }

  // What is looked for, with all above it.
  function lookFor(found, wanted) {
    const keep = new Set();
    let hits = 0;
    const walk = (index) => {
      const below = under(found, index).map(walk).includes(true);
      const hit = hits < 4 * FIRST_ROWS && fits(index, wanted);
      if (hit) hits += 1;
      if (hit || below) keep.add(index);
      return hit || below;
    };
    [...found.roots, ...found.loose].forEach(walk);
    return keep;
  }

  function show(holder) {
    const found = collect(), counts = counted(found);
    const shownPlaces = [...counts.keys()].filter((index) => things[index].kind === "Jurisdiction").length;
    if (!counts.size) {
      holder.append(viewHead(words("view_hierarchy"), ""), emptyNote(words("hierarchy_empty")));
      return;
    }
    const place = element("div", { class: "grove" });
    const draw = (wanted, all) => {
      const kept = wanted ? lookFor(found, wanted) : null, opened = firstOpen(found);
      const open = (index) => kept ? true : all === "all" ? things[index].kind === "Jurisdiction" : all !== "none" && opened.has(index);
      const keep = (each) => !kept || kept.has(each);
      const nodes = found.roots.filter(keep).map((index) => node(found, counts, index, open, kept));
      const loose = found.loose.filter(keep);
      if (loose.length) {
        nodes.push({ label: words("loose_bodies", number(loose.length)), open: Boolean(kept),
          content: [element("span", { class: "soft" }, words("loose_bodies", number(loose.length)))],
          children: () => loose.map((index) => node(found, counts, index, open, kept)) });
      }
      place.replaceChildren(nodes.length ? treeList(nodes, words("view_hierarchy")) : emptyNote(words("nothing_fits")));
    };
    holder.append(viewHead(words("view_hierarchy"),
      words("hierarchy_how", number(shownPlaces), number(counts.size - shownPlaces)),
      filterBox(words("filter_list"), (text) => draw(text, "")),
      element("button", { type: "button", click: () => draw("", "all") }, words("open_all")),
      element("button", { type: "button", click: () => draw("", "none") }, words("close_all"))), place);
    draw("", "");
    walkTree(place);
  }

  const known = things.some((thing) => thing.kind === "Jurisdiction");
  addView("hierarchy", { title: "view_hierarchy", show: show, available: () => known });
}
