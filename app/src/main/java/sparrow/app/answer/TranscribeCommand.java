package sparrow.app.answer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
import sparrow.app.options.QuestionFile;
import sparrow.app.options.WarmUp;
import sparrow.app.report.JsonText;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.models.pool.SpeechMode;

/** The command {@code sparrow transcribe}, which transcribes recordings. */
@Command(
        name = "transcribe",
        description = {"Transcribe recordings of speech (LFM2.5-Audio, LFM3-Audio, Step-Audio-2)."},
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow transcribe --model LFM2.5-Audio-1.5B/ q.wav",
            "  sparrow transcribe --model LFM2.5-Audio-1.5B/ *.wav --json"
        })
public final class TranscribeCommand implements Callable<Integer> {
    @Parameters(
            arity = "1..*",
            paramLabel = "WAV",
            description = "Recordings of speech, WAV or Opus in Ogg, transcribed separately; - is standard input.")
    private List<Path> wavs;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private LanguageModelOptions modelOptions = new LanguageModelOptions(MatrixChoice.AUTO);

    @Mixin
    private DecodeOptions decodeOptions;

    @Spec
    private CommandSpec spec;

    private record Transcripts(String model, List<Transcript> transcripts) {}

    private record Transcript(
            String file, double seconds, String text, String stop, int tokens, double realTimeFactor) {}

    @Override
    public Integer call() throws IOException {
        List<Question.Spoken> recordings = new ArrayList<>();
        for (Path wav : wavs) recordings.add(QuestionFile.read(wav));
        try (LanguageModelOptions.Opened opened = modelOptions.open()) {
            SpokenModel model = opened.model().transcriber();
            QuestionFile.requireRoom(recordings, model);
            decodeOptions.caution(model).ifPresent(this::warn);
            List<Transcript> transcripts = new ArrayList<>();
            try {
                for (int i = 0; i < recordings.size(); i++) {
                    Conversation conversation =
                            new Conversation(model, decodeOptions.config(model), Window.of(model), SpeechMode.SILENT);
                    Question.Spoken recording = recordings.get(i);
                    Path wav = wavs.get(i);
                    Answer answer = i == 0
                            ? WarmUp.first(model, opened.pool(), () -> transcribe(conversation, recording, wav))
                            : transcribe(conversation, recording, wav);
                    AnswerReport.early(answer.reply()).ifPresent(why -> warn(wav + ": " + why));
                    transcripts.add(transcript(wav, recording, answer));
                    if (Thread.interrupted() || answer.reply().stop() == StopReason.INTERRUPTED) break;
                }
            } finally {
                // Print the transcripts that were completed before the failure.
                if (json && !transcripts.isEmpty()) print(new Transcripts(model.name(), transcripts));
            }
        }
        return 0;
    }

    private Answer transcribe(Conversation conversation, Question.Spoken recording, Path wav) {
        PrintWriter out = spec.commandLine().getOut();
        try (Waiting waiting = json ? Waiting.silent() : Waiting.begin("hearing " + wav)) {
            Answer answer = conversation.ask(recording, new ReplyListener() {
                private boolean named = wavs.size() == 1;

                @Override
                public void step(Step step) {
                    waiting.end();
                    if (json) return;
                    if (!named) out.print(wav + ": ");
                    named = true;
                    out.flush();
                }

                @Override
                public void text(String piece) {
                    if (json) return;
                    out.print(piece);
                    out.flush();
                }
            });
            if (!json) out.println();
            out.flush();
            return answer;
        }
    }

    private static Transcript transcript(Path wav, Question.Spoken recording, Answer answer) {
        double seconds = recording.waveform().seconds();
        return new Transcript(
                wav.toString(),
                seconds,
                answer.text(),
                answer.reply().stop().name().toLowerCase(Locale.ROOT),
                answer.reply().units().size(),
                answer.timing().done() / 1e9 / seconds);
    }

    private void print(Transcripts transcripts) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(JsonText.of(transcripts));
        out.flush();
    }

    private void warn(String line) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sparrow: " + line);
        err.flush();
    }
}
