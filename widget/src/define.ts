/** Registers an element unless the page has it already: the plain and the pinned file may both be on one page. */
export function define(name: string, element: CustomElementConstructor): void {
  if (!customElements.get(name)) customElements.define(name, element);
}
