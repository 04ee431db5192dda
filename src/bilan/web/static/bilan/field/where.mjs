// Where the person stands: watched while the app is open, asked anew for a proof.
let last = null;
let watching = null;
export let refused = false;
const listeners = new Set();
const FRESH = 120000;
const RADIUS = 6371008.8;

function take(position) {
  const { longitude, latitude, accuracy } = position.coords;
  last = { lon: longitude, lat: latitude, accuracy: Math.round(accuracy), at: Date.now() };
  refused = false;
  for (const listener of listeners) listener(last);
  return last;
}

function miss(error) {
  if (error.code === 1) refused = true;
  for (const listener of listeners) listener(here());
}

export function follow(listener) {
  listeners.add(listener);
  if (watching === null && "geolocation" in navigator) watching = navigator.geolocation.watchPosition(take, miss, { enableHighAccuracy: true, maximumAge: 15000, timeout: 30000 });
  return () => listeners.delete(listener);
}

export const here = () => (last && Date.now() - last.at < FRESH ? last : null);

// The place of this moment, as well as the phone knows it within some seconds; null when it does not.
export function fix(patience = 8000) {
  if (!("geolocation" in navigator) || refused) return Promise.resolve(here());
  return new Promise((answer) => {
    const late = setTimeout(() => answer(here()), patience + 500);
    const end = (value) => { clearTimeout(late); answer(value); };
    navigator.geolocation.getCurrentPosition((position) => end(take(position)), (error) => { miss(error); end(here()); }, { enableHighAccuracy: true, maximumAge: 10000, timeout: patience });
  });
}

export function metres(from, to) {
  if (!from || !to || typeof from.lon !== "number" || typeof to.lon !== "number") return null;
  const rad = (degrees) => (degrees * Math.PI) / 180;
  const h = Math.sin(rad(to.lat - from.lat) / 2) ** 2 + Math.cos(rad(from.lat)) * Math.cos(rad(to.lat)) * Math.sin(rad(to.lon - from.lon) / 2) ** 2;
  return 2 * RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}
