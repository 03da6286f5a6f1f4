package sparrow.app.answer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.console.Waiting;
import sparrow.app.options.DecodeOptions;
import sparrow.app.options.LanguageModelOptions;
import sparrow.app.options.MatrixChoice;
import sparrow.app.options.OutputPath;
import sparrow.app.options.WarmUp;
import sparrow.app.report.JsonText;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;

/** The command {@code sparrow say}, which reads text aloud. */
@Command(
        name = "say",
        description = "Read text aloud (LFM2.5-Audio, LFM3-Audio, Step-Audio-2).",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow say --model LFM2.5-Audio-1.5B/ \"Good morning.\" --out a.wav",
            "  sparrow say --model LFM2.5-Audio-1.5B/ \"Tea?\" --out a.wav --voice uk-male"
        })
public final class SayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TEXT", description = "Text to read.")
    private String text;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "WAV",
            description = "Write the speech to this file (16-bit WAV).")
    private Path out;

    @Option(
            names = "--voice",
            paramLabel = "NAME",
            description = "Voice: female or male for LFM3-Audio, us-female, us-male, uk-female or uk-male for"
                    + " LFM2.5-Audio, default for Step-Audio-2. Default: the first.")
    private String voice;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private LanguageModelOptions modelOptions = new LanguageModelOptions(MatrixChoice.AUTO);

    @Mixin
    private DecodeOptions decodeOptions;

    @Spec
    private CommandSpec spec;

    private record Spoken(
            String model,
            String voice,
            String text,
            String out,
            double seconds,
            int samples,
            String stop,
            double firstAudioSeconds,
            double realTimeFactor) {}

    @Override
    public Integer call() throws IOException {
        OutputPath.expectWave("--out", out, spec);
        Question.Typed question = new Question.Typed(text);
        try (LanguageModelOptions.Opened opened = modelOptions.open()) {
            String name = voice == null
                    ? opened.model().readingVoices().stream().findFirst().orElse("")
                    : voice;
            SpokenModel model = opened.model().reader(name);
            decodeOptions.caution(model).ifPresent(this::warn);
            Conversation conversation = new Conversation(model, decodeOptions.config(model), Window.of(model));
            Answer answer = WarmUp.first(model, opened.pool(), () -> say(conversation, question));
            // After Ctrl-C, the speech generated so far is written. An interrupted thread could not write the speech.
            Thread.interrupted();
            AnswerReport.early(answer.reply()).ifPresent(this::warn);
            Waveform speech = answer.speech();
            if (speech.samples().length == 0) {
                throw new IllegalStateException(model.name() + ": expected speech, but the model said nothing");
            }
            WavFile.write(out, speech, SampleFormat.PCM16);
            report(model, name, answer);
        }
        return 0;
    }

    private Answer say(Conversation conversation, Question question) {
        try (Waiting waiting = json ? Waiting.silent() : Waiting.begin("speaking")) {
            return conversation.ask(question, new ReplyListener() {
                @Override
                public void speech(float[] samples) {
                    waiting.step();
                }
            });
        }
    }

    private void report(SpokenModel model, String name, Answer answer) {
        PrintWriter terminal = spec.commandLine().getOut();
        double seconds = answer.speech().seconds();
        double firstAudio = answer.timing().firstAudio() / 1e9;
        double realTimeFactor = answer.timing().done() / 1e9 / seconds;
        if (json) {
            terminal.println(JsonText.of(new Spoken(
                    model.name(),
                    name,
                    text,
                    out.toString(),
                    seconds,
                    answer.speech().samples().length,
                    answer.reply().stop().name().toLowerCase(Locale.ROOT),
                    firstAudio,
                    realTimeFactor)));
        } else {
            terminal.printf(
                    Locale.ROOT,
                    "%s: %.2f s of speech, real-time factor %.2f; first audio after %.2f s%n",
                    out,
                    seconds,
                    realTimeFactor,
                    firstAudio);
        }
        terminal.flush();
    }

    private void warn(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sparrow: " + line);
        err.flush();
    }
}
