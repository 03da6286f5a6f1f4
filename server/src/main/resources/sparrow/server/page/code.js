const KEY = 'SPARROW_API_KEY';

/**
 * Programs that send this server a question with the current settings, by language. They read the key from the
 * environment.
 */
export const PROGRAMS = { curl, javascript, java };

/** A chat request, for clients that want the whole answer at once. */
function chat({ model, session, question }) {
  return {
    model,
    modalities: ['text', 'audio'],
    audio: { voice: session.audio.output.voice ?? 'default', format: 'wav' },
    ...(session.sparrow?.exit && { sparrow: session.sparrow }),
    messages: [
      ...(session.instructions ? [{ role: 'system', content: session.instructions }] : []),
      { role: 'user', content: question },
    ],
  };
}

function curl(wanted) {
  const body = json(chat(wanted)).replaceAll("'", "'\\''");
  const key = wanted.needsKey ? ` -H "authorization: Bearer $${KEY}"` : '';
  return `curl -s ${wanted.origin}/v1/chat/completions -H 'content-type: application/json'${key} -d '${body}' |
  jq -r '.choices[0].message.audio.data' | base64 -d > answer.wav
`;
}

/** A session as this page opens it, without the microphone. */
function javascript({ origin, needsKey, session, question }) {
  const key = needsKey ? `const key = globalThis.process?.env.${KEY} ?? prompt('The key of the server');\n` : '';
  const protocols = needsKey ? "['realtime', `openai-insecure-api-key.${key}`]" : "['realtime']";
  const content = [{ type: 'input_text', text: question }];
  return `// For a browser's console, or Node from version 22 on.
${key}const socket = new WebSocket('${origin.replace('http', 'ws')}/v1/realtime', ${protocols});
const send = (event) => socket.send(JSON.stringify(event));
const session = ${json(session)};
const question = ${json({ type: 'message', role: 'user', content })};
const sound = []; // base64 of 16-bit samples at 24 kHz
let text = '';

socket.onopen = () => {
  send({ type: 'session.update', session });
  // To send the sound of a microphone: { type: 'input_audio_buffer.append', audio: base64 }.
  send({ type: 'conversation.item.create', item: question });
  send({ type: 'response.create' });
};
socket.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  if (event.type === 'response.output_audio_transcript.delta') text += event.delta;
  if (event.type === 'response.output_audio.delta') sound.push(event.delta);
  if (event.type === 'error') console.error(event.error.message);
  if (event.type === 'response.done') {
    console.log(text);
    socket.close();
  }
};
`;
}

function java(wanted) {
  const body = json(chat(wanted)).replaceAll('\\', '\\\\').replaceAll('\n', '\n            ');
  const key = wanted.needsKey ? `\n                .header("authorization", "Bearer " + System.getenv("${KEY}"))` : '';
  return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

public class Ask {
    public static void main(String[] arguments) throws Exception {
        String body = """
            ${body}
            """;
        HttpRequest request = HttpRequest.newBuilder(URI.create("${wanted.origin}/v1/chat/completions"))
                .header("content-type", "application/json")${key}
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        String answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
        String audio = answer.split("\\"data\\":\\"")[1].split("\\"")[0];
        Files.write(Path.of("answer.wav"), Base64.getDecoder().decode(audio));
    }
}
`;
}

function json(value) {
  return JSON.stringify(value, null, 2);
}
