package sparrow.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.report.JsonText;
import sparrow.app.voicebench.StageMeter;
import sparrow.app.voicebench.VoiceBenchmark;
import sparrow.app.voicebench.VoiceChart;
import sparrow.app.voicebench.VoiceReport;
import sparrow.app.voicebench.VoiceSettings;
import sparrow.app.voicebench.VoiceTable;
import sparrow.engine.exit.Verification;
import sparrow.engine.kernel.Kernels;
import sparrow.engine.unit.SpeechLogits;
import sparrow.models.SpokenModel;

/** The part of {@code sparrow bench} that measures spoken answers, stage by stage; a picocli mixin. */
final class VoiceBench {
    private static final String OWN_VOICE = "";

    @Option(
            names = "--voice",
            arity = "0..1",
            fallbackValue = OWN_VOICE,
            paramLabel = "FILE",
            description =
                    "Measure spoken answers to spoken questions, stage by stage. Takes a model folder. FILE: the voice"
                            + " of the answers, as of sparrow ask.")
    private String voice;

    @Option(
            names = "--questions",
            split = ",",
            paramLabel = "SECONDS",
            description = "With --voice: lengths of the questions, a synthetic sound. Default: 5,15.")
    private List<Double> questions;

    @Option(
            names = "--speech",
            paramLabel = "SECONDS",
            description = "With --voice: length of the answers. Default: 6.")
    private Double speech;

    @Option(
            names = "--products",
            paramLabel = "N",
            description =
                    "With --voice: list the N sizes of matrix products that take longest in each stage, up to 10.")
    private Integer products;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    /** What is measured of an open model. */
    interface SettingsOf {
        /**
         * The settings.
         *
         * @param questions lengths of the questions in seconds
         * @param speech length of the answers in seconds
         */
        VoiceSettings of(SpokenModel model, List<Double> questions, double speech) throws IOException;
    }

    /** Whether this part is asked for. */
    boolean isAsked() {
        return voice != null;
    }

    /** @throws IllegalArgumentException in one line if an option is given without its part, or beside another part's */
    void check(List<SpeechLogits> speechLogits, List<Verification> verifications) {
        List<String> others =
                isAsked() ? List.of("--prompt", "--tokens") : List.of("--questions", "--speech", "--products");
        for (String option : others) {
            if (!spec.commandLine().getParseResult().hasMatchedOption(option)) continue;
            throw new IllegalArgumentException(option + ": expected " + (isAsked() ? "without" : "with") + " --voice");
        }
        if (isAsked() && speechLogits.size() > 1) {
            throw new IllegalArgumentException(
                    "--speech-logits: expected one with --voice, got " + speechLogits.size());
        }
        if (isAsked() && verifications.size() > 1) {
            throw new IllegalArgumentException("--verify: expected one with --voice, got " + verifications.size());
        }
        if (products != null && (products < 0 || products > VoiceReport.LISTED)) {
            throw new IllegalArgumentException("--products: expected 0 to " + VoiceReport.LISTED + ", got " + products);
        }
    }

    /** Measures and prints; the exit code. */
    int run(LanguageModelOptions options, SettingsOf settingsOf, String command, boolean json, Optional<Path> plot)
            throws IOException {
        long start = System.nanoTime();
        StageMeter meter = new StageMeter();
        Optional<Path> file = voice.equals(OWN_VOICE) ? Optional.empty() : Optional.of(Path.of(voice));
        try (LanguageModelOptions.Opened opened = options.open(file, kernels -> Kernels.metered(kernels, meter))) {
            SpokenModel model = opened.model();
            double loadSeconds = (System.nanoTime() - start) / 1e9;
            VoiceSettings settings = settingsOf.of(
                    model, questions == null ? List.of(5.0, 15.0) : questions, speech == null ? 6 : speech);
            VoiceBenchmark.Found found;
            try (Waiting waiting = Waiting.begin("measuring", VoiceBenchmark.runs(settings))) {
                found = VoiceBenchmark.run(model, meter, settings, BenchCommand.progress(waiting));
            }
            if (found.isEmpty()) {
                spec.commandLine().getErr().println("sparrow: stopped before anything was measured");
                return Main.INTERRUPTED;
            }
            boolean interrupted = Thread.interrupted() || found.interrupted();
            VoiceReport report = VoiceReport.of(command, model, loadSeconds, settings, found);
            PrintWriter out = spec.commandLine().getOut();
            if (json) out.println(JsonText.of(report));
            else VoiceTable.print(report, products == null ? 0 : products, out);
            out.flush();
            if (plot.isPresent()) VoiceChart.write(report, plot.get());
            return interrupted ? Main.INTERRUPTED : 0;
        }
    }
}
