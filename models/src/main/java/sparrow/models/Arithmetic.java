package sparrow.models;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import sparrow.engine.kernel.KernelTrial;
import sparrow.engine.kernel.Kernels;
import sparrow.speech.vocode.SpeechTrial;

/**
 * What decides about the bits of results, whatever the model: where two are equal, the same replies come out with the same
 * sound, to the bit. Machines differ in the width of their vectors, in the functions of {@link Math}, and in what another
 * version of Java or of Sparrow adds up first.
 *
 * @param kernels in words, {@link Kernels#arithmetic()}
 * @param vectorBits width of the vectors, {@link Kernels#vectorBits()}
 * @param digest 16 hexadecimal digits: the beginning of a SHA-256 over what {@link KernelTrial} and {@link SpeechTrial}
 *     compute
 */
public record Arithmetic(String kernels, int vectorBits, String digest) {
    private static final int DIGITS = 16;

    /** By what the kernels say of themselves: within one process it cannot differ. */
    private static final Map<String, Arithmetic> KNOWN = new ConcurrentHashMap<>();

    public Arithmetic {
        if (!digest.matches("[0-9a-f]{" + DIGITS + "}")) {
            throw new IllegalArgumentException("arithmetic: expected " + DIGITS + " hexadecimal digits, got " + digest);
        }
    }

    /** That of some kernels. Computed once, in a fraction of a second. */
    public static Arithmetic of(Kernels kernels) {
        return KNOWN.computeIfAbsent(
                kernels.arithmetic(), words -> new Arithmetic(words, kernels.vectorBits(), digest(kernels)));
    }

    /** That of an open model's kernels. */
    public static Arithmetic of(SpokenModel model) {
        return of(model.languageModel().transformer().kernels());
    }

    private static String digest(Kernels kernels) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        add(digest, KernelTrial.results(kernels));
        add(digest, SpeechTrial.results(kernels));
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    private static void add(MessageDigest digest, double[] results) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * results.length);
        for (double result : results) bytes.putDouble(result);
        digest.update(bytes.flip());
    }

    /** As settings keep it: {@code vector-512x12 5f0a1c...}. */
    @Override
    public String toString() {
        return kernels + " " + digest;
    }
}
