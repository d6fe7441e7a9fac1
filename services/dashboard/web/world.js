// The world: countries out of a TopoJSON file, and where a place is on the map (Mercator, in degrees of longitude).

const HIGHEST = 84; // degrees; beyond it Mercator grows without end

/** The place on the map, as [x, y]; y grows to the south. */
export function project([longitude, latitude]) {
  const angle = (Math.max(-HIGHEST, Math.min(HIGHEST, latitude)) * Math.PI) / 180;
  return [longitude, (-Math.log(Math.tan(Math.PI / 4 + angle / 2)) * 180) / Math.PI];
}

/** The outlines of all countries as the `d` of one SVG path. */
export function outlines(topology) {
  const arcs = topology.arcs.map((arc) => unpacked(arc, topology.transform).map(project));
  const polygons = topology.objects.countries.geometries.flatMap((country) =>
    country.type === "Polygon" ? [country.arcs] : (country.arcs ?? []),
  );
  return polygons.flatMap((rings) => rings.map((ring) => line(joined(ring, arcs)))).join("");
}

/** Each country's name, with the middle and the size of its largest part. */
export function countries(topology) {
  const arcs = topology.arcs.map((arc) => unpacked(arc, topology.transform).map(project));
  return topology.objects.countries.geometries.map((country) => {
    const polygons = country.type === "Polygon" ? [country.arcs] : (country.arcs ?? []);
    const boxes = polygons.map(([outer]) => bounds(joined(outer, arcs)));
    const largest = boxes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
    return { name: country.properties.name, ...largest };
  });
}

function bounds(points) {
  let [west, east, north, south] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const [x, y] of points) {
    [west, east, north, south] = [Math.min(west, x), Math.max(east, x), Math.min(north, y), Math.max(south, y)];
  }
  return { x: (west + east) / 2, y: (north + south) / 2, width: east - west, height: south - north };
}

/** Arcs are stored as steps between whole numbers. */
function unpacked(arc, { scale, translate }) {
  let [x, y] = [0, 0];
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
  });
}

/** A ring names its arcs; a negative number is the arc of that complement, backwards. */
function joined(ring, arcs) {
  return ring.flatMap((number, index) => {
    const points = number < 0 ? [...arcs[~number]].reverse() : arcs[number];
    return index ? points.slice(1) : points;
  });
}

const line = (points) => `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join("L")}Z`;
