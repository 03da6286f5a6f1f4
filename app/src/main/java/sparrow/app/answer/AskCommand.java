package sparrow.app.answer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.console.Screen;
import sparrow.app.console.Waiting;
import sparrow.app.options.DecodeOptions;
import sparrow.app.options.MatrixChoice;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.OutputPath;
import sparrow.app.options.QuestionFile;
import sparrow.app.options.WarmUp;
import sparrow.app.options.WindowOptions;
import sparrow.engine.reply.Step;
import sparrow.engine.reply.StopReason;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.SpokenModels;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.PromptUse;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;

/** The command {@code sparrow ask}, which answers spoken or typed questions. */
@Command(
        name = "ask",
        description = "Ask one or more questions, spoken or typed, in one conversation.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow ask examples/q01.wav --out answer.wav",
            "  sparrow ask examples/q01.wav --exit none --json",
            "  sparrow ask q1.wav q2.wav --out answer.wav    # answer-1.wav, answer-2.wav",
            "  sparrow ask --model glm-4-voice/ --heads heads/ --exit even:36 q.wav",
            "  sparrow ask --text \"what is two plus three\" --set top-k=20",
            "  arecord -d 3 -f S16_LE -r 16000 | sparrow ask - --play"
        })
public final class AskCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "WAV", description = "Questions (WAV, Ogg Opus); - is standard input.")
    private List<Path> wavs = new ArrayList<>();

    @Option(
            names = "--text",
            paramLabel = "QUESTION",
            description = "Typed question, asked after the WAVs. Repeatable.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--out", paramLabel = "WAV", description = "Write the spoken answer to this file (16-bit WAV).")
    private Path out;

    @Option(names = "--play", description = "Play each spoken answer, such as with aplay.")
    private boolean play;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ModelOptions modelOptions = new ModelOptions(MatrixChoice.AUTO);

    @Mixin
    private DecodeOptions decodeOptions;

    @Mixin
    private WindowOptions windowOptions;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (wavs.isEmpty() && texts.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Expected a WAV file or --text QUESTION");
        }
        Optional<AudioPlayer> player = player();
        int turns = wavs.size() + texts.size();
        for (int turn = 0; turn < turns; turn++) OutputPath.expectWave("--out", place(turn, turns), spec);
        Window window = windowOptions.window();
        List<Question> questions = questions();
        try (ModelOptions.Opened opened = modelOptions.open()) {
            SpokenModel model = opened.model();
            QuestionFile.requireRoom(questions, model);
            Conversation conversation = new Conversation(
                    model,
                    decodeOptions.config(model),
                    window.ofTurns(Window.of(model).turns()));
            decodeOptions.caution(model).ifPresent(this::warn);
            try (Output output = new Output(opened, player)) {
                converse(conversation, questions, opened, output);
            }
        }
        return 0;
    }

    private void converse(
            Conversation conversation, List<Question> questions, ModelOptions.Opened opened, Output output)
            throws IOException {
        for (int turn = 0; turn < questions.size(); turn++) {
            Question question = questions.get(turn);
            Answer answer = turn == 0
                    ? WarmUp.first(opened.model(), opened.pool(), () -> ask(conversation, question))
                    : ask(conversation, question);
            // After Ctrl-C, the speech generated so far is written. An interrupted thread could not write the speech.
            boolean interrupted = Thread.interrupted() || answer.reply().stop() == StopReason.INTERRUPTED;
            Path written = output.write(answer, place(turn, questions.size()));
            if (interrupted) break;
            output.play(answer, written);
        }
    }

    /** Writes, prints and plays the answers of one conversation. */
    private final class Output implements AutoCloseable {
        private final PrintWriter stdout = spec.commandLine().getOut();
        private final AnswerReport report;
        private final AnswerJson all;
        private final Optional<AudioPlayer> player;

        Output(ModelOptions.Opened opened, Optional<AudioPlayer> player) throws IOException {
            SpokenModel model = opened.model();
            Duration start = WarmUp.sinceStart();
            this.report = new AnswerReport(model, Screen.ofProcess(), start);
            this.all = new AnswerJson(
                    model, decodeOptions.plan(model), decodeOptions.sampling(model), modelOptions.multiplier(), start);
            this.player = player;
        }

        /** Writes the speech to a file, and prints the answer even if writing fails. Returns the file, or null if none was written. */
        Path write(Answer answer, Path file) throws IOException {
            Path written = null;
            try {
                written = AskCommand.write(answer, file);
            } finally {
                if (json) all.add(answer, written);
                else report.print(answer, written, examples(answer), stdout);
            }
            return written;
        }

        void play(Answer answer, Path written) throws IOException {
            if (player.isPresent()) AskCommand.play(answer, written, player.get());
        }

        /** Prints the JSON object, after a failure with the replies that were decoded before it. */
        @Override
        public void close() {
            if (json && !all.isEmpty()) all.print(stdout);
        }
    }

    private void warn(String caution) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sparrow: " + caution);
        err.flush();
    }

    private List<Question> questions() throws IOException {
        List<Question> questions = new ArrayList<>();
        for (Path wav : wavs) questions.add(QuestionFile.read(wav));
        for (String text : texts) questions.add(new Question.Typed(text));
        return questions;
    }

    private Answer ask(Conversation conversation, Question question) {
        PrintWriter stdout = spec.commandLine().getOut();
        try (Waiting waiting = json ? Waiting.silent() : Waiting.begin("encoding the question")) {
            return conversation.ask(question, new ReplyListener() {
                @Override
                public void begun(PromptUse prompt) {
                    waiting.now("reading " + (prompt.tokens() - prompt.cached()) + " prompt tokens");
                }

                @Override
                public void step(Step step) {
                    waiting.end();
                }

                @Override
                public void text(String piece) {
                    waiting.end();
                    if (json) return;
                    stdout.print(piece);
                    stdout.flush();
                }
            });
        }
    }

    /** Returns three questions that the model can answer if it refused this one and is the bundled model. */
    private List<String> examples(Answer answer) throws IOException {
        if (answer.understood().orElse(true) || !modelOptions.isBundled()) return List.of();
        return SpokenModels.bundledQuestions().stream()
                .map(SpokenModels.SampleQuestion::text)
                .limit(3)
                .toList();
    }

    /** Returns the file for a turn's answer, or null if no file is written. */
    private Path place(int turn, int turns) {
        return out == null || turns == 1 || out.toString().isBlank() ? out : OutputPath.numbered(out, turn + 1);
    }

    private Optional<AudioPlayer> player() {
        if (!play) return Optional.empty();
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Optional.of(AudioPlayer.find(path)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "--play: expected a program that plays WAV files in PATH, found none of "
                                + AudioPlayer.names())));
    }

    private static void play(Answer answer, Path written, AudioPlayer player) throws IOException {
        if (written != null) {
            player.play(written);
            return;
        }
        Path file = Files.createTempFile("sparrow-answer", ".wav");
        try {
            if (write(answer, file) != null) player.play(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Path write(Answer answer, Path file) throws IOException {
        if (file == null || answer.speech().samples().length == 0) return null;
        WavFile.write(file, answer.speech(), SampleFormat.PCM16);
        return file;
    }
}
