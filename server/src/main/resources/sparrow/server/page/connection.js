import { Call } from './call.js';
import { closeInWords } from './failures.js';
import { Microphone, NoMicrophone, microphones } from './microphone.js';
import { Player } from './player.js';
import { Realtime } from './realtime.js';
import { Recording } from './recording.js';
import { isAlive, serverFacts } from './server-facts.js';
import { Sounds } from './sounds.js';
import { Talk } from './talk.js';

/**
 * Pauses between attempts to reach a lost server, ms: the first one, and the maximum; each pause is twice the previous
 * one.
 */
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 30_000;

/**
 * Opens and closes the parts of a conversation: sound, the microphone, and a session with the server, which is replaced
 * when it is lost.
 */
export class Connection {
  #settings;
  #view;
  #raw = new URLSearchParams(location.search).has('raw');
  #attempt = 0;
  #retry = 0;
  /** Time of the next attempt, by performance.now(). */
  retryAt = 0;
  /** A promise for whether the requested session was opened, and its resolver. */
  #answered = null;
  #ready = null;
  /** The audio source that plays in addition to the answers. */
  #source = null;
  /** False after a call could not be connected: then WebSockets are used. */
  #mayCall = true;
  /** The latest request for a microphone, null if there is none: a browser may answer an earlier request later. */
  #wanted = null;
  /** 'off', 'locked' (a key is missing), 'permission', 'connecting', 'connected', 'reconnecting' or 'failed' */
  phase = 'off';
  /** The server's facts, null before it has answered. */
  facts = null;
  context = null;
  player = null;
  microphone = null;
  recording = null;
  sounds = new Sounds();
  /** The sound that is played in addition to the answers, null if there is none. */
  aloud = null;
  talk = null;
  /** Loudest sample of the microphone since the last read. */
  inputPeak = 0;

  /**
   * @param settings the user's choices
   * @param view functions changed(), turn(turn, gone), event(side, event), divide(text), learned(facts), needsKey(),
   *     microphones(list), notify(kind, text, {lasting, tone}), clear(kind)
   */
  constructor(settings, view) {
    this.#settings = settings;
    this.#view = view;
  }

  get key() {
    return sessionStorage.getItem('sparrow.key') ?? '';
  }

  /** Asks the server for its facts. Returns whether it answered. */
  async learn() {
    try {
      this.facts = await serverFacts(this.key);
    } catch (failure) {
      this.#view.notify('server', failure.message, { lasting: true, tone: 'bad' });
      this.#enter(failure.needsKey ? 'locked' : 'failed');
      if (failure.needsKey) this.#view.needsKey();
      return false;
    }
    this.#view.clear('server');
    if (this.phase === 'locked') this.#enter('off');
    this.#view.learned(this.facts);
    return true;
  }

  /**
   * Connects if there is no connection, and opens the microphone if it is wanted. Needs a user's gesture, before which
   * browsers play no sound. Returns whether there is a session.
   */
  async start(withMicrophone) {
    if (!window.isSecureContext) {
      this.#view.notify('microphone', PLAIN_HTTP, { lasting: true, tone: 'bad' });
      return false;
    }
    if (this.phase === 'reconnecting') this.stop();
    if (this.phase === 'locked') {
      this.#view.needsKey();
      return false;
    }
    await this.#openSound();
    if (withMicrophone && !this.microphone) {
      await this.#openMicrophone();
      if (!this.#wanted) return false; // stopped while the browser asked
    }
    if (this.phase === 'connecting') return this.#answered;
    if (this.talk?.session) return true;
    return (await this.learn()) && this.#connect();
  }

  stop() {
    clearTimeout(this.#retry);
    this.#attempt = 0;
    this.quiet();
    this.talk?.close();
    this.talk = null;
    this.#closeMicrophone();
    this.#view.clear('connection');
    this.#view.clear('microphone');
    this.#view.divide('Stopped');
    this.#enter('off');
  }

  /** Called every second. */
  watch() {
    this.talk?.watch(isAlive);
  }

  /** Plays sound in addition to the answers. Resolves at its end, to whether it was played completely. */
  playAloud(aloud, buffer) {
    this.quiet();
    this.aloud = aloud;
    const source = new AudioBufferSourceNode(this.context, { buffer });
    this.#source = source;
    source.connect(this.context.destination);
    source.start();
    this.#view.changed();
    return new Promise((resolve) => {
      source.onended = () => {
        const whole = this.#source === source;
        if (whole) this.quiet();
        resolve(whole);
      };
    });
  }

  /** Stops the sound that plays in addition to the answers. */
  quiet() {
    this.#source?.stop();
    this.#source = null;
    this.aloud = null;
    this.#view.changed();
  }

  // ---- sound ----

  async #openSound() {
    if (!this.context) {
      this.context = new AudioContext({ latencyHint: 'interactive' }); // at the device's own rate
      // A telephone call or another device may interrupt the sound for a while.
      this.context.onstatechange = () => this.context.state !== 'running' && this.context.resume().catch(() => {});
      this.player = await Player.open(this.context);
    }
    await this.context.resume();
  }

  /** Called when another microphone was chosen. */
  async changeMicrophone() {
    if (!this.#wanted) return;
    this.#closeMicrophone();
    await this.#openMicrophone();
    this.#view.changed();
  }

  async #openMicrophone() {
    if (!this.talk) this.#enter('permission');
    this.#view.clear('microphone');
    const wanted = (this.#wanted = {});
    try {
      const microphone = await Microphone.open(this.context, {
        device: this.#settings.microphone,
        raw: this.#raw,
        piece: (pcm, peak) => this.#hear(pcm, peak),
        lost: (sentence) => {
          this.#closeMicrophone();
          this.#view.notify('microphone', sentence, { lasting: true, tone: 'bad' });
        },
      });
      if (wanted !== this.#wanted) {
        microphone.close();
        return;
      }
      this.microphone = microphone;
      this.talk?.use(microphone.track);
      this.#view.microphones(await microphones());
    } catch (failure) {
      if (!(failure instanceof NoMicrophone)) throw failure;
      const text = `${failure.message} You can still type, or choose a question.`;
      this.#view.notify('microphone', text, { lasting: true, tone: 'bad' });
    }
  }

  #hear(pcm, peak) {
    if (!this.talk?.questions.muted) this.inputPeak = Math.max(this.inputPeak, peak);
    this.talk?.microphone(pcm, this.aloud !== null); // the model must not hear the loudspeaker
  }

  #closeMicrophone() {
    this.#wanted = null;
    this.talk?.use(null);
    this.microphone?.close();
    this.microphone = null;
  }

  // ---- the session ----

  /** Opens a session. Resolves to whether it was opened. */
  #connect() {
    this.#enter(this.#attempt > 0 ? 'reconnecting' : 'connecting');
    this.recording ??= new Recording();
    this.#settings.beginSession();
    this.talk?.close();
    this.#answered = new Promise((resolve) => (this.#ready = resolve));
    this.talk = new Talk({
      open: (listener) => this.#open(listener),
      player: this.player,
      recording: this.recording,
      sounds: this.sounds,
      settings: this.#settings,
      view: {
        ...this.#view,
        changed: () => this.#changed(),
        said: (message) => this.#view.notify('server', message, { tone: 'bad' }),
        dropped: (pieces) => this.#dropped(pieces),
        lost: (code, reason, opened) => this.#lost(code, reason, opened),
      },
    });
    return this.#answered;
  }

  /** Opens a call if the server accepts calls, or otherwise a WebSocket. */
  #open(listener) {
    if (!this.#mayCall || !this.facts?.webrtc || this.#settings.transport !== 'webrtc') return new Realtime(this.key, listener);
    const call = new Call(this.key, this.context, this.#settings, listener);
    call.use(this.microphone?.track ?? null);
    return call;
  }

  #changed() {
    if (this.talk?.session && this.phase !== 'connected') {
      this.phase = 'connected';
      if (this.#attempt > 0) this.#connectedAgain();
      this.#attempt = 0;
      this.#ready(true);
    }
    this.#view.changed();
  }

  async #connectAgain() {
    const retry = this.#retry;
    // The server may have come back with another key, which a rejected socket does not show.
    const needsKey = await serverFacts(this.key).then(() => false, (failure) => failure.needsKey);
    if (this.phase !== 'reconnecting' || this.#retry !== retry) return; // stopped meanwhile
    if (!needsKey) {
      this.#connect();
      return;
    }
    this.stop();
    await this.learn();
  }

  #connectedAgain() {
    this.#view.divide('A new session');
    const sentence = 'Connected again, with a new session: what was said before is not remembered.';
    this.#view.notify('connection', sentence, { tone: 'good' });
  }

  #dropped(pieces) {
    const seconds = (pieces * 0.04).toFixed(1);
    this.#view.notify('network', `The network is too slow: ${seconds} s of your speech did not reach the server.`, {
      tone: 'bad',
    });
  }

  async #lost(code, reason, opened) {
    if (this.talk.isCall && !opened) {
      this.#mayCall = false;
      const answer = this.#ready;
      this.#connect().then(answer);
      return;
    }
    this.#ready(false);
    const why = closeInWords(code, reason);
    if (code !== 1008 && (opened || this.#attempt > 0)) {
      const text = `${why} This page tries again, after longer and longer pauses, until you press stop.`;
      if (this.#attempt === 0) this.#view.notify('connection', text, { lasting: true, tone: 'bad' });
      const pause = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#attempt++);
      this.retryAt = performance.now() + pause;
      this.#retry = setTimeout(() => this.#connectAgain(), pause);
      this.#enter('reconnecting');
      return;
    }
    this.#attempt = 0;
    this.#enter('failed');
    await this.learn(); // a plain request may find the reason
    this.#view.notify('connection', `${why} Press start to try again.`, { lasting: true, tone: 'bad' });
  }

  #enter(phase) {
    if (phase === 'failed' || phase === 'locked') this.#closeMicrophone(); // the browser shows that the microphone is off
    this.phase = phase;
    this.#view.changed();
  }
}

/** The reason why neither microphone nor sound works on a page that was loaded over plain http from another machine. */
export const PLAIN_HTTP =
  'Browsers allow a page to use the microphone and play sound only over https or on localhost, and this page was loaded over plain ' +
  'http. Open it on the machine itself as localhost, or start the server with --tls self-signed.';
