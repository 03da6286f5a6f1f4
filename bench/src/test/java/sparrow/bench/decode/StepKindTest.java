package sparrow.bench.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sparrow.engine.exit.SkippedKv;
import sparrow.engine.interleave.Modality;
import sparrow.engine.interleave.Unit;
import sparrow.engine.reply.Step;

/** Steps are told apart by their depth and by what they carry. */
class StepKindTest {
    private static final int LAYERS = 16;

    @Test
    void fullStepsAreSortedByThePositionsThatWaitForThem() {
        SortedMap<StepKind, List<Long>> kinds = new TreeMap<>();

        StepKind.sort(steps("FEFEEFF"), LAYERS, SkippedKv.FILL, kinds);

        assertThat(kinds)
                .containsOnlyKeys(
                        new StepKind(12, 0), new StepKind(LAYERS, 0), new StepKind(LAYERS, 1), new StepKind(LAYERS, 2));
        assertThat(kinds.get(new StepKind(12, 0))).containsExactly(1L, 3L, 4L);
        assertThat(kinds.get(new StepKind(LAYERS, 0))).containsExactly(0L, 6L);
        assertThat(kinds.get(new StepKind(LAYERS, 1))).containsExactly(2L);
        assertThat(kinds.get(new StepKind(LAYERS, 2))).containsExactly(5L);
    }

    @ParameterizedTest
    @EnumSource(value = SkippedKv.class, names = "FILL", mode = EnumSource.Mode.EXCLUDE)
    void nothingWaitsWhereSkippedLayersAreNotFilled(SkippedKv treatment) {
        SortedMap<StepKind, List<Long>> kinds = new TreeMap<>();

        StepKind.sort(steps("FEFEEFF"), LAYERS, treatment, kinds);

        assertThat(kinds).containsOnlyKeys(new StepKind(12, 0), new StepKind(LAYERS, 0));
        assertThat(kinds.get(new StepKind(LAYERS, 0))).containsExactly(0L, 2L, 5L, 6L);
    }

    /** Steps that took 0, 1, 2 … ns. */
    private static List<Step> steps(String pattern) {
        return IntStream.range(0, pattern.length())
                .mapToObj(i -> new Step(
                        new Unit.Token(0),
                        Modality.SPEECH,
                        1 + i,
                        pattern.charAt(i) == 'F' ? LAYERS : 12,
                        0,
                        Double.NaN,
                        Double.NaN,
                        i))
                .toList();
    }
}
