package sparrow.tensor.kernel;

/**
 * Alternative orders in which products can read quantised weights, for {@code scripts/kernel-variants}. Each order is
 * selected by a system property such as {@code sparrow.variant.groups=1}. Results are bit-identical with every variant.
 */
final class KernelVariant {
    /** Maximum number of blocks of 32 columns in a run of 512-bit vectors. Narrower vectors have longer runs. */
    static final int RUN = Integer.getInteger("sparrow.variant.run", 128);

    /** Whether a group's words follow its own scales. Otherwise, they follow the scales of all groups. */
    static final boolean ADJACENT = is("adjacent");

    /** Number of unused bytes after a group's run, so that streams begin at different offsets in their pages. */
    static final int PAD = Integer.getInteger("sparrow.variant.pad", 0);

    /** Whether the four streams of a product are groups of one bundle. Otherwise, they are bundles. */
    static final boolean GROUPS = is("groups");

    /** Whether the four bundles are a quarter of the matrix apart, so that their streams continue in the next piece. */
    static final boolean APART = is("apart");

    /** Whether threads take single pieces. Otherwise, they take runs of pieces. */
    static final boolean SINGLE = is("single");

    /**
     * Size of the weights' pages: 0 for small pages, 1 for huge pages if available, or 2 for pages that the system
     * collapses into huge pages after packing.
     */
    static final int PAGES = Integer.getInteger("sparrow.variant.pages", 1);

    private KernelVariant() {}

    private static boolean is(String name) {
        return Integer.getInteger("sparrow.variant." + name, 0) == 1;
    }
}
