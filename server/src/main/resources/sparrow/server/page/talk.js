import { errorInWords, isOfNoConsequence } from './failures.js';
import { WIRE_HZ, fromBase64, toBase64 } from './pcm.js';
import { PushToTalk } from './push-to-talk.js';
import { Realtime } from './realtime.js';
import { Reply, UserTurn } from './turns.js';

/** A commit of less is refused by the protocol, ms. */
const SHORTEST_TURN_MS = 100;
/** After this long without a word from a server that should say something, it is asked whether it is there, ms. */
const SILENT_MS = 12_000;

/**
 * One session: what was said, by whom, and what goes on now. Takes the server's events, the player's reports and the user's
 * wishes; sends events and drives the player. Knows no document, so everything seen on the page follows from its fields.
 */
export class Talk {
  #link;
  #player;
  #recording;
  #view;
  #settings;
  #items = new Map();
  #button = new PushToTalk();
  #replyPending = false;
  #endOfTurn = null;
  #userTurn = null;
  /** Fulfilled when the interrupted answer has been cut, for what must not be sent before. */
  #cut = Promise.resolve();
  session = null;
  turns = [];
  truncates = [];
  /** The response that the server works on, as a Reply. */
  active = null;
  /** The user speaks: the server hears it, or the button is pressed. */
  hearing = false;
  muted = false;
  /** A turn was sent, and no response has been made for it yet. */
  awaiting = false;
  queuePlace = 0;
  interruptedAt = -Infinity;
  characterPace;

  /**
   * @param settings what to ask of the server: the value of `settings.session()` and the fields handsFree, forget
   * @param view functions changed(), turn(turn), event(direction, event), said(message), dropped(pieces), lost(code, reason,
   *     opened)
   */
  constructor({ key, player, recording, settings, view }) {
    this.#player = player;
    this.#recording = recording;
    this.#settings = settings;
    this.#view = view;
    this.#link = new Realtime(key, {
      received: (event) => {
        view.event('server', event);
        this.#receive(event);
        view.changed();
      },
      sent: (event) => view.event('page', event),
      dropped: (pieces) => view.dropped(pieces),
      closed: (code, reason, opened) => this.#lost(code, reason, opened),
    });
    player.onreport = () => this.#heard();
  }

  // ---- what the user does ----

  /** The talk button is down. */
  get pressed() {
    return this.#button.pressed;
  }

  /** The session's settings have changed. */
  update() {
    if (this.#settings.handsFree) this.#button.release();
    else this.hearing = this.pressed;
    if (this.session) this.#link.send({ type: 'session.update', session: this.#settings.session() }, 'settings');
  }

  /** A piece of the microphone's sound. */
  microphone(pcm) {
    if (!this.session) return;
    if (this.#settings.handsFree) {
      this.#sendAudio(this.muted ? new Int16Array(pcm.length) : pcm);
    } else if (this.#button.hear(pcm)) {
      this.#sendAudio(pcm);
    }
  }

  #sendAudio(pcm) {
    this.#recording.sent(pcm);
    this.#link.sendAudio(pcm);
  }

  /** The talk button goes down. */
  press() {
    if (!this.session || this.pressed || this.#settings.handsFree) return;
    this.interrupt();
    this.#link.send({ type: 'input_audio_buffer.clear' });
    this.hearing = true;
    this.#begin(new UserTurn('spoken'));
    for (const pcm of this.#button.press()) this.#sendAudio(pcm);
    this.#view.changed();
  }

  /** The talk button goes up. */
  async release() {
    if (!this.pressed) return;
    this.#button.release();
    this.hearing = false;
    this.#link.flushAudio();
    this.#userTurn.seconds = this.#button.seconds;
    this.#view.turn(this.#userTurn);
    if (this.#userTurn.seconds * 1000 < SHORTEST_TURN_MS) {
      this.#link.send({ type: 'input_audio_buffer.clear' });
      this.#drop(this.#userTurn);
      this.#view.said('Hold the button, or the space bar, for as long as you speak.');
    } else {
      await this.#tidy();
      this.#link.send({ type: 'input_audio_buffer.commit' });
      this.#turnEnded();
      this.#askForReply();
    }
    this.#view.changed();
  }

  /** A typed question. */
  type(text) {
    this.#give(new UserTurn('typed', text), { type: 'input_text', text });
  }

  /** A question from a recording. */
  giveRecording(text, pcm) {
    const turn = new UserTurn('recorded', text);
    turn.seconds = pcm.length / WIRE_HZ;
    this.#recording.sent(pcm);
    this.#give(turn, { type: 'input_audio', audio: toBase64(pcm) });
  }

  async #give(turn, content) {
    if (!this.session) return;
    this.interrupt();
    this.#begin(turn);
    await this.#tidy();
    this.#link.send({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [content] },
    });
    this.#turnEnded();
    this.#askForReply();
    this.#view.changed();
  }

  /** Stops the answer: at once for the ears, then for the model, which keeps only what was heard. */
  interrupt() {
    if (this.active) this.#link.send({ type: 'response.cancel', response_id: this.active.response });
    this.#silence();
  }

  close() {
    this.session = null;
    this.#player.onreport = () => {};
    this.#player.flush();
    this.#link.close();
  }

  // ---- turns ----

  #begin(turn) {
    this.#userTurn = turn;
    this.turns.push(turn);
    this.#view.turn(turn);
  }

  #drop(turn) {
    this.turns = this.turns.filter((other) => other !== turn);
    this.#view.turn(turn, true);
  }

  /** @param silenceMs silence that had to pass before the server knew */
  #turnEnded(silenceMs = 0) {
    this.#endOfTurn = { at: performance.now(), silenceMs };
    this.awaiting = true;
  }

  /** Asks for a response, once the one before has ended: the protocol allows one at a time. */
  #askForReply() {
    this.#replyPending = this.active !== null;
    if (!this.#replyPending) this.#link.send({ type: 'response.create' });
  }

  get #newestReply() {
    return this.turns.findLast((turn) => turn.kind === 'reply');
  }

  /** Whether an answer is expected of which nothing has come yet. */
  get waiting() {
    return this.awaiting || (this.active !== null && this.active.trace === '' && this.active.received === 0);
  }

  /** Whether an answer is being decoded or played. */
  get answering() {
    return this.active !== null || (this.#newestReply?.unfinished ?? false);
  }

  /** Whether the newest answer has no text yet. */
  get wordless() {
    return !this.#newestReply?.text;
  }

  /** Whether an answer was heard in part, and the rest is still to be heard: the whole of it may be here already. */
  get stalled() {
    const reply = this.#newestReply;
    return (reply?.unfinished ?? false) && reply.played > 0;
  }

  /** The player falls silent; the server is told how much of the item was heard, so that it forgets the rest. */
  #silence() {
    const reply = this.#newestReply;
    if (reply?.unfinished) this.#cut = this.#cutOff(reply);
  }

  async #cutOff(reply) {
    reply.cutMs = reply.playedMs; // from now on it is cut: what still comes of it is not played
    this.interruptedAt = performance.now();
    await this.#player.flush();
    this.#heardOf(reply);
    reply.cutMs = reply.playedMs;
    this.#recording.forget(reply.item);
    // Also if none of it was heard: what nobody heard must not be remembered as said.
    if (reply.item && reply.received > 0) {
      const truncate = { item_id: reply.item, content_index: 0, audio_end_ms: Math.floor(reply.playedMs) };
      this.truncates.push({ ...truncate, playedSamples: reply.played, at: performance.now() });
      this.#link.send({ type: 'conversation.item.truncate', ...truncate }, 'cut');
    }
    this.#view.turn(reply);
    this.#view.changed();
  }

  /**
   * Makes the history ready for the current turn: what was interrupted is cut, and everything before is taken out if each
   * question is to stand alone.
   */
  async #tidy() {
    await this.#cut;
    if (!this.#settings.forget) return;
    for (const item of this.#items.keys()) {
      if (item === this.#userTurn?.item || item === this.active?.item) continue;
      this.#items.delete(item);
      this.#link.send({ type: 'conversation.item.delete', item_id: item }, 'forget');
    }
  }

  // ---- the player ----

  #heard() {
    const reply = this.#newestReply;
    if (reply) this.#heardOf(reply);
    this.#view.changed();
  }

  #heardOf(reply) {
    if (!reply.item) return;
    if (this.#player.playing && reply.received > 0) this.#firstAudio(reply);
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

  #firstAudio(reply) {
    if (reply.endOfTurn !== null && reply.firstAudioMs === null) reply.firstAudioMs = performance.now() - reply.endOfTurn.at;
  }

  // ---- what the server says ----

  #receive(event) {
    switch (event.type) {
      case 'session.created':
        this.session = event.session;
        this.update();
        break;
      case 'session.updated':
        this.session = event.session;
        break;
      case 'input_audio_buffer.speech_started':
        this.#speechStarted(event);
        break;
      case 'input_audio_buffer.speech_stopped':
        this.#speechStopped(event);
        break;
      case 'input_audio_buffer.committed':
        if (this.#userTurn) this.#userTurn.item = event.item_id;
        break;
      case 'conversation.item.added':
        this.#itemAdded(event.item);
        break;
      case 'conversation.item.deleted':
        this.#items.delete(event.item_id);
        break;
      case 'response.created':
        this.#responseCreated(event.response, event.sparrow);
        break;
      case 'response.done':
        this.#responseDone(event.response);
        break;
      case 'error':
        this.#error(event.error);
        break;
      default:
        if (event.response_id !== undefined) this.#reply(event);
    }
  }

  #speechStarted(event) {
    this.hearing = true;
    const turn = new UserTurn('spoken');
    turn.item = event.item_id;
    turn.startMs = event.audio_start_ms;
    this.#silence();
    this.#begin(turn);
    this.#tidy();
    this.#view.changed();
  }

  #speechStopped(event) {
    this.hearing = false;
    const turn = this.#userTurn;
    if (turn?.item === event.item_id) {
      turn.seconds = (event.audio_end_ms - turn.startMs) / 1000;
      this.#view.turn(turn);
    }
    this.#turnEnded(this.#settings.silenceMs);
  }

  #itemAdded(item) {
    this.#items.set(item.id, item.role);
    if (item.role === 'user' && this.#userTurn && this.#userTurn.item === null) this.#userTurn.item = item.id;
  }

  #responseCreated(response, sparrow) {
    const reply = new Reply(response.id);
    reply.endOfTurn = this.#endOfTurn;
    reply.underrunsBefore = this.#player.underruns;
    this.#endOfTurn = null;
    this.active = reply;
    this.awaiting = this.#replyPending;
    this.queuePlace = sparrow?.queue ?? 0;
    this.turns.push(reply);
    this.#view.turn(reply);
  }

  /** Parts of a response. */
  #reply(event) {
    const reply = this.active;
    if (reply?.response !== event.response_id) return;
    if (event.sparrow?.queue !== undefined) this.queuePlace = event.sparrow.queue;
    if (event.type === 'response.output_item.added') reply.item = event.item.id;
    if (reply.cutMs !== null) return; // it was interrupted: what the server sent before it knew is not for the ears
    switch (event.type) {
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta':
        reply.text += event.delta;
        break;
      case 'response.output_audio.delta':
        this.#audio(reply, fromBase64(event.delta));
        break;
      case 'response.output_audio.done':
        this.#audioComplete(reply);
        break;
      default:
    }
    if (event.sparrow?.trace) {
      reply.trace += event.sparrow.trace;
      this.queuePlace = 0;
    }
    this.#view.turn(reply);
  }

  #audio(reply, pcm) {
    this.queuePlace = 0;
    reply.received += pcm.length;
    this.#recording.received(reply.item, pcm);
    this.#player.play(reply.item, pcm);
  }

  #audioComplete(reply) {
    if (reply.audioComplete) return;
    reply.audioComplete = true;
    if (reply.received === 0) return;
    reply.realTimeFactor = (performance.now() - reply.createdAt) / reply.receivedMs;
    this.#player.end(reply.item);
  }

  #responseDone(response) {
    const reply = this.active?.response === response.id ? this.active : null;
    if (!reply) return;
    reply.status = response.status;
    reply.reason = response.status_details?.error?.message ?? response.status_details?.reason ?? '';
    reply.metadata = response.metadata ?? {};
    if (reply.cutMs === null) this.#audioComplete(reply);
    this.active = null;
    this.queuePlace = 0;
    if (this.#userTurn && this.turns.indexOf(this.#userTurn) > this.turns.indexOf(reply)) this.#tidy();
    if (this.#replyPending) this.#askForReply();
    if (response.status === 'failed') this.#view.said(`The answer failed: ${reply.reason || 'the server does not say why'}.`);
    this.#view.turn(reply);
  }

  #error(error) {
    if (isOfNoConsequence(error)) return;
    this.awaiting = false;
    this.#replyPending = false;
    if (error.event_id?.startsWith('settings_') && this.#settings.refused(error)) this.update();
    else this.#view.said(errorInWords(error));
  }

  // ---- the end ----

  /** Called every second: a server that has died without a word must not leave anybody waiting. */
  async watch(isAlive) {
    const waits = !this.session || this.awaiting || this.active !== null || this.#link.stuck;
    if (!waits || performance.now() - this.#link.heard < SILENT_MS) return;
    this.#link.heard = performance.now();
    if (!(await isAlive())) this.#link.abandon('The server no longer answers.');
  }

  #lost(code, reason, opened) {
    const reply = this.#newestReply;
    if (reply?.unfinished) {
      reply.status = 'lost';
      reply.reason = 'the connection was lost';
      reply.cutMs ??= reply.playedMs;
      this.#view.turn(reply);
    }
    this.session = null;
    this.active = null;
    this.awaiting = false;
    this.hearing = false;
    this.#button.release();
    this.#player.flush();
    this.#view.lost(code, reason, opened);
  }
}
