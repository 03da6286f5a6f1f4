package sparrow.app.answer;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sparrow.app.console.Screen;
import sparrow.app.options.DecodeOptions;
import sparrow.app.options.MatrixChoice;
import sparrow.app.options.ModelOptions;
import sparrow.app.options.OutputPath;
import sparrow.app.options.QuestionFile;
import sparrow.app.options.WarmUp;
import sparrow.app.options.WindowOptions;
import sparrow.formats.Printable;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.chat.Window;
import sparrow.models.pool.Answer;
import sparrow.models.pool.Conversation;
import sparrow.models.pool.ReplyListener;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;

/** The command {@code sparrow chat}, which holds a conversation line by line. */
@Command(
        name = "chat",
        description = "Talk with a model. Enter a line of text, the path of a WAV file, or /help, /report "
                + "(details of the last answer) or /quit.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow chat --out answer.wav    # writes answer-1.wav, answer-2.wav, ...",
            "  printf 'examples/q01.wav\\nexamples/q03.wav\\n' | sparrow chat"
        })
public final class ChatCommand implements Callable<Integer> {
    @Option(
            names = "--out",
            paramLabel = "WAV",
            description = "Write the spoken answers to numbered files with this name.")
    private Path out;

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
        OutputPath.expectWave("--out", out, spec);
        Window window = windowOptions.window();
        PrintWriter stdout = spec.commandLine().getOut();
        try (ModelOptions.Opened opened = modelOptions.open();
                Terminal terminal =
                        TerminalBuilder.builder().system(true).dumb(true).build()) {
            SpokenModel model = opened.model();
            Conversation conversation = new Conversation(
                    model,
                    decodeOptions.config(model),
                    window.ofTurns(Window.of(model).turns()));
            decodeOptions.caution(model).ifPresent(caution -> stdout.println("sparrow: " + caution));
            model.about().ifPresent(about -> stdout.println(model.name() + ": " + about));
            stdout.flush();
            WarmUp.question(model, opened.pool(), decodeOptions.plan(model));
            Duration start = WarmUp.sinceStart();
            AnswerReport report = new AnswerReport(model, Screen.ofProcess(), start);
            LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
            int turn = 0;
            Runnable last = () -> stdout.println("no answer yet");
            for (Optional<String> line = line(reader); line.isPresent(); line = line(reader)) {
                if (line.get().isEmpty()) continue;
                try {
                    if (isCommand(line.get())) {
                        obey(line.get(), last, stdout);
                        continue;
                    }
                    Question question = question(line.get(), turn + 1);
                    Answer answer = conversation.ask(question, printing(stdout));
                    Thread.interrupted();
                    Path written = write(answer, ++turn);
                    report.printLine(answer, written, stdout);
                    last = () -> report.print(answer, written, List.of(), stdout);
                } catch (IllegalArgumentException | IOException e) {
                    // An invalid line does not end the conversation.
                    stdout.println("sparrow: " + Printable.line(e.getMessage()));
                    stdout.flush();
                }
            }
        }
        return 0;
    }

    /** Returns the next line, or empty at the end of the input. */
    private static Optional<String> line(LineReader reader) {
        try {
            return Optional.of(reader.readLine("> ").strip()).filter(line -> !line.equals("/quit"));
        } catch (EndOfFileException | UserInterruptException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether a line consists of a slash and letters. The path of a WAV file also contains a dot and is
     * therefore not a command.
     */
    private static boolean isCommand(String line) {
        return line.matches("/[A-Za-z?]*");
    }

    private static void obey(String command, Runnable report, PrintWriter stdout) {
        switch (command) {
            case "/help" ->
                stdout.println(
                        "Enter a question, or the path of a WAV file with a question. /report prints the details of the"
                                + " last answer; /quit or Ctrl-D ends the conversation.");
            case "/report" -> report.run();
            default -> throw new IllegalArgumentException("expected /help, /report or /quit, got " + command);
        }
        stdout.flush();
    }

    private Question question(String line, int turn) throws IOException {
        if (!line.endsWith(".wav") && !line.endsWith(".WAV")) return new Question.Typed(line);
        Path wav = Path.of(line);
        if (out != null) OutputPath.expectOther("--out", OutputPath.numbered(out, turn), wav);
        return QuestionFile.read(wav);
    }

    private static ReplyListener printing(PrintWriter stdout) {
        return new ReplyListener() {
            @Override
            public void text(String piece) {
                stdout.print(piece);
                stdout.flush();
            }
        };
    }

    private Path write(Answer answer, int turn) throws IOException {
        if (out == null || answer.speech().samples().length == 0) return null;
        Path file = OutputPath.numbered(out, turn);
        WavFile.write(file, answer.speech(), SampleFormat.PCM16);
        return file;
    }
}
