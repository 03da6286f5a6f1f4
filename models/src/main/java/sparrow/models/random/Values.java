package sparrow.models.random;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The numbers of a made-up tensor. */
sealed interface Values {
    /** All the same. */
    record Constant(float value) implements Values {
        @Override
        public void fill(float[] numbers, SplittableRandom random) {
            Arrays.fill(numbers, value);
        }
    }

    /**
     * Evenly between two bounds.
     *
     * @param middle of them
     * @param reach from the middle to either
     */
    record Even(float middle, float reach) implements Values {
        /** Numbers that keep the size of activations: a spread of 1 / sqrt(inputs) around 0. */
        static Even ofMatrix(long inputs) {
            return new Even(0, (float) Math.sqrt(3.0 / inputs));
        }

        @Override
        public void fill(float[] numbers, SplittableRandom random) {
            float step = reach * 0x1p-31f;
            for (int i = 0; i < numbers.length; i++) numbers[i] = middle + random.nextInt() * step;
        }
    }

    /** Makes the next numbers. */
    void fill(float[] numbers, SplittableRandom random);
}
