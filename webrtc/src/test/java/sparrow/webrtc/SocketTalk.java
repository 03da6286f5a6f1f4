package sparrow.webrtc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import sparrow.server.audio.Pcm16;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** Asks a recorded question over the WebSocket. */
final class SocketTalk implements WebSocket.Listener {
    private static final ObjectMapper JSON = new ObjectMapper();

    static final String RESPOND = "{\"type\":\"response.create\"}";

    private final StringBuilder frame = new StringBuilder();
    private final ByteArrayOutputStream sound = new ByteArrayOutputStream();
    private final CompletableFuture<Waveform> answer = new CompletableFuture<>();

    /** Returns the sound of the answer to a recorded question. */
    static Waveform answer(URI server, Path question) throws Exception {
        byte[] pcm = Pcm16.encode(WavFile.read(question).at(24_000).samples());
        String audio = Base64.getEncoder().encodeToString(pcm);
        return answer(server, item("{\"type\":\"input_audio\",\"audio\":\"" + audio + "\"}"));
    }

    /** Returns the event that adds a question to the conversation. */
    static String item(String content) {
        return "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\",\"role\":\"user\",\"content\":["
                + content + "]}}";
    }

    /** @param question an event that adds the question to the conversation */
    static Waveform answer(URI server, String question) throws Exception {
        SocketTalk talk = new SocketTalk();
        URI address = URI.create("ws" + server.toString().substring(4)).resolve("/v1/realtime");
        try (HttpClient client = HttpClient.newHttpClient()) {
            WebSocket socket =
                    client.newWebSocketBuilder().buildAsync(address, talk).get(5, TimeUnit.MINUTES);
            socket.sendText(question, true).get(5, TimeUnit.MINUTES);
            socket.sendText(RESPOND, true).get(5, TimeUnit.MINUTES);
            Waveform answer = talk.answer.get(5, TimeUnit.MINUTES);
            socket.abort();
            return answer;
        }
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean last) {
        frame.append(piece);
        socket.request(1);
        if (last) {
            receive(frame.toString());
            frame.setLength(0);
        }
        return null;
    }

    private void receive(String text) {
        try {
            JsonNode event = JSON.readTree(text);
            switch (event.get("type").asText()) {
                case "response.output_audio.delta" ->
                    sound.writeBytes(
                            Base64.getDecoder().decode(event.get("delta").asText()));
                case "response.done" -> {
                    short[] steps = new short[sound.size() / 2];
                    ByteBuffer.wrap(sound.toByteArray())
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asShortBuffer()
                            .get(steps);
                    float[] samples = new float[steps.length];
                    for (int i = 0; i < steps.length; i++) samples[i] = steps[i] * 0x1p-15f;
                    answer.complete(new Waveform(samples, 24_000));
                }
                default -> {}
            }
        } catch (IOException e) {
            answer.completeExceptionally(e);
        }
    }
}
