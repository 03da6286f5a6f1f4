import { WIRE_HZ } from './pcm.js';
import { PushToTalk } from './push-to-talk.js';
import { SentSound } from './sent-sound.js';
import { UserTurn } from './turns.js';

/** Minimum length of a turn, ms: the protocol refuses to commit less. */
const MIN_TURN_MS = 100;

/** The user's side of a session: sends the microphone's sound to the server, and keeps the turns that it becomes. */
export class Questions {
  #link;
  #settings;
  #sounds;
  #view;
  #button = new PushToTalk();
  #sent = new SentSound();
  /** The turn that is being spoken, null if there is none. */
  #open = null;
  /** The newest turn of the user, null before the first. */
  turn = null;
  muted = false;
  /** The detector's probability of speech, 0 to 1; null if the server does not report it. */
  probability = null;

  /**
   * @param link a Realtime
   * @param sounds where the sound of turns is kept
   * @param view functions turn(turn, gone) and said(message)
   */
  constructor({ link, settings, sounds, view }) {
    this.#link = link;
    this.#settings = settings;
    this.#sounds = sounds;
    this.#view = view;
  }

  /** True while the talk button is down. */
  get pressed() {
    return this.#button.pressed;
  }

  /**
   * Handles a piece of the microphone's sound.
   *
   * @param hidden whether the server must not hear it
   */
  microphone(pcm, hidden) {
    const silent = hidden || (this.#settings.handsFree && this.muted);
    const piece = silent ? new Int16Array(pcm.length) : pcm;
    if (this.#settings.handsFree || this.#button.hear(piece)) this.#link.sendAudio(piece, silent);
  }

  /** Records that a piece was sent to the server. */
  sent(pcm) {
    this.#sent.add(pcm);
  }

  /** True while the user speaks: the server detects speech, or the button is pressed. */
  get hearing() {
    return this.#open !== null;
  }

  begin(turn) {
    this.turn = turn;
    this.#view.turn(turn);
  }

  /** Records that the server has made an item of the newest turn. */
  item(id) {
    if (this.turn) this.turn.item ??= id;
  }

  // ---- the talk button ----

  press() {
    this.#link.send({ type: 'input_audio_buffer.clear' });
    this.#open = new UserTurn('spoken');
    this.#sent.beginTurn(this.#sent.end);
    this.begin(this.#open);
    for (const pcm of this.#button.press()) this.#link.sendAudio(pcm);
  }

  /** Returns whether the turn was a question. */
  release() {
    this.#link.flushAudio();
    if (this.#button.seconds * 1000 < MIN_TURN_MS) {
      this.abandon();
      this.#link.send({ type: 'input_audio_buffer.clear' });
      this.#view.said('Hold the button, or the space bar, for as long as you speak.');
      return false;
    }
    this.#button.release();
    this.#end(this.#sent.end);
    return true;
  }

  /** Applies changed settings. A turn that began in the other mode is dropped. */
  update() {
    if (this.hearing && this.pressed === this.#settings.handsFree) this.abandon();
  }

  /** Drops the turn that is being spoken. */
  abandon() {
    this.#button.release();
    if (this.#open) this.#view.turn(this.#open, true);
    if (this.turn === this.#open) this.turn = null;
    this.#open = null;
  }

  #end(position) {
    const turn = this.#open;
    this.#open = null;
    const pcm = this.#sent.endTurn(position);
    turn.seconds = pcm.length / WIRE_HZ;
    this.#sounds.add(turn.key, pcm);
    this.#view.turn(turn);
  }

  // ---- speech that the server detects ----

  speechStarted({ item_id, audio_start_ms }) {
    this.#open = new UserTurn('spoken');
    this.#open.item = item_id;
    this.#sent.beginTurn(position(audio_start_ms));
    this.begin(this.#open);
  }

  speechStopped({ item_id, audio_end_ms }) {
    if (this.#open?.item === item_id) this.#end(position(audio_end_ms));
  }
}

function position(ms) {
  return (ms * WIRE_HZ) / 1000;
}
