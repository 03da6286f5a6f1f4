/** The reason for which there is no microphone, for a person. */
export class NoMicrophone extends Error {}

/** Names by which Chromium lists devices twice. */
const PSEUDO = ['default', 'communications'];

const GONE = 'The microphone was disconnected or taken away. Stop and start again to choose another one.';

/** The microphones that the browser tells of, as {id, label}; none before it was allowed to hear one. */
export async function microphones() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind, deviceId, label }) => kind === 'audioinput' && label && !PSEUDO.includes(deviceId))
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** The microphone, at the device's own rate, as pieces of 40 ms at 24 kHz. */
export class Microphone {
  #stream;
  #nodes;

  constructor(stream, nodes) {
    this.#stream = stream;
    this.#nodes = nodes;
  }

  /**
   * Asks for the microphone.
   *
   * @param device the id of the one that is wanted, or an empty string; another one is taken if it is not there
   * @param raw whether the browser's echo cancellation, noise suppression and gain control stay off
   * @param piece called with (pcm, peak)
   * @param lost called with a sentence if the device goes away
   * @throws NoMicrophone with a sentence that says why
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
