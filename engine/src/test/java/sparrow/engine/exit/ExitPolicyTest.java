package sparrow.engine.exit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.engine.interleave.Modality;
import sparrow.testing.Seeds;

class ExitPolicyTest {
    static LongStream seeds() {
        return Seeds.drawn(20260);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "fixed:38",
                "conf:36:0.5",
                "conf:8:0.0",
                "conf:1:12.25",
                "conf:20,28,36:0.5",
                "even:36",
                "odd:36",
                "triple:37",
                "FEEF:22",
                "E:1",
                "F:9999"
            })
    void notationIsReadAndPrinted(String text) {
        assertThat(DepthPolicy.parse(text)).hasToString(text);
    }

    @Test
    void namesStandForPatterns() {
        assertThat(DepthPolicy.parse("even:6")).isEqualTo(new ExitPolicy.Periodic("FE", 6));
        assertThat(DepthPolicy.parse("odd:6")).isEqualTo(new ExitPolicy.Periodic("EF", 6));
        assertThat(DepthPolicy.parse("triple:6")).isEqualTo(new ExitPolicy.Periodic("FEE", 6));
        assertThat(DepthPolicy.parse("FEE:6")).isEqualTo(DepthPolicy.parse("triple:6"));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatAnyPolicyPrintsIsReadAsThatPolicy(long seed) {
        ExitPolicy policy = any(new SplittableRandom(seed));

        assertThat(DepthPolicy.parse(policy.toString())).isEqualTo(policy);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "None",
                "none:3",
                "fixed",
                "fixed:",
                "fixed:-3",
                "fixed:3.5",
                "fixed:3:1",
                "fixed:12345",
                "fixed:99999999999",
                " fixed:3",
                "conf:3",
                "conf:3:",
                "conf:3:x",
                "conf:3:--1",
                "conf:3:NaN",
                "conf:3:1e",
                "conf:3,:1",
                "conf:3,4",
                "even:3,4",
                "every:3",
                "Even:3",
                "FEX:3",
                "fe:3",
                ":3",
                "even:3\n"
            })
    void unknownWordsAreRefusedWithTheNotation(String text) {
        assertThatThrownBy(() -> DepthPolicy.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("exit policy: expected none, fixed:LAYER, ")
                .hasMessageContaining("got \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fixed:0", "even:0", "FE:00", "conf:0:1"})
    void layerZeroIsRefused(String text) {
        assertThatThrownBy(() -> DepthPolicy.parse(text)).hasMessage("exit layer: expected 1 or more, got 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conf:3:-0.5", "conf:3:-1e-9", "conf:3:1e999"})
    void thresholdThatIsNoEntropyIsRefused(String text) {
        assertThatThrownBy(() -> DepthPolicy.parse(text))
                .hasMessageStartingWith("entropy threshold: expected 0 or more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conf:8,8:1", "conf:8,4:1"})
    void layersThatDoNotAscendAreRefused(String text) {
        assertThatThrownBy(() -> DepthPolicy.parse(text))
                .hasMessage("exit policy: expected ascending layers, got \"" + text + "\"");
    }

    @Test
    void patternBeyondSixtyFourIsRefused() {
        assertThat(DepthPolicy.parse("E".repeat(64) + ":3").exitLayers()).containsExactly(3);
        assertThatThrownBy(() -> DepthPolicy.parse("E".repeat(65) + ":3"))
                .hasMessageStartingWith("exit pattern: expected 1 to 64 letters F and E");
    }

    @Test
    void layersAreHeldAgainstModelAndHeads() {
        Set<Integer> heads = Set.of(6, 8);

        for (String fine : new String[] {"none", "fixed:8", "even:6", "conf:8:1"}) {
            ExitPlan.speech(DepthPolicy.parse(fine)).check(12, heads, heads, false);
        }

        assertThatThrownBy(() -> ExitPlan.speech(DepthPolicy.parse("even:12")).check(12, heads, heads, false))
                .hasMessage("speech exit even:12: expected a layer from 1 to 11 (the model has 12), got 12");
        assertThatThrownBy(() -> ExitPlan.speech(DepthPolicy.parse("even:13")).check(12, heads, heads, false))
                .hasMessageContaining("got 13");
        assertThatThrownBy(() -> new ExitPlan(DepthPolicy.parse("fixed:7"), new ExitPolicy.None())
                        .check(12, heads, heads, false))
                .hasMessage("text exit fixed:7: no exit head for layer 7; text heads found: [6, 8]");
        assertThatThrownBy(() -> ExitPlan.speech(DepthPolicy.parse("conf:7:1")).check(12, Set.of(), Set.of(), false))
                .hasMessage("speech exit conf:7:1.0: no exit head for layer 7; speech heads found: none");
    }

    @Test
    void skippedLayersAreFilledUnlessThePlanSaysOtherwise() {
        ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("fixed:8"));

        assertThat(plan.skippedKv()).isEqualTo(SkippedKv.FILL);
        assertThat(ExitPlan.NONE.skippedKv()).isEqualTo(SkippedKv.FILL);
        assertThat(new ExitPlan(plan.text(), plan.speech(), SkippedKv.COPY)).isNotEqualTo(plan);
    }

    /** The averages that the SPAR-K paper prints beside its schedules. */
    @ParameterizedTest(name = "{0} of {1} layers, chunks of {2}")
    @CsvSource({
        "even:22, 28, 4, 25",
        "odd:22, 28, 4, 25",
        "triple:22, 28, 4, 25",
        "even:36, 40, 26, 38",
        "odd:36, 40, 26, 38",
        "triple:37, 40, 26, 38.038",
        "even:33, 40, 26, 36.5",
        "none, 40, 26, 40",
        "fixed:38, 40, 26, 38"
    })
    void averageDepthIsThatOfThePaper(String policy, int layers, int chunk, double average) {
        assertThat(averageDepth(exits(policy), layers, chunk)).isCloseTo(average, offset(5e-4));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void averageDepthIsThatOfTheSchedule(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int layers = random.nextInt(2, 60);
        int layer = random.nextInt(1, layers);
        String pattern = pattern(random);
        ExitPolicy policy = new ExitPolicy.Periodic(pattern, layer);
        int chunk = random.nextInt(1, 100);

        double sum = 0;
        for (int at = 0; at < chunk; at++) sum += pattern.charAt(at % pattern.length()) == 'F' ? layers : layer;

        assertThat(averageDepth(policy, layers, chunk))
                .as("%s, chunk %d", policy, chunk)
                .isCloseTo(sum / chunk, offset(1e-9));
    }

    private static double averageDepth(ExitPolicy policy, int layers, int chunk) {
        return IntStream.rangeClosed(1, chunk)
                .map(place -> policy.exits(place, layers).getFirst().layer())
                .average()
                .orElseThrow();
    }

    @Test
    void schedulesOfThePaperLeaveWhereItSays() {
        assertThat(schedule("even:8", 6)).isEqualTo("FEFEFE");
        assertThat(schedule("odd:8", 6)).isEqualTo("EFEFEF");
        assertThat(schedule("triple:8", 8)).isEqualTo("FEEFEEFE");
        assertThat(schedule("fixed:8", 3)).isEqualTo("EEE");
        assertThat(schedule("none", 3)).isEqualTo("FFF");
        assertThat(exits("conf:8:0.5").exits(1, 12)).containsExactly(new Exit(8, 0.5), Exit.always(12));
        assertThat(exits("conf:4,8,10:0.5").exits(1, 12))
                .containsExactly(new Exit(4, 0.5), new Exit(8, 0.5), new Exit(10, 0.5), Exit.always(12));
        ExitPlan plan = ExitPlan.speech(DepthPolicy.parse("odd:8"));
        assertThat(((ExitPolicy) plan.policy(Modality.TEXT)).exits(1, 12)).containsExactly(Exit.always(12));
        assertThat(((ExitPolicy) plan.policy(Modality.SPEECH)).exits(1, 12)).containsExactly(Exit.always(8));
    }

    private static ExitPolicy exits(String notation) {
        return (ExitPolicy) DepthPolicy.parse(notation);
    }

    private static String schedule(String policy, int positions) {
        StringBuilder schedule = new StringBuilder();
        for (int position = 1; position <= positions; position++) {
            Exit exit = exits(policy).exits(position, 12).getFirst();
            schedule.append(exit.layer() == 12 ? 'F' : 'E');
        }
        return schedule.toString();
    }

    private static ExitPolicy any(SplittableRandom random) {
        int layer = random.nextInt(1, 10_000);
        return switch (random.nextInt(4)) {
            case 0 -> new ExitPolicy.None();
            case 1 -> new ExitPolicy.Fixed(layer);
            case 2 -> new ExitPolicy.Confidence(layers(random), Math.pow(10, random.nextDouble(-12, 12)));
            default -> new ExitPolicy.Periodic(pattern(random), layer);
        };
    }

    private static SortedSet<Integer> layers(SplittableRandom random) {
        return random.ints(random.nextInt(1, 5), 1, 10_000).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    private static String pattern(SplittableRandom random) {
        StringBuilder pattern = new StringBuilder();
        for (int i = random.nextInt(1, 65); i > 0; i--) pattern.append(random.nextBoolean() ? 'F' : 'E');
        return pattern.toString();
    }
}
