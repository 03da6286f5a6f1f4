import { download } from './event-log.js';
import { WIRE_HZ, toFloats, wav } from './pcm.js';
import { notify } from './views.js';

/** Plays turns again, or saves them. */
export class Replays {
  #connection;

  constructor(connection) {
    this.#connection = connection;
  }

  /** Plays a turn, or stops it if it is being played. Interrupts the model if it is speaking. */
  play(turn) {
    const { aloud, context, talk } = this.#connection;
    if (aloud === turn.key) {
      this.#connection.quiet();
      return;
    }
    const pcm = this.#sound(turn);
    if (pcm.length === 0) return;
    talk?.interrupt();
    const buffer = new AudioBuffer({ length: pcm.length, sampleRate: WIRE_HZ });
    buffer.copyToChannel(toFloats(pcm), 0);
    context.resume();
    this.#connection.playAloud(turn.key, buffer);
  }

  save(turn) {
    const pcm = this.#sound(turn);
    if (pcm.length > 0) download(wav(pcm), 'sparrow-answer.wav');
  }

  #sound(turn) {
    const pcm = this.#connection.sounds.of(turn.key);
    if (pcm.length === 0) notify('sound', 'The sound of this turn is not kept any more.');
    return pcm;
  }
}
