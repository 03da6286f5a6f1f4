// Runs llama.cpp on the CPU with a GGUF file and greedy decoding. Prints one line of JSON.
//
//   node peer.mjs speed MODEL THREADS PROMPT_TOKENS NEW_TOKENS
//   node peer.mjs greedy MODEL NEW_TOKENS ID,ID,...
import { getLlama, LlamaLogLevel } from 'node-llama-cpp';

async function load(modelPath, threads) {
  const llama = await getLlama({ gpu: false, build: 'never', logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath });
  const context = await model.createContext({ contextSize: 1024, batchSize: 512, threads });
  return context.getSequence();
}

async function speed(modelPath, threads, promptTokens, newTokens) {
  const ids = Array.from({ length: Number(promptTokens) }, (_, place) => 100 + ((place * 31) % 900));
  const sequence = await load(modelPath, Number(threads));
  const times = [performance.now()];
  for await (const _ of sequence.evaluate(ids, { temperature: 0 })) {
    times.push(performance.now());
    if (times.length === Number(newTokens) + 2) break;
  }
  const [start, first] = times;
  return {
    prefill_tokens_per_s: ids.length / ((first - start) / 1000),
    decode_tokens_per_s: (times.length - 2) / ((times.at(-1) - first) / 1000),
  };
}

async function greedy(modelPath, newTokens, ids) {
  const sequence = await load(modelPath);
  const tokens = [];
  for await (const token of sequence.evaluate(ids.split(',').map(Number), { temperature: 0 })) {
    tokens.push(token);
    if (tokens.length === Number(newTokens)) break;
  }
  return tokens;
}

const [command, ...words] = process.argv.slice(2);
console.log(JSON.stringify(await { speed, greedy }[command](...words)));
process.exit(0); // llama.cpp's threads would keep the process alive
