import { WIRE_HZ } from './pcm.js';
import { PushToTalk } from './push-to-talk.js';
import { SentSound } from './sent-sound.js';
import { UserTurn } from './turns.js';

/** A commit of less is refused by the protocol, ms. */
const SHORTEST_TURN_MS = 100;

/** The user's side of a session: the microphone's sound on its way to the server, and the turns that it becomes. */
export class Questions {
  #link;
  #settings;
  #sounds;
  #view;
  #button = new PushToTalk();
  #sent = new SentSound();
  /** The turn that is being said, null while nothing is. */
  #open = null;
  /** The newest turn of the user, null before the first. */
  turn = null;
  muted = false;
  /** The detector's probability of speech, 0 to 1; null where the server does not tell. */
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

  /** The talk button is down. */
  get pressed() {
    return this.#button.pressed;
  }

  /** A piece of the microphone's sound. */
  microphone(pcm) {
    if (this.#settings.handsFree) this.#link.sendAudio(this.muted ? new Int16Array(pcm.length) : pcm);
    else if (this.#button.hear(pcm)) this.#link.sendAudio(pcm);
  }

  /** A piece has gone to the server. */
  sent(pcm) {
    this.#sent.add(pcm);
  }

  /** The user speaks: the server hears it, or the button is pressed. */
  get hearing() {
    return this.#open !== null;
  }

  begin(turn) {
    this.turn = turn;
    this.#view.turn(turn);
  }

  /** The server has made an item of the newest turn. */
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

  /** Returns whether that was a question. */
  release() {
    this.#link.flushAudio();
    if (this.#button.seconds * 1000 < SHORTEST_TURN_MS) {
      this.abandon();
      this.#link.send({ type: 'input_audio_buffer.clear' });
      this.#view.said('Hold the button, or the space bar, for as long as you speak.');
      return false;
    }
    this.#button.release();
    this.#end(this.#sent.end);
    return true;
  }

  /** The way to take turns may have changed: a turn that was begun in the other way is none. */
  update() {
    if (this.hearing && this.pressed === this.#settings.handsFree) this.abandon();
  }

  /** The turn that is being said will not become a question. */
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

  // ---- what the server hears ----

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
