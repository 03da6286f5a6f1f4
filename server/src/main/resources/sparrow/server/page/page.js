import { EventLog, download } from './event-log.js';
import { Microphone, NoMicrophone } from './microphone.js';
import { toPcm, WIRE_HZ } from './pcm.js';
import { Player } from './player.js';
import { isSendableKey } from './realtime.js';
import { Recording } from './recording.js';
import { isAlive, serverFacts, serverLoad } from './server-facts.js';
import { Settings } from './settings.js';
import { stateOf } from './states.js';
import { Talk } from './talk.js';
import { TurnsView } from './turns-view.js';
import { StageView, clearNotice, notify, showFigures, showLoad, showModel, showSamples } from './views.js';

const $ = (id) => document.getElementById(id);

/** Waits between attempts to reach a server that has gone, ms. */
const ATTEMPTS_MS = [500, 1000, 2000, 4000, 8000];
const STATUS_MS = 4000;
const PLAIN_HTTP =
  'Browsers give a page the microphone, and sound of its own, only over https or on localhost, and this page came over plain ' +
  'http. Open it on the machine itself as localhost, or start the server with --tls self-signed.';

/** The page: opens and closes what a conversation needs, and passes on what the user does. */
class Page {
  #settings = new Settings($('settings'));
  #log = new EventLog($('log'));
  #stage = new StageView();
  #turns = new TurnsView($('turns'), $('welcome'));
  #raw = new URLSearchParams(location.search).has('raw');
  #facts = null;
  #context = null;
  #player = null;
  #microphone = null;
  #recording = null;
  #talk = null;
  /** 'off', 'permission', 'connecting', 'connected', 'reconnecting' or 'failed' */
  #phase = 'off';
  #attempt = 0;
  #retry = 0;
  #ready = null;
  /** A recorded question that is being played. */
  #aloud = null;
  #inputPeak = 0;
  #errors = [];

  get #key() {
    return sessionStorage.getItem('sparrow.key') ?? '';
  }

  async begin() {
    this.#listen();
    if (!window.isSecureContext) notify('microphone', PLAIN_HTTP, { lasting: true, tone: 'bad' });
    this.#draw();
    setInterval(() => this.#eachSecond(), 1000);
    setInterval(() => this.#showLoad(), STATUS_MS);
    await this.#learn();
  }

  /** Asks the server what it is. Returns whether it answered. */
  async #learn() {
    try {
      this.#facts = await serverFacts(this.#key);
    } catch (failure) {
      $('key-form').hidden = !failure.needsKey;
      if (failure.needsKey) $('key').focus();
      notify('server', failure.message, { lasting: true, tone: 'bad' });
      return false;
    }
    $('key-form').hidden = true;
    clearNotice('server');
    this.#settings.offer(this.#facts);
    this.#turns.facts = this.#facts;
    this.#turns.policy = () => this.#settings.policy;
    this.#turns.pace = () => this.#talk?.characterPace;
    showModel(this.#facts);
    showLoad(this.#facts);
    showSamples(this.#facts, (question) => this.#choose(question));
    return true;
  }

  // ---- connecting ----

  /** Connects, if that is not so yet, and opens the microphone if it is wanted. Needs a user's gesture: browsers keep quiet before. */
  async #start(withMicrophone) {
    if (!window.isSecureContext) {
      notify('microphone', PLAIN_HTTP, { lasting: true, tone: 'bad' });
      return false;
    }
    if (this.#phase === 'reconnecting') this.#stop();
    if (withMicrophone && !this.#microphone) {
      await this.#prepare();
      if (!this.#talk) this.#enter('permission');
      await this.#openMicrophone();
    }
    if (this.#talk?.session) return true;
    await this.#prepare();
    if (!(await this.#learn())) {
      this.#enter('failed');
      return false;
    }
    return this.#connect();
  }

  async #prepare() {
    if (!this.#context) {
      this.#context = new AudioContext({ latencyHint: 'interactive' }); // at the device's own rate
      this.#player = await Player.open(this.#context);
    }
    await this.#context.resume();
  }

  async #openMicrophone() {
    clearNotice('microphone');
    try {
      this.#microphone = await Microphone.open(this.#context, {
        raw: this.#raw,
        piece: (pcm, peak) => {
          this.#inputPeak = Math.max(this.#inputPeak, this.#talk?.muted ? 0 : peak);
          this.#talk?.microphone(this.#aloud ? new Int16Array(pcm.length) : pcm); // it must not hear a recording
        },
        lost: (sentence) => {
          this.#closeMicrophone();
          notify('microphone', sentence, { lasting: true, tone: 'bad' });
        },
      });
    } catch (failure) {
      if (!(failure instanceof NoMicrophone)) throw failure;
      notify('microphone', `${failure.message} You can still type, or choose a question.`, { lasting: true, tone: 'bad' });
    }
  }

  #closeMicrophone() {
    this.#microphone?.close();
    this.#microphone = null;
  }

  /** Opens a session. Fulfilled when it is there, with whether it is. */
  #connect() {
    this.#enter(this.#attempt > 0 ? 'reconnecting' : 'connecting');
    this.#recording ??= new Recording();
    this.#settings.beginSession();
    this.#talk?.close();
    const answered = new Promise((resolve) => (this.#ready = resolve));
    this.#talk = new Talk({
      key: this.#key,
      player: this.#player,
      recording: this.#recording,
      settings: this.#settings,
      view: {
        changed: () => this.#changed(),
        turn: (turn, gone) => this.#turns.show(turn, gone),
        event: (side, event) => {
          this.#log.add(side, event);
          if (event.type === 'error') this.#errors.push(event.error);
        },
        said: (message) => notify('server', message, { tone: 'bad' }),
        dropped: (pieces) =>
          notify('network', `The network is too slow: ${(pieces * 0.04).toFixed(1)} s of your speech did not reach the server.`, {
            tone: 'bad',
          }),
        lost: (code, reason, opened) => this.#lost(code, reason, opened),
      },
    });
    return answered;
  }

  /** Something about the conversation changed. */
  #changed() {
    if (this.#talk?.session && this.#phase !== 'connected') {
      if (this.#attempt > 0) this.#connectedAgain();
      this.#attempt = 0;
      this.#enter('connected');
      this.#ready?.(true);
    }
    this.#draw();
  }

  #connectedAgain() {
    const sentence = 'Connected again, with a new session: what was said before is not remembered.';
    this.#turns.divide('A new session');
    notify('connection', sentence, { tone: 'good' });
  }

  async #lost(code, reason, opened) {
    this.#ready?.(false);
    const why = closeInWords(code, reason);
    const mayRepeat = code !== 1008 && (opened || this.#attempt > 0);
    if (mayRepeat && this.#attempt < ATTEMPTS_MS.length) {
      const wait = ATTEMPTS_MS[this.#attempt++];
      this.#enter('reconnecting');
      notify('connection', `${why} Trying again (${this.#attempt} of ${ATTEMPTS_MS.length}).`, { lasting: true, tone: 'bad' });
      this.#retry = setTimeout(() => this.#connect(), wait);
      return;
    }
    this.#enter('failed');
    this.#attempt = 0;
    const reachable = await this.#learn(); // says what is wrong, if a plain request tells
    const sentence = reachable ? `${why} Press start to try again.` : 'It was tried several times. Press start to try again.';
    notify('connection', opened || reachable ? sentence : 'Press start to try again.', { lasting: true, tone: 'bad' });
  }

  #stop() {
    clearTimeout(this.#retry);
    this.#attempt = 0;
    this.#aloud?.stop();
    this.#talk?.close();
    this.#talk = null;
    this.#closeMicrophone();
    clearNotice('connection');
    clearNotice('microphone');
    this.#enter('off');
    this.#turns.divide('Stopped');
  }

  #enter(phase) {
    this.#phase = phase;
    this.#draw();
  }

  // ---- what the user does ----

  #listen() {
    $('start').addEventListener('click', () => this.#start(true));
    $('stop').addEventListener('click', () => this.#stop());
    $('interrupt').addEventListener('click', () => this.#interrupt());
    $('mute').addEventListener('click', () => this.#mute());
    $('hold').addEventListener('pointerdown', (event) => this.#hold(event));
    for (const end of ['pointerup', 'pointercancel', 'lostpointercapture']) {
      $('hold').addEventListener(end, () => this.#talk?.release());
    }
    $('hold').addEventListener('contextmenu', (event) => event.preventDefault());
    document.addEventListener('keydown', (event) => this.#keyDown(event));
    document.addEventListener('keyup', (event) => {
      if (event.code === 'Space') this.#talk?.release();
    });
    window.addEventListener('blur', () => this.#talk?.release());
    $('ask').addEventListener('submit', (event) => this.#type(event));
    $('key-form').addEventListener('submit', (event) => this.#takeKey(event));
    $('record').addEventListener('click', () => download(this.#recording.file(), 'sparrow-session.wav'));
    this.#settings.onchange = (name) => this.#settingChanged(name);
    this.#listenToTheme();
  }

  #listenToTheme() {
    const apply = (theme) => (document.documentElement.dataset.theme = theme);
    $('theme').value = localStorage.getItem('sparrow.theme') ?? '';
    apply($('theme').value);
    $('theme').addEventListener('change', ({ target }) => {
      localStorage.setItem('sparrow.theme', target.value);
      apply(target.value);
    });
  }

  #hold(event) {
    $('hold').setPointerCapture(event.pointerId);
    this.#talk?.press();
  }

  #keyDown(event) {
    if (event.key === 'Escape') this.#interrupt();
    const isElsewhere = event.target.closest?.('input:not([type=radio]), select, textarea, summary, button:not(#hold)');
    if (event.code !== 'Space' || isElsewhere || !this.#talk || !this.#microphone || this.#settings.handsFree) return;
    event.preventDefault();
    if (!event.repeat) this.#talk.press();
  }

  #interrupt() {
    if (this.#talk?.answering) this.#talk.interrupt();
    this.#draw();
  }

  #mute() {
    this.#talk.muted = !this.#talk.muted;
    this.#draw();
  }

  async #type(event) {
    event.preventDefault();
    const text = $('text').value.trim();
    if (!text || !(await this.#start(false))) return;
    $('text').value = '';
    this.#talk.type(text);
  }

  /** A sample question was chosen: it is heard here and sent, or sent as text. */
  async #choose(question) {
    if (this.#aloud || !(await this.#start(false))) return;
    if (!question.audio) {
      this.#talk.type(question.text);
      return;
    }
    const talk = this.#talk;
    try {
      const response = await fetch(question.audio, { headers: this.#key ? { Authorization: `Bearer ${this.#key}` } : {} });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const recording = await new OfflineAudioContext(1, 1, WIRE_HZ).decodeAudioData(await response.arrayBuffer());
      talk.interrupt();
      await this.#playAloud(recording);
      talk.giveRecording(question.text, toPcm(recording.getChannelData(0)));
    } catch (failure) {
      notify('server', `The recording of this question could not be fetched: ${failure.message}.`, { tone: 'bad' });
    }
  }

  /** Fulfilled when it has been heard, or stopped. */
  #playAloud(recording) {
    this.#aloud = new AudioBufferSourceNode(this.#context, { buffer: recording });
    this.#aloud.connect(this.#context.destination);
    this.#aloud.start();
    this.#draw();
    return new Promise((resolve) => {
      this.#aloud.onended = () => {
        this.#aloud = null;
        resolve();
      };
    });
  }

  #takeKey(event) {
    event.preventDefault();
    const key = $('key').value.trim();
    if (!isSendableKey(key)) {
      notify('server', 'A browser cannot send this key: only letters, digits and a few signs can stand in it.', { tone: 'bad' });
      return;
    }
    sessionStorage.setItem('sparrow.key', key);
    this.#learn();
  }

  #settingChanged(name) {
    if (name === 'forget') return;
    if (name === 'voice') {
      if (this.#talk) notify('settings', 'A session keeps its voice: stop and start to hear the new one.');
      return;
    }
    this.#talk?.update();
    this.#draw();
  }

  // ---- what is seen ----

  #eachSecond() {
    this.#talk?.watch(isAlive);
    this.#draw();
  }

  async #showLoad() {
    if (document.hidden || this.#phase !== 'connected') return;
    await serverLoad(this.#key).then(showLoad, () => {});
  }

  #state() {
    return stateOf({
      phase: this.#phase,
      talk: this.#talk,
      player: this.#player,
      hasMicrophone: this.#microphone !== null,
      handsFree: this.#settings.handsFree,
      asking: this.#aloud !== null,
    });
  }

  #draw() {
    const connected = this.#phase === 'connected';
    this.#stage.show(this.#state());
    this.#stage.buttons({
      connected,
      busy: this.#phase === 'permission' || this.#phase === 'connecting' || this.#phase === 'reconnecting',
      hasMicrophone: this.#microphone !== null,
      handsFree: this.#settings.handsFree,
      answering: this.#talk?.answering ?? false,
      muted: this.#talk?.muted ?? false,
    });
    this.#stage.levels({ in: this.#inputPeak, out: this.#player?.peak ?? 0 });
    this.#inputPeak = 0;
    $('record').disabled = !(this.#recording?.seconds > 0);
    showFigures(
      this.#talk?.turns.findLast((turn) => turn.kind === 'reply'),
      { facts: this.#facts, settings: this.#settings, underruns: this.#player?.underruns },
    );
  }

  /** What is going on, for whoever looks for an error or tests the page; a copy. */
  snapshot() {
    const talk = this.#talk;
    return structuredClone({
      phase: this.#phase,
      state: this.#state().name,
      session: talk?.session ?? null,
      turns: (talk?.turns ?? []).map((turn) => ({ ...turn, playedMs: turn.playedMs, heardText: heardText(turn, talk) })),
      truncates: talk?.truncates ?? [],
      errors: this.#errors,
      underruns: this.#player?.underruns ?? 0,
      startMs: this.#player?.startMs ?? 0,
      contextHz: this.#context?.sampleRate ?? 0,
      events: this.#log.length,
    });
  }
}

function heardText(turn, talk) {
  return turn.kind === 'reply' ? turn.text.slice(0, turn.heardCharacters(talk.characterPace)) : undefined;
}

function closeInWords(code, reason) {
  const said = reason ? ` (${reason})` : '';
  switch (code) {
    case 1000:
      return `The server ended the session${said}.`;
    case 1001:
      return 'The server is shutting down.';
    case 1008:
      return `The server closed the session: this page broke one of its rules${said}.`;
    case 1009:
      return `Something was too big for the server${said}.`;
    case 1011:
      return `Something broke in the server${said}.`;
    default:
      return `The connection was lost${said}.`;
  }
}

const page = new Page();
Object.defineProperty(window, 'sparrow', { get: () => Object.freeze(page.snapshot()) });
await page.begin();
