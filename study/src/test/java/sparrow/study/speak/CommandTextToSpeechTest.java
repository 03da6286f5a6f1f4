package sparrow.study.speak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import sparrow.models.Question;
import sparrow.speech.wave.SampleFormat;
import sparrow.speech.wave.WavFile;
import sparrow.speech.wave.Waveform;
import sparrow.study.data.Item;

/** With a program that writes the same tone for every text, and each text into a log. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the program is a shell script")
class CommandTextToSpeechTest {
    private static final Waveform TONE = new Waveform(new float[] {0, 0.5f, 0, -0.5f}, 8_000);

    @TempDir
    private Path folder;

    private Path cache;
    private Path log;
    private String speaker;

    @BeforeEach
    void writeTheProgram() throws IOException {
        cache = folder.resolve("cache");
        log = folder.resolve("log");
        Path tone = folder.resolve("tone.wav");
        WavFile.write(tone, TONE, SampleFormat.PCM16);
        Path script = Files.writeString(folder.resolve("speak.sh"), """
                cp '%s' "$1"
                if [ $# -gt 1 ]; then printf '%%s\\n' "$2"; else cat; fi >> '%s'
                """.formatted(tone, log));
        speaker = "sh '" + script + "' ";
    }

    @Test
    void speaksATextAndKeepsIt() throws IOException {
        CommandTextToSpeech tts = CommandTextToSpeech.of(speaker + "{wav} {text}", cache);

        Waveform first = tts.speak("who is it?");
        Waveform again = tts.speak("who is it?");

        assertThat(first.samples()).containsExactly(TONE.samples());
        assertThat(again.samples()).containsExactly(TONE.samples());
        assertThat(first.sampleRateHz()).isEqualTo(8_000);
        assertThat(log).content().isEqualTo("who is it?\n");
        assertThat(files(cache)).hasSize(1);
    }

    @Test
    void keepsEachTextOfEachCommandApart() throws IOException {
        CommandTextToSpeech one = CommandTextToSpeech.of(speaker + "{wav} {text}", cache);
        CommandTextToSpeech other = CommandTextToSpeech.of(speaker + "{wav} {text} faster", cache);

        one.speak("a");
        one.speak("b");
        other.speak("a");

        assertThat(log).content().isEqualTo("a\nb\na\n");
        assertThat(files(cache)).hasSize(3);
    }

    @Test
    void givesTheTextToNoShell() throws IOException {
        String text = "what is $(touch " + folder.resolve("pwned") + "); `id` \"x\"?";

        CommandTextToSpeech.of(speaker + "{wav} {text}", cache).speak(text);

        assertThat(log).content().isEqualTo(text + "\n");
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @Test
    void givesTheTextToTheStandardInputWhereTheCommandHasNoPlaceForIt() throws IOException {
        CommandTextToSpeech.of(speaker + "{wav}", cache).speak("one\ntwo");

        assertThat(log).content().isEqualTo("one two\n");
    }

    @Test
    void asksWithTheRecordingWhereThereIsOneAndSpeaksElsewhere() throws IOException {
        Waveform recorded = new Waveform(new float[] {1}, 16_000);
        CommandTextToSpeech tts = CommandTextToSpeech.of(speaker + "{wav} {text}", cache);

        assertThat(tts.questions(item(Optional.of(recorded)))).containsExactly(new Question.Spoken(recorded));
        assertThat(log).doesNotExist();
        assertThat(tts.questions(item(Optional.empty())))
                .singleElement()
                .extracting(spoken -> ((Question.Spoken) spoken).waveform().samples())
                .isEqualTo(TONE.samples());
        assertThat(TextToSpeech.none().questions(item(Optional.of(recorded))))
                .containsExactly(new Question.Spoken(recorded));
    }

    @Test
    void namesTheItemThatNobodyCanSpeak() {
        assertThatThrownBy(() -> TextToSpeech.none().questions(item(Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("q7: expected a recording of the question, or --speak COMMAND, which speaks it");
    }

    private static Item item(Optional<Waveform> recording) {
        return new Item("q7", "who?", recording.map(waveform -> () -> waveform), List.of());
    }

    @Test
    void refusesACommandThatCannotWriteItsFile() {
        assertThatThrownBy(() -> CommandTextToSpeech.of("espeak-ng {text}", cache))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("speech command: expected a placeholder {wav} for its file, got espeak-ng {text}");
    }

    @Test
    void saysThatTheProgramIsNotThereAndKeepsNothing() throws IOException {
        assertThatThrownBy(() ->
                        CommandTextToSpeech.of("no-such-program {wav}", cache).speak("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("no-such-program: expected a program that can be started");
        assertThat(files(cache)).isEmpty();
    }

    @Test
    void saysThatTheProgramFailedAndKeepsNothing() throws IOException {
        CommandTextToSpeech tts =
                CommandTextToSpeech.of("sh -c 'echo half > \"$0\"; echo no lips >&2; exit 1' {wav}", cache);

        assertThatThrownBy(() -> tts.speak("a"))
                .isInstanceOf(IOException.class)
                .hasMessage("sh: exited with code 1: no lips");
        assertThat(files(cache)).isEmpty();
    }

    @Test
    void saysThatNoFileWasLeft() {
        assertThatThrownBy(() -> CommandTextToSpeech.of("echo {wav}", cache).speak("a"))
                .isInstanceOf(IOException.class)
                .hasMessage("echo: expected a WAV file, found none");
    }

    @Test
    void saysThatTheFileIsNoWavAndKeepsNothing() throws IOException {
        CommandTextToSpeech tts = CommandTextToSpeech.of("sh -c 'echo text > \"$0\"' {wav}", cache);

        assertThatThrownBy(() -> tts.speak("a"))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("sh: expected a WAV file, found ")
                .hasMessageContaining("not a WAV file");
        assertThat(files(cache)).isEmpty();
    }

    @Test
    void givesUpOnAProgramThatDoesNotEnd() throws IOException {
        CommandTextToSpeech tts = CommandTextToSpeech.of("sh -c 'sleep 600' {wav}", cache, Duration.ofMillis(300));

        assertThatThrownBy(() -> tts.speak("a"))
                .isInstanceOf(IOException.class)
                .hasMessage("sh: did not exit within 0.3 s");
        assertThat(files(cache)).isEmpty();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}
