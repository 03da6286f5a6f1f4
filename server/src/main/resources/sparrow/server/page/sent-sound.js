import { WIRE_HZ, joined } from './pcm.js';

/** The samples that are kept while no turn runs: a server says late, and of a moment before, that a turn began. */
const KEPT = 5 * WIRE_HZ;

/** The newest sound that the server was sent of the microphone, of which turns are cut out. Positions are samples of the session. */
export class SentSound {
  #pieces = [];
  #begin = 0;
  #turn = Infinity;
  end = 0;

  add(pcm) {
    this.#pieces.push(pcm);
    this.end += pcm.length;
    const wanted = Math.min(this.#turn, this.end - KEPT);
    while (this.#begin + this.#pieces[0].length <= wanted) this.#begin += this.#pieces.shift().length;
  }

  /** A turn begins: its sound stays. */
  beginTurn(position) {
    this.#turn = position;
  }

  /** The sound of the turn that ends. */
  endTurn(position) {
    const from = Math.max(this.#begin, this.#turn);
    this.#turn = Infinity;
    return joined(this.#pieces).slice(from - this.#begin, position - this.#begin);
  }
}
