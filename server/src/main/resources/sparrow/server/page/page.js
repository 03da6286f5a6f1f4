import { copied, offerCode } from './code-view.js';
import { Connection, PLAIN_HTTP } from './connection.js';
import { EventLog, download } from './event-log.js';
import { microphones } from './microphone.js';
import { WIRE_HZ, toPcm } from './pcm.js';
import { isSendableKey } from './realtime.js';
import { Replays } from './replays.js';
import { serverFile, serverLoad } from './server-facts.js';
import { Settings } from './settings.js';
import { ASKED, stateOf } from './states.js';
import { asJson, asText } from './transcript.js';
import { TurnsView } from './turns-view.js';
import { StageView, clearNotice, notify, showFigures, showLegend, showLoad, showModel, showSamples } from './views.js';

const $ = (id) => document.getElementById(id);

/** Seconds between requests for the server's load, while no answer is awaited. */
const LOAD_EVERY = 4;

/** The page: forwards the user's actions, and draws the results. */
class Page {
  #settings = new Settings($('settings'));
  #log = new EventLog($('log'));
  #stage = new StageView();
  #errors = [];
  #seconds = 0;
  /** Number of answers that wait in the server. */
  #waiting = 0;
  #connection = new Connection(this.#settings, {
    changed: () => this.#draw(),
    turn: (turn, gone) => {
      this.#turns.show(turn, gone);
      showLegend(turn);
    },
    divide: (text) => this.#turns.divide(text),
    learned: (facts) => this.#learned(facts),
    needsKey: () => this.#askForKey(),
    microphones: (list) => this.#settings.offerMicrophones(list),
    event: (side, event) => {
      this.#log.add(side, event);
      if (event.type === 'error') this.#errors.push(event.error);
    },
    notify,
    clear: clearNotice,
  });
  #turns = new TurnsView($('turns'), $('welcome'), new Replays(this.#connection));

  async begin() {
    this.#listen();
    this.#listenToTheme();
    $('settings').querySelector('details').open = matchMedia('(min-width: 1500px)').matches; // as in narrow.css
    if (!window.isSecureContext) notify('microphone', PLAIN_HTTP, { lasting: true, tone: 'bad' });
    this.#draw();
    setInterval(() => this.#eachSecond(), 1000);
    await this.#connection.learn();
  }

  get #talk() {
    return this.#connection.talk;
  }

  #learned(facts) {
    if ($('key-form').contains(document.activeElement)) $('start').focus();
    $('key-form').hidden = true;
    this.#settings.offer(facts);
    this.#turns.facts = facts;
    this.#turns.policy = () => this.#settings.policy;
    this.#turns.pace = () => this.#talk?.speaking.characterPace;
    showModel(facts);
    showLoad(facts);
    showSamples(facts, (question) => this.#choose(question));
  }

  // ---- user actions ----

  #listen() {
    $('start').addEventListener('click', () => this.#connection.start(true));
    $('stop').addEventListener('click', () => this.#connection.stop());
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
    $('record').addEventListener('click', () => download(this.#connection.recording.file(), 'sparrow-session.wav'));
    this.#offerTranscript();
    offerCode(() => this.#program());
    navigator.mediaDevices?.addEventListener('devicechange', async () => this.#settings.offerMicrophones(await microphones()));
    this.#settings.onchange = (name) => this.#settingChanged(name);
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

  #offerTranscript() {
    const text = () => asText(this.#turns.said, this.#connection.facts.name);
    $('copy').addEventListener('click', async () => ($('transcript-copied').textContent = await copied(text())));
    $('save-text').addEventListener('click', () => download(new Blob([text()], { type: 'text/plain' }), 'sparrow-conversation.txt'));
    $('save-json').addEventListener('click', () => {
      const json = asJson(this.#turns.said, this.#connection.facts);
      download(new Blob([json], { type: 'application/json' }), 'sparrow-conversation.json');
    });
  }

  #hold(event) {
    $('hold').setPointerCapture(event.pointerId);
    this.#press();
  }

  #keyDown(event) {
    if (event.key === 'Escape') this.#interrupt();
    const isElsewhere = event.target.closest?.('input:not([type=radio]), select, textarea, summary, button:not(#hold)');
    const mayTalk = this.#talk && this.#connection.microphone && !this.#settings.handsFree;
    if (event.code !== 'Space' || isElsewhere || !mayTalk) return;
    event.preventDefault();
    if (!event.repeat) this.#press();
  }

  #press() {
    this.#connection.quiet();
    this.#talk?.press();
  }

  #interrupt() {
    this.#connection.quiet();
    if (this.#talk?.answering) this.#talk.interrupt();
    this.#draw();
  }

  #mute() {
    this.#talk.questions.muted = !this.#talk.questions.muted;
    this.#draw();
  }

  async #type(event) {
    event.preventDefault();
    const text = $('text').value.trim();
    if (!text || !(await this.#connection.start(false))) return;
    $('text').value = '';
    this.#talk.type(text);
  }

  /** Plays a chosen sample question and sends it, or sends it as text. */
  async #choose(question) {
    if (this.#connection.aloud === ASKED || !(await this.#connection.start(false))) return;
    if (!question.audio) {
      this.#talk.type(question.text);
      return;
    }
    const talk = this.#talk;
    try {
      const file = await serverFile(question.audio, this.#connection.key);
      const recording = await new OfflineAudioContext(1, 1, WIRE_HZ).decodeAudioData(file);
      talk.interrupt();
      if (!(await this.#connection.playAloud(ASKED, recording))) return;
      talk.giveRecording(question.text, toPcm(recording.getChannelData(0)));
    } catch (failure) {
      notify('server', `There is no recording of this question. ${failure.message}`, { tone: 'bad' });
    }
  }

  /** Returns a program that asks the newest question, or a sample question. */
  #program() {
    const { facts, key } = this.#connection;
    const { include: _, ...session } = this.#settings.session(); // its level events are handled here
    const asked = this.#talk?.turns.findLast(({ kind, text }) => kind === 'user' && text)?.text;
    return {
      origin: location.origin,
      needsKey: key !== '',
      model: facts?.name ?? '',
      session,
      question: asked ?? facts?.questions[0]?.text ?? 'How are you?',
    };
  }

  #askForKey() {
    $('key-form').hidden = false;
    $('key').focus();
    $('key').select();
  }

  #takeKey(event) {
    event.preventDefault();
    const key = $('key').value.trim();
    if (!isSendableKey(key)) {
      notify('server', 'A browser cannot send this key: only letters, digits and some symbols are allowed.', { tone: 'bad' });
      return;
    }
    sessionStorage.setItem('sparrow.key', key);
    this.#connection.learn();
  }

  #settingChanged(name) {
    if (name === 'forget' || name === 'transport') return; // read when they are needed
    if (name === 'microphone') {
      this.#connection.changeMicrophone();
      return;
    }
    if (name === 'voice') {
      if (this.#talk) notify('settings', 'A session keeps its voice: stop and start to hear the new one.');
      return;
    }
    this.#talk?.update();
    this.#draw();
  }

  // ---- display ----

  #eachSecond() {
    this.#seconds++;
    this.#connection.watch();
    this.#draw();
    const connected = this.#connection.phase === 'connected';
    if (connected && !document.hidden && (this.#talk.waiting || this.#seconds % LOAD_EVERY === 0)) this.#showLoad();
  }

  async #showLoad() {
    try {
      const load = await serverLoad(this.#connection.key);
      this.#waiting = load.queue;
      showLoad(load);
    } catch {
      this.#waiting = 0; // the socket will notice a lost server
    }
  }

  #state() {
    return stateOf({
      phase: this.#connection.phase,
      talk: this.#talk,
      player: this.#connection.player,
      hasMicrophone: this.#connection.microphone !== null,
      handsFree: this.#settings.handsFree,
      aloud: this.#connection.aloud,
      waiting: this.#waiting,
      retryMs: this.#connection.retryAt - performance.now(),
    });
  }

  #draw() {
    const connected = this.#connection.phase === 'connected';
    this.#stage.show(this.#state());
    this.#stage.buttons({
      connected,
      busy: ['permission', 'connecting', 'reconnecting'].includes(this.#connection.phase),
      hasMicrophone: this.#connection.microphone !== null,
      handsFree: this.#settings.handsFree,
      answering: this.#talk?.answering ?? false,
      muted: this.#talk?.questions.muted ?? false,
    });
    this.#stage.levels({ in: this.#connection.inputPeak, out: this.#connection.player?.peak ?? 0 });
    this.#connection.inputPeak = 0;
    this.#settings.showTransport(connected ? `${this.#talk.isCall ? 'WebRTC' : 'WebSocket'} in use` : '');
    this.#showJudgement(this.#talk?.questions.probability ?? null);
    this.#turns.playing(this.#connection.aloud);
    for (const id of ['copy', 'save-text', 'save-json']) $(id).disabled = this.#turns.said.length === 0;
    $('record').disabled = !(this.#connection.recording?.seconds > 0);
    showFigures(
      this.#talk?.turns.findLast((turn) => turn.kind === 'reply'),
      { facts: this.#connection.facts, settings: this.#settings, underruns: this.#connection.player?.underruns },
    );
  }

  /** Sound that the detector does not consider speech is paler. */
  #showJudgement(probability) {
    const isNoise = this.#settings.handsFree && probability !== null && probability < this.#settings.threshold;
    $('meter-in').classList.toggle('noise', isNoise);
    this.#settings.showJudgement(probability ?? 0);
    this.#stage.judgement(this.#connection.microphone && this.#settings.handsFree ? probability : null, this.#settings.threshold);
  }

  /** Returns a copy of the present state, for tests and debugging. */
  snapshot() {
    const talk = this.#talk;
    return structuredClone({
      phase: this.#connection.phase,
      state: this.#state().name,
      session: talk?.session ?? null,
      turns: (talk?.turns ?? []).map((turn) => ({ ...turn, playedMs: turn.playedMs, heardText: heardText(turn, talk) })),
      truncates: talk?.speaking.truncates ?? [],
      errors: this.#errors,
      underruns: this.#connection.player?.underruns ?? 0,
      startMs: this.#connection.player?.startMs ?? 0,
      contextHz: this.#connection.context?.sampleRate ?? 0,
      events: this.#log.length,
    });
  }
}

function heardText(turn, talk) {
  return turn.kind === 'reply' ? turn.text.slice(0, turn.heardCharacters(talk.speaking.characterPace)) : undefined;
}

const page = new Page();
Object.defineProperty(window, 'sparrow', { get: () => Object.freeze(page.snapshot()) });
await page.begin();
