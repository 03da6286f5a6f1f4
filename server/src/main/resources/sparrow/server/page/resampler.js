/** Zero crossings of the sinc on each side: how steep the low-pass is. */
const ZERO_CROSSINGS = 16;
/** The end of the pass band, as a share of half of the lower rate. */
const ROLL_OFF = 0.94;

/**
 * Changes the sample rate of a stream by any ratio: a windowed sinc with one phase for each step of the reduced ratio.
 * The output does not depend on how the input is divided into pieces. Both worklets use it, because microphones and
 * loudspeakers have different rates, and some browsers refuse to open a microphone at another rate.
 */
export class Resampler {
  #from;
  #to;
  /** Taps on each side of an output sample. */
  #width;
  /** [phase][tap] */
  #kernel;
  /** Input that is still needed; the next output sample lies between #whole and #whole + 1, at #phase of #to parts. */
  #input;
  #whole;
  #phase;

  constructor(fromHz, toHz) {
    const divisor = greatestCommonDivisor(fromHz, toHz);
    this.#from = fromHz / divisor;
    this.#to = toHz / divisor;
    const cutoff = ROLL_OFF * Math.min(1, toHz / fromHz);
    this.#width = Math.ceil(ZERO_CROSSINGS / cutoff);
    this.#kernel = Array.from({ length: this.#to }, (_, phase) => taps(phase / this.#to, this.#width, cutoff));
    this.#restart();
  }

  /** Takes input samples, gives the output samples that can be made of all so far. */
  push(samples) {
    const joined = new Float32Array(this.#input.length + samples.length);
    joined.set(this.#input);
    joined.set(samples, this.#input.length);
    const made = new Float32Array(Math.ceil((joined.length * this.#to) / this.#from) + 1);
    let count = 0;
    while (this.#whole + this.#width < joined.length) {
      made[count++] = this.#at(joined);
      this.#phase += this.#from;
      this.#whole += Math.floor(this.#phase / this.#to);
      this.#phase %= this.#to;
    }
    const used = Math.min(joined.length, this.#whole - this.#width + 1);
    this.#input = joined.slice(used);
    this.#whole -= used;
    return made.slice(0, count);
  }

  /** Returns the remaining samples, as if silence followed, and starts again. */
  flush() {
    const rest = this.push(new Float32Array(this.#width));
    this.#restart();
    return rest;
  }

  #at(input) {
    const kernel = this.#kernel[this.#phase];
    const first = this.#whole - this.#width + 1;
    let sum = 0;
    for (let tap = 0; tap < kernel.length; tap++) sum += kernel[tap] * input[first + tap];
    return sum;
  }

  #restart() {
    this.#input = new Float32Array(this.#width - 1); // silence before the first sample
    this.#whole = this.#width - 1;
    this.#phase = 0;
  }
}

/** Returns the filter of one phase, around a point `fraction` of a sample after the middle; its taps add up to 1. */
function taps(fraction, width, cutoff) {
  const kernel = new Float32Array(2 * width);
  let sum = 0;
  for (let tap = 0; tap < kernel.length; tap++) {
    const distance = (tap - width + 1 - fraction) * cutoff;
    if (Math.abs(distance) < ZERO_CROSSINGS) {
      const sinc = distance === 0 ? 1 : Math.sin(Math.PI * distance) / (Math.PI * distance);
      kernel[tap] = sinc * Math.cos((Math.PI * distance) / (2 * ZERO_CROSSINGS)) ** 2;
    }
    sum += kernel[tap];
  }
  return kernel.map((value) => value / sum);
}

function greatestCommonDivisor(a, b) {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
