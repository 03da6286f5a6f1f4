// Three spoken turns over GPT-Live, the first one interrupted by the second. Prints what was heard as one JSON object.
// Arguments: base address (http://...), key, client (openai, livekit or ai-sdk), 16-bit samples at 24 kHz of three questions.
import { readFileSync } from 'node:fs';

const [baseURL, apiKey, kind, ...files] = process.argv.slice(2);
const PIECE = 4800; // 100 ms
const heard = { answers: [], said: '', milliseconds: [], lead: 0, errors: [], closed: '' };
const clients = { openai, livekit, 'ai-sdk': aiSdk };

async function openai() {
  const { default: OpenAI } = await import('openai');
  const { LiveWS } = await import('openai/resources/live/ws');
  const live = new LiveWS(new OpenAI({ baseURL, apiKey }));
  live.on('error', ({ message }) => heard.errors.push(message));
  live.on('session.output_transcript.delta', ({ delta }) => text(delta));
  live.on('session.input_transcript.delta', ({ delta }) => (heard.said += delta));
  live.on('session.output_audio.delta', ({ delta }) => sound(Buffer.from(delta, 'base64').length));
  live.send({ type: 'session.start', session: { model: 'gpt-live-1' } });
  await live.emitted('session.started');
  return {
    append: (piece) => live.send({ type: 'session.input_audio.append', audio: piece.toString('base64') }),
    close: async () => {
      live.send({ type: 'session.close' });
      heard.closed = (await live.emitted('session.closed')).reason;
      live.close();
    },
  };
}

async function livekit() {
  const { initializeLogger, llm } = await import('@livekit/agents');
  const { realtime } = await import('@livekit/agents-plugin-openai');
  const { AudioFrame } = await import('@livekit/rtc-node');
  initializeLogger({ pretty: false, level: 'silent' });
  const live = new realtime.GPTLiveModel({ baseURL, apiKey }).session();
  live.on('error', ({ error }) => heard.errors.push(String(error)));
  live.on('transcript_delta', (delta) => text(delta.text));
  live.on('input_audio_transcription_completed', ({ isFinal, transcript }) => isFinal && (heard.said += transcript));
  live.on('openai_server_event_received', (event) => {
    if (event.type === 'session.closed') heard.closed = event.reason;
  });
  (async () => {
    for await (const { frame } of live.audioStream) sound(frame.samplesPerChannel * 2);
  })();
  const started = new Promise((resolve) =>
    live.on('openai_server_event_received', (event) => event.type === 'session.started' && resolve()),
  );
  await live._updateSession('Be brief.', llm.ChatContext.empty(), llm.ToolContext.empty());
  await started;
  return {
    append: (piece) => {
      const samples = new Int16Array(new Uint8Array(piece).buffer);
      live.pushAudio(new AudioFrame(samples, 24000, 1, samples.length));
    },
    close: () => live.close(),
  };
}

async function aiSdk() {
  const { createOpenAI } = await import('@ai-sdk/openai');
  const { WebSocket } = await import('ws');
  const model = createOpenAI({ baseURL, apiKey }).experimental_realtime('gpt-live-1', { api: 'live' });
  const { url, headers } = await model.getServerWebSocketConfig();
  const socket = new WebSocket(url, { headers });
  const send = (event) => socket.send(JSON.stringify(model.serializeClientEvent(event)));
  const parse = model.createServerEventParser();
  const seen = {};
  const first = (type) => new Promise((resolve) => (seen[type] = resolve));
  socket.on('message', (data) => {
    for (const event of parse(JSON.parse(data))) {
      if (event.type === 'error') heard.errors.push(event.message);
      if (event.type === 'audio-chunk') sound(Buffer.from(event.delta, 'base64').length);
      if (event.type === 'transcript-fragment') {
        if (event.speaker === 'assistant') text(event.delta);
        else heard.said += event.delta;
      }
      seen[event.type]?.(event);
    }
  });
  await new Promise((resolve) => socket.on('open', resolve));
  const started = first('session-started');
  send({ type: 'session-start', config: { instructions: 'Be brief.' } });
  await started;
  return {
    append: (piece) => send({ type: 'input-audio-append', audio: piece.toString('base64') }),
    close: async () => {
      const closed = first('session-closed');
      send({ type: 'session-close' });
      heard.closed = (await closed).reason;
      socket.close();
    },
  };
}

let turn = -1;
let begun = 0; // when the first sound of the answer came
let latest = 0;

function text(delta) {
  heard.answers[turn] = (heard.answers[turn] ?? '') + delta;
}

function sound(bytes) {
  latest = performance.now();
  if (!begun) begun = latest;
  heard.milliseconds[turn] = (heard.milliseconds[turn] ?? 0) + bytes / 48;
  if (latest > begun) heard.lead = Math.max(heard.lead, heard.milliseconds[turn] - (latest - begun));
}

const live = await clients[kind]();
const toSay = [];
const microphone = setInterval(() => live.append(toSay.shift() ?? Buffer.alloc(PIECE)), 100);
const until = (condition) =>
  new Promise((resolve) => {
    const poll = setInterval(() => {
      if (!condition()) return;
      clearInterval(poll);
      resolve();
    }, 20);
  });

async function ask(file) {
  const samples = readFileSync(file);
  for (let at = 0; at < samples.length; at += PIECE) {
    const piece = Buffer.alloc(PIECE);
    samples.copy(piece, 0, at, Math.min(samples.length, at + PIECE));
    toSay.push(piece);
  }
  // The answer before may go on until the server hears the question.
  await until(() => !toSay.length);
  turn++;
  begun = 0;
  await until(() => begun);
}

await ask(files[0]);
await until(() => heard.milliseconds[turn] > 600);
await ask(files[1]);
await until(() => performance.now() - latest > 1500);
await ask(files[2]);
await until(() => performance.now() - latest > 1500);
clearInterval(microphone);
await live.close();
console.log(JSON.stringify(heard));
process.exit(0);
