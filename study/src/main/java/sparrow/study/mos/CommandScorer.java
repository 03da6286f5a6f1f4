package sparrow.study.mos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.command.CommandTemplate;

/** A program that accepts a WAV file and prints a number as its last line, such as a script for UTMOSv2. */
record CommandScorer(CommandTemplate command) implements MosScorer {
    private static final String WAV = "wav";
    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    /**
     * Creates a scorer that runs a program.
     *
     * @throws IllegalArgumentException if the command does not contain {wav}, or contains another placeholder
     */
    static CommandScorer of(String command) {
        CommandTemplate template = CommandTemplate.parse(command, Set.of(WAV));
        if (!template.takes(WAV)) {
            throw new IllegalArgumentException(
                    "MOS command: expected a placeholder {wav} for the speech, got " + command);
        }
        return new CommandScorer(template);
    }

    @Override
    public Mos score(Waveform speech) throws IOException {
        if (speech.samples().length == 0) throw new IllegalArgumentException("speech: expected samples, got none");
        Path wav = Files.createTempFile("sparrow-", ".wav");
        try {
            WavFile.write(wav, speech, SampleFormat.PCM16);
            String output = command.run(Map.of(WAV, wav.toString()), "", TIMEOUT);
            String last = output.strip().lines().reduce("", (_, line) -> line);
            return Mos.parse(command.program(), last);
        } finally {
            Files.deleteIfExists(wav);
        }
    }
}
