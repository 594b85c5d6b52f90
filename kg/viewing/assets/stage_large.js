// The stage for thousands of things: one canvas, on which a painter shows shapes and lines; here are the eye that looks
// at them, the pointers and keys that move it, and the names, which are written when it rests and carried along.

const REST = 110; // milliseconds without movement after which the picture is painted anew
const STEP = 70; // pixels that an arrow key moves
const SLOW = { gap: 70, frames: 5 }; // so many frames, each so many milliseconds late: the graphics card is too weak
const REACH = 7; // pixels beside a shape or a line that still mean it
const SCALES = [0.004, 6];

function largeStage() {
  const frame = element("div", { tabindex: "0" }), canvas = element("canvas");
  frame.append(canvas);
  stage.append(frame);
  Object.assign(canvas.style, { width: "100%", height: "100%", display: "block", touchAction: "none" });
  const context = canvas.getContext("2d", { alpha: false });
  const eye = { x: 0, y: 0, scale: 1, width: 1, height: 1 };
  let ratio = 1, asked = 0, restTimer = 0, flight = null;
  const byCard = webglPainter(ask, withoutCard);
  let painter = byCard || canvasPainter(ask), lateFrames = 0, lastFrame = 0;
  const written = { canvas: document.createElement("canvas"), boxes: [] };

  const toScreen = (point) => ({ x: (point.x - eye.x) * eye.scale + eye.width / 2,
    y: (point.y - eye.y) * eye.scale + eye.height / 2 });
  const toPicture = (point) => ({ x: (point.x - eye.width / 2) / eye.scale + eye.x,
    y: (point.y - eye.height / 2) / eye.scale + eye.y });

  function ask() {
    if (!asked) asked = requestAnimationFrame(show);
  }

  function withoutCard() {
    painter = canvasPainter(ask);
    painter.changed(true);
    rest();
  }
  // While it moves, a card that cannot keep up is given up for good, unless the address asks for it.
  function watch(now) {
    lateFrames = restTimer && now - lastFrame > SLOW.gap ? lateFrames + 1 : 0;
    lastFrame = now;
    if (lateFrames > SLOW.frames && !location.search.includes("renderer=")) withoutCard();
  }

  function show(now) {
    asked = 0;
    if (painter === byCard) watch(now);
    if (flight) fly(now);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    painter.show(context, eye, ratio);
    showHovered();
    for (const box of written.boxes) {
      const at = toScreen(box.at);
      context.drawImage(written.canvas, box.left * ratio, box.top * ratio, box.width * ratio, box.height * ratio,
        Math.round((at.x + box.dx) * ratio) / ratio, Math.round((at.y + box.dy) * ratio) / ratio, box.width, box.height);
    }
  }

  // What is pointed at stands out at once, whatever else is being painted.
  function showHovered() {
    if (!state.hover) return;
    const { line, thing } = state.hover;
    const scene = line === undefined ? { lines: [], things: [thing], core: new Set([thing]) }
      : { lines: [line], things: [], colour: theme["edge-strong"], wider: 1 };
    const { dx, dy } = shift(eye);
    for (const step of paintLines(context, eye, dx, dy, scene)) void step;
    for (const step of paintShapes(context, eye, dx, dy, scene)) void step;
  }

  // Write the names for what is seen now on a canvas of their own, each to be carried along with its thing.
  function write() {
    const { canvas: sheet } = written;
    Object.assign(sheet, { width: canvas.width, height: canvas.height });
    const on = sheet.getContext("2d");
    on.setTransform(ratio, 0, 0, ratio, 0, 0);
    const boxes = drawNames(on, { scale: eye.scale, width: eye.width, height: eye.height, at: toScreen });
    // On whole pixels of the screen, or a name would blur when it is carried along.
    const down = (value) => Math.floor(value * ratio) / ratio, up = (value) => Math.ceil(value * ratio) / ratio;
    written.boxes = boxes.map((box) => {
      const left = down(box.left - 2), top = down(box.top - 2);
      return { left: left, top: top, width: up(box.right + 2) - left, height: up(box.bottom + 2) - top,
        dx: left - box.x, dy: top - box.y, at: toPicture(box) };
    });
    ask();
  }

  // The eye has moved: what was painted is carried along until it rests.
  function moved() {
    painter.stop();
    clearTimeout(restTimer);
    restTimer = setTimeout(rest, REST);
    ask();
  }
  function rest() {
    clearTimeout(restTimer);
    restTimer = 0;
    write();
    painter.rest(eye, ratio);
  }

  function look(x, y, scale) {
    const box = bounds();
    eye.scale = Math.min(Math.max(scale, SCALES[0]), SCALES[1]);
    eye.x = Math.min(Math.max(x, box.left), box.right);
    eye.y = Math.min(Math.max(y, box.top), box.bottom);
    moved();
  }

  // Go there within a moment: evenly in what is seen, so that far ways are no blur.
  function fly(now) {
    const { from, to, begin } = flight;
    const part = Math.min(1, Math.max(0, (now - begin) / 350)), eased = part * part * (3 - 2 * part);
    const scale = from.scale * (to.scale / from.scale) ** eased;
    const share = from.scale === to.scale ? eased : (1 / from.scale - 1 / scale) / (1 / from.scale - 1 / to.scale);
    if (part === 1) flight = null;
    look(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share, part === 1 ? to.scale : scale);
  }

  // Zoom so that what is under a point of the screen stays there.
  function zoomAt(point, factor) {
    const before = toPicture(point), scale = Math.min(Math.max(eye.scale * factor, SCALES[0]), SCALES[1]);
    flight = null;
    look(before.x - (point.x - eye.width / 2) / scale, before.y - (point.y - eye.height / 2) / scale, scale);
  }

  // The thing or line at a point of the screen: going through all of them takes less than a frame.
  function hit(point) {
    const at = toPicture(point), reach = REACH / eye.scale;
    let best = null, least = 0;
    things.forEach((thing, index) => {
      const beyond = Math.hypot(place[index].x - at.x, place[index].y - at.y) - Math.max(place[index].size, reach);
      if (beyond < least && state.thingShown[index]) {
        least = beyond;
        best = { thing: index };
      }
    });
    if (best) return best;
    least = reach;
    for (const line of lines) {
      if (!state.lineShown[line.id]) continue;
      const one = place[line.from], other = place[line.to], wx = other.x - one.x, wy = other.y - one.y;
      const along = Math.min(1, Math.max(0, ((at.x - one.x) * wx + (at.y - one.y) * wy) / (wx * wx + wy * wy || 1)));
      const beyond = Math.hypot(one.x + along * wx - at.x, one.y + along * wy - at.y);
      if (beyond < least) {
        least = beyond;
        best = { line: line.id };
      }
    }
    return best;
  }

  // Pointers: one drags, two pinch, one that hardly moved selects.
  const pointers = new Map();
  let travelled = 0;
  const spot = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  frame.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    if (pointers.size === 0) travelled = 0;
    pointers.set(event.pointerId, spot(event));
    frame.setPointerCapture(event.pointerId);
    flight = null;
  });
  frame.addEventListener("pointermove", (event) => {
    const now = spot(event), before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") pointAt(now);
      return;
    }
    travelled += Math.hypot(now.x - before.x, now.y - before.y);
    const other = [...pointers].find(([id]) => id !== event.pointerId);
    pointers.set(event.pointerId, now);
    if (other) zoomAt(other[1], distance(now, other[1]) / Math.max(1, distance(before, other[1])));
    else if (travelled > 4) look(eye.x - (now.x - before.x) / eye.scale, eye.y - (now.y - before.y) / eye.scale, eye.scale);
  });
  function distance(one, other) {
    return Math.hypot(one.x - other.x, one.y - other.y);
  }
  for (const name of ["pointerup", "pointercancel"]) {
    frame.addEventListener(name, (event) => {
      if (!pointers.delete(event.pointerId)) return;
      if (name === "pointerup" && pointers.size === 0 && travelled <= 4) pick(hit(spot(event)), {});
    });
  }
  frame.addEventListener("pointerleave", () => pointAt(null));
  function pointAt(point) {
    const over = point && !restTimer ? hit(point) : null;
    const same = (one, other) => one === other || (one && other && one.thing === other.thing && one.line === other.line);
    if (!same(over, state.hover)) hover(over);
  }
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    // Firefox may tell lines of text, not pixels; two fingers on a touchpad come as a wheel with Ctrl, in small steps.
    const turned = event.deltaY * (event.deltaMode === 1 ? 30 : 1) * (event.ctrlKey ? 6 : 1);
    zoomAt(spot(event), Math.exp(-Math.max(-300, Math.min(300, turned)) * 0.0016));
  }, { passive: false });
  frame.addEventListener("dblclick", (event) => zoomAt(spot(event), 2));
  frame.addEventListener("keydown", (event) => {
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ways[event.key]) {
      look(eye.x + ways[event.key][0] * STEP / eye.scale, eye.y + ways[event.key][1] * STEP / eye.scale, eye.scale);
    } else if (["+", "=", "-", "_"].includes(event.key)) {
      zoomAt({ x: eye.width / 2, y: eye.height / 2 }, "+=".includes(event.key) ? 1.25 : 0.8);
    } else return;
    event.preventDefault();
  });

  // The picture changes with filters, selection and colours.
  let drawnFilters = "";
  function refresh() {
    const filters = [theme.back, state.thingShown.map(Number).join(""), state.factShown.map(Number).join("")].join();
    const changed = filters !== drawnFilters;
    if (changed) {
      drawnFilters = filters;
      for (const line of lines) {
        const shown = line.facts.filter((fact) => state.factShown[fact]);
        plannedLines[line.id] = shown.length > 0 && shown.every((fact) => facts[fact].planned) ? 1 : 0;
      }
    }
    painter.changed(changed);
    rest();
  }

  function resize() {
    if (!stage.clientWidth || !stage.clientHeight) return; // on paper: on the screen it is as before
    ratio = window.devicePixelRatio || 1;
    Object.assign(eye, { width: stage.clientWidth, height: stage.clientHeight });
    Object.assign(canvas, { width: Math.round(eye.width * ratio), height: Math.round(eye.height * ratio) });
    moved();
  }
  window.addEventListener("resize", resize);

  const made = {
    frame: frame,
    scale: () => eye.scale,
    centre: () => ({ x: eye.x, y: eye.y }),
    toScreen: toScreen,
    toPicture: toPicture,
    moveTo: (position, scale, smooth) => {
      flight = null;
      if (!smooth || calm) return look(position.x, position.y, scale);
      flight = { from: { ...eye }, to: { ...position, scale: scale }, begin: performance.now() };
      ask();
    },
    refresh: refresh,
    redraw: () => write(),
    resize: resize,
  };
  // Reachable from the console, and from whatever embeds the page.
  window.picture = { ...made, place: (iri) => place[indexOf.get(iri)], painter: () => painter === byCard ? "webgl" : "canvas",
    settled: () => !flight && !restTimer && !painter.busy() };
  return made;
}

const picture = largeStage();
const refresh = picture.refresh;
