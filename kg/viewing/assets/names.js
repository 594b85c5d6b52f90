// Names, captions, discs and what a selection is about: the same whatever draws the shapes and lines.
//
// A stage (stage_vis.js up to some thousand things, stage_large.js beyond) draws them, and is known to the rest by one
// object, `picture`. Points are {x, y} in the picture's own units, which the build laid out, or in pixels of the screen.
//   frame                           the element that takes the keys
//   scale(), centre()               what is seen: pixels per unit, and the point in the middle
//   toScreen(point), toPicture(point)
//   moveTo(point, scale, smooth)    see something else
//   refresh()                       filters, selection or colours have changed
//   redraw()                        what is pointed at, or the words, have changed
//   resize()                        the window has changed
// A stage calls select() and hover() for what the reader points at.

const stage = document.getElementById("network");
const FULL = { units: 26, rows: 6 }; // a Han character takes two units
const SHORT = { units: 22, rows: 2 };
const CAPTION = { units: 30, rows: 2 };
const NAME_FROM = 3.6; // radius on the screen, in pixels, from which a thing is named
const HUB_FROM = 5; // the same for a hub: smaller, and the caption of its disc says enough
const COVERING = 20; // names of well connected things that may cover shapes: more would hide what they name
const MANY = 30; // discs beyond which only those with room for it get their caption
const REGION_FROM = 5; // documents that make a region worth a name of its own
const CAPTION_FROM = 20; // half height on the screen, in pixels, from which one of many discs gets its caption
const DISC_FROM = 72; // half height on the screen, in pixels, from which a disc has room for more than its caption
const EDGE = 5; // pixels between a name and the edge of the picture
const BESIDE = 80; // pixels beyond the edge from which a name still reaches into the picture

const place = data.places ? data.places.map(([x, y, size]) => ({ x, y, size }))
  : data.network.nodes.map((node) => ({ x: node.x, y: node.y, size: node.size }));
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

function drawDiscs(context, scale) {
  if (data.documents.length < 2 || data.discs.length < 2) return;
  for (const [, x, y, width, height] of data.discs.filter(isDiscShown)) {
    context.beginPath();
    context.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
    context.fillStyle = theme.disc;
    context.fill();
    context.strokeStyle = theme.rim;
    context.lineWidth = 1 / scale;
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
// or left of it where others are in the way; only a well connected thing's name may cover shapes. `screen` tells
// its width, height and scale, and where a point of the picture is; the boxes of what was written are returned.
function drawNames(context, screen) {
  const names = new Taken(), shapes = new Taken(), placed = [];
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
    placed.push({ ...box, x: x, y: y });
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
    write(breakName(pictureName(index), limit), centre.x, centre.y, place[index].size * screen.scale,
      { size: size, weight: large ? "600" : "400", colour: theme.ink }, rules);
  };
  const first = new Set([...(chosen ? chosen.core : []), ...(hovered ? hovered.core : [])]);
  first.forEach((index) => name(index, FULL, { at: ["below", "above", "right", "left"], forced: true }));
  lineNames(screen, write, firmLines(), true);
  captions(screen, write, chosen);
  const near = (index) => {
    const at = screen.at(place[index]), air = BESIDE + place[index].size * screen.scale;
    return at.x > -air && at.x < screen.width + air && at.y > -air && at.y < screen.height + air;
  };
  const shown = byRank.filter((index) => state.thingShown[index] && (!chosen || chosen.all.has(index)) && near(index));
  for (const index of shown) {
    const centre = screen.at(place[index]), radius = place[index].size * screen.scale * 0.9;
    shapes.add({ left: centre.x - radius, right: centre.x + radius, top: centre.y - radius,
      bottom: centre.y + radius });
  }
  let mayCover = COVERING;
  for (const index of shown) {
    if (first.has(index)) continue;
    if (!chosen) {
      const least = things[index].hub ? HUB_FROM : NAME_FROM;
      if (place[index].size * screen.scale < least || isCramped(index, screen.scale)) continue;
    }
    name(index, screen.scale > 1.3 ? FULL : SHORT,
      { at: ["below", "above", "right", "left"],
        shapes: place[index].size < 22 || (mayCover -= 1) < 0 });
  }
  lineNames(screen, write, besideLines(), false);
  return placed;
}

// What stands on the picture: the legend and the like.
function covers() {
  const frame = stage.getBoundingClientRect();
  return ["legend", "filters", "tools", "scope"].map((id) => document.getElementById(id).getBoundingClientRect())
    .filter((box) => box.width > 0).map((box) => ({ left: box.left - frame.left, right: box.right - frame.left,
      top: box.top - frame.top, bottom: box.bottom - frame.top }));
}

// The caption of a document stands above its disc, that of the shared things inside theirs, at the top; of a
// disc that is seen in part, at the edge of the picture.
function captions(screen, write, chosen) {
  if (data.documents.length < 2 || data.discs.length < 2) return;
  const many = data.discs.length > MANY;
  if (many && !chosen) regionNames(screen, write);
  for (const [position, x, y, width, height] of data.discs.filter(isDiscShown)) {
    const corner = screen.at({ x: x - width, y: y - height }), end = screen.at({ x: x + width, y: y + height });
    if (end.x < 40 || corner.x > screen.width - 40 || end.y < 60 || corner.y > screen.height) continue;
    const middle = Math.min(Math.max((corner.x + end.x) / 2, 0), screen.width);
    const top = { x: middle, y: Math.max(corner.y, position < 0 ? 0 : HEADROOM) };
    const text = position >= 0 ? documentName(position) : words("shared");
    if (height * screen.scale < (many && position >= 0 ? CAPTION_FROM : 14)) continue;
    const style = { size: height * screen.scale > 45 ? 14 : 12, weight: "600", colour: theme.soft };
    if (position < 0) write([text], top.x, top.y, 8, style, { at: ["below"] });
    else write(breakName(text, CAPTION), top.x, top.y, 2, style, { at: ["above"], forced: !chosen && !many });
  }
}

// Where the discs of a part of the country are too small for captions, they have that part's name over them.
function regionNames(screen, write) {
  for (const [name, count, x, y, height] of data.regions) {
    const at = screen.at({ x: x, y: y });
    if (height * screen.scale >= CAPTION_FROM || count < REGION_FROM) continue;
    write([(name || words("no_place")) + " " + words("document_count", number(count))], at.x, at.y, 0,
      { size: 14, weight: "600", colour: theme.ink }, { at: ["middle", "below", "above"] });
  }
}

// Whether a thing is in a disc so small on the screen that only the disc's caption has room.
function isCramped(index, scale) {
  const disc = discAt(index);
  return disc !== null && disc[0] >= 0 && disc[4] * scale < DISC_FROM;
}

// The disc that a thing stands in, looked up once: things stay where the build put them unless they are dragged.
const discOf = new Map();
function discAt(index) {
  if (data.documents.length < 2 || data.discs.length < 2) return null;
  if (!discOf.has(index)) {
    discOf.set(index, data.discs.find(([, x, y, width, height]) =>
      Math.hypot((place[index].x - x) / width, (place[index].y - y) / height) <= 1) || null);
  }
  return discOf.get(index);
}

// The lines pointed at or selected, which are always named, and those of a path or of a selected thing, where there is
// room.
function firmLines() {
  return [state.hover, state.selection].flatMap((each) => each && each.line !== undefined ? [each.line] : []);
}
function besideLines() {
  if (state.selection && state.selection.path) return state.selection.path.lines;
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
  if (chosen.path) return { core: new Set(chosen.path.things), all: new Set(chosen.path.things) };
  if (chosen.line !== undefined) {
    const ends = new Set([lines[chosen.line].from, lines[chosen.line].to]);
    return { core: ends, all: ends };
  }
  return { core: new Set([chosen.thing]), all: new Set([...neighbours(chosen.thing), chosen.thing]) };
}

// What the reader points at, {thing} or {line}, or null.
function hover(over) {
  state.hover = over;
  stage.style.cursor = over ? "pointer" : "";
  picture.redraw();
}
