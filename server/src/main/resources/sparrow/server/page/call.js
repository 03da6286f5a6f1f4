import { toBase64 } from './pcm.js';

/** Time in which the data channel must open, ms; then the WebSocket is used. */
const PATIENCE_MS = 6000;
/** Sound that may still arrive after the server has sent all of an answer, ms. */
const TAIL_MS = 300;

/**
 * One session over WebRTC, with the interface of a Realtime. The microphone's track is sent while the server detects
 * turns; while a button does, its pieces are sent over the data channel, so that they arrive before the end of the turn.
 */
export class Call {
  /** The server sends the sound of an answer as fast as it is played, and truncates interrupted answers. */
  paced = true;
  dropped = 0;
  #peer = new RTCPeerConnection();
  #channel = this.#peer.createDataChannel('oai-events');
  #sender = this.#peer.addTransceiver('audio').sender;
  #settings;
  #listener;
  #sent = 0;
  #over = false;
  #track = null;
  #sending = null;
  #element = new Audio();
  #nodes = [];
  /** The response whose sound is being received, null if there is none. */
  #sounding = null;
  #tail = 0;

  /**
   * Places a call. If it cannot be connected, the listener is notified that the session was closed without being opened.
   *
   * @param key the server's key, or an empty string
   * @param context the AudioContext that plays the answers
   * @param settings an object with the field handsFree
   * @param listener the functions of a Realtime's listener, and heard(response, pcm) and heardAll(response)
   */
  constructor(key, context, settings, listener) {
    this.#settings = settings;
    this.#listener = listener;
    this.#connect(key, context).catch((failure) => this.#end(failure.message, false));
  }

  async #connect(key, context) {
    const peer = this.#peer;
    await context.audioWorklet.addModule(new URL('capture-worklet.js', import.meta.url));
    peer.ontrack = ({ track }) => this.#listen(track, context);
    this.#channel.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    const opened = new Promise((resolve, reject) => {
      this.#channel.onopen = resolve;
      setTimeout(() => reject(new Error('The data channel did not open.')), PATIENCE_MS);
    });
    await peer.setLocalDescription();
    const response = await fetch('/v1/realtime/calls', {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', ...(key && { Authorization: `Bearer ${key}` }) },
      body: peer.localDescription.sdp,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (response.status !== 201) throw new Error(`The server answered with status ${response.status}.`);
    await peer.setRemoteDescription({ type: 'answer', sdp: await response.text() });
    await opened;
    this.#channel.onclose = () => this.#end('', true);
  }

  /** Reads the track of the answers; the page plays it like the sound of a WebSocket. */
  #listen(track, context) {
    const stream = new MediaStream([track]);
    // Chromium delivers a remote track to the graph only while an element plays it.
    this.#element.srcObject = stream;
    this.#element.muted = true;
    this.#element.play().catch(() => {});
    const source = context.createMediaStreamSource(stream);
    const capture = new AudioWorkletNode(context, 'capture', { numberOfOutputs: 0, channelCount: 1, channelCountMode: 'explicit' });
    capture.port.onmessage = ({ data }) => {
      if (this.#sounding !== null) this.#listener.heard(this.#sounding, data.pcm);
    };
    source.connect(capture);
    this.#nodes = [source, capture];
  }

  get open() {
    return !this.#over && this.#channel.readyState === 'open';
  }

  /** Sends another microphone's track, or none if it is null. */
  use(track) {
    this.#track = track;
    this.#choose();
  }

  #choose() {
    const wanted = this.#settings.handsFree ? this.#track : null;
    if (wanted === this.#sending) return;
    this.#sending = wanted;
    this.#sender.replaceTrack(wanted).catch(() => {}); // the call has ended
  }

  /** Sends an event; returns its id, which an error would contain. */
  send(event, purpose = 'page') {
    const whole = { event_id: `${purpose}_${++this.#sent}`, ...event };
    if (this.open) {
      this.#channel.send(JSON.stringify(whole));
      this.#listener.sent(whole);
    }
    return whole.event_id;
  }

  /** Handles a piece of the microphone's sound. */
  sendAudio(pcm, silent) {
    this.#choose();
    if (this.#settings.handsFree) {
      if (this.#track) this.#track.enabled = !silent;
    } else {
      this.send({ type: 'input_audio_buffer.append', audio: toBase64(pcm) });
    }
    this.#listener.appended(pcm);
  }

  /** Does nothing: pieces do not wait here. */
  flushAudio() {}

  /** Does nothing: the browser reports that a call has ended. */
  watch() {}

  #receive(event) {
    if (this.#over) return;
    switch (event.type) {
      case 'output_audio_buffer.started':
        this.#finish();
        this.#sounding = event.response_id;
        break;
      case 'output_audio_buffer.stopped':
        this.#tail = setTimeout(() => this.#finish(), TAIL_MS);
        break;
      case 'output_audio_buffer.cleared':
        clearTimeout(this.#tail);
        this.#sounding = null;
        break;
      default:
    }
    this.#listener.received(event);
  }

  /** Reports that all sound of an answer has been received. */
  #finish() {
    clearTimeout(this.#tail);
    const response = this.#sounding;
    this.#sounding = null;
    if (response !== null) this.#listener.heardAll(response);
  }

  /** Ends the call from this side without notifying the listener. */
  close() {
    this.#over = true;
    clearTimeout(this.#tail);
    if (this.#track) this.#track.enabled = true; // it may be used again
    for (const node of this.#nodes) node.disconnect();
    this.#element.srcObject = null;
    this.#peer.close();
  }

  #end(reason, opened) {
    if (this.#over) return;
    this.close();
    this.#listener.closed(1006, reason, opened);
  }
}
