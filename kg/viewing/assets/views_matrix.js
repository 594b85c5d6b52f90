// The matrix: what spread to which places, or in which years.
{
  const COLUMNS = ["places", "regions", "years"];
  const MOST_PLACES = 40; // columns for more places are no picture any more: then regions stand for them at first
  const KINDS = ["Initiative", "PolicyDocument", "Honour"];

  function read(detail) {
    const [kind, columns] = detail.split("/");
    return { kind: present.includes(kind) ? kind : present[0], columns: COLUMNS.includes(columns) ? columns : "" };
  }

  const isDeed = (fact) => roleOf(fact.predicate).deed === "yes";

  const done = new Set(facts.filter(isDeed).map((fact) => things[fact.target].kind));
  const present = KINDS.filter((kind) => done.has(kind));

  // Rows: things with, by place, the facts that say what was done there with them.
  function collect(kind) {
    const rows = new Map(), homeless = [];
    for (const fact of facts) {
      if (!state.factShown[fact.index] || !isDeed(fact) || things[fact.target].kind !== kind) continue;
      const place = placeOf(fact.source);
      if (place === undefined) {
        homeless.push(fact.index);
        continue;
      }
      if (!rows.has(fact.target)) rows.set(fact.target, new Map());
      const row = rows.get(fact.target);
      if (!row.has(place)) row.set(place, []);
      row.get(place).push(fact.index);
    }
    const sorted = [...rows].map(([thing, cells]) => ({ thing: thing, cells: cells }))
      .sort((one, other) => other.cells.size - one.cells.size || things[one.thing].rank - things[other.thing].rank
        || one.thing - other.thing);
    return { rows: sorted, homeless: homeless };
  }

  // What was done counts before what is planned: first year, and whether it is only planned.
  function summed(indexes) {
    const done = indexes.filter((index) => !facts[index].planned);
    const years = (done.length ? done : indexes).flatMap((index) => yearsSaying(facts[index].evidence)).sort();
    return { planned: done.length === 0, year: years[0] || "", sentences: sentencesOf(indexes) };
  }

  // Where each shade begins: few for sentences, of places by quarters of the most.
  const FEW = [1, 2, 3, 5];
  const stepsFor = (most) => most <= 8 ? FEW : [1, 0.25, 0.5, 0.75].map((part) => part === 1 ? 1 : Math.ceil(most * part) + 1);
  let steps = FEW;
  const shade = (count) => steps.filter((least) => count >= least).length;

  function placeCell(thing, place, indexes) {
    const { planned, year, sentences } = summed(indexes);
    const title = things[thing].label + " · " + things[place].label;
    // What is read aloud holds what is seen, in that order.
    const seen = [year, planned ? words("planned") : ""].filter(Boolean).join(" ");
    const told = [title, seen, words("sentences", sentences)].filter(Boolean).join(" · ");
    const button = element("button", { type: "button", tabindex: "-1", "aria-label": told, title: told,
      class: "cell shade" + shade(sentences) + (planned ? " hatched" : ""), click: () => openCell(button, title, indexes) },
    year || "·", planned ? " " : null, planned ? element("small", {}, words("planned")) : null);
    return button;
  }

  // A cell that stands for several places: how many they are.
  function countCell(thing, label, places) {
    const indexes = [...places.values()].flat();
    const done = [...places.values()].filter((held) => held.some((index) => !facts[index].planned)).length;
    const planned = done === 0, count = planned ? places.size : done, later = planned ? 0 : places.size - done;
    const title = things[thing].label + " · " + label;
    const told = [title, planned ? count + " " + words("planned") : "", words("places_count", count),
      later ? words("planned") + " " + words("places_count", later) : ""].filter(Boolean).join(" · ");
    const button = element("button", { type: "button", tabindex: "-1", "aria-label": told, title: told,
      class: "cell shade" + shade(count) + (planned ? " hatched" : ""), click: () => openCell(button, title, indexes) },
    String(count), planned ? " " : null, planned ? element("small", {}, words("planned")) : null);
    return button;
  }

  // By region: which of its places did it. By year: which places did it by a report of that year.
  function byRegion(cells) {
    const regions = new Map();
    for (const [place, indexes] of cells) {
      const region = provinceOf(place);
      if (!regions.has(region)) regions.set(region, new Map());
      regions.get(region).set(place, indexes);
    }
    return regions;
  }

  function byYear(cells) {
    const years = new Map();
    for (const [place, indexes] of cells) {
      for (const index of indexes) {
        for (const year of yearsSaying(facts[index].evidence)) {
          if (!years.has(year)) years.set(year, new Map());
          const places = years.get(year);
          if (!places.has(place)) places.set(place, []);
          places.get(place).push(index);
        }
      }
    }
    return years;
  }

  const GROUPS = { places: (cells) => cells, regions: byRegion, years: byYear };

  function heading(columns, keys, kind) {
    const corner = element("th", { class: "name", scope: "col", rowspan: columns === "places" ? "2" : null }, kindLabel(kind));
    const count = element("th", { class: "tally", scope: "col", rowspan: columns === "places" ? "2" : null }, words("places"));
    if (columns === "years") {
      return [element("tr", {}, corner, count, ...keys.map((year) => element("th", { scope: "col" }, year)))];
    }
    const upright = keys.map((place) => element("th", { scope: "col", class: "upright" }, element("button", {
      type: "button", class: "link", title: things[place].label, click: () => pick({ thing: place }, { focus: true }) },
    things[place].label)));
    if (columns === "regions") return [element("tr", {}, corner, count, ...upright)];
    const provinces = [];
    for (const place of keys) {
      const province = provinceOf(place), last = provinces[provinces.length - 1];
      if (last && last.province === province) last.span += 1;
      else provinces.push({ province: province, span: 1 });
    }
    return [element("tr", { class: "provinces" }, corner, count, ...provinces.map(({ province, span }) =>
      element("th", { scope: "colgroup", colspan: String(span), title: things[province].label },
        element("span", {}, things[province].label)))),
    element("tr", {}, ...upright)];
  }

  function bodyRow(row, columns, keys) {
    const cells = GROUPS[columns](row.cells);
    return element("tr", { "data-iri": things[row.thing].iri },
      element("th", { class: "name", scope: "row" }, thingButton(row.thing)),
      element("td", { class: "tally" }, String(row.cells.size)),
      ...keys.map((key) => {
        const held = cells.get(key);
        if (!held) return element("td", {});
        return element("td", { "data-column": columns === "years" ? key : things[key].iri },
          columns === "places" ? placeCell(row.thing, key, held)
            : countCell(row.thing, columns === "years" ? key : things[key].label, held));
      }));
  }

  function legend(columns) {
    const told = steps.map((least, at) => at === steps.length - 1 ? least + "+" : yearSpan([...new Set([least, steps[at + 1] - 1])].map(String)));
    return [...told.map((count, at) => sample("shade" + (at + 1), columns === "places" ? words("sentences", count) : words("places_count", count))),
      sample("shade2 hatched", words("only_planned"))];
  }

  function show(holder, detail) {
    const chosen = read(detail);
    const { rows, homeless } = collect(chosen.kind);
    const places = [...new Set(rows.flatMap((row) => [...row.cells.keys()]))].sort((one, other) => one - other);
    const columns = chosen.columns || (places.length > MOST_PLACES ? "regions" : "places");
    const scroller = element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": words("view_matrix") });
    const samples = element("p", { class: "samples soft" }), foot = element("div", { class: "foot" });
    let wanted = "", shown = FIRST_ROWS, province = "";
    const fill = () => {
      const here = (place) => province === "" || provinceOf(place) === Number(province);
      const found = rows.filter((row) => fits(row.thing, wanted))
        .map((row) => ({ thing: row.thing, cells: new Map([...row.cells].filter(([place]) => here(place))) }))
        .filter((row) => row.cells.size).sort((one, other) => other.cells.size - one.cells.size);
      const inOrder = (one, other) => one < other ? -1 : 1;
      const keys = [...new Set(found.flatMap((row) => [...GROUPS[columns](row.cells).keys()]))].sort(inOrder);
      const counts = columns === "places" ? [] : found.flatMap((row) => [...GROUPS[columns](row.cells).values()].map((places) => places.size));
      steps = stepsFor(counts.reduce((one, other) => Math.max(one, other), 0));
      samples.replaceChildren(...legend(columns));
      const alone = found.filter((row) => row.cells.size === 1).length;
      const first = found.length - alone;
      const told = found.slice(0, shown).flatMap((row, at) => [
        ...(at === first && alone ? [element("tr", { class: "parting" }, element("th", { class: "name", scope: "rowgroup", colspan: "2" },
          words("one_place_only", number(alone))), element("td", { colspan: String(Math.max(1, keys.length)) }))] : []),
        bodyRow(row, columns, keys)]);
      const table = element("table", { class: "matrix" }, element("caption", { class: "spoken" }, words("view_matrix")),
        element("thead", {}, ...heading(columns, keys, chosen.kind)), element("tbody", {}, ...told));
      walkable(table);
      const lead = holder.querySelector(".lead");
      const held = new Set(found.flatMap((row) => [...row.cells.keys()])).size;
      lead.textContent = columns === "places" ? words("matrix_how", number(found.length), number(held))
        : columns === "years" ? words("matrix_years_how", number(found.length), number(held))
          : words("matrix_regions_how", number(found.length), number(held));
      scroller.replaceChildren(found.length ? table : emptyNote(words("nothing_fits")));
      foot.replaceChildren(...(found.length > shown ? [moreButton(found.length - shown, () => {
        shown += FIRST_ROWS;
        fill();
      })] : []), ...(homeless.length ? [element("p", { class: "soft" }, words("homeless", number(homeless.length)))] : []));
    };
    if (!rows.length) {
      holder.append(viewHead(words("view_matrix"), ""), emptyNote(words("matrix_empty")));
      return;
    }
    const provinces = [...new Set(places.map(provinceOf))];
    const again = (kind, by) => openView("matrix", kind + (by ? "/" + by : ""));
    holder.append(viewHead(words("view_matrix"), " ",
      chooser(words("rows"), present.map((kind) => [kind, kindLabel(kind)]), chosen.kind, (kind) => again(kind, chosen.columns)),
      chooser(words("columns"), [["places", words("places")], ["regions", words("regions")], ["years", words("years")]], columns,
        (by) => again(chosen.kind, by)),
      provinces.length > 1 ? chooser(words("region"), [["", words("all")],
        ...provinces.map((each) => [String(each), things[each].label])], "", (each) => {
        province = each;
        fill();
      }) : null,
      filterBox(words("filter_rows"), (text) => {
        wanted = text;
        shown = FIRST_ROWS;
        fill();
      })), samples, scroller, foot);
    fill();
  }

  addView("matrix", { title: "view_matrix", show: show, available: () => present.length > 0 });
}
