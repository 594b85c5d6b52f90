// Paints a large picture by a graphics card, anew for every frame, so that it stays sharp while it moves. Where there is
// none, or only one that the processor imitates, canvasPainter (paint_canvas.js) does the same. Which of the two is
// taken can be told in the address: graph.html?renderer=webgl or ?renderer=canvas.

const CELL = 256; // pixels of a form in the texture of forms, of which its radius takes three eighths
const RADIUS = CELL * 3 / 8;

// A point of the picture in clip space; `eye` is its x, y and scale, `size` the window in pixels.
const GLSL = `#version 300 es
precision highp float;
uniform vec3 eye; uniform vec2 size;
vec2 pixel(vec2 point) { return (point - eye.xy) * eye.z; }
vec4 clip(vec2 at) { return vec4(at * vec2(2.0, -2.0) / size, 0.0, 1.0); }
`;
const LINE = GLSL + `
in vec4 ends; in vec4 look; // look: width, dashed, within a disc, ways it points
uniform vec4 colour; uniform vec4 how; // how: least width, wider, faint, scale from which dashes are seen
out float across; out float along; flat out float halfWidth; flat out float dash; out vec4 tint;
void main() {
  vec2 one = pixel(ends.xy), other = pixel(ends.zw);
  vec2 way = other - one; float far = length(way);
  vec2 ahead = far > 0.0 ? way / far : vec2(1.0, 0.0), aside = vec2(-ahead.y, ahead.x);
  halfWidth = max(how.x, (look.x + how.y) * eye.z) / 2.0;
  float side = float(gl_VertexID & 1) * 2.0 - 1.0, end = float(gl_VertexID >> 1);
  across = side * (halfWidth + 1.0); along = end * far;
  dash = look.y > 0.5 && eye.z >= how.w ? max(3.0, 7.0 * eye.z) : 0.0;
  tint = colour * (look.z > 0.5 ? 1.0 : how.z);
  gl_Position = clip(mix(one, other, end) + aside * across);
}`;
const LINE_COLOUR = `#version 300 es
precision highp float;
in float across; in float along; flat in float halfWidth; flat in float dash; in vec4 tint; out vec4 painted;
void main() {
  if (dash > 0.0 && fract(along / (dash * 13.0 / 7.0)) > 7.0 / 13.0) discard;
  painted = tint * clamp(halfWidth + 0.5 - abs(across), 0.0, min(1.0, 2.0 * halfWidth));
}`;
const ARROW = GLSL + `
in vec4 ends; in vec4 look; in vec2 sizes;
uniform vec4 colour; uniform vec4 how; uniform float back; // back: 1 where the arrow stands at the beginning
out vec4 tint;
void main() {
  vec2 from = pixel(back > 0.5 ? ends.zw : ends.xy), to = pixel(back > 0.5 ? ends.xy : ends.zw);
  float far = length(to - from), head = max(5.0, 8.0 * eye.z), radius = (back > 0.5 ? sizes.x : sizes.y) * eye.z;
  vec2 ahead = far > 0.0 ? (to - from) / far : vec2(1.0, 0.0), aside = vec2(-ahead.y, ahead.x);
  float ways = look.w; bool wanted = back > 0.5 ? ways > 1.5 : mod(ways, 2.0) > 0.5;
  vec2 at = to - ahead * (radius + 1.0);
  if (gl_VertexID > 0) at += -ahead * head + aside * head * (gl_VertexID == 1 ? 0.4 : -0.4);
  tint = colour * (look.z > 0.5 ? 1.0 : how.z);
  gl_Position = wanted && far > radius + 2.0 * head ? clip(at) : vec4(2.0, 2.0, 2.0, 1.0);
}`;
const PLAIN_COLOUR = `#version 300 es
precision highp float;
in vec4 tint; out vec4 painted;
void main() { painted = tint; }`;
const SHAPE = GLSL + `
in vec3 spot; in vec4 fill; in float form; // spot: x, y and radius
uniform float forms;
out vec2 at; out vec2 beside; flat out vec4 tint; flat out float large;
void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1)) * 2.0 - 1.0;
  float radius = max(1.1, spot.z * eye.z);
  at = vec2((form + 0.5 + corner.x * 0.5) / forms, 0.5 + corner.y * 0.5);
  tint = fill; large = radius; beside = corner * ${(CELL / 2 / RADIUS).toFixed(4)};
  gl_Position = clip(pixel(spot.xy) + corner * radius * ${(CELL / 2 / RADIUS).toFixed(4)});
}`;
const SHAPE_COLOUR = `#version 300 es
precision highp float;
in vec2 at; in vec2 beside; flat in vec4 tint; flat in float large; uniform sampler2D drawn; out vec4 painted;
void main() {
  // Large shapes are cut sharp where the texture is half full, small ones are as full as it is, tiny ones are squares.
  float inside = texture(drawn, at, -0.7).a, soft = max(fwidth(inside), 0.004);
  if (large < 1.6) inside = max(abs(beside.x), abs(beside.y)) <= 1.0 ? 1.0 : 0.0;
  else if (large > 8.0) inside = clamp((inside - 0.5) / soft + 0.5, 0.0, 1.0);
  painted = vec4(tint.rgb, 1.0) * inside;
}`;

// All forms side by side in white, as canvasPainter draws them.
function formsSheet(names) {
  const sheet = document.createElement("canvas");
  Object.assign(sheet, { width: CELL * names.length, height: CELL });
  const context = sheet.getContext("2d");
  context.fillStyle = "#ffffff";
  names.forEach((name, at) => {
    context.beginPath();
    shapePath(context, FORMS[name], (at + 0.5) * CELL, CELL / 2, RADIUS);
    context.fill();
  });
  return sheet;
}

// A colour as CSS writes it, as red, green, blue and opacity, each multiplied by the opacity.
function premultiplied(colour) {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = [...probe.getImageData(0, 0, 1, 1).data].map((value) => value / 255);
  return [red * alpha, green * alpha, blue * alpha, alpha];
}

// Whether the processor does what a graphics card would: then a texture that is only moved is quicker.
function imitated(gl) {
  let name = gl.getParameter(gl.RENDERER);
  if (name === "WebKit WebGL") { // Chromium tells more by an extension that Firefox warns of
    const more = gl.getExtension("WEBGL_debug_renderer_info");
    name = more ? gl.getParameter(more.UNMASKED_RENDERER_WEBGL) : name;
  }
  return /swiftshader|llvmpipe|software|basic render/i.test(name);
}

// Return a painter (see canvasPainter), or null where there is no graphics card for it. `lost` is called when the
// card stops serving the page, as when a laptop changes to another one.
function webglPainter(again, lost) {
  const asked = /[?&]renderer=(\w+)/.exec(location.search);
  if (asked && asked[1] === "canvas") return null;
  const canvas = document.createElement("canvas");
  const gl = canvas.getContext("webgl2", { antialias: true, premultipliedAlpha: true, depth: false,
    failIfMajorPerformanceCaveat: !(asked && asked[1] === "webgl") });
  if (!gl || (!asked && imitated(gl))) return null;
  canvas.addEventListener("webglcontextlost", lost);

  const program = (vertex, fragment) => {
    const made = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(made, shader);
    }
    gl.linkProgram(made);
    return gl.getProgramParameter(made, gl.LINK_STATUS) ? made : null;
  };
  const programs = { line: program(LINE, LINE_COLOUR), arrow: program(ARROW, PLAIN_COLOUR),
    shape: program(SHAPE, SHAPE_COLOUR) };
  if (Object.values(programs).includes(null)) return null;
  const names = Object.keys(FORMS);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, formsSheet(names));
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);

  // What a scene (paint_canvas.js) needs on the card: ten numbers a line, eight a thing.
  const LINE_PARTS = [["ends", 4, 0], ["look", 4, 4], ["sizes", 2, 8]];
  const SHAPE_PARTS = [["spot", 3, 0], ["fill", 4, 3], ["form", 1, 7]];
  const colourOf = new Map(Object.values(data.kinds).map((kind) => [kind.colour, premultiplied(kind.colour)]));
  function upload(scene, kept) {
    const own = scene.lines.filter((id) => lines[id].from !== lines[id].to);
    const bars = Float32Array.from(own.flatMap((id) => {
      const line = lines[id], one = place[line.from], other = place[line.to];
      return [one.x, one.y, other.x, other.y, line.width, plannedLines[id], within[id], headings[id], one.size, other.size];
    }));
    const marks = Float32Array.from(scene.things.flatMap((index) => [place[index].x, place[index].y, place[index].size,
      ...colourOf.get(lookOf[index].colour), names.indexOf(lookOf[index].shape)]));
    const made = kept || { bars: gl.createBuffer(), marks: gl.createBuffer() };
    for (const [buffer, values] of [[made.bars, bars], [made.marks, marks]]) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
    }
    return Object.assign(made, { lines: own.length, things: scene.things.length, colour: premultiplied(scene.colour),
      wider: scene.wider, least: leastWidth(scene), faint: 1, scene: scene });
  }

  function run(using, buffer, stride, parts, uniforms, mode, corners, count) {
    gl.useProgram(using);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    const bound = [];
    for (const [name, size, offset] of parts) {
      const at = gl.getAttribLocation(using, name);
      if (at < 0) continue;
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, size, gl.FLOAT, false, stride * 4, offset * 4);
      gl.vertexAttribDivisor(at, 1);
      bound.push(at);
    }
    for (const [name, values] of Object.entries(uniforms)) {
      gl["uniform" + values.length + "fv"](gl.getUniformLocation(using, name), values);
    }
    gl.drawArraysInstanced(mode, 0, corners, count);
    for (const at of bound) gl.disableVertexAttribArray(at);
  }

  function render(on, eye, ratio) {
    const width = Math.round(eye.width * ratio), height = Math.round(eye.height * ratio);
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const seen = { eye: [eye.x, eye.y, eye.scale], size: [eye.width, eye.height] };
    const drawn = { ...seen, colour: on.colour, how: [on.least, on.wider, on.faint, DASH_FROM] };
    run(programs.line, on.bars, 10, LINE_PARTS, drawn, gl.TRIANGLE_STRIP, 4, on.lines);
    if (eye.scale >= ARROW_FROM) {
      for (const back of [0, 1]) {
        run(programs.arrow, on.bars, 10, LINE_PARTS, { ...drawn, back: [back] }, gl.TRIANGLES, 3, on.lines);
      }
    }
    run(programs.shape, on.marks, 8, SHAPE_PARTS, { ...seen, forms: [names.length] }, gl.TRIANGLE_STRIP, 4, on.things);
  }

  let whole = null, focus = null, stale = true, focusStale = true;
  return {
    show(context, eye, ratio) {
      if (stale) whole = upload(wholeScene(), whole);
      if (focusStale && state.selection) focus = upload(focusScene(state.selection), focus);
      if (stale) whole.faint = faintness(whole.scene, eye);
      stale = focusStale = false;
      backdrop(context, eye, ratio);
      render(whole, eye, ratio);
      context.drawImage(canvas, 0, 0, eye.width, eye.height);
      if (!state.selection) return;
      veil(context, eye);
      render(focus, eye, ratio);
      context.drawImage(canvas, 0, 0, eye.width, eye.height);
      const { dx, dy } = shift(eye);
      const core = { ...focus.scene, lines: [], things: focus.scene.things.filter((index) => focus.scene.core.has(index)) };
      for (const step of paintShapes(context, eye, dx, dy, core)) void step;
    },
    changed(filters) {
      focusStale = true;
      stale = stale || filters;
    },
    stop() {},
    rest(eye) {
      if (whole) whole.faint = faintness(whole.scene, eye);
      again();
    },
    busy: () => false,
  };
}
