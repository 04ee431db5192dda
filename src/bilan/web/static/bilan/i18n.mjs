// Messages in the reader's language; the catalogue is made from the same source as the pages' own.
export const language = document.documentElement.lang.startsWith("zh") ? "zh-Hans" : "en";
const catalogue = await import(`../vendor/messages/${language}.mjs`).then((module) => module.default, () => ({}));

export function gettext(message, values = {}) {
  const text = catalogue[message] ?? message;
  return text.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

export function ngettext(one, many, n) {
  const text = catalogue[one] ?? (n === 1 ? one : many);
  return text.replace("%(n)s", n);
}
