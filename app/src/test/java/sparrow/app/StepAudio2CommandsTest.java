package sparrow.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static sparrow.app.Commands.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sparrow.app.Commands.Outcome;
import sparrow.formats.weights.Safetensors;
import sparrow.formats.weights.SafetensorsWriter;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.Tensor;

/** Every command on a folder in the published layout of Step-Audio-2-mini, with random weights. */
class StepAudio2CommandsTest {
    private static final Path GOLDEN = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini");
    private static final String MODEL = GOLDEN.resolve("ckpt").toString();
    private static final String QUESTION = GOLDEN.resolve("wav/speech16k.wav").toString();

    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static String voice;
    private static String heads;

    @BeforeAll
    static void voiceAndHeads() throws IOException {
        voice = shared.resolve("voice.safetensors").toString();
        // The voice that the official code made of a golden recording.
        try (Safetensors golden = Safetensors.open(GOLDEN.resolve("cases/prompt_dsp.safetensors"))) {
            VoiceFile.write(
                    Path.of(voice),
                    new Voice(
                            golden.tensor("stereo24k.prompt_tokens").toInts(),
                            golden.tensor("stereo24k.spk_emb").toFloats(),
                            golden.tensor("stereo24k.prompt_mels_padded").toFloats()));
        }
        // The output matrix as a head of layer 3: any matrix of this shape is one.
        try (Safetensors shard = Safetensors.open(GOLDEN.resolve("ckpt/model-00003-of-00003.safetensors"))) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("head.3.weight", shard.tensor("lm_head.weight"));
            heads = shared.resolve("heads.safetensors").toString();
            SafetensorsWriter.write(Path.of(heads), tensors, Map.of("apply_final_norm", "true"));
        }
    }

    @Test
    void askGoesFromSoundToSoundWithEarlyExits() throws IOException {
        Path answer = folder.resolve("a.wav");

        Outcome outcome = ask("--heads", heads, "--exit", "triple:3", "--out", answer.toString(), "--json");

        assertThat(outcome.code()).as(outcome.err()).isZero();
        JsonNode json = new ObjectMapper().readTree(outcome.out());
        JsonNode turn = json.path("turns").path(0);
        assertThat(json.path("exit").asText()).isEqualTo("triple:3");
        assertThat(json.path("sampling").path("temperature").doubleValue()).isEqualTo(0.7);
        assertThat(json.path("sampling").path("top_k").intValue()).isEqualTo(50);
        assertThat(json.path("sampling").path("top_p").doubleValue()).isEqualTo(0.9);
        assertThat(json.path("sampling").path("repetition_penalty").doubleValue())
                .isEqualTo(1.05);
        assertThat(turn.path("speech_exits").has("3")).isTrue();
        Waveform speech = WavFile.read(answer);
        assertThat(speech.sampleRateHz()).isEqualTo(24_000);
        assertThat(speech.samples().length).isPositive();
        assertThat(speech.samples().length % 960).isZero();
    }

    @Test
    void infoTellsWhatTheModelIs() {
        Outcome outcome = run("info", MODEL);

        assertThat(outcome.out())
                .contains("6 of width 64; 4 heads of 16, 2 for keys and values; ffn 160")
                .contains("rotary on 16 of 16 channels, base 1,000,000")
                .contains("text 0..600, speech 609..689, then 15 of speech padding, unused 63, end [556, 558, 578]")
                .contains("1:4 (text:speech tokens per cycle)")
                .contains("speaks with " + MODEL);
    }

    @Test
    void forwardOfEmbeddingsWritesTheGoldenStates() throws IOException {
        Path states = folder.resolve("states.safetensors");
        String inputs = GOLDEN.resolve("cases/lm_forward.safetensors").toString();
        Path embeds = folder.resolve("embeds.safetensors");
        try (Safetensors golden = Safetensors.open(Path.of(inputs))) {
            // With sound in it, which ids do not have.
            SafetensorsWriter.write(embeds, Map.of("embeds", golden.tensor("embeds")), Map.of());
        }

        Outcome outcome = run("forward", MODEL, "--inputs", embeds.toString(), "--out", states.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        try (Safetensors golden = Safetensors.open(Path.of(inputs));
                Safetensors written = Safetensors.open(states)) {
            for (int layer = 0; layer < 6; layer++) {
                assertThat(written.tensor("hidden.layer_" + layer).toFloats())
                        .containsExactly(golden.tensor("layer" + layer).toFloats(), within(2e-4f));
            }
            assertThat(written.tensor("final_norm").toFloats())
                    .containsExactly(golden.tensor("final_norm").toFloats(), within(2e-4f));
            assertThat(written.tensor("logits").toFloats())
                    .containsExactly(golden.tensor("logits").toFloats(), within(2e-4f));
        }
    }

    @Test
    void codesBecomeSpeech() throws IOException {
        Path speech = folder.resolve("speech.wav");

        Outcome outcome = run(
                "tokens", "decode", "1 2 3 80 79 78", "--model", MODEL, "--voice", voice, "--out", speech.toString());

        assertThat(outcome.code()).as(outcome.err()).isZero();
        assertThat(WavFile.read(speech).samples()).hasSize(6 * 960);
    }

    @Test
    void convertedModelAnswers() throws IOException {
        Path converted = folder.resolve("q8");

        Outcome conversion = run("convert", MODEL, "--heads", heads, "--quant", "q8_0", "--out", converted.toString());

        assertThat(conversion.code()).as(conversion.err()).isZero();
        assertThat(conversion.out()).contains("q8_0").doesNotContain(" 0 bytes");
        Outcome answer = run(
                "ask",
                QUESTION,
                "--model",
                converted.toString(),
                "--voice",
                voice,
                "--exit",
                "even:3",
                "--max-new-tokens",
                "20",
                "--json");
        assertThat(answer.code()).as(answer.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    tokens encode QUESTION --model MODEL                  | encodes audio as vectors; expected a model that accepts codes
                    ask QUESTION --model MODEL                            | voice.safetensors: no such voice: expected a WAV file of a speaker, or a voice file
                    ask QUESTION --model MODEL --voice MODEL/config.json  | config.json
                    ask QUESTION --voice VOICE                            | sparrow: --voice: the bundled model has a fixed voice; expected no other
                    ask QUESTION --model MODEL --voice VOICE --exit even:3 | no exit head for layer 3; speech heads found: none
                    ask QUESTION --model MODEL --voice QUESTION           | speech16k.wav: creating a voice from a recording requires the artifact sparrow-onnx
                    voice QUESTION --model MODEL --out a                  | speech16k.wav: creating a voice from a recording requires the artifact sparrow-onnx
                    voice MODEL/nothing.wav --model MODEL --out a         | nothing.wav: no such file
                    voice QUESTION --model MODEL/token2wav --out a        | token2wav
                    """)
    void wrongUseIsRefusedInOneLine(String command, String message) {
        String[] args = command.strip().split(" +");
        for (int i = 0; i < args.length; i++) {
            args[i] = args[i].replace("QUESTION", QUESTION)
                    .replace("MODEL", MODEL)
                    .replace("VOICE", voice);
        }

        Outcome outcome = run(args);

        assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
        assertThat(outcome.err()).startsWith("sparrow: ").contains(message);
        assertThat(outcome.err().strip().lines()).hasSize(1);
    }

    private static Outcome ask(String... more) {
        String[] args = new String[7 + more.length];
        System.arraycopy(
                new String[] {"ask", QUESTION, "--model", MODEL, "--voice", voice, "--max-new-tokens=30"},
                0,
                args,
                0,
                7);
        System.arraycopy(more, 0, args, 7, more.length);
        return run(args);
    }
}
