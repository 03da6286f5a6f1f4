package sparrow.speech.voice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.MissingTensorException;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.tensor.Tensor;

class VoiceFileTest {
    private static final int CODES = 5;

    @TempDir
    private Path folder;

    private static float[] random(int length) {
        float[] values = new float[length];
        SplittableRandom random = new SplittableRandom(length);
        for (int i = 0; i < length; i++) values[i] = (float) random.nextDouble(-11, 2);
        return values;
    }

    private static Voice voice() {
        return new Voice(new int[] {6560, 0, 17, 17, 4}, random(192), random(2 * CODES * 80));
    }

    /** A sparse file of more bytes than an array holds takes no room on the disk. */
    @Test
    void tensorLargerThanAnArrayIsRefused() throws IOException {
        Path file = folder.resolve("sparse.safetensors");
        long mel = 33_554_432L * 80 * 4;
        String header = "{\"__metadata__\":{\"format\":\"sparrow-voice\",\"version\":\"1\"},"
                + "\"codes\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"speaker\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]},"
                + "\"mel\":{\"dtype\":\"F32\",\"shape\":[33554432,80],\"data_offsets\":[8," + (8 + mel) + "]}}";
        byte[] json = header.getBytes(StandardCharsets.US_ASCII);
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .array());
            sparse.write(json);
            sparse.setLength(8 + json.length + 8 + mel);
        }

        assertThatThrownBy(() -> VoiceFile.read(file))
                .isInstanceOf(BadFileException.class)
                .hasMessage(file + ": tensor mel: expected at most 33554432 elements, found 2684354560");
    }

    @Test
    void whatIsReadIsWhatWasWritten() throws IOException {
        Path file = folder.resolve(VoiceFile.NAME);
        Files.writeString(file, "an earlier one");

        VoiceFile.write(file, voice());

        Voice read = VoiceFile.read(file);
        assertThat(read.codes()).containsExactly(voice().codes());
        assertThat(read.speaker()).containsExactly(voice().speaker());
        assertThat(read.mel()).containsExactly(voice().mel());
        assertThat(read.frames()).isEqualTo(10);
        assertThat(read.seconds()).isEqualTo(0.2);
        assertThat(folder).isDirectoryContaining(path -> path.equals(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void leavesNothingWhereItCannotWrite() {
        assertThatThrownBy(() -> VoiceFile.write(folder.resolve("none/voice.safetensors"), voice()))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(folder).isEmptyDirectory();
    }

    static Stream<Arguments> broken() {
        Map<String, String> facts = Map.of("format", "sparrow-voice", "version", "1");
        float[] notFinite = random(2 * CODES * 80);
        notFinite[7] = Float.NaN;
        return Stream.of(
                arguments("metadata format: expected sparrow-voice, found none", Map.of(), with(tensors -> {})),
                arguments(
                        "metadata version: expected 1, found 2",
                        Map.of("format", "sparrow-voice", "version", "2"),
                        with(tensors -> {})),
                arguments("tensor codes is missing", facts, with(tensors -> tensors.remove("codes"))),
                arguments("tensor speaker is missing", facts, with(tensors -> tensors.remove("speaker"))),
                arguments("tensor mel is missing", facts, with(tensors -> tensors.remove("mel"))),
                arguments(
                        "tensor codes: expected I32 with 1 axis, found F32 [5]",
                        facts,
                        with(tensors -> tensors.put("codes", Tensor.of(new float[CODES], CODES)))),
                arguments(
                        "tensor codes: expected I32 with 1 axis, found I32 [1, 5]",
                        facts,
                        with(tensors -> tensors.put("codes", Tensor.of(new int[CODES], 1, CODES)))),
                arguments(
                        "tensor mel: expected shape [10, 80], found [9, 80]",
                        facts,
                        with(tensors -> tensors.put("mel", Tensor.of(new float[9 * 80], 9, 80)))),
                arguments(
                        "tensor mel: expected shape [10, 80], found [80, 10]",
                        facts,
                        with(tensors -> tensors.put("mel", Tensor.of(new float[800], 80, 10)))),
                arguments(
                        "mel: expected finite numbers, got NaN",
                        facts,
                        with(tensors -> tensors.put("mel", Tensor.of(notFinite, 10, 80)))),
                arguments(
                        "speaker: expected finite numbers, got Infinity",
                        facts,
                        with(tensors -> tensors.put("speaker", Tensor.of(new float[] {Float.POSITIVE_INFINITY}, 1)))),
                arguments(
                        "speaker: expected 1 value or more, got none",
                        facts,
                        with(tensors -> tensors.put("speaker", Tensor.of(new float[0], 0)))),
                arguments(
                        "codes: expected 0 or more, got -1",
                        facts,
                        with(tensors -> tensors.put("codes", Tensor.of(new int[] {1, 2, -1, 0, 0}, CODES)))),
                arguments("codes: expected 3 or more, got 0", facts, with(tensors -> {
                    tensors.put("codes", Tensor.of(new int[0], 0));
                    tensors.put("mel", Tensor.of(new float[0], 0, 80));
                })));
    }

    private static Map<String, Tensor> with(Consumer<Map<String, Tensor>> change) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("codes", Tensor.of(new int[CODES], CODES));
        tensors.put("speaker", Tensor.of(new float[192], 192));
        tensors.put("mel", Tensor.of(new float[2 * CODES * 80], 2 * CODES, 80));
        change.accept(tensors);
        return tensors;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void refusesWhatIsNoWholeVoiceInOneLine(String fault, Map<String, String> metadata, Map<String, Tensor> tensors)
            throws IOException {
        Path file = folder.resolve("v.safetensors");
        SafetensorsWriter.write(file, tensors, metadata);

        assertThatThrownBy(() -> VoiceFile.read(file))
                .isInstanceOfAny(BadFileException.class, MissingTensorException.class)
                .hasMessageStartingWith(file + ": " + fault)
                .hasMessageNotContaining("\n");
    }

    @Test
    void refusesEveryFileCutShort() throws IOException {
        Path file = folder.resolve("v.safetensors");
        VoiceFile.write(file, voice());
        byte[] whole = Files.readAllBytes(file);

        for (int length = 0; length < whole.length; length += 37) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> VoiceFile.read(file))
                    .as("%d bytes", length)
                    .isInstanceOf(BadFileException.class);
        }
    }

    @Test
    void refusesAMissingFile() {
        assertThatThrownBy(() -> VoiceFile.read(folder.resolve("none")))
                .isInstanceOf(BadFileException.class)
                .hasMessage(folder.resolve("none") + ": no such file");
    }
}
