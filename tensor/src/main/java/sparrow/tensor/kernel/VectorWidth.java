package sparrow.tensor.kernel;

/** The width of the vectors that a process computes with: chosen once, before its first kernel. */
public final class VectorWidth {
    /** The property that {@link Lanes} reads. */
    static final String PROPERTY = "sparrow.vectorBits";

    private VectorWidth() {}

    /** Bits of the vectors that this JVM prefers; asked for wider ones, it imitates them, many times slower. */
    public static int preferred() {
        return Lanes.PREFERRED_BITS;
    }

    /**
     * Makes this process compute with vectors of so many bits, or sees that it does. If the vector kernels cannot run,
     * {@link Kernels#create} says so.
     *
     * @param bits 128, 256 or 512
     * @throws IllegalArgumentException in one line if there is no such width, if the reference kernels are asked for, or
     *     if this process has computed with another width already
     */
    public static void pin(int bits) {
        if (bits != 128 && bits != 256 && bits != 512) {
            throw new IllegalArgumentException("expected 128, 256 or 512, got " + bits);
        }
        if (System.getProperty("sparrow.kernels", "").equals("scalar")) {
            throw new IllegalArgumentException("expected vector kernels, got -Dsparrow.kernels=scalar");
        }
        if (JvmInfo.vectorModule() != JvmInfo.VectorModule.LOADED) return;
        String before = System.setProperty(PROPERTY, String.valueOf(bits));
        // Reads the property, unless it was read earlier.
        int used = Lanes.F32.vectorBitSize();
        if (used == bits) return;
        System.setProperty(PROPERTY, before == null ? "" : before);
        throw new IllegalArgumentException("expected " + used + ", with which this process computes already, got "
                + bits + "; another width takes a process of its own");
    }
}
