package sparrow.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sparrow.engine.transformer.Logits;
import sparrow.testing.Seeds;

/** A sampler that went on from a mark and was rolled back to it. */
class RolledBackSamplerTest {
    private static final int TOKENS = 40;

    static LongStream seeds() {
        return Seeds.drawn(43);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void choosesAsIfItHadNeverGoneOn(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Sampling sampling = new Sampling(random.nextBoolean() ? 0 : 0.7, 0, 0.9, 2, seed);
        BitSet wandererSeen = new BitSet();
        BitSet neverSeen = new BitSet();
        // What the conversation held before: rolling back must not forget it.
        for (int i = 0; i < 5; i++) wandererSeen.set(random.nextInt(TOKENS));
        neverSeen.or(wandererSeen);
        Sampler wanderer = new Sampler(sampling, TOKENS, wandererSeen);
        Sampler never = new Sampler(sampling, TOKENS, neverSeen);
        for (int position = 0; position < 60; position++) {
            Sampler.Mark mark = wanderer.mark();
            walk(wanderer, random, position);
            Sampler.Mark inner = wanderer.mark();
            BitSet between = (BitSet) wandererSeen.clone();
            walk(wanderer, random, position);
            wanderer.rollBack(inner);
            assertThat(wandererSeen).isEqualTo(between);
            wanderer.rollBack(mark);
            assertThat(wandererSeen).isEqualTo(neverSeen);

            Logits logits = logits(random);
            int chosen = never.choose(logits, position);
            assertThat(wanderer.choose(logits, position)).isEqualTo(chosen);
            int decided = random.nextInt(4) == 0 ? random.nextInt(TOKENS) : chosen;
            never.observe(decided);
            wanderer.observe(decided);
        }
    }

    @Test
    void aMarkThatWasRolledOverIsRefused() {
        Sampler sampler = new Sampler(Sampling.GREEDY, TOKENS);
        sampler.observe(4);
        Sampler.Mark start = sampler.mark();
        sampler.observe(5);
        Sampler.Mark later = sampler.mark();
        sampler.rollBack(start);

        assertThatThrownBy(() -> sampler.rollBack(later))
                .hasMessage("mark: expected one before Mark[tokens=1, frames=0], got Mark[tokens=2, frames=0]");
        assertThatThrownBy(() -> sampler.rollBack(new Sampler.Mark(0, 1)))
                .hasMessage("mark: expected one before Mark[tokens=1, frames=0], got Mark[tokens=0, frames=1]");
    }

    private static void walk(Sampler sampler, SplittableRandom random, int position) {
        for (int steps = random.nextInt(30); steps > 0; steps--) {
            sampler.choose(logits(random), position + steps);
            sampler.observe(random.nextInt(TOKENS));
        }
    }

    private static Logits logits(SplittableRandom random) {
        float[] scores = new float[TOKENS];
        for (int i = 0; i < TOKENS; i++) scores[i] = (float) (1.5 * random.nextGaussian());
        return Logits.of(scores, null);
    }
}
