// The timeline: documents in years, in lanes by place or by kind; a bar is a period, a mark a date.
{
  const LONGEST_GAP = 2; // more years in which nothing begins or ends share one column

  const yearIn = (text) => (/^\d{4}/.exec(text) || [""])[0];

  const readAs = new Map(data.documents.map((read) => [read.iri, read]));

  function dated(index) {
    const thing = things[index], read = readAs.get(thing.iri) || { issued: "", year: "" };
    const date = attributeOf(index, "issued") || read.issued || attributeOf(index, "published");
    const from = attributeOf(index, "periodStart"), to = attributeOf(index, "periodEnd");
    const about = thing.kind === "Report" ? attributeOf(index, "reportingYear") || read.year : "";
    const point = yearIn(date) || (thing.kind === "Report" ? "" : yearIn(attributeOf(index, "year")));
    return { thing: index, date: date, point: point,
      from: yearIn(from) || about, to: yearIn(to) || yearIn(from) || about, reported: Boolean(about) };
  }

  // The place whose body issued it; of a report that names none, the place that it is about.
  function issuerPlace(index) {
    const own = factsOf[index], target = (name) => own.find((fact) => fact.predicate === name && fact.source === index);
    const deed = own.find((fact) => fact.predicate === "issued" && fact.target === index && !fact.planned);
    const issuer = target("issuer"), about = target("reportsOn");
    return deed ? placeOf(deed.source) : issuer ? placeOf(issuer.target) : about && about.target;
  }

  const begins = (item) => [item.from, item.point].filter(Boolean).sort()[0] || "";

  function collect(by) {
    const lanes = new Map(), undated = [];
    things.forEach((thing, index) => {
      if (!state.thingShown[index] || !["Report", "PolicyDocument"].includes(thing.kind)) return;
      const item = dated(index);
      if (!begins(item)) {
        undated.push(index);
        return;
      }
      const place = by === "place" ? issuerPlace(index) : undefined;
      const key = by === "place" ? (place === undefined ? things.length : place) : attributeOf(index, "documentType") || thing.kind;
      if (!lanes.has(key)) lanes.set(key, []);
      lanes.get(key).push(item);
    });
    for (const items of lanes.values()) {
      // The latest first, as the latest years are in view first.
      items.sort((one, other) => (begins(one) < begins(other) ? 1 : begins(one) > begins(other) ? -1 : 0)
        || (one.date < other.date ? 1 : one.date > other.date ? -1 : 0) || one.thing - other.thing);
    }
    const title = (key) => by === "place" ? (key === things.length ? words("no_issuer") : things[key].label)
      : Object.hasOwn(data.kinds, key) ? kindLabel(key) : conceptLabel(key);
    const sorted = [...lanes].sort((one, other) => by === "place" ? one[0] - other[0]
      : other[1].length - one[1].length || (one[0] < other[0] ? -1 : 1));
    return { lanes: sorted.map(([key, items]) => ({ title: title(key), items: items })), undated: undated };
  }

  // One column for each year in which something stands, one for each longer gap between them.
  function columnsOf(items) {
    const years = [...new Set(items.flatMap((item) => [item.from, item.to, item.point]).filter(Boolean).map(Number))]
      .sort((one, other) => one - other);
    const columns = [];
    for (const year of years) {
      const last = columns.length ? columns[columns.length - 1].to : year - 1, gap = year - last - 1;
      if (gap > LONGEST_GAP) columns.push({ from: last + 1, to: year - 1 });
      else for (let between = last + 1; between < year; between += 1) columns.push({ from: between, to: between });
      columns.push({ from: year, to: year });
    }
    return columns;
  }

  function documentRow(item, columns) {
    const at = (year) => columns.findIndex((column) => column.from <= Number(year) && Number(year) <= column.to);
    const row = element("tr", { "data-iri": things[item.thing].iri },
      element("th", { scope: "row", class: "name" }, thingButton(item.thing)));
    const marks = [];
    if (item.from) {
      const start = at(item.from), end = Math.max(start, at(item.to));
      const text = item.from === item.to ? item.from : item.from + "–" + item.to;
      marks.push({ start: start, end: end, text: text, style: item.reported ? "about" : "span",
        told: item.reported ? words("reports_on", item.from) : text });
    }
    if (item.point) {
      const where = at(item.point), day = item.date.slice(5);
      const text = day || item.point, told = item.date || item.point;
      // A mark inside a bar would hide it: the bar then tells the date, too.
      if (marks.length && marks[0].start <= where && where <= marks[0].end) marks[0].told += item.date ? " · " + item.date : "";
      else marks.push({ start: where, end: where, text: text, told: told, style: "point" });
    }
    marks.sort((one, other) => one.start - other.start);
    let next = 0;
    for (const mark of marks) {
      for (; next < mark.start; next += 1) row.append(element("td", {}));
      const title = things[item.thing].label + " · " + mark.told;
      row.append(element("td", { colspan: mark.end > mark.start ? String(mark.end - mark.start + 1) : null }, element("button", {
        type: "button", tabindex: "-1", class: "cell " + mark.style, title: title, "aria-label": title,
        click: () => pick({ thing: item.thing }, { focus: true }) }, element("span", {}, mark.text))));
      next = mark.end + 1;
    }
    for (; next < columns.length; next += 1) row.append(element("td", {}));
    return row;
  }

  function heading(columns) {
    return element("thead", {}, element("tr", {}, element("th", { class: "name", scope: "col" }, words("documents")),
      ...columns.map((column) => column.from === column.to ? element("th", { scope: "col" }, String(column.from))
        : element("th", { scope: "col", class: "gap", title: column.from + "–" + column.to },
          element("span", { "aria-hidden": "true" }, "…"), element("span", { class: "spoken" }, column.from + "–" + column.to)))));
  }

  function legend() {
    return element("p", { class: "samples soft" }, sample("shade4", words("issued_then")), sample("shade2", words("planned_for")),
      sample("shade1", words("reported_year")));
  }

  function show(holder, detail) {
    const by = detail === "kind" ? "kind" : "place";
    const { lanes, undated } = collect(by);
    if (!lanes.length) {
      holder.append(viewHead(words("view_timeline"), ""), emptyNote(words("timeline_empty")));
      return;
    }
    const items = lanes.flatMap((lane) => lane.items), columns = columnsOf(items);
    const scroller = element("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": words("view_timeline") });
    const foot = element("div", { class: "foot" });
    let wanted = "", shown = 2 * FIRST_ROWS;
    const fill = () => {
      let room = shown, count = 0;
      const parts = [];
      for (const lane of lanes) {
        const found = lane.items.filter((item) => fits(item.thing, wanted));
        count += found.length;
        const told = found.slice(0, Math.max(0, room));
        room -= told.length;
        if (!told.length) continue;
        parts.push(element("tbody", {}, element("tr", { class: "parting" }, element("th", { class: "name", scope: "rowgroup" },
          lane.title + " (" + found.length + ")"), element("td", { colspan: String(columns.length) })),
        ...told.map((item) => documentRow(item, columns))));
      }
      const table = element("table", { class: "timeline free" }, element("caption", { class: "spoken" }, words("view_timeline")),
        element("colgroup", {}, element("col", { class: "name" }), ...columns.map((column) =>
          element("col", { class: column.from === column.to ? null : "gap" }))), heading(columns), ...parts);
      table.style.minWidth = "calc(var(--name) + " + 46 * columns.length + "px)";
      walkable(table);
      scroller.replaceChildren(count ? table : emptyNote(words("nothing_fits")));
      const others = undated.filter((index) => fits(index, wanted));
      const list = element("ul", { class: "plain" });
      const fold = element("details", { class: "undated" }, element("summary", {}, words("undated", number(others.length))), list);
      fold.addEventListener("toggle", () => {
        // Made when it is opened: there may be thousands.
        if (fold.open) list.replaceChildren(treeList(others.map((index) => ({ content: [thingButton(index)], children: null }))));
      });
      foot.replaceChildren(...(count > shown ? [moreButton(count - shown, () => {
        shown += 4 * FIRST_ROWS;
        fill();
      })] : []), ...(others.length ? [fold] : []));
    };
    holder.append(viewHead(words("view_timeline"), words("timeline_how", number(items.length), number(undated.length)),
      chooser(words("group_by"), [["place", words("issuer_place")], ["kind", words("document_kind")]], by, (chosen) => openView("timeline", chosen)),
      filterBox(words("filter_rows"), (text) => {
        wanted = text;
        shown = 2 * FIRST_ROWS;
        fill();
      })), legend(), scroller, foot);
    fill();
    // What is seen first is the year in which most begins.
    const counts = countBy(items.map(begins)), most = [...counts].sort((one, other) => other[1] - one[1] || (one[0] < other[0] ? 1 : -1))[0][0];
    const head = [...scroller.querySelectorAll("thead th")].find((each) => each.textContent === most);
    const name = scroller.querySelector("thead th").offsetWidth;
    scroller.scrollLeft = head.offsetLeft - name - 0.6 * (scroller.clientWidth - name);
  }

  const known = things.some((thing) => thing.kind === "Report" || thing.kind === "PolicyDocument");
  addView("timeline", { title: "view_timeline", show: show, available: () => known });
}
