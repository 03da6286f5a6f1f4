import { WIRE_HZ } from './pcm.js';

const STORED = 'sparrow.settings';
/** The event by which a server shows how sure its detector is. */
export const SPEECH_PROBABILITY = 'sparrow.speech_probability';
/** Fields that the browser keeps. */
const KEPT = ['mode', 'microphone', 'instructions', 'threshold', 'silence', 'padding'];
/** Schedules that are offered for each exit layer, and what they do. */
const SCHEDULES = {
  even: 'every second speech token exits early',
  triple: 'two of three speech tokens exit early',
  fixed: 'all speech tokens exit early',
};

/** The user's choices, in the form on the page, and the session that follows from it. */
export class Settings {
  #form;
  #facts;
  /** True if the server knows the extension that chooses a policy. */
  #policyKnown = true;
  /** True if the session was told of a policy: from then on also the model’s own one must be named. */
  #policyChosen = false;
  /** The voice of the session that runs: it cannot change once it has spoken. */
  #voice = '';
  /** Called with the name of what changed. */
  onchange = () => {};

  constructor(form) {
    this.#form = form;
    this.#restore();
    // Not on the form: the choice of mode belongs to it, but stands elsewhere on the page.
    for (const field of form.elements) {
      const moment = field.type === 'textarea' ? 'change' : 'input'; // not at each letter
      field.addEventListener(moment, () => this.#changed(field.name));
    }
    form.addEventListener('submit', (event) => event.preventDefault());
    this.#show();
  }

  /** The choices that this server offers. */
  offer(facts) {
    const form = this.#form;
    this.#facts = facts;
    const policy = form.policy.value;
    const voice = form.voice.value;
    form.policy.replaceChildren(
      option('', facts.policy ? `the model’s own (${facts.policy})` : 'the model’s own'),
      option('none', 'none: all layers, always'),
      ...Object.entries(SCHEDULES).map(([name, effect]) =>
        group(`${name}: ${effect}`, facts.exitLayers.map((layer) => option(`${name}:${layer}`, `${name}:${layer}`))),
      ),
    );
    form.policy.closest('.field').hidden = facts.exitLayers.length === 0;
    form.voice.replaceChildren(option('', 'the model’s own'), ...facts.voices.map((voice) => option(voice, voice)));
    form.voice.closest('.field').hidden = facts.voices.length < 2;
    form.instructions.closest('.field').hidden = !facts.instructions;
    choose(form.policy, policy);
    choose(form.voice, voice);
  }

  /** Which microphones can be chosen. */
  offerMicrophones(list) {
    const select = this.#form.microphone;
    const chosen = select.value;
    select.replaceChildren(option('', 'the system’s own'), ...list.map(({ id, label }) => option(id, label)));
    select.closest('.field').hidden = list.length < 2;
    choose(select, chosen);
  }

  /** The id of the microphone that is wanted, empty for the system's own. */
  get microphone() {
    return this.#form.microphone.value;
  }

  get handsFree() {
    return this.#form.mode.value === 'hands-free';
  }

  /** Each question stands alone. */
  get forget() {
    return this.#form.forget.checked;
  }

  /** The exit policy that is asked for, or the server's own. */
  get policy() {
    return this.#form.policy.value || (this.#facts?.policy ?? '');
  }

  /** The probability that begins a turn. */
  get threshold() {
    return Number(this.#form.threshold.value);
  }

  /** Shows how sure the detector is of speech, beside its threshold. @param probability 0 to 1 */
  showJudgement(probability) {
    const { min, max } = this.#form.threshold;
    const level = Math.max(0, Math.min(1, (probability - min) / (max - min)));
    this.#form.querySelector('.judgement').style.setProperty('--level', level.toFixed(2));
  }

  get silenceMs() {
    return Number(this.#form.silence.value);
  }

  beginSession() {
    this.#voice = this.#form.voice.value;
    this.#policyChosen = false;
  }

  /** The session object of `session.update`. */
  session() {
    const form = this.#form;
    this.#policyChosen = this.#policyKnown && (this.#policyChosen || form.policy.value !== '');
    const format = { type: 'audio/pcm', rate: WIRE_HZ };
    return {
      type: 'realtime',
      output_modalities: ['audio'],
      audio: {
        input: {
          format,
          turn_detection: this.handsFree ? this.#turnDetection() : null,
          ...(this.#facts?.transcribes && { transcription: {} }),
        },
        output: { format, ...(this.#voice && { voice: this.#voice }) },
      },
      ...(this.#facts?.family && { include: [SPEECH_PROBABILITY] }),
      ...(this.#facts?.instructions && { instructions: form.instructions.value.trim() }),
      ...(this.#policyChosen && { sparrow: { exit: form.policy.value || null } }),
    };
  }

  #turnDetection() {
    return {
      type: 'server_vad',
      threshold: this.threshold,
      prefix_padding_ms: Number(this.#form.padding.value),
      silence_duration_ms: this.silenceMs,
      create_response: true,
      interrupt_response: true,
    };
  }

  /** The server refused an update. Returns whether it should be sent again, without what it does not know. */
  refused(error) {
    const extension = /sparrow/.test(`${error.param} ${error.message}`) && error.code === 'unknown_parameter';
    if (!extension || !this.#policyKnown) return false;
    this.#policyKnown = false;
    this.#form.policy.value = '';
    this.#form.policy.disabled = true;
    this.#form.policy.title = 'This server always uses its own policy.';
    return true;
  }

  #changed(name) {
    this.#show();
    localStorage.setItem(STORED, JSON.stringify(this.#kept()));
    this.onchange(name);
  }

  #kept() {
    return Object.fromEntries(KEPT.map((name) => [name, this.#form[name].value]));
  }

  #restore() {
    try {
      for (const [name, value] of Object.entries(JSON.parse(localStorage.getItem(STORED) ?? '{}'))) {
        if (name === 'microphone' && value) this.#form.microphone.append(option(value, 'chosen before'));
        if (KEPT.includes(name)) this.#form[name].value = value;
      }
    } catch {
      localStorage.removeItem(STORED);
    }
  }

  /** The sliders' values, in words. */
  #show() {
    const form = this.#form;
    form.querySelector('output[for=threshold]').value = Number(form.threshold.value).toFixed(2);
    form.querySelector('output[for=silence]').value = `${form.silence.value} ms`;
    form.querySelector('output[for=padding]').value = `${form.padding.value} ms`;
    form.querySelector('.detection').hidden = !this.handsFree;
  }
}

/** The choice of before, if it can still be chosen. */
function choose(select, value) {
  select.value = [...select.options].some((each) => each.value === value) ? value : '';
}

function option(value, text) {
  return Object.assign(document.createElement('option'), { value, textContent: text });
}

function group(label, options) {
  const element = Object.assign(document.createElement('optgroup'), { label });
  element.append(...options);
  return element;
}
