// Looking at a map: which part of it is seen, and how that is moved by pointer, wheel and keys.

const WORLD = { x: -180, y: -140, width: 360, height: 230 };
const CLOSEST = 0.8; // degrees across

/** Moves the view of an SVG. `onMove(unit)` is told how many degrees one pixel is. */
export class View {
  constructor(svg, onMove) {
    this.svg = svg;
    this.onMove = onMove;
    this.box = { ...WORLD };
    this.pointers = new Map();
    svg.addEventListener("pointerdown", (event) => this.#down(event));
    svg.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, (event) => this.pointers.delete(event.pointerId));
    svg.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    svg.addEventListener("keydown", (event) => this.#key(event));
    // Never during construction: whoever is told of a move must know this view by then.
    new ResizeObserver(() => this.show()).observe(svg);
  }

  /** Degrees per pixel. */
  get unit() {
    const { width, height } = this.svg.getBoundingClientRect();
    return Math.max(this.box.width / (width || 1), this.box.height / (height || 1));
  }

  /** What of the map is on the screen: the box, and what beside it fills the drawing. */
  get seen() {
    const { x, y, width, height } = this.box;
    const drawn = this.svg.getBoundingClientRect();
    const [wide, high] = [drawn.width * this.unit, drawn.height * this.unit];
    return { x: x + (width - wide) / 2, y: y + (height - high) / 2, width: wide, height: high };
  }

  show() {
    const { x, y, width, height } = this.box;
    this.svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
    this.onMove(this.unit);
  }

  /** Shows all these points, with some room around them, and never less than a few degrees. */
  fit(points) {
    if (!points.length) return this.#set({ ...WORLD });
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const width = Math.max((east - west) * 1.3, 10);
    const height = Math.max((south - north) * 1.4, 7);
    this.#set({ x: (west + east - width) / 2, y: (north + south - height) / 2, width, height });
  }

  /** Zooms around a point of the screen; the middle without one. */
  zoom(factor, at) {
    const { x, y, width, height } = this.box;
    if (width * factor < CLOSEST || width * factor > WORLD.width * 1.5) return;
    const [px, py] = at ? this.#place(at) : [x + width / 2, y + height / 2];
    this.#set({ x: px - (px - x) * factor, y: py - (py - y) * factor, width: width * factor, height: height * factor });
  }

  #set(box) {
    this.box = box;
    this.show();
  }

  #place({ clientX, clientY }) {
    const point = new DOMPoint(clientX, clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  #down(event) {
    this.svg.setPointerCapture(event.pointerId);
    this.pointers.set(event.pointerId, event);
  }

  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    this.pointers.set(event.pointerId, event);
    const other = [...this.pointers.values()].find((each) => each.pointerId !== event.pointerId);
    const distance = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1;
    if (other) return this.zoom(distance(before, other) / distance(event, other), other);
    const unit = this.unit;
    this.#shift((before.clientX - event.clientX) * unit, (before.clientY - event.clientY) * unit);
  }

  #shift(dx, dy) {
    this.#set({ ...this.box, x: this.box.x + dx, y: this.box.y + dy });
  }

  /** Only with a key held, as map pages do: the wheel alone scrolls the page. Pinching a touchpad counts as held. */
  #wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(event.deltaY / 300), event);
  }

  #key(event) {
    const step = this.box.width / 8;
    const actions = {
      "+": () => this.zoom(0.7),
      "-": () => this.zoom(1 / 0.7),
      ArrowLeft: () => this.#shift(-step, 0),
      ArrowRight: () => this.#shift(step, 0),
      ArrowUp: () => this.#shift(0, -step),
      ArrowDown: () => this.#shift(0, step),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }
}
