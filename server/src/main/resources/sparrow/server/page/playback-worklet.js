import { Resampler } from './resampler.js';

/** Sample rate on the wire, Hz. */
const WIRE_HZ = 24000;
const FADE_SECONDS = 0.005;
/**
 * The sound that must be buffered before playback starts, ms: the initial value, the increase after each underrun, and
 * the maximum.
 */
const START_MS = 100;
const START_STEP_MS = 50;
const START_MOST_MS = 400;
/** Frames between two reports of the playback. */
const REPORT_FRAMES = 1024;

/**
 * Plays replies and counts, for each item, the frames that were sent to the loudspeaker, as an estimate of what was
 * heard. Frames that were passed to the device cannot be cancelled, so they count as heard. Receives `{play: item,
 * samples}` at 24 kHz, `{end: item}` when an item is complete, `{flush: number}` to stop at once. Posts `{played:
 * {item: frames}, playing, buffered, peak, underruns, startMs}`, with `flushed: number` as the answer to a flush, which
 * is posted at once, not at the next quantum.
 */
class Playback extends AudioWorkletProcessor {
  #resampler = new Resampler(WIRE_HZ, sampleRate);
  #pieces = [];
  /** Frames in #pieces. */
  #buffered = 0;
  /** The newest item, and whether it is complete. */
  #last = null;
  #ended = true;
  #playing = false;
  #gain = 0;
  /** A few frames for fading out the flushed sound. */
  #tail = new Float32Array(0);
  #played = {};
  #underruns = 0;
  #startMs = START_MS;
  #peak = 0;
  #sinceReport = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data.play !== undefined) this.#take(data.play, data.samples);
      if (data.end !== undefined) this.#finish(data.end);
      if (data.flush !== undefined) this.#flush(data.flush);
    };
  }

  #take(item, samples) {
    if (item !== this.#last) {
      if (!this.#ended) this.#finish(this.#last);
      this.#last = item;
      this.#ended = false;
    }
    this.#append(item, this.#resampler.push(samples));
  }

  #finish(item) {
    if (item !== this.#last || this.#ended) return;
    this.#append(item, this.#resampler.flush());
    this.#ended = true;
  }

  #append(item, samples) {
    this.#played[item] ??= 0;
    if (samples.length > 0) this.#pieces.push({ item, samples, next: 0 });
    this.#buffered += samples.length;
  }

  #flush(number) {
    const frames = this.#playing ? Math.min(this.#fadeFrames(), this.#buffered) : 0;
    const tail = new Float32Array(frames);
    for (let i = 0; i < frames; i++) tail[i] = this.#next() * this.#gain * (1 - (i + 1) / frames);
    this.#tail = tail;
    this.#pieces = [];
    this.#buffered = 0;
    this.#resampler.flush();
    this.#ended = true;
    this.#playing = false;
    this.#gain = 0;
    this.#report({ flushed: number });
  }

  process(inputs, [[out]]) {
    let at = this.#playTail(out);
    if (!this.#playing && this.#buffered > 0 && this.#mayStart()) {
      this.#playing = true;
      this.#report();
    }
    if (this.#playing) at = this.#play(out, at);
    for (const sample of out) this.#peak = Math.max(this.#peak, Math.abs(sample));
    this.#sinceReport += out.length;
    if (this.#sinceReport >= REPORT_FRAMES) this.#report();
    return true;
  }

  #mayStart() {
    return this.#ended || this.#buffered >= (this.#startMs * sampleRate) / 1000;
  }

  #playTail(out) {
    const frames = Math.min(out.length, this.#tail.length);
    out.set(this.#tail.subarray(0, frames));
    this.#tail = this.#tail.slice(frames);
    return frames;
  }

  /** Plays until the quantum is full or nothing is left; fades out in time if more sound is missing. */
  #play(out, from) {
    const step = 1 / this.#fadeFrames();
    let at = from;
    for (; at < out.length && this.#buffered > 0; at++) {
      const target = this.#ended || this.#buffered >= this.#fadeFrames() ? 1 : 0;
      this.#gain += Math.max(-step, Math.min(step, target - this.#gain));
      out[at] = this.#next() * this.#gain;
    }
    if (this.#buffered === 0) {
      this.#playing = false;
      this.#gain = 0;
      if (!this.#ended) {
        this.#underruns++;
        this.#startMs = Math.min(START_MOST_MS, this.#startMs + START_STEP_MS);
      }
      this.#report();
    }
    return at;
  }

  #next() {
    const piece = this.#pieces[0];
    const sample = piece.samples[piece.next++];
    this.#played[piece.item]++;
    this.#buffered--;
    if (piece.next === piece.samples.length) this.#pieces.shift();
    return sample;
  }

  #fadeFrames() {
    return Math.ceil(FADE_SECONDS * sampleRate);
  }

  #report(more = {}) {
    this.port.postMessage({
      played: { ...this.#played },
      playing: this.#playing,
      buffered: this.#buffered,
      peak: this.#peak,
      underruns: this.#underruns,
      startMs: this.#startMs,
      ...more,
    });
    const needed = new Set([this.#last, ...this.#pieces.map((piece) => piece.item)]);
    for (const item of Object.keys(this.#played)) if (!needed.has(item)) delete this.#played[item];
    this.#peak = 0;
    this.#sinceReport = 0;
  }
}

registerProcessor('playback', Playback);
