package sparrow.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.models.OpenOptions;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.family.SpeechInput;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.DType;
import sparrow.tensor.Tensor;
import sparrow.tensor.kernel.ComputePool;
import sparrow.tensor.kernel.Kernels;

/** A model with one weight that is not a number is refused by file and tensor, instead of talking nonsense. */
class DamagedWeightsTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "lm/model.safetensors, transformer.encoder.final_layernorm.weight",
        "lm/model.safetensors, transformer.encoder.layers.3.input_layernorm.weight",
        "lm/model.safetensors, transformer.encoder.layers.5.self_attention.query_key_value.bias",
        "lm/model.safetensors, transformer.encoder.layers.15.self_attention.query_key_value.weight",
        "lm/model.safetensors, transformer.encoder.layers.0.mlp.dense_4h_to_h.weight",
        "lm/model.safetensors, transformer.embedding.word_embeddings.weight",
        "lm/model.safetensors, transformer.output_layer.weight",
        "heads/heads.safetensors, head.8.weight",
        "tokenizer/model.safetensors, codebook.weight",
        "tokenizer/model.safetensors, conv1.weight",
        "decoder/flow.safetensors, input_embedding.weight",
        "decoder/hift.safetensors, conv_pre.bias"
    })
    void areRefusedByName(String file, String tensor) throws IOException {
        copy(SpokenModels.bundledFolder());
        damage(folder.resolve(file), tensor);

        assertThatThrownBy(() -> {
                    try (ComputePool pool = new ComputePool(1);
                            SpokenModel model = SpokenModels.open(folder, OpenOptions.NONE, Kernels.create(pool))) {
                        codes(model);
                        model.synthesizer();
                    }
                })
                .isInstanceOf(BadFileException.class)
                .hasMessageContaining(folder.resolve(file.replaceAll("(lm|tokenizer)/.*", "$1"))
                        .toString())
                .hasMessageContaining(tensor)
                .hasMessageEndingWith("expected finite numbers, found NaN or infinity");
    }

    @Test
    void wholeOnesAreNot() throws IOException {
        copy(SpokenModels.bundledFolder());
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.open(folder, OpenOptions.NONE, Kernels.create(pool))) {
            assertThat(codes(model)).isNotEmpty();
            assertThat(model.synthesizer()).isNotNull();
        }
    }

    private static int[] codes(SpokenModel model) {
        return ((SpeechInput.Tokens) model.speechInput()).encode(new Waveform(tone(), 16_000));
    }

    private static float[] tone() {
        float[] samples = new float[16_000];
        for (int i = 0; i < samples.length; i++) samples[i] = (float) (0.3 * Math.sin(0.1 * i));
        return samples;
    }

    /** One element in the middle becomes NaN; all else stays. */
    private static void damage(Path file, String tensor) throws IOException {
        Path damaged = file.resolveSibling("damaged");
        try (Arena arena = Arena.ofConfined();
                Safetensors whole = Safetensors.open(file)) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (String name : whole.names()) tensors.put(name, whole.tensor(name));
            String found = whole.names().stream()
                    .filter(name -> name.endsWith(tensor))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(whole.names()));
            tensors.put(found, withNan(whole.tensor(found), arena));
            SafetensorsWriter.write(damaged, tensors, whole.metadata());
        }
        Files.move(damaged, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Tensor withNan(Tensor tensor, Arena arena) {
        MemorySegment data = arena.allocate(tensor.data().byteSize()).copyFrom(tensor.data());
        long at = tensor.elements() / 2 * tensor.dtype().blockBytes();
        if (tensor.dtype() == DType.F32) data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, Float.NaN);
        else data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) 0x7fff);
        return new Tensor(data, tensor.dtype(), tensor.shape());
    }

    private void copy(Path from) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = folder.resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
    }
}
