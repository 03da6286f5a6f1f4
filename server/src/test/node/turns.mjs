// Three turns of OpenAI's client for Node, spoken, and three of its agents, typed. Prints what they heard as one JSON object.
// Arguments: base address (https://...), key, certificate file, the question's 16-bit samples at 24 kHz.
import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession } from '@openai/agents-realtime';

const [baseURL, apiKey, certificate, pcm] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const TURNS = 3;

function talk(model) {
  const realtime = new OpenAIRealtimeWS({ model, options: { ca: readFileSync(certificate) } }, client);
  const turns = [];
  let bytes = 0;
  const ask = () => {
    const samples = readFileSync(pcm);
    for (let from = 0; from < samples.length; from += 4800) {
      const audio = samples.subarray(from, from + 4800).toString('base64');
      realtime.send({ type: 'input_audio_buffer.append', audio });
    }
    realtime.send({ type: 'input_audio_buffer.commit' });
    realtime.send({ type: 'response.create' });
  };
  return new Promise((resolve, reject) => {
    realtime.on('error', reject);
    realtime.on('session.created', () => {
      realtime.send({ type: 'session.update', session: { type: 'realtime', audio: { input: { turn_detection: null } } } });
    });
    realtime.on('session.updated', ask);
    realtime.on('response.output_audio.delta', ({ delta }) => (bytes += Buffer.from(delta, 'base64').length));
    realtime.on('response.done', ({ response }) => {
      turns.push({ status: response.status, bytes });
      bytes = 0;
      if (turns.length < TURNS) return ask();
      realtime.close();
      resolve(turns);
    });
  });
}

async function agent() {
  const transport = new OpenAIRealtimeWebSocket({ url: `${baseURL.replace('http', 'ws')}/realtime` });
  const session = new RealtimeSession(new RealtimeAgent({ name: 'Agent' }), { transport });
  const said = [];
  const answered = new Promise((resolve, reject) => {
    session.on('error', ({ error }) => reject(error));
    session.on('agent_end', (_context, _agent, text) => {
      if (said.push(text) === TURNS) return resolve();
      session.sendMessage('And then?');
    });
  });
  await session.connect({ apiKey });
  session.sendMessage('Hello.');
  await answered;
  session.close();
  return said;
}

const model = (await client.models.list()).data[0].id;
console.log(JSON.stringify({ realtime: await talk(model), agent: await agent() }));
