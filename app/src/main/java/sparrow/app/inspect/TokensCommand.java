package sparrow.app.inspect;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.Numbers;
import sparrow.app.options.OutputPath;
import sparrow.app.options.QuestionFile;
import sparrow.formats.BadFileException;
import sparrow.formats.weights.Checkpoint;
import sparrow.formats.weights.Safetensors;
import sparrow.models.SpokenModel;
import sparrow.models.family.SpeechInput;
import sparrow.speech.vocode.FlowSynthesizer;
import sparrow.speech.vocode.Noise;
import sparrow.speech.vocode.Synthesizer;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.tensor.Tensor;

/** The command {@code sparrow tokens}, which converts between waveforms and speech codes. */
@Command(
        name = "tokens",
        description = {"Convert speech to codes and codes to speech."},
        mixinStandardHelpOptions = true,
        subcommands = {TokensCommand.Encode.class, TokensCommand.Decode.class},
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow tokens encode examples/q01.wav",
            "  sparrow tokens encode examples/q01.wav | sparrow tokens decode - --out a.wav"
        })
public final class TokensCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Converts a waveform to codes. */
    @Command(
            name = "encode",
            description = "Print a WAV file's speech codes, computed by the model's speech tokenizer.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExample:%n",
            footer = "  sparrow tokens encode examples/q01.wav --json")
    static final class Encode implements Callable<Integer> {
        @Parameters(paramLabel = "WAV", description = "WAV file with any sample rate; only its first channel is used.")
        private Path wav;

        @Option(names = "--json", description = "Print a JSON array.")
        private boolean json;

        @Mixin
        private ModelOptions modelOptions = new ModelOptions();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            Waveform waveform = QuestionFile.read(wav).waveform();
            try (ModelOptions.Opened opened = modelOptions.open()) {
                int[] codes = codes(opened.model(), waveform);
                PrintWriter out = spec.commandLine().getOut();
                out.println(
                        json
                                ? Arrays.toString(codes)
                                : Arrays.stream(codes)
                                        .mapToObj(Integer::toString)
                                        .collect(Collectors.joining(" ")));
                out.flush();
            }
            return 0;
        }

        private static int[] codes(SpokenModel model, Waveform waveform) {
            return switch (model.speechInput()) {
                case SpeechInput.Tokens input -> input.encode(waveform);
                case SpeechInput.Embeddings _ ->
                    throw new IllegalArgumentException(
                            model.name() + " encodes audio as vectors; expected a model that accepts codes");
            };
        }
    }

    /** Converts codes to a waveform. */
    @Command(
            name = "decode",
            description = "Convert speech codes to a WAV file with the model's flow and vocoder.",
            mixinStandardHelpOptions = true,
            footerHeading = "%nExamples:%n",
            footer = {
                "  sparrow tokens decode \"442 203 123 23 336\" --out a.wav",
                "  sparrow tokens decode codes.txt --noise noise.safetensors --float --out a.wav"
            })
    static final class Decode implements Callable<Integer> {
        @Parameters(
                paramLabel = "IDS",
                description =
                        "Codes separated by spaces or commas, a file that contains them, or - for standard input.")
        private String ids;

        @Option(names = "--out", required = true, paramLabel = "WAV", description = "WAV file to write.")
        private Path out;

        @Option(
                names = "--noise",
                paramLabel = "FILE",
                description = "Safetensors file with the flow's noise (z, [mel bins, frames]) and, optionally, the "
                        + "vocoder's excitation (source, [samples]).")
        private Path noise;

        @Option(names = "--seed", paramLabel = "N", description = "Seed for the noise. Default: 0.")
        private long seed;

        @Option(names = "--float", description = "Write 32-bit floats instead of 16-bit integers.")
        private boolean floats;

        @Mixin
        private ModelOptions modelOptions = new ModelOptions();

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            OutputPath.expectWave("--out", out, spec);
            int[] codes = Numbers.ids("code", text());
            try (ModelOptions.Opened opened = modelOptions.open()) {
                Synthesizer synthesizer = opened.model().synthesizer();
                float[] samples = synthesize(synthesizer, codes, noise, seed);
                WavFile.write(
                        out,
                        new Waveform(samples, synthesizer.sampleRateHz()),
                        floats ? SampleFormat.FLOAT32 : SampleFormat.PCM16);
            }
            return 0;
        }

        private String text() throws IOException {
            if (ids.equals("-")) {
                try (InputStream in = System.in) {
                    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
                }
            }
            boolean list = ids.matches("[\\s,\\[\\]0-9-]*");
            if (list) return ids;
            Path file = Path.of(ids);
            if (!Files.exists(file))
                throw new IllegalArgumentException(
                        ids + ": expected codes separated by spaces or commas, or a file that contains them");
            OutputPath.expectOther("--out", out, file);
            return Files.readString(file);
        }
    }

    /**
     * Synthesises an utterance. If the random numbers are read from a file, the result can be compared with the result
     * of another implementation.
     *
     * @param file a safetensors file with {@code z} [melBins, noiseFrames] and optionally {@code source} [samples], or
     *     null for seeded noise
     * @return the samples
     */
    private static float[] synthesize(Synthesizer synthesizer, int[] codes, Path file, long seed) throws IOException {
        if (file == null) return synthesizer.synthesize(codes, Noise.seeded(seed));
        if (!(synthesizer instanceof FlowSynthesizer speech)) {
            throw new IllegalArgumentException("--noise: expected a model that generates speech from noise");
        }
        try (Checkpoint given = Safetensors.open(file)) {
            Tensor z = given.tensor("z", -1, speech.noiseFrames(codes.length));
            float[] flow = transposed(z.toFloats(), z.shape().get(0), z.shape().get(1));
            float[] mel = speech.mel(codes, Noise.replayed(flow, new float[0], new float[0]));
            if (!given.has("source")) return speech.vocode(mel, Noise.seeded(seed));
            Tensor source = given.tensor("source");
            if (source.elements() != speech.samples(codes.length)) {
                throw new BadFileException(
                        file,
                        "tensor source",
                        "expected " + speech.samples(codes.length) + " samples, found " + source.elements());
            }
            return speech.vocode(mel, source.toFloats());
        }
    }

    /** Transposes [rows, columns] to [columns, rows]. */
    private static float[] transposed(float[] x, int rows, int columns) {
        float[] y = new float[x.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) y[c * rows + r] = x[r * columns + c];
        }
        return y;
    }
}
