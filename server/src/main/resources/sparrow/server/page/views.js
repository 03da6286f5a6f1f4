import { exitLayer } from './turns.js';

const $ = (id) => document.getElementById(id);

/** Shows the state as text and colour, the level meters, and the buttons. */
export class StageView {
  #name;
  #levels = { in: 0, out: 0 };
  #drawn = 0;

  show(state) {
    setText($('sentence'), state.sentence);
    if ($('state').textContent !== state.word) $('state').textContent = state.word; // a screen reader announces changes
    if (this.#name !== state.name) $('stage').dataset.state = this.#name = state.name;
  }

  /**
   * Shows the levels, which fall by half in 0.2 s, so that the eye can follow.
   *
   * @param peaks 0 to 1
   */
  levels(peaks) {
    const now = performance.now();
    const left = 0.5 ** ((now - this.#drawn) / 200);
    this.#drawn = now;
    for (const side of ['in', 'out']) {
      this.#levels[side] = Math.max(decibels(peaks[side]), this.#levels[side] * left);
      const meter = $(`meter-${side}`);
      meter.style.setProperty('--level', this.#levels[side].toFixed(3));
      meter.setAttribute('aria-valuenow', String(Math.round(this.#levels[side] * 100)));
    }
    const loudest = Math.max(this.#levels.in, this.#levels.out);
    $('stage').style.setProperty('--level', loudest.toFixed(3));
  }

  /** Shows the detector's probability of speech beside the threshold; null hides it. */
  judgement(probability, threshold) {
    const meter = $('meter-speech');
    meter.hidden = probability === null;
    meter.style.setProperty('--level', (probability ?? 0).toFixed(2));
    meter.style.setProperty('--threshold', threshold);
    meter.setAttribute('aria-valuenow', String(Math.round((probability ?? 0) * 100)));
  }

  buttons({ connected, hasMicrophone, handsFree, answering, muted, busy }) {
    $('start').hidden = connected && hasMicrophone;
    $('start').disabled = busy;
    setText($('start'), connected ? 'Use microphone' : 'Start talking');
    $('stop').hidden = !connected && !busy;
    $('hold').hidden = !(connected && hasMicrophone && !handsFree);
    $('interrupt').hidden = !(connected && answering);
    $('mute').hidden = !(connected && hasMicrophone && handsFree);
    $('mute').setAttribute('aria-pressed', String(muted));
    setText($('mute'), muted ? 'Unmute' : 'Mute');
  }
}

/** Maps -54 dB to full scale to 0 to 1. */
function decibels(peak) {
  return peak > 0 ? Math.max(0, Math.min(1, 1 + (20 * Math.log10(peak)) / 54)) : 0;
}

/** Shows the figures of the newest answer. */
export function showFigures(reply, { facts, settings, underruns }) {
  if (!reply) return;
  const policy = reply.metadata.sparrow_exit ?? settings.policy;
  const exit = exitLayer(policy);
  const mean = reply.meanLayers(facts.layers, exit);
  const saved = reply.depthSaved(facts.layers, exit);
  setText($('latency'), reply.firstAudioMs === null ? '–' : `${Math.round(reply.firstAudioMs)} ms`);
  setText($('latency-note'), latencyNote(reply));
  setText($('rtf'), reply.realTimeFactor === null ? '–' : reply.realTimeFactor.toFixed(2));
  setText($('underruns'), String(reply.underruns));
  setText($('underruns-note'), `gaps; ${underruns} in the session`);
  setText($('layers'), mean === null ? '–' : mean.toFixed(1));
  setText($('layers-note'), facts.layers ? `of ${facts.layers}, by ${policy || 'its policy'}` : 'on average');
  setText($('saved'), saved === null ? '–' : `${(saved * 100).toFixed(1)} %`);
}

function latencyNote(reply) {
  const parts = [];
  const silenceMs = reply.endOfTurn?.silenceMs ?? 0;
  if (silenceMs > 0) parts.push(`after the ${silenceMs} ms of silence that ended it`);
  const server = Number.parseFloat(reply.metadata.sparrow_first_audio_ms);
  if (Number.isFinite(server)) parts.push(`the server counts ${Math.round(server)} ms`);
  return parts.join('; ') || 'measured here, in the browser';
}

/** Shows the kinds of tokens that occurred in the legend. */
export function showLegend({ trace = '' }) {
  for (const item of $('legend').children) {
    if (trace.includes(item.firstElementChild.className)) item.hidden = false;
  }
}

/** Shows the model in the header and the legend. */
export function showModel(facts) {
  const parts = [facts.name];
  if (facts.layers) parts.push(`${facts.layers} layers`);
  if (facts.family) parts.push(facts.family);
  if (facts.speechUnitsPerSecond) parts.push(`${facts.speechUnitsPerSecond} speech tokens a second`);
  setText($('model'), parts.join(' · '));
  document.title = `Sparrow: talk with ${facts.name}`;
  if (facts.layers && facts.exitLayers.length > 0) {
    const exit = exitLayer(facts.policy) ?? facts.exitLayers.join(', ').replace(/, (\d+)$/, ' or $1');
    setText(
      $('depth-text'),
      `The model has ${facts.layers} layers. Many speech tokens are decided before the last one: they leave at layer ${exit}, ` +
        'and the next full token fills in what they skipped.',
    );
  }
}

export function showLoad({ active, queue, kvBytes, depthSaved }) {
  const parts = [];
  if (active) parts.push(active === 1 ? '1 answer running' : `${active} answers running`);
  if (queue) parts.push(`${queue} waiting`);
  if (kvBytes) parts.push(`conversations hold ${Math.ceil(kvBytes / 2 ** 20)} MB`);
  if (depthSaved > 0) parts.push(`${(depthSaved * 100).toFixed(1)} % of the depth saved`);
  setText($('load'), parts.join(' · '));
}

/** Shows sample questions, to be spoken or chosen, and the model's limits. */
export function showSamples(facts, choose) {
  $('samples').hidden = facts.questions.length === 0 && !facts.about;
  const memory = facts.turns > 1 ? `It remembers the newest ${facts.turns} turns of a conversation.` : '';
  setText($('about'), [facts.about, memory].filter(Boolean).join(' '));
  if (facts.questions.length > 0) {
    setText($('advice'), 'Ask one of the questions below, then another one.');
    const [shortest] = facts.questions.map(({ text }) => text).sort((a, b) => a.length - b.length);
    $('text').placeholder = `Or type one: ${shortest}`;
  }
  const list = $('samples').querySelector('ul');
  const more = $('more-samples');
  const look = () => (more.hidden = list.scrollLeft + list.clientWidth > list.scrollWidth - 16);
  list.onscroll = look;
  more.onclick = () => list.scrollBy({ left: list.clientWidth * 0.75 });
  new ResizeObserver(look).observe(list);
  list.replaceChildren(
    ...facts.questions.map((question) => {
      const item = document.createElement('li');
      const chip = Object.assign(document.createElement('button'), { type: 'button', textContent: question.text });
      chip.title = question.audio ? 'asks with a recorded voice' : 'asks by text';
      chip.addEventListener('click', () => choose(question));
      item.append(chip);
      return item;
    }),
  );
  look();
}

/** Shows a message, which replaces one of the same kind; `lasting` ones remain until they are closed or replaced. */
export function notify(kind, text, { lasting = false, tone = 'info' } = {}) {
  clearNotice(kind);
  const box = document.createElement('p');
  box.className = `notice ${tone}`;
  box.dataset.kind = kind;
  const close = Object.assign(document.createElement('button'), { type: 'button', textContent: '×' });
  close.setAttribute('aria-label', 'Close this message');
  close.addEventListener('click', () => box.remove());
  box.append(text, close);
  $('notices').append(box);
  if (!lasting) setTimeout(() => box.remove(), 8000);
}

export function clearNotice(kind) {
  for (const box of $('notices').querySelectorAll(`[data-kind=${kind}]`)) box.remove();
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
