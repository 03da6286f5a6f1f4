import { WIRE_HZ } from './pcm.js';

/** Characters per second of English speech, used until a whole answer has been heard. */
const CHARACTERS_PER_SECOND = 14;

let made = 0;

/** A question, spoken or typed. */
export class UserTurn {
  kind = 'user';
  key = `turn-${++made}`;
  /** The id of the conversation's item, once it is known. */
  item = null;
  /** 'spoken', 'typed' or 'recorded' */
  how;
  text;
  at = Date.now();
  /** Its length, 0 until it has ended. */
  seconds = 0;

  constructor(how, text = '') {
    this.how = how;
    this.text = text;
  }

  /** True if its sound can be played. */
  get hasSound() {
    return this.seconds > 0;
  }
}

/** An answer of the model: its text, its speech so far, and the depth of each token. */
export class Reply {
  kind = 'reply';
  key = `turn-${++made}`;
  at = Date.now();
  response;
  item = null;
  text = '';
  /** Tokens in order: T text, F speech at full depth, E speech that exited early. */
  trace = '';
  /** Received samples at 24 kHz. */
  received = 0;
  played = 0;
  audioComplete = false;
  /** True while the server of a call sends its sound. */
  sounding = false;
  /** 'in_progress', then the response's status, or 'lost' if the connection broke. */
  status = 'in_progress';
  /** 'turn_detected', 'client_cancelled', 'max_output_tokens', or an error message. */
  reason = '';
  /** Played ms at which it was truncated, null if it was not. */
  cutMs = null;
  metadata = {};
  /** Ms from the end of the user's turn to the first sample played. */
  firstAudioMs = null;
  /** Seconds of generation per second of audio. */
  realTimeFactor = null;
  underruns = 0;
  /** {at, silenceMs}: when the user's turn ended, and the silence before; null if unknown. */
  endOfTurn;
  /** Underruns of the session before this reply. */
  underrunsBefore = 0;
  createdAt = performance.now();
  #heardCharacters = 0;

  constructor(response, endOfTurn) {
    this.response = response;
    this.endOfTurn = endOfTurn;
  }

  /** Records the end of its response. */
  end({ status, status_details, metadata }) {
    this.status = status;
    this.reason = status_details?.error?.message ?? status_details?.reason ?? '';
    this.metadata = metadata ?? {};
  }

  get over() {
    return this.status !== 'in_progress';
  }

  /** True if its sound can be played. */
  get hasSound() {
    return this.received > 0 && !this.unfinished;
  }

  get playedMs() {
    return (this.played * 1000) / WIRE_HZ;
  }

  get receivedMs() {
    return (this.received * 1000) / WIRE_HZ;
  }

  /** True if some of it is still to be played or received. */
  get unfinished() {
    return this.cutMs === null && (!this.over || this.sounding || this.played < this.received);
  }

  /**
   * Returns the number of characters that have been heard, by time: in proportion to the audio if all of it has
   * arrived, otherwise at the usual speaking rate. Never decreases, and ends at the end of a word.
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

  /** True if all of its sound has been played. */
  get heardWhole() {
    return this.audioComplete && this.received > 0 && this.played >= this.received;
  }

  /**
   * Returns the number of speech tokens that have been heard; Infinity if nothing is left to play, so that text after
   * the last one counts too.
   */
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
   * Returns the mean number of layers of a speech token, null if unknown: as the server reports it, otherwise by the
   * single exit layer.
   */
  meanLayers(layers, exitLayer) {
    const saved = this.depthSaved(layers, exitLayer);
    return saved === null || !layers ? null : layers * (1 - saved);
  }

  /** Returns the share of the speech tokens' depth that was skipped, null if unknown. */
  depthSaved(layers, exitLayer) {
    const said = Number.parseFloat(this.metadata.sparrow_depth_saved);
    if (Number.isFinite(said)) return said;
    if (!layers || this.speechTokens === 0) return null;
    if (this.trace.includes('D')) return null; // the cost of drafts is known only at the end
    if (this.earlyTokens === 0) return 0;
    return exitLayer ? (this.earlyTokens * (1 - exitLayer / layers)) / this.speechTokens : null;
  }
}

/**
 * Returns the single layer at which speech exits by `even:12+verify` or `text=none,speech=draft:8:2`, null if there is
 * none or several.
 */
export function exitLayer(exits) {
  const layer = /^(?:[a-zA-Z]+:(\d+)|draft:(\d+):.*)$/.exec((exits ?? '').replace(/^.*speech=/, '').replace(/\+.*$/, ''));
  return layer ? Number(layer[1] ?? layer[2]) : null;
}

function endOfWord(text, at) {
  if (at <= 0) return 0;
  const space = text.indexOf(' ', at);
  const before = text.lastIndexOf(' ', at);
  // A word counts as heard when half of it was played.
  const end = space < 0 ? text.length : space;
  return at - before > (end - before) / 2 ? end : Math.max(0, before);
}
