// Paints a large picture without a graphics card. The whole is painted once into a texture somewhat larger than the
// window; while the reader moves, only that texture is drawn, moved and scaled, above a coarse one of everything, so
// that nothing is blank. When the movement rests, a sharp one is painted behind, in slices that never hold the page
// up, and takes the other's place.

const SLICE = 10; // milliseconds of painting at a time, measured so that scrolling the panel stays smooth meanwhile
const AROUND = 1.4; // how much wider and higher than the window a texture is
const MOST_PIXELS = 9e6; // of a texture: 36 MB, which a phone has
const COARSE = 1200; // width of the coarse texture in pixels
const DASH_FROM = 0.16; // the scale from which dashes can be told from lines
const ARROW_FROM = 0.3; // the scale from which arrows can be seen
const INK = 0.3; // share of the picture that lines between discs may cover before they get fainter: shapes stay seen

// The outlines of kinds around (0, 0), of radius 1, in the forms that vis-network gives them.
const corners = (count, from, radius) => Array.from({ length: count }, (_, at) => {
  const angle = from + at * 2 * Math.PI / count;
  return [radius(at) * Math.cos(angle), radius(at) * Math.sin(angle)];
});
const FORMS = {
  dot: null,
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  diamond: [[0, -1], [1, 0], [0, 1], [-1, 0]],
  triangle: [[0, -1.01], [1.15, 0.98], [-1.15, 0.98]],
  triangleDown: [[0, 1.01], [1.15, -0.98], [-1.15, -0.98]],
  hexagon: corners(6, 0, () => 1),
  star: corners(10, -Math.PI / 2, (at) => at % 2 ? 0.41 : 1.07).map(([x, y]) => [x, y + 0.08]),
};
const lookOf = things.map((thing) => data.kinds[knownKind(thing.kind)]);

function shapePath(context, form, x, y, radius) {
  if (!form) {
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  form.forEach(([dx, dy], at) => at ? context.lineTo(x + dx * radius, y + dy * radius)
    : context.moveTo(x + dx * radius, y + dy * radius));
  context.closePath();
}

// Which lines are planned as far as they are shown, and which way they point (1: to its end, 2: to its beginning).
const plannedLines = new Uint8Array(lines.length);
const headings = Uint8Array.from(lines, (line) => line.facts.reduce(
  (ways, fact) => ways | (facts[fact].source === line.from ? 1 : 2), 0));

// Lines within a disc are what a document says of its own; those between discs are many and long.
const within = Uint8Array.from(lines, (line) => discAt(line.from) !== null && discAt(line.from) === discAt(line.to) ? 1 : 0);
// The box of the whole picture.
function bounds() {
  const box = { left: -1, right: 1, top: -1, bottom: 1 };
  for (const [, x, y, width, height] of data.discs) {
    box.left = Math.min(box.left, x - width);
    box.right = Math.max(box.right, x + width);
    box.top = Math.min(box.top, y - height);
    box.bottom = Math.max(box.bottom, y + height);
  }
  return box;
}

// What is to be painted: ids of lines and of things in their order, the colour of lines, and how strong they are.
function wholeScene() {
  return { discs: true, lines: lines.filter((line) => state.lineShown[line.id]).map((line) => line.id),
    things: byRank.filter((index) => state.thingShown[index]).reverse(), colour: theme.edge, wider: 0 };
}
function focusScene(chosen) {
  const focus = focusOf(chosen), many = focus.all.size > 40;
  return { discs: false, lines: linesAbout(chosen).filter((id) => state.lineShown[id]),
    things: byRank.filter((index) => focus.all.has(index) && state.thingShown[index]).reverse(),
    core: focus.core, colour: theme[many ? "edge-many" : "edge-strong"], wider: many ? 0 : 2.5 };
}

// Paint a scene as seen from `eye`, yielding now and then: its x and y are in the middle of width × height pixels.
function* paint(context, eye, ratio, scene) {
  // A painting that was broken off has left the context as it happened to be.
  context.globalAlpha = 1;
  context.setLineDash([]);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, eye.width, eye.height);
  const { dx, dy } = shift(eye);
  if (scene.discs) {
    backdrop(context, eye, ratio);
    yield;
  }
  if (scene.lines.length) yield* paintLines(context, eye, dx, dy, scene);
  yield* paintShapes(context, eye, dx, dy, scene);
}

// Where the picture's (0, 0) is on the screen.
function shift(eye) {
  return { dx: eye.width / 2 - eye.x * eye.scale, dy: eye.height / 2 - eye.y * eye.scale };
}

// What lies under all: the colour of the page, and the discs.
function backdrop(context, eye, ratio) {
  const { dx, dy } = shift(eye);
  context.fillStyle = theme.back;
  context.fillRect(0, 0, eye.width, eye.height);
  context.setTransform(ratio * eye.scale, 0, 0, ratio * eye.scale, ratio * dx, ratio * dy);
  drawDiscs(context, eye.scale);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
}

// Let all stand back that has been painted, for what is selected.
function veil(context, eye) {
  context.globalAlpha = 0.84;
  context.fillStyle = theme.back;
  context.fillRect(0, 0, eye.width, eye.height);
  context.globalAlpha = 1;
}

// The least width of a line in pixels, and how faint those between discs are, so that they do not cover all the rest.
function leastWidth(scene) {
  return scene.wider ? 1.4 : 0.7;
}
function faintness(scene, eye) {
  if (!scene.discs) return 1;
  let ink = 0;
  for (const id of linesSeen(scene, eye)) {
    const one = place[lines[id].from], other = place[lines[id].to];
    if (!within[id]) ink += Math.min(Math.hypot(one.x - other.x, one.y - other.y) * eye.scale, eye.width);
  }
  return Math.max(0.1, Math.min(1, INK * eye.width * eye.height / (ink * leastWidth(scene) || 1)));
}

// The lines of a scene that may cross the window.
function linesSeen(scene, eye) {
  const across = eye.width / eye.scale / 2, along = eye.height / eye.scale / 2;
  const left = eye.x - across, right = eye.x + across, top = eye.y - along, bottom = eye.y + along;
  return scene.lines.filter((id) => {
    const one = place[lines[id].from], other = place[lines[id].to];
    return !((one.x < left && other.x < left) || (one.x > right && other.x > right)
      || (one.y < top && other.y < top) || (one.y > bottom && other.y > bottom));
  });
}

function* paintLines(context, eye, dx, dy, scene) {
  const { scale } = eye, least = leastWidth(scene), faint = faintness(scene, eye);
  context.strokeStyle = context.fillStyle = scene.colour;
  let count = 0, dashed = false;
  for (const id of linesSeen(scene, eye)) {
    const line = lines[id], one = place[line.from], other = place[line.to];
    const x1 = one.x * scale + dx, y1 = one.y * scale + dy, x2 = other.x * scale + dx, y2 = other.y * scale + dy;
    const dash = scale >= DASH_FROM && plannedLines[id] === 1;
    if (dash !== dashed) context.setLineDash(dash ? [Math.max(3, 7 * scale), Math.max(3, 6 * scale)] : []);
    dashed = dash;
    context.globalAlpha = within[id] ? 1 : faint;
    context.lineWidth = Math.max(least, (line.width + scene.wider) * scale);
    context.beginPath();
    if (line.from === line.to) context.arc(x1 + one.size * scale, y1 - one.size * scale, one.size * scale, 0, 2 * Math.PI);
    else {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.stroke();
    if (scale >= ARROW_FROM && line.from !== line.to) {
      if (headings[id] & 1) arrow(context, x1, y1, x2, y2, other.size * scale, scale);
      if (headings[id] & 2) arrow(context, x2, y2, x1, y1, one.size * scale, scale);
    }
    if ((count += 1) % 100 === 0) yield;
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

function arrow(context, x1, y1, x2, y2, radius, scale) {
  const length = Math.hypot(x2 - x1, y2 - y1), size = Math.max(5, 8 * scale);
  if (length < radius + 2 * size) return;
  const ux = (x2 - x1) / length, uy = (y2 - y1) / length;
  const x = x2 - ux * (radius + 1), y = y2 - uy * (radius + 1);
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - ux * size - uy * size * 0.4, y - uy * size + ux * size * 0.4);
  context.lineTo(x - ux * size + uy * size * 0.4, y - uy * size - ux * size * 0.4);
  context.fill();
}

function* paintShapes(context, eye, dx, dy, scene) {
  const { scale, width, height } = eye;
  let count = 0;
  for (const index of scene.things) {
    const radius = Math.max(1.1, place[index].size * scale);
    const x = place[index].x * scale + dx, y = place[index].y * scale + dy;
    if (x < -radius || y < -radius || x > width + radius || y > height + radius) continue;
    const look = lookOf[index];
    context.fillStyle = look.colour;
    if (radius < 1.6) context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    else {
      context.beginPath();
      shapePath(context, FORMS[look.shape], x, y, radius);
      context.fill();
      if (scene.core && scene.core.has(index)) outline(context);
    }
    if ((count += 1) % 200 === 0) yield;
  }
}

function outline(context) {
  context.strokeStyle = theme.ink;
  context.lineWidth = 3;
  context.stroke();
}

// One picture that was painted, and from where it was seen.
class Texture {
  constructor(opaque) {
    this.canvas = document.createElement("canvas");
    // Read often: kept in main memory, where painting costs the same on every machine.
    this.context = this.canvas.getContext("2d", { alpha: !opaque, willReadFrequently: true });
    this.eye = null;
  }
  // Give it the size of `eye`; what was on it is gone.
  begin(eye, ratio) {
    const width = Math.round(eye.width * ratio), height = Math.round(eye.height * ratio);
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.eye = null;
  }
  // Draw it where it belongs for `eye`; the context's unit is a pixel of the screen, which has `ratio` of its own.
  draw(context, eye, ratio) {
    if (!this.eye) return;
    const grown = eye.scale / this.eye.scale;
    const left = eye.width / 2 + (this.eye.x - eye.x) * eye.scale - this.eye.width * grown / 2;
    const top = eye.height / 2 + (this.eye.y - eye.y) * eye.scale - this.eye.height * grown / 2;
    // On whole pixels a texture of the same scale is copied, not sampled: that is quicker, and sharp.
    const exact = grown === 1 ? (value) => Math.round(value * ratio) / ratio : (value) => value;
    context.imageSmoothingQuality = "low";
    context.drawImage(this.canvas, exact(left), exact(top), this.eye.width * grown, this.eye.height * grown);
  }
  covers(eye) {
    return this.eye !== null && Math.abs(eye.x - this.eye.x) <= this.eye.width / this.eye.scale / 2 - eye.width / eye.scale / 2
      && Math.abs(eye.y - this.eye.y) <= this.eye.height / this.eye.scale / 2 - eye.height / eye.scale / 2;
  }
}

// A painter shows the picture (show), is told when what is to be seen has changed (changed), when the reader moves
// (stop) and when all is at rest (rest), whereupon it may paint what is seen now better, and asks for a frame.
function canvasPainter(again) {
  let sharp = new Texture(true), spare = new Texture(true);
  const coarse = new Texture(true), focus = new Texture(false);
  let whole = null, job = null, timer = 0, stale = true, coarseStale = true;

  // The whole graph, as the eye that sees all of it.
  const everything = () => {
    const box = bounds(), width = COARSE, scale = width / (box.right - box.left);
    return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2, scale: scale, width: width,
      height: Math.max(1, Math.round((box.bottom - box.top) * scale)) };
  };
  function* work(eye, ratio) {
    whole = whole || wholeScene();
    const wide = { ...eye, width: Math.round(eye.width * AROUND), height: Math.round(eye.height * AROUND) };
    const fine = Math.min(ratio, Math.sqrt(MOST_PIXELS / (wide.width * wide.height)));
    if (state.selection) {
      focus.begin(wide, fine);
      yield* paint(focus.context, wide, fine, focusScene(state.selection));
      focus.eye = wide;
      again();
    }
    if (stale || !sharp.eye || sharp.eye.scale !== eye.scale || !sharp.covers(eye)) {
      spare.begin(wide, fine);
      yield* flushed(spare.context, paint(spare.context, wide, fine, whole));
      spare.eye = wide;
      [sharp, spare] = [spare, sharp];
      stale = false;
      again();
    }
    if (coarseStale) {
      const far = everything();
      coarse.begin(far, 1);
      yield* flushed(coarse.context, paint(coarse.context, far, 1, whole));
      coarse.eye = far;
      coarseStale = false;
    }
  }
  // Canvases put off what they are told to paint: reading a pixel makes them do it within the slice that it is for.
  function* flushed(context, steps) {
    for (const step of steps) {
      context.getImageData(0, 0, 1, 1);
      yield step;
    }
  }
  function slice() {
    const until = performance.now() + SLICE;
    while (job && performance.now() < until) {
      if (job.next().done) job = null;
    }
    timer = job ? setTimeout(slice, 4) : 0;
  }
  return {
    show(context, eye, ratio) {
      if (!sharp.eye) {
        // The first moment: shapes at once, lines when they are painted.
        for (const step of paint(context, eye, ratio, { ...wholeScene(), lines: [] })) void step;
        return;
      }
      context.fillStyle = theme.back;
      context.fillRect(0, 0, eye.width, eye.height);
      if (!sharp.covers(eye)) coarse.draw(context, eye, ratio);
      sharp.draw(context, eye, ratio);
      if (state.selection) {
        veil(context, eye);
        focus.draw(context, eye, ratio);
      }
    },
    changed(filters) {
      focus.eye = null;
      if (filters) {
        whole = null;
        stale = coarseStale = true;
      }
    },
    stop() {
      clearTimeout(timer);
      job = null;
      timer = 0;
    },
    rest(eye, ratio) {
      this.stop();
      job = work({ ...eye }, ratio);
      slice();
    },
    busy: () => job !== null,
  };
}
