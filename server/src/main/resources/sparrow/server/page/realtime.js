import { WIRE_HZ, toBase64 } from './pcm.js';

/** Base64 characters of one second of audio. */
const SECOND_OF_AUDIO = (WIRE_HZ * 2 * 4) / 3;
/**
 * Maximum characters that the browser may hold unsent before audio waits here, and maximum number of waiting pieces of
 * 40 ms.
 */
const UNSENT = SECOND_OF_AUDIO / 4;
const WAITING = 20;
/** Silence after which a server that should send something is checked, ms. */
const SILENT_MS = 12_000;

/** Valid characters of a WebSocket's subprotocol, which carries the key: browsers cannot set a header there. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;

export function isSendableKey(key) {
  return TOKEN.test(key);
}

/** One WebSocket with the Realtime protocol. A new session needs a new instance. */
export class Realtime {
  #socket;
  #listener;
  #sent = 0;
  #waiting = [];
  #draining = 0;
  #over = false;
  /** Time at which the last message was received, by performance.now(). */
  #heard = performance.now();
  /** Number of audio pieces dropped because the network was too slow. */
  dropped = 0;
  /** The server sends the sound of an answer as soon as it is decoded. */
  paced = false;

  /**
   * Connects.
   *
   * @param key the server's key, or an empty string
   * @param listener functions received(event), sent(event), appended(pcm), dropped(pieces), closed(code, reason, opened)
   */
  constructor(key, listener) {
    this.#listener = listener;
    const address = new URL('/v1/realtime', location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const protocols = key ? ['realtime', `openai-insecure-api-key.${key}`] : ['realtime'];
    const socket = new WebSocket(address, protocols);
    let opened = false;
    socket.onopen = () => (opened = true);
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#end(code, reason, opened);
    this.#socket = socket;
  }

  get open() {
    return !this.#over && this.#socket.readyState === WebSocket.OPEN;
  }

  /** Sends an event; returns its id, which an error would contain. */
  send(event, purpose = 'page') {
    const whole = { event_id: `${purpose}_${++this.#sent}`, ...event };
    if (this.open) {
      this.#socket.send(JSON.stringify(whole));
      this.#listener.sent(whole);
    }
    return whole.event_id;
  }

  /** Queues a piece of audio; the oldest pieces are dropped if more than a second of them is waiting. */
  sendAudio(pcm) {
    this.#waiting.push(pcm);
    this.#drain();
    if (this.#waiting.length > WAITING) {
      this.dropped += this.#waiting.length - WAITING;
      this.#waiting.splice(0, this.#waiting.length - WAITING);
      this.#listener.dropped(this.dropped);
    }
  }

  /** Does nothing: a WebSocket is sent pieces, not a track. */
  use() {}

  /** Sends all waiting audio, because the next event refers to it. */
  flushAudio() {
    for (const pcm of this.#waiting.splice(0)) this.#append(pcm);
  }

  get #isStuck() {
    return this.#socket.bufferedAmount > UNSENT;
  }

  #drain() {
    while (this.#waiting.length > 0 && !this.#isStuck) this.#append(this.#waiting.shift());
    if (this.#waiting.length > 0 && !this.#draining) {
      this.#draining = setTimeout(() => {
        this.#draining = 0;
        this.#drain();
      }, 40);
    }
  }

  #append(pcm) {
    this.send({ type: 'input_audio_buffer.append', audio: toBase64(pcm) });
    this.#listener.appended(pcm);
  }

  #receive(data) {
    if (this.#over) return;
    this.#heard = performance.now();
    this.#listener.received(JSON.parse(data));
  }

  /**
   * Called every second, so that the user of a server that has died silently does not wait.
   *
   * @param waits whether the server should be sending something
   */
  async watch(waits, isAlive) {
    if (!(waits || this.#isStuck) || performance.now() - this.#heard < SILENT_MS) return;
    this.#heard = performance.now();
    if (!(await isAlive())) this.#abandon('The server no longer answers.');
  }

  /** Closes the connection from this side without notifying the listener. */
  close() {
    this.#over = true;
    clearTimeout(this.#draining);
    this.#socket.close(1000);
  }

  /** Gives the connection up, and notifies the listener as if the server had closed it. */
  #abandon(reason) {
    const opened = this.#socket.readyState !== WebSocket.CONNECTING;
    this.#end(1006, reason, opened);
    this.#socket.close();
  }

  #end(code, reason, opened) {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#draining);
    this.#listener.closed(code, reason, opened);
  }
}
