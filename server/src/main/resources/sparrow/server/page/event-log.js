/** Maximum number of events that are kept, and that are shown. */
const KEPT = 5000;
const SHOWN = 200;
const APPEND = 'input_audio_buffer.append';
/** Omitted, because thirty of them per second would hide all others. */
const LEFT_OUT = 'sparrow.speech_probability';

/** The events of the protocol in both directions, without their audio. */
export class EventLog {
  #events = [];
  #list;
  #box;
  #search;
  #side;
  #began = performance.now();
  #scheduled = false;

  constructor(box) {
    this.#box = box;
    this.#list = box.querySelector('ol');
    this.#search = box.querySelector('input[type=search]');
    this.#side = box.querySelector('select');
    box.addEventListener('toggle', () => this.#schedule());
    this.#search.addEventListener('input', () => this.#schedule());
    this.#side.addEventListener('input', () => this.#schedule());
    box.querySelector('button').addEventListener('click', () => this.#download());
  }

  add(side, event) {
    if (event.type === LEFT_OUT) return;
    const ms = Math.round(performance.now() - this.#began);
    const last = this.#events.at(-1);
    if (event.type === APPEND && last?.event.type === APPEND) {
      last.event.pieces = (last.event.pieces ?? 1) + 1; // 25 per second would hide all others
    } else {
      this.#events.push({ ms, side, event: withoutAudio(event) });
    }
    if (this.#events.length > KEPT) this.#events.shift();
    this.#schedule();
  }

  get length() {
    return this.#events.length;
  }

  /** Draws at most four times a second, and only the visible events. */
  #schedule() {
    if (this.#scheduled || !this.#box.open) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      this.#draw();
    }, 250);
  }

  #draw() {
    const wanted = this.#search.value.trim().toLowerCase();
    const side = this.#side.value;
    const matches = this.#events.filter(
      (entry) => (!side || entry.side === side) && (!wanted || JSON.stringify(entry.event).toLowerCase().includes(wanted)),
    );
    this.#list.replaceChildren(...matches.slice(-SHOWN).map(line).reverse());
    this.#box.querySelector('.count').textContent =
      matches.length > SHOWN ? `newest ${SHOWN} of ${matches.length}` : `${matches.length} events`;
  }

  #download() {
    download(new Blob([JSON.stringify(this.#events, null, 1)], { type: 'application/json' }), 'sparrow-events.json');
  }
}

function line({ ms, side, event }) {
  const item = document.createElement('li');
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  const time = Object.assign(document.createElement('time'), { textContent: (ms / 1000).toFixed(2) });
  const arrow = Object.assign(document.createElement('b'), { textContent: side === 'page' ? '↑' : '↓', className: side });
  arrow.title = side === 'page' ? 'sent by this page' : 'sent by the server';
  summary.append(time, arrow, event.type ?? '');
  details.append(summary);
  details.addEventListener('toggle', () => {
    if (details.childElementCount === 1) {
      details.append(Object.assign(document.createElement('pre'), { textContent: JSON.stringify(event, null, 2) }));
    }
  });
  item.append(details);
  return item;
}

/** Returns the event, with base64 replaced by its length. */
function withoutAudio(event) {
  return JSON.parse(JSON.stringify(event), (name, value) =>
    (name === 'audio' || (name === 'delta' && event.type === 'response.output_audio.delta')) && typeof value === 'string'
      ? `<${Math.floor((value.length * 3) / 4)} bytes>`
      : value,
  );
}

/** Offers the user a file for download. */
export function download(blob, name) {
  const address = URL.createObjectURL(blob);
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
