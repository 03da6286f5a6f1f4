package sparrow.study.heads;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import sparrow.models.Question;
import sparrow.speech.wave.WavFile;
import sparrow.study.run.FileDigest;

/** A question that a model is asked to harvest its reply. */
public sealed interface HarvestPrompt {
    /** File or line that it comes from, for messages. */
    String source();

    /**
     * The question.
     *
     * @throws IllegalArgumentException in one line if it cannot be understood
     * @throws IOException if it cannot be read
     */
    Question question() throws IOException;

    /** A number that differs from those of other prompts: the first eight bytes of the SHA-256 of its content. */
    long key() throws IOException;

    private static long key(byte[] content) {
        return Long.parseUnsignedLong(FileDigest.sha256(content), 0, 16, 16);
    }

    /**
     * A question in a line of a file.
     *
     * @param source file and line
     * @param line as it is
     * @param question that the line asks
     */
    record Line(String source, String line, Question question) implements HarvestPrompt {
        @Override
        public long key() {
            return HarvestPrompt.key(line.getBytes(StandardCharsets.UTF_8));
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
        public long key() throws IOException {
            return HarvestPrompt.key(Files.readAllBytes(file));
        }
    }
}
