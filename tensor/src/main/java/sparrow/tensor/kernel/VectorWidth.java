package sparrow.tensor.kernel;

/** The vector width of a process. It is selected once, before the first kernel runs. */
public final class VectorWidth {
    /** Name of the system property that {@link Lanes} reads. */
    static final String PROPERTY = "sparrow.vectorBits";

    private VectorWidth() {}

    /** Returns the vector width in bits that this JVM prefers. Wider vectors are emulated and many times slower. */
    public static int preferred() {
        return Lanes.PREFERRED_BITS;
    }

    /**
     * Sets the vector width of this process. This method does nothing if the process already uses this width, or if the
     * vector kernels cannot run, which {@link Kernels#create} reports.
     *
     * @param bits 128, 256 or 512
     * @throws IllegalArgumentException if the width is not supported, if the reference kernels are selected, or if this
     *     process already uses a different width; the message is one line
     */
    public static void pin(int bits) {
        if (bits != 128 && bits != 256 && bits != 512) {
            throw new IllegalArgumentException("expected 128, 256 or 512, got " + bits);
        }
        if (System.getProperty("sparrow.kernels", "").equals("scalar")) {
            throw new IllegalArgumentException("expected vector kernels, got -Dsparrow.kernels=scalar");
        }
        if (SelfCheck.Jvm.vectorModule() != SelfCheck.Jvm.VectorModule.LOADED) return;
        String before = System.setProperty(PROPERTY, String.valueOf(bits));
        // This call reads the property unless the class is already initialised.
        int used = Lanes.F32.vectorBitSize();
        if (used == bits) return;
        System.setProperty(PROPERTY, before == null ? "" : before);
        throw new IllegalArgumentException("expected " + used + ", which this process already uses, got " + bits
                + "; a different width requires a new process");
    }
}
