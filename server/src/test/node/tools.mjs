// OpenAI's client for Node offers a tool to a server, in a streamed chat and in a realtime session, and sends the output of the call.
// OpenAI's agents run it by themselves.
// Prints what it heard as one JSON object. Arguments: base address (https://...), key, certificate file, description of the tool, output.
import { readFileSync } from 'node:fs';
import { OpenAIRealtimeWebSocket, RealtimeAgent, RealtimeSession, tool as agentTool } from '@openai/agents-realtime';
import OpenAI from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';

const [baseURL, apiKey, certificate, description, output] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const tool = JSON.parse(description);
const question = 'How is the weather?';

async function chat(model) {
  const messages = [{ role: 'user', content: question }];
  const ask = async () => {
    const stream = client.chat.completions.stream({ model, messages, tools: [tool], temperature: 0 });
    return (await stream.finalChatCompletion()).choices[0];
  };
  const first = await ask();
  const [call] = first.message.tool_calls;
  messages.push(first.message, { role: 'tool', tool_call_id: call.id, content: output });
  const second = await ask();
  return {
    finish: first.finish_reason,
    said: first.message.content,
    name: call.function.name,
    arguments: call.function.arguments,
    answer: second.message.content,
  };
}

function talk(model) {
  const realtime = new OpenAIRealtimeWS({ model, options: { ca: readFileSync(certificate) } }, client);
  const heard = { deltas: '' };
  const add = (item) => realtime.send({ type: 'conversation.item.create', item });
  return new Promise((resolve, reject) => {
    realtime.on('error', reject);
    realtime.on('session.created', () => {
      const { name, description: text, parameters } = tool.function;
      const tools = [{ type: 'function', name, description: text, parameters }];
      realtime.send({ type: 'session.update', session: { type: 'realtime', output_modalities: ['text'], tools } });
    });
    realtime.on('session.updated', () => {
      add({ type: 'message', role: 'user', content: [{ type: 'input_text', text: question }] });
      realtime.send({ type: 'response.create' });
    });
    realtime.on('response.function_call_arguments.delta', ({ delta }) => (heard.deltas += delta));
    realtime.on('response.done', ({ response }) => {
      const call = response.output.find((item) => item.type === 'function_call');
      if (call) {
        Object.assign(heard, { name: call.name, arguments: call.arguments });
        add({ type: 'function_call_output', call_id: call.call_id, output });
        realtime.send({ type: 'response.create' });
        return;
      }
      heard.answer = response.output[0].content[0].text;
      realtime.close();
      resolve(heard);
    });
  });
}

async function agent() {
  const { name, description: text, parameters } = tool.function;
  const heard = { runs: 0, said: [] };
  const execute = () => {
    heard.runs++;
    return output;
  };
  const tools = [agentTool({ name, description: text, parameters, strict: false, execute })];
  const transport = new OpenAIRealtimeWebSocket({ url: `${baseURL.replace('http', 'ws')}/realtime` });
  const session = new RealtimeSession(new RealtimeAgent({ name: 'Agent', tools }), { transport });
  const answered = new Promise((resolve, reject) => {
    session.on('error', ({ error }) => reject(error));
    session.on('agent_tool_start', (_context, _agent, _tool, { toolCall }) => {
      Object.assign(heard, { name: toolCall.name, arguments: toolCall.arguments });
    });
    session.on('agent_end', (_context, _agent, said) => heard.said.push(said) === 2 && resolve());
  });
  await session.connect({ apiKey });
  session.sendMessage(question);
  await answered;
  session.close();
  return { ...heard, answer: heard.said[1] };
}

const model = (await client.models.list()).data[0].id;
console.log(JSON.stringify({ chat: await chat(model), realtime: await talk(model), agent: await agent() }));
