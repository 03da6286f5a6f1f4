package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.app.Commands.Outcome;
import sparrow.engine.exit.ExitPlan;
import sparrow.engine.exit.ExitPolicy;
import sparrow.engine.kernel.ComputePool;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.tensor.Tensor;
import sparrow.engine.weights.Safetensors;
import sparrow.engine.weights.SafetensorsWriter;
import sparrow.models.Companions;
import sparrow.models.PolicyFile;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The commands as a person or a script meets them: output, files, exit codes, and one line for anything wrong. */
class CommandLineTest {
    private static final Path TESTDATA = Path.of(System.getProperty("sparrow.testdata"));
    private static final String QUESTION =
            TESTDATA.resolve("../examples/q03.wav").toString();

    @TempDir
    private Path folder;

    @Test
    void askPrintsTheAnswerAndItsReportAndWritesTheSpeech() throws IOException {
        Path answer = folder.resolve("answer.wav");

        Outcome outcome = run("ask", QUESTION, "--out", answer.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.code()).isZero();
        assertThat(outcome.out())
                .startsWith("five plus eight is thirteen. the answer is thirteen.")
                .contains("14 text, 31 speech; ended by itself")
                .containsPattern("time   [0-9.]+ s for 2\\.47 s of speech, real-time factor [0-9.]+; first audio after"
                        + " [0-9.]+ s; ready [0-9.]+ s after the JVM started")
                .contains("layer 12: 52 %, layer 16: 48 %")
                .contains("trace  TTTTTTTTTTTTTFEFEFEFEFEFEFEFEFEFEFEFEFETTEFEFE")
                .contains(answer.toString());
        Waveform speech = WavFile.read(answer);
        assertThat(speech.sampleRateHz()).isEqualTo(22_050);
        assertThat(speech.samples()).hasSize(256 * (31 * 441 / 64));
        assertThat(speech.isSilent()).isFalse();
    }

    @Test
    void askFollowsAPolicyFile() throws IOException {
        Path policy = policyFile(new ExitPlan(new ExitPolicy.None(), ExitPolicy.parse("triple:10")));

        Outcome outcome = run("ask", QUESTION, "--json", "--policy", policy.toString());

        assertThat(outcome.err()).isEmpty();
        assertThat(new ObjectMapper()
                        .readTree(outcome.out())
                        .path("speech_exit")
                        .asText())
                .isEqualTo("triple:10");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"--speech-exit", "--text-exit"})
    void aPolicyFileReplacesBothOptions(String option) throws IOException {
        Path policy = policyFile(ExitPlan.NONE);

        Outcome outcome = run("ask", QUESTION, "--policy", policy.toString(), option, "even:12");

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err().lines())
                .containsExactly(
                        "sparrow: --policy: expected without --speech-exit and --text-exit, which it replaces");
    }

    @Test
    void benchTakesAPolicyFileOrPoliciesButNotBoth() throws IOException {
        String policy = policyFile(ExitPlan.speech(ExitPolicy.parse("even:10"))).toString();

        Outcome both = run("bench", "--policy", policy, "--policies", "even:12");
        Outcome one = run("bench", "--policy", policy, "--warm-up", "0", "--rounds", "1", "--tokens", "26");

        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err().lines())
                .containsExactly("sparrow: --policy: expected without --policies, which it replaces");
        assertThat(one.code()).isZero();
        assertThat(one.out()).contains("even:10");
    }

    @Test
    void aBrokenPolicyFileIsRefusedInOneLine() throws IOException {
        Path policy = Files.writeString(folder.resolve("policy.json"), "{\"exit\": \"even:12\"}");

        Outcome outcome = run("ask", QUESTION, "--policy", policy.toString());

        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().lines()).singleElement().asString().contains(policy.toString(), "exit");
    }

    private Path policyFile(ExitPlan plan) throws IOException {
        Path file = folder.resolve("policy.json");
        try (ComputePool pool = new ComputePool(1);
                SpokenModel model = SpokenModels.bundled(Companions.NONE, Kernels.create(pool))) {
            PolicyFile.chosen(file, plan, model, new LinkedHashMap<>()).write();
        }
        return file;
    }

    @Test
    void askAsJsonIsOneObjectWithEveryStep() throws IOException {
        Outcome outcome = run("ask", QUESTION, "--json", "--speech-exit", "conf:8:0.5");

        JsonNode json = new ObjectMapper().readTree(outcome.out());
        JsonNode turn = json.path("turns").path(0);
        assertThat(json.path("speech_exit").asText()).isEqualTo("conf:8:0.5");
        assertThat(turn.path("text").asText()).isEqualTo("five plus eight is thirteen. the answer is thirteen.");
        assertThat(turn.path("stop").asText()).isEqualTo("end_token");
        assertThat(turn.path("steps"))
                .hasSize(turn.path("text_tokens").intValue()
                        + turn.path("speech_tokens").intValue()
                        + 1);
        assertThat(turn.path("steps").path(0).path("modality").asText()).isEqualTo("text");
        assertThat(turn.path("steps").path(0).path("exit_layer").intValue()).isEqualTo(16);
        JsonNode speech = turn.path("steps").path(13);
        assertThat(speech.path("modality").asText()).isEqualTo("speech");
        assertThat(speech.path("chunk_position").intValue()).isEqualTo(1);
        assertThat(speech.path("entropy").isNumber()).isTrue();
        assertThat(speech.path("exit_layer").intValue()).isIn(8, 16);
    }

    @Test
    void speechRowsOfTheHeadAloneSayTheSameAndDifferencesAreCounted() throws IOException {
        Outcome text = run("ask", QUESTION, "--head-rows", "speech", "--count-head-differences");
        Outcome json = run("ask", QUESTION, "--head-rows", "speech", "--count-head-differences", "--json");
        Outcome all = run("ask", QUESTION, "--json");

        // Of 31 codes and the end token, 52 % leave early.
        assertThat(text.out())
                .startsWith("five plus eight is thirteen. the answer is thirteen.")
                .contains(
                        "heads  0 of 15 speech positions at full depth where all rows choose neither speech nor an end");
        JsonNode counted = new ObjectMapper().readTree(json.out());
        assertThat(counted.path("head_rows").asText()).isEqualTo("speech");
        JsonNode turn = counted.path("turns").path(0);
        assertThat(turn.path("head_differences").path("positions").intValue()).isEqualTo(15);
        assertThat(turn.path("head_differences").path("different").intValue()).isZero();
        JsonNode unrestricted = new ObjectMapper().readTree(all.out());
        assertThat(unrestricted.path("head_rows").asText()).isEqualTo("all");
        assertThat(unrestricted.path("turns").path(0).has("head_differences")).isFalse();
        assertThat(tokens(unrestricted.path("turns").path(0))).isEqualTo(tokens(turn));
        Outcome wrong = run("ask", QUESTION, "--head-rows", "some");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err())
                .startsWith(
                        "Invalid value for option '--head-rows': head rows: expected all or speech, got \"some\"\n");
    }

    @Test
    void treatmentsOfSkippedLayersSayOtherThingsAndAreReported() throws IOException {
        // A question of which each treatment makes something else; there are many on which they agree.
        String question = TESTDATA.resolve("demo-eval/wav/v001.wav").toString();
        List<List<Integer>> replies = new ArrayList<>();
        for (String treatment : List.of("fill", "copy", "missing")) {
            Outcome outcome = run("ask", question, "--speech-exit", "triple:8", "--baseline-kv", treatment, "--json");
            JsonNode json = new ObjectMapper().readTree(outcome.out());
            assertThat(json.path("baseline_kv").asText()).isEqualTo(treatment);
            replies.add(tokens(json.path("turns").path(0)));
        }

        // Nothing leaves early before the first speech.
        List<Integer> text = replies.getFirst().subList(0, 13);
        assertThat(replies)
                .doesNotHaveDuplicates()
                .allMatch(reply -> reply.subList(0, 13).equals(text));
        Outcome wrong = run("ask", question, "--baseline-kv", "some");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err())
                .startsWith(
                        "Invalid value for option '--baseline-kv': missing keys: expected fill, copy or missing, got"
                                + " \"some\"\n");
    }

    private static List<Integer> tokens(JsonNode turn) {
        return turn.path("steps").findValues("token").stream()
                .map(JsonNode::intValue)
                .toList();
    }

    @Test
    void severalQuestionsAreOneConversationWithNumberedAnswers() {
        Outcome outcome =
                run("ask", QUESTION, QUESTION, "--out", folder.resolve("a.wav").toString(), "--json");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err()).contains("sparrow-tiny was trained on single questions only");
        assertThat(folder.resolve("a-1.wav")).exists();
        assertThat(outcome.out()).containsOnlyOnce("\"turns\"").contains("\"prompt_tokens\" : ");
    }

    @Test
    void typedQuestionIsAnsweredWithAWordOfCaution() {
        Outcome outcome = run("ask", "--text", "what is two plus three", "--max-new-tokens", "12");

        assertThat(outcome.code()).isZero();
        assertThat(outcome.err().strip())
                .isEqualTo(
                        "sparrow: sparrow-tiny was trained on spoken questions only; expect no sense from a typed one");
        assertThat(outcome.out()).contains("tokens ");
    }

    @Test
    void convertedModelAnswersAsTheOriginalDoes() throws IOException {
        Path q8 = folder.resolve("q8");

        Outcome converted = run("convert", "--quant", "q8_0", "--out", q8.toString());
        Outcome answer = run("ask", QUESTION, "--model", q8.toString());
        Outcome info = run("info", q8.toString());

        assertThat(converted.err()).isEmpty();
        assertThat(converted.out()).isEqualTo(q8 + ": q8_0, 5,940,192 bytes of language model\n");
        assertThat(answer.out()).startsWith("five plus eight is thirteen. the answer is thirteen.");
        assertThat(info.out()).contains("weights     GGUF, q8_0\n");
    }

    @Test
    void conversionSaysInOneLineWhatItCannotDo() {
        String used = folder.toString();
        String golden = TESTDATA.resolve("glm-4-voice").toString();

        Outcome kept = run("convert", golden, "--quant", "q4_0", "--out", used);
        Outcome again = run("convert", golden, "--quant", "q4_0", "--out", used);
        Outcome type = run(
                "convert",
                golden,
                "--quant",
                "q5_0",
                "--out",
                folder.resolve("other").toString());

        assertThat(kept.code()).isZero();
        assertThat(kept.err())
                .isEqualTo("sparrow: kept in f16, since columns are no multiple of 32: blk.0.ffn_down.weight"
                        + " (112 columns) and 3 more\n");
        assertThat(again.code()).isEqualTo(2);
        assertThat(again.err())
                .isEqualTo("sparrow: " + used + ": expected a new or empty folder, found one with files\n");
        assertThat(type.code()).isEqualTo(2);
        assertThat(type.err()).contains("quantisation: expected q8_0, q4_0, bf16, f16, got q5_0");
    }

    @Test
    void synthSaysInOneLineWhatItCannotDo() {
        String out = folder.resolve("synth").toString();

        Outcome like = run("synth", "--like", "gpt-5", "--quant", "q4_0", "--out", out);
        Outcome layers = run("synth", "--like", "glm-4-voice-9b", "--quant", "q4_0", "--out", out, "--layers", "41");

        assertThat(like.code()).isEqualTo(2);
        assertThat(like.err()).contains("model: expected glm-4-voice-9b or step-audio-2-mini, got gpt-5");
        assertThat(layers.code()).isEqualTo(2);
        assertThat(layers.err()).isEqualTo("sparrow: layers: expected 1 to the 40 of glm-4-voice-9b, got 41\n");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void forwardTakesAGgufFile() throws IOException {
        Path q8 = folder.resolve("bf16");
        run("convert", TESTDATA.resolve("glm-4-voice").toString(), "--quant", "bf16", "--out", q8.toString());
        Path ofFile = folder.resolve("file.safetensors");
        Path ofFolder = folder.resolve("folder.safetensors");

        Outcome outcome = run(
                "forward",
                "--model",
                q8.resolve("lm/model.gguf").toString(),
                "--ids",
                "5,6",
                "--out",
                ofFile.toString());
        run("forward", q8.toString(), "--ids", "5,6", "--out", ofFolder.toString());

        assertThat(outcome.code()).isZero();
        assertThat(ofFile).hasSameBinaryContentAs(ofFolder);
    }

    @Test
    void runawayGuardIsReported() {
        Outcome outcome = run("ask", QUESTION, "--max-new-tokens", "20");

        assertThat(outcome.out()).contains("stopped: --max-new-tokens reached");
    }

    @Test
    void tokensOfTheGoldenWaveformMakeTheGoldenWaveformAgain() throws IOException {
        Path golden = TESTDATA.resolve("tiny/decoder_case.safetensors");
        Path out = folder.resolve("again.wav");
        try (Safetensors expected = Safetensors.open(golden)) {
            String codes = Arrays.toString(expected.tensor("tokens").toInts());

            Outcome outcome =
                    run("tokens", "decode", codes, "--noise", golden.toString(), "--float", "--out", out.toString());

            assertThat(outcome.err()).isEmpty();
            float[] wav = expected.tensor("wav").toFloats();
            float[] actual = WavFile.read(out).samples();
            assertThat(actual).hasSameSizeAs(wav);
            double signal = 0;
            double error = 0;
            for (int i = 0; i < wav.length; i++) {
                signal += wav[i] * wav[i];
                error += (actual[i] - wav[i]) * (actual[i] - wav[i]);
            }
            // Same noise and excitation: only rounding differs. A wrong frame would leave less than 10 dB.
            assertThat(10 * Math.log10(signal / error)).isGreaterThan(60);
        }
    }

    @Test
    void encodePrintsCodesThatDecodeUnderstands() {
        Outcome codes = run("tokens", "encode", QUESTION);

        Outcome decoded = run(
                "tokens",
                "decode",
                codes.out().strip(),
                "--out",
                folder.resolve("b.wav").toString());

        assertThat(codes.out().strip()).matches("\\d+( \\d+)+");
        assertThat(decoded.code()).isZero();
        assertThat(folder.resolve("b.wav")).exists();
    }

    @Test
    void forwardWritesTheGoldenStates() throws IOException {
        Path golden = TESTDATA.resolve("glm-4-voice/expected/lm.safetensors");
        Path out = folder.resolve("states.safetensors");

        Outcome outcome = run(
                "forward",
                TESTDATA.resolve("glm-4-voice/lm").toString(),
                "--inputs",
                golden.toString(),
                "--out",
                out.toString());

        assertThat(outcome.code()).isZero();
        try (Safetensors expected = Safetensors.open(golden);
                Safetensors actual = Safetensors.open(out)) {
            for (String name :
                    new String[] {"hidden.embedding", "hidden.layer_0", "hidden.layer_3", "final_norm", "logits"}) {
                Tensor tensor = actual.tensor(name);
                assertThat(tensor.shape()).isEqualTo(expected.tensor(name).shape());
                float[] values = tensor.toFloats();
                float[] wanted = expected.tensor(name).toFloats();
                // The tolerance of the golden data for hidden states and logits.
                for (int i = 0; i < wanted.length; i++) {
                    assertThat(Math.abs(values[i] - wanted[i])).as(name).isLessThan(2e-3f);
                }
            }
        }
    }

    @Test
    void forwardOfEmbeddingsIsForwardOfTheirIds() throws IOException {
        Path first = folder.resolve("first.safetensors");
        Path second = folder.resolve("second.safetensors");
        run("forward", "--ids", "514 516 518", "--out", first.toString());
        Path embeds = folder.resolve("embeds.safetensors");
        try (Safetensors states = Safetensors.open(first)) {
            Tensor embedding = states.tensor("hidden.embedding");
            SafetensorsWriter.write(embeds, Map.of("embeds", embedding), Map.of());
        }

        Outcome outcome = run("forward", "--inputs", embeds.toString(), "--out", second.toString());

        assertThat(outcome.code()).isZero();
        assertThat(Files.readAllBytes(second)).isEqualTo(Files.readAllBytes(first));
    }

    @Test
    void infoTellsWhatTheBundledModelIs() throws IOException {
        assertThat(run("info").out())
                .contains("16 of width 192")
                .contains("5,528,768")
                .contains("speech 530..1041")
                .contains("layers [6, 8, 10, 12, 14]");
        JsonNode json = new ObjectMapper().readTree(run("info", "--json").out());
        assertThat(json.path("parameters").longValue()).isEqualTo(5_528_768);
        assertThat(json.path("transformer").path("layers").intValue()).isEqualTo(16);
        assertThat(json.path("default_speech_exit").asText()).isEqualTo("even:12");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ask",
                "chat",
                "info",
                "tokens",
                "forward",
                "bench",
                "heads",
                "heads harvest",
                "heads train",
                "heads evaluate"
            })
    void helpShowsExamples(String command) {
        Outcome outcome = run((command + " --help").strip().split(" "));

        assertThat(outcome.code()).isZero();
        assertThat(outcome.out()).contains("Examples:").contains("sparrow");
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
        Outcome outcome = run("ask", QUESTION, "--speech-exit", plan);

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

    private static void assertRefusedInOneLine(Outcome outcome, String named) {
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.err().strip())
                .startsWith("sparrow: ")
                .contains(named)
                .doesNotContain("\n");
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
