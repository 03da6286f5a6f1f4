package sparrow.study.heads;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.models.Question;
import sparrow.speech.wave.WavFile;

/** A question that a model is asked to harvest its reply. */
public sealed interface HarvestPrompt {
    /** Where it comes from, for messages. */
    String source();

    /**
     * What is asked.
     *
     * @throws IllegalArgumentException in one line if it cannot be understood
     * @throws IOException if it cannot be read
     */
    Question question() throws IOException;

    /** What tells it apart from other prompts: the same content has the same key. */
    PromptKey key() throws IOException;

    /**
     * A question in a line of a file.
     *
     * @param source file and line
     * @param line as it is
     * @param question what it says
     */
    record Line(String source, String line, Question question) implements HarvestPrompt {
        @Override
        public PromptKey key() {
            return PromptKey.of(line.getBytes(StandardCharsets.UTF_8));
        }
    }

    /**
     * A recording, read when it is its turn.
     *
     * @param file WAV
     */
    record Recording(Path file) implements HarvestPrompt {
        @Override
        public String source() {
            return file.toString();
        }

        @Override
        public Question question() throws IOException {
            return new Question.Spoken(WavFile.read(file));
        }

        @Override
        public PromptKey key() throws IOException {
            return PromptKey.of(Files.readAllBytes(file));
        }
    }
}
