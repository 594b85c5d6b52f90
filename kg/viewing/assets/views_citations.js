// Citations: what rests on a document, on what rests on that, and what the document rests on itself.
{
  const THROUGH = ["PolicyDocument", "Initiative"]; // the tree goes on behind these

  // The facts of a thing where it is the inner side (something rests on it) or the outer one, by predicate.
  function branches(index, below) {
    const found = new Map();
    for (const fact of factsOf[index]) {
      const resting = roleOf(fact.predicate).resting;
      if (!resting || !state.factShown[fact.index] || fact.source === fact.target) continue;
      const outer = resting === "subject" ? fact.source : fact.target;
      if ((outer !== index) !== below) continue;
      if (!found.has(fact.predicate)) found.set(fact.predicate, []);
      found.get(fact.predicate).push(fact);
    }
    const order = Object.keys(data.roles);
    return [...found].sort((one, other) => order.indexOf(one[0]) - order.indexOf(other[0]));
  }

  const otherEnd = (fact, index) => fact.source === index ? fact.target : fact.source;
  const homeOf = (index) => {
    const place = placeOf(index);
    return place === undefined ? things.length : place;
  };

  function branchNode(index, fact, below, path) {
    const other = otherEnd(fact, index), place = placeOf(other), thing = things[other];
    const years = yearsSaying(fact.evidence);
    const notes = [place !== undefined && place !== other ? things[place].label : "", conceptLabel(attributeOf(other, "documentType")),
      yearSpan(years)].filter(Boolean);
    const content = [thingButton(other), notes.length ? element("span", { class: "soft" }, notes.join(" · ")) : null,
      plannedBadge(fact.planned)].filter(Boolean);
    const title = things[fact.source].label + " – " + phrase(fact.predicate, false) + " – " + things[fact.target].label;
    if (fact.evidence.length) {
      const button = element("button", { type: "button", class: "link tell", "aria-label": words("sentences", sentencesOf([fact.index])) + " · " + title,
        click: () => openCell(button, title, [fact.index]) }, words("sentences", sentencesOf([fact.index])));
      content.push(button);
    }
    const goesOn = THROUGH.includes(thing.kind) && !path.includes(other) && branches(other, below).length > 0;
    return { content: content, label: words("open_branch", thing.label),
      children: goesOn ? () => relationNodes(other, below, [...path, other], false) : null };
  }

  function relationNodes(index, below, path, open) {
    return branches(index, below).map(([predicate, members]) => {
      const inverse = members[0].source !== index, title = phrase(predicate, inverse);
      const sorted = [...members].sort((one, other) => homeOf(otherEnd(one, index)) - homeOf(otherEnd(other, index))
        || otherEnd(one, index) - otherEnd(other, index));
      return { class: "relation", label: words("open_branch", title), open: open || path.length > 1,
        content: [element("b", {}, title), element("span", { class: "soft" }, "(" + members.length + ")")],
        children: () => sorted.map((fact) => branchNode(index, fact, below, path)) };
    });
  }

  function collect() {
    const found = [];
    things.forEach((thing, index) => {
      if (thing.kind !== "PolicyDocument" || !state.thingShown[index]) return;
      const below = new Set(branches(index, true).flatMap(([, members]) => members.map((fact) => otherEnd(fact, index))));
      const above = branches(index, false).length;
      if (!below.size && !above) return;
      found.push({ key: thing.iri, label: thing.label, index: index, resting: below.size, rank: thing.rank,
        note: words("resting_count", below.size), fits: (wanted) => fits(index, wanted) });
    });
    return found.sort((one, other) => other.resting - one.resting || one.rank - other.rank || one.index - other.index);
  }

  function story(index) {
    const below = branches(index, true).flatMap(([, members]) => members);
    const places = new Set(below.map((fact) => placeOf(otherEnd(fact, index))).filter((place) => place !== undefined));
    const based = below.filter((fact) => things[otherEnd(fact, index)].kind === "PolicyDocument").length;
    return words("citations_how", number(based), number(places.size));
  }

  function tree(index) {
    const about = [conceptLabel(attributeOf(index, "documentType")), attributeOf(index, "docNumber"),
      attributeOf(index, "issued") || attributeOf(index, "year")].filter(Boolean).join(" · ");
    const part = (title, below, none) => {
      const nodes = relationNodes(index, below, [index], true);
      const grove = nodes.length ? treeList(nodes, title) : element("p", { class: "soft" }, none);
      walkTree(grove);
      return element("section", { class: "grove " + (below ? "resting" : "basis") }, element("h3", {}, title), grove);
    };
    return element("div", { class: "beside-list" }, viewHead(things[index].label, story(index)),
      element("p", { class: "soft" }, thingButton(index), about ? " " + about : ""),
      part(words("rests_on"), false, words("rests_on_nothing")), part(words("resting_on_it"), true, words("nothing_rests")));
  }

  function show(holder, detail) {
    const entries = collect();
    if (!entries.length) {
      holder.append(viewHead(words("view_citations"), ""), emptyNote(words("citations_empty")));
      return;
    }
    const asked = indexOf.get(detail);
    const chosen = detail ? (asked !== undefined && things[asked].kind === "PolicyDocument" ? asked : undefined) : entries[0].index;
    holder.append(element("div", { class: "with-list" },
      picker(words("choose_law"), entries, chosen === undefined ? "" : things[chosen].iri, (key) => openView("citations", key)),
      chosen === undefined ? element("div", { class: "beside-list" }, emptyNote(words("document_unknown", detail))) : tree(chosen)));
  }

  const known = facts.some((fact) => roleOf(fact.predicate).resting
    && [fact.source, fact.target].some((end) => things[end].kind === "PolicyDocument"));
  addView("citations", { title: "view_citations", show: show, available: () => known });
}
