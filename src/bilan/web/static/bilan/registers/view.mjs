// A view keeps the address as it is when it is kept, whatever the table has made of it since the page was loaded.
export function mount(form) {
  form.addEventListener("submit", () => { form.elements.query.value = location.search.replace(/^\?/, ""); });
}
