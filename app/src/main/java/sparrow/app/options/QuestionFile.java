package sparrow.app.options;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import sparrow.formats.BadFileException;
import sparrow.models.Question;
import sparrow.models.SpokenModel;
import sparrow.models.family.SpeechInput;
import sparrow.server.audio.RecordingFile;
import sparrow.speech.wave.Waveform;

/** Reads spoken questions from files. */
public final class QuestionFile {
    /** Name that stands for standard input. */
    public static final Path STANDARD_INPUT = Path.of("-");

    private QuestionFile() {}

    /**
     * Reads a recording, which may be silent, from a WAV file or from Opus in Ogg.
     *
     * @throws BadFileException if the file is missing, damaged or in another format
     */
    public static Waveform recording(Path file) throws IOException {
        return RecordingFile.read(file);
    }

    /**
     * Reads a question from a file or, if the name is {@link #STANDARD_INPUT}, from standard input up to its end.
     *
     * @throws BadFileException as in {@link #recording}, or if the recording is silent
     */
    public static Question.Spoken read(Path file) throws IOException {
        if (file.toString().isBlank()) throw new IllegalArgumentException("expected a file name, got nothing");
        Waveform waveform =
                file.equals(STANDARD_INPUT) ? RecordingFile.read(System.in, STANDARD_INPUT) : recording(file);
        if (waveform.isSilent()) {
            throw new BadFileException(file, SpeechInput.silence(waveform));
        }
        try {
            return new Question.Spoken(SpeechInput.requireSpeech(waveform));
        } catch (IllegalArgumentException e) {
            throw new BadFileException(file, e.getMessage());
        }
    }

    /** Checks the lengths of all questions before the first question is answered. */
    public static void requireRoom(List<? extends Question> questions, SpokenModel model) {
        int context = model.languageModel().transformer().config().contextLength();
        for (Question question : questions) {
            if (question instanceof Question.Spoken(Waveform sound)) {
                model.speechInput().requireRoom(sound, context);
            }
        }
    }
}
