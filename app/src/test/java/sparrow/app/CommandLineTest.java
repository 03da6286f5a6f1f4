package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.assertRefusedInOneLine;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.Commands.Outcome;

/** What holds for all commands: help with examples, exit codes, and one line for anything wrong. */
class CommandLineTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final String QUESTION =
            TESTDATA.resolve("../examples/q03.wav").toString();

    @TempDir
    private Path folder;

    private static List<Integer> tokens(JsonNode turn) {
        return turn.path("steps").findValues("token").stream()
                .map(JsonNode::intValue)
                .toList();
    }

    @Test
    void infoTellsWhatTheBundledModelIs() throws IOException {
        assertThat(run("info").out())
                .contains("16 of width 192")
                .contains("5,528,768")
                .contains("speech 530..1041")
                .containsPattern("arithmetic  vector-(128|256|512)x(4|12) java-25\\S+ \\S+ build-[0-9a-f]{12}\n")
                .contains("layers [6, 8, 10, 12, 14]");
        JsonNode json = new ObjectMapper().readTree(run("info", "--json").out());
        assertThat(json.path("parameters").longValue()).isEqualTo(5_528_768);
        assertThat(json.path("transformer").path("layers").intValue()).isEqualTo(16);
        assertThat(json.path("default_exit").asText()).isEqualTo("even:12");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ask", "chat", "serve", "info", "tokens", "forward", "convert", "voice"})
    void helpShowsExamples(String command) {
        Outcome outcome = run((command + " --help").strip().split(" "));

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Examples:").contains("sparrow");
        assertThat(outcome.out().lines().filter(line -> line.startsWith("  sparrow")))
                .as("a shell can be given every line, also one with a comment")
                .noneMatch(line -> line.strip().matches(".*  +[^ #].*"));
    }

    @Test
    void helpSaysWhichOptionsAreRequired() {
        assertThat(run("convert", "--help").out()).contains("Required. New or empty folder.");
        assertThat(run("forward", "--help").out())
                .contains("Required. Safetensors file to write")
                .doesNotContain("Required. Token ids"); // one of three
    }

    @Test
    void helpExplainsACommand() {
        assertThat(run("help", "tokens", "encode").out())
                .isEqualTo(run("tokens", "encode", "--help").out());
        assertThat(run("help").out()).isEqualTo(run("--help").out());
        assertRefusedInOneLine(run("help", "tokens", "dance"), "unknown command 'tokens dance'; expected settings or");
    }

    static Stream<String[]> wrongExitPlans() {
        return Stream.of(
                new String[] {"even:0", "1 or more"},
                new String[] {"even:16", "from 1 to 15"},
                new String[] {"fixed:99", "from 1 to 15"},
                new String[] {"even:7", "no exit head for layer 7"},
                new String[] {"evn:12", "expected none, fixed:LAYER"},
                new String[] {"conf:8", "expected none, fixed:LAYER"},
                new String[] {"FX:8", "expected none, fixed:LAYER"});
    }

    @ParameterizedTest
    @MethodSource("wrongExitPlans")
    void wrongExitPlanIsRefused(String plan, String message) {
        Outcome outcome = run("ask", QUESTION, "--exit", plan);

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err()).contains(message).doesNotContain("\tat ");
    }

    static Stream<String> brokenWavs() {
        return Stream.of("empty", "text", "headerOnly", "noSamples", "silence", "truncated", "missing", "folder");
    }

    @ParameterizedTest
    @MethodSource("brokenWavs")
    void brokenQuestionIsRefusedInOneLine(String kind) throws IOException {
        Path wav = folder.resolve(kind + ".wav");
        switch (kind) {
            case "empty" -> Files.write(wav, new byte[0]);
            case "text" -> Files.writeString(wav, "this is not a waveform at all");
            case "headerOnly" -> Files.write(wav, Arrays.copyOf(Files.readAllBytes(Path.of(QUESTION)), 20));
            case "noSamples" -> Files.write(wav, wavBytes(0, 0));
            case "silence" -> Files.write(wav, wavBytes(16_000, 32_000));
            case "truncated" -> Files.write(wav, Arrays.copyOf(Files.readAllBytes(Path.of(QUESTION)), 9_000));
            case "folder" -> Files.createDirectory(wav);
            default -> assertThat(wav).doesNotExist();
        }

        assertRefusedInOneLine(run("ask", wav.toString()), kind + ".wav");
    }

    static Stream<String> brokenModels() {
        return Stream.of("truncated", "headerLength", "foreignClass", "missingShard", "shape", "nothing");
    }

    @ParameterizedTest
    @MethodSource("brokenModels")
    void brokenModelIsRefusedInOneLine(String kind) throws IOException {
        Path model = folder.resolve("model");
        copy(TESTDATA.resolve("glm-4-voice/lm"), model.resolve("lm"));
        copy(TESTDATA.resolve("glm-4-voice/speech_tokenizer"), model.resolve("tokenizer"));
        copy(TESTDATA.resolve("glm-4-voice/decoder"), model.resolve("decoder"));
        Path shard = model.resolve("lm/model-00001-of-00002.safetensors");
        String named = switch (kind) {
            case "truncated" -> {
                Files.write(shard, Arrays.copyOf(Files.readAllBytes(shard), 100_000));
                yield "model-00001-of-00002.safetensors";
            }
            case "headerLength" -> {
                byte[] bytes = Files.readAllBytes(shard);
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
                Files.write(shard, bytes);
                yield "header length";
            }
            case "foreignClass" -> {
                Path hift = model.resolve("decoder/hift.pt");
                byte[] bytes = Files.readAllBytes(hift);
                byte[] from = "collections\nOrderedDict".getBytes(StandardCharsets.US_ASCII);
                byte[] to = "subprocess_\ncheck_call_".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(Arrays.copyOf(to, from.length), 0, bytes, indexOf(bytes, from), from.length);
                Files.write(hift, bytes);
                yield "hift.pt";
            }
            case "missingShard" -> {
                Files.delete(shard);
                yield "missing shard";
            }
            case "shape" -> {
                Path config = model.resolve("lm/config.json");
                Files.writeString(
                        config, Files.readString(config).replace("\"hidden_size\": 64", "\"hidden_size\": 128"));
                yield "expected shape";
            }
            default -> {
                model = folder.resolve("nowhere");
                yield "nowhere";
            }
        };

        assertRefusedInOneLine(run("ask", QUESTION, "--model", model.toString()), named);
    }

    @Test
    void nothingIsLeftBehindWhenWritingFails() throws IOException {
        Path out = folder.resolve("no-such-folder/answer.wav");

        Outcome outcome = run("ask", QUESTION, "--out", out.toString());

        assertThat(outcome.code()).isNotZero();
        assertThat(outcome.err().strip()).startsWith("sparrow: ").doesNotContain("\n");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void stackTraceIsShownOnlyWhenAskedFor() {
        assertThat(run("ask", "nowhere.wav", "--verbose").err()).contains("\tat ");
    }

    /** A 16-bit mono WAV of zeros. */
    private static byte[] wavBytes(int samples, int dataBytes) {
        ByteBuffer bytes = ByteBuffer.allocate(44 + 2 * samples).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + dataBytes);
        bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        bytes.putShort((short) 1).putShort((short) 1).putInt(16_000).putInt(32_000);
        bytes.putShort((short) 2).putShort((short) 16);
        bytes.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(dataBytes);
        return bytes.array();
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        for (int at = 0; at + part.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) return at;
        }
        throw new AssertionError("not found");
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) Files.copy(file, to.resolve(file.getFileName()));
        }
    }
}
