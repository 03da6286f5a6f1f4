import { WIRE_HZ } from './pcm.js';

/** Pieces of 40 ms from before the button was pressed that are sent as well: people start to speak while they press. */
const PRE_ROLL = 6;

/** The talk button: the sound of the microphone since it was pressed, and a little from before. */
export class PushToTalk {
  #before = [];
  #samples = 0;
  pressed = false;

  /** Returns the sound just before. */
  press() {
    this.pressed = true;
    this.#samples = 0;
    return this.#before.splice(0);
  }

  release() {
    this.pressed = false;
  }

  /** Adds a piece of the microphone's sound; returns whether it belongs to the turn. */
  hear(pcm) {
    if (this.pressed) {
      this.#samples += pcm.length;
      return true;
    }
    this.#before.push(pcm);
    if (this.#before.length > PRE_ROLL) this.#before.shift();
    return false;
  }

  /** Returns how long it has been pressed, by the microphone's clock. */
  get seconds() {
    return this.#samples / WIRE_HZ;
  }
}
