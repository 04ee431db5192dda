// Distances, areas and circles on the globe, good to a fraction of a percent: for measuring by eye. What is found inside a shape is decided by the server.
const RADIUS = 6371008.8;
const rad = (degrees) => (degrees * Math.PI) / 180;
const deg = (radians) => (radians * 180) / Math.PI;

export function distance([x1, y1], [x2, y2]) {
  const a = Math.sin(rad(y2 - y1) / 2) ** 2 + Math.cos(rad(y1)) * Math.cos(rad(y2)) * Math.sin(rad(x2 - x1) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(a)));
}

export const length = (line) => line.slice(1).reduce((sum, place, at) => sum + distance(line[at], place), 0);

export function area(ring) {
  let sum = 0;
  for (let at = 0; at < ring.length; at += 1) {
    const [x1, y1] = ring[at];
    const [x2, y2] = ring[(at + 1) % ring.length];
    sum += rad(x2 - x1) * (2 + Math.sin(rad(y1)) + Math.sin(rad(y2)));
  }
  return Math.abs((sum * RADIUS * RADIUS) / 2);
}

export function circle([lon, lat], metres, steps = 72) {
  const ring = [];
  const angle = metres / RADIUS;
  for (let step = 0; step <= steps; step += 1) {
    const bearing = (2 * Math.PI * step) / steps;
    const y = Math.asin(Math.sin(rad(lat)) * Math.cos(angle) + Math.cos(rad(lat)) * Math.sin(angle) * Math.cos(bearing));
    const x = rad(lon) + Math.atan2(Math.sin(bearing) * Math.sin(angle) * Math.cos(rad(lat)), Math.cos(angle) - Math.sin(rad(lat)) * Math.sin(y));
    ring.push([deg(x), deg(y)]);
  }
  return ring;
}

export function metres(value) {
  return value >= 1000 ? `${(value / 1000).toLocaleString("en", { maximumFractionDigits: value >= 100000 ? 0 : 2 })} km` : `${Math.round(value)} m`;
}

export function squareMetres(value) {
  return value >= 1e6 ? `${(value / 1e6).toLocaleString("en", { maximumFractionDigits: 2 })} km²` : `${Math.round(value).toLocaleString("en")} m²`;
}
