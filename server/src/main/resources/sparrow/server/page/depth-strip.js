const NAMES = { T: 'text', F: 'speech, full depth', E: 'speech, exited early', D: 'speech, draft accepted' };

/**
 * One bar for each token of a reply, as high as the number of layers it ran; tokens that have been heard are strong,
 * the others pale.
 */
export class DepthStrip {
  element = Object.assign(document.createElement('div'), { className: 'strip' });
  #cells = 0;
  #heard = 0;
  #heardUnits = 0;

  constructor() {
    this.element.setAttribute('role', 'img');
  }

  /** @param depth share of the layers that a token with early exit ran */
  show(trace, heardUnits, depth) {
    if (depth !== null) this.element.style.setProperty('--depth', `${Math.round(depth * 100)}%`);
    this.#append(trace);
    this.#hear(trace, heardUnits);
  }

  #append(trace) {
    if (trace.length === this.#cells) return;
    const cells = document.createDocumentFragment();
    for (const kind of trace.slice(this.#cells)) {
      const cell = document.createElement('i');
      cell.className = kind;
      cell.title = NAMES[kind] ?? kind;
      cells.append(cell);
    }
    this.element.append(cells);
    this.#cells = trace.length;
    const count = (kind) => trace.split(kind).length - 1;
    const drafts = count('D') > 0 ? `, ${count('D')} speech whose draft was accepted` : '';
    this.element.setAttribute(
      'aria-label',
      `Depth of each token: ${count('T')} text, ${count('F')} speech at full depth, ${count('E')} speech that exited early${drafts}`,
    );
  }

  /** Marks cells up to this many speech tokens. */
  #hear(trace, codes) {
    const cells = this.element.children;
    while (this.#heardUnits < codes && this.#heard < this.#cells) {
      if (trace[this.#heard] !== 'T') this.#heardUnits++;
      cells[this.#heard++].classList.add('heard');
    }
  }
}
