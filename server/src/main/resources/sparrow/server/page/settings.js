import { WIRE_HZ } from './pcm.js';

const STORED = 'sparrow.settings';
/** The event with which a server reports the detector's probability of speech. */
export const SPEECH_PROBABILITY = 'sparrow.speech_probability';
/** Fields that the browser stores. */
const KEPT = ['mode', 'microphone', 'transport', 'instructions', 'threshold', 'silence', 'padding'];
/** Schedules that are offered for each exit layer, with descriptions. */
const SCHEDULES = {
  even: 'every second speech token exits early',
  triple: 'two of three speech tokens exit early',
  fixed: 'all speech tokens exit early',
};

/** The user's choices, in the form on the page, and the session settings derived from them. */
export class Settings {
  #form;
  #facts;
  /** True if the server knows the extension for exit policies. */
  #policyKnown = true;
  /** True if the session was sent a policy: from then on, the model's own policy must be sent as well. */
  #policyChosen = false;
  /** The voice of the running session, which cannot change once it has spoken. */
  #voice = '';
  /** Called with the name of the changed setting. */
  onchange = () => {};

  constructor(form) {
    this.#form = form;
    this.#restore();
    // The choice of mode belongs to the form, but is elsewhere on the page.
    for (const field of form.elements) {
      const moment = field.type === 'textarea' ? 'change' : 'input'; // not after each letter
      field.addEventListener(moment, () => this.#changed(field.name));
    }
    form.addEventListener('submit', (event) => event.preventDefault());
    this.#show();
  }

  /** Offers the choices that this server supports. */
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
    form.transport.closest('.field').hidden = !facts.webrtc;
    choose(form.policy, policy);
    choose(form.voice, voice);
  }

  /** Shows how the running session is connected. */
  showTransport(text) {
    this.#form.querySelector('#transport-note').textContent = text;
  }

  /** 'webrtc', if the server accepts calls, or 'websocket'. */
  get transport() {
    return this.#form.transport.value;
  }

  /** Offers the microphones that can be chosen. */
  offerMicrophones(list) {
    const select = this.#form.microphone;
    const chosen = select.value;
    select.replaceChildren(option('', 'the system’s own'), ...list.map(({ id, label }) => option(id, label)));
    select.closest('.field').hidden = list.length < 2;
    choose(select, chosen);
  }

  /** The id of the chosen microphone, empty for the system's default. */
  get microphone() {
    return this.#form.microphone.value;
  }

  get handsFree() {
    return this.#form.mode.value === 'hands-free';
  }

  /** True if each question is independent of the earlier ones. */
  get forget() {
    return this.#form.forget.checked;
  }

  /** The requested exit policy, or the server's own. */
  get policy() {
    return this.#form.policy.value || (this.#facts?.policy ?? '');
  }

  /** The minimum probability of a speech frame. */
  get threshold() {
    return Number(this.#form.threshold.value);
  }

  /**
   * Shows the detector's probability of speech beside its threshold.
   *
   * @param probability 0 to 1
   */
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

  /** Handles a refused update. Returns whether it should be sent again, without the unknown field. */
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

  /** Shows the sliders' values as text. */
  #show() {
    const form = this.#form;
    form.querySelector('output[for=threshold]').value = Number(form.threshold.value).toFixed(2);
    form.querySelector('output[for=silence]').value = `${form.silence.value} ms`;
    form.querySelector('output[for=padding]').value = `${form.padding.value} ms`;
    form.querySelector('.detection').hidden = !this.handsFree;
  }
}

/** Restores the previous choice if it still exists. */
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
