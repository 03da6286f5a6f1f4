package sparrow.study.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import sparrow.study.mos.Mos;
import sparrow.study.run.BadParcelException;
import sparrow.study.run.FileDigest;
import sparrow.study.run.Parcel;
import sparrow.study.run.WorkKind;

/** Hearing travels: what it is, what is to be heard, and what was. */
class HearingTest {
    private static final Hearing WORK =
            new Hearing(ScoringPlan.listening("whisper:/models/large.bin", "dnsmos:/models/sig.onnx"), 3);

    private static Sounds.Sound sound(boolean heard, boolean scored, int... bytes) {
        byte[] wav = new byte[bytes.length];
        for (int i = 0; i < wav.length; i++) wav[i] = (byte) bytes[i];
        return new Sounds.Sound(FileDigest.sha256(wav), heard, scored, wav);
    }

    private static Parcel travelled(Parcel parcel) {
        return Parcel.parcels(Parcel.bytes(List.of(parcel))).getFirst();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(ints = 3)
    void theWorkOfItsSettingsIsTheSame(Integer threads) {
        Hearing work = new Hearing(WORK.plan(), threads);

        assertThat(WorkKind.named(work.kind()).work(travelled(work.settings()))).isEqualTo(work);
    }

    @Test
    void soundsComeBack() {
        Sounds sounds = new Sounds(7, List.of(sound(true, false, 1, 2, 255), sound(false, true), sound(true, true, 4)));

        Sounds back = WORK.tasks().unpack(travelled(WORK.tasks().pack(sounds)));

        assertThat(back).usingRecursiveComparison().isEqualTo(sounds);
        assertThat(WORK.tasks()
                        .unpack(travelled(WORK.tasks().pack(Sounds.NONE)))
                        .sounds())
                .isEmpty();
    }

    @Test
    void whatWasHeardComesBackToTheLastBit() {
        SequencedMap<String, Double> parts = new LinkedHashMap<>();
        parts.put("sig", Math.nextUp(3.1));
        parts.put("bak", 1.0 / 3);
        Heard all = new Heard("ab", "größer\nals \"π\"", new Mos(Math.nextDown(2.7), parts), new TreeMap<>());
        Heard none = Heard.failed("cd", "the line is dead");

        Heard back = WORK.results().unpack(travelled(WORK.results().pack(all)));

        assertThat(back).isEqualTo(all);
        assertThat(back.mos().parts().keySet()).containsExactly("sig", "bak");
        assertThat(WORK.results().unpack(travelled(WORK.results().pack(none)))).isEqualTo(none);
    }

    @Test
    void otherSoundsThanWereSentAreRefused() {
        Parcel packed = WORK.tasks().pack(new Sounds(0, List.of(sound(true, true, 1), sound(true, true, 2))));
        Parcel swapped = new Parcel(packed.json(), packed.attachments().reversed());
        Parcel less = new Parcel(packed.json(), packed.attachments().subList(0, 1));

        assertThatThrownBy(() -> WORK.tasks().unpack(swapped))
                .isInstanceOf(BadParcelException.class)
                .hasMessage("sounds: number 0 is not what was sent");
        assertThatThrownBy(() -> WORK.tasks().unpack(less)).hasMessage("parcel: expected attachment 1, found 1");
        assertThatThrownBy(() -> WORK.tasks().unpack(Parcel.of(Map.of()))).isInstanceOf(BadParcelException.class);
        assertThatThrownBy(() -> WorkKind.named("hear").work(Parcel.of(Map.of())))
                .isInstanceOf(BadParcelException.class);
    }
}
