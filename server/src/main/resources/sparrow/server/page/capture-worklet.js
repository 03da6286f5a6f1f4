import { Resampler } from './resampler.js';

/** Sample rate on the wire, Hz. */
const WIRE_HZ = 24000;
/** Samples of a piece at that rate: 40 ms. */
const PIECE = 960;

/**
 * Receives the microphone's sound at the device's rate and posts `{pcm, peak}`: 40 ms of 16-bit samples at 24 kHz, peak
 * 0 to 1.
 */
class Capture extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate, WIRE_HZ);
  #piece = new Int16Array(PIECE);
  #filled = 0;
  #peak = 0;

  process([input]) {
    if (input.length > 0) {
      for (const sample of this.#resampler.push(input[0])) this.#add(sample);
    }
    return true;
  }

  #add(sample) {
    const clipped = Math.max(-1, Math.min(1, sample));
    this.#peak = Math.max(this.#peak, Math.abs(clipped));
    this.#piece[this.#filled++] = Math.round(clipped * 32767);
    if (this.#filled === PIECE) {
      this.port.postMessage({ pcm: this.#piece, peak: this.#peak }, [this.#piece.buffer]);
      this.#piece = new Int16Array(PIECE);
      this.#filled = 0;
      this.#peak = 0;
    }
  }
}

registerProcessor('capture', Capture);
