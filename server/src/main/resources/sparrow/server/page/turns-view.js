import { DepthStrip } from './depth-strip.js';
import { exitLayer } from './turns.js';

/** The list of turns; each turn is drawn once and then updated. */
export class TurnsView {
  #list;
  #scroller;
  /** True if the reader is at the newest turn; the list does not scroll for a reader that has scrolled up. */
  #following = true;
  #welcome;
  #shown = new Map();
  /** Turns, and the dividers between sessions, in order. */
  said = [];
  #replays;
  facts;
  /** Returns the policy of future replies. */
  policy = () => '';
  pace = () => undefined;

  constructor(list, welcome, replays) {
    this.#replays = replays;
    this.#list = list;
    this.#scroller = list.parentElement;
    this.#scroller.addEventListener('scroll', () => (this.#following = this.#isAtEnd()));
    new ResizeObserver(() => this.#follow()).observe(this.#scroller);
    this.#welcome = welcome;
  }

  show(turn, gone = false) {
    let view = this.#shown.get(turn.key);
    if (gone) {
      view?.element.remove();
      this.#shown.delete(turn.key);
      this.said = this.said.filter((other) => other !== turn);
      return;
    }
    if (!view) {
      view = turn.kind === 'user' ? new UserView(turn, this.#replays) : new ReplyView(turn, this.#replays, this.facts, this.policy());
      this.#shown.set(turn.key, view);
      this.said.push(turn);
      this.#list.append(view.element);
      this.#welcome.hidden = true;
    }
    view.show(turn, this.pace());
    this.#follow();
  }

  /** Shows which turn is played again, by its key; none if null. */
  playing(key) {
    for (const [each, view] of this.#shown) view.head.playing(each === key);
  }

  /** Adds a divider between two sessions. */
  divide(text) {
    if (this.#shown.size === 0) return;
    const line = element('li', 'divider', text);
    this.#list.append(line);
    this.said.push({ kind: 'divider', text });
    this.#follow();
  }

  #follow() {
    if (this.#following && this.#shown.size > 0) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 80;
  }
}

/** The line above the text of a turn: speaker, time, and a button for playing its sound. */
class TurnHead {
  element = element('div', 'head');
  #what;
  #after = element('span', 'after');
  #play = Object.assign(element('button', 'quiet'), { type: 'button' });

  constructor(who, what, turn, replays) {
    this.#what = what;
    const when = new Date(turn.at);
    const time = element('time', '', when.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }));
    time.dateTime = when.toISOString();
    this.#after.title = 'from the end of your turn to the first sound';
    this.#play.addEventListener('click', () => replays.play(turn));
    this.element.append(element('h2', 'who', who), time, this.#after, this.#play);
    if (turn.kind === 'reply') {
      const button = Object.assign(element('button', 'quiet', 'Save'), { type: 'button', title: 'as a WAV file' });
      button.setAttribute('aria-label', 'Save this answer as a WAV file');
      button.addEventListener('click', () => replays.save(turn));
      this.element.append(button);
    }
    this.playing(false);
  }

  show(turn) {
    if (turn.firstAudioMs > 0) setText(this.#after, `after ${(turn.firstAudioMs / 1000).toFixed(2)} s`);
    for (const button of this.element.querySelectorAll('button')) button.hidden = !turn.hasSound;
  }

  playing(is) {
    const text = is ? 'Stop' : 'Play';
    if (this.#play.textContent === text) return;
    this.#play.textContent = text;
    this.#play.setAttribute('aria-label', is ? 'Stop playing' : `Play this ${this.#what} again`);
  }
}

class UserView {
  element = element('li', 'turn user');
  head;
  #text = element('p', 'words');

  constructor(turn, replays) {
    const who = turn.how === 'recorded' ? 'You, by a recording' : 'You';
    this.head = new TurnHead(who, 'question', turn, replays);
    this.element.append(this.head.element, this.#text);
  }

  show(turn) {
    this.head.show(turn);
    setText(this.#text, turn.text || spoken(turn.seconds));
    this.#text.classList.toggle('wordless', !turn.text);
  }
}

function spoken(seconds) {
  return seconds > 0 ? `a spoken question, ${seconds.toFixed(1)} seconds` : 'speaking …';
}

class ReplyView {
  element = element('li', 'turn reply');
  head;
  #heard = element('span', 'heard');
  #space = element('span', '');
  #unheard = element('span', 'unheard');
  #end = element('p', 'end');
  #depth = element('p', 'depth');
  #strip = new DepthStrip();
  #facts;
  #policy;

  constructor(reply, replays, facts, policy) {
    this.head = new TurnHead(facts.name, 'answer', reply, replays);
    this.#facts = facts;
    this.#policy = policy;
    const words = element('p', 'words');
    words.append(this.#heard, this.#space, this.#unheard);
    this.element.append(this.head.element, words, this.#end, this.#strip.element, this.#depth);
  }

  show(reply, pace) {
    this.head.show(reply);
    const { layers, speechUnitsPerSecond } = this.#facts;
    const isText = reply.received === 0;
    const heard = isText && reply.over && reply.cutMs === null ? reply.text.length : reply.heardCharacters(pace);
    setText(this.#heard, reply.text.slice(0, heard));
    setText(this.#space, reply.text[heard] === ' ' ? ' ' : '');
    setText(this.#unheard, reply.text.slice(heard).trimStart());
    this.element.classList.toggle('cut', reply.cutMs !== null);
    setText(this.#end, ending(reply, this.#facts.questions ?? []));
    const exit = exitLayer(reply.metadata.sparrow_exit ?? this.#policy);
    this.#strip.show(reply.trace, reply.heardUnits(speechUnitsPerSecond), exit && layers ? exit / layers : null);
    setText(this.#depth, depthInWords(reply, layers, exit));
  }
}

function ending(reply, questions) {
  const after = `${(reply.playedMs / 1000).toFixed(1)} s`;
  if (reply.status === 'lost') return `The connection was lost after ${after} of this answer.`;
  if (reply.cutMs !== null) return `Interrupted after ${after}; the model’s memory of this answer ends there.`;
  if (reply.status === 'failed') return 'This answer failed.';
  if (reply.status === 'incomplete') return 'This answer reached its longest length.';
  // The last sample questions are said by a natural voice.
  const known = questions.slice(-3).map(({ text }) => `“${text}”`);
  if (reply.metadata.sparrow_understood === 'false' && known.length > 0) return `It can answer, for example: ${known.join(' ')}`;
  return '';
}

function depthInWords(reply, layers, exit) {
  if (reply.trace.length === 0) return '';
  const parts = [`${reply.trace.length - reply.speechTokens} text and ${reply.speechTokens} speech tokens`];
  const mean = reply.meanLayers(layers, exit);
  if (mean !== null) parts.push(`speech ran ${mean.toFixed(1)} of ${layers} layers`);
  const saved = reply.depthSaved(layers, exit);
  if (saved !== null) parts.push(`${(saved * 100).toFixed(1)} % of the depth saved`);
  return parts.join(' · ');
}

function element(name, className, text = '') {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

/** Changes the page only if the text differs. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
