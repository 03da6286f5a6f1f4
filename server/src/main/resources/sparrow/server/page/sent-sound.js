import { WIRE_HZ, joined } from './pcm.js';

/**
 * Samples that are kept while no turn is running, because a server reports the beginning of a turn late, with an
 * earlier position.
 */
const KEPT = 5 * WIRE_HZ;

/**
 * The newest sound of the microphone that was sent to the server, from which turns are cut. Positions are samples of
 * the session.
 */
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

  /** Begins a turn, whose sound is kept. */
  beginTurn(position) {
    this.#turn = position;
  }

  /** Returns the sound of the turn that ends. */
  endTurn(position) {
    const from = Math.max(this.#begin, this.#turn);
    this.#turn = Infinity;
    return joined(this.#pieces).slice(from - this.#begin, position - this.#begin);
  }
}
