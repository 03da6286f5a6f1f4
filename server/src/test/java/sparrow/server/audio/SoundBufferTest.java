package sparrow.server.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SoundBufferTest {
    private static float[] samples(SplittableRandom random, int count) {
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) samples[i] = random.nextInt(-32768, 32768) * 0x1p-15f;
        return samples;
    }

    @Test
    void anyAppendsAndDropsKeepTheNewestSamplesAtTheirPositions() {
        SplittableRandom random = new SplittableRandom(20262);
        float[] all = samples(random, 200_000);
        long origin = 1000;
        SoundBuffer buffer = new SoundBuffer(16_000, origin);
        Sound taken = buffer.sound();
        int takenFrom = 0;
        for (int at = 0; at < all.length; ) {
            int n = Math.min(random.nextInt(40_000), all.length - at);
            buffer.append(all, at, n);
            at += n;
            assertThat(taken.samples()).isEqualTo(Arrays.copyOfRange(all, takenFrom, takenFrom + taken.length()));
            buffer.dropBefore(origin + random.nextInt(at + 1));
            int from = (int) (random.nextLong(buffer.start(), buffer.end() + 1) - origin);
            int to = random.nextInt(from, at + 1);

            taken = buffer.sound(origin + from, origin + to);
            takenFrom = from;

            assertThat(taken.samples()).isEqualTo(Arrays.copyOfRange(all, from, to));
            assertThat(buffer.end()).isEqualTo(origin + at);
            assertThat(buffer.sound().length()).isEqualTo(buffer.length());
        }
    }

    @Test
    void samplesThatWereDroppedOrNeverCameAreRefused() {
        SoundBuffer buffer = new SoundBuffer(16_000, 0);
        buffer.append(new float[100]);
        buffer.dropBefore(50);

        assertThatThrownBy(() -> buffer.sound(49, 60)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> buffer.sound(50, 101)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    /** What was cut off would fill the memory of a session whose items look short. */
    @Test
    void soundThatWasCutOffIsNotHeld() {
        float[] samples = samples(new SplittableRandom(1), 5 * Sound.PIECE);
        SoundBuffer buffer = new SoundBuffer(16_000, 0);
        buffer.append(samples);
        Sound piece = Sound.of(Arrays.copyOf(samples, Sound.PIECE), 16_000);

        assertThat(buffer.sound(0, Sound.PIECE)).usingRecursiveComparison().isEqualTo(piece);
        assertThat(buffer.sound().beginning(Sound.PIECE))
                .usingRecursiveComparison()
                .isEqualTo(piece);
    }

    @Test
    void soundIsRoundedAsAFileOf16BitsIs() {
        float[] samples = {0.1f, -0.3f, 2, -2, Float.NaN, Float.POSITIVE_INFINITY};

        assertThat(Sound.of(samples, 24_000).samples()).isEqualTo(Pcm16.decode(Pcm16.encode(samples)));
        assertThat(Sound.of(samples, 24_000).beginning(2).samples())
                .isEqualTo(Pcm16.decode(Pcm16.encode(new float[] {0.1f, -0.3f})));
        assertThat(Sound.of(new float[12_000], 24_000).seconds()).isEqualTo(0.5);
    }

    @Test
    void aCompactSoundHasTheSameSamplesInMemoryOfItsOwn() {
        SoundBuffer buffer = new SoundBuffer(16_000, 0);
        float[] all = samples(new SplittableRandom(7), 60_000);
        buffer.append(all);

        for (int length : new int[] {1, 16_384, 40_000}) {
            Sound sound = buffer.sound(15_000, 15_000 + length).compact();

            assertThat(sound.samples()).isEqualTo(Arrays.copyOfRange(all, 15_000, 15_000 + length));
            assertThat(sound.bytes()).isEqualTo(2L * length);
            assertThat(sound.compact()).isSameAs(sound);
        }
    }
}
