import { WIRE_HZ } from './pcm.js';

/** The answers' sound: on its way to the loudspeaker, what was heard of it, and the cut where it was interrupted. */
export class Speaking {
  #link;
  #player;
  #recording;
  #sounds;
  #view;
  /** The newest answer, null before the first. */
  reply = null;
  /** Fulfilled when the interrupted answer has been cut, for what must not be sent before. */
  cut = Promise.resolve();
  truncates = [];
  interruptedAt = -Infinity;
  characterPace;

  /**
   * @param link a Realtime
   * @param sounds where the sound of turns is kept
   * @param view functions changed() and turn(turn)
   */
  constructor({ link, player, recording, sounds, view }) {
    this.#link = link;
    this.#player = player;
    this.#recording = recording;
    this.#sounds = sounds;
    this.#view = view;
    player.onreport = () => {
      if (this.reply) this.#heard(this.reply);
      view.changed();
    };
  }

  begin(reply) {
    reply.underrunsBefore = this.#player.underruns;
    this.reply = reply;
  }

  /** More of the newest answer. */
  play(pcm) {
    this.reply.received += pcm.length;
    this.#sounds.add(this.reply.key, pcm);
    this.#recording.received(this.reply.item, pcm);
    this.#player.play(this.reply.item, pcm);
  }

  /** Nothing more comes of the newest answer. */
  complete() {
    const reply = this.reply;
    if (reply.audioComplete || reply.cutMs !== null) return;
    reply.audioComplete = true;
    if (reply.received === 0) return;
    reply.realTimeFactor = (performance.now() - reply.createdAt) / reply.receivedMs;
    this.#player.end(reply.item);
  }

  /** True if an answer is still to be heard, or to come. */
  get unfinished() {
    return this.reply?.unfinished ?? false;
  }

  /** True if an answer was heard in part, and the rest is still to be heard: the whole of it may be here already. */
  get stalled() {
    return this.unfinished && this.reply.played > 0;
  }

  /** The player falls silent; the server is told how much of the item was heard, so that it forgets the rest. */
  silence() {
    if (this.unfinished) this.cut = this.#cutOff(this.reply);
  }

  async #cutOff(reply) {
    reply.cutMs = reply.playedMs; // from now on it is cut: what still comes of it is not played
    this.interruptedAt = performance.now();
    await this.#player.flush();
    this.#heard(reply);
    reply.cutMs = reply.playedMs;
    this.#recording.forget(reply.item);
    // Also if none of it was heard: words that were not heard must not be remembered as said.
    if (reply.item && reply.received > 0) {
      const truncate = { item_id: reply.item, content_index: 0, audio_end_ms: Math.floor(reply.playedMs) };
      this.truncates.push({ ...truncate, playedSamples: reply.played, at: performance.now() });
      this.#link.send({ type: 'conversation.item.truncate', ...truncate }, 'cut');
    }
    this.#view.turn(reply);
    this.#view.changed();
  }

  #heard(reply) {
    if (!reply.item) return;
    if (this.#player.playing && reply.received > 0) firstAudio(reply);
    const played = this.#player.played(reply.item);
    if (played === reply.played) return;
    reply.played = played;
    reply.underruns = this.#player.underruns - reply.underrunsBefore;
    this.#recording.heard(reply.item, played);
    if (reply.heardWhole && reply.cutMs === null) {
      this.#recording.forget(reply.item);
      if (reply.received > WIRE_HZ) this.characterPace = (reply.text.length * 1000) / reply.receivedMs;
    }
    this.#view.turn(reply);
  }

  /** The session is over: the loudspeaker falls silent. */
  close() {
    this.#player.onreport = () => {};
    this.#player.flush();
  }

  /** The session was lost. */
  lose() {
    this.#player.flush();
    if (!this.unfinished) return;
    this.reply.status = 'lost';
    this.reply.reason = 'the connection was lost';
    this.reply.cutMs ??= this.reply.playedMs;
    this.#view.turn(this.reply);
  }
}

function firstAudio(reply) {
  if (reply.endOfTurn !== null && reply.firstAudioMs === null) reply.firstAudioMs = performance.now() - reply.endOfTurn.at;
}
