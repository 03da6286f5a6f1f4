import { WIRE_HZ, toFloats } from './pcm.js';

/** The page's side of the playback worklet. Counts are in samples at 24 kHz. */
export class Player {
  #node;
  #context;
  #received = {};
  #played = {};
  #flushes = new Map();
  #flushed = 0;
  playing = false;
  peak = 0;
  underruns = 0;
  startMs = 0;
  /** Called after each report, about 50 a second. */
  onreport = () => {};

  static async open(context) {
    await context.audioWorklet.addModule(new URL('playback-worklet.js', import.meta.url));
    return new Player(context);
  }

  constructor(context) {
    this.#context = context;
    this.#node = new AudioWorkletNode(context, 'playback', { numberOfInputs: 0, outputChannelCount: [1] });
    this.#node.port.onmessage = ({ data }) => this.#report(data);
    this.#node.connect(context.destination);
  }

  play(item, pcm) {
    this.#received[item] = this.received(item) + pcm.length;
    const samples = toFloats(pcm);
    this.#node.port.postMessage({ play: item, samples }, [samples.buffer]);
  }

  /** Marks an item as complete. */
  end(item) {
    this.#node.port.postMessage({ end: item });
  }

  /** Stops playback within 5 ms; resolves when played() is final for all items so far. */
  flush() {
    const number = ++this.#flushed;
    this.#node.port.postMessage({ flush: number });
    return new Promise((resolve) => {
      // A worklet that does not answer because the device was removed must not block the conversation.
      const patience = setTimeout(() => this.#answered(number), 250);
      this.#flushes.set(number, () => {
        clearTimeout(patience);
        resolve();
      });
    });
  }

  #answered(number) {
    this.#flushes.get(number)?.();
    this.#flushes.delete(number);
  }

  received(item) {
    return this.#received[item] ?? 0;
  }

  /** Returns the samples of an item that were sent to the loudspeaker. */
  played(item) {
    const frames = this.#played[item] ?? 0;
    return Math.min(this.received(item), Math.round((frames * WIRE_HZ) / this.#context.sampleRate));
  }

  #report(report) {
    Object.assign(this.#played, report.played);
    this.playing = report.playing;
    this.peak = report.peak;
    this.underruns = report.underruns;
    this.startMs = report.startMs;
    if (report.flushed) this.#answered(report.flushed);
    this.onreport();
  }
}
