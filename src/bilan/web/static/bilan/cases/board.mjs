// Cards of a board by arrow keys: up and down in a column, left and right to the next column that has cards.
export function mount(board) {
  board.addEventListener("keydown", (event) => {
    const step = { ArrowDown: [0, 1], ArrowUp: [0, -1], ArrowRight: [1, 0], ArrowLeft: [-1, 0] }[event.key];
    const card = event.target.closest("[data-card]");
    if (!step || !card) return;
    const next = neighbour(board, card, ...step);
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

function neighbour(board, card, across, down) {
  const columns = [...board.querySelectorAll("[data-column]")].map((column) => [...column.querySelectorAll("[data-card]")]).filter((cards) => cards.length);
  const at = columns.findIndex((cards) => cards.includes(card));
  const row = columns[at].indexOf(card);
  if (!across) return columns[at][row + down];
  const cards = columns[at + across];
  return cards?.[Math.min(row, cards.length - 1)];
}
