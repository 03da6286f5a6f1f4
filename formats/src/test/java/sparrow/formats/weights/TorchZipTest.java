package sparrow.formats.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sparrow.tensor.DType;

class TorchZipTest {
    private static final Path DECODER =
            Path.of(System.getProperty("sparrow.testdata")).resolve("glm-4-voice/decoder");

    @TempDir
    Path folder;

    @Test
    void readsEveryTensorOfAFlowCheckpoint() throws IOException {
        try (Checkpoint flow = TorchZip.open(DECODER.resolve("flow.pt"))) {
            assertThat(flow.names()).hasSize(313);
            assertThat(elements(flow)).isEqualTo(370_680);
            float[] embedding = flow.floats("input_embedding.weight", 64, 48);
            assertThat(embedding[0]).isEqualTo(2.565390110015869f);
            assertThat(embedding[embedding.length - 1]).isEqualTo(-0.312146931886673f);
        }
    }

    @Test
    void readsTensorsThatShareAStorage() throws IOException {
        try (Checkpoint hift = TorchZip.open(DECODER.resolve("hift.pt"))) {
            assertThat(hift.names()).hasSize(227);
            assertThat(elements(hift)).isEqualTo(104_087);
            float[] first = hift.floats("conv_pre.weight_v", 32, 80, 7); // at offset 1000
            assertThat(first)
                    .startsWith(-0.08454454690217972f, -0.0011101901764050126f)
                    .endsWith(-0.007576067931950092f, -0.03258684650063515f);
            float[] second = hift.floats("resblocks.0.convs1.0.weight_v", 16, 16, 3); // at offset 18920
            assertThat(second).startsWith(0.36878082f, 0.009817083f).endsWith(-0.28798366f, -0.032349594f);
            assertThat(magnitude(first)).isCloseTo(1023.0231978186281, within(1e-9));
            assertThat(magnitude(second)).isCloseTo(151.42672094156478, within(1e-9));
        }
    }

    @Test
    void putsPermutedElementsInOrder() throws IOException {
        try (Checkpoint hift = TorchZip.open(DECODER.resolve("hift.pt"))) {
            float[] values = hift.floats("conv_post.weight_v", 18, 8, 7); // strides 8, 1, 144
            assertThat(values).startsWith(-0.019558854f, -0.047121484f).endsWith(0.066964015f, 0.34800246f);
            assertThat(magnitude(values)).isCloseTo(183.947369371308, within(1e-9));
        }
    }

    @Test
    void followsOffsetsAndStrides() throws IOException {
        Path file = Files.write(folder.resolve("small.pt"), TorchFile.small().bytes());

        try (Checkpoint small = TorchZip.open(file)) {
            assertThat(small.names()).containsExactly("plain", "turned");
            assertThat(small.floats("plain", 2, 2)).containsExactly(3, 4, 5, 6);
            assertThat(small.floats("turned", 2, 3)).containsExactly(1, 3, 5, 2, 4, 6);
        }
    }

    @Test
    void readsZip64() throws IOException {
        Path file = Files.write(folder.resolve("zip64.pt"), TorchFile.small().zip64());

        try (Checkpoint small = TorchZip.open(file)) {
            assertThat(small.floats("plain", 2, 2)).containsExactly(3, 4, 5, 6);
        }
    }

    @Test
    void readsEveryElementType() throws IOException {
        byte[] eight = {0, 0, (byte) 0xC0, 0x3F, 0, 0, 0, 0};
        TorchFile writer = new TorchFile().entry("a/data/0", eight).begin();
        int[] one = {1};
        writer.tensor("f32", "FloatStorage", "0", 2, 0, one, one);
        writer.tensor("f16", "HalfStorage", "0", 4, 1, one, one);
        writer.tensor("bf16", "BFloat16Storage", "0", 4, 1, one, one);
        writer.tensor("f64", "DoubleStorage", "0", 1, 0, one, one);
        writer.tensor("i64", "LongStorage", "0", 1, 0, one, one);
        writer.tensor("i32", "IntStorage", "0", 2, 0, one, one);
        Path file = Files.write(folder.resolve("types.pt"), writer.end().bytes());

        try (Checkpoint types = TorchZip.open(file)) {
            assertThat(types.floats("f32", 1)).containsExactly(1.5f);
            assertThat(types.floats("f16", 1)).containsExactly(1.9375f); // 0x3FC0
            assertThat(types.floats("bf16", 1)).containsExactly(1.5f);
            assertThat(types.tensor("f64").dtype()).isEqualTo(DType.F64);
            assertThat(types.tensor("i64").toInts()).containsExactly(0x3FC00000);
            assertThat(types.tensor("i32").toInts()).containsExactly(0x3FC00000);
        }
    }

    @Test
    void toleratesScalarsAndEmptyTensors() throws IOException {
        TorchFile writer = new TorchFile().storage("0", 7, 8).entry("a/data/1", new byte[0]);
        writer.begin().tensor("scalar", "FloatStorage", "0", 2, 1, new int[0], new int[0]);
        writer.tensor("empty", "FloatStorage", "1", 0, 0, new int[] {0, 5}, new int[] {5, 1});
        Path file = Files.write(folder.resolve("small.pt"), writer.end().bytes());

        try (Checkpoint small = TorchZip.open(file)) {
            assertThat(small.floats("scalar")).containsExactly(8);
            assertThat(small.floats("empty", 0, 5)).isEmpty();
        }
    }

    @Test
    void namesTheTensorThatIsMissing() throws IOException {
        try (Checkpoint flow = TorchZip.open(DECODER.resolve("flow.pt"))) {
            assertThatThrownBy(() -> flow.tensor("no.such")).isInstanceOf(MissingTensorException.class);
        }
    }

    private static long elements(Checkpoint checkpoint) {
        return checkpoint.names().stream()
                .mapToLong(name -> checkpoint.tensor(name).elements())
                .sum();
    }

    private static double magnitude(float[] values) {
        double sum = 0;
        for (float value : values) sum += Math.abs(value);
        return sum;
    }
}
