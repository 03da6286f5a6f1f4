import { WIRE_HZ } from './pcm.js';

/** The sound of the answers: plays it, counts how much was heard, and truncates an interrupted answer. */
export class Speaking {
  #link;
  #player;
  #recording;
  #sounds;
  #view;
  /** The newest answer, null before the first. */
  reply = null;
  /** Resolved when the interrupted answer has been truncated; some events must not be sent before. */
  cut = Promise.resolve();
  truncates = [];
  interruptedAt = -Infinity;
  characterPace;

  /**
   * @param link a Realtime or a Call
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

  /** Plays more of the newest answer. */
  play(pcm) {
    this.reply.received += pcm.length;
    this.#sounds.add(this.reply.key, pcm);
    this.#recording.received(this.reply.item, pcm);
    this.#player.play(this.reply.item, pcm);
  }

  /** Marks the newest answer as complete. */
  complete() {
    const reply = this.reply;
    if (reply.audioComplete || reply.cutMs !== null) return;
    reply.audioComplete = true;
    if (reply.received === 0) return;
    reply.realTimeFactor = (performance.now() - reply.createdAt) / reply.receivedMs;
    this.#player.end(reply.item);
  }

  /** True if the rest of an answer is still to be played or received. */
  get unfinished() {
    return this.reply?.unfinished ?? false;
  }

  /** True if part of an answer has been heard and the rest has not, even if all of it has been received. */
  get stalled() {
    return this.unfinished && this.reply.played > 0;
  }

  /** Stops the player, and notifies the server of how much of the item was heard, so that it removes the rest. */
  silence() {
    if (this.unfinished) this.cut = this.#cutOff(this.reply);
  }

  async #cutOff(reply) {
    reply.cutMs = reply.playedMs; // from now on it is truncated: sound that still arrives is not played
    this.interruptedAt = performance.now();
    await this.#player.flush();
    this.#heard(reply);
    reply.cutMs = reply.playedMs;
    this.#recording.forget(reply.item);
    // Also if none of it was heard: the model must not remember words that nobody heard.
    if (reply.item && reply.received > 0) {
      const truncate = { item_id: reply.item, content_index: 0, audio_end_ms: Math.floor(reply.playedMs) };
      this.truncates.push({ ...truncate, playedSamples: reply.played, at: performance.now() });
      // The server of a call knows what it has sent, and truncates the answer itself.
      if (!this.#link.paced) this.#link.send({ type: 'conversation.item.truncate', ...truncate }, 'cut');
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

  /** Ends the session: stops the player. */
  close() {
    this.#player.onreport = () => {};
    this.#player.flush();
  }

  /** Handles a lost session. */
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
