/** The reason why there is no microphone, as a message for the user. */
export class NoMicrophone extends Error {}

/** Names under which Chromium lists devices a second time. */
const PSEUDO = ['default', 'communications'];

const GONE = 'The microphone was disconnected or taken away. Stop and start again to choose another one.';

/** Returns the microphones that the browser reports, as {id, label}; none before the user allowed access to one. */
export async function microphones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId, label }) => kind === 'audioinput' && label && !PSEUDO.includes(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** The microphone's sound as pieces of 40 ms at 24 kHz, resampled from the device's own rate. */
export class Microphone {
  #stream;
  #nodes;

  constructor(stream, nodes) {
    this.#stream = stream;
    this.#nodes = nodes;
  }

  /**
   * Opens the microphone.
   *
   * @param device the id of the wanted microphone, or an empty string; another one is used if it is missing
   * @param raw whether the browser's echo cancellation, noise suppression and gain control are off
   * @param piece called with (pcm, peak)
   * @param lost called with a message if the device is removed
   * @throws NoMicrophone with a message that states the reason
   */
  static async open(context, { device, raw, piece, lost }) {
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          ...(device && { deviceId: device }),
          channelCount: 1,
          echoCancellation: !raw,
          noiseSuppression: !raw,
          autoGainControl: !raw,
        },
      });
      const nodes = await Microphone.#connect(context, stream, piece);
      for (const track of stream.getAudioTracks()) track.onended = () => lost(GONE);
      return new Microphone(stream, nodes);
    } catch (failure) {
      for (const track of stream?.getTracks() ?? []) track.stop();
      throw new NoMicrophone(inWords(failure));
    }
  }

  static async #connect(context, stream, piece) {
    await context.audioWorklet.addModule(new URL('capture-worklet.js', import.meta.url));
    const source = context.createMediaStreamSource(stream);
    const capture = new AudioWorkletNode(context, 'capture', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    capture.port.onmessage = ({ data }) => piece(data.pcm, data.peak);
    source.connect(capture);
    return [source, capture];
  }

  /** The track of the microphone. */
  get track() {
    return this.#stream.getAudioTracks()[0] ?? null;
  }

  close() {
    for (const node of this.#nodes) node.disconnect();
    for (const track of this.#stream.getTracks()) {
      track.onended = null;
      track.stop();
    }
  }
}

function inWords(failure) {
  switch (failure.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return (
        'The browser did not allow the microphone. Allow it in the address bar (or in the system’s privacy settings) and start ' +
        'again.'
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No microphone was found. Connect one and start again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone cannot be opened; another program may be using it. Close that and start again.';
    default:
      return `The microphone cannot be opened: ${failure.message || failure.name}.`;
  }
}
