package sparrow.tensor.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention over panels of keys and values, against the reference that reads them one by one. */
@Tag("lanes")
class AttentionTest {
    private static final ComputePool POOL = new ComputePool(1);
    private static final Kernels REFERENCE = new ScalarKernels(POOL);
    private static final Kernels VECTOR = new VectorKernels(POOL);

    static List<Integer> lengths() {
        return Widths.lengths();
    }

    static LongStream seeds() {
        return Widths.seeds();
    }

    static Stream<Arguments> lengthsInEveryFormat() {
        return lengths().stream().flatMap(n -> Stream.of(KvFormat.values()).map(format -> Arguments.of(n, format)));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("lengthsInEveryFormat")
    void agreesWithTheReferenceForEveryNumberOfPositionsAndEveryHeadWidth(int n, KvFormat format) {
        new Case(new SplittableRandom(n), format, 2, 2, Lanes.COUNT + 3, 1, n).check();
        new Case(new SplittableRandom(n), format, 1, 3, n + 1, 2, 20).check();
    }

    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 24, 31})
    void agreesWithTheReferenceForEveryNumberOfRows(int rows) {
        for (int group : new int[] {1, 2, 7}) {
            for (KvFormat format : KvFormat.values()) {
                new Case(new SplittableRandom(rows), format, 2, group, 12, rows, 0).check();
                new Case(new SplittableRandom(rows), format, 2, group, 12, rows, 70).check();
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void agreesWithTheReferenceOnAnyData(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int largest = Widths.slow() ? 30 : 300;

        new Case(
                        random,
                        KvFormat.values()[random.nextInt(3)],
                        random.nextInt(1, 4),
                        random.nextInt(1, 5),
                        random.nextInt(1, 70),
                        random.nextInt(1, 10),
                        random.nextInt(largest))
                .check();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void windowedResultsAreWithinTheToleranceOfSummation(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int largest = Widths.slow() ? 30 : 300;

        new Case(
                        random,
                        KvFormat.values()[random.nextInt(3)],
                        random.nextInt(1, 4),
                        random.nextInt(1, 5),
                        random.nextInt(1, 70),
                        random.nextInt(1, 10),
                        random.nextInt(largest))
                .within(random.nextInt(1, largest))
                .check();
    }

    @ParameterizedTest
    @EnumSource
    void positionsBeforeTheWindowAreNotSeen(KvFormat format) {
        Case some = new Case(new SplittableRandom(5), format, 1, 2, 8, 3, 100).within(40);
        Block expected = some.attend(VECTOR, some.vector, 0);
        // The first row sees positions 61 to 100.
        for (int p = 0; p < 61; p++) for (int c = 0; c < 8; c++) some.values[p][c] += 7;
        some.append();

        Block actual = some.attend(VECTOR, some.vector, 0);

        for (int r = 0; r < 3; r++) assertThat(row(actual, r)).isEqualTo(row(expected, r));
    }

    @ParameterizedTest
    @EnumSource
    void laterPositionsDoNotReachEarlierRows(KvFormat format) {
        Case before = new Case(new SplittableRandom(1), format, 1, 2, 8, 6, 10);
        Case after = new Case(new SplittableRandom(1), format, 1, 2, 8, 6, 10);
        after.replaceLast();

        Block expected = before.attend(VECTOR, before.vector, 0);
        Block actual = after.attend(VECTOR, after.vector, 0);

        assertThat(row(actual, 5)).isNotEqualTo(row(expected, 5));
        for (int r = 0; r < 5; r++) assertThat(row(actual, r)).isEqualTo(row(expected, r));
    }

    /** A row's own key is rounded before it is seen, whether it was appended alone or with others. */
    @ParameterizedTest
    @EnumSource
    void rowsOfAPassSeeWhatTheySeeOneByOne(KvFormat format) {
        Case whole = new Case(new SplittableRandom(4), format, 1, 2, 24, 13, 70);
        Block together = whole.attend(VECTOR, whole.vector, 0);
        KvPanels growing = VECTOR.withKvFormat(format).keyValues(1, 24);
        for (int p = 0; p < 70; p++) growing.append(whole.keys[p], 0, whole.values[p], 0);
        for (int r = 0; r < 13; r++) {
            // A kept number is kept again as it is: its largest channel is a whole number of steps.
            growing.append(whole.keys[70 + r], 0, whole.values[70 + r], 0);
            Block alone = Block.of(new float[48], 1, 48);

            VECTOR.attend(whole.queries.rows(r, r + 1), growing, 0, 70 + r, whole.scale(), alone);

            for (int c = 0; c < 48; c++) {
                double tolerance = 2 * whole.tolerance(r, c / 24, 0);
                float expected = together.data()[together.row(r) + c];
                assertThat((double) alone.data()[c]).isBetween(expected - tolerance, expected + tolerance);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void mixedValuesMayReplaceTheQueries(KvFormat format) {
        Case one = new Case(new SplittableRandom(2), format, 1, 3, 16, 4, 40);
        Block expected = one.attend(VECTOR, one.vector, 0);

        VECTOR.attend(one.queries, one.vector, 0, 40, one.scale(), one.queries);

        for (int r = 0; r < 4; r++) assertThat(row(one.queries, r)).isEqualTo(row(expected, r));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Case good = new Case(new SplittableRandom(3), KvFormat.F32, 2, 1, 4, 2, 3);
        for (Kernels kernels : List.of(REFERENCE, VECTOR)) {
            KvPanels own = kernels == VECTOR ? good.vector : good.reference;
            KvPanels other = kernels == VECTOR ? good.reference : good.vector;
            Block six = Block.of(new float[12], 2, 6);
            refused(kernels, good.queries, other, 0, 3, "attend: the keys and values were created by other kernels");
            refused(kernels, good.queries, own, 2, 3, "attend: key head 2 of 2");
            refused(kernels, good.queries, own, 0, 4, "attend: positions 4 to 5, but 5 are held");
            refused(kernels, good.queries, own, 0, -1, "attend: positions -1 to 0, but 5 are held");
            refused(kernels, six, own, 0, 3, "attend: shapes do not match: 2 x 6 by heads of 4 to 2 x 6");
        }
    }

    private static void refused(
            Kernels kernels, Block queries, KvPanels cache, int head, int position, String message) {
        assertThatThrownBy(() -> kernels.attend(queries, cache, head, position, 1, Framed.copy(queries)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    private static float[] row(Block block, int r) {
        return Arrays.copyOfRange(block.data(), block.row(r), block.row(r) + block.columns());
    }

    /** Random keys and values of {@code before + rows} positions in either layout, and queries for the last rows. */
    private static final class Case {
        private final SplittableRandom random;
        private final int heads;
        private final int group;
        private final int width;
        private final int before;
        private final float[][] keys;
        private final float[][] values;
        private final KvPanels reference;
        private final KvPanels vector;
        private final Block queries;
        private int window = Integer.MAX_VALUE;

        Case(SplittableRandom random, KvFormat format, int heads, int group, int width, int rows, int before) {
            this.random = random;
            this.heads = heads;
            this.group = group;
            this.width = width;
            this.before = before;
            keys = numbers(before + rows);
            values = numbers(before + rows);
            reference = REFERENCE.withKvFormat(format).keyValues(heads, width);
            vector = VECTOR.withKvFormat(format).keyValues(heads, width);
            for (int p = 0; p < keys.length; p++) {
                reference.append(keys[p], 0, values[p], 0);
                vector.append(keys[p], 0, values[p], 0);
                // The tolerance is that of the numbers as they are kept.
                keys[p] = reference.key(p);
                values[p] = reference.value(p);
            }
            queries = Framed.block(random, Numbers.PLAIN, rows, group * width, random.nextInt(4));
        }

        private float[][] numbers(int positions) {
            float[][] numbers = new float[positions][heads * width];
            for (float[] row : numbers) {
                for (int i = 0; i < row.length; i++) row[i] = Numbers.PLAIN.next(random);
            }
            return numbers;
        }

        float scale() {
            return (float) (1 / Math.sqrt(width));
        }

        /** Every row attends to this many positions at most. */
        Case within(int positions) {
            window = positions;
            return this;
        }

        /** The keys and values as they are now, in place of those that were appended. */
        void append() {
            vector.truncate(0);
            for (int p = 0; p < keys.length; p++) vector.append(keys[p], 0, values[p], 0);
        }

        /** Another last position: one that only the last row may see. */
        void replaceLast() {
            int last = keys.length - 1;
            for (int i = 0; i < keys[last].length; i++) keys[last][i] += 3;
            for (int i = 0; i < values[last].length; i++) values[last][i] -= 5;
            vector.truncate(last);
            vector.append(keys[last], 0, values[last], 0);
        }

        Block attend(Kernels kernels, KvPanels cache, int head) {
            Block mixed = Framed.empty(new SplittableRandom(head), queries.rows(), queries.columns(), 1);
            kernels.attend(queries, cache, head, before, window, scale(), mixed);
            return mixed;
        }

        void check() {
            Block untouched = Framed.copy(queries);
            for (int head = 0; head < heads; head++) {
                Block actual = attend(VECTOR, vector, head);
                int h = head;
                Framed.assertClose(
                        actual,
                        attend(REFERENCE, reference, head),
                        (r, c) -> tolerance(r, c / width, h),
                        "%s, %d x %d of width %d, %d rows after %d"
                                .formatted(vector.format(), heads, group, width, queries.rows(), before));
                Framed.assertFrameUntouched(actual);
            }
            Framed.assertSame(queries, untouched);
        }

        /**
         * A score is off by at most d, the tolerance of its sum; so is a weight by a factor of e^2d, beside a few roundings
         * of the exponential and those of the sum over all positions; the mixed value is an average of values. Where keys
         * have a scale, the reference multiplies each number with it and the kernels the sum: a rounding more for each product
         * and one for the sum, or for the weight.
         */
        private double tolerance(int r, int query, int head) {
            double score = 0;
            double value = 0;
            for (int p = 0; p <= before + r; p++) {
                double magnitudes = 0;
                for (int c = 0; c < width; c++) {
                    int q = queries.row(r) + query * width + c;
                    magnitudes += Math.abs((double) queries.data()[q] * keys[p][head * width + c]);
                    value = Math.max(value, Math.abs(values[p][head * width + c]));
                }
                score = Math.max(score, scale() * Numbers.sumTolerance(width + 2, magnitudes));
            }
            int positions = before + r + 1;
            return value * (Math.expm1(2 * score) + 2 * (positions + 10) * Numbers.ROUNDING);
        }
    }
}
