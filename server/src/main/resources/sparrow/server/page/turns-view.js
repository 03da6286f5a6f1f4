import { DepthStrip } from './depth-strip.js';
import { exitLayer, speechPolicy } from './turns.js';

/** The list of what was said; each turn is drawn once and then kept up to date. */
export class TurnsView {
  #list;
  #scroller;
  /** The reader is at the newest turn; whoever has scrolled up is left there. */
  #following = true;
  #welcome;
  #shown = new Map();
  facts;
  /** The policy of the replies to come. */
  policy = () => '';
  pace = () => undefined;

  constructor(list, welcome) {
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
      return;
    }
    if (!view) {
      view = turn.kind === 'user' ? new UserView() : new ReplyView(this.facts, this.policy());
      this.#shown.set(turn.key, view);
      this.#list.append(view.element);
      this.#welcome.hidden = true;
    }
    view.show(turn, this.pace());
    this.#follow();
  }

  /** A line between two sessions. */
  divide(text) {
    if (this.#shown.size === 0) return;
    const line = element('li', 'divider', text);
    this.#list.append(line);
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

class UserView {
  element = element('li', 'turn user');
  #text = element('p', 'words');

  constructor() {
    this.element.append(element('h2', 'who', 'You'), this.#text);
  }

  show(turn) {
    setText(this.#text, turn.text || spoken(turn.seconds));
    this.#text.classList.toggle('wordless', !turn.text);
    if (turn.how === 'recorded') setText(this.element.querySelector('.who'), 'You, by a recording');
  }
}

function spoken(seconds) {
  return seconds > 0 ? `a spoken question, ${seconds.toFixed(1)} seconds` : 'speaking …';
}

class ReplyView {
  element = element('li', 'turn reply');
  #heard = element('span', 'heard');
  #space = element('span', '');
  #unheard = element('span', 'unheard');
  #end = element('p', 'end');
  #depth = element('p', 'depth');
  #strip = new DepthStrip();
  #facts;
  #policy;

  constructor(facts, policy) {
    this.#facts = facts;
    this.#policy = policy;
    const words = element('p', 'words');
    words.append(this.#heard, this.#space, this.#unheard);
    this.element.append(element('h2', 'who', facts.name), words, this.#end, this.#strip.element, this.#depth);
  }

  show(reply, pace) {
    const { layers, speechUnitsPerSecond } = this.#facts;
    const isText = reply.received === 0;
    const heard = isText && reply.over ? reply.text.length : reply.heardCharacters(pace);
    setText(this.#heard, reply.text.slice(0, heard));
    setText(this.#space, reply.text[heard] === ' ' ? ' ' : '');
    setText(this.#unheard, reply.text.slice(heard).trimStart());
    this.element.classList.toggle('cut', reply.cutMs !== null);
    setText(this.#end, ending(reply));
    const exit = exitLayer(speechPolicy(reply.metadata.sparrow_policy) ?? this.#policy);
    this.#strip.show(reply.trace, reply.heardUnits(speechUnitsPerSecond), exit && layers ? exit / layers : null);
    setText(this.#depth, depthInWords(reply, layers, exit));
  }
}

function ending(reply) {
  const after = `${(reply.playedMs / 1000).toFixed(1)} s`;
  if (reply.status === 'lost') return `The connection was lost after ${after} of this answer.`;
  if (reply.cutMs !== null) return `Interrupted after ${after}; the model’s memory of this answer ends there.`;
  if (reply.status === 'failed') return 'This answer failed.';
  if (reply.status === 'incomplete') return 'This answer reached its longest length.';
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

/** Touches the page only where something changed. */
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
