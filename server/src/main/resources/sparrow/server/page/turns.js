import { WIRE_HZ } from './pcm.js';

/** Characters of a second of English speech, until a whole answer has been heard. */
const CHARACTERS_PER_SECOND = 14;

let made = 0;

/** A question, said or typed. */
export class UserTurn {
  kind = 'user';
  key = `turn-${++made}`;
  /** The conversation's item, once it is known. */
  item = null;
  /** 'spoken', 'typed' or 'recorded' */
  how;
  text;
  at = Date.now();
  /** Its length, 0 while it is not over. */
  seconds = 0;

  constructor(how, text = '') {
    this.how = how;
    this.text = text;
  }

  /** True if it can be heard again. */
  get hasSound() {
    return this.seconds > 0;
  }
}

/** An answer of the model: its text, its speech as far as it has come, and how deep each token ran. */
export class Reply {
  kind = 'reply';
  key = `turn-${++made}`;
  at = Date.now();
  response;
  item = null;
  text = '';
  /** Tokens in their order: T text, F speech at full depth, E speech that exited early. */
  trace = '';
  /** Samples at 24 kHz. */
  received = 0;
  played = 0;
  audioComplete = false;
  /** 'in_progress', then the response's status, or 'lost' if the connection broke. */
  status = 'in_progress';
  /** 'turn_detected', 'client_cancelled', 'max_output_tokens', or what went wrong. */
  reason = '';
  /** Played ms at which it was cut, null if it was not. */
  cutMs = null;
  metadata = {};
  /** Ms from the end of the user's turn to the first sample played. */
  firstAudioMs = null;
  /** Seconds of generation for a second of audio. */
  realTimeFactor = null;
  underruns = 0;
  /** {at, silenceMs}: when the user's turn ended, after how much silence; null if that is not known. */
  endOfTurn;
  /** Underruns of the session before this reply. */
  underrunsBefore = 0;
  createdAt = performance.now();
  #heardCharacters = 0;

  constructor(response, endOfTurn) {
    this.response = response;
    this.endOfTurn = endOfTurn;
  }

  /** It is over, by its response. */
  end({ status, status_details, metadata }) {
    this.status = status;
    this.reason = status_details?.error?.message ?? status_details?.reason ?? '';
    this.metadata = metadata ?? {};
  }

  get over() {
    return this.status !== 'in_progress';
  }

  /** True if it can be heard again. */
  get hasSound() {
    return this.received > 0 && !this.unfinished;
  }

  get playedMs() {
    return (this.played * 1000) / WIRE_HZ;
  }

  get receivedMs() {
    return (this.received * 1000) / WIRE_HZ;
  }

  /** True if something of it is still to be heard, or to come. */
  get unfinished() {
    return this.cutMs === null && (!this.over || this.played < this.received);
  }

  /**
   * Characters of the text that have been heard, by time: exact in proportion when all of the audio is there, by the usual
   * pace of speech before. Never goes back, and ends at the end of a word.
   */
  heardCharacters(pace = CHARACTERS_PER_SECOND) {
    if (this.received > 0) {
      const share = this.audioComplete
        ? (this.text.length * this.played) / this.received
        : Math.min(this.text.length, (pace * this.playedMs) / 1000);
      const at = this.heardWhole ? this.text.length : endOfWord(this.text, Math.floor(share));
      this.#heardCharacters = Math.max(this.#heardCharacters, at);
    }
    return this.#heardCharacters;
  }

  /** True if all of its sound has been heard. */
  get heardWhole() {
    return this.audioComplete && this.received > 0 && this.played >= this.received;
  }

  /** Speech tokens that have been heard; Infinity if nothing is left to hear, so that text after the last one counts too. */
  heardUnits(speechUnitsPerSecond) {
    if (this.heardWhole || (this.over && this.received === 0)) return Infinity;
    return Math.floor((this.playedMs * speechUnitsPerSecond) / 1000);
  }

  get speechTokens() {
    return this.trace.replaceAll('T', '').length;
  }

  get earlyTokens() {
    return this.trace.replaceAll(/[^E]/g, '').length;
  }

  /**
   * Layers that a speech token took on average, null if it is not known: as the server says, else by the one layer at which
   * tokens leave.
   */
  meanLayers(layers, exitLayer) {
    const saved = this.depthSaved(layers, exitLayer);
    return saved === null || !layers ? null : layers * (1 - saved);
  }

  /** Share of the speech tokens' depth that was not run, null if it is not known. */
  depthSaved(layers, exitLayer) {
    const said = Number.parseFloat(this.metadata.sparrow_depth_saved);
    if (Number.isFinite(said)) return said;
    if (!layers || this.speechTokens === 0) return null;
    if (this.trace.includes('D')) return null; // what drafts cost is known at the end
    if (this.earlyTokens === 0) return 0;
    return exitLayer ? (this.earlyTokens * (1 - exitLayer / layers)) / this.speechTokens : null;
  }
}

/** The one layer at which speech exits by `even:12+verify` or `text=none,speech=draft:8:2`, null if there is none or several. */
export function exitLayer(exits) {
  const layer = /^(?:[a-zA-Z]+:(\d+)|draft:(\d+):.*)$/.exec((exits ?? '').replace(/^.*speech=/, '').replace(/\+.*$/, ''));
  return layer ? Number(layer[1] ?? layer[2]) : null;
}

function endOfWord(text, at) {
  if (at <= 0) return 0;
  const space = text.indexOf(' ', at);
  const before = text.lastIndexOf(' ', at);
  // A word counts as heard when half of it is.
  const end = space < 0 ? text.length : space;
  return at - before > (end - before) / 2 ? end : Math.max(0, before);
}
