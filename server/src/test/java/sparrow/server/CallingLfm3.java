package sparrow.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sparrow.engine.transformer.AttentionSpan;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.GgufWriter;
import sparrow.formats.weights.TensorDescription;
import sparrow.models.gguf.Architecture;
import sparrow.models.gguf.ModelKeys;
import sparrow.models.gguf.Names;
import sparrow.models.gguf.Quantisation;
import sparrow.models.gguf.VocabularyKeys;
import sparrow.tensor.DType;

/**
 * An LFM3-Audio whose reply calls a tool and ends. If the word {@value #OUTPUT} is in the prompt, its reply is another word instead.
 *
 * <p>As in {@link CallingModel}, the embedding of each token of a reply is a unit vector, which the output row of the next token contains.
 * The only layer that changes a state attends to all positions alike, and writes to one channel whether the word is among them.
 */
public final class CallingLfm3 {
    public static final String OUTPUT = "sunny";
    public static final String ANSWER = "Warm";
    private static final String CALL =
            "\n<function=get_weather>\n<parameter=city>\nBerlin\n</parameter>\n</function>\n";

    private static final List<String> CONTROLS = List.of(
            "<|startoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<|audio_start|>",
            "<|mixed_start|>",
            "<|text_end|>",
            "<tool_call>",
            "</tool_call>");

    private static final Path SOUND = Path.of(System.getProperty("sparrow.testdata"), "lfm3-audio", "b", "mmproj.gguf");

    /** The width of the language model for which the file of the audio networks was made. */
    private static final int WIDTH = 40;

    private static final int SEEN = WIDTH - 2;
    private static final int ANSWERING = WIDTH - 1;

    private final List<String> tokens = new ArrayList<>();
    private final TransformerConfig config;
    private final Map<TensorDescription, float[]> tensors = new LinkedHashMap<>();

    private CallingLfm3() {
        for (char one = 0; one < 256; one++) tokens.add(String.valueOf(one));
        // The word is found in the prompt through merges.
        for (int end = 2; end <= OUTPUT.length(); end++) tokens.add(OUTPUT.substring(0, end));
        tokens.add(ANSWER);
        tokens.add(CALL);
        tokens.addAll(CONTROLS);
        config = new TransformerConfig(
                2, WIDTH, 2, 1, 16, 8, tokens.size(), 4096, 1e-5f, new Rope(16, 1e6, Rope.Pairing.HALVES, 8));
    }

    /** Writes the model's folder. */
    public static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.copy(SOUND, folder.resolve("mmproj.gguf"));
        CallingLfm3 model = new CallingLfm3();
        model.plant();
        GgufWriter.write(
                folder.resolve("text.gguf"),
                model.keys(),
                List.copyOf(model.tensors.keySet()),
                (tensor, to) -> tensor.write(model.tensors.get(tensor), to));
        return folder;
    }

    private Map<String, GgufValue> keys() {
        List<Boolean> attends = List.of(false, true);
        List<Boolean> windowed = List.of(false, false);
        AttentionSpan.Window window = new AttentionSpan.Window(4, new Rope(16, 1e4, Rope.Pairing.HALVES));
        Map<String, GgufValue> keys = ModelKeys.lfm3(config, attends, windowed, window, 3, "calling", Quantisation.F16);
        List<String> merges = new ArrayList<>();
        for (int end = 1; end < OUTPUT.length(); end++) merges.add(OUTPUT.substring(0, end) + " " + OUTPUT.charAt(end));
        keys.putAll(VocabularyKeys.of(
                Architecture.LFM3,
                tokens.subList(0, tokens.size() - CONTROLS.size()).stream()
                        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                        .toList(),
                CONTROLS,
                merges));
        return keys;
    }

    private void plant() {
        float[] embedding = zeros(Names.EMBEDDING, config.vocabulary(), WIDTH);
        float[] output = zeros(Names.OUTPUT, config.vocabulary(), WIDTH);
        List<String> call = List.of("\n", "<tool_call>", CALL, "</tool_call>", "<|im_end|>");
        for (int i = 0; i + 1 < call.size(); i++) {
            embedding[id(call.get(i)) * WIDTH + i] = 1;
            output[id(call.get(i + 1)) * WIDTH + i] = 1;
        }
        // The answer is nearly as likely as a call, and no other token precedes it.
        int answer = id(ANSWER) * WIDTH;
        output[answer] = 0.9f;
        for (int i = 1; i < call.size(); i++) output[answer + i] = -1;
        output[answer + ANSWERING] = 2;
        embedding[answer + call.size()] = 1;
        output[answer + call.size()] = -1;
        output[id("<|im_end|>") * WIDTH + call.size()] = 1;
        embedding[id(OUTPUT) * WIDTH + SEEN] = 1;
        Arrays.fill(zeros(Names.OUTPUT_NORM, WIDTH), 1);
        Arrays.fill(zeros(Names.ROPE_DIVISORS, 8), 1);
        for (int layer = 1; layer <= 2; layer++) layer(layer);
        zeros(Names.weight(1, Names.CONVOLUTION_INPUT), 3 * WIDTH, WIDTH);
        zeros(Names.weight(1, Names.CONVOLUTION), WIDTH, 3);
        zeros(Names.weight(1, Names.CONVOLUTION_OUTPUT), WIDTH, WIDTH);
        zeros(Names.weight(2, Names.QUERY), 32, WIDTH);
        zeros(Names.weight(2, Names.KEY), 16, WIDTH);
        zeros(Names.weight(2, Names.VALUE), 16, WIDTH)[SEEN] = 1;
        zeros(Names.weight(2, Names.ATTENTION_OUTPUT), WIDTH, 32)[ANSWERING * 32] = 1;
        zeros(Names.weight(2, Names.ATTENTION_GATE), 2, WIDTH);
        zeros(Names.weight(2, Names.QUERY_NORM), 16);
        zeros(Names.weight(2, Names.KEY_NORM), 16);
    }

    private void layer(int layer) {
        Arrays.fill(zeros(Names.weight(layer, Names.ATTENTION_NORM), WIDTH), 1);
        Arrays.fill(zeros(Names.weight(layer, Names.POST_ATTENTION_NORM), WIDTH), 0.05f);
        zeros(Names.weight(layer, Names.FFN_NORM), WIDTH);
        zeros(Names.weight(layer, Names.POST_FFN_NORM), WIDTH);
        zeros(Names.weight(layer, Names.GATE), 8, WIDTH);
        zeros(Names.weight(layer, Names.UP), 8, WIDTH);
        zeros(Names.weight(layer, Names.DOWN), WIDTH, 8);
    }

    private int id(String token) {
        return tokens.indexOf(token);
    }

    private float[] zeros(String name, Integer... shape) {
        TensorDescription tensor = new TensorDescription(name, DType.F32, List.of(shape));
        float[] values = new float[(int) tensor.elements()];
        tensors.put(tensor, values);
        return values;
    }
}
