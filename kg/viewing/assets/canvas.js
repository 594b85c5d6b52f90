// The picture: vis-network draws shapes and lines; names are drawn here, so that they never cover each other.

const stage = document.getElementById("network");
const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const FULL = { units: 26, rows: 6 }; // a Han character takes two units
const SHORT = { units: 22, rows: 2 };
const HEADROOM = 26; // pixels above what is brought into view, for the caption of a disc
const NAME_FROM = 3.6; // radius on the screen, in pixels, from which a thing is named
const HUB_FROM = 5; // the same for a hub: smaller, and the caption of its disc says enough
const COVERING = 20; // names of well connected things that may cover shapes: more would hide what they name
const DISC_FROM = 72; // half height on the screen, in pixels, from which a disc has room for more than its caption
const EDGE = 5; // pixels between a name and the edge of the picture

const nodes = new vis.DataSet(data.network.nodes.map((node) => ({ ...node, label: undefined })));
const edges = new vis.DataSet(data.network.edges.map((edge, index) => ({ ...edge, id: index })));
const network = new vis.Network(stage, { nodes: nodes, edges: edges }, {
  ...data.network.options,
  interaction: { ...data.network.options.interaction, hideEdgesOnDrag: edges.length > 2500 },
});
// Reachable from the console, and from whatever embeds the page.
Object.assign(window, { network: network, nodes: nodes, edges: edges });

const place = data.network.nodes.map((node) => ({ x: node.x, y: node.y, size: node.size }));
const byRank = things.map((thing, index) => index).sort((one, other) => things[one].rank - things[other].rank);
let theme = {};

function readTheme() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["back", "ink", "soft", "accent", "mark", "disc", "rim", "edge", "edge-strong", "edge-many", "edge-faint",
    "font"]) {
    theme[name] = style.getPropertyValue("--" + name).trim();
  }
}

// Break a name into lines of like length, at most `rows` of `units` half-widths; numbers and words stay whole.
const broken = new Map();
const halves = (text) => [...text].reduce((sum, each) => sum + (each.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
function breakName(text, limit) {
  const key = limit.rows + text;
  if (broken.has(key)) return broken.get(key);
  const total = halves(text);
  const even = Math.ceil(total / Math.ceil(total / limit.units)) + 2;
  const rows = [""];
  for (const word of text.match(/[\w.%–-]+|\s+|[^]/gu) || []) {
    for (const part of halves(word) > limit.units ? [...word] : [word]) {
      if (rows[rows.length - 1] && halves(rows[rows.length - 1] + part) > Math.min(even, limit.units)) rows.push("");
      rows[rows.length - 1] += part;
    }
  }
  if (rows.length > limit.rows) {
    rows.length = limit.rows;
    rows[limit.rows - 1] = [...rows[limit.rows - 1]].slice(0, -1).join("") + "…";
  }
  broken.set(key, rows.map((row) => row.trim()).filter(Boolean));
  return broken.get(key);
}

const widths = new Map();
function widthOf(context, text) {
  const key = context.font + text;
  if (!widths.has(key)) widths.set(key, context.measureText(text).width);
  return widths.get(key);
}

// Draw on the screen's own pixels, whatever the zoom.
function onScreen(context, draw) {
  const canvas = context.canvas;
  const ratio = canvas.width / canvas.clientWidth;
  const scale = network.getScale();
  const origin = network.canvasToDOM({ x: 0, y: 0 });
  context.save();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  draw({ scale: scale, width: canvas.clientWidth, height: canvas.clientHeight,
    at: (point) => ({ x: origin.x + point.x * scale, y: origin.y + point.y * scale }) });
  context.restore();
}

function drawDiscs(context) {
  if (data.documents.length < 2 || data.discs.length < 2) return;
  for (const [position, x, y, width, height] of data.discs) {
    if (position >= 0 && state.hiddenDocuments.has(position)) continue;
    context.beginPath();
    context.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
    context.fillStyle = theme.disc;
    context.fill();
    context.strokeStyle = theme.rim;
    context.lineWidth = 1 / network.getScale();
    context.stroke();
  }
}

// Boxes already taken on the screen, in a coarse grid, so that asking is cheap among thousands.
class Taken {
  constructor() {
    this.cells = new Map();
  }
  *keys(box) {
    for (let x = Math.floor(box.left / 80); x <= Math.floor(box.right / 80); x += 1) {
      for (let y = Math.floor(box.top / 80); y <= Math.floor(box.bottom / 80); y += 1) yield x * 4096 + y;
    }
  }
  add(box) {
    for (const key of this.keys(box)) {
      if (!this.cells.has(key)) this.cells.set(key, []);
      this.cells.get(key).push(box);
    }
  }
  free(box) {
    for (const key of this.keys(box)) {
      for (const other of this.cells.get(key) || []) {
        if (box.right > other.left && box.left < other.right && box.bottom > other.top && box.top < other.bottom) {
          return false;
        }
      }
    }
    return true;
  }
}

// Name the selected first, then captions, then things by rank. A name stands below its thing, or above, right
// or left of it where others are in the way; only a well connected thing's name may cover shapes.
function drawNames(context) {
  onScreen(context, (screen) => {
    const names = new Taken(), shapes = new Taken();
    covers().forEach((box) => names.add(box));
    const write = (rows, x, y, anchor, style, rules) => {
      context.font = style.weight + " " + style.size + "px " + theme.font;
      const wide = Math.max(...rows.map((row) => widthOf(context, row))) + 4;
      const high = rows.length * style.size * 1.25 + 1;
      const corners = { middle: [-wide / 2, -high / 2], below: [-wide / 2, anchor + 2],
        above: [-wide / 2, -anchor - high - 2], right: [anchor + 2, -high / 2], left: [-anchor - wide - 2, -high / 2] };
      // What is in the picture has its whole name in it: a name that would be cut off moves inwards.
      const inside = x >= 0 && x <= screen.width && y >= 0 && y <= screen.height;
      const kept = (from, size, whole) => inside && size + 2 * EDGE < whole
        ? Math.min(Math.max(from, EDGE), whole - size - EDGE) : from;
      const boxes = rules.at.map((side) => {
        const left = kept(x + corners[side][0], wide, screen.width);
        const top = kept(y + corners[side][1], high, screen.height);
        return { left: left, top: top, right: left + wide, bottom: top + high };
      });
      const box = boxes.find((each) => names.free(each) && shapes.free(each))
        || (rules.shapes ? null : boxes.find((each) => names.free(each))) || (rules.forced ? boxes[0] : null);
      if (!box || box.left < 0 || box.right > screen.width || box.top < 0 || box.bottom > screen.height) return;
      names.add(box);
      context.textAlign = "center";
      context.textBaseline = "top";
      context.lineJoin = "round";
      context.lineWidth = 3.5;
      context.strokeStyle = theme.back;
      context.fillStyle = style.colour;
      const middle = (box.left + box.right) / 2;
      rows.forEach((row, line) => context.strokeText(row, middle, box.top + 1 + line * style.size * 1.25));
      rows.forEach((row, line) => context.fillText(row, middle, box.top + 1 + line * style.size * 1.25));
    };
    const chosen = focusOf(state.selection);
    const hovered = focusOf(state.hover);
    const name = (index, limit, rules) => {
      const centre = screen.at(place[index]);
      const large = things[index].hub || (chosen && state.selection.thing === index);
      const size = large ? 15 : place[index].size >= 22 ? 13 : 12;
      write(breakName(things[index].label, limit), centre.x, centre.y, place[index].size * screen.scale,
        { size: size, weight: large ? "600" : "400", colour: theme.ink }, rules);
    };
    const cramped = crampedThings(screen);
    const first = new Set([...(chosen ? chosen.core : []), ...(hovered ? hovered.core : [])]);
    first.forEach((index) => name(index, FULL, { at: ["below"], forced: true }));
    lineNames(screen, write, firmLines(), true);
    captions(screen, write, chosen);
    const shown = byRank.filter((index) => state.thingShown[index] && (!chosen || chosen.all.has(index)));
    for (const index of shown) {
      const centre = screen.at(place[index]), radius = place[index].size * screen.scale * 0.9;
      shapes.add({ left: centre.x - radius, right: centre.x + radius, top: centre.y - radius,
        bottom: centre.y + radius });
    }
    let mayCover = COVERING;
    for (const index of shown) {
      if (first.has(index)) continue;
      const near = chosen && chosen.all.has(index);
      if (!near && cramped.has(index)) continue;
      const least = things[index].hub ? HUB_FROM : NAME_FROM;
      if (!near && place[index].size * screen.scale < least) continue;
      name(index, screen.scale > 1.3 ? FULL : SHORT,
        { at: ["below", "above", "right", "left"],
          shapes: place[index].size < 22 || (mayCover -= 1) < 0 });
    }
    lineNames(screen, write, besideLines(), false);
  });
}

// What stands on the picture: the legend and the like.
function covers() {
  const frame = stage.getBoundingClientRect();
  return ["legend", "filters", "tools"].map((id) => document.getElementById(id).getBoundingClientRect())
    .filter((box) => box.width > 0).map((box) => ({ left: box.left - frame.left, right: box.right - frame.left,
      top: box.top - frame.top, bottom: box.bottom - frame.top }));
}

// The caption of a document stands above its disc, that of the shared things inside theirs, at the top; of a
// disc that is seen in part, at the edge of the picture.
function captions(screen, write, chosen) {
  if (data.documents.length < 2 || data.discs.length < 2) return;
  for (const [position, x, y, width, height] of data.discs) {
    if (position >= 0 && state.hiddenDocuments.has(position)) continue;
    const corner = screen.at({ x: x - width, y: y - height }), end = screen.at({ x: x + width, y: y + height });
    if (end.x < 40 || corner.x > screen.width - 40 || end.y < 60 || corner.y > screen.height) continue;
    const middle = Math.min(Math.max((corner.x + end.x) / 2, 0), screen.width);
    const top = { x: middle, y: Math.max(corner.y, position < 0 ? 0 : HEADROOM) };
    const text = position >= 0 ? documentName(position) : words("shared");
    if (height * screen.scale < 14) continue;
    const style = { size: height * screen.scale > 45 ? 14 : 12, weight: "600", colour: theme.soft };
    if (position < 0) write([text], top.x, top.y, 8, style, { at: ["below"] });
    else write([text], top.x, top.y, 2, style, { at: ["above"], forced: !chosen });
  }
}

// Things in discs so small on the screen that only the disc's caption has room.
function crampedThings(screen) {
  if (data.documents.length < 2 || data.discs.length < 2) return new Set();
  const small = data.discs.filter((disc) => disc[0] >= 0 && disc[4] * screen.scale < DISC_FROM);
  return new Set(byRank.filter((index) => small.some(([, x, y, width, height]) =>
    Math.hypot((place[index].x - x) / width, (place[index].y - y) / height) <= 1)));
}

// The lines pointed at or selected, which are always named, and those of a selected thing, where there is room.
function firmLines() {
  return [state.hover, state.selection].flatMap((each) => each && each.line !== undefined ? [each.line] : []);
}
function besideLines() {
  if (!state.selection || state.selection.thing === undefined) return [];
  const own = linesOf[state.selection.thing].filter((line) => state.lineShown[line.id]);
  return own.length > 30 ? [] : own.map((line) => line.id);
}

function lineNames(screen, write, wanted, forced) {
  for (const id of wanted) {
    const line = lines[id];
    const from = screen.at(place[line.from]), to = screen.at(place[line.to]);
    if (!forced && Math.hypot(from.x - to.x, from.y - to.y) < 60) continue;
    const said = [...new Set(line.facts.filter((fact) => state.factShown[fact])
      .map((fact) => phrase(facts[fact].predicate, facts[fact].source !== line.from)))];
    write([said.join(" · ")], (from.x + to.x) / 2, (from.y + to.y) / 2, 0,
      { size: 11.5, weight: "400", colour: theme.mark }, { at: ["middle"], forced: forced });
  }
}

// The things a selection is about (core) and those beside them (all).
function focusOf(chosen) {
  if (!chosen) return null;
  if (chosen.line !== undefined) {
    const ends = new Set([lines[chosen.line].from, lines[chosen.line].to]);
    return { core: ends, all: ends };
  }
  return { core: new Set([chosen.thing]), all: new Set([...neighbours(chosen.thing), chosen.thing]) };
}

// Bring shapes and lines in step with filters and selection; only what changed is handed on.
const drawnNode = things.map(() => ""), drawnEdge = lines.map(() => "");
function refresh() {
  const chosen = focusOf(state.selection);
  const isChosen = (line) => state.selection && (state.selection.line === line.id
    || (state.selection.thing !== undefined
      && (line.from === state.selection.thing || line.to === state.selection.thing)));
  const many = Boolean(chosen) && chosen.all.size > 40;
  const changedNodes = [], changedEdges = [];
  things.forEach((thing, index) => {
    const opacity = !chosen || chosen.all.has(index) ? 1 : 0.13;
    const border = chosen && chosen.core.has(index) ? 3 : 1;
    const key = [state.thingShown[index], opacity, border, theme.ink].join();
    if (key === drawnNode[index]) return;
    drawnNode[index] = key;
    const colour = data.kinds[knownKind(thing.kind)].colour;
    changedNodes.push({ id: thing.iri, hidden: !state.thingShown[index], opacity: opacity, borderWidth: border,
      color: { background: colour, border: border > 1 ? theme.ink : colour,
        hover: { background: colour, border: theme.ink } } });
  });
  lines.forEach((line, index) => {
    const strong = isChosen(line);
    const hidden = !state.lineShown[index];
    const planned = line.facts.filter((fact) => state.factShown[fact]).every((fact) => facts[fact].planned);
    const key = [hidden, strong, many, Boolean(chosen), planned, theme.edge].join();
    if (key === drawnEdge[index]) return;
    drawnEdge[index] = key;
    const colour = theme[strong ? (many ? "edge-many" : "edge-strong") : chosen ? "edge-faint" : "edge"];
    changedEdges.push({ id: line.id, hidden: hidden, dashes: planned ? [7, 6] : false,
      width: data.network.edges[index].width + (strong && !many ? 2.5 : 0),
      color: { color: colour, hover: theme["edge-strong"], highlight: colour } });
  });
  if (changedNodes.length) nodes.update(changedNodes);
  if (changedEdges.length) edges.update(changedEdges);
  network.redraw();
}

function showBox(boxes, smooth) {
  if (!boxes.length) return;
  // The legend covers a strip on the left; where there is room beside it, the boxes go there.
  const legend = document.getElementById("legend");
  const covered = legend.open && stage.clientWidth > 4 * legend.offsetWidth ? legend.offsetWidth + 16 : 0;
  const left = Math.min(...boxes.map((box) => box.x - box.width));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const top = Math.min(...boxes.map((box) => box.y - box.height));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  const scale = Math.min((stage.clientWidth - covered) * 0.97 / (right - left),
    (stage.clientHeight - HEADROOM) * 0.97 / (bottom - top), 1.4);
  const aside = Math.min(covered / 2, Math.max(0, (stage.clientWidth - (right - left) * scale) / 2 - 12));
  move({ x: (left + right) / 2 - aside / scale, y: (top + bottom) / 2 - HEADROOM / 2 / scale },
    scale, smooth);
}

function move(position, scale, smooth) {
  const animation = smooth && !calm ? { duration: 350, easingFunction: "easeInOutQuad" } : false;
  network.moveTo({ position: position, scale: scale, animation: animation });
}

// Bring a thing and those beside it into view, as large as that allows.
function visit(index) {
  const near = [...focusOf({ thing: index }).all].filter((other) => state.thingShown[other]);
  const boxes = near.map((other) => ({ x: place[other].x, y: place[other].y, width: 70, height: 60 }));
  showBox(boxes, true);
}

function fitAll(smooth) {
  const boxes = data.discs.map(([, x, y, width, height]) => ({ x: x, y: y, width: width, height: height }));
  showBox(boxes, smooth);
}

function visitDocument(position) {
  const disc = data.discs.find((each) => each[0] === position);
  const report = indexOf.get(data.documents[position].iri);
  if (disc) showBox([{ x: disc[1], y: disc[2], width: disc[3], height: disc[4] }], true);
  else if (report !== undefined) select({ thing: report }, { move: true });
}

network.on("beforeDrawing", drawDiscs);
network.on("afterDrawing", drawNames);
network.on("dragging", keepPlaces);
network.on("dragEnd", keepPlaces);
function keepPlaces(event) {
  for (const [iri, point] of Object.entries(network.getPositions(event.nodes))) {
    Object.assign(place[indexOf.get(iri)], point);
  }
}
network.on("click", (event) => {
  if (event.nodes.length) select({ thing: indexOf.get(event.nodes[0]) }, {});
  else if (event.edges.length) select({ line: event.edges[0] }, {});
  else select(null, {});
});
network.on("hoverNode", (event) => hover({ thing: indexOf.get(event.node) }));
network.on("hoverEdge", (event) => hover({ line: event.edge }));
network.on("blurNode", () => hover(null));
network.on("blurEdge", () => hover(null));
function hover(over) {
  state.hover = over;
  stage.style.cursor = over ? "pointer" : "";
  network.redraw();
}
