// The map as a picture or a sheet: title, map, legend, scale bar, day, attribution and the mark of demo data.
import { element } from "../dom.mjs";
import { gettext } from "../i18n.mjs";
import { distance, metres } from "./geodesy.mjs";
import { coloured, pathOf } from "./style.mjs";

const WIDTH = 1600;
const SIDE = 340;
const EDGE = 36;
const NICE = [1, 2, 5];

export async function print(page, form) {
  const canvas = await sheet(page);
  const name = `bilan-${page.registers.asOf || page.moment.today}`;
  if (form === "png") return save(await new Promise((done) => canvas.toBlob(done, "image/png")), `${name}.png`);
  const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.92));
  return save(pdf(new Uint8Array(await jpeg.arrayBuffer()), canvas.width, canvas.height), `${name}.pdf`);
}

// The drawing buffer is only there within the frame that was drawn.
function frame(map) {
  return new Promise((done) => {
    map.once("render", () => { const copy = document.createElement("canvas"); const source = map.getCanvas(); copy.width = source.width; copy.height = source.height; copy.getContext("2d").drawImage(source, 0, 0); done(copy); });
    map.triggerRepaint();
  });
}

async function sheet(page) {
  const { map } = page.canvas;
  const picture = await frame(map);
  const wide = WIDTH - SIDE - 3 * EDGE;
  const high = Math.round((wide * picture.height) / picture.width);
  const legend = keys(page);
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: Math.max(high, legend.length * 30 + 120) + 170 });
  const pen = canvas.getContext("2d");
  const font = getComputedStyle(document.body).fontFamily;
  const write = (text, x, y, size = 18, weight = 400, colour = "#16242f") => { pen.font = `${weight} ${size}px ${font}`; pen.fillStyle = colour; pen.fillText(text, x, y); };
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  write(page.root.dataset.heading, EDGE, 56, 32, 600);
  write(gettext("As of %(day)s", { day: page.registers.asOf || page.moment.today }) + (page.moment.second ? ` | ${page.moment.compared}` : ""), EDGE, 86, 18, 400, "#51606d");
  pen.drawImage(picture, EDGE, 104, wide, high);
  if (page.moment.second) half(pen, await frame(page.moment.second), page.moment.part / 100, wide, high);
  pen.strokeStyle = "#c5ced7";
  pen.strokeRect(EDGE, 104, wide, high);
  scale(pen, map, wide, high, write);
  north(pen, EDGE + wide - 40, 150, write);
  legend.forEach((key, at) => drawKey(pen, key, wide + 2 * EDGE, 130 + at * 30, write));
  write(`${page.root.dataset.attribution}`, EDGE, canvas.height - 22, 15, 400, "#51606d");
  if (page.root.dataset.demo) {
    write(page.root.dataset.demo, wide + 2 * EDGE, 62, 24, 600, "#7a4f00");
    pen.save(); pen.globalAlpha = 0.12; pen.translate(EDGE + wide / 2, 104 + high / 2); pen.rotate(-0.4); pen.textAlign = "center"; write(page.root.dataset.demo, 0, 0, 110, 700, "#7a4f00"); pen.restore();
  }
  return canvas;
}

function half(pen, picture, part, wide, high) {
  pen.drawImage(picture, picture.width * part, 0, picture.width * (1 - part), picture.height, EDGE + wide * part, 104, wide * (1 - part), high);
  pen.fillStyle = "#16242f";
  pen.fillRect(EDGE + wide * part - 1, 104, 2, high);
}

function scale(pen, map, wide, high, write) {
  const y = map.getContainer().clientHeight / 2;
  const [a, b] = [map.unproject([0, y]), map.unproject([100, y])];
  const pixel = distance([a.lng, a.lat], [b.lng, b.lat]) / 100 * (map.getContainer().clientWidth / wide);
  const power = 10 ** Math.floor(Math.log10(pixel * 260));
  const size = Math.max(...NICE.map((step) => step * power).filter((value) => value / pixel <= 260), power);
  const [x, top] = [EDGE + 20, 104 + high - 26];
  pen.fillStyle = "rgba(255,255,255,0.85)";
  pen.fillRect(x - 10, top - 26, size / pixel + 20, 42);
  pen.fillStyle = "#16242f";
  pen.fillRect(x, top, size / pixel, 5);
  write(metres(size), x, top - 8, 16);
}

function north(pen, x, y, write) {
  pen.fillStyle = "#16242f";
  pen.beginPath(); pen.moveTo(x, y - 30); pen.lineTo(x + 10, y); pen.lineTo(x, y - 7); pen.lineTo(x - 10, y); pen.fill();
  write("N", x - 7, y + 20, 18, 600);
}

// The lines of the legend: headings and signs.
function keys(page) {
  const found = [];
  const networks = [...page.root.querySelectorAll("[data-legend] > div")];
  for (const block of networks) {
    found.push({ text: block.querySelector("p").textContent, heading: true });
    for (const item of block.querySelectorAll("li button")) { const path = item.querySelector("path"); found.push({ text: [...item.querySelectorAll("span, b")].map((part) => part.textContent).join("  "), path: path.getAttribute("d"), colour: path.getAttribute("fill") }); }
  }
  for (const name of page.registers.chosen) {
    const layer = page.registers.layer(name);
    const detail = page.registers.details.get(name);
    if (!layer || !detail) continue;
    const choices = coloured(layer, detail);
    const sign = (colour, text) => ({ text, colour, geometry: layer.geometry, path: pathOf(layer.shape) });
    if (choices.length) found.push({ text: `${layer.title} (${layer.count.toLocaleString("en")})`, heading: true }, ...choices.slice(0, 14).map((choice) => sign(choice.colour, choice.title)));
    else found.push(sign(layer.colour, `${layer.title} (${layer.count.toLocaleString("en")})`));
  }
  return found.slice(0, 40);
}

function drawKey(pen, key, x, y, write) {
  if (key.heading) return write(key.text, x, y, 18, 600);
  pen.save();
  pen.translate(x, y - 16);
  pen.fillStyle = pen.strokeStyle = key.colour;
  if (key.geometry === "line") { pen.lineWidth = 3; pen.beginPath(); pen.moveTo(0, 12); pen.lineTo(20, 6); pen.stroke(); } else {
    const path = new Path2D(key.path);
    if (key.geometry === "polygon") pen.globalAlpha = 0.4;
    pen.fill(path);
    pen.globalAlpha = 1;
    if (key.geometry !== "polygon") pen.strokeStyle = "#16242f";
    pen.stroke(path);
  }
  pen.restore();
  return write(key.text, x + 30, y, 17);
}

// A sheet of A4 across with one picture: the smallest PDF there is.
function pdf(jpeg, width, height) {
  const [page, margin] = [[842, 595], 24];
  const size = Math.min((page[0] - 2 * margin) / width, (page[1] - 2 * margin) / height);
  const [w, h] = [width * size, height * size];
  const draw = `q ${w.toFixed(2)} 0 0 ${h.toFixed(2)} ${((page[0] - w) / 2).toFixed(2)} ${((page[1] - h) / 2).toFixed(2)} cm /P Do Q`;
  const text = new TextEncoder();
  const parts = [text.encode("%PDF-1.4\n")];
  const offsets = [];
  const at = () => parts.reduce((sum, part) => sum + part.length, 0);
  const object = (number, head, stream = null) => {
    offsets[number] = at();
    parts.push(text.encode(`${number} 0 obj\n${head}\n`));
    if (stream) parts.push(text.encode("stream\n"), stream, text.encode("\nendstream\n"));
    parts.push(text.encode("endobj\n"));
  };
  object(1, "<< /Type /Catalog /Pages 2 0 R >>");
  object(2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
  object(3, `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${page[0]} ${page[1]}] /Resources << /XObject << /P 4 0 R >> >> /Contents 5 0 R >>`);
  object(4, `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode /Length ${jpeg.length} >>`, jpeg);
  object(5, `<< /Length ${draw.length} >>`, text.encode(draw));
  const start = at();
  const rows = offsets.slice(1).map((offset) => `${String(offset).padStart(10, "0")} 00000 n \n`).join("");
  parts.push(text.encode(`xref\n0 6\n0000000000 65535 f \n${rows}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`));
  return new Blob(parts, { type: "application/pdf" });
}

function save(blob, name) {
  const link = element("a", { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
