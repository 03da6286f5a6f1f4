package sparrow.models.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.decode.Sequence;
import sparrow.engine.transformer.Rope;
import sparrow.engine.transformer.TransformerConfig;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.MissingTensorException;
import sparrow.models.TestedDevice;
import sparrow.tensor.DType;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** Keys and tensors of GGUF files become the transformer that they describe, or are refused by name. */
@Tag("stack")
class GgufTransformerTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels KERNELS = Kernels.create(POOL);

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        POOL.close();
    }

    @Test
    void sizesComeFromTheMetadata() throws IOException {
        RandomGguf qwen2 = RandomGguf.qwen2(1);
        qwen2.keys.put("qwen2.rope.freq_base", new GgufValue.Number(1e6f));

        assertThat(config(qwen2))
                .isEqualTo(new TransformerConfig(
                        2, 64, 4, 2, 16, 96, 128, 512, 1e-6f, new Rope(16, 1e6, Rope.Pairing.HALVES)));
        assertThat(config(RandomGguf.chatglm(1)).rope()).isEqualTo(new Rope(8, 10_000, Rope.Pairing.INTERLEAVED));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void fusedAndSeparateProjectionsAreOneModelWhereNothingTurns(long seed) throws IOException {
        // At position 0 the rotary angle is 0, and the two layouts differ in nothing else.
        float[] separate = logits(RandomGguf.qwen2(seed), DType.F32, 5);
        float[] fused = logits(RandomGguf.chatglm(seed), DType.F32, 5);

        assertThat(fused).isEqualTo(separate);
        assertThat(logits(RandomGguf.chatglm(seed), DType.F32, 5, 6))
                .isNotEqualTo(logits(RandomGguf.qwen2(seed), DType.F32, 5, 6));
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16", "Q8_0", "Q4_0"})
    void storedTypesGiveTheSameModelUpToTheirPrecision(DType type) throws IOException {
        float[] exact = logits(RandomGguf.chatglm(4), DType.F32, 5, 9, 100);

        float[] stored = logits(RandomGguf.chatglm(4), type, 5, 9, 100);

        double difference = 0;
        double size = 0;
        for (int i = 0; i < exact.length; i++) {
            difference += Math.pow(stored[i] - exact[i], 2);
            size += Math.pow(exact[i], 2);
        }
        double bound = switch (type) {
            case F16 -> 2e-3;
            case BF16 -> 2e-2;
            case Q8_0 -> 3e-2;
            default -> 0.4;
        };
        assertThat(Math.sqrt(difference / size)).isBetween(1e-6, bound);
    }

    @Test
    void aMissingOutputMatrixIsTheEmbedding() throws IOException {
        RandomGguf tied = RandomGguf.qwen2(2);
        tied.put("output.weight", tied.tensors.get("token_embd.weight"), List.of(128, 64));
        float[] expected = logits(tied, DType.F32, 3, 4);

        tied.tensors.remove("output.weight");

        assertThat(logits(tied, DType.F32, 3, 4)).isEqualTo(expected);
    }

    @Test
    void biasesMayBeMissing() throws IOException {
        RandomGguf model = RandomGguf.chatglm(3);
        for (int layer = 1; layer <= 2; layer++) {
            model.put(Names.bias(layer, Names.QKV), new float[128], List.of(128));
        }
        float[] expected = logits(model, DType.F32, 3, 4);

        for (int layer = 1; layer <= 2; layer++) model.tensors.remove(Names.bias(layer, Names.QKV));

        assertThat(logits(model, DType.F32, 3, 4)).containsExactly(expected, Offset.offset(0f));
    }

    @Test
    void keysThatAreWrongAreRefusedByName() throws IOException {
        refusedWith("general.architecture", new GgufValue.Text("llama"))
                .hasMessageEndingWith("key general.architecture: expected chatglm, qwen2, lfm2 or lfm3, found llama");
        refusedWith("qwen2.block_count", new GgufValue.Whole(2_000_000_000))
                .hasMessageContaining("key qwen2.block_count: expected at most one layer for each of 27 tensors");
        refusedWith("qwen2.attention.head_count_kv", new GgufValue.Whole(3))
                .hasMessageContaining("key qwen2.attention.head_count: expected a multiple of 3");
        refusedWith("qwen2.embedding_length", new GgufValue.Whole(66))
                .hasMessageContaining("key qwen2.embedding_length: expected a multiple of 4 heads, found 66");
        refusedWith("qwen2.attention.key_length", new GgufValue.Whole(2_000_000_000))
                .hasMessageContaining("key qwen2.attention.key_length: expected heads of at most 2^31-1 channels");
        refusedWith("qwen2.attention.value_length", new GgufValue.Whole(8))
                .hasMessageContaining("key qwen2.attention.value_length: expected 16, as of keys, found 8");
        refusedWith("qwen2.rope.scaling.type", new GgufValue.Text("yarn"))
                .hasMessageContaining("key qwen2.rope.scaling.type: expected none, found yarn");
        refusedWith("qwen2.rope.dimension_count", new GgufValue.Whole(18))
                .hasMessageContaining("key qwen2.rope.dimension_count: expected an even number up to the 16");
        refusedWith("qwen2.rope.freq_base", new GgufValue.Number(-1))
                .hasMessageContaining("key qwen2.rope.freq_base: expected a number above 0, found -1.0");
        refusedWith("qwen2.context_length", new GgufValue.Text("long"))
                .hasMessageContaining("key qwen2.context_length: expected a whole number, found STRING");
    }

    /** The channels of all heads together pass 2^63 and come back to a small number. */
    @Test
    void headsWithMoreChannelsThanNumbersGoAreRefused() throws IOException {
        RandomGguf model = RandomGguf.qwen2(1);
        model.keys.put("qwen2.attention.head_count", new GgufValue.Whole(2_147_483_637));
        model.keys.put("qwen2.attention.head_count_kv", new GgufValue.Whole(2_147_483_637));
        model.keys.put("qwen2.attention.key_length", new GgufValue.Whole(1_952_257_856));

        refused(model).hasMessageContaining("attention.key_length: expected heads of at most 2^31-1 channels");
    }

    @Test
    void tensorsThatAreMissingOrNotOursAreRefusedByName() throws IOException {
        RandomGguf without = RandomGguf.qwen2(1);
        without.tensors.remove("blk.1.ffn_down.weight");
        RandomGguf more = RandomGguf.qwen2(1);
        more.put("rope_freqs.weight", new float[8], List.of(8));
        RandomGguf other = RandomGguf.qwen2(1);
        other.put("blk.0.ffn_up.weight", new float[64 * 64], List.of(64, 64));

        refused(without)
                .isInstanceOf(MissingTensorException.class)
                .hasMessageEndingWith("tensor blk.1.ffn_down.weight is missing");
        refused(more).hasMessageEndingWith("tensor rope_freqs.weight: is not part of a qwen2 of 2 layers");
        refused(other).hasMessageEndingWith("tensor blk.0.ffn_up.weight: expected shape [96, 64], found [64, 64]");
    }

    @Test
    void filesOfOthersSayNothingAboutSpeech() throws IOException {
        try (GgufLanguageModel model = open(RandomGguf.qwen2(1), DType.Q8_0)) {
            assertThat(model.languageModel()).isEmpty();
            assertThat(model.weightFormat()).isEqualTo("GGUF, q8_0");
            assertThat(model.heads().layers()).isEmpty();
        }
    }

    private TransformerConfig config(RandomGguf model) throws IOException {
        try (GgufLanguageModel opened = open(model, DType.F32)) {
            return opened.transformer().config();
        }
    }

    /** Logits after the last of the ids. */
    private float[] logits(RandomGguf model, DType type, int... ids) throws IOException {
        try (GgufLanguageModel opened = open(model, type)) {
            Sequence sequence = new Sequence(opened.transformer());
            for (int id : ids) sequence.append(id);
            opened.transformer().forward(sequence.pendingBelow(2), 2);
            return opened.heads()
                    .at(2)
                    .logits(opened.transformer().newHeadKernel(), List.of(sequence.newest()))
                    .getFirst()
                    .values();
        }
    }

    private GgufLanguageModel open(RandomGguf model, DType type) throws IOException {
        return GgufLanguageModel.open(
                model.write(folder.resolve("model.gguf"), type), Optional.empty(), TestedDevice.PLACEMENT, KERNELS);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refusedWith(String key, GgufValue value)
            throws IOException {
        RandomGguf model = RandomGguf.qwen2(1);
        model.keys.put(key, value);
        return refused(model).isInstanceOf(BadFileException.class);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(RandomGguf model) {
        return assertThatThrownBy(() -> open(model, DType.F32).close());
    }
}
