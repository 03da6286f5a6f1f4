package sparrow.study.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.models.Question;
import sparrow.speech.wave.Waveform;

/** What travels comes back the same, and what was damaged on its way is refused. */
class ParcelTest {
    private static final List<PolicyCase> CASES = List.of(PolicyCase.NONE, PolicyCase.parse("triple:12"));

    private record Said(String text, double value) {}

    static LongStream seeds() {
        return new Random(14).longs(40);
    }

    private static List<Parcel> parcels(Random random) {
        List<Parcel> parcels = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            List<byte[]> attachments = new ArrayList<>();
            for (int j = random.nextInt(3); j > 0; j--) {
                byte[] attachment = new byte[random.nextInt(20)];
                random.nextBytes(attachment);
                attachments.add(attachment);
            }
            parcels.add(new Parcel(RunJson.text(new Said("größer " + i, random.nextDouble())), attachments));
        }
        return parcels;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void comesBackTheSame(long seed) {
        List<Parcel> sent = parcels(new Random(seed));

        assertThat(Parcel.parcels(Parcel.bytes(sent)))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(sent);
    }

    /** Whatever is cut or changed: the refusal, or other parcels, and no more memory than what came. */
    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void whatIsDamagedIsRefusedOrReadAsSomethingElse(long seed) {
        Random random = new Random(seed);
        byte[] bytes = Parcel.bytes(parcels(random));
        for (int i = 0; i < 200; i++) {
            byte[] damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            if (damaged.length > 0) damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                for (Parcel parcel : Parcel.parcels(damaged)) parcel.read(Said.class);
            } catch (BadParcelException e) {
                assertThat(e.getMessage()).startsWith("parcel: ").doesNotContain("\n");
            }
        }
    }

    @Test
    void aLengthIsNotBelieved() {
        byte[] huge = {0x7f, -1, -1, -1, 'a'};

        assertThatThrownBy(() -> Parcel.parcels(huge))
                .isInstanceOf(BadParcelException.class)
                .hasMessage("parcel: cut or damaged at byte 4 of 5");
    }

    @Test
    void aBatchComesBackWithItsQuestions() {
        float[] samples = {0.1f, -1f, Float.MIN_VALUE, 1e-20f};
        SequencedMap<PolicyCase, SortedSet<Integer>> wanted = new LinkedHashMap<>();
        wanted.put(CASES.get(1), new TreeSet<>(List.of(0, 3)));
        Batch batch = new Batch(
                7,
                List.of(
                        new Asked(0, new Question.Spoken(new Waveform(samples, 44_100)), OptionalLong.empty()),
                        new Asked(1, new Question.Codes(new int[] {5, 16_383}, 0.16), OptionalLong.of(-3)),
                        new Asked(3, new Question.Typed(" wie geht's?"), OptionalLong.of(Long.MAX_VALUE))),
                wanted);

        Form<Batch> form = new BatchForm(CASES);
        Batch back = form.unpack(
                Parcel.parcels(Parcel.bytes(List.of(form.pack(batch)))).getFirst());

        assertThat(back).usingRecursiveComparison().isEqualTo(batch);
    }

    @Test
    void aBatchOfAnotherWorkIsRefused() {
        SequencedMap<PolicyCase, SortedSet<Integer>> wanted = new LinkedHashMap<>();
        wanted.put(CASES.get(1), new TreeSet<>(List.of(0)));
        Parcel parcel = new BatchForm(CASES).pack(new Batch(0, List.of(), wanted));

        assertThatThrownBy(() -> new BatchForm(CASES.subList(0, 1)).unpack(parcel))
                .isInstanceOf(BadParcelException.class);
        assertThatThrownBy(() -> new BatchForm(CASES).unpack(Parcel.of(new Said("", 0))))
                .isInstanceOf(BadParcelException.class)
                .hasMessageStartingWith("parcel: expected the JSON of a BatchJson");
        assertThatThrownBy(() -> WorkKind.named("dig")).hasMessage("kind of work: nobody knows \"dig\"");
    }
}
