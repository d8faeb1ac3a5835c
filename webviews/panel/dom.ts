// A few functions over the DOM. Text is only ever set as text, so a metric's name can hold any markup.

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) attribute(element, name, value);
  element.append(...children);
  return element;
}

export function attribute(element: Element, name: string, value: string | number | boolean | undefined): void {
  const text = value === true ? "" : value === false || value === undefined ? null : String(value);
  if (element.getAttribute(name) === text) return;
  if (text === null) element.removeAttribute(name);
  else element.setAttribute(name, text);
}

/** Sets the text only when it differs: an unchanged node costs no layout. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}

/** A link within the page that does something: a button that looks like one. */
export function action(label: string, run: () => void): HTMLButtonElement {
  const button = h("button", { type: "button", class: "link" }, label);
  button.addEventListener("click", run);
  return button;
}

/** Rows of a table body; those that are there are used again, so that reading and selecting are not disturbed. */
export function fillRows(body: HTMLTableSectionElement, rows: readonly (readonly string[])[], header = true): void {
  while (body.rows.length > rows.length) body.deleteRow(-1);
  rows.forEach((cells, index) => {
    const row = body.rows[index] ?? body.insertRow();
    while (row.cells.length > cells.length) row.deleteCell(-1);
    cells.forEach((text, column) => {
      let cell: Element | undefined = row.cells[column];
      if (!cell) {
        cell = column === 0 && header ? h("th", { scope: "row" }) : h("td");
        row.append(cell);
      }
      setText(cell, text);
    });
  });
}

export function tableOf(
  caption: string,
  heads: readonly string[],
  className = "",
): HTMLTableElement & { body: HTMLTableSectionElement } {
  const body = h("tbody");
  const head = h("thead", {}, h("tr", {}, ...heads.map((text) => (text ? h("th", { scope: "col" }, text) : h("td")))));
  const table = h("table", { class: className }, h("caption", {}, caption), head, body);
  return Object.assign(table, { body });
}
