import { WIRE_HZ, wav } from './pcm.js';

/** Maximum length, samples: half an hour, because more would not fit into the memory of a phone. */
const MAX_SAMPLES = 30 * 60 * WIRE_HZ;
/** A piece that arrives this much later than its channel's end is preceded by silence, samples. */
const GAP = WIRE_HZ * 0.2;

/**
 * Both sides of a session on one time line: on the left the sound sent to the server, on the right the sound that was
 * played.
 */
export class Recording {
  #began = performance.now();
  #sent = new Channel();
  #played = new Channel();
  /** The sound that the server sent, and how much of it was played, for unfinished items. */
  #items = new Map();

  #now() {
    return Math.round(((performance.now() - this.#began) * WIRE_HZ) / 1000);
  }

  sent(pcm) {
    this.#sent.add(pcm, this.#now() - pcm.length);
  }

  received(item, pcm) {
    const known = this.#items.get(item) ?? { pieces: [], samples: 0 };
    known.pieces.push(pcm);
    this.#items.set(item, known);
  }

  /** Records that an item has been played up to this number of samples. */
  heard(item, samples) {
    const known = this.#items.get(item);
    if (!known) return;
    let missing = samples - known.samples;
    known.samples = samples;
    const start = this.#now() - missing;
    while (missing > 0 && known.pieces.length > 0) {
      const piece = known.pieces[0];
      this.#played.add(piece.subarray(0, missing), start);
      if (piece.length <= missing) known.pieces.shift();
      else known.pieces[0] = piece.subarray(missing);
      missing -= piece.length;
    }
  }

  /** Removes the rest of an item, which will never be played. */
  forget(item) {
    this.#items.delete(item);
  }

  get seconds() {
    return Math.max(this.#sent.length, this.#played.length) / WIRE_HZ;
  }

  get full() {
    return this.#sent.full || this.#played.full;
  }

  file() {
    const length = Math.max(this.#sent.length, this.#played.length);
    return wav(this.#sent.samples(length), this.#played.samples(length));
  }
}

/** Pieces of samples, each with its time. */
class Channel {
  #pieces = [];
  length = 0;
  full = false;

  add(pcm, time) {
    const at = time > this.length + GAP ? time : this.length;
    if (at + pcm.length > MAX_SAMPLES) {
      this.full = true;
      return;
    }
    this.#pieces.push({ at, pcm });
    this.length = at + pcm.length;
  }

  samples(length) {
    const all = new Int16Array(length);
    for (const { at, pcm } of this.#pieces) all.set(pcm, at);
    return all;
  }
}
