package sparrow.models.lfm3;

import static sparrow.models.GoldenRows.assertClose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.engine.decode.Sequence;
import sparrow.engine.transformer.Logits;
import sparrow.engine.transformer.Transformer;
import sparrow.models.GoldenRows;
import sparrow.models.OpenOptions;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.ChatHistory;
import sparrow.models.chat.ChatPrompt;
import sparrow.models.frame.FrameUnits;
import sparrow.models.gguf.KBlocks;
import sparrow.speech.vocode.Noise;
import sparrow.speech.wave.WavFile;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Both files with random K-quants, in networks as wide as a block, against the same numbers as f32. */
@Tag("full")
class KTypesTest {
    private static final int WIDTH = 256;
    private static final List<DType> TYPES = List.of(DType.Q4_K, DType.Q5_K, DType.Q6_K);

    /** For each network of set a: other lengths of the axes that have these lengths. */
    private static final Map<String, Map<Integer, Integer>> LENGTHS = Map.of(
            "", Map.of(48, WIDTH, 96, WIDTH, 144, 3 * WIDTH),
            "a.", Map.of(48, WIDTH, 64, WIDTH, 144, 3 * WIDTH, 24, 128, 12, 64),
            "a.conv1d.", Map.of(),
            "a.gen.code.", Map.of(48, WIDTH, 32, WIDTH, 64, WIDTH, 16, 128, 8, 64, 384, 12 * WIDTH),
            "a.gen.wav.quant.", Map.of(),
            "a.gen.wav.tfm.", Map.of(32, WIDTH, 48, WIDTH, 96, 3 * WIDTH, 16, 128, 8, 64));

    @TempDir
    private Path folder;

    private final SplittableRandom random = new SplittableRandom(5);

    @Test
    void isTheModelOfTheSameNumbersAsF32() throws IOException {
        Lfm3Golden golden = Lfm3Golden.of("a");
        GgufCopy text = widened(new GgufCopy(golden.text));
        GgufCopy sound = widened(new GgufCopy(golden.sound));
        for (String key : List.of("lfm3.embedding_length", "lfm3.feed_forward_length")) text.whole(key, WIDTH);
        for (String network : List.of("clip.audio.", "clip.gen.audio.")) {
            for (String key : List.of("embedding_length", "feed_forward_length", "projection_dim")) {
                sound.whole(network + key, WIDTH);
            }
        }
        for (String type : List.of("k", "f32")) {
            Files.createDirectories(folder.resolve(type));
            text.write(folder.resolve(type).resolve("text.gguf"), DType.F32);
            sound.write(folder.resolve(type).resolve("mmproj.gguf"), DType.F32);
            text.widen();
            sound.widen();
        }
        try (SpokenModel quantised = open("k");
                SpokenModel plain = open("f32")) {
            Map<String, float[]> expected = outputs(plain);
            outputs(quantised).forEach((name, values) -> {
                float largest = 0;
                for (float value : expected.get(name)) largest = Math.max(largest, Math.abs(value));
                assertClose(name, values, expected.get(name), 1e-3f * largest);
            });
        }
    }

    private SpokenModel open(String name) throws IOException {
        return SpokenModels.open(
                folder.resolve(name),
                new OpenOptions(Optional.empty(), Optional.empty()),
                Kernels.create(new ComputePool(1)));
    }

    /** Returns outputs of the encoder, the language model, the depth decoder and the codec decoder. */
    private static Map<String, float[]> outputs(SpokenModel model) throws IOException {
        Map<String, float[]> outputs = new LinkedHashMap<>();
        Question question = new Question.Spoken(WavFile.read(Lfm3Golden.FOLDER.resolve("wav/speech.wav")));
        ChatPrompt prompt = ChatPrompt.of(model, ChatHistory.of(question));
        outputs.put("heard", prompt.embeddings().getFirst().values());
        Transformer transformer = model.languageModel().transformer();
        Sequence sequence = new Sequence(transformer);
        for (int token : new int[] {5, 70, 300}) sequence.append(token);
        int layers = transformer.config().layers();
        transformer.forward(sequence.pendingBelow(layers), layers);
        outputs.put("state", sequence.newest().read());
        FrameUnits units = (FrameUnits) model.languageModel().units();
        int[] codes = {7, 2000, 31, 0, 5, 900, 41, 1000, 3, 12, 700, 1};
        float[] front = units.inputs(layers, List.of(sequence.newest())).getFirst();
        outputs.put(
                "scores",
                GoldenRows.concatenated(
                        units.scores(front, Arrays.stream(codes).boxed().toList()).stream()
                                .map(Logits::values)
                                .toList()));
        outputs.put("samples", model.synthesizer().synthesize(codes, Noise.seeded(1)));
        return outputs;
    }

    /** Replaces tensors by random ones of other shapes. Matrices with rows of one block are K-quants. */
    private GgufCopy widened(GgufCopy file) {
        file.tensors.replaceAll((name, tensor) -> {
            String network = LENGTHS.keySet().stream()
                    .filter(name::startsWith)
                    .max((a, b) -> Integer.compare(a.length(), b.length()))
                    .orElseThrow();
            int[] shape = tensor.shape().stream()
                    .mapToInt(length -> LENGTHS.get(network).getOrDefault(length, length))
                    .toArray();
            if (Arrays.equals(
                    shape, tensor.shape().stream().mapToInt(length -> length).toArray())) return tensor;
            int rows = Arrays.stream(shape).limit(shape.length - 1L).reduce(1, (a, b) -> a * b);
            if (tensor.dtype() != DType.F32 && shape[shape.length - 1] == WIDTH) {
                Tensor blocks = KBlocks.random(random, TYPES.get(random.nextInt(TYPES.size())), rows);
                return new Tensor(
                        blocks.data(),
                        blocks.dtype(),
                        Arrays.stream(shape).boxed().toList());
            }
            float[] values = new float[rows * shape[shape.length - 1]];
            for (int i = 0; i < values.length; i++) values[i] = (float) random.nextDouble(0.05, 0.15);
            return Tensor.of(values, shape);
        });
        return file;
    }
}
