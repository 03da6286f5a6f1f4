package sparrow.tensor.kernel;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The order in which products read a quantised weight. Products are bit-identical with every order. {@link #of} contains
 * the orders that were faster than {@link #DEFAULT} on a measured machine; {@code scripts/kernel-variants} measures them.
 *
 * @param adjacent whether a group's words follow its own scales; otherwise, they follow the scales of all groups of a run
 * @param groupRows minimum number of rows of activations with which the four streams of a product are groups of one
 *     bundle; with fewer rows, the streams are four bundles
 */
record ReadOrder(boolean adjacent, int groupRows) {
    /** The order on machines and for widths for which no other order is known to be faster. */
    static final ReadOrder DEFAULT = new ReadOrder(false, Integer.MAX_VALUE);

    /** Name of the system property that selects the order of all weights, such as {@code adjacent=1,groups=4}. */
    static final String PROPERTY = "sparrow.readOrder";

    private static final Pattern NOTATION = Pattern.compile("adjacent=([01]),groups=(\\d{1,9})");

    private static final boolean INTEL_AMX = CpuInfo.here().isIntelWithAmx();

    /** Returns the order for a weight on this machine with the vector width of this process. */
    static ReadOrder of(int columns) {
        return forced().orElseGet(() -> of(INTEL_AMX, Lanes.F32.vectorBitSize(), columns));
    }

    /**
     * Returns the order for a weight. Machines measured: 2 cores of an Intel Xeon with AMX, 512 bits, widths of 1024 to
     * 18944, where one row is 1.00 to 1.13 times as fast from 3584 on and slower below, and four rows 0.97 to 1.13 times. On
     * 2 cores of an AMD EPYC (Zen 5), no order was faster than the default, and with 256 bits on Intel none at all widths.
     */
    static ReadOrder of(boolean intelAmx, int vectorBits, int columns) {
        return intelAmx && vectorBits == 512 && columns >= 3584 ? new ReadOrder(true, 4) : DEFAULT;
    }

    /**
     * Returns the order that the system property selects, in which 0 groups means never, or empty if it is not set.
     *
     * @throws IllegalArgumentException if the value is invalid; the message is one line
     */
    static Optional<ReadOrder> forced() {
        String text = System.getProperty(PROPERTY);
        if (text == null) return Optional.empty();
        Matcher matcher = NOTATION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "-D" + PROPERTY + ": expected a value such as adjacent=1,groups=4, got " + text);
        }
        int groups = Integer.parseInt(matcher.group(2));
        return Optional.of(new ReadOrder(matcher.group(1).equals("1"), groups == 0 ? Integer.MAX_VALUE : groups));
    }
}
