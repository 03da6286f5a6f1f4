package sparrow.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.SafetensorsFolder;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.formats.weights.TensorDescription;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;
import sparrow.tensor.DType;

/**
 * The tiny checkpoint of Step-Audio-2 with other weights, under which each token has one that follows it: the model says a word, calls a
 * tool and ends. Once the word {@value #OUTPUT} stands in the prompt it says another word instead, and ends.
 *
 * <p>Each token of a reply is a unit vector, and the row of the output matrix of the next one is the same vector. A head that attends to all
 * positions alike in layer 1 sees whether the word is among them.
 */
public final class CallingModel {
    public static final String WORD = "He";
    public static final String ANSWER = "The";
    public static final String NAME = "get_weather";
    public static final String ARGUMENTS = "{\"city\": \"Zürich 🐦\", \"days\": {\"n\": [1, {}]}}";

    /** An output of the tool that is answered. */
    public static final String OUTPUT = "Hello Hello";

    /** Samples of a word. */
    public static final int SAMPLES = 4 * 24_000 / 25;

    private static final Path TINY = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini", "ckpt");
    private static final int WIDTH = 64;
    private static final int SEEN = WIDTH - 2;
    private static final int ANSWERING = WIDTH - 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Integer> ids = new HashMap<>();
    private final float[] embedding;
    private final float[] output;

    /** Tokens of replies, each with a direction of its own. */
    private final List<Integer> spoken = new ArrayList<>();

    private CallingModel(int vocabulary) throws IOException {
        embedding = new float[vocabulary * WIDTH];
        output = new float[vocabulary * WIDTH];
        for (String file : List.of("vocab.json", "added_tokens.json")) {
            JSON.readTree(TINY.resolve(file).toFile())
                    .properties()
                    .forEach(token -> ids.put(token.getKey(), token.getValue().intValue()));
        }
    }

    /**
     * Writes its folder.
     *
     * @param arguments that it calls the tool with, JSON or not
     */
    public static Path write(Path folder, String arguments) throws IOException {
        Files.createDirectories(folder.resolve("token2wav"));
        for (String file : List.of("config.json", "token2wav/flow.yaml", "token2wav/flow.pt", "token2wav/hift.pt")) {
            Files.copy(TINY.resolve(file), folder.resolve(file));
        }
        // Added tokens without a meaning become pieces of the call, since no token may occur in it twice.
        int[] call = ("function\n" + NAME + "\n" + arguments).codePoints().toArray();
        String tokenizer = Files.readString(TINY.resolve("tokenizer.json"));
        for (int i = 0; i < 4; i++) {
            int from = call.length * i / 4;
            String piece = new String(call, from, call.length * (i + 1) / 4 - from);
            tokenizer = tokenizer.replace(
                    "\"" + piece(i) + "\"", TextNode.valueOf(piece).toString());
        }
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer);
        float[] mel = new float[6 * Voice.FRAMES_PER_CODE * Voice.MEL_BINS];
        Arrays.fill(mel, -5);
        VoiceFile.write(folder.resolve("token2wav").resolve(VoiceFile.NAME), new Voice(new int[6], new float[24], mel));
        try (Checkpoint tiny = SafetensorsFolder.open(TINY)) {
            CallingModel model =
                    new CallingModel(tiny.tensor("lm_head.weight").shape().getFirst());
            model.plant();
            List<TensorDescription> tensors = tiny.names().stream()
                    .map(name -> new TensorDescription(
                            name, DType.F32, tiny.tensor(name).shape()))
                    .toList();
            SafetensorsWriter.write(
                    folder.resolve("model.safetensors"),
                    tensors,
                    Map.of(),
                    (tensor, to) -> tensor.write(model.values(tensor), to));
        }
        return folder;
    }

    private static String piece(int number) {
        return "<|reserved_" + (28 + number) + "|>";
    }

    private void plant() {
        say(1, "<tts_start>", WORD, "<audio_0>", "<audio_1>", "<audio_2>", "<audio_3>", "<tts_end>", "<tool_call>");
        say(1, "<tool_call>", piece(0), piece(1), piece(2), piece(3), "</tool_call>", "<|EOT|>");
        say(0.9f, "<tts_start>", ANSWER, "<audio_4>", "<audio_5>", "<audio_6>", "<audio_7>", "<|EOT|>");
        int answer = ids.get(ANSWER) * WIDTH;
        for (int i = 1; i < spoken.size(); i++) output[answer + i] = -1;
        output[answer + ANSWERING] = 6;
        embedding[ids.get("Hello") * WIDTH + SEEN] = 1;
    }

    /** @param first how sure the second token follows the first one */
    private void say(float first, String... tokens) {
        for (int i = 0; i + 1 < tokens.length; i++) {
            int token = ids.get(tokens[i]);
            if (!spoken.contains(token)) spoken.add(token);
            int direction = spoken.indexOf(token);
            embedding[token * WIDTH + direction] = 1;
            output[ids.get(tokens[i + 1]) * WIDTH + direction] = i == 0 ? first : 1;
        }
    }

    private float[] values(TensorDescription tensor) {
        float[] values = new float[(int) tensor.elements()];
        switch (tensor.name()) {
            case "model.embed_tokens.weight" -> {
                return embedding;
            }
            case "lm_head.weight" -> {
                return output;
            }
            case "model.layers.0.self_attn.v_proj.weight" -> values[SEEN] = 1;
            case "model.layers.0.self_attn.o_proj.weight" -> values[ANSWERING * WIDTH] = 1;
            default -> {
                if (tensor.name().endsWith("norm.weight")) Arrays.fill(values, 1);
            }
        }
        return values;
    }

    /** A tool as Chat Completions has it. */
    public static JsonNode tool() throws IOException {
        return JSON.readTree("""
                {"type": "function", "function": {"name": "get_weather", "description": "The weather of a city",
                 "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}""");
    }
}
