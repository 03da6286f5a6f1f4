package sparrow.engine.interleave;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The golden data of Step-Audio-2-mini: where it lies, and what the ids of its vocabulary mean. */
final class StepAudio2 {
    static final Path CASES = Path.of(System.getProperty("sparrow.testdata"), "step-audio-2-mini", "cases");

    static final InterleaveFormat INTERLEAVE = new InterleaveFormat(1, 4);
    static final SpeechMarks MARKS = new SpeechMarks(606, 607, 608);
    static final int END = 578;

    /** 81 codes of 96 audio tokens; text and the named tokens before the audio marks. */
    static final TokenSpace TOKENS = tokens(Set.of(END));

    private StepAudio2() {}

    static TokenSpace tokens(Set<Integer> end) {
        return new TokenSpace(601, new SpeechTokens(609, 81, 96, Optional.of(MARKS)), 705, end);
    }

    static JsonNode json(String name) throws IOException {
        return new ObjectMapper().readTree(CASES.resolve(name).toFile());
    }

    static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
