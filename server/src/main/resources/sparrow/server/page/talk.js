import { errorInWords, isOfNoConsequence } from './failures.js';
import { WIRE_HZ, fromBase64, toBase64 } from './pcm.js';
import { Questions } from './questions.js';
import { SPEECH_PROBABILITY } from './settings.js';
import { Speaking } from './speaking.js';
import { Reply, UserTurn } from './turns.js';

/**
 * One session: its turns and its present state. Handles the server's events and the user's actions, sends events, and
 * delegates sound to Questions and Speaking. It does not use the document: everything visible on the page is derived
 * from its fields.
 */
export class Talk {
  #link;
  #recording;
  #sounds;
  #view;
  #settings;
  #items = new Map();
  #replyPending = false;
  #endOfTurn = null;
  /** The user's side. */
  questions;
  speaking;
  session = null;
  turns = [];
  /** The response that the server is generating, as a Reply. */
  active = null;
  /** True if a turn was sent for which no response has been created yet. */
  awaiting = false;
  queuePlace = 0;

  /**
   * @param open function that returns a Realtime or a Call for a listener
   * @param settings the session's settings: the value of `settings.session()` and the fields handsFree, forget
   * @param view functions changed(), turn(turn, gone), event(direction, event), said(message), dropped(pieces),
   *     lost(code, reason, opened)
   */
  constructor({ open, player, recording, sounds, settings, view }) {
    this.#recording = recording;
    this.#sounds = sounds;
    this.#settings = settings;
    this.#view = view;
    const link = open({
      received: (event) => {
        view.event('server', event);
        this.#receive(event);
        view.changed();
      },
      sent: (event) => view.event('page', event),
      appended: (pcm) => {
        recording.sent(pcm);
        this.questions.sent(pcm);
      },
      heard: (response, pcm) => this.#heard(response, pcm),
      heardAll: (response) => this.#heardAll(response),
      dropped: (pieces) => view.dropped(pieces),
      closed: (code, reason, opened) => this.#lost(code, reason, opened),
    });
    this.#link = link;
    this.speaking = new Speaking({ link, player, recording, sounds, view });
    const turn = (...shown) => this.#show(...shown);
    this.questions = new Questions({ link, settings, sounds, view: { turn, said: view.said } });
  }

  // ---- what the user does ----

  /** Called when the session's settings have changed. */
  update() {
    this.questions.update();
    if (this.session) this.#link.send({ type: 'session.update', session: this.#settings.session() }, 'settings');
  }

  /**
   * Handles a piece of the microphone's sound.
   *
   * @param hidden whether the server must not hear it
   */
  microphone(pcm, hidden) {
    if (this.session) this.questions.microphone(pcm, hidden);
  }

  /** Sends the sound of another microphone, or none if the track is null. */
  use(track) {
    this.#link.use(track);
  }

  /** True if the session is a call over WebRTC. */
  get isCall() {
    return this.#link.paced;
  }

  /** Called when the talk button is pressed. */
  press() {
    if (!this.session || this.questions.pressed || this.#settings.handsFree) return;
    this.interrupt();
    this.questions.press();
    this.#view.changed();
  }

  /** Called when the talk button is released. */
  async release() {
    if (!this.questions.pressed) return;
    if (this.questions.release()) {
      await this.#tidy();
      this.#link.send({ type: 'input_audio_buffer.commit' });
      this.#turnEnded();
      this.#askForReply();
    }
    this.#view.changed();
  }

  /** Sends a typed question. */
  type(text) {
    this.#give(new UserTurn('typed', text), { type: 'input_text', text });
  }

  /** Sends a question from a recording. */
  giveRecording(text, pcm) {
    const turn = new UserTurn('recorded', text);
    turn.seconds = pcm.length / WIRE_HZ;
    this.#sounds.add(turn.key, pcm);
    this.#recording.sent(pcm);
    this.#give(turn, { type: 'input_audio', audio: toBase64(pcm) });
  }

  async #give(turn, content) {
    if (!this.session) return;
    this.interrupt();
    this.questions.begin(turn);
    await this.#tidy();
    const item = { type: 'message', role: 'user', content: [content] };
    this.#link.send({ type: 'conversation.item.create', item });
    this.#turnEnded();
    this.#askForReply();
    this.#view.changed();
  }

  /** Stops the answer: first the sound, then the model, which keeps only the part that was heard. */
  interrupt() {
    if (this.active) this.#link.send({ type: 'response.cancel', response_id: this.active.response });
    else if (this.#link.paced && this.speaking.unfinished) this.#link.send({ type: 'output_audio_buffer.clear' });
    this.speaking.silence();
  }

  close() {
    this.session = null;
    this.questions.abandon();
    this.speaking.close();
    this.#link.close();
  }

  // ---- turns ----

  #show(turn, gone = false) {
    if (gone) this.turns = this.turns.filter((other) => other !== turn);
    else if (!this.turns.includes(turn)) this.turns.push(turn);
    this.#view.turn(turn, gone);
  }

  /** @param silenceMs silence that had to pass before the server detected the end */
  #turnEnded(silenceMs = 0) {
    this.#endOfTurn = { at: performance.now(), silenceMs };
    this.awaiting = true;
  }

  /** Requests a response, once the previous one has ended: the protocol allows one at a time. */
  #askForReply() {
    this.#replyPending = this.active !== null;
    if (!this.#replyPending) this.#link.send({ type: 'response.create' });
  }

  /** True if an answer is expected and nothing of it has arrived. */
  get waiting() {
    return this.awaiting || (this.active !== null && this.active.trace === '' && this.active.received === 0);
  }

  /** True if an answer is being decoded or played. */
  get answering() {
    return this.active !== null || this.speaking.unfinished;
  }

  /**
   * Prepares the history for the current turn: truncates an interrupted answer, and deletes all earlier items if each
   * question is to be independent.
   */
  async #tidy() {
    await this.speaking.cut;
    if (!this.#settings.forget) return;
    for (const item of this.#items.keys()) {
      if (item === this.questions.turn?.item || item === this.active?.item) continue;
      this.#items.delete(item);
      this.#link.send({ type: 'conversation.item.delete', item_id: item }, 'forget');
    }
  }

  // ---- events of the server ----

  #receive(event) {
    switch (event.type) {
      case 'session.created':
      case 'session.updated':
        this.session = event.session;
        if (event.type === 'session.created') this.update();
        break;
      case SPEECH_PROBABILITY:
        this.questions.probability = event.probability;
        break;
      case 'input_audio_buffer.speech_started':
        this.speaking.silence();
        this.questions.speechStarted(event);
        this.#tidy();
        break;
      case 'input_audio_buffer.speech_stopped':
        this.questions.speechStopped(event);
        this.#turnEnded(this.#settings.silenceMs);
        break;
      case 'conversation.item.input_audio_transcription.delta':
      case 'conversation.item.input_audio_transcription.completed':
        this.#transcribed(event);
        break;
      case 'conversation.item.added':
        this.#items.set(event.item.id, event.item.role);
        if (event.item.role === 'user') this.questions.item(event.item.id);
        break;
      case 'response.created':
        this.#responseCreated(event.response, event.sparrow);
        break;
      case 'output_audio_buffer.started':
      case 'output_audio_buffer.cleared':
        if (this.speaking.reply?.response === event.response_id) {
          this.speaking.reply.sounding = event.type === 'output_audio_buffer.started';
        }
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

  /** Handles the transcript of a spoken turn: a piece of it, or all. It may arrive at any time, or never. */
  #transcribed({ item_id, delta, transcript }) {
    const turn = this.turns.find(({ how, item }) => how === 'spoken' && item === item_id);
    if (!turn) return;
    turn.text = transcript ?? turn.text + delta;
    this.#show(turn);
  }

  #responseCreated(response, sparrow) {
    const reply = new Reply(response.id, this.#endOfTurn);
    this.#endOfTurn = null;
    this.active = reply;
    this.awaiting = this.#replyPending;
    this.queuePlace = sparrow?.queue ?? 0;
    this.speaking.begin(reply);
    this.#show(reply);
  }

  /** Handles the parts of a response. */
  #reply(event) {
    const reply = this.active;
    if (reply?.response !== event.response_id) return;
    if (event.sparrow?.queue !== undefined) this.queuePlace = event.sparrow.queue;
    if (event.type === 'response.output_item.added') reply.item = event.item.id;
    if (reply.cutMs !== null) return; // it was interrupted: sound that still arrives is not played
    switch (event.type) {
      case 'response.output_audio_transcript.delta':
      case 'response.output_text.delta':
        reply.text += event.delta;
        break;
      case 'response.output_audio.delta':
        this.queuePlace = 0;
        this.speaking.play(fromBase64(event.delta));
        break;
      case 'response.output_audio.done':
        if (!this.#link.paced) this.speaking.complete();
        else if (reply.speechTokens > 0) reply.sounding = true; // also if its sound begins after the end of the response
        break;
      default:
    }
    reply.trace += event.sparrow?.trace ?? '';
    if (event.sparrow?.trace) this.queuePlace = 0;
    this.#show(reply);
  }

  /** Handles the sound of an answer in a call. */
  #heard(response, pcm) {
    const { reply } = this.speaking;
    if (reply?.response !== response || reply.cutMs !== null) return;
    this.queuePlace = 0;
    this.speaking.play(pcm);
    this.#show(reply);
  }

  #heardAll(response) {
    const { reply } = this.speaking;
    if (reply?.response !== response) return;
    reply.sounding = false;
    this.speaking.complete();
    this.#show(reply);
  }

  #responseDone(response) {
    const reply = this.active?.response === response.id ? this.active : null;
    if (!reply) return;
    reply.end(response);
    // The sound of a call arrives later.
    if (!this.#link.paced) this.speaking.complete();
    this.active = null;
    this.queuePlace = 0;
    if (this.turns.indexOf(this.questions.turn) > this.turns.indexOf(reply)) this.#tidy();
    if (this.#replyPending) this.#askForReply();
    if (response.status === 'failed') this.#view.said(`The answer failed: ${reply.reason || 'the server did not report a reason'}.`);
    this.#show(reply);
  }

  #error(error) {
    if (isOfNoConsequence(error)) return;
    this.awaiting = false;
    this.#replyPending = false;
    if (error.event_id?.startsWith('settings_') && this.#settings.refused(error)) this.update();
    else this.#view.said(errorInWords(error));
  }

  /** Called every second. */
  watch(isAlive) {
    this.#link.watch(!this.session || this.awaiting || this.active !== null, isAlive);
  }

  #lost(code, reason, opened) {
    this.session = null;
    this.active = null;
    this.awaiting = false;
    this.questions.abandon();
    this.speaking.lose();
    this.#view.lost(code, reason, opened);
  }
}
