// OpenAI's client for Node against a server: a streamed chat and a realtime turn. Prints what it heard as one JSON object.
// Arguments: base address (https://...), key, certificate file, WAV of the question, its 16-bit samples at 24 kHz.
import { createReadStream, readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';

const [baseURL, apiKey, certificate, wav, pcm] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });

async function chat() {
  const stream = client.chat.completions.stream({
    model: (await client.models.list()).data[0].id,
    modalities: ['text', 'audio'],
    audio: { voice: 'alloy', format: 'pcm16' },
    temperature: 0,
    messages: [
      { role: 'system', content: 'You are a helpful assistant.' },
      {
        role: 'user',
        content: [
          { type: 'input_audio', input_audio: { data: readFileSync(wav).toString('base64'), format: 'wav' } },
        ],
      },
    ],
  });
  const { choices } = await stream.finalChatCompletion();
  const { audio } = choices[0].message;
  return {
    transcript: audio.transcript,
    bytes: Buffer.from(audio.data, 'base64').length,
    finish: choices[0].finish_reason,
  };
}

async function tasks(model, voice) {
  const file = () => createReadStream(wav);
  const { text } = await client.audio.transcriptions.create({ model, file: file() });
  const events = await client.audio.transcriptions.create({ model, file: file(), stream: true });
  const streamed = { deltas: '', text: '' };
  for await (const event of events) {
    if (event.type === 'transcript.text.delta') streamed.deltas += event.delta;
    if (event.type === 'transcript.text.done') streamed.text = event.text;
  }
  const spoken = await client.audio.speech.create({ model, input: 'Good morning.', voice, response_format: 'pcm' });
  return { text, streamed, bytes: (await spoken.arrayBuffer()).byteLength };
}

function talk(model) {
  const realtime = new OpenAIRealtimeWS({ model, options: { ca: readFileSync(certificate) } }, client);
  const heard = { transcript: '', bytes: 0, events: [] };
  return new Promise((resolve, reject) => {
    realtime.on('error', reject);
    realtime.on('event', (event) => heard.events.push(event.type));
    realtime.on('session.created', () => {
      realtime.send({
        type: 'session.update',
        session: {
          type: 'realtime',
          audio: { input: { turn_detection: null, transcription: { model: 'gpt-4o-mini-transcribe' } } },
        },
      });
    });
    realtime.on('session.updated', () => {
      const samples = readFileSync(pcm);
      for (let from = 0; from < samples.length; from += 4800) {
        const audio = samples.subarray(from, from + 4800).toString('base64');
        realtime.send({ type: 'input_audio_buffer.append', audio });
      }
      realtime.send({ type: 'input_audio_buffer.commit' });
      realtime.send({ type: 'response.create' });
    });
    // The user's words may come before or after the end of the response.
    const over = () => {
      if (heard.status && heard.said !== undefined) {
        realtime.close();
        resolve(heard);
      }
    };
    realtime.on('conversation.item.input_audio_transcription.completed', ({ transcript }) => {
      heard.said = transcript;
      over();
    });
    realtime.on('conversation.item.input_audio_transcription.failed', ({ error }) => {
      heard.said = error.message;
      over();
    });
    realtime.on('response.output_audio_transcript.delta', ({ delta }) => (heard.transcript += delta));
    realtime.on('response.output_audio.delta', ({ delta }) => (heard.bytes += Buffer.from(delta, 'base64').length));
    realtime.on('response.done', ({ response }) => {
      heard.status = response.status;
      over();
    });
  });
}

const { id, sparrow } = (await client.models.list()).data[0];
console.log(
  JSON.stringify({
    chat: await chat(),
    realtime: await talk(id),
    tasks: sparrow.transcribes ? await tasks(id, sparrow.reading_voices[0]) : null,
  }),
);
