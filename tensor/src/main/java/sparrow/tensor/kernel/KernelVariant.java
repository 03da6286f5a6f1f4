package sparrow.tensor.kernel;

import java.util.Locale;

/**
 * Alternative orders in which products can read quantised weights, for {@code scripts/kernel-variants}. Each order is
 * selected by a system property such as {@code sparrow.variant.groups=1}. Results are bit-identical with every variant.
 */
final class KernelVariant {
    /** Maximum number of blocks of 32 columns in a run of 512-bit vectors. Narrower vectors have longer runs. */
    static final int RUN = Property.RUN.value();

    /** Whether a group's words follow its own scales. Otherwise, they follow the scales of all groups. */
    static final boolean ADJACENT = Property.ADJACENT.value() == 1;

    /** Number of unused bytes after a group's run, so that streams begin at different offsets in their pages. */
    static final int PAD = Property.PAD.value();

    /** Whether the four streams of a product are groups of one bundle. Otherwise, they are bundles. */
    static final boolean GROUPS = Property.GROUPS.value() == 1;

    /** Whether the four bundles are a quarter of the matrix apart, so that their streams continue in the next piece. */
    static final boolean APART = Property.APART.value() == 1;

    /** Whether threads take single pieces. Otherwise, they take runs of pieces. */
    static final boolean SINGLE = Property.SINGLE.value() == 1;

    /**
     * Size of the weights' pages: 0 for small pages, 1 for huge pages if available, or 2 for pages that the system
     * collapses into huge pages after packing.
     */
    static final int PAGES = Property.PAGES.value();

    private KernelVariant() {}

    /** The system properties. They are a class of their own because this class cannot be initialised with bad values. */
    enum Property {
        RUN(128, 1, 1 << 16),
        ADJACENT(0, 0, 1),
        PAD(0, 0, 1 << 16),
        GROUPS(0, 0, 1),
        APART(0, 0, 1),
        SINGLE(0, 0, 1),
        PAGES(1, 0, 2);

        private final String key = "sparrow.variant." + name().toLowerCase(Locale.ROOT);
        private final int byDefault;
        private final int lowest;
        private final int highest;

        Property(int byDefault, int lowest, int highest) {
            this.byDefault = byDefault;
            this.lowest = lowest;
            this.highest = highest;
        }

        /**
         * Checks the values of all properties.
         *
         * @throws IllegalArgumentException if a value is invalid; the message is one line
         */
        static void requireValid() {
            for (Property property : values()) property.value();
        }

        private int value() {
            String text = System.getProperty(key);
            if (text == null) return byDefault;
            try {
                int value = Integer.parseInt(text);
                if (value >= lowest && value <= highest) return value;
            } catch (NumberFormatException e) {
                // Reported below.
            }
            throw new IllegalArgumentException(
                    "-D" + key + ": expected " + lowest + " to " + highest + ", got " + text);
        }
    }
}
