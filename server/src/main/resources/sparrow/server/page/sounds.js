import { WIRE_HZ, joined } from './pcm.js';

/** Maximum length, samples: half an hour, because more would not fit into the memory of a phone. */
const MAX_SAMPLES = 30 * 60 * WIRE_HZ;

/** The sound of each turn of the newest half hour, for playing it again or saving it. */
export class Sounds {
  /** Pieces of each turn by its key, the oldest turn first. */
  #turns = new Map();
  #samples = 0;

  /** Adds sound to a turn. */
  add(key, pcm) {
    const pieces = this.#turns.get(key) ?? [];
    pieces.push(pcm);
    this.#turns.set(key, pieces);
    this.#samples += pcm.length;
    for (const [oldest, sound] of this.#turns) {
      if (this.#samples <= MAX_SAMPLES || oldest === key) break;
      this.#turns.delete(oldest);
      for (const piece of sound) this.#samples -= piece.length;
    }
  }

  /** Returns all samples of a turn; none if they have been removed. */
  of(key) {
    return joined(this.#turns.get(key) ?? []);
  }
}
