package sparrow.speech.vocode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LookAheadChunksTest {
    @ParameterizedTest(name = "{0} codes at a time")
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void chunksAreTheSameHoweverTheCodesArrive(int atATime) {
        LookAheadChunks chunks = new LookAheadChunks(5, 2);
        List<List<Integer>> cut = new ArrayList<>();

        for (int at = 0; at < 16; at += atATime) {
            chunks.add(IntStream.range(at, Math.min(16, at + atATime)).toArray());
            for (var chunk = chunks.next(); chunk.isPresent(); chunk = chunks.next()) cut.add(list(chunk.get()));
        }

        assertThat(cut).containsExactly(List.of(0, 1, 2, 3, 4, 5, 6), List.of(5, 6, 7, 8, 9, 10, 11));
        assertThat(chunks.rest()).containsExactly(10, 11, 12, 13, 14, 15);
        assertThat(chunks.rest()).isEmpty();
    }

    @Test
    void lookAheadThatEndsTheUtteranceIsTheRest() {
        LookAheadChunks chunks = new LookAheadChunks(3, 2);
        chunks.add(new int[] {9, 8, 7, 6, 5});

        assertThat(chunks.next()).hasValueSatisfying(chunk -> assertThat(chunk).containsExactly(9, 8, 7, 6, 5));
        assertThat(chunks.next()).isEmpty();
        assertThat(chunks.rest()).containsExactly(6, 5);
    }

    private static List<Integer> list(int[] codes) {
        return IntStream.of(codes).boxed().toList();
    }
}
