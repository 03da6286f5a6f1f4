package sparrow.models.lfm2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.decode.Sequence;
import sparrow.engine.head.ExitHeads;
import sparrow.engine.transformer.Transformer;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Gguf;
import sparrow.formats.weights.GgufValue;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.gguf.ConversionListener;
import sparrow.models.gguf.GgufExport;
import sparrow.models.gguf.GgufLanguageModel;
import sparrow.models.gguf.ModelKeys;
import sparrow.models.gguf.Quantisation;
import sparrow.tensor.Tensor;

/** A backbone in GGUF, under llama.cpp's names, is the one of the original checkpoint. */
class Lfm2GgufTest {
    private static final int[] IDS = {1, 6, 40, 300, 7, 12};

    @TempDir
    private Path folder;

    static List<String> sets() {
        return LfmGolden.names();
    }

    @ParameterizedTest
    @MethodSource("sets")
    void inTheTypeOfTheOriginalItIsTheSameToTheBit(String set) throws IOException {
        LfmGolden golden = LfmGolden.of(set);
        Path file = write(golden);

        try (Gguf gguf = Gguf.open(file);
                GgufLanguageModel alone =
                        GgufLanguageModel.open(file, Optional.empty(), Optional.empty(), golden.kernels)) {
            Transformer beside = Lfm2Backbone.transformer(golden.config, gguf, golden.kernels, golden.kernels::view);

            assertThat(logits(beside)).isEqualTo(logits(golden.transformer));
            // Packed, it adds its products in another order.
            assertThat(alone.transformer().config()).isEqualTo(beside.config());
            assertThat(gguf.tensor("blk." + firstConvolution(golden) + ".shortconv.conv.weight")
                            .shape())
                    .hasSize(2);
        }
    }

    private Path write(LfmGolden golden) throws IOException {
        List<Boolean> attends = golden.config.attends();
        Map<String, GgufValue> keys = ModelKeys.lfm2(
                golden.transformer.config(),
                attends,
                golden.config.backbone().positive("conv_L_cache"),
                "tiny",
                Quantisation.BF16);
        Path file = folder.resolve("model.gguf");
        assertThat(GgufExport.write(
                        file,
                        keys,
                        golden.checkpoint,
                        Lfm2Backbone.originalNames(golden.config),
                        Quantisation.BF16,
                        ConversionListener.NONE))
                .isEmpty();
        return file;
    }

    private static int firstConvolution(LfmGolden golden) {
        return golden.config.attends().indexOf(false);
    }

    private static float[] logits(Transformer transformer) {
        Sequence sequence = new Sequence(transformer);
        for (int id : IDS) sequence.append(id);
        int layers = transformer.config().layers();
        transformer.forward(sequence.pendingBelow(layers), layers);
        return ExitHeads.none(transformer)
                .at(layers)
                .logits(transformer.newHeadKernel(), List.of(sequence.newest()))
                .getFirst()
                .values();
    }

    /** No configuration tells the inner width of the feed-forward. */
    @Test
    void aFeedForwardWithoutRowsIsRefusedByItsName() throws IOException {
        LfmGolden golden = LfmGolden.of("a");
        String gate = "lfm.layers.0.feed_forward.w1.weight";
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (int i = 0; i < 16; i++) tensors.put("tensor." + i, Tensor.of(new float[1], 1));
        tensors.put(gate, Tensor.of(new float[0], 0, golden.config.backbone().positive("hidden_size")));
        Path file = folder.resolve("model.safetensors");
        SafetensorsWriter.write(file, tensors, Map.of());

        try (Safetensors checkpoint = Safetensors.open(file)) {
            assertThatThrownBy(() -> Lfm2Backbone.config(golden.config, checkpoint))
                    .isInstanceOf(BadFileException.class)
                    .hasMessage(file + ": tensor " + gate + ": expected rows, found 0");
        }
    }
}
