package sparrow.tensor.kernel;

import java.util.SplittableRandom;

/** Kinds of test values. */
enum Numbers {
    /** Around 1, both signs. */
    PLAIN {
        @Override
        float next(SplittableRandom random) {
            return (float) random.nextGaussian();
        }
    },
    /** From 1e-12 to 1e12: the large ones hide errors in the small ones unless the tolerance follows. */
    WIDE {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-12, 13)));
        }
    },
    /** So small that products are subnormal or vanish. */
    TINY {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-25, -18)));
        }
    },
    /** So large that a few thousand products just fit f32. */
    HUGE {
        @Override
        float next(SplittableRandom random) {
            return (float) (random.nextDouble(-1, 1) * 1e17);
        }
    },
    /** Zeros of both signs among small integers. */
    ZEROS {
        @Override
        float next(SplittableRandom random) {
            return switch (random.nextInt(4)) {
                case 0 -> 0f;
                case 1 -> -0f;
                case 2 -> random.nextInt(-3, 4);
                default -> 1f;
            };
        }
    };

    /** Half the distance between neighbouring f32 around 1: what one rounding may change, relative. */
    static final double ROUNDING = 0x1p-24;

    abstract float next(SplittableRandom random);

    static Numbers any(SplittableRandom random) {
        return values()[random.nextInt(values().length)];
    }

    /**
     * Two summation orders of n products differ by at most 2 n 2^-24 times the sum of the products' magnitudes; products
     * too small for f32's normal range add half of the smallest subnormal each, and so does a bias one more rounding.
     */
    static double sumTolerance(int n, double magnitudes) {
        return 2 * (n + 1) * (ROUNDING * magnitudes + Float.MIN_VALUE);
    }
}
