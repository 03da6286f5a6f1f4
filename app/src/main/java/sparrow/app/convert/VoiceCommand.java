package sparrow.app.convert;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sparrow.app.console.Waiting;
import sparrow.app.options.OutputPath;
import sparrow.formats.BadFileException;
import sparrow.models.SpokenModels;
import sparrow.speech.voice.Voice;
import sparrow.speech.voice.VoiceFile;

/** The command {@code sparrow voice}, which extracts a voice for Step-Audio-2 from a recording. */
@Command(
        name = "voice",
        description = {"Create a voice for Step-Audio-2 from a recording of a few seconds."},
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  sparrow voice me.wav --model Step-Audio-2-mini/ --out me.safetensors",
            "  sparrow ask --model Step-Audio-2-mini/ --voice me.safetensors q.wav --out a.wav",
            "  sparrow voice a.wav --model m/ --out m/token2wav/voice.safetensors  # m's own"
        })
public final class VoiceCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "WAV",
            description =
                    "Recording of speech, ideally 3 to 15 s long, with any sample rate and number of " + "channels.")
    private Path wav;

    @Option(names = "--model", required = true, paramLabel = "FOLDER", description = "Step-Audio-2 folder.")
    private Path model;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Voice file to write (safetensors).")
    private Path out;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        OutputPath.expectFile("--out", out, spec);
        if (!Files.isRegularFile(wav)) throw new BadFileException(wav, "no such file");
        try (Waiting waiting = Waiting.begin("encoding the voice")) {
            waiting.now("running the networks");
            VoiceFile.write(out, SpokenModels.voice(wav, model));
        }
        Voice voice = VoiceFile.read(out);
        PrintWriter terminal = spec.commandLine().getOut();
        terminal.printf(Locale.ROOT, "%s: %.2f s of speech, %d codes%n", out, voice.seconds(), voice.codes().length);
        terminal.flush();
        return 0;
    }
}
